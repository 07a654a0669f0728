"""Kernels by name at any size, and kernels as typed text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import comb

import numpy as np

from hw2gui.arrays import Floats
from hw2gui.convolution.sizes import MAX_KERNEL
from hw2gui.errors import InputError

MAX_VALUE = 1e6
"""The largest number, in size, that is taken as a weight or a pixel: sums of products stay far from overflow."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_UNSCALED = 5
"""Binomial weights are whole numbers up to this many cells and sum to 2⁴ beyond."""


@dataclass(frozen=True)
class Preset:
    """A kernel made for any size it supports: at least ``smallest`` (M, N), or with ``either`` in one of the two directions."""

    name: str
    summary: str
    make: Callable[[int, int], Floats]
    smallest: tuple[int, int] = (1, 1)
    either: bool = False

    def supports(self, height: int, width: int) -> bool:
        """Whether a kernel of *height* × *width* is large enough for it."""
        enough = (height >= self.smallest[0], width >= self.smallest[1])
        return any(enough) if self.either else all(enough)

    @property
    def needs(self) -> str:
        """The smallest size in words, such as "at least 3×3"."""
        height, width = self.smallest
        return f"at least {height} rows or {width} columns" if self.either else f"at least {height}×{width}"


def preset(name: str, height: int, width: int, seed: int = 0) -> Floats:
    """The weights (height × width) of the preset called *name*; *seed* matters to "random" only.

    Raises InputError for an unknown name, an impossible size or one the preset does not support.
    """
    if name not in PRESETS:
        raise InputError(f"There is no kernel called {name!r}; take {', '.join(PRESETS)}.")
    if not (1 <= height <= MAX_KERNEL and 1 <= width <= MAX_KERNEL):
        raise InputError(f"A kernel of {height}×{width} is not possible; both sides are 1 to {MAX_KERNEL}.")
    chosen = PRESETS[name]
    if not chosen.supports(height, width):
        raise InputError(f"The kernel {name!r} needs {chosen.needs} cells, not {height}×{width}; take a larger kernel or another preset.")
    return random_kernel(height, width, seed) if name == "random" else chosen.make(height, width)


def identity(height: int, width: int) -> Floats:
    """(M, N): 1 in the centre (the first of two), else 0. With padding "same" z is x, unless an even side is dilated (no centre pixel)."""
    return _centred(np.ones((1, 1)), height, width)


def box(height: int, width: int) -> Floats:
    """(M, N): the mean of the window, every weight 1/(MN)."""
    return np.full((height, width), 1.0 / (height * width))


def gaussian(height: int, width: int) -> Floats:
    """(M, N): binomial weights in both directions, which approach a Gaussian of variance (M−1)/4 and (N−1)/4, summing to 1."""
    weights = np.outer(_binomial(height), _binomial(width))
    return weights / float(weights.sum())


def sobel_x(height: int, width: int) -> Floats:
    """The change from left to right: a binomially smoothed central difference along the rows, smoothed down the columns.

    3×3 and 5×5 are the usual whole numbers; two columns are the plain difference; beyond five cells the weights
    are scaled by powers of two so that they do not grow.
    """
    return np.outer(_binomial(height), _difference(width))


def sobel_y(height: int, width: int) -> Floats:
    """(M, N): the change from top to bottom, ``sobel_x`` transposed."""
    return sobel_x(width, height).T.copy()


def laplacian(height: int, width: int) -> Floats:
    """The sum of the second differences (1, −2, 1) along each direction of at least three cells, in the centre of the kernel."""
    second = np.zeros((min(height, 3), min(width, 3)))
    row, column = (second.shape[0] - 1) // 2, (second.shape[1] - 1) // 2
    if height >= 3:
        second[:, column] += (1.0, -2.0, 1.0)
    if width >= 3:
        second[row, :] += (1.0, -2.0, 1.0)
    return _centred(second, height, width)


def sharpen(height: int, width: int) -> Floats:
    """(M, N): the identity minus the Laplacian."""
    return identity(height, width) - laplacian(height, width)


def emboss(height: int, width: int) -> Floats:
    """The usual 3×3 relief lit from the lower right, in the centre of the kernel."""
    return _centred(np.array([[-2.0, -1.0, 0.0], [-1.0, 1.0, 1.0], [0.0, 1.0, 2.0]]), height, width)


def random_kernel(height: int, width: int, seed: int = 0) -> Floats:
    """(M, N): normal weights of standard deviation 1, rounded to two decimals: what is printed is what is computed with."""
    weights: Floats = np.round(np.random.default_rng(seed).standard_normal((height, width)), 2)
    return weights + 0.0


