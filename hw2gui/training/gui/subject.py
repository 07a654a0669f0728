"""What a subject tells the training room of itself: names of functions for the worker, its score. Plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hw2gui.training.config import TrainingConfig
from hw2gui.training.score import Score
from hw2gui.training.sweep import Setting, settings_of


@dataclass(frozen=True)
class Subject:
    """Functions are named by import path. *train* is the job of one run (``folder``); *begin* makes the folders of new runs
    (``configs``, ``titles``) and answers them; *survey* answers the rows of all runs. *title* names a new run of a configuration.

    *rates* are the homework's. *dropout* is that of a configuration.
    """

    key: str
    train: str
    begin: str
    survey: str
    score: Score
    title: Callable[[Any], str]
    dropout: Callable[[Any], float]
    rates: tuple[float, ...] = ()
    loss: Callable[[TrainingConfig], str] = lambda training: ""
    """What the loss is, in a sentence with today's numbers."""
    classes: int | None = None
    """How many the loss tells apart, where that is the same for all data."""
    settings: Callable[[Any], dict[str, Setting]] = settings_of
    """What can be swept over, of a configuration."""
    data_sets: Callable[[Any], Iterable[str]] = lambda config: ()
    """The published sets a training reads, which travel with it to a cluster."""
    relus: bool = True
    """Whether there are ReLU units that may die."""
