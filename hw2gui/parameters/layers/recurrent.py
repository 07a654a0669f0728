"""Embedding, LSTM and GRU: from whole numbers to vectors, and along a sequence."""
# ruff: noqa: D102  (the overridden methods are documented by Layer)

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hw2gui.parameters.expressions import ZERO, Expr, Formula, Number, Symbol
from hw2gui.parameters.layers.base import (
    Call,
    Cell,
    Change,
    Context,
    Family,
    Layer,
    MisfitError,
    Mixing,
    Shape,
    State,
    sequence_sizes,
    without_defaults,
)
from hw2gui.parameters.layers.fields import Pair, choice, frozen_switch, integer, switch


@dataclass(frozen=True)
class Embedding(Layer):
    """One learned vector for each symbol."""

    num_embeddings: int = integer("Vocabulary", 34, "How many different symbols there are.", required=True)
    embedding_dim: int = integer("Features", 128, "How long the vector of each symbol is.", required=True)
    frozen: bool = frozen_switch()

    family: ClassVar[Family] = "sequence"
    stem: ClassVar[str] = "embedding"
    summary: ClassVar[str] = "Looks up a learned vector for each symbol."
    weights_note: ClassVar[str] = "One vector a symbol."
    macs_note: ClassVar[str] = "A lookup: no multiply–adds."

    def output(self, at: Context) -> Shape:
        if not at.shape.tokens:
            raise MisfitError(
                f"looks up whole numbers (tokens) and gets {at.shape.text}",
                Change(f"Replace it by a Linear layer with {self.embedding_dim} outputs", (_linear(self.embedding_dim),)),
                wants="tokens",
            )
        return Shape((*at.shape.sizes, self.embedding_dim))

    def weights(self, at: Context) -> Expr:
        return Symbol("V", self.num_embeddings) * Symbol("D", self.embedding_dim)

    def weight_matrix(self, at: Context) -> Pair:
        return self.num_embeddings, self.embedding_dim

    def call(self, at: Context) -> Call:
        return Call("Embedding", (self.num_embeddings, self.embedding_dim))


def _linear(outputs: int) -> Layer:
    from hw2gui.parameters.layers.dense import Linear

    return Linear(outputs)


