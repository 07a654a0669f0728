"""Mᵀ: the transposed convolution, which is the gradient with respect to the image; and nudging one pixel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hw2gui.arrays import Floats
from hw2gui.convolution.axis import Axis
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.window import convolve, image_array, tap_slices
from hw2gui.errors import InputError


def backproject(g: NDArray[np.generic], kernel: Floats, geometry: Geometry) -> Floats:
    """Mᵀ vec(g) as an image (H×W), for *g* of z's shape (H'×W'): every output cell lays its kernel, times g, back onto the image.

    Equal to the gradient of Σ g·z with respect to x. What would fall on the padding is dropped. InputError for another shape.
    """
    if g.shape != geometry.output_shape:
        raise InputError(f"g is {'×'.join(map(str, g.shape))}, expected z's shape {geometry.output_height}×{geometry.output_width}.")
    cells_of_z = np.asarray(g, dtype=np.float64)
    image = np.zeros(geometry.image_shape)
    for weight, cells, pixels in tap_slices(kernel, geometry):
        image[pixels] += weight * cells_of_z[cells]
    return image


def backproject_formula(geometry: Geometry, base: int = 1) -> str:
    """One entry of Mᵀg as a sentence, with the stride, padding and dilation there are; indices from *base* (1 or 0)."""
    weight = f"w({_turned('m', 'M', geometry, base)}, {_turned('n', 'N', geometry, base)})"
    row = _place("α", "m", geometry, geometry.padding.top, base)
    column = _place("β", "n", geometry, geometry.padding.left, base)
    return f"(Mᵀg)(γ, δ) is the sum of {weight}·g(α, β) over all output cells and taps with {row} = γ and {column} = δ."


def nudge(x: NDArray[np.generic], kernel: Floats, geometry: Geometry, pixel: tuple[int, int], epsilon: float) -> tuple[Floats, Floats]:
    """How z moves when *pixel* (γ, δ), 0-based, of *x* grows by *epsilon*: (Δz, the pixel's column of M), each H'×W'.

    Δz really is the difference of two convolutions; the column comes from the closed form of M. Δz/ε equals it up
    to rounding whatever the image, since z is linear in x: the columns of M are the Jacobian ∂z/∂x.
    """
    gamma, delta = pixel
    if not (0 <= gamma < geometry.height and 0 <= delta < geometry.width):
        raise InputError(f"Pixel row {gamma}, column {delta} (from 0) is outside the image of {geometry.height}×{geometry.width}.")
    before = image_array(x, geometry)
    after = before.copy()
    after[gamma, delta] += epsilon
    rows, alphas = Axis.vertical(geometry).readers(gamma)
    columns, betas = Axis.horizontal(geometry).readers(delta)
    column = np.zeros(geometry.output_shape)
    column[np.ix_(alphas, betas)] = kernel[np.ix_(rows, columns)]
    return convolve(after, kernel, geometry) - convolve(before, kernel, geometry), column


def _place(cell: str, tap: str, geometry: Geometry, before: int, base: int) -> str:
    """The pixel a tap lies on: s·cell + d·tap − p with base 0, s(cell − 1) + d(tap − 1) − p + 1 with base 1, as short as it gets."""
    constant = base - before
    terms = []
    for symbol, factor in ((cell, geometry.stride), (tap, geometry.dilation)):
        if factor == 1:
            terms.append(symbol)
            constant -= base
        else:
            terms.append(f"{factor}({symbol}−1)" if base else f"{factor}{symbol}")
    shift = f"+{constant}" if constant > 0 else f"−{-constant}" if constant < 0 else ""
    return "+".join(terms) + shift


def _turned(symbol: str, size: str, geometry: Geometry, base: int) -> str:
    if not geometry.flipped:
        return symbol
    return f"{size}+1−{symbol}" if base else f"{size}−1−{symbol}"
