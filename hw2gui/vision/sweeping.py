"""What sweeps need to know of character networks: their settings beyond the described ones, their data, their score. Torch-free."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hw2gui.training.fields import Spec
from hw2gui.training.score import Score
from hw2gui.training.sweep import Setting, settings_of
from hw2gui.training.sweep_runs import Trainable
from hw2gui.vision import data, models, train
from hw2gui.vision.augmentation import HANDWRITING, NONE, SHIFTS
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.finished import describe
from hw2gui.vision.options import NETWORKS, named_network

SCORE = Score(
    "accuracy", "Accuracy", more=True, formula="Accuracy = images read right / all of them. Validation images are never trained on."
)
AUGMENTATIONS = {"none": NONE, "shifts": SHIFTS, "handwriting": HANDWRITING}

_NETWORK = Spec("Network", "A network by its name: it brings its own dropout.", choices=NETWORKS)
_AUGMENTATION = Spec("Augmentation", "All random changes of the training images at once.", choices=tuple(AUGMENTATIONS))
_LIMIT = Spec("Images of each set", "Only the first so many images of each set and split.", 1, data.MOST_IMAGES, unit="images")


def settings(config: Any) -> dict[str, Setting]:
    """Everything that can be swept over."""
    extra = (
        Setting("network", _NETWORK, str, lambda now, name: replace(now, network=named_network(name)), whole=True),
        Setting("augmentation", _AUGMENTATION, str, lambda now, name: replace(now, augmentation=AUGMENTATIONS[name]), whole=True),
        Setting("limit", _LIMIT, int, lambda now, count: replace(now, limit=count), lambda now: now.limit),
    )
    return settings_of(config) | {one.name: one for one in extra}


def data_sets(config: VisionConfig) -> tuple[str, ...]:
    """The sets a training reads, by their names in the registry."""
    return tuple(sorted({part.partition(":")[0] for part in data.names(config.data)}))


TRAINABLE = Trainable(models.TASK, train.JOB, train.begin, describe, SCORE, settings, data_sets)
