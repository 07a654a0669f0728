"""Whole sets of settings by name: the homework's protocol, a fast one to the same accuracy, the best, and that of the shipped model."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hw2gui.training.config import TrainingConfig
from hw2gui.training.recipes import find_in
from hw2gui.vision.augmentation import HANDWRITING
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.network import BEST, Network


@dataclass(frozen=True)
class Recipe:
    """A configuration, and what it is for."""

    name: str
    summary: str
    config: VisionConfig


_BEST_TRAINING = TrainingConfig(
    epochs=16,
    batch_size=128,
    learning_rate=4e-3,
    schedule="one-cycle",
    optimizer="adamw",
    weight_decay=0.02,
    label_smoothing=0.05,
    threads=0,
)

RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe("homework", "the homework's protocol: batch 8, Adam at 5e-4, 20 epochs", VisionConfig()),
        Recipe(
            "fast",
            "the homework's network in seconds: batch 128, one cycle of the learning rate up to 0.006, smoothed labels, 4 epochs",
            VisionConfig(
                TrainingConfig(epochs=4, batch_size=128, learning_rate=6e-3, schedule="one-cycle", label_smoothing=0.05, threads=0)
            ),
        ),
        Recipe(
            "best",
            "five small normalised convolutions, every image changed anew each epoch: the best on validation within minutes",
            VisionConfig(_BEST_TRAINING, BEST, HANDWRITING),
        ),
        Recipe(
            "shipped",
            "the shipped model: as best, longer, on Kuzushiji-MNIST and the built-in present-day hiragana together",
            VisionConfig(replace(_BEST_TRAINING, epochs=24), BEST, HANDWRITING, data="kmnist+strokes:15000"),
        ),
    )
}
"""By name, in the order to offer them."""


def find(name: str) -> Recipe:
    """The recipe called *name*; InputError with the known names otherwise."""
    return find_in(RECIPES, name)


def fine_tuning(start: str, network: Network, known: str = "strokes:2000") -> VisionConfig:
    """Teach the model *start* the user's own hand: their labelled drawings, repeated to as many as the *known* characters mixed in.

    The known ones keep the network from forgetting; a low learning rate and a few epochs keep it quick.
    """
    training = TrainingConfig(epochs=4, batch_size=32, learning_rate=5e-4, schedule="one-cycle", optimizer="adamw", test="never", threads=0)
    mild = replace(HANDWRITING, bend=0.8, rotation=8.0)
    return VisionConfig(training, network, mild, data=f"drawings+{known}", balanced=True, start=start)
