"""A piece of work under way: how far it is by the events of its job."""

from __future__ import annotations

import math
import time
from typing import Any

from hw2gui.jobs import Handle
from hw2gui.report.plan import PlannedRun
from hw2gui.report.progress import Working
from hw2gui.report.work import Work
from hw2gui.training.events import EpochDone, Started, TimeLeft, Warned

LEAST_SHARE = 0.02
"""So much of a piece of work must be done before its pace is believed."""


class UnderWay:
    """A piece of work under way."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.handle: Handle | None = None
        self.share = 0.0
        self._words = "starting"
        self._warnings: list[str] = []
        self._begun = time.monotonic()
        self._first_share = 0.0
        self._epochs = 1
        self._per_epoch = 1

    def heard(self, event: Any) -> None:
        """Follow the job's events."""
        if isinstance(event, Started):
            self._epochs, self._per_epoch = event.epochs, event.steps_per_epoch
            self._begun = time.monotonic()
            self.share = self._first_share = event.step / (event.epochs * event.steps_per_epoch)
            self._words = f"{'resumed' if event.resumed else 'training'} on {event.device}"
        elif isinstance(event, EpochDone):
            self._words = f"epoch {event.epoch} of {self._epochs}: {_brief(event.metrics)}"
            self.share = event.step / (self._epochs * self._per_epoch)
        elif isinstance(event, TimeLeft) and math.isfinite(event.seconds):
            whole = self.seconds + event.seconds
            self.share = max(self.share, self._first_share + (1 - self._first_share) * self.seconds / whole) if whole > 0 else self.share
        elif isinstance(event, Warned):
            self._warnings.append(f"{self.work.title}: {event.sentence}")
        else:
            share = getattr(event, "share", None)
            if share is None and getattr(event, "total", None):
                share = None if isinstance(self.work, PlannedRun) else event.done / event.total
            if share is not None:
                self.share, self._words = float(share), "measuring"

    def take_warnings(self, into: list[str]) -> None:
        """Move what it warned of to what is said next."""
        into.extend(self._warnings)
        self._warnings.clear()

    def told(self) -> Working:
        """For whoever watches."""
        return Working(self.work.title, self.share, self._words)

    @property
    def seconds(self) -> float:
        """Since it began here."""
        return time.monotonic() - self._begun

    @property
    def can_tell(self) -> bool:
        """Whether enough was done here to tell its pace; what an earlier process has done says nothing of it."""
        return self.share - self._first_share > LEAST_SHARE

    @property
    def pace(self) -> float:
        """Seconds a unit of work, by what it has done here."""
        done = (self.share if self.share < 1 else 1.0) - self._first_share
        return self.seconds / (self.work.work * done) if done > 0 else self.seconds / self.work.work


def _brief(metrics: Any) -> str:
    for name in ("validation_accuracy", "validation_error_rate", "validation_loss"):
        if name in metrics:
            return f"{name.replace('_', ' ')} {metrics[name]:.4f}"
    return ""
