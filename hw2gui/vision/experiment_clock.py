"""How far an experiment is, and how long the rest of its runs will take."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from hw2gui.training.plots import Plot
from hw2gui.vision.experiments import PlannedRun


@dataclass(frozen=True)
class Progress:
    """How far an experiment is, the seconds it will still take where that can be told, and the learning curves when they have grown."""

    share: float
    words: str
    seconds_left: float | None = None
    plot: Plot | None = None


@dataclass
class Clock:
    """How far all runs are, and how long the rest will take: as the runs of the same network took, or else as all took on the mean."""

    runs: Sequence[PlannedRun]
    left_of_run: float | None = None
    _at: int = 0
    _part: float = 0.0
    _took: dict[str, list[float]] = field(default_factory=dict)
    _begun: float = 0.0
    _worked: bool = False

    def turn(self, planned: PlannedRun) -> None:
        """It is *planned*'s turn."""
        self._at = self.runs.index(planned)
        self._part, self.left_of_run, self._begun, self._worked = 0.0, None, time.monotonic(), False

    def part(self, share: float) -> None:
        """So much of the run is done."""
        self._part = share

    def finished(self, planned: PlannedRun) -> None:
        """The run is done; what took no time was there before, and tells nothing of the others."""
        if self._worked:
            self._took.setdefault(planned.label, []).append(time.monotonic() - self._begun)
        self._part, self.left_of_run = 1.0, 0.0

    def progress(self, words: str, plot: Plot | None = None) -> Progress:
        """To be told now."""
        self._worked = self._worked or self.left_of_run is not None
        share = min(1.0, (self._at + self._part) / len(self.runs))
        return Progress(share, words, self._left(), plot)

    def _left(self) -> float | None:
        if self.left_of_run is None:
            return None
        known = [statistics.fmean(times) for times in self._took.values()]
        own = time.monotonic() - self._begun + self.left_of_run
        typical = statistics.fmean(known) if known else own
        rest = self.runs[self._at + 1 :]
        return self.left_of_run + sum(statistics.fmean(self._took[run.label]) if run.label in self._took else typical for run in rest)
