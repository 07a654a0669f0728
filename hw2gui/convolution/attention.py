"""Single-head attention over an image's pixels, exact at any size from the image's grey levels.

x' = vec(x) times a scale, W_Q = W_K = W_V = 1, d_K = 1, no positions: P = softmax(x'x'ᵀ / T) row by row, Z = P x', with a temperature T
(1 in the homework). Pixels of one level have equal rows of P: levels and their counts say all, nothing of size (HW)² is kept.
Z_i depends on x'_i alone: Z_i = g(x'_i) with the tone curve g(t) = T · d/dt log Σ_k exp(t x'_k / T), a weighted mean of the pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hw2gui.arrays import Floats, Ints
from hw2gui.convolution.attention_entry import AttentionDescription, describe, describe_html
from hw2gui.convolution.geometry import Order
from hw2gui.convolution.grey_levels import GreyLevels
from hw2gui.errors import InputError

Stage = Literal["scores", "exp", "probabilities", "relative"]

STAGES: tuple[Stage, ...] = ("scores", "exp", "probabilities", "relative")

TABLE_LEVELS = 1024
"""Up to so many levels a stage is kept as a table level × level (8 MiB)."""

_BLOCK = 1 << 20
"""Values computed at once where a table would be too large."""


class PixelAttention:
    """Attention over the pixels of *x* (H, W), any numbers; row and column i are the pixel at place i of vec(x), 0-based.

    ``levels`` (D,) are the distinct values of x' = scale · x, in rising order of x. Another scale or temperature of the same image
    is quicker from its ``grey`` than from its pixels. Raises InputError for a temperature that is not positive, for numbers that are
    not finite and for more than ``MAX_LEVELS`` distinct values.
    """

    def __init__(self, x: NDArray[np.generic] | GreyLevels, scale: float = 1.0, temperature: float = 1.0, order: Order = "row") -> None:
        if not (np.isfinite(temperature) and temperature > 0):
            raise InputError(f"The temperature is {temperature:g}; take a number above 0.")
        if not np.isfinite(scale):
            raise InputError(f"The image scale is {scale:g}; take a finite number.")
        self.grey = x if isinstance(x, GreyLevels) else GreyLevels(x, order)
        self.scale, self.temperature, self.order = float(scale), float(temperature), self.grey.order
        with np.errstate(over="ignore"):
            self.levels: Floats = self.grey.values * self.scale
            largest = np.square(np.abs(self.levels).max()) / self.temperature
        if not np.isfinite(largest):
            raise InputError("The scores x′x′/T are too large for a computer number; take a smaller image scale or a higher temperature.")
        self._tables: dict[Stage, Floats] = {}

    @property
    def shape(self) -> tuple[int, int]:
        """(H, W)."""
        return self.grey.shape

    @property
    def size(self) -> int:
        """HW, the rows and columns of P."""
        return self.grey.size

    @cached_property
    def vector(self) -> Floats:
        """The pixels as they are attended to, x' (HW,)."""
        return self.levels[self.grey.level_of]

    @property
    def image(self) -> Floats:
        """The pixels x' as an image (H, W)."""
        return self.grey.unvec(self.vector)

    # Tiles

    def scores(self, rows: range, columns: range) -> Floats:
        """Tile of x'_i x'_j / T, (len(rows), len(columns))."""
        return self.stage("scores", rows, columns)

    def exp(self, rows: range, columns: range) -> Floats:
        """What softmax divides, safe from overflow: a tile of e to the score − the row's largest (``subtracted``), 0..1."""
        return self.stage("exp", rows, columns)

    def probabilities(self, rows: range, columns: range) -> Floats:
        """Tile of P, (len(rows), len(columns)), rows summing to 1 over all HW columns."""
        return self.stage("probabilities", rows, columns)

    def relative(self, rows: range, columns: range) -> Floats:
        """Tile of P · HW, (len(rows), len(columns)): 1 where attention is uniform."""
        return self.stage("relative", rows, columns)

    def stage(self, stage: Stage, rows: range, columns: range) -> Floats:
        """A tile of one stage; an InputError outside the matrix."""
        return self._values(stage, self._levels_at(rows), self._levels_at(columns))

    def row(self, i: int) -> Floats:
        """Row i of P painted back as an image (H, W)."""
        return self.grey.unvec(self.probabilities(range(i, i + 1), range(self.size))[0])

    def row_sums(self, rows: range) -> Floats:
        """Σ_k exp(score − the row's largest score) of each row (len(rows),), 1 to HW."""
        sums: Floats = self._level_sums[self._levels_at(rows)]
        return sums

    def subtracted(self, rows: range) -> Floats:
        """The largest score of each row (len(rows),), taken off before exp."""
        return self._level_maxima[self._levels_at(rows)]

    @property
    def exp_overflows(self) -> bool:
        """Whether exp(score), taken without care, is too large for a computer number somewhere."""
        return bool(self._level_maxima.max() > np.log(np.finfo(np.float64).max))

    # What it comes to

    def output(self) -> Floats:
        """Z (H, W), exact from the levels."""
        return self.grey.unvec(self._level_outputs[self.grey.level_of])

    def tone_curve(self, ts: Floats) -> Floats:
        """g(t) = T · d/dt log Σ_k exp(t x'_k / T) at each of *ts*, in their shape: what attention makes of a pixel x' = t.

        It rises, from the smallest x' far on the left to the largest far on the right.
        """
        return self._weighted(np.asarray(ts, dtype=np.float64).reshape(-1))[1].reshape(np.shape(ts))

    def potential(self, ts: Floats) -> Floats:
        """T · log Σ_k exp(t x'_k / T) at each of *ts*, in their shape; its slope is the tone curve."""
        t = np.asarray(ts, dtype=np.float64).reshape(-1)
        total = self._weighted(t)[0]
        return (self.temperature * (self._largest_score(t) + np.log(total))).reshape(np.shape(ts))

    def relative_range(self) -> tuple[float, float]:
        """The smallest and largest P · HW, exactly: each row has its own at the darkest and the brightest pixel."""
        return self.stage_range("relative")

    def stage_range(self, stage: Stage) -> tuple[float, float]:
        """The smallest and largest entry of a stage, exactly."""
        ends = self._values(stage, np.arange(len(self.levels)), np.array([0, len(self.levels) - 1]))
        return float(ends.min()), float(ends.max())

    def overview(self, stage: Stage, row_edges: Ints, column_edges: Ints) -> Floats:
        """The exact mean of a stage over each rectangle [row_edges[r], row_edges[r+1]) × [column_edges[c], column_edges[c+1]), (R, C).

        Edges increase within 0..HW. By histograms of levels: (R×D)(D×D)(D×C), whatever the number of entries.
        """
        row_edges, column_edges = self._edges(row_edges, "row"), self._edges(column_edges, "column")
        heights, widths = np.diff(row_edges), np.diff(column_edges)
        if (heights == 1).all() and (widths == 1).all():
            return self.stage(stage, range(row_edges[0], row_edges[-1]), range(column_edges[0], column_edges[-1]))
        rows = self.grey.histograms(row_edges)
        columns = rows if np.array_equal(row_edges, column_edges) else self.grey.histograms(column_edges)
        # Shares instead of counts keep the means of huge rectangles exact to the last digits.
        return self._combined(stage, rows / heights[:, None], columns / widths[:, None])

    # In words

    def describe_entry(self, i: int, j: int, base: int = 1) -> AttentionDescription:
        """How P(i, j) and its share of Z_i come about, with numbers; indices from *base* in the text, *i* and *j* from 0."""
        return describe(self, i, j, base)

    def describe_html(self, i: int, j: int | None, base: int = 1) -> str:
        """``describe_entry`` for the inspector; without *j*, what row *i* of P does with its pixel."""
        return describe_html(self, i, j, base)

    # By levels

    @cached_property
    def _level_maxima(self) -> Floats:
        return self._largest_score(self.levels)

    @cached_property
    def _level_sums(self) -> Floats:
        sums, _ = self._weighted(self.levels)
        return sums

    @cached_property
    def _level_outputs(self) -> Floats:
        _, outputs = self._weighted(self.levels)
        return outputs

    def _largest_score(self, t: Floats) -> Floats:
        """The largest t x'_k / T: at the brightest pixel for t > 0, at the darkest below."""
        largest: Floats = np.maximum(t * self.levels[0], t * self.levels[-1]) / self.temperature
        return largest

    def _weighted(self, t: Floats) -> tuple[Floats, Floats]:
        """Σ_k exp(t x'_k / T − the largest) and the mean of x' so weighted, for each t."""
        sums, means = np.empty(t.size), np.empty(t.size)
        largest = self._largest_score(t)
        for part in _blocks(t.size, len(self.levels)):
            weights = np.exp(t[part, None] * self.levels / self.temperature - largest[part, None]) * self.grey.counts
            sums[part] = weights.sum(axis=1)
            means[part] = weights @ self.levels / sums[part]
        return sums, means

    def _values(self, stage: Stage, rows: NDArray[np.integer], columns: NDArray[np.integer]) -> Floats:
        """A stage for each of these levels × each of those."""
        values: Floats = self.levels[rows][:, None] * self.levels[columns] / self.temperature
        if stage == "scores":
            return values
        values -= self._level_maxima[rows][:, None]
        np.exp(values, out=values)
        if stage != "exp":
            values /= self._level_sums[rows][:, None] / (self.size if stage == "relative" else 1)
        return values

    def _combined(self, stage: Stage, rows: Floats, columns: Floats) -> Floats:
        """Product of rows (R, D), the stage's table (D, D) and columnsᵀ (D, C)."""
        every = np.arange(len(self.levels))
        if len(every) <= TABLE_LEVELS:
            if stage not in self._tables:
                self._tables[stage] = self._values(stage, every, every)
            return rows @ self._tables[stage] @ columns.T
        # So many levels means few pixels for each: the histograms are nearly all zeros.
        from scipy.sparse import csr_array

        right = csr_array(columns.T)
        total = np.zeros((len(rows), len(columns)))
        for part in _blocks(len(every), len(every)):
            total += rows[:, part] @ (self._values(stage, every[part], every) @ right)
        return total

    def _edges(self, edges: Ints, name: str) -> Ints:
        edges = np.asarray(edges, dtype=np.int64)
        if edges.ndim != 1 or len(edges) < 2 or edges[0] < 0 or edges[-1] > self.size or (np.diff(edges) < 1).any():
            raise InputError(f"The {name} edges of the overview are at least two numbers, increasing, from 0 to {self.size}.")
        return edges

    def _levels_at(self, places: range) -> NDArray[np.int32]:
        if places.step != 1 or places.start < 0 or places.stop > self.size:
            raise InputError(f"Places {places.start + 1} to {places.stop} (from 1) reach outside the {self.size:,} pixels.")
        return self.grey.level_of[places.start : places.stop]


def permute(x: Floats, seed: int = 0) -> tuple[Floats, Ints]:
    """The pixels of *x* (H, W) in one fixed random order, and the order: pixel k of the answer is pixel order[k] of *x*, row by row."""
    order = np.random.default_rng(seed).permutation(x.size)
    return x.reshape(-1)[order].reshape(x.shape), order


def equivariance_error(operation: Callable[[Floats], Floats], x: Floats, order: Ints) -> float:
    """The largest difference between the operation on the pixels of *x* (H, W) in the given *order* (HW,) and its output in that order.

    0 for attention, which knows no places; far from it for convolution. Raises InputError for an operation that changes the size.
    """
    output, moved = operation(x), operation(x.reshape(-1)[order].reshape(x.shape))
    if output.shape != x.shape:
        raise InputError("Only an output as large as the image can be permuted alike; use padding 'same' and stride 1.")
    return float(np.abs(moved - output.reshape(-1)[order].reshape(x.shape)).max())


def _blocks(rows: int, columns: int) -> Iterator[slice]:
    """Slices of 0..rows with at most ``_BLOCK`` values each, at least one row."""
    step = max(1, _BLOCK // columns)
    for start in range(0, rows, step):
        yield slice(start, min(start + step, rows))
