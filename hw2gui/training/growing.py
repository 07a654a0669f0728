"""The metrics of a run as its events tell them: the columns grow in place, and a look at them costs no copying."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hw2gui.arrays import Floats, Ints
from hw2gui.training.events import BatchesDone, Changed, EpochDone, Finished, Sample, Started
from hw2gui.training.metrics import Metrics, metrics_from


class _Column:
    """Numbers that are added to at the end; room is made by doubling."""

    def __init__(self, values: NDArray[Any]) -> None:
        self._room = values.copy()
        self.size = values.size

    def add(self, values: Iterable[float]) -> None:
        new = np.fromiter(values, dtype=self._room.dtype)
        end = self.size + new.size
        if end > self._room.size:
            room = np.empty(max(2 * self._room.size, end, 256), dtype=self._room.dtype)
            room[: self.size] = self.values
            self._room = room
        self._room[self.size : end] = new
        self.size = end

    @property
    def values(self) -> NDArray[Any]:
        return self._room[: self.size]

    def cut(self, size: int) -> None:
        """Forget what is behind the first *size*: what comes next must not be written over what was handed out."""
        self._room, self.size = self._room[:size].copy(), size


_STEPPED = (("steps", "losses"), ("rate_steps", "rates", "seconds"), ("norm_steps", "gradient_norms"), ("dead_steps", "dead_shares"))


class GrowingMetrics:
    """Begins with what the run's folder holds, and takes its events from there on."""

    def __init__(self, known: Metrics | None = None) -> None:
        self.take(known or EMPTY)

    def take(self, known: Metrics) -> None:
        """Begin anew from *known*."""
        self._columns = {name: _Column(getattr(known, name)) for group in _STEPPED for name in group}
        self._epochs: list[int] = known.epochs.tolist()
        self._epoch_steps: list[int] = known.epoch_steps.tolist()
        self._epoch_metrics: list[dict[str, float]] = [
            {name: float(column[row]) for name, column in known.epoch_metrics.items()} for row in range(len(self._epochs))
        ]
        self._best = known.best_epoch
        self._changes = list(known.changes)
        self._final = dict(known.final)
        self.samples: list[Sample] = []

    def add(self, event: Any) -> None:
        """Take *event*; those that measure nothing change nothing."""
        match event:
            case Started():
                self._forget_after(event)
            case BatchesDone():
                self._add_batches(event)
            case EpochDone():
                self._epochs.append(event.epoch)
                self._epoch_steps.append(event.step)
                self._epoch_metrics.append(dict(event.metrics))
                self._best = event.epoch if event.best else self._best
            case Changed() if not event.replayed:
                self._changes.append(event)
            case Sample():
                self.samples.append(event)
            case Finished() if event.reason == "done":
                self._final = dict(event.metrics)

    def _forget_after(self, event: Started) -> None:
        """What was done after the last save will be done again."""
        for names in _STEPPED:
            keep = int(np.searchsorted(self._columns[names[0]].values, event.step, side="right"))
            for name in names:
                self._columns[name].cut(keep)
        kept = [row for row, epoch in enumerate(self._epochs) if epoch <= event.epoch]
        self._epochs = [self._epochs[row] for row in kept]
        self._epoch_steps = [self._epoch_steps[row] for row in kept]
        self._epoch_metrics = [self._epoch_metrics[row] for row in kept]
        self.samples = [sample for sample in self.samples if sample.epoch <= event.epoch]
        if not event.resumed:
            self._changes = []

    def _add_batches(self, event: BatchesDone) -> None:
        columns = self._columns
        columns["steps"].add(range(event.step - len(event.losses) + 1, event.step + 1))
        columns["losses"].add(event.losses)
        columns["rate_steps"].add((event.step,))
        columns["rates"].add((event.learning_rate,))
        columns["seconds"].add((event.seconds,))
        for steps, values, pairs in (
            ("norm_steps", "gradient_norms", event.gradient_norms),
            ("dead_steps", "dead_shares", event.dead_shares),
        ):
            columns[steps].add(step for step, _ in pairs)
            columns[values].add(value for _, value in pairs)

    @property
    def metrics(self) -> Metrics:
        """The columns as they are now; what is added later does not change them."""
        names = list(dict.fromkeys(name for row in self._epoch_metrics for name in row))
        return Metrics(
            **{name: column.values for name, column in self._columns.items()},
            epochs=_ints(self._epochs),
            epoch_steps=_ints(self._epoch_steps),
            epoch_metrics={name: _floats([row.get(name, np.nan) for row in self._epoch_metrics]) for name in names},
            best_epoch=self._best,
            changes=tuple(self._changes),
            final=dict(self._final),
        )


def _ints(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _floats(values: list[float]) -> Floats:
    return np.array(values, dtype=np.float64)


EMPTY = metrics_from([], [])
"""Of a run that has done nothing yet."""
