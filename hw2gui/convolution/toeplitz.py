"""Is M Toeplitz? Globally, block by block, inside each block: exact at any size, with the first pair of entries that breaks it.

M is Toeplitz when every entry equals its neighbour one row down and one column to the right. In row order M is a grid of
H'×H blocks of W'×W: it is block Toeplitz when every block equals the block one down and one to the right, and doubly
block Toeplitz when, besides, every block is Toeplitz. In column order the blocks are W'×W of H'×H.

How it stays exact without looking at 10¹² entries. The tap behind entry (a·fast.output + b, c·fast.image + e) is a pair (k, l) with k
from (a, c) alone and l from (b, e) alone. So all pairs of neighbours are products of pairs along the two axes: few distinct
ones, each kept with the first place where it occurs, and products of first places are first places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from hw2gui.arrays import Floats, Ints
from hw2gui.convolution.axis import Axis
from hw2gui.convolution.entry import format_number
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.matrix import ConvolutionMatrix

Level: TypeAlias = Literal["global", "within", "blocks"]

MAX_LISTED = 2**18
"""The most entries inside the kernel for which the broken diagonals are listed."""


@dataclass(frozen=True)
class Place:
    """Entry (i, j), 0-based, with its kernel cell (m, n) or None outside the kernel, and its value (None for generic weights)."""

    i: int
    j: int
    tap: tuple[int, int] | None
    value: float | None


@dataclass(frozen=True)
class Violation:
    """Two entries that would have to be equal and are not. ``second`` lies one (or one block) down and to the right."""

    first: Place
    second: Place


@dataclass(frozen=True)
class ToeplitzReport:
    """The verdicts, each with its first violation in row order (None when it holds).

    ``broken`` are the diagonals j − i, ascending, that are not constant, None above ``MAX_LISTED`` entries; ``diagonals``
    is how many there are. ``generic`` says that the weights counted as different unknowns, none of them 0.
    """

    geometry: Geometry
    generic: bool
    first_global: Violation | None
    first_within: Violation | None
    first_blocks: Violation | None
    diagonals: int
    broken: Ints | None

    @property
    def is_toeplitz(self) -> bool:
        """Every diagonal of M is constant."""
        return self.first_global is None

    @property
    def blocks_are_toeplitz(self) -> bool:
        """Every block is Toeplitz in itself."""
        return self.first_within is None

    @property
    def is_block_toeplitz(self) -> bool:
        """Block (a, c) depends on a − c alone."""
        return self.first_blocks is None

    @property
    def is_doubly_block_toeplitz(self) -> bool:
        """Block Toeplitz with Toeplitz blocks."""
        return self.is_block_toeplitz and self.blocks_are_toeplitz

    @property
    def verdict(self) -> str:
        """All of it in one sentence."""
        weights = "With weights that all differ," if self.generic else "With these weights,"
        if self.is_toeplitz and self.is_doubly_block_toeplitz:
            structure = "Toeplitz as a whole and doubly block Toeplitz"
        elif self.is_toeplitz:
            structure = "Toeplitz as a whole"
        elif self.is_doubly_block_toeplitz:
            structure = "doubly block Toeplitz, but not Toeplitz as a whole"
        elif self.is_block_toeplitz:
            structure = "block Toeplitz, but its blocks are not Toeplitz"
        elif self.blocks_are_toeplitz:
            structure = "not block Toeplitz, though each block is Toeplitz"
        else:
            structure = "not Toeplitz, neither as a whole nor by blocks"
        counted = "" if not self.broken_count else f": {self.broken_count:,} of its {self.diagonals:,} diagonals are not constant"
        return f"{weights} M is {structure}{counted}."

    @property
    def broken_count(self) -> int:
        """How many diagonals are listed as not constant."""
        return 0 if self.broken is None else len(self.broken)


def analyse(geometry: Geometry, kernel: Floats | None = None) -> ToeplitzReport:
    """The structure of M with today's weights, or with *kernel* None for generic ones: all different, none of them 0."""
    generic = kernel is None
    # Any distinct non-zero numbers will do as generic weights.
    weights = (
        np.arange(1.0, geometry.kernel_height * geometry.kernel_width + 1).reshape(geometry.kernel_shape) if kernel is None else kernel
    )
    matrix = ConvolutionMatrix(geometry, weights)
    slow, fast = _Side.of(matrix.slow), _Side.of(matrix.fast)
    levels = {
        "blocks": [(slow.diagonal, fast.stay)],
        "within": [(slow.stay, fast.diagonal)],
        "global": [
            (slow.stay, fast.diagonal),
            (slow.down, fast.wrapped_down),
            (slow.right, fast.wrapped_right),
            (slow.diagonal, fast.corner),
        ],
    }
    first = {level: _first_violation(matrix, pairs, level, generic) for level, pairs in levels.items()}
    rows, columns = matrix.shape
    return ToeplitzReport(
        geometry=geometry,
        generic=generic,
        first_global=first["global"],
        first_within=first["within"],
        first_blocks=first["blocks"],
        diagonals=rows + columns - 1,
        broken=_broken(matrix) if matrix.nonzeros <= MAX_LISTED else None,
    )


def describe_violation(violation: Violation, base: int = 1) -> str:
    """The two entries and what they are, with indices from *base* (1 or 0)."""
    return f"{_described(violation.first, base)}, but {_described(violation.second, base)}"


def _described(place: Place, base: int) -> str:
    entry = f"M({place.i + base}, {place.j + base})"
    if place.tap is None:
        return f"{entry} = 0"
    weight = f"w({place.tap[0] + base}, {place.tap[1] + base})"
    return f"{entry} = {weight}" if place.value is None else f"{entry} = {weight} = {format_number(place.value)}"


