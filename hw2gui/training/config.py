"""The settings every training shares. A subject's own configuration holds one of these beside what only it needs.

`hw2gui.session.codec` turns them into plain JSON and back.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Literal, get_args

from hw2gui.training.fields import check_fields, choice, real, switch, whole

Schedule = Literal["constant", "one-cycle", "cosine", "step", "range"]
Optimizer = Literal["sgd", "adam", "adamw"]
Device = Literal["auto", "cpu", "cuda", "mps"]
Chosen = Literal["last", "best"]
TestWhen = Literal["end", "every epoch", "never"]


_SCHEDULES = (
    "How the learning rate goes on. constant: stays. one-cycle: up from a 25th, then down to almost nothing, while the momentum goes the "
    "other way. cosine: down to nothing along half a cosine. step: multiplied by the decay every few epochs. range: up from the first "
    "rate by equal factors, to see where training breaks."
)
_TEST = "When the test data are looked at. Every epoch is for curves only: whoever chooses by them has no test left."


@dataclass(frozen=True)
class TrainingConfig:
    """How a network is trained; the defaults are the homework's. Raises `InputError` for a value out of range."""

    epochs: int = whole("Epochs", 20, "Passes over the training data.", minimum=1, maximum=10_000)
    batch_size: int = whole("Batch size", 8, "Examples whose mean loss makes one step.", minimum=1, maximum=65_536)
    learning_rate: float = real(
        "Learning rate", 5e-4, "The step size; of a schedule that rises or falls, its highest value.", minimum=1e-10, maximum=100
    )
    schedule: Schedule = field(default="constant", metadata=choice("Schedule", _SCHEDULES, get_args(Schedule)))
    rise: float = real("Rise", 0.3, "one-cycle: the share of all steps in which the rate rises.", minimum=0.01, maximum=0.99)
    decay: float = real("Decay", 0.1, "step: the rate is multiplied by this.", minimum=1e-6, maximum=1)
    decay_every: int = whole("Decay every", 10, "step: after so many epochs, again and again.", minimum=1, maximum=10_000, unit="epochs")
    first_rate: float = real("First rate", 1e-6, "range: the learning rate of the first step.", minimum=1e-10, maximum=100)
    optimizer: Optimizer = field(default="adam", metadata=choice("Optimizer", "What is done with the gradient.", get_args(Optimizer)))
    momentum: float = real("Momentum", 0.9, "SGD: the share of the last step that is kept; Adam and AdamW: β₁.", minimum=0, maximum=0.9999)
    weight_decay: float = real(
        "Weight decay", 0, "Pulls the weights towards 0: through the gradient (SGD, Adam) or directly (AdamW).", minimum=0, maximum=10
    )
    label_smoothing: float = real(
        "Label smoothing", 0, "The share of the target's probability that is spread over all classes.", minimum=0, maximum=0.9
    )
    clip: float = real("Clip gradient", 0, "The gradient is scaled down to this norm where it is longer; 0: never.", minimum=0, maximum=1e6)
    seed: int = whole("Seed", 42, "Start of the random numbers: the same seed, the same run.", minimum=0, maximum=2**32 - 1)
    device: Device = field(default="cpu", metadata=choice("Device", "Where to compute; auto: a GPU if there is one.", get_args(Device)))
    threads: int = whole("Threads", 1, "Threads torch computes with; 0: one for each core but one.", minimum=0, maximum=256)
    chosen: Chosen = field(
        default="last",
        metadata=choice("Model kept", "Which epoch the finished run stands for: the last, or the best on validation.", get_args(Chosen)),
    )
    test: TestWhen = field(default="end", metadata=choice("Test", _TEST, get_args(TestWhen)))
    keep_epochs: bool = switch("Keep every epoch", True, "Keep the weights of every epoch, not of the best and the last alone.")
    checkpoint_seconds: float = real(
        "Save every", 30, "A run that is killed goes on from the last save.", minimum=0.1, maximum=3600, unit="s"
    )
    tensorboard: bool = switch("TensorBoard", False, "Also write event files for TensorBoard into the run's folder.")

    def __post_init__(self) -> None:
        check_fields(self)


WITHOUT_EFFECT = ("device", "threads", "keep_epochs", "checkpoint_seconds", "tensorboard")
"""Settings that change nothing of what is learnt and told: where it runs, and what is kept of it."""

AFTER_LEARNING = ("chosen", "test")
"""Settings that change nothing of what is learnt, only what is told of it."""

MOST_JOBS = 256
"""Runs side by side, at the most."""


def free_cores() -> int:
    """The cores this process may use, but one, which is the window's; at least one."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, usable - 1)