def zeros(height: int, width: int) -> Floats:
    """(M, N): every weight 0, to be edited by hand."""
    return np.zeros((height, width))


PRESETS = {
    chosen.name: chosen
    for chosen in (
        Preset("identity", "z is x", identity),
        Preset("box", "the mean of the window", box),
        Preset("gaussian", "a weighted mean, the centre counts most", gaussian),
        Preset("sobel-x", "edges between left and right", sobel_x, (1, 2)),
        Preset("sobel-y", "edges between top and bottom", sobel_y, (2, 1)),
        Preset("laplacian", "edges and spots in every direction", laplacian, (3, 3), either=True),
        Preset("sharpen", "x with its edges stressed", sharpen, (3, 3), either=True),
        Preset("emboss", "a relief lit from one side", emboss, (3, 3)),
        Preset("random", "normal weights", random_kernel),
        Preset("zeros", "nothing, to be edited", zeros),
    )
}
"""Every preset by name, in the order they are offered."""


def parse_kernel(text: str) -> Floats:
    """The kernel written as "1,2;3,4": rows apart by semicolons or line ends, weights by commas or blanks."""
    return parse_cells(text, "kernel", MAX_KERNEL)


def parse_cells(text: str, name: str, longest: int) -> Floats:
    """Numbers in rows, as in "1,2;3,4", for the thing called *name* with sides of at most *longest*.

    Raises InputError when rows differ in length, a cell is empty or no ordinary number, or there are too many.
    """
    if not text.strip():
        raise InputError(f"The {name} is empty; write numbers such as 1,2;3,4.")
    lines = re.split(r"\s*;\s*|\s*\n\s*", text.strip().replace("−", "-"))
    if len(lines) > longest:
        raise InputError(f"The {name} has {len(lines)} rows; at most {longest} are possible.")
    rows = [_parse_row(line, number, name, longest) for number, line in enumerate(lines, start=1)]
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            said = f"{len(row)} number{'s' * (len(row) != 1)}"
            raise InputError(f"Row {number} of the {name} has {said} and row 1 has {len(rows[0])}; give every row as many.")
    return np.array(rows, dtype=np.float64)


def _parse_row(line: str, number: int, name: str, longest: int) -> list[float]:
    if not line:
        raise InputError(f"Row {number} of the {name} is empty; write numbers such as 1,2;3,4.")
    cells = re.split(r"\s*,\s*|\s+", line)
    if len(cells) > longest:
        raise InputError(f"Row {number} of the {name} has {len(cells)} numbers; at most {longest} are possible.")
    return [_parse_number(cell, number, name) for cell in cells]


def _parse_number(cell: str, row: int, name: str) -> float:
    if not cell:
        raise InputError(f"A number is missing in row {row} of the {name}; write 0 for nothing.")
    if not _NUMBER.fullmatch(cell):
        shown = cell if len(cell) <= 20 else f"{cell[:20]}…"
        raise InputError(f"'{shown}' in row {row} of the {name} is no number; write numbers such as 1,2;3,4.")
    value = float(cell)
    if abs(value) > MAX_VALUE:
        raise InputError(f"{cell} in row {row} of the {name} is too large; take numbers between −{MAX_VALUE:,.0f} and {MAX_VALUE:,.0f}.")
    return value + 0.0


def _centred(small: Floats, height: int, width: int) -> Floats:
    """*small* in the centre of a kernel of zeros, which is where padding "same" puts the pixel at dilation 1: (M−1)//2, (N−1)//2."""
    kernel = np.zeros((height, width))
    top = (height - 1) // 2 - (small.shape[0] - 1) // 2
    left = (width - 1) // 2 - (small.shape[1] - 1) // 2
    kernel[top : top + small.shape[0], left : left + small.shape[1]] = small
    return kernel


def _binomial(cells: int) -> Floats:
    """A row of Pascal's triangle; above ``_UNSCALED`` cells scaled, exactly, to the sum of that row."""
    scale = 2.0 ** min(0, _UNSCALED - cells)
    return np.array([comb(cells - 1, k) * scale for k in range(cells)])


def _difference(cells: int) -> Floats:
    """The central difference (−1, 0, 1) smoothed to this many cells; (−1, 1) for two."""
    return np.array([-1.0, 1.0]) if cells == 2 else np.convolve(_binomial(cells - 2), (-1.0, 0.0, 1.0))
