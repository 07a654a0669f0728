"""A log of JSON lines that is appended to while something else may read it, and that a crash or a full disk leaves legible."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from hw2gui import files
from hw2gui.errors import UnavailableError

Row = dict[str, Any]


class JsonLines:
    """The log at *path*, open for adding rows until `close`.

    What cannot be written now is kept and written the next time: nothing is lost while the object lives, and never is half a line
    followed by another.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pending = b""
        self._unsynced = False
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def add(self, *rows: Row) -> None:
        """Add *rows*, to be written."""
        self._pending += b"".join(_encode(row) for row in rows)

    def write(self, *, sync: bool = False) -> None:
        """Write what was added; with *sync* it is on the disk on return. Raises OSError, and has then written nothing."""
        size = os.fstat(self._file).st_size
        try:
            left = memoryview(self._pending)
            while left:
                left = left[os.write(self._file, left) :]
        except OSError:
            os.ftruncate(self._file, size)
            raise
        self._unsynced |= bool(self._pending)
        self._pending = b""
        if sync and self._unsynced:
            os.fsync(self._file)
            self._unsynced = False

    def close(self) -> None:
        """Close the file; what could not be written is given up."""
        os.close(self._file)


def read_rows(path: Path, *, leave: bytes | None = None) -> list[Row]:
    """All whole rows of the log at *path*; none if there is no such file. A last line without its end is one being written, or torn.

    Lines that begin with *leave* are left unread.

    Raises `UnavailableError` for a file that is something else.
    """
    try:
        content = files.read_bytes(path)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UnavailableError(f"{path} cannot be read ({error.strerror}): check the folder's permissions.") from error
    return decode(content[: content.rfind(b"\n") + 1], path, leave=leave)


def decode(content: bytes, path: Path, first_line: int = 1, *, leave: bytes | None = None) -> list[Row]:
    """The rows in *content*, whole lines of *path* from *first_line* on, but for those that begin with *leave*."""
    rows = []
    for number, line in enumerate(content.splitlines(), first_line):
        if leave is not None and line.startswith(leave):
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise damaged(path, number) from error
        if not isinstance(row, dict):
            raise damaged(path, number)
        rows.append(row)
    return rows


def damaged(path: Path, line: int) -> UnavailableError:
    """What to say of a line that is none of ours."""
    return UnavailableError(f"Line {line} of {path} is damaged: delete that line, or put the file back from a copy.")


def keep_rows(path: Path, wanted: Callable[[Row], bool]) -> None:
    """Rewrite the log at *path*, if there is one, with its *wanted* rows only and no torn line. Raises OSError and `UnavailableError`."""
    if path.exists():
        rewrite(path, [row for row in read_rows(path) if wanted(row)])


def rewrite(path: Path, rows: Iterable[Row]) -> None:
    """Replace the log at *path* by *rows*, whole or not at all."""
    files.write_bytes(path, b"".join(_encode(row) for row in rows))


def _encode(row: Row) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
