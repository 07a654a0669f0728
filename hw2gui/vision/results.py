"""What the worker answers about a model and an image: plain frozen data, free of torch, for the window to show."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from hw2gui.arrays import Floats, Ints, Pixels, Singles
from hw2gui.errors import InputError
from hw2gui.vision.network import Network, Stage

T = TypeVar("T")

TOP = 9
"""So many images are shown for each channel, and so many neighbours."""

SALIENCY_NOTE = (
    "Saliency is the slope of the class's logit: where a slight change of a pixel would change it most. "
    "It says nothing of larger changes, nor why, and of flat places it shows nothing even where they matter."
)
OCCLUSION_NOTE = (
    "Occlusion is how much the class's probability falls when a small square is blanked. "
    "It shows what the answer rests on one square at a time; ink that stands in for other ink does not show, "
    "and a blanked picture is one the network never learnt."
)


@dataclass(frozen=True)
class Progress:
    """The part done, 0 to 1, of what is named."""

    share: float
    what: str = ""


@dataclass(frozen=True, eq=False)
class Inside:
    """One image on its way through a network, in evaluation mode (no dropout).

    ``image`` (28, 28) and ``values[k]``, what leaves stage k of the network, are float32; ``probabilities`` (10,) is the
    softmax of the logits.
    """

    network: Network
    image: Singles
    values: tuple[Singles, ...]
    probabilities: Singles

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages, in the order of ``values``."""
        return self.network.stages()

    def of(self, name: str) -> Singles:
        """What leaves the stage called *name*, (C, H, W) or (units,). InputError where there is none."""
        stage = self.network.stage(name)
        return self.values[self.stages.index(stage)]

    def into(self, name: str) -> Singles:
        """What enters the stage called *name*; the image as (1, 28, 28) for the first."""
        at = self.stages.index(self.network.stage(name))
        return self.values[at - 1] if at else self.image[None]

    @property
    def logits(self) -> Singles:
        """(10,), before the softmax."""
        return self.values[-1]

    @property
    def predicted(self) -> int:
        """The most probable class."""
        return int(np.argmax(self.probabilities))


@dataclass(frozen=True, eq=False)
class PatchProducts:
    """How one value of a convolution's map comes about: Σ patch × weights + bias, all (C, K, K) float64.

    ``patch`` is what lies under the kernel, with zeros beyond the edge; ``top``, ``left`` is its upper left corner in the input, which
    may lie outside.
    """

    patch: Floats
    weights: Floats
    bias: float
    top: int
    left: int

    @property
    def products(self) -> Floats:
        """(C, K, K)."""
        return self.patch * self.weights

    @property
    def value(self) -> float:
        """The map's value."""
        return float(self.products.sum()) + self.bias


def patch_products(entering: Singles, weights: Singles, bias: Singles, same: bool, channel: int, row: int, column: int) -> PatchProducts:
    """The products behind cell (*row*, *column*) of map *channel*, for a convolution of stride 1.

    *entering* (C, H, W), *weights* (D, C, K, K), *bias* (D,). InputError for a cell outside the map.
    """
    kernel = weights.shape[-1]
    padding = kernel // 2 if same else 0
    height, width = (length + 2 * padding - kernel + 1 for length in entering.shape[1:])
    if not (0 <= channel < len(weights) and 0 <= row < height and 0 <= column < width):
        raise InputError(f"there is no cell ({row}, {column}) in map {channel}: the maps are {len(weights)} of {height}×{width}")
    padded = np.pad(entering.astype(np.float64), ((0, 0), (padding, padding), (padding, padding)))
    patch = padded[:, row : row + kernel, column : column + kernel]
    return PatchProducts(patch, weights[channel].astype(np.float64), float(bias[channel]), row - padding, column - padding)


def tiled(values: Floats, wide: float) -> Floats:
    """Blocks (N, h, w) laid in rows, about *wide* times as wide as high, as one matrix; places left over are 0."""
    count, high, across = values.shape
    columns = min(count, max(1, round(math.sqrt(wide * count * high / across))))
    rows = math.ceil(count / columns)
    whole = np.zeros((rows * columns, high, across))
    whole[:count] = values
    return whole.reshape(rows, columns, high, across).transpose(0, 2, 1, 3).reshape(rows * high, columns * across)


def in_rows(values: Singles, longest: int) -> Floats:
    """Units (N,) in rows of equal length, at most *longest*; places left over are 0."""
    rows = math.ceil(values.size / longest)
    columns = math.ceil(values.size / rows)
    whole = np.zeros(rows * columns)
    whole[: values.size] = values.reshape(-1)
    return whole.reshape(rows, columns)


@dataclass(frozen=True, eq=False)
class Attribution:
    """What of an image the answer depends on, for ``label``: signed ``values`` (28, 28), and in words what that can show."""

    label: int
    values: Singles
    note: str


@dataclass(frozen=True, eq=False)
class TopImages:
    """Of each channel (or unit) of a stage the images that excite it most: ``indices`` and ``values`` (channels, k), strongest first.

    ``cells`` (channels, k, 2) is where in the map, row and column; (0, 0) for units.
    """

    stage: str
    indices: Ints
    values: Singles
    cells: Ints


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The images of a set nearest to one: ``indices`` into the set, ``labels`` and ``distances``, nearest first, and their ``images``."""

    indices: Ints
    labels: Ints
    distances: Singles
    images: Pixels
