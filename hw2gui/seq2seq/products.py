"""Products with weights, as quick as the processor allows. Only for the processes that compute: it imports torch."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

ROWS = 32
"""Rows of inputs from which on oneDNN pays: it takes longer to begin."""

_onednn: Any = getattr(torch.ops.mkldnn, "_linear_pointwise", None)  # there where PyTorch was built with oneDNN


def linear(inputs: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``functional.linear`` without gradients: inputs (…, D), weight (O, D) and bias (O,) to (…, O).

    PyTorch leaves it to MKL, which on other processors than Intel's reaches half of oneDNN's speed; where oneDNN is at hand, it is used.
    It is slow itself on weights that do not lie row by row: those are copied.
    """
    if _onednn is None or inputs.dtype != torch.float32 or inputs.device.type != "cpu" or inputs.numel() < ROWS * inputs.shape[-1]:
        return functional.linear(inputs, weight, bias)
    product: Tensor = _onednn(inputs.contiguous(), weight.contiguous(), bias, "none", [], "")
    return product
