"""How far a reproduction is, and what came of it: what the queue tells a shell and the window. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Working:
    """One piece of work under way: how far it is, 0 to 1, and in words."""

    title: str
    share: float
    words: str


@dataclass(frozen=True)
class QueueProgress:
    """How far everything is: by work done, 0 to 1; *seconds_left* is None until it can be told. *said*: what has just happened."""

    share: float
    seconds_left: float | None
    done: int
    total: int
    working: tuple[Working, ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reproduced:
    """What came of it: how much of all is done now, what failed and why, and whether it was stopped before the end."""

    folder: str
    done: int
    total: int
    failed: tuple[tuple[str, str], ...]
    stopped: bool

    @property
    def sentence(self) -> str:
        """In words."""
        failed = f" {len(self.failed)} could not be done: {self.failed[0][1]}" if self.failed else ""
        rest = " Stopped: begun again, it goes on from here." if self.stopped else ""
        return f"{self.done} of {self.total} trainings and measurements are done.{failed}{rest}"
