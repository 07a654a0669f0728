"""From fully connected to convolution in four rungs: how many parameters each needs, and which one stands where in the matrix.

On the picture of M (rows: output cells, columns: pixels, both row by row) entries with one number are one parameter.
The picture shows one input and one output channel; the counts are for all. Nothing but the tile asked for is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from hw2gui.arrays import Ints
from hw2gui.errors import InputError
from hw2gui.parameters.expressions import Expr, Formula, Symbol, product
from hw2gui.parameters.layers import Context, Conv2d, MisfitError, Pair, Shape

RungName = Literal["fully connected", "locally connected", "shared along rows", "convolution"]
RUNGS: dict[RungName, str] = {
    "fully connected": "Every output cell has a weight of its own for every pixel.",
    "locally connected": "Every output cell sees only its window, with a kernel of its own.",
    "shared along rows": "Output cells of one row share a kernel: a shift sideways shifts the output.",
    "convolution": "All output cells share one kernel: any shift of the image shifts the output.",
}
"""The rungs from the most parameters to the fewest, each with what it gives up."""
MAX_TILE = 16_000_000
"""The most entries one tile may have."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: weights and biases with their formulas."""

    name: RungName
    meaning: str
    weights: Formula
    biases: Formula


@dataclass(frozen=True)
class Ladder:
    """The ladder of one convolution (``groups`` 1) on an image of (C, H, W). Raises :class:`InputError` where it does not fit."""

    convolution: Conv2d
    image: Shape

    def __post_init__(self) -> None:
        if self.convolution.groups != 1:
            raise InputError("the ladder is for a convolution with one group; set the groups to 1.")
        try:
            self.convolution.output(Context(self.image))
        except MisfitError as error:
            raise InputError(f"the convolution {error.sentence}; choose a smaller kernel or a larger image.") from None

    @property
    def output(self) -> Shape:
        """(C', H', W')."""
        return self.convolution.output(Context(self.image))

    @property
    def matrix_shape(self) -> Pair:
        """H'W' rows and HW columns: one output and one input channel."""
        (_, height, width), (_, rows, columns) = self.image.sizes, self.output.sizes
        return rows * columns, height * width

    def rung(self, name: RungName) -> Rung:
        """The counts of one rung, for all channels. Structural zeros are no parameters."""
        inputs, height, width = (Symbol(letter, size) for letter, size in zip(("C", "H", "W"), self.image.sizes, strict=True))
        outputs, rows, columns = (Symbol(letter, size) for letter, size in zip(("C'", "H'", "W'"), self.output.sizes, strict=True))
        kernel = Symbol("M", self.convolution.kernel_size[0]) * Symbol("N", self.convolution.kernel_size[1])
        factors: dict[RungName, tuple[tuple[Expr, ...], tuple[Expr, ...]]] = {
            "fully connected": ((rows, columns), (height, width)),
            "locally connected": ((rows, columns), (kernel,)),
            "shared along rows": ((rows,), (kernel,)),
            "convolution": ((), (kernel,)),
        }
        kernels, each = factors[name]
        weights = Formula(
            "weights",
            product(outputs, *kernels, inputs, *each),
            note=_PADDING_NOTE if name == "locally connected" and any(self.convolution.padding) else "",
        )
        return Rung(name, RUNGS[name], weights, Formula("biases", product(outputs, *kernels)))

    def rungs(self) -> tuple[Rung, ...]:
        """All four."""
        return tuple(self.rung(name) for name in RUNGS)

    def ids(self, name: RungName, rows: range, columns: range) -> Ints:
        """Which parameter stands at each entry of a tile of M: numbers from 0, −1 where there is none. Shape (len(rows), len(columns)).

        Row i is output cell (⌊i/W'⌋, i mod W'), column j pixel (⌊j/W⌋, j mod W); the kernel cell between them is
        m = (γ + p − s·α)/d, n = (δ + p − s·β)/d where both are whole and inside the kernel.
        Raises :class:`InputError` for a tile outside the matrix or of more than ``MAX_TILE`` entries.
        """
        height, width = self.matrix_shape
        # The ends of a range, not its minimum, which Python finds by walking through it.
        inside = all(0 <= end < size for r, size in ((rows, height), (columns, width)) for end in (*r[:1], *r[-1:]))
        m, n = self.convolution.kernel_size
        largest = max(height, width, height * (width if name == "fully connected" else m * n))
        if not inside or len(rows) * len(columns) > MAX_TILE or largest >= 2**62:
            raise InputError(
                f"the tile must lie in the {height:,}×{width:,} matrix and have at most {MAX_TILE:,} entries; take a smaller one."
            )
        i = np.arange(rows.start, rows.stop, rows.step, dtype=np.int64)[:, None]
        j = np.arange(columns.start, columns.stop, columns.step, dtype=np.int64)[None, :]
        if name == "fully connected":
            return i * width + j
        tap = self._taps(i, j)
        if name == "convolution":
            return tap
        kernel = i if name == "locally connected" else i // self.output.sizes[2]
        return np.where(tap >= 0, kernel * (m * n) + tap, np.int64(-1))

    def _taps(self, i: Ints, j: Ints) -> Ints:
        """The kernel cell m·N + n at each entry, −1 outside the kernel."""
        columns, width = self.output.sizes[2], self.image.sizes[2]
        along_rows = self._along(0, i // columns, j // width)
        along_columns = self._along(1, i % columns, j % width)
        hit = (along_rows >= 0) & (along_columns >= 0)
        return np.where(hit, along_rows * self.convolution.kernel_size[1] + along_columns, np.int64(-1))

    def _along(self, axis: Literal[0, 1], cell: Ints, pixel: Ints) -> Ints:
        """The kernel row (or column) between output *cell* and *pixel*, −1 where there is none."""
        layer = self.convolution
        offset = pixel + layer.padding[axis] - layer.stride[axis] * cell
        tap = offset // layer.dilation[axis]
        hit = (offset >= 0) & (offset == tap * layer.dilation[axis]) & (tap < layer.kernel_size[axis])
        return np.where(hit, tap, np.int64(-1))


_PADDING_NOTE = "Kernel cells that fall on the padding are counted too, though no pixel ever meets them."
