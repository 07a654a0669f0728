"""What sweeps need to know of character models: their settings beyond the described ones, their data, their score. Torch-free."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hw2gui.seq2seq import models, train
from hw2gui.seq2seq.config import Seq2SeqConfig
from hw2gui.seq2seq.finished import describe
from hw2gui.training.fields import Spec
from hw2gui.training.score import Score
from hw2gui.training.sweep import Setting, settings_of
from hw2gui.training.sweep_runs import Trainable

SCORE = Score(
    "error_rate",
    "Error rate",
    more=False,
    formula="Error rate = mean of edit distance / length of the reference, over all validation pairs, decoded greedily: less is better.",
)

LARGEST_LIMIT = 1_000_000

_LIMIT = Spec("Pairs of each part", "Only the first so many pairs of training, validation and test.", 1, LARGEST_LIMIT, unit="pairs")


def settings(config: Any) -> dict[str, Setting]:
    """Everything that can be swept over."""
    limit = Setting("limit", _LIMIT, int, lambda now, count: replace(now, limit=count), lambda now: now.limit)
    return settings_of(config) | {limit.name: limit}


def data_sets(config: Seq2SeqConfig) -> tuple[str, ...]:
    """The set a training reads, by its name in the registry."""
    return (config.data,)


TRAINABLE = Trainable(models.TASK, train.JOB, train.begin, describe, SCORE, settings, data_sets)
