"""Products with weights, as quick as the processor allows. Only for the processes that compute: it imports torch."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from hw2gui.training.products import onednn

ROWS = 32
"""Rows of inputs from which on oneDNN pays: it takes longer to begin."""


def linear(inputs: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``functional.linear`` without gradients: inputs (…, D), weight (O, D) and bias (O,) to (…, O).

    PyTorch leaves it to MKL, which on other processors than Intel's reaches half of oneDNN's speed; where oneDNN is at hand, it is used.
    It is slow itself on weights that do not lie row by row: those are copied.
    """
    quick = onednn() if inputs.dtype == torch.float32 and inputs.device.type == "cpu" else None
    if quick is None or inputs.numel() < ROWS * inputs.shape[-1]:
        return functional.linear(inputs, weight, bias)
    return quick(inputs.contiguous(), weight.contiguous().t(), bias)
