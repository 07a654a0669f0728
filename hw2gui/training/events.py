"""What a training says while it runs. Everything is plain data: it crosses to another process.

Steps count batches from the start of the run: after the first batch the step is 1. Epochs count from 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

COLLAPSED = 0.02
"""An epoch whose mean training loss is that of guessing, within this share of it, is told as a collapse."""

Reason = Literal["done", "stopped", "failed"]
Measured = tuple[tuple[int, float], ...]
"""Pairs (step, value)."""


@dataclass(frozen=True)
class Started:
    """The loop begins, at *step* (0, or where a resumed run goes on). *parameters* counts the trainable ones."""

    run: str
    step: int
    epoch: int
    epochs: int
    steps_per_epoch: int
    parameters: int
    device: str
    resumed: bool


@dataclass(frozen=True)
class BatchesDone:
    """Some batches are done, the last of them *step*; sent at most 12 times a second, and once for every batch stepped singly.

    *losses* are those of the steps up to *step*, one each. *learning_rate* is the last step's, *gradient_norms* (before clipping)
    and *dead_shares* (of ReLU units that are 0 on all probed examples) were measured at the steps they name. *seconds* is the time
    trained until now, without pauses.
    """

    step: int
    epoch: int
    losses: tuple[float, ...]
    learning_rate: float
    gradient_norms: Measured
    dead_shares: Measured
    seconds: float


@dataclass(frozen=True)
class EpochDone:
    """An epoch is over. *metrics*: ``train_loss`` (mean over the epoch's examples, while it was learning), ``validation_…``, ``test_…``."""

    epoch: int
    step: int
    metrics: Mapping[str, float]
    seconds: float
    best: bool


@dataclass(frozen=True)
class Sample:
    """Something to look at after an epoch, made by the task: plain JSON data under a name."""

    epoch: int
    step: int
    name: str
    payload: Any


@dataclass(frozen=True)
class Changed:
    """The learning rate or the dropout was changed; it holds from the step after *step* on. *old* is None where it was not known."""

    step: int
    name: Literal["learning_rate", "dropout"]
    old: float | None
    new: float
    replayed: bool = False


@dataclass(frozen=True)
class Warned:
    """Something the user should know; training goes on. *sentence* says what it is and what to do."""

    step: int
    kind: Literal["collapsed", "disk", "versions"]
    sentence: str


@dataclass(frozen=True)
class Paused:
    """The loop waits for a command."""

    step: int
    epoch: int


@dataclass(frozen=True)
class Resumed:
    """The loop goes on."""

    step: int
    epoch: int


@dataclass(frozen=True)
class Saved:
    """Files of the run's folder (their names) are on the disk, whole."""

    step: int
    files: tuple[str, ...]


@dataclass(frozen=True)
class TimeLeft:
    """Estimated from the speed so far, evaluation included; sent about once a second."""

    seconds: float
    steps_per_second: float


@dataclass(frozen=True)
class Finished:
    """The last event, and the job's result: all epochs done, stopped by command, or failed (then *sentence* says why).

    *metrics* are those of the model the run stands for (epoch *chosen*; 0: none was finished).
    """

    reason: Reason
    step: int
    epoch: int
    chosen: int
    metrics: Mapping[str, float]
    sentence: str = ""


Event = Started | BatchesDone | EpochDone | Sample | Changed | Warned | Paused | Resumed | Saved | TimeLeft | Finished
