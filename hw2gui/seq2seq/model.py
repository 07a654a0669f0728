"""The encoder and decoder in PyTorch. Only for the processes that compute: it imports torch.

Shapes: B sentences, S source symbols, T target symbols, K hypotheses a sentence, L recurrent layers, H the hidden size, V target symbols.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from hw2gui.errors import InputError
from hw2gui.seq2seq.dropout import Dropout
from hw2gui.seq2seq.network import Network
from hw2gui.seq2seq.recurrent import both_ways, both_ways_of_symbols
from hw2gui.seq2seq.vocabulary import PAD

Override = Callable[[Tensor], Tensor]
"""Attention (B, K, S) to the attention that is used in its place."""

State = tuple[Tensor, ...]
"""What a recurrent network carries on, each (L, B, H) or (L, B, K, H): (h, c) of an LSTM, (h,) of a GRU."""


@dataclass(frozen=True, eq=False)
class Memory:
    """What the encoder leaves of a batch: its states (B, S, H), which of them are real and not padding (B, S), and its final state."""

    states: Tensor
    real: Tensor
    final: State

    def rows(self, which: Tensor) -> Memory:
        """The sentences *which* (N,)."""
        return Memory(self.states[which], self.real[which], tuple(part[:, which] for part in self.final))


class Encoder(nn.Module):
    """Embedding → dropout → bidirectional recurrent network → dropout."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        hidden = network.hidden
        self._small_alphabet = network.source_symbols <= hidden
        self.embedding = nn.Embedding(network.source_symbols, hidden, padding_idx=PAD)
        self.recurrent = _recurrent(network, hidden, hidden // 2, bidirectional=True)
        self.dropout = Dropout(network.model.dropout)

    def forward(self, source: Tensor, lengths: Tensor) -> Memory:
        """Source symbols (B, S), padded behind, and their true *lengths* (B,), at least 1."""
        if self.training or torch.is_grad_enabled() or not self._small_alphabet:
            states, final = both_ways(self.recurrent, self.dropout(self.embedding(source)), lengths)  # (B, S, H)
        else:
            states, final = both_ways_of_symbols(self.recurrent, self.embedding.weight, source, lengths)
        return Memory(self.dropout(states), source != PAD, tuple(_joined(part) for part in final))


class BilinearAttention(nn.Module):
    """z = W_qᵀq, s_i = zᵀh_i, p = softmax(s) over real positions, c = Σ p_i h_i, a = tanh(W_oᵀ[q; c] + b)."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.query = nn.Linear(hidden, hidden, bias=False)  # W_q
        self.output = nn.Linear(2 * hidden, hidden)  # W_o, b

    def forward(self, queries: Tensor, memory: Memory, override: Override | None = None) -> tuple[Tensor, Tensor]:
        """Queries (B, K, H), all at once, to a (B, K, H) and p (B, K, S)."""
        scores = self.query(queries) @ memory.states.transpose(1, 2)  # (B, K, S)
        weights = scores.masked_fill(~memory.real[:, None], -torch.inf).softmax(dim=-1)
        if override is not None:
            weights = override(weights)
        context = weights @ memory.states  # (B, K, H)
        return torch.tanh(self.output(torch.cat([queries, context], dim=-1))), weights


class Decoder(nn.Module):
    """Embedding → dropout → recurrent network → attention, if any → dropout → output layer.

    `forward` takes whole sequences at once where the attention's output is not fed back; `step` takes one symbol and carries the state on.
    """

    def __init__(self, network: Network) -> None:
        super().__init__()
        hidden = network.hidden
        self.hidden, self.feeding = hidden, network.model.input_feeding
        self.embedding = nn.Embedding(network.target_symbols, hidden, padding_idx=PAD)
        self.recurrent = _recurrent(network, 2 * hidden if self.feeding else hidden, hidden)
        self.attention = BilinearAttention(hidden) if network.attention else None
        self.dropout = Dropout(network.model.dropout)
        self.output = nn.Linear(hidden, network.target_symbols)
        if network.model.tied:
            self.output.weight = self.embedding.weight

    def start(self, memory: Memory, count: int) -> State:
        """The state from which *count* (K) hypotheses of each sentence begin, parts (L, B, K, H).

        With input feeding a last part (1, B, K, H) is the attention's output to be read next: zeros.
        """
        parts = tuple(part[:, :, None].repeat(1, 1, count, 1) for part in memory.final)
        return (*parts, torch.zeros_like(parts[0][:1])) if self.feeding else parts

    def forward(self, symbols: Tensor, memory: Memory, override: Override | None = None) -> tuple[Tensor, Tensor | None]:
        """Target symbols read (B, T), from START on, to the logits of the next ones (B, T, V) and the attention (B, T, S), if any."""
        if self.feeding:
            return self._stepwise(symbols, memory, override)
        outputs, _ = self.recurrent(self.dropout(self.embedding(symbols)), _from_tuple(memory.final))  # (B, T, H)
        return self._logits(outputs, memory, override)[:2]

    def step(self, symbols: Tensor, state: State, memory: Memory, override: Override | None = None) -> tuple[Tensor, State, Tensor | None]:
        """One symbol of each hypothesis (B, K): logits of the next (B, K, V), the state after it, and the attention (B, K, S), if any."""
        inputs = self.dropout(self.embedding(symbols))  # (B, K, H)
        if self.feeding:
            *parts, fed = state
            inputs, state = torch.cat([inputs, fed[0]], dim=-1), tuple(parts)
        flat = tuple(part.flatten(1, 2) for part in state)  # (L, B·K, H)
        outputs, after = self.recurrent(inputs.flatten(0, 1)[:, None], _from_tuple(flat))  # (B·K, 1, H)
        logits, weights, attended = self._logits(outputs.view(*symbols.shape, self.hidden), memory, override)
        carried = tuple(part.view(-1, *symbols.shape, self.hidden) for part in _as_tuple(after))
        return logits, (*carried, attended[None]) if self.feeding else carried, weights

    def _logits(self, outputs: Tensor, memory: Memory, override: Override | None) -> tuple[Tensor, Tensor | None, Tensor]:
        """Decoder outputs (B, K, H) to logits (B, K, V), attention (B, K, S), and what was attended (B, K, H)."""
        attended, weights = self.attention(outputs, memory, override) if self.attention else (outputs, None)
        return self.output(self.dropout(attended)), weights, attended

    def _stepwise(self, symbols: Tensor, memory: Memory, override: Override | None) -> tuple[Tensor, Tensor | None]:
        state, logits, weights = self.start(memory, 1), [], []
        for step in range(symbols.shape[1]):
            one, state, weight = self.step(symbols[:, step : step + 1], state, memory, override)
            logits.append(one)
            weights += [weight] if weight is not None else []
        return torch.cat(logits, dim=1), torch.cat(weights, dim=1) if weights else None


class Seq2Seq(nn.Module):
    """Both halves. `forward` is training's form: whole sequences, the true target read (teacher forcing)."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network
        self.encoder = Encoder(network)
        self.decoder = Decoder(network)

    def forward(self, source: Tensor, lengths: Tensor, read: Tensor) -> Tensor:
        """Source (B, S) with its lengths (B,) and the symbols read (B, T), START first, to logits of the next symbols (B, T, V)."""
        logits: Tensor = self.decoder(read, self.encoder(source, lengths))[0]
        return logits

    @property
    def device(self) -> torch.device:
        """Where its parameters lie."""
        return self.decoder.output.bias.device


def build(network: Network, seed: int | None = None) -> Seq2Seq:
    """The model with PyTorch's default weights, drawn from *seed*, or from the global generator where there is none.

    With a seed the global generator is left as it was.
    """
    if seed is None:
        return Seq2Seq(network)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Seq2Seq(network)


def load_weights(model: Seq2Seq, weights: Mapping[str, Tensor], source: str) -> None:
    """Put *weights*, by the names of its ``state_dict``, into *model*, converted to its type.

    InputError, naming *source*, where names or shapes are another network's, or tied weights differ; *model* is then as it was.
    """
    wanted = model.state_dict()
    missing, foreign = sorted(set(wanted) - set(weights)), sorted(set(weights) - set(wanted))
    if missing or foreign:
        what = f"lacks '{missing[0]}'" if missing else f"holds '{foreign[0]}', which the network has not"
        raise _misfit(source, f"it {what}")
    for name, tensor in wanted.items():
        if tensor.shape != weights[name].shape:
            found, right = ("×".join(map(str, one.shape)) for one in (weights[name], tensor))
            raise _misfit(source, f"'{name}' is {found}, not {right}")
        if not torch.isfinite(weights[name]).all():
            raise InputError(f"{source} holds numbers that are not finite in '{name}': its training broke down; choose another epoch")
    if model.network.model.tied and not torch.equal(weights["decoder.output.weight"], weights["decoder.embedding.weight"]):
        raise _misfit(source, "its tied weights differ")
    model.load_state_dict({name: weights[name].to(tensor.dtype) for name, tensor in wanted.items()})


def _misfit(source: str, why: str) -> InputError:
    return InputError(f"{source} does not fit its network ({why}): choose another model or train one")


def log_probabilities(logits: Tensor) -> Tensor:
    """Log-softmax of *logits* (…, symbols) over the last axis, in double precision: sums of many are the sums of what is printed."""
    return functional.log_softmax(logits.double(), dim=-1)


def _recurrent(network: Network, inputs: int, units: int, *, bidirectional: bool = False) -> nn.LSTM | nn.GRU:
    kind = nn.LSTM if network.model.cell == "LSTM" else nn.GRU
    between = network.model.dropout if network.model.layers > 1 else 0.0  # PyTorch warns of a dropout between layers that are not there
    return kind(inputs, units, network.model.layers, batch_first=True, dropout=between, bidirectional=bidirectional)


def _joined(part: Tensor) -> Tensor:
    """A bidirectional network's final state (2L, B, H/2), directions alternating, to (L, B, H)."""
    return torch.cat([part[0::2], part[1::2]], dim=-1)


def _as_tuple(state: Tensor | tuple[Tensor, Tensor]) -> State:
    return state if isinstance(state, tuple) else (state,)


def _from_tuple(state: State) -> Tensor | State:
    """What PyTorch wants: a pair for an LSTM, the tensor itself for a GRU; contiguous."""
    parts = tuple(part.contiguous() for part in state)
    return parts if len(parts) == 2 else parts[0]
