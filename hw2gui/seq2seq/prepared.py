"""The decoder made ready for a search: what does not depend on the step is computed once. For the processes that compute.

One step costs less than half of `Decoder.step`, whose results it has, to rounding:

- The first layer reads its input as a one-hot row, from a table of what every symbol adds to its gates: E Wᵀ, (V, gates).
- Scores are q·(W_qᵀh): the source's states are taken through W_q once, not every query. Likewise W_o[q; c] = W_o₁q + Σ p W_o₂h.
- The state lies flat, (L, N, H), as the recurrent network wants it.

Shapes as in `search`; N = A·K rows.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from hw2gui.seq2seq.model import Decoder, Memory, Override, State

MULTIPLE = 8
"""Sources are lengthened to a multiple of so many positions, closed to attention."""


class Prepared:
    """*decoder* (in evaluation mode) for the sentences of *memory*. The state carried on is the caller's: flat parts (L, N, H)."""

    def __init__(self, decoder: Decoder, memory: Memory) -> None:
        self._decoder, self._network = decoder, decoder.recurrent
        weights: list[Tensor] = [weight for layer in self._network.all_weights for weight in layer]
        first, *others = weights
        symbols, hidden = decoder.embedding.weight.shape
        # A one-hot row is as long as the alphabet: no gain where that is larger than an embedding.
        self._symbols = symbols if symbols <= hidden else None
        if self._symbols is not None:
            table = first[:, :hidden] @ decoder.embedding.weight.T  # (gates, V)
            first = torch.cat([table, first[:, hidden:]], dim=1)  # behind it what input feeding reads
        self._weights: list[Tensor] = [first, *others]
        self._attention = _Attention(decoder, memory) if decoder.attention is not None else None

    def start(self, memory: Memory) -> State:
        """The state of one hypothesis a sentence, from which all others come."""
        return tuple(part.flatten(1, 2) for part in self._decoder.start(memory, 1))

    def keep(self, kept: Tensor) -> None:
        """Only the sentences *kept* (by number) go on."""
        if self._attention is not None:
            self._attention.keep(kept)

    def step(self, symbols: Tensor, state: State, override: Override | None = None) -> tuple[Tensor, State, Tensor | None]:
        """After *symbols* (A, K): the logits of the next (A, K, V), the state (L, A·K, H), the attention (A, K, S), if any."""
        read = symbols.flatten()
        if self._symbols is None:
            inputs = functional.embedding(read, self._decoder.embedding.weight)
        else:
            inputs = self._weights[0].new_zeros(len(read), self._symbols).scatter_(1, read[:, None], 1.0)
        if self._decoder.feeding:
            *parts, fed = state
            inputs, state = torch.cat([inputs, fed[0]], dim=-1), tuple(parts)
        outputs, state = self._recur(inputs[:, None], state)  # (N, 1, H)
        outputs, weights = outputs.view(*symbols.shape, -1), None
        if self._attention is not None:
            outputs, weights = self._attention(outputs, override)
        if self._decoder.feeding:
            state = (*state, outputs.flatten(0, 1)[None])
        logits: Tensor = self._decoder.output(outputs)
        return logits, state, weights

    def _recur(self, inputs: Tensor, state: State) -> tuple[Tensor, State]:
        options = (True, self._network.num_layers, 0.0, False, False, True)  # biases, layers, dropout, training, both ways, batch first
        if isinstance(self._network, nn.LSTM):
            outputs, h, c = torch.lstm(inputs, state, self._weights, *options)
            return outputs, (h, c)
        outputs, h = torch.gru(inputs, state[0], self._weights, *options)
        return outputs, (h,)


class _Attention:
    """Bilinear attention over the same sources at every step."""

    def __init__(self, decoder: Decoder, memory: Memory) -> None:
        attention = decoder.attention
        assert attention is not None
        hidden, self._length = decoder.hidden, memory.states.shape[1]
        # Small products of sizes that are multiples of 8 are up to three times as quick.
        more = -self._length % MULTIPLE
        states, real = functional.pad(memory.states, (0, 0, 0, more)), functional.pad(memory.real, (0, more))
        self._keys = (states @ attention.query.weight).transpose(1, 2).contiguous()  # (A, H, S')
        self._values = functional.linear(states, attention.output.weight[:, hidden:])  # (A, S', H)
        self._closed = torch.zeros_like(real, dtype=states.dtype).masked_fill_(~real, -torch.inf)[:, None]  # (A, 1, S')
        self._weight, self._bias = attention.output.weight[:, :hidden].contiguous(), attention.output.bias

    def keep(self, kept: Tensor) -> None:
        self._keys, self._values, self._closed = self._keys[kept], self._values[kept], self._closed[kept]

    def __call__(self, queries: Tensor, override: Override | None) -> tuple[Tensor, Tensor]:
        """Queries (A, K, H) to a (A, K, H) and p (A, K, S)."""
        weights = torch.baddbmm(self._closed, queries, self._keys).softmax(dim=-1)
        if override is not None:
            weights = functional.pad(override(weights[..., : self._length]), (0, weights.shape[-1] - self._length))
        attended = functional.linear(queries, self._weight, self._bias).baddbmm_(weights, self._values)
        return _tanh(attended), weights[..., : self._length]


def _tanh(inputs: Tensor) -> Tensor:
    """2σ(2x) − 1: where tanh is left to MKL, PyTorch's own sigmoid is ten times as quick. Changes *inputs*."""
    return inputs.mul_(2).sigmoid_().mul_(2).sub_(1)
