"""Whole sets of settings by name: the homework's protocol, a fast one, the best. The corpus is chosen apart."""

from __future__ import annotations

from dataclasses import dataclass

from hw2gui.seq2seq.config import Seq2SeqConfig
from hw2gui.seq2seq.network import ModelConfig
from hw2gui.training.config import TrainingConfig
from hw2gui.training.recipes import find_in


@dataclass(frozen=True)
class Recipe:
    """A configuration, what it is for, and with which beam and length exponent its outputs are best on validation."""

    name: str
    summary: str
    config: Seq2SeqConfig
    beam: int = 5
    alpha: float = 0.0


_LONG = TrainingConfig(epochs=60, batch_size=64, learning_rate=2e-3, schedule="one-cycle", label_smoothing=0.1)

RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe("homework", "the homework's protocol: batch 64, Adam at 0.003, 50 epochs, hidden size 128", Seq2SeqConfig()),
        Recipe(
            "fast",
            "the homework's model in a fraction of the time: one cycle of the learning rate up to 0.006, batch 128, 15 epochs",
            Seq2SeqConfig(TrainingConfig(epochs=15, batch_size=128, learning_rate=6e-3, schedule="one-cycle"), buckets=True),
        ),
        Recipe(
            "wide",
            "twice the width, smoothed labels, one cycle of the learning rate up to 0.002, 60 epochs",
            Seq2SeqConfig(_LONG, ModelConfig(hidden=256)),
        ),
        Recipe(
            "best",
            "as wide, with two layers, more dropout and a tenth of the symbols hidden while training: the best on validation",
            Seq2SeqConfig(_LONG, ModelConfig(hidden=256, layers=2, dropout=0.4), noise=0.1),
        ),
        Recipe(
            "names",
            "for the names, of which there are seven times as many: twice the width, batch 128, 20 epochs",
            Seq2SeqConfig(
                TrainingConfig(epochs=20, batch_size=128, learning_rate=2e-3, schedule="one-cycle"),
                ModelConfig(hidden=256),
                buckets=True,
                noise=0.05,
            ),
        ),
    )
}
"""By name, in the order to offer them."""


def find(name: str) -> Recipe:
    """The recipe called *name*; InputError with the known names otherwise."""
    return find_in(RECIPES, name)
