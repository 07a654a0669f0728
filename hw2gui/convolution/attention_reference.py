"""Attention over pixels against torch's scaled_dot_product_attention. torch is imported by the functions, for the worker and the shell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hw2gui.arrays import Floats, Ints
from hw2gui.convolution.attention import PixelAttention

ALL_ROWS = 4096
"""Up to so many pixels every row is compared."""

SOME_ROWS = 256
"""Of a larger image so many rows, evenly spread."""

_BLOCK = 1 << 22
"""Entries of P torch makes at once: 32 MiB."""


@dataclass(frozen=True)
class AttentionCheck:
    """The largest |Z − torch's Z| over ``rows`` of the ``size`` pixels."""

    max_abs_error: float
    rows: int
    size: int


def torch_attention(attention: PixelAttention, rows: Ints) -> Floats:
    """Z at the places *rows* of vec(x), by torch in float64, some rows of P at a time."""
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    keys = torch.from_numpy(np.ascontiguousarray(attention.vector)).reshape(1, 1, -1, 1)
    parts = []
    for block in np.array_split(rows, max(1, -(-len(rows) * attention.size // _BLOCK))):
        queries = keys[:, :, torch.from_numpy(block)]
        # d_K = 1, so the usual 1/√d_K is 1; the temperature takes its place.
        parts.append(scaled_dot_product_attention(queries, keys, keys, scale=1.0 / attention.temperature).reshape(-1).numpy())
    return np.concatenate(parts)


def check_attention(attention: PixelAttention) -> AttentionCheck:
    """Compare Z from the grey levels with torch's, in float64."""
    count = attention.size if attention.size <= ALL_ROWS else SOME_ROWS
    rows = np.linspace(0, attention.size - 1, count).astype(np.int64)
    ours = attention.output().reshape(-1, order="C" if attention.order == "row" else "F")[rows]
    return AttentionCheck(float(np.abs(ours - torch_attention(attention, rows)).max()), len(rows), attention.size)
