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


def both_ways(network: nn.LSTM | nn.GRU, inputs: Tensor, lengths: Tensor, first: int = 0) -> tuple[Tensor, tuple[Tensor, ...]]:
    """What a bidirectional, batch-first *network* makes of packed inputs (B, S, D), whatever they hold behind their *lengths* (B,).

    Answers its outputs (B, S, 2H), forward beside backward, 0 at padding, and the parts of its final state, each (2L, B, H). Begins with
    its layer *first*, whose inputs these are then.
    """
    at = torch.arange(inputs.shape[1], device=inputs.device)
    padding = (at >= lengths[:, None]).to(inputs.dtype)  # (B, S)
    late, early = ((at + shift[:, None]) % len(at) for shift in (lengths, -lengths))  # (B, S): to the right edge, and back
    finals: list[tuple[Tensor, ...]] = []
    for layer in range(first, network.num_layers):
        forward, forward_final = _one_way(network, 2 * layer, _moved(inputs, late), padding.flip(1))
        backward, backward_final = _one_way(network, 2 * layer + 1, inputs.flip(1), padding.flip(1))
        inputs = torch.cat([_moved(forward, early), backward.flip(1)], dim=-1)  # (B, S, 2H)
        finals += [forward_final, backward_final]
        if layer + 1 < network.num_layers:
            inputs = functional.dropout(inputs, network.dropout, network.training)
    return inputs, tuple(torch.cat(parts) for parts in zip(*finals, strict=True))


def both_ways_of_symbols(
    network: nn.LSTM | nn.GRU, embeddings: Tensor, symbols: Tensor, lengths: Tensor
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """The same of the *embeddings* (V, D) of *symbols* (B, S), 0 being padding; for small alphabets and without gradients.

    The first layer reads one-hot rows: from a table of what each symbol adds to the gates, where padding shuts its gate itself.
    """
    at = torch.arange(symbols.shape[1], device=symbols.device)
    late, early = ((at + shift[:, None]) % len(at) for shift in (lengths, -lengths))
    forward, forward_final = _of_symbols(network, 0, embeddings, symbols.gather(1, late))
    backward, backward_final = _of_symbols(network, 1, embeddings, symbols.flip(1))
    outputs = torch.cat([_moved(forward, early), backward.flip(1)], dim=-1)  # (B, S, 2H)
    if network.num_layers == 1:
        return outputs, tuple(torch.cat(parts) for parts in zip(forward_final, backward_final, strict=True))
    above, final = both_ways(network, outputs, lengths, first=1)
    return above, tuple(torch.cat(parts) for parts in zip(forward_final, backward_final, final, strict=True))


def _of_symbols(network: nn.LSTM | nn.GRU, number: int, embeddings: Tensor, symbols: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
    table = network.all_weights[number][0] @ embeddings.T  # (gates, V)
    table[:, 0] = _shut(network, table)
    table = functional.pad(table, (0, -len(embeddings) % FEATURES))
    inputs = table.new_zeros(*symbols.shape, table.shape[1]).scatter_(2, symbols[..., None], 1.0)
    return _run(network, number, table, inputs)


def _one_way(network: nn.LSTM | nn.GRU, number: int, inputs: Tensor, padding: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Direction *number* of *network* over *inputs* (B, S, D), padding first: outputs (B, S, H) and final state parts (1, B, H)."""
    from_inputs = network.all_weights[number][0]
    inputs = functional.pad(inputs, (0, FEATURES))  # (B, S, D + 16)
    inputs[..., -FEATURES] = padding
    shut = from_inputs.new_zeros(len(from_inputs), FEATURES)
    shut[:, 0] = _shut(network, from_inputs)
    return _run(network, number, torch.cat([from_inputs, shut], dim=1), inputs)


def _shut(network: nn.LSTM | nn.GRU, like: Tensor) -> Tensor:
    """What is added to the gates (gates,) so that a state that is 0 stays 0: an LSTM's input gate shut, or a GRU's update gate."""
    hidden, shut = network.hidden_size, like.new_zeros(len(like))
    if isinstance(network, nn.LSTM):
        shut[:hidden] = -SHUT  # c stays 0, and so does h
    else:
        shut[hidden : 2 * hidden] = SHUT  # h stays as it is, 0
    return shut


def _run(network: nn.LSTM | nn.GRU, number: int, from_inputs: Tensor, inputs: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Direction *number* of *network*, reading *inputs* (B, S, D') by the weights *from_inputs* (gates, D'), from a state of zeros."""
    weights = [from_inputs, *network.all_weights[number][1:]]
    zeros = inputs.new_zeros(1, len(inputs), network.hidden_size)
    options = (True, 1, 0.0, network.training, False, True)  # biases, layers, dropout, training, bidirectional, batch first
    if isinstance(network, nn.LSTM):
        outputs, *final = torch.lstm(inputs, (zeros, zeros), weights, *options)
    else:
        outputs, *final = torch.gru(inputs, zeros, weights, *options)
    return outputs, tuple(final)


def _moved(inputs: Tensor, order: Tensor) -> Tensor:
    """The positions of each sentence (B, S, D) in its own *order* (B, S)."""
    rows = torch.arange(len(order), device=order.device)[:, None] * order.shape[1]
    return functional.embedding(rows + order, inputs.flatten(0, 1))  # a look-up by row, the quickest there and back
