"""Everything that decides a training run of a character network: what `hw2gui.session.codec` writes into its folder."""

from __future__ import annotations

from dataclasses import dataclass, field

from hw2gui.errors import InputError
from hw2gui.training.config import TrainingConfig
from hw2gui.vision import data
from hw2gui.vision.augmentation import NONE, Augmentation
from hw2gui.vision.network import HOMEWORK, Network


@dataclass(frozen=True)
class VisionConfig:
    """The training's settings, the network, and the data: a set or mixture (see `hw2gui.vision.data`); the defaults are the homework's.

    ``limit`` takes the first so many images of each set and split; ``balanced`` repeats the smaller sets of a mixture up to the largest;
    ``permutation`` is the seed of one fixed permutation of the pixels, for training and test alike; ``start`` names the model (of the
    same network) whose weights are trained further. Raises InputError for what cannot be.
    """

    training: TrainingConfig = field(default_factory=TrainingConfig)
    network: Network = HOMEWORK
    augmentation: Augmentation = NONE
    data: str = "kmnist"
    limit: int | None = None
    balanced: bool = False
    permutation: int | None = None
    start: str | None = None

    def __post_init__(self) -> None:
        data.names(self.data)
        if self.limit is not None and not 1 <= self.limit <= data.MOST_IMAGES:
            raise InputError(f"{self.limit} images cannot be used: choose 1 to {data.MOST_IMAGES:,}, or no limit")
        if self.permutation is not None and not 0 <= self.permutation < 2**32:
            raise InputError("the seed of the pixel permutation must be a whole number from 0, below 2³²")
        if self.permutation is not None and self.augmentation.active:
            raise InputError("moving permuted pixels about means nothing: leave out the augmentation or the permutation")
