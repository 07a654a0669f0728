"""Attention over the pixels on screen, computed from what was chosen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hw2gui.convolution.attention import PixelAttention
from hw2gui.convolution.state import ConvolutionState

Floats = NDArray[np.float64]

PERMUTATION_SEED = 0
"""The one fixed shuffle of the pixels, the same at every start."""


@dataclass(frozen=True, eq=False)
class AttentionScene:
    """Attention over the pixels of *image* (H, W), permuted or not."""

    image: Floats
    attention: PixelAttention
    base: int


def permutation(size: int) -> NDArray[np.int64]:
    """The one fixed shuffle of *size* pixels."""
    return np.random.default_rng(PERMUTATION_SEED).permutation(size)


def resolve_attention(state: ConvolutionState, image: Floats) -> AttentionScene:
    """The attention scene of *state* with the pixels *image*."""
    shown = image.reshape(-1)[permutation(image.size)].reshape(image.shape) if state.permuted else image
    attention = PixelAttention(shown, scale=state.attention_scale, temperature=state.temperature, order=state.order)
    return AttentionScene(shown, attention, state.base)
