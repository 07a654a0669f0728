"""The same things by torch, to check against: its convolution, its Jacobian, its transposed convolution.

Every function takes plain arrays and the frozen geometry, gives plain numbers and imports torch inside: they run in the worker
process. Both sides are float64, so the error is rounding only, about 10⁻¹⁵ times the sums' size.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hw2gui.arrays import Floats, Ints
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.convolution.window import image_array

if TYPE_CHECKING:
    from torch import Tensor

MAX_CHECKED = 2**25
"""The most products (rows × taps) a check computes from the matrix: about a second. Beyond, rows are left out evenly."""
MAX_JACOBIAN = 2**22
"""The most entries of M for which torch's whole Jacobian is taken; beyond, one pixel's column."""
_PRODUCTS_AT_ONCE = 2**20


def max_abs_error(x: NDArray[np.generic], kernel: Floats, geometry: Geometry) -> float:
    """The greatest |M vec(x) − vec(conv2d(x))|, the left side really computed from rows of M, never by sliding a window.

    All rows are compared when they have at most ``MAX_CHECKED`` products together, else every k-th (``checked_rows``).
    """
    matrix, rows = ConvolutionMatrix(geometry, kernel), checked_rows(geometry)
    z = geometry.vec(torch_convolution(x, kernel, geometry))[rows]
    return _greatest(np.abs(_rows_times(matrix, rows, geometry.vec(image_array(x, geometry))) - z))


def checked_rows(geometry: Geometry) -> Ints:
    """The rows of M that ``max_abs_error`` and ``transpose_error`` compute: all of them, or evenly spaced ones of a very large product."""
    taps = geometry.kernel_height * geometry.kernel_width
    step = -(-geometry.matrix_rows * taps // MAX_CHECKED)
    # Without a common divisor the steps come by every row and every column of z.
    while gcd(step, geometry.output_width) > 1 or gcd(step, geometry.output_height) > 1:
        step += 1
    return np.arange(0, geometry.matrix_rows, step)


def jacobian_error(x: NDArray[np.generic], kernel: Floats, geometry: Geometry, pixel: tuple[int, int] = (0, 0)) -> float:
    """The greatest difference between M and torch's Jacobian ∂ vec(z)/∂ vec(x) at the image *x*.

    The whole Jacobian by automatic differentiation when M has at most ``MAX_JACOBIAN`` entries; else its column of *pixel* (γ, δ).
    """
    import torch
    from torch.autograd import functional

    # torch does not type these functions.
    autograd: Any = functional
    matrix = ConvolutionMatrix(geometry, kernel)
    image = torch.from_numpy(image_array(x, geometry).copy())

    def convolution(image: Tensor) -> Tensor:
        return _convolve(image, kernel, geometry)

    if matrix.shape[0] * matrix.shape[1] <= MAX_JACOBIAN:
        jacobian = autograd.jacobian(convolution, image).numpy().reshape(matrix.shape)
        rows = geometry.vec(np.arange(matrix.shape[0]).reshape(geometry.output_shape))
        columns = geometry.vec(np.arange(matrix.shape[1]).reshape(geometry.image_shape))
        return _greatest(np.abs(matrix.dense() - jacobian[np.ix_(rows, columns)]))
    direction = torch.zeros_like(image)
    direction[pixel] = 1.0
    _, pushed = autograd.jvp(convolution, image, direction)
    column = np.zeros(geometry.matrix_rows)
    touched, values = matrix.column(geometry.column_of_pixel(*pixel))
    column[touched] = values
    return _greatest(np.abs(column - geometry.vec(pushed.numpy())))


def transpose_error(g: NDArray[np.generic], kernel: Floats, geometry: Geometry) -> float:
    """The greatest |Mᵀ vec(g) − vec(conv_transpose2d(g))| over the pixels, the left side from the rows of M.

    Where M is too large for all rows (``checked_rows``), g counts as 0 in the others, on both sides.
    """
    matrix, rows = ConvolutionMatrix(geometry, kernel), checked_rows(geometry)
    kept = np.zeros(geometry.matrix_rows)
    kept[rows] = geometry.vec(np.asarray(g, dtype=np.float64))[rows]
    product = _transpose_times(matrix, rows, kept)
    image = torch_transposed_convolution(geometry.unvec_output(kept), kernel, geometry)
    return _greatest(np.abs(product - geometry.vec(image)))


def torch_convolution(x: NDArray[np.generic], kernel: Floats, geometry: Geometry) -> Floats:
    """The output z (H'×W') by torch.nn.functional.conv2d in float64."""
    import torch

    with torch.no_grad():
        z: Floats = _convolve(torch.from_numpy(image_array(x, geometry).copy()), kernel, geometry).numpy()
    return z


def torch_transposed_convolution(g: NDArray[np.generic], kernel: Floats, geometry: Geometry) -> Floats:
    """Mᵀg as an image (H×W) by torch.nn.functional.conv_transpose2d in float64.

    conv_transpose2d gives the smallest padded image with such a z: the discarded border is put back as ``output_padding``,
    then the padding is cut off.
    """
    import torch
    from torch.nn.functional import conv_transpose2d

    cells = torch.from_numpy(np.array(g, dtype=np.float64))[None, None]
    border = geometry.discarded_rows, geometry.discarded_columns
    with torch.no_grad():
        padded = conv_transpose2d(
            cells, _weights(kernel, geometry), stride=geometry.stride, output_padding=border, dilation=geometry.dilation
        )
    top, left = geometry.padding.top, geometry.padding.left
    image: Floats = padded[0, 0, top : top + geometry.height, left : left + geometry.width].numpy()
    return image


def _convolve(image: Tensor, kernel: Floats, geometry: Geometry) -> Tensor:
    from torch.nn.functional import conv2d, pad

    sides = geometry.padding
    padded = pad(image[None, None], (sides.left, sides.right, sides.top, sides.bottom))
    return conv2d(padded, _weights(kernel, geometry), stride=geometry.stride, dilation=geometry.dilation)[0, 0]


def _weights(kernel: Floats, geometry: Geometry) -> Tensor:
    import torch

    weights = torch.from_numpy(np.array(kernel, dtype=np.float64))[None, None]
    return torch.flip(weights, (2, 3)) if geometry.flipped else weights


def _rows_times(matrix: ConvolutionMatrix, rows: Ints, x: Floats) -> Floats:
    """M x for these rows."""
    return np.concatenate([(values * x[columns]).sum(axis=1) for _, columns, values in _blocks(matrix, rows)])


def _transpose_times(matrix: ConvolutionMatrix, rows: Ints, g: Floats) -> Floats:
    """Mᵀ g from these rows alone."""
    image = np.zeros(matrix.shape[1])
    for block, columns, values in _blocks(matrix, rows):
        image += np.bincount(columns.reshape(-1), weights=(values * g[block, None]).reshape(-1), minlength=image.size)
    return image


def _blocks(matrix: ConvolutionMatrix, rows: Ints) -> Iterator[tuple[Ints, Ints, Floats]]:
    """Some rows at a time with the columns their windows read and the values there, (rows, taps); padding is column 0 with value 0."""
    size = max(1, _PRODUCTS_AT_ONCE // matrix.kernel.size)
    weights = matrix.kernel.reshape(-1)
    for start in range(0, len(rows), size):
        block = rows[start : start + size]
        columns, taps = matrix.row_entries(block)
        inside = taps >= 0
        yield block, np.where(inside, columns, 0), np.where(inside, weights[taps], 0.0)


def _greatest(errors: Floats) -> float:
    return float(errors.max())
