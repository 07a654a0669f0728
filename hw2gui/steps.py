"""Work in steps: a generator that yields what happens and returns what comes of it, so that it can be watched, and abandoned in between."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeVar

E = TypeVar("E")
F = TypeVar("F")
R = TypeVar("R")


def finish(work: Generator[E, None, R], heard: Callable[[E], object] | None = None) -> R:
    """Do *work* here to its end; *heard* is called with all that it yields. What it returns; what it raises is raised."""
    while True:
        try:
            event = next(work)
        except StopIteration as end:
            result: R = end.value
            return result
        if heard is not None:
            heard(event)


def retold(work: Generator[E, None, R], tell: Callable[[E], F]) -> Generator[F, None, R]:
    """The same work, yielding what *tell* makes of all that it yields."""
    while True:
        try:
            event = next(work)
        except StopIteration as end:
            result: R = end.value
            return result
        yield tell(event)