@dataclass(frozen=True)
class _Pairs:
    """Distinct pairs of taps (−1: none, never both) at neighbouring places of one axis, and the first (output, pixel) each occurs at."""

    first: Ints
    second: Ints
    output: Ints
    pixel: Ints

    @classmethod
    def of(cls, axis: Axis, output: Ints, pixel: Ints, next_output: Ints, next_pixel: Ints) -> _Pairs:
        """From places and their neighbours, which may be listed in any order and twice."""
        first, second = axis.tap_at(output, pixel), axis.tap_at(next_output, next_pixel)
        place = output * axis.image + pixel
        code = (first + 1) * (axis.kernel + 1) + second + 1
        nowhere = axis.output * axis.image
        places = np.full((axis.kernel + 1) ** 2, nowhere)
        np.minimum.at(places, code, place)
        places[0] = nowhere
        found = np.flatnonzero(places < nowhere)
        return cls(found // (axis.kernel + 1) - 1, found % (axis.kernel + 1) - 1, places[found] // axis.image, places[found] % axis.image)

    @classmethod
    def shifted(cls, axis: Axis, down: int, right: int) -> _Pairs:
        """Between each place and the one *down* outputs and *right* pixels on.

        Both taps depend on the distance pixel − s·output alone, so the first place of each distance is enough.
        """
        distance = np.arange(-axis.stride * (axis.output - 1), axis.image)
        output = np.maximum(0, -(distance // axis.stride))
        pixel = distance + axis.stride * output
        inside = (output < axis.output - down) & (pixel < axis.image - right)
        output, pixel = output[inside], pixel[inside]
        return cls.of(axis, output, pixel, output + down, pixel + right)


@dataclass(frozen=True)
class _Side:
    """The pairs of one axis: unmoved, one output on, one pixel on, both; and where a row or column of M runs over into the next block,

    from the last output cell to the first, from the last pixel to the first, or both.
    """

    stay: _Pairs
    down: _Pairs
    right: _Pairs
    diagonal: _Pairs
    wrapped_down: _Pairs
    wrapped_right: _Pairs
    corner: _Pairs

    @classmethod
    def of(cls, axis: Axis) -> _Side:
        outputs, pixels = np.arange(axis.output), np.arange(axis.image)
        zero, last_output, last_pixel = np.zeros_like, np.full_like(pixels[1:], axis.output - 1), np.full_like(outputs[1:], axis.image - 1)
        return cls(
            stay=_Pairs.shifted(axis, 0, 0),
            down=_Pairs.shifted(axis, 1, 0),
            right=_Pairs.shifted(axis, 0, 1),
            diagonal=_Pairs.shifted(axis, 1, 1),
            wrapped_down=_Pairs.of(axis, last_output, pixels[:-1], zero(last_output), pixels[1:]),
            wrapped_right=_Pairs.of(axis, outputs[:-1], last_pixel, outputs[1:], zero(last_pixel)),
            corner=_Pairs.of(axis, outputs[-1:], pixels[-1:], outputs[:1], pixels[:1]),
        )


def _first_violation(matrix: ConvolutionMatrix, products: list[tuple[_Pairs, _Pairs]], level: str, generic: bool) -> Violation | None:
    """The smallest (i, j) at which the two entries of any product of pairs differ."""
    padded = np.zeros((matrix.slow.kernel + 1, matrix.fast.kernel + 1))
    padded[:-1, :-1] = matrix.weights
    earliest: tuple[int, int] | None = None
    for slow, fast in products:
        differs = padded[np.ix_(slow.first, fast.first)] != padded[np.ix_(slow.second, fast.second)]
        p, q = np.nonzero(differs)
        if len(p):
            i, j = slow.output[p] * matrix.fast.output + fast.output[q], slow.pixel[p] * matrix.fast.image + fast.pixel[q]
            found = np.lexsort((j, i))[0]
            place = int(i[found]), int(j[found])
            earliest = place if earliest is None else min(earliest, place)
    if earliest is None:
        return None
    i_step, j_step = (matrix.fast.output, matrix.fast.image) if level == "blocks" else (1, 1)
    return Violation(_place(matrix, *earliest, generic), _place(matrix, earliest[0] + i_step, earliest[1] + j_step, generic))


def _place(matrix: ConvolutionMatrix, i: int, j: int, generic: bool) -> Place:
    entry = matrix.entry(i, j)
    tap = None if entry.m is None or entry.n is None else (entry.m, entry.n)
    return Place(i, j, tap, None if generic else entry.value)


def _broken(matrix: ConvolutionMatrix) -> Ints:
    """The diagonals j − i that are not constant.

    A diagonal without an entry inside the kernel is 0 throughout. Any other is constant exactly when its entries that are
    not 0 have the same value and are as many as the diagonal is long.
    """
    rows, columns = matrix.shape
    offsets, values = [], []
    for i, j, value in matrix.row_blocks():
        offsets.append(j - i + rows - 1)
        values.append(value)
    offset, value = np.concatenate(offsets), np.concatenate(values)
    order = np.lexsort((value, offset))
    offset, value = offset[order], value[order]
    diagonal, start, count = np.unique(offset, return_index=True, return_counts=True)
    same = value[start] == value[start + count - 1]
    number = diagonal - (rows - 1)
    length = np.minimum(rows, columns - number) - np.maximum(0, -number)
    broken: Ints = number[~(same & (count == length))]
    return broken
