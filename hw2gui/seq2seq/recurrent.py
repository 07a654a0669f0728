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
    """The same of the *embeddings* (V, D) of *symbols* (B, S), 0 being padding, whose outputs may be anything; without gradients.

    The first layer reads one-hot rows, from a table of what each symbol adds to the gates. Padding keeps the state as it is, behind a
    sentence and, read backwards, before it: both directions read the sentences where they lie.
    """
    hidden, weights = network.hidden_size, list[Tensor]()
    for number in (0, 1):
        from_inputs, *others = network.all_weights[number]
        table = from_inputs @ embeddings.T  # (gates, V)
        table[:, 0] = _kept(network, table)
        weights += [functional.pad(table, (0, -len(embeddings) % FEATURES)), *others]
    inputs = embeddings.new_zeros(*symbols.shape, weights[0].shape[1]).scatter_(2, symbols[..., None], 1.0)
    outputs, final = _run(network, weights, inputs)  # (B, S, 2H), parts (2, B, H)
    if isinstance(network, nn.LSTM):
        # At padding c stays, but not h = o·tanh(c): forwards, the last h is that of the last symbol.
        last = outputs[torch.arange(len(outputs), device=outputs.device), lengths - 1, :hidden]
        final = (torch.stack([last, final[0][1]]), final[1])
    if network.num_layers == 1:
        return outputs, final
    above, final_above = both_ways(network, outputs, lengths, first=1)
    return above, tuple(torch.cat(parts) for parts in zip(final, final_above, strict=True))


def _one_way(network: nn.LSTM | nn.GRU, number: int, inputs: Tensor, padding: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Direction *number* of *network* over *inputs* (B, S, D), padding first: outputs (B, S, H) and final state parts (1, B, H)."""
    from_inputs = network.all_weights[number][0]
    inputs = functional.pad(inputs, (0, FEATURES))  # (B, S, D + 16)
    inputs[..., -FEATURES] = padding
    shut = from_inputs.new_zeros(len(from_inputs), FEATURES)
    shut[:, 0] = _shut(network, from_inputs)
    return _run(network, [torch.cat([from_inputs, shut], dim=1), *network.all_weights[number][1:]], inputs)


def _shut(network: nn.LSTM | nn.GRU, like: Tensor) -> Tensor:
    """What is added to the gates (gates,) so that a state that is 0 stays 0: an LSTM's input gate shut, or a GRU's update gate."""
    hidden, shut = network.hidden_size, like.new_zeros(len(like))
    if isinstance(network, nn.LSTM):
        shut[:hidden] = -SHUT  # c stays 0, and so does h
    else:
        shut[hidden : 2 * hidden] = SHUT  # h stays as it is, 0
    return shut


def _kept(network: nn.LSTM | nn.GRU, like: Tensor) -> Tensor:
    """What is added to the gates (gates,) so that the state stays as it is, of an LSTM only c: `_shut`, and its forget gate open."""
    kept = _shut(network, like)
    if isinstance(network, nn.LSTM):
        kept[network.hidden_size : 2 * network.hidden_size] = SHUT
    return kept


def _run(network: nn.LSTM | nn.GRU, weights: list[Tensor], inputs: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
    """A layer like one of *network*'s, in as many directions as there are fours of *weights*, over *inputs* (B, S, D'), from zeros."""
    directions = len(weights) // 4
    zeros = inputs.new_zeros(directions, len(inputs), network.hidden_size)
    options = (True, 1, 0.0, network.training, directions == 2, True)  # biases, layers, dropout, training, bidirectional, batch first
    if isinstance(network, nn.LSTM):
        outputs, *final = torch.lstm(inputs, (zeros, zeros), weights, *options)
    else:
        outputs, *final = torch.gru(inputs, zeros, weights, *options)
    return outputs, tuple(final)


def _moved(inputs: Tensor, order: Tensor) -> Tensor:
    """The positions of each sentence (B, S, D) in its own *order* (B, S)."""
    rows = torch.arange(len(order), device=order.device)[:, None] * order.shape[1]
    return functional.embedding(rows + order, inputs.flatten(0, 1))  # a look-up by row, the quickest there and back
