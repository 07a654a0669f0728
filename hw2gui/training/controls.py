"""What a running training can be told, by `Handle.send`. It listens between two batches."""

from __future__ import annotations

from dataclasses import dataclass

from hw2gui.errors import InputError


@dataclass(frozen=True)
class Pause:
    """Save, then wait for another command."""


@dataclass(frozen=True)
class Resume:
    """Go on, if paused, to the end."""


@dataclass(frozen=True)
class StepOnce:
    """Do one batch, then pause."""


@dataclass(frozen=True)
class RunEpoch:
    """Go on to the end of the epoch (its evaluation included), then pause: how runs take turns."""


@dataclass(frozen=True)
class Stop:
    """Save and end; the model is kept and the run can be resumed."""


@dataclass(frozen=True)
class SetLearningRate:
    """From the next batch on, this is the (highest) learning rate; the schedule keeps its shape."""

    value: float

    def __post_init__(self) -> None:
        if not 1e-10 <= self.value <= 100:
            raise InputError(f"The learning rate is {self.value}: give a number from 1e-10 to 100.")


@dataclass(frozen=True)
class SetDropout:
    """From the next batch on, every dropout of the network drops this share."""

    value: float

    def __post_init__(self) -> None:
        if not 0 <= self.value < 1:
            raise InputError(f"The dropout is {self.value}: give a number from 0 to less than 1.")


Command = Pause | Resume | StepOnce | RunEpoch | Stop | SetLearningRate | SetDropout
