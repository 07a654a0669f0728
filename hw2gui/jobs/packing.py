"""Folders on their way between machines: all of it at the start, then only what changed. Files that grow send what was added.

Pieces are plain tuples, so that they can be pickled anywhere. Where two ends disagree (a file that is not as long as the piece says it
was) the whole file is sent.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from hw2gui import files

LEFT_OUT = ("lock",)
"""Names that mean something on their own machine only."""

GROWING = (".jsonl",)
"""Files that are only appended to, but where a run is resumed, when they are written anew."""


Mark = tuple[int, int, int]
"""Inode, time of change in nanoseconds, and size of a file."""


@dataclass(frozen=True)
class Piece:
    """A file of a folder (its path inside, with slashes): *content* from *offset* on, to the end; None: it is gone."""

    path: str
    offset: int
    content: bytes | None


def pack(folder: Path) -> tuple[Piece, ...]:
    """Everything in *folder*."""
    return tuple(Changes(folder).pieces())


def unpack(folder: Path, pieces: Iterable[Piece]) -> None:
    """Write *pieces* into *folder*, each file whole or not at all. ValueError for a path that leads out of it; raises OSError."""
    for piece in pieces:
        path = _inside(folder, piece.path)
        if piece.content is None:
            path.unlink(missing_ok=True)
        elif piece.offset:
            with path.open("r+b") as grown:
                grown.seek(piece.offset)
                grown.truncate()
                grown.write(piece.content)
        else:
            files.write_bytes(path, piece.content)


class Changes:
    """What changes in *folder*, from one look to the next; at the first look that is everything."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[str, tuple[Mark, str]] = {}

    def skip(self) -> None:
        """Take what is there now for known."""
        for _ in self.pieces():
            pass

    def pieces(self) -> Iterator[Piece]:
        """What changed since the last look, logs first: who stops in between has a log longer than its checkpoint, not shorter."""
        marks = dict(self._look())
        for path in sorted(marks, key=lambda path: (not path.endswith(GROWING), path == "state.json", path)):
            mark, sum_ = self._seen.get(path, (None, ""))
            if mark == marks[path]:
                continue
            try:
                content = (self._folder / path).read_bytes()
            except FileNotFoundError:
                del marks[path]
                continue
            known = mark[2] if mark is not None and path.endswith(GROWING) else 0
            # The sum tells a file that grew from one that was written anew and is longer.
            offset = known if 0 < known <= len(content) and _sum(content[:known]) == sum_ else 0
            self._seen[path] = ((*marks[path][:2], len(content)), _sum(content))
            yield Piece(path, offset, content[offset:])
        for path in list(self._seen.keys() - marks.keys()):
            del self._seen[path]
            yield Piece(path, 0, None)

    def _look(self) -> Iterator[tuple[str, Mark]]:
        for place, _, names in os.walk(self._folder):
            for name in names:
                path = Path(place, name)
                if name in LEFT_OUT or name.startswith("."):
                    continue
                try:
                    status = path.stat()
                except FileNotFoundError:
                    continue
                yield path.relative_to(self._folder).as_posix(), (status.st_ino, status.st_mtime_ns, status.st_size)


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _inside(folder: Path, path: str) -> Path:
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts:
        raise ValueError(f"{path!r} leads out of its folder")
    return folder.joinpath(*parts)
