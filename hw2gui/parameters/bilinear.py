"""Bilinear attention as a PyTorch module: ``codegen`` pastes the class from here and ``verify`` runs it."""

from __future__ import annotations

import torch
from torch import nn


class BilinearAttention(nn.Module):
    """z = W_qᵀq, s_i = zᵀh_i, p = softmax(s), c = Σ p_i h_i, a = tanh(W_oᵀ[q; c] + b)."""

    def __init__(self, query_size: int, memory_size: int, out_features: int, bias: bool = True) -> None:
        super().__init__()
        self.compare = nn.Linear(query_size, memory_size, bias=False)
        self.mix = nn.Linear(query_size + memory_size, out_features, bias=bias)

    def forward(self, query: torch.Tensor, memory: torch.Tensor, real: torch.Tensor | None = None) -> torch.Tensor:
        """Query (batch, T, query_size), memory (batch, S, memory_size), real (batch, S) False at padding: (batch, T, out_features)."""
        scores = self.compare(query) @ memory.transpose(1, 2)  # (batch, T, S)
        if real is not None:
            scores = scores.masked_fill(~real.unsqueeze(1), float("-inf"))
        context = scores.softmax(dim=-1) @ memory  # (batch, T, memory_size)
        return torch.tanh(self.mix(torch.cat([query, context], dim=-1)))
