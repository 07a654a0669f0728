from __future__ import annotations

import gzip
import io
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.datasets import idx
from hw2gui.errors import UnavailableError


def encoded(array: np.ndarray) -> bytes:
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


IMAGES = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "images.gz"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("pack", [gzip.compress, bytes])
@pytest.mark.parametrize("array", [IMAGES, IMAGES.ravel()])
def test_what_was_written_is_read(tmp_path: Path, array: np.ndarray, pack: type[bytes]) -> None:
    read = idx.read_idx(written(tmp_path, pack(encoded(array))), array.ndim)
    assert read.dtype == np.uint8
    np.testing.assert_array_equal(read, array)
    assert not read.flags.writeable


GOOD = encoded(IMAGES)
PACKED = gzip.compress(GOOD)


BROKEN = (
    b"",
    GOOD[:3],
    GOOD[:10],
    GOOD[:-1],
    GOOD + b"x",
    b"\x01" + GOOD[1:],
    GOOD[:2] + b"\x0d" + GOOD[3:],
    GOOD[:3] + b"\x01" + GOOD[4:],
    encoded(IMAGES[:0]),
    GOOD[:4] + b"\xff" * 12 + GOOD[16:],
    PACKED[:-1],
    PACKED[:20],
    PACKED[:-6] + bytes([PACKED[-6] ^ 1]) + PACKED[-5:],
    PACKED[:12] + bytes([PACKED[12] ^ 0xFF]) + PACKED[13:],
    b"\x1f\x8bnot gzip at all",
    gzip.compress(GOOD + b"x"),
    gzip.compress(GOOD[:-1]),
    b"<html>404</html>",
)


# Numbered, for packed bytes carry the time of packing, and every process must name the tests alike.
@pytest.mark.parametrize("content", BROKEN, ids=map(str, range(len(BROKEN))))
def test_anything_else_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, content)
    with pytest.raises(UnavailableError, match="fetch it again") as caught:
        idx.read_idx(path, 3)
    assert str(path) in str(caught.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="fetch it again"):
        idx.read_idx(tmp_path / "none", 3)


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, gzip.compress(GOOD + bytes(20_000_000)))
    read: list[int] = []

    class Counting(gzip.GzipFile):
        def read(self, size: int | None = -1) -> bytes:
            content = super().read(size)
            read.append(len(content))
            return content

    monkeypatch.setattr(gzip, "GzipFile", Counting)
    with pytest.raises(UnavailableError, match="longer than its header says"):
        idx.read_idx(path, 3)
    assert sum(read) == len(GOOD) + 1


@given(st.binary(max_size=200))
def test_random_bytes_never_crash(content: bytes) -> None:
    class Bytes:
        """As much of a path as the reader uses."""

        def open(self, mode: str) -> io.BytesIO:
            return io.BytesIO(content)

    try:
        idx.read_idx(Bytes(), 1)
    except UnavailableError:
        return
    assert content[:4] == b"\x00\x00\x08\x01"
    assert len(content) == 8 + int.from_bytes(content[4:8], "big")
