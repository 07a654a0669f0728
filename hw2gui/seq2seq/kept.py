"""What was decoded before, kept on disk by what it depends on: the model, the sources and how they were searched.

Scores are computed anew from what was decoded: they cost little and may be defined better one day. A file that is damaged or of another
version is no file; one that cannot be written costs time, nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from hw2gui import files, paths
from hw2gui.errors import InputError
from hw2gui.seq2seq.metrics import References
from hw2gui.seq2seq.results import Options
from hw2gui.session.codec import from_plain, to_plain

T = TypeVar("T")

VERSION = 1
"""Of the files, and of what a search finds: another one, and everything is decoded again."""


@dataclass(frozen=True)
class Decoded:
    """What one search made of every example: the outputs of each, best first, with their log P, and whether the best one ended.

    ``seconds`` is the time it took, ``when`` the moment it was done (as ISO 8601 has it; empty: just now).
    """

    outputs: tuple[tuple[str, ...], ...]
    log_probabilities: tuple[tuple[float, ...], ...]
    ended: tuple[bool, ...]
    seconds: float
    when: str = ""

    def fits(self, examples: int) -> bool:
        """Whether it is about so many examples, each with an output."""
        lengths = [len(own) for own in self.outputs]
        return len(lengths) == len(self.ended) == examples and min(lengths) > 0 and lengths == [len(own) for own in self.log_probabilities]


@dataclass(frozen=True)
class Optima:
    """The most probable output of each example with its log P, by exact search, and whether that is proven."""

    outputs: tuple[str, ...]
    log_probabilities: tuple[float, ...]
    proven: tuple[bool, ...]
    seconds: float


@dataclass(frozen=True)
class _Sums:
    values: tuple[float, ...]


class Kept:
    """The answers of one model to one list of sources.

    *model* is whatever differs when the model's answers may; *folder* is where everything is kept (default: in the user's cache). With
    *fresh* nothing of before is read, but what is found now is kept.
    """

    def __init__(self, model: str, sources: Sequence[str], folder: Path | None = None, *, fresh: bool = False) -> None:
        self._about = {"version": VERSION, "model": model, "sources": _digest(sources), "examples": len(sources)}
        self._folder = (folder or default_folder()) / _digest(self._about)[:24]
        self._examples = len(sources)
        self._fresh = fresh

    def search(self, options: Options) -> Decoded | None:
        """What a search with *options* found; None where it is not known."""
        found = self._read(self._name(options), Decoded)
        return found if found is not None and found.fits(self._examples) else None

    def has(self, options: Options) -> bool:
        """Whether there is something to be found, without reading it."""
        return (self._folder / f"{self._name(options)}.json").is_file()

    def keep_search(self, options: Options, decoded: Decoded) -> None:
        """Keep what a search with *options* found."""
        self._write(self._name(options), replace(decoded, when=datetime.now().astimezone().isoformat(timespec="seconds")))

    def optima(self, max_length: int) -> Optima | None:
        """What exact search found among outputs of so many symbols; None where it is not known."""
        found = self._read(_optima(max_length), Optima)
        return found if found is not None and len(found.outputs) == len(found.log_probabilities) == self._examples else None

    def has_optima(self, max_length: int) -> bool:
        """Whether there is something to be found, without reading it."""
        return (self._folder / f"{_optima(max_length)}.json").is_file()

    def keep_optima(self, max_length: int, optima: Optima) -> None:
        """Keep what exact search found."""
        self._write(_optima(max_length), optima)

    def references(self, references: References) -> tuple[float, ...] | None:
        """Log P of the most probable of each example's *references*; None where it is not known."""
        found = self._read(f"references-{_digest(references)[:16]}", _Sums)
        return found.values if found is not None and len(found.values) == self._examples else None

    def keep_references(self, references: References, sums: Sequence[float]) -> None:
        """Keep them."""
        self._write(f"references-{_digest(references)[:16]}", _Sums(tuple(sums)))

    def _name(self, options: Options) -> str:
        return f"beam-{options.beam}-{_digest(asdict(options))[:16]}"

    def _read(self, name: str, kind: type[T]) -> T | None:
        if self._fresh:
            return None
        try:
            return from_plain(kind, json.loads((self._folder / f"{name}.json").read_text("utf-8")), name)
        except (OSError, ValueError, RecursionError, InputError):
            return None

    def _write(self, name: str, value: Any) -> None:
        try:
            files.write_json(self._folder / f"{name}.json", to_plain(value))
            if not (self._folder / "about.json").exists():
                files.write_json(self._folder / "about.json", self._about)
        except (OSError, ValueError):
            return


def _optima(max_length: int) -> str:
    return f"exact-{max_length}"


def default_folder() -> Path:
    """Where answers are kept."""
    return paths.cache_folder() / "decoded"


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=True, sort_keys=True).encode()).hexdigest()
