"""Dropout whose random numbers cost a quarter of the usual. Only for the processes that compute: it imports torch."""

from __future__ import annotations

import torch
from torch import Tensor, nn

LEVELS = 1 << 16
"""An element is kept where its 16 random bits are a number from the threshold on."""


class Dropout(nn.Dropout):
    """Sets each element to 0 with probability p and divides the others by what is kept on average.

    On a processor PyTorch draws one number an element, which takes longer here than the homework's whole attention. This draws 64 bits
    for four elements (from the same generator), so p is rounded to a multiple of 1/65536. Elsewhere it is PyTorch's own.
    """

    def forward(self, inputs: Tensor) -> Tensor:
        """Any shape to the same shape."""
        threshold = round(self.p * LEVELS)
        if not self.training or threshold == 0 or threshold == LEVELS or inputs.device.type != "cpu":
            return super().forward(inputs)
        count = inputs.numel()
        bits = torch.empty(-(-count // 4), dtype=torch.int64).random_(-(2**63), None).view(torch.int16)[:count]
        kept = bits.view(inputs.shape) >= threshold - LEVELS // 2  # 16 bits read as -32768 to 32767
        return inputs * kept.to(inputs.dtype).mul_(LEVELS / (LEVELS - threshold))
