"""The sliding window: what the matrix does, done directly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hw2gui.arrays import Booleans, Floats, Ints
from hw2gui.convolution.axis import Axis
from hw2gui.convolution.geometry import Geometry
from hw2gui.errors import InputError


@dataclass(frozen=True)
class Products:
    """One output cell as a sum of products, every array laid as the kernel lies on the image (M×N, after a flip).

    ``rows`` (M,) and ``columns`` (N,) are the places read, negative or past the end in the padding; ``inside`` (M, N)
    is True on pixels. ``patch`` holds 0 in the padding. ``taps`` (M, N) numbers the kernel cell m·N+n lying there.
    """

    rows: Ints
    columns: Ints
    inside: Booleans
    taps: Ints
    patch: Floats
    weights: Floats
    products: Floats
    total: float


def convolve(x: NDArray[np.generic], kernel: Floats, geometry: Geometry) -> Floats:
    """The output z (H'×W') of an image *x* (H×W): each tap adds its weight times a strided slice of the image. No padded copy is made."""
    image = image_array(x, geometry)
    z = np.zeros(geometry.output_shape)
    for weight, cells, pixels in tap_slices(kernel, geometry):
        z[cells] += weight * image[pixels]
    return z


def products(x: NDArray[np.generic], kernel: Floats, geometry: Geometry, alpha: int, beta: int) -> Products:
    """The sum of products of *x* (H, W) and *kernel* (M, N) behind output cell (α, β), 0-based; an InputError outside the output."""
    if not (0 <= alpha < geometry.output_height and 0 <= beta < geometry.output_width):
        raise InputError(f"Row {alpha}, column {beta} (from 0) is outside z, which is {geometry.output_height}×{geometry.output_width}.")
    image = image_array(x, geometry)
    turn = slice(None, None, -1 if geometry.flipped else 1)
    rows, row_inside = Axis.vertical(geometry).window(alpha)
    columns, column_inside = Axis.horizontal(geometry).window(beta)
    rows, row_inside, columns, column_inside = rows[turn], row_inside[turn], columns[turn], column_inside[turn]
    inside = row_inside[:, None] & column_inside[None, :]
    read = image[np.clip(rows, 0, geometry.height - 1)[:, None], np.clip(columns, 0, geometry.width - 1)[None, :]]
    patch = np.where(inside, read, 0.0)
    weights = kernel[turn, turn]
    terms = patch * weights
    taps = np.arange(kernel.size, dtype=np.int64).reshape(kernel.shape)[turn, turn]
    return Products(rows, columns, inside, taps, patch, weights, terms, float(terms.sum()))


def tap_slices(kernel: Floats, geometry: Geometry) -> list[tuple[float, tuple[slice, slice], tuple[slice, slice]]]:
    """(weight, slices of z, slices of the image) for each tap whose weight is not 0 and that reads any pixel."""
    vertical, horizontal = Axis.vertical(geometry), Axis.horizontal(geometry)
    rows = [_slices(vertical, m) for m in range(geometry.kernel_height)]
    columns = [_slices(horizontal, n) for n in range(geometry.kernel_width)]
    return [
        (float(kernel[m, n]), (row[0], column[0]), (row[1], column[1]))
        for m, row in enumerate(rows)
        for n, column in enumerate(columns)
        if row and column and kernel[m, n] != 0
    ]


def _slices(axis: Axis, tap: int) -> tuple[slice, slice] | None:
    cells, pixels = axis.outputs(tap), axis.pixels(tap)
    return (slice(cells.start, cells.stop), slice(pixels.start, pixels.stop, pixels.step)) if cells else None


def image_array(x: NDArray[np.generic], geometry: Geometry) -> Floats:
    """*x* as float64; an InputError unless it has the geometry's shape."""
    if x.shape != geometry.image_shape:
        raise InputError(f"The image is {'×'.join(map(str, x.shape))}, expected {geometry.height}×{geometry.width}.")
    return np.asarray(x, dtype=np.float64)
