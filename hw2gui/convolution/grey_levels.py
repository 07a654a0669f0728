"""The distinct values of an image: how many pixels have each, which each pixel has, and their histograms over any stretch of vec(x)."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hw2gui.arrays import Floats, Ints
from hw2gui.convolution.geometry import Order
from hw2gui.errors import InputError

MAX_LEVELS = 4096
"""Most distinct values: a picture has 256, an image typed by hand at most 64×64 = 4096."""

_PICTURE_LEVELS = 256
_SPACING = 256
"""Least number of pixels between two kept histograms."""


class GreyLevels:
    """The levels of an image (H, W) of any numbers, read in *order*.

    ``values`` (D,) are the distinct numbers ascending, ``counts`` (D,) how many pixels have each, ``level_of`` (HW,) the level of
    each place of vec(x). Raises InputError for an empty image, numbers that are not finite and more than ``MAX_LEVELS`` levels.
    """

    def __init__(self, x: NDArray[np.generic], order: Order = "row") -> None:
        if x.ndim != 2 or x.size == 0:
            raise InputError("Attention is over an image of one row and column at least; take a larger one.")
        self.order = order
        self.shape: tuple[int, int] = (x.shape[0], x.shape[1])
        vector = np.asarray(x, dtype=np.float64).reshape(-1, order="C" if order == "row" else "F")
        if not np.isfinite(vector).all():
            raise InputError("The image has a pixel that is no finite number; take ordinary numbers.")
        self.values, self.level_of, self.counts = _distinct(vector)
        if len(self.values) > MAX_LEVELS:
            many = f"{len(self.values):,} distinct values, at most {MAX_LEVELS:,} are possible"
            raise InputError(f"The image has {many}; round it to grey levels.")

    @property
    def size(self) -> int:
        """HW."""
        return self.level_of.size

    def image(self) -> Floats:
        """The image (H, W) itself."""
        return self.unvec(self.values[self.level_of])

    def unvec(self, values: Floats) -> Floats:
        """The image (H, W) whose vec() is *values*."""
        return values.reshape(self.shape, order="C" if self.order == "row" else "F")

    def histograms(self, edges: Ints) -> Floats:
        """How many pixels of each level lie from one edge to the next, (len(edges) − 1, D); *edges* increase within 0..HW."""
        depth = len(self.values)
        if edges[-1] - edges[0] <= len(edges) * self._spacing // 2:
            between = np.repeat(np.arange(len(edges) - 1), np.diff(edges))
            keys = between * depth + self.level_of[edges[0] : edges[-1]]
            return np.bincount(keys, minlength=(len(edges) - 1) * depth).reshape(-1, depth).astype(np.float64)
        kept, rest = np.divmod(edges, self._spacing)
        numbers = np.repeat(np.arange(len(edges)), rest)
        places = np.arange(len(numbers)) - np.repeat(np.cumsum(rest) - rest, rest) + (kept * self._spacing)[numbers]
        partial = np.bincount(numbers * depth + self.level_of[places], minlength=len(edges) * depth).reshape(-1, depth)
        return np.diff(self._before[kept] + partial, axis=0).astype(np.float64)

    @property
    def _spacing(self) -> int:
        # With as many pixels between two histograms as there are levels, all of them take no more room than the image.
        return max(_SPACING, len(self.values))

    @cached_property
    def _before(self) -> NDArray[np.int32]:
        """The histogram of all pixels before place 0, S, 2S, … with S the spacing."""
        count = self.size // self._spacing + 1
        keys = np.arange(self.size) // self._spacing * len(self.values) + self.level_of
        each = np.bincount(keys, minlength=count * len(self.values)).reshape(count, -1)
        before = np.zeros_like(each, dtype=np.int32)
        np.cumsum(each[:-1], axis=0, out=before[1:])
        return before


def _distinct(vector: Floats) -> tuple[Floats, NDArray[np.int32], Ints]:
    """The values ascending, the level of each place, and the counts."""
    # Pixels of pictures are k/256: counting them is ten times faster than sorting a million.
    levels = vector * _PICTURE_LEVELS
    if levels.min() >= 0 and levels.max() <= _PICTURE_LEVELS:
        numbers = levels.astype(np.int32)
        if np.array_equal(numbers, levels):
            counts = np.bincount(numbers, minlength=_PICTURE_LEVELS + 1)
            present = np.flatnonzero(counts)
            place = np.zeros(_PICTURE_LEVELS + 1, dtype=np.int32)
            place[present] = np.arange(len(present))
            return present / _PICTURE_LEVELS, place[numbers], counts[present]
    values, level_of, counts = np.unique(vector, return_inverse=True, return_counts=True)
    return values, level_of.reshape(-1).astype(np.int32), counts
