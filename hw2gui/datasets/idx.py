"""The idx format of MNIST and its relatives: a magic number, the sizes as big-endian 32-bit numbers, then the bytes row by row."""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path
from typing import IO, cast

import numpy as np

from hw2gui.arrays import Pixels
from hw2gui.errors import UnavailableError

MAX_ITEMS = 1 << 28
"""Largest array read, in bytes; the header of a damaged file may promise anything."""

_GZIP_MAGIC = b"\x1f\x8b"
_UNSIGNED_BYTE = 0x08


def read_idx(path: Path, dimensions: int) -> Pixels:
    """Read an idx file of unsigned bytes, gzipped or plain, as an array with that many dimensions.

    At most one byte more than its header promises is decompressed. UnavailableError for anything but exactly such a file.
    """
    try:
        with path.open("rb") as raw:
            zipped = raw.read(2) == _GZIP_MAGIC
            raw.seek(0)
            return _read(path, gzip.GzipFile(fileobj=raw) if zipped else raw, dimensions)
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(path, str(error) or type(error).__name__) from error


def _read(path: Path, stream: IO[bytes] | gzip.GzipFile, dimensions: int) -> Pixels:
    source = cast("IO[bytes]", stream)
    header = source.read(4 + 4 * dimensions)
    if len(header) < 4 + 4 * dimensions:
        raise _damaged(path, "its header is cut short")
    if header[:4] != bytes((0, 0, _UNSIGNED_BYTE, dimensions)):
        raise _damaged(path, f"it does not begin as an idx file of {dimensions} dimensions")
    shape = tuple(int(size) for size in np.frombuffer(header, dtype=">u4", offset=4))
    promised = math.prod(shape)
    if not 0 < promised <= MAX_ITEMS:
        raise _damaged(path, f"it promises an array of {' × '.join(map(str, shape))}")
    content = source.read(promised + 1)
    if len(content) != promised:
        raise _damaged(path, "it is cut short" if len(content) < promised else "it is longer than its header says")
    return np.frombuffer(content, dtype=np.uint8).reshape(shape)


def _damaged(path: Path, reason: str) -> UnavailableError:
    return UnavailableError(f"{path} cannot be read as a data file ({reason}): fetch it again")
