"""What following long work in a shell has in common: how often it is told of, and Ctrl+C."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STATUS_S = 10.0
"""Without a terminal to write over, how far it is is said so often."""


@contextmanager
def on_interrupt(stop: Callable[[], object]) -> Iterator[None]:
    """Within, a first Ctrl+C calls *stop*, and a second one ends the program at once."""

    def interrupted(_number: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, before)
        stop()

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
