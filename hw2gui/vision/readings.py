"""What the worker answers to the drawing and inside pages: frozen, plain, free of torch."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hw2gui.arrays import Ints, Pixels, Singles
from hw2gui.datasets.characters import Split
from hw2gui.vision.drawing import Prepared
from hw2gui.vision.evaluation import Comparison, Evaluation
from hw2gui.vision.network import Kind, Network
from hw2gui.vision.results import Inside, PatchProducts
from hw2gui.vision.state import Exam
from hw2gui.vision.strip import Change


@dataclass(frozen=True, eq=False)
class Reading:
    """A drawing as the network reads it, the answer, and in words which model gave it.

    ``probabilities`` and ``logits`` are (10,); ``first`` is what leaves the ``layer``, the first that has weights, before its ReLU:
    (D, H, W) of a convolution, (units,) of a dense layer. All of `Inside` would be more than follows a pen in time.
    """

    prepared: Prepared
    probabilities: Singles
    logits: Singles
    layer: str
    first: Singles
    model_words: str

    @property
    def first_pictures(self) -> Singles:
        """What leaves the first layer as pictures: its maps (D, H, W), or its units as one (1, rows, columns), 0 behind the last."""
        if self.first.ndim == 3:
            return self.first
        wide = math.ceil(math.sqrt(len(self.first)))
        units = np.zeros(wide * math.ceil(len(self.first) / wide), dtype=np.float32)
        units[: len(self.first)] = self.first
        return units.reshape(1, -1, wide)


@dataclass(frozen=True, eq=False)
class StripReading:
    """One picture changed by each amount of *change*: pictures (n, 28, 28), probabilities (n, 10), and the class of the unchanged one."""

    change: Change
    label: int
    pictures: Singles
    probabilities: Singles


@dataclass(frozen=True, eq=False)
class Look:
    """An image of a set (or the drawing) on its way through the network, its true class if it has one, and where it comes from in words."""

    inside: Inside
    label: int | None
    words: str
    attribution: str
    count: int
    """How many images the split has it is from; 0 for the drawing."""


@dataclass(frozen=True, eq=False)
class CellProducts:
    """One value as patch × weights + bias, and what the stages behind make of it, up to the ReLU: (kind, value) each.

    ``channel`` is the map or the unit; ``row`` and ``column`` are 0 for a unit (then ``in_map`` is False).
    """

    stage: str
    kind: Kind
    channel: int
    row: int
    column: int
    in_map: bool
    products: PatchProducts
    after: tuple[tuple[str, float], ...]


Place = tuple[str, Split, int]
"""(set, split, number in it) of an image."""


@dataclass(frozen=True, eq=False)
class Trial:
    """A model's answers to every image of a split of ``data``, in ``words``; ``note`` says where other images were taken than asked for."""

    exam: Exam
    data: str
    evaluation: Evaluation
    words: str
    note: str
    attribution: str


@dataclass(frozen=True, eq=False)
class Compared:
    """Two models on the same images: ``first`` and its rival's answers, what the rival is, and what it fixed and broke."""

    first: Trial
    second: Evaluation
    rival_words: str
    comparison: Comparison


@dataclass(frozen=True, eq=False)
class Gallery:
    """Images (n, 28, 28) uint8 with labels and where each is found; ``total`` is how many there are in all, shown or not."""

    images: Pixels
    labels: Ints
    places: tuple[Place, ...]
    total: int
    attribution: str


@dataclass(frozen=True, eq=False)
class Strongest:
    """The images that excite each channel from ``first`` on most, (channels, 9, 28, 28) uint8, with labels, values and map cells.

    ``channels`` is how many the stage has, ``words`` what was looked through, ``note`` says where other images were taken than asked for.
    """

    network: Network
    stage: str
    first: int
    channels: int
    images: Pixels
    labels: Ints
    values: Singles
    cells: Ints
    places: tuple[tuple[Place, ...], ...]
    words: str
    note: str
    attribution: str
