"""Attention over the pixels on screen, computed from what was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hw2gui.arrays import Floats
from hw2gui.convolution.attention import PixelAttention, equivariance_error, permute
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.grey_levels import GreyLevels
from hw2gui.convolution.sizes import Padding
from hw2gui.convolution.state import ConvolutionState
from hw2gui.convolution.window import convolve

CURVE_POINTS = 201
LARGEST_PERMUTED = 64 * 64


@dataclass(frozen=True, eq=False)
class AttentionScene:
    """x as it is attended to (H, W), its attention, and Z (H, W)."""

    image: Floats
    attention: PixelAttention
    output: Floats
    base: int
    permuted: bool

    @cached_property
    def brightest(self) -> int:
        """The place of the brightest pixel in vec(x), from 0."""
        return int(np.argmax(self.attention.vector))

    @property
    def largest_gap(self) -> float:
        """Max |Z − g(x')| over all pixels: Z against the tone curve's slope, computed another way (see :meth:`slope`)."""
        levels = self.attention.levels
        return float(np.max(np.abs(self.attention.tone_curve(levels) - self.slope(levels)), initial=0.0))

    def slope(self, ts: Floats) -> Floats:
        """d/dt of the potential T·log Σ_k exp(t x'_k/T) at each of *ts*, in their shape, by central differences."""
        step = 1e-4 * max(1.0, float(np.max(np.abs(self.attention.levels), initial=0.0)))
        return (self.attention.potential(ts + step) - self.attention.potential(ts - step)) / (2 * step)

    def curve(self) -> tuple[Floats, Floats]:
        """(t, g(t)) over the image's levels and a little beyond, for the plot."""
        low, high = float(self.attention.levels[0]), float(self.attention.levels[-1])
        margin = 0.1 * (high - low) if high > low else 1.0
        ts = np.linspace(low - margin, high + margin, CURVE_POINTS)
        return ts, self.attention.tone_curve(ts)


def resolve_attention(state: ConvolutionState, image: Floats, grey: GreyLevels | None = None) -> AttentionScene:
    """The attention scene of *state* with the pixels *image*; *grey* are their levels, when they are known from a scene before.

    Raises :class:`hw2gui.errors.InputError` when the scores would be too large for a number.
    """
    shown = permute(image)[0] if state.permuted else image
    known = grey if grey is not None else GreyLevels(shown, state.order)
    attention = PixelAttention(known, scale=state.attention_scale, temperature=state.temperature)
    return AttentionScene(attention.image, attention, attention.output(), state.base, state.permuted)


def permutation_gaps(state: ConvolutionState, scene: AttentionScene) -> tuple[float, float] | None:
    """How far attention, and the convolution with the chosen kernel (padding "same", stride 1), are from moving along with a permutation
    of the pixels: max |f(permuted x) − permuted f(x)| of each. None for an image too large to do it at once.
    """
    x = scene.image
    if x.size > LARGEST_PERMUTED:
        return None
    order = permute(x)[1]
    kernel = state.kernel
    geometry = Geometry(
        x.shape[0], x.shape[1], kernel.shape[0], kernel.shape[1], padding=Padding.same(*kernel.shape), flipped=state.flipped
    )

    def attend(pixels: Floats) -> Floats:
        return PixelAttention(pixels, temperature=state.temperature).output()

    return equivariance_error(attend, x, order), equivariance_error(lambda pixels: convolve(pixels, kernel, geometry), x, order)
