"""The decoder made ready for a search: what does not depend on the step is computed once. For the processes that compute.

One step costs less than half of `Decoder.step`, whose results it has, to rounding:

- What every symbol adds to the gates of the first layer is looked up in a table: E Wᵀ + b, (V, gates).
- Scores are q·(W_qᵀh): the source's states are taken through W_q once, not every query. Likewise W_o[q; c] = W_o₁q + Σ p W_o₂h.
- PyTorch's recurrent networks put their weights in order at every call, for one step as for a thousand: here are the cells themselves.
- The state lies flat, (L, N, H).

Shapes as in `search`; N = A·K rows.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from hw2gui.seq2seq.model import Decoder, Memory, Override, State
from hw2gui.seq2seq.products import linear


class Prepared:
    """*decoder* (in evaluation mode) for the sentences of *memory*. The state carried on is the caller's: flat parts (L, N, H)."""

    def __init__(self, decoder: Decoder, memory: Memory) -> None:
        self._decoder, hidden = decoder, decoder.hidden
        self._layers: list[list[nn.Parameter]] = decoder.recurrent.all_weights  # of each: W, U, b, d
        self._lstm = isinstance(decoder.recurrent, nn.LSTM)
        first, _, bias, _ = self._layers[0]
        self._table = functional.linear(decoder.embedding.weight, first[:, :hidden], bias)  # (V, gates)
        self._fed = first[:, hidden:].contiguous()  # what reads the attention's last output, with input feeding
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
        gates = functional.embedding(symbols.flatten(), self._table)  # (N, gates)
        if self._decoder.feeding:
            *before, fed = state
            gates, state = gates.add_(linear(fed[0], self._fed)), tuple(before)
        after: list[State] = []
        for layer, parts in enumerate(zip(*state, strict=True)):
            after.append(self._cell(layer, gates, parts))
            if layer + 1 < len(self._layers):
                gates = linear(after[-1][0], self._layers[layer + 1][0], self._layers[layer + 1][2])
        state = tuple(torch.stack(part) for part in zip(*after, strict=True))
        outputs, weights = after[-1][0].view(*symbols.shape, -1), None
        if self._attention is not None:
            outputs, weights = self._attention(outputs, override)
        if self._decoder.feeding:
            state = (*state, outputs.flatten(0, 1)[None])
        return linear(outputs, self._decoder.output.weight, self._decoder.output.bias), state, weights

    def _cell(self, layer: int, gates: Tensor, state: State) -> State:
        """One step of a layer, given what its input adds to its *gates* (N, gates), which are changed; parts of the state are (N, H)."""
        _, weight, _, bias = self._layers[layer]
        from_state = linear(state[0], weight, bias)
        return _lstm(gates.add_(from_state), state[1]) if self._lstm else _gru(gates, from_state, state[0])


def _lstm(gates: Tensor, c: Tensor) -> State:
    """An LSTM's h' = o·tanh(c') and c' = f·c + i·g, of *gates* i, f, g, o (N, 4H) before their σ, of g: tanh. Changes *gates*."""
    candidates = gates.view(len(gates), 4, -1)[:, 2]
    candidates.mul_(2)
    gates.sigmoid_()
    i, f, _, o = gates.chunk(4, dim=1)
    c = torch.addcmul(f * c, i, candidates.mul_(2).sub_(1))
    return _tanh(c.clone()).mul_(o), c


def _gru(inputs: Tensor, states: Tensor, h: Tensor) -> State:
    """A GRU's h' = n + z·(h − n), n = tanh(x + r·s), of gates r, z, n: the sums of what *inputs* and *states* (N, 3H) add."""
    hidden = h.shape[1]
    r, z = (inputs[:, : 2 * hidden] + states[:, : 2 * hidden]).sigmoid_().chunk(2, dim=1)
    n = _tanh(torch.addcmul(inputs[:, 2 * hidden :], r, states[:, 2 * hidden :]))
    return (torch.lerp(n, h, z),)


class _Attention:
    """Bilinear attention over the same sources at every step."""

    def __init__(self, decoder: Decoder, memory: Memory) -> None:
        attention = decoder.attention
        assert attention is not None
        weight, hidden = attention.output.weight, decoder.hidden
        self._keys = linear(memory.states, attention.query.weight.T)  # (A, S, H)
        self._values = linear(memory.states, weight[:, hidden:])  # (A, S, H)
        self._closed = torch.zeros_like(memory.real, dtype=memory.states.dtype).masked_fill_(~memory.real, -torch.inf)[:, None]  # (A, 1, S)
        self._weight, self._bias = weight[:, :hidden].contiguous(), attention.output.bias

    def keep(self, kept: Tensor) -> None:
        self._keys, self._values, self._closed = (part.index_select(0, kept) for part in (self._keys, self._values, self._closed))

    def __call__(self, queries: Tensor, override: Override | None) -> tuple[Tensor, Tensor]:
        """Queries (A, K, H) to a (A, K, H) and p (A, K, S)."""
        weights = torch.baddbmm(self._closed, queries, self._keys.transpose(1, 2)).softmax(dim=-1)
        if override is not None:
            weights = override(weights)
        return _tanh(linear(queries, self._weight, self._bias).baddbmm_(weights, self._values)), weights


def _tanh(inputs: Tensor) -> Tensor:
    """2σ(2x) − 1: where tanh is left to MKL, PyTorch's own sigmoid is ten times as quick. Changes *inputs*."""
    return inputs.mul_(2).sigmoid_().mul_(2).sub_(1)
