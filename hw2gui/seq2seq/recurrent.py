"""A recurrent network in both directions over sentences of different lengths. Only for the processes that compute: it imports torch.

What PyTorch's packed sequences compute, at twice to three times their speed on a processor, where oneDNN takes whole rectangles only. Each
direction reads its sentences aligned at their ends, so that padding comes first, and a further input feature, 1 at padding, shuts the gate
through which anything could enter the state: it is 0 when the sentence begins.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

SHUT = 1e4
"""Added to a gate before its sigmoid, this leaves exactly 0 or 1 in single and double precision."""

FEATURES = 16
"""Input features added, of which one is used: oneDNN is much slower on sizes that are no multiple of 16."""


def both_ways(network: nn.LSTM | nn.GRU, inputs: Tensor, lengths: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
    """What a bidirectional, batch-first *network* makes of packed inputs (B, S, D), whatever they hold behind their *lengths* (B,).

    Answers its outputs (B, S, 2H), forward beside backward, 0 at padding, and the parts of its final state, each (2L, B, H).
    """
    at = torch.arange(inputs.shape[1], device=inputs.device)
    padding = (at >= lengths[:, None]).to(inputs.dtype)  # (B, S)
    late, early = ((at + shift[:, None]) % len(at) for shift in (lengths, -lengths))  # (B, S): to the right edge, and back
    finals: list[tuple[Tensor, ...]] = []
    for layer in range(network.num_layers):
        forward, forward_final = _one_way(network, 2 * layer, _moved(inputs, late), padding.flip(1))
        backward, backward_final = _one_way(network, 2 * layer + 1, inputs.flip(1), padding.flip(1))
        inputs = torch.cat([_moved(forward, early), backward.flip(1)], dim=-1)  # (B, S, 2H)
        finals += [forward_final, backward_final]
        if layer + 1 < network.num_layers:
            inputs = functional.dropout(inputs, network.dropout, network.training)
    return inputs, tuple(torch.cat(parts) for parts in zip(*finals, strict=True))


def _one_way(network: nn.LSTM | nn.GRU, number: int, inputs: Tensor, padding: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Direction *number* of *network* over *inputs* (B, S, D), padding first: outputs (B, S, H) and final state parts (1, B, H)."""
    from_inputs, from_state, *biases = network.all_weights[number]
    hidden = network.hidden_size
    inputs = functional.pad(inputs, (0, FEATURES))  # (B, S, D + 16)
    inputs[..., -FEATURES] = padding
    shut = from_inputs.new_zeros(len(from_inputs), FEATURES)
    zeros = inputs.new_zeros(1, len(inputs), hidden)
    options = (True, 1, 0.0, network.training, False, True)  # biases, layers, dropout, training, bidirectional, batch first
    if isinstance(network, nn.LSTM):
        shut[:hidden, 0] = -SHUT  # the input gate: c stays 0, and so does h
        weights = [torch.cat([from_inputs, shut], dim=1), from_state, *biases]
        outputs, *final = torch.lstm(inputs, (zeros, zeros), weights, *options)
    else:
        shut[hidden : 2 * hidden, 0] = SHUT  # the update gate: h stays as it is, 0
        weights = [torch.cat([from_inputs, shut], dim=1), from_state, *biases]
        outputs, *final = torch.gru(inputs, zeros, weights, *options)
    return outputs, tuple(final)


def _moved(inputs: Tensor, order: Tensor) -> Tensor:
    """The positions of each sentence (B, S, D) in its own *order* (B, S)."""
    rows = torch.arange(len(order), device=order.device)[:, None] * order.shape[1]
    return functional.embedding(rows + order, inputs.flatten(0, 1))  # a look-up by row, the quickest there and back
