"""One run as the training room knows it: what the disk holds of it, and what it has told since if it is under way."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from hw2gui.training.desk import Live
from hw2gui.training.race import Turn
from hw2gui.training.survey import RunRow

ELSEWHERE = "elsewhere"
"""The end of what is said of a run that another program trains."""

TURNS: dict[Turn, str] = {"waiting": "waits its turn", "running": "training", "held": "paused", "ended": ""}


@dataclass(frozen=True)
class Entry:
    """A run, and its training if it is under way."""

    row: RunRow
    live: Live | None = None
    turn: Turn | None = None

    @property
    def status(self) -> str:
        """In a word or two."""
        if self.row.problem:
            return "cannot be opened"
        if self.turn is not None and self.turn != "ended" and self.live and self.live.collapsed and self.turn == "running":
            return "collapsed"
        if self.turn is not None and self.turn != "ended":
            return "paused" if self.live and self.live.paused and self.turn == "held" else TURNS[self.turn]
        if self.row.state.status in ("running", "paused"):
            return f"{self.row.state.status} {ELSEWHERE}"
        return f"{self.row.state.status}, collapsed" if self.row.collapsed else self.row.state.status

    @property
    def idle(self) -> bool:
        """Whether nothing of this program trains it."""
        return self.turn in (None, "ended")

    @property
    def can_resume(self) -> bool:
        """Whether it can go on where it was saved."""
        return self.row.resumable and self.idle and self.row.state.status in ("stopped", "interrupted", "failed", "new")

    @property
    def latest(self) -> RunRow:
        """As the disk has it; a run that has ended here since it was looked at, as it ended."""
        row = self.row
        if self.turn != "ended" or self.live is None or row.state.status not in ("new", "running", "paused"):
            return row
        outcome = self.live.outcome
        if outcome is not None and outcome.reason == "done":
            state = replace(row.state, status="finished", step=outcome.step, epoch=outcome.epoch, chosen=outcome.chosen)
            return replace(row, state=state, metrics=dict(outcome.metrics), resumable=False)
        return replace(row, state=replace(row.state, status="interrupted"), resumable=True)

    @property
    def epoch(self) -> int:
        """The epochs done."""
        return max(self.row.state.epoch, self.live.epoch) if self.live else self.row.state.epoch

    def metric(self, name: str) -> float:
        """The latest value, NaN where there is none."""
        told = dict(self.live.last_metrics) if self.live else {}
        return float(told.get(name, self.row.metrics.get(name, math.nan)))

    @property
    def seconds(self) -> float:
        """Of training."""
        return max(self.row.seconds, self.live.seconds) if self.live else self.row.seconds

    @property
    def sentence(self) -> str:
        """What there is to say of it."""
        return self.row.problem or (self.live.sentence if self.live else "") or self.row.state.sentence
