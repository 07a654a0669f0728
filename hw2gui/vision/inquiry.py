"""Which experiment of question 2, on which data and how thoroughly: what the user chose, and the runs it takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from hw2gui.errors import InputError
from hw2gui.vision import data
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.experiments import PROTOCOL, Experiment, Key, experiments
from hw2gui.vision.recipes import RECIPES

FIRST_SEED = 42
MOST_SEEDS = 10

Size = Literal["quick", "full", "homework"]

SIZES: dict[Size, str] = {
    "quick": "the first 4,000 images of each split, 4 epochs in batches of 64: a minute or two",
    "full": "all images, batches of 128, one cycle of the learning rate in 5 epochs; minutes",
    "homework": "all images, the homework's protocol: batches of 8, 20 epochs; minutes for each network",
}
"""How thoroughly, and what that takes."""


@dataclass(frozen=True)
class Inquiry:
    """An experiment on some data (a set of `hw2gui.vision.data`), done quickly or in full, with so many seeds from 42 on."""

    key: Key = "parameters"
    data: str = "strokes"
    size: Size = "quick"
    seeds: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.seeds <= MOST_SEEDS:
            raise InputError(f"{self.seeds} seeds cannot be tried: choose 1 to {MOST_SEEDS}")
        data.names(self.data)

    @property
    def experiment(self) -> Experiment:
        """With all the runs it takes."""
        return experiments(_base(self), range(FIRST_SEED, FIRST_SEED + self.seeds))[self.key]


def _base(inquiry: Inquiry) -> VisionConfig:
    if inquiry.size == "homework":
        return replace(RECIPES["homework"].config, data=inquiry.data)
    full = replace(PROTOCOL, data=inquiry.data)
    if inquiry.size == "full":
        return full
    return replace(full, training=replace(full.training, epochs=4, batch_size=64), limit=4000)
