"""How far a part of the soak is, told on stderr for whoever runs it."""

from __future__ import annotations

import sys
import time

EVERY_S = 10.0
MARK = "progress "


class Progress:
    """Tells every ``EVERY_S`` seconds at most."""

    def __init__(self, whole: float) -> None:
        self.whole = whole
        self._next = time.monotonic() + EVERY_S

    def at(self, done: float) -> None:
        """*done* of the whole is done."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + EVERY_S
            print(f"{MARK}{done / self.whole:.4f}", file=sys.stderr, flush=True)


def read(line: str) -> float | None:
    """The share that is done, if *line* tells it."""
    try:
        return min(1.0, float(line.removeprefix(MARK))) if line.startswith(MARK) else None
    except ValueError:
        return None