@dataclass(frozen=True)
class _Recurrent(Mixing):
    """What LSTM and GRU share; they differ in their gates."""

    hidden_size: int = integer("Hidden size", 128, "How long the state of one direction is.", required=True)
    num_layers: int = integer("Layers", 1, "Recurrent layers on top of each other.")
    bias: bool = switch("Bias", True, "Two bias vectors a gate, as PyTorch keeps them.")
    bidirectional: bool = switch("Both directions", False, "A second network reads from the end; the two outputs are joined.")
    initial_state: str = choice("Starts from", ("zeros", "encoder"), "Zeros, or the final state that the encoder leaves.")
    frozen: bool = frozen_switch()

    gates: ClassVar[tuple[tuple[str, str], ...]]
    """Letter and name of each gate, in PyTorch's order."""
    weights_note: ClassVar[str] = (
        "Each gate has a matrix for the input (h×d) and one for the state (h×h), in each direction; "
        "layers above the first read the outputs below."
    )

    @property
    def directions(self) -> int:
        """1, or 2 for both."""
        return 2 if self.bidirectional else 1

    def output(self, at: Context) -> Shape:
        length, _ = sequence_sizes(at)
        if self.initial_state == "encoder":
            self._check_start(at.state)
        return Shape((length, self.directions * self.hidden_size))

    def _check_start(self, start: State | None) -> None:
        zeros = self.change("Start it from zeros", initial_state="zeros")
        if start is None:
            raise MisfitError("starts from an encoder's state, and no recurrent layer stands before target tokens", zeros)
        own = State(self._cell, self.num_layers, self.hidden_size)
        if start == own and not self.bidirectional:
            return
        changes: list[Change | None] = [zeros]
        if start.cell == self._cell:
            fitting = {"num_layers": start.layers, "hidden_size": start.size, "bidirectional": False}
            changes.insert(0, self.change(f"Fit it to the encoder: {_state_text(start)}", **fitting))
        if self.bidirectional:
            raise MisfitError("starts from the encoder's state and reads in both directions, which a decoder cannot", *changes)
        raise MisfitError(f"has {_state_text(own)}, and the encoder's state it starts from has {_state_text(start)}", *changes)

    @property
    def _cell(self) -> Cell:
        return "LSTM" if isinstance(self, LSTM) else "GRU"

    def leaves(self, at: Context) -> State:
        return State(self._cell, self.num_layers, self.directions * self.hidden_size)

    def _sizes(self, at: Context) -> tuple[Expr, Expr, Expr]:
        """Input features d, hidden size h, and k·h, what a layer above the first reads."""
        h: Expr = Symbol("h", self.hidden_size)
        return Symbol("d", at.shape.sizes[1]), h, Symbol("k", 2) * h if self.bidirectional else h

    def _scaled(self, expr: Expr) -> Expr:
        return Symbol("k", 2) * expr if self.bidirectional else expr

    def _upper(self) -> Expr:
        return Symbol("n", self.num_layers) - 1

    def weights(self, at: Context) -> Expr:
        d, h, below = self._sizes(at)
        gates = Number(len(self.gates))
        first = gates * self._scaled(h * (d + h))
        return first if self.num_layers == 1 else first + self._upper() * gates * self._scaled(h * (below + h))

    def biases(self, at: Context) -> Expr:
        if not self.bias:
            return ZERO
        return Number(len(self.gates)) * Number(2) * self._bias_vectors()

    def _bias_vectors(self) -> Expr:
        """The numbers in all vectors of one kind: one a layer and direction."""
        one_layer = self._scaled(Symbol("h", self.hidden_size))
        return one_layer if self.num_layers == 1 else Symbol("n", self.num_layers) * one_layer

    def weight_parts(self, at: Context) -> tuple[Formula, ...]:
        return tuple(self._gate_weights(letter, name, at) for letter, name in self.gates)

    def _gate_weights(self, letter: str, name: str, at: Context) -> Formula:
        d, h, below = self._sizes(at)
        each = " of each direction" if self.bidirectional else ""
        parts = [
            Formula(f"W_i{letter}: from the input{each}", self._scaled(h * d)),
            Formula(f"W_h{letter}: from the state{each}", self._scaled(h * h)),
        ]
        if self.num_layers > 1:
            parts.append(Formula(f"the same in the layers above{each}", self._upper() * self._scaled(h * (below + h))))
        total = parts[0].expression + parts[1].expression
        return Formula(f"{name} ({letter})", total if len(parts) == 2 else total + parts[2].expression, tuple(parts))

    def bias_parts(self, at: Context) -> tuple[Formula, ...]:
        if not self.bias:
            return ()
        each = self._bias_vectors()
        return tuple(
            Formula(
                f"{name} ({letter})",
                Number(2) * each,
                (Formula(f"b_i{letter}: beside the input's product", each), Formula(f"b_h{letter}: beside the state's product", each)),
            )
            for letter, name in self.gates
        )

    def macs(self, at: Context, out: Shape) -> Expr:
        return Symbol("L", at.shape.sizes[0]) * self.weights(at)

    def call(self, at: Context) -> Call:
        changed = without_defaults(self, "num_layers", "bias", "bidirectional")
        return Call(self.kind, (at.shape.sizes[1], self.hidden_size), {**changed, "batch_first": True})


def _state_text(state: State) -> str:
    return f"{state.layers} layer{'s' if state.layers > 1 else ''} of {state.size} ({state.cell})"


@dataclass(frozen=True)
class LSTM(_Recurrent):
    """Long short-term memory: four gates."""

    stem: ClassVar[str] = "lstm"
    summary: ClassVar[str] = "Reads a sequence step by step with a gated memory: long short-term memory."
    gates: ClassVar[tuple[tuple[str, str], ...]] = (("i", "input gate"), ("f", "forget gate"), ("g", "candidate"), ("o", "output gate"))
    biases_note: ClassVar[str] = (
        "PyTorch keeps two bias vectors a gate, b_i beside the input's product and b_h beside the state's, as cuDNN does. "
        "Only their sum matters: a textbook LSTM has one, half as many."
    )
    macs_note: ClassVar[str] = "At every step one product a weight. The gates' own products, number by number, are not counted."


@dataclass(frozen=True)
class GRU(_Recurrent):
    """Gated recurrent unit: three gates."""

    stem: ClassVar[str] = "gru"
    summary: ClassVar[str] = "Reads a sequence step by step with two gates and no separate memory: gated recurrent unit."
    gates: ClassVar[tuple[tuple[str, str], ...]] = (("r", "reset gate"), ("z", "update gate"), ("n", "candidate"))
    biases_note: ClassVar[str] = (
        "PyTorch keeps two bias vectors a gate. For r and z only their sum matters; "
        "for the candidate both count, since b_hn is inside the product with the reset gate."
    )
    macs_note: ClassVar[str] = LSTM.macs_note
