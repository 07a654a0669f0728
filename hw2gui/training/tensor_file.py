"""Arrays with a description in one safetensors file: written whole or not at all, checked when read, and never unpickled."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hw2gui import files
from hw2gui.errors import UnavailableError

Array = NDArray[Any]

VERSION = 1
"""Of what we write; newer files are refused."""


@dataclass(frozen=True)
class TensorFile:
    """What was read: the *format* named by the writer, its description as plain JSON values, and the arrays by name."""

    path: Path
    format: str
    about: Mapping[str, Any]
    arrays: Mapping[str, Array]


def write(path: Path, format_: str, about: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Write *arrays* to *path*. Names that share one array's memory (tied weights) share its place in the file. Raises OSError."""
    from safetensors.numpy import save

    stored: dict[str, Array] = {}
    aliases: dict[str, str] = {}
    seen: dict[tuple[Any, ...], str] = {}
    for name, array in arrays.items():
        place = (array.__array_interface__["data"][0], array.shape, array.strides, array.dtype.str)
        if array.size and place in seen:
            aliases[name] = seen[place]
        else:
            seen[place] = name
            stored[name] = np.asarray(array, order="C")
    metadata = {"format": format_, "version": str(VERSION), "about": json.dumps(about), "aliases": json.dumps(aliases)}
    files.write_bytes(path, save(stored, {**metadata, "crc32": str(_checksum(stored))}))


def read(path: Path, formats: tuple[str, ...], mend: str) -> TensorFile:
    """Read *path*, which must be of one of *formats*. Needs no torch.

    Raises `UnavailableError` for a file that is missing, foreign, truncated, changed or newer; *mend* ends the sentence.
    """
    from safetensors import SafetensorError, safe_open

    try:
        files.check_ordinary(path)
        with safe_open(path, framework="np") as file:
            metadata = file.metadata() or {}
            if metadata.get("format") not in formats:
                raise UnavailableError(f"{path} was not written by hw2gui: {mend}.")
            if int(metadata["version"]) > VERSION:
                raise UnavailableError(f"{path} was written by a newer version of hw2gui: update hw2gui, or {mend}.")
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (the file is no mapping)
            about, aliases = json.loads(metadata["about"]), json.loads(metadata["aliases"])
            if _checksum(arrays) != int(metadata["crc32"]):
                raise ValueError("the content does not match its sum")
            arrays |= {name: arrays[original] for name, original in aliases.items()}
    except FileNotFoundError as error:
        raise UnavailableError(f"{path} is missing: {mend}.") from error
    except OSError as error:
        raise UnavailableError(f"{path} cannot be read ({error.strerror or error}): {mend}.") from error
    except (SafetensorError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnavailableError(f"{path} is damaged: {mend}.") from error
    return TensorFile(path, metadata["format"], about, arrays)


def _checksum(arrays: Mapping[str, Array]) -> int:
    total = 0
    for name in sorted(arrays):
        total = zlib.crc32(np.asarray(arrays[name], order="C").tobytes(), zlib.crc32(name.encode(), total))
    return total
