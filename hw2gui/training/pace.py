"""How fast a training goes and how long it will take."""

from __future__ import annotations

import math
import time

from hw2gui.training.events import TimeLeft

_MEMORY_S = 5.0
"""The speed is that of about the last so many seconds."""


def time_words(seconds: float) -> str:
    """A stretch of time as one says it; NaN where it is not known."""
    if math.isnan(seconds):
        return "an unknown time"
    if seconds < 1:
        return "less than a second"
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"


def time_left(seconds: float | None) -> str:
    """``, about 12 s left``: the end of a sentence that tells how far work is. Empty where the time is not known."""
    if seconds is None or math.isnan(seconds):
        return ""
    return ", less than a second left" if seconds < 1 else f", about {time_words(seconds)} left"


class Pace:
    """A stopwatch, at *step* now. *mark* is when it was last read; evaluations and pauses count for no speed."""

    def __init__(self, step: int) -> None:
        self.mark = time.perf_counter()
        self._told = self.mark
        self._step = step
        self._speed: float | None = None
        self._evaluation = 0.0

    def since_mark(self) -> float:
        """Seconds since the last reading, which this is not."""
        return time.perf_counter() - self.mark

    def lap(self, step: int) -> float:
        """Seconds since the last reading, in which training has come to *step*."""
        now = time.perf_counter()
        seconds, steps = now - self.mark, step - self._step
        if seconds > 0 and steps:
            weight = 1 - math.exp(-seconds / _MEMORY_S) if self._speed else 1.0
            self._speed = (self._speed or 0.0) * (1 - weight) + steps / seconds * weight
        self.mark, self._step = now, step
        return seconds

    def evaluated(self) -> float:
        """Seconds since the last reading, in which an epoch was closed."""
        self._evaluation = self.lap(self._step)
        return self._evaluation

    def rest(self) -> None:
        """What was since the last reading does not count."""
        self.mark = time.perf_counter()

    def due(self, seconds: float) -> bool:
        """Whether so much has passed since this was last true."""
        if self.mark - self._told < seconds:
            return False
        self._told = self.mark
        return True

    def left(self, steps: int, epochs: int) -> TimeLeft:
        """The estimate for so many more *steps* and so many *epochs* yet to be closed."""
        speed = self._speed or math.nan
        return TimeLeft(steps / speed + epochs * self._evaluation, speed)
