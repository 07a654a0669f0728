"""Bilinear attention (the homework's) and multi-head self-attention."""
# ruff: noqa: D102  (the overridden methods are documented by Layer)

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import ClassVar

from hw2gui.parameters.expressions import ZERO, Expr, Formula, Symbol
from hw2gui.parameters.layers.base import (
    Call,
    Change,
    Context,
    MisfitError,
    Mixing,
    Shape,
    sequence_sizes,
    without_defaults,
)
from hw2gui.parameters.layers.dense import Linear
from hw2gui.parameters.layers.fields import frozen_switch, integer, switch


@dataclass(frozen=True)
class BilinearAttention(Mixing):
    """z = W_qᵀq, s_i = zᵀh_i, p = softmax(s), c = Σ p_i h_i, a = tanh(W_oᵀ[q; c] + b).

    The h_i are the encoder's outputs where target tokens begin a decoder, else the sequence itself.
    """

    out_features: int = integer("Outputs", 0, "Length of a, or as long as the query.", minimum=0, auto="as the query")
    bias: bool = switch("Bias", True, "b in a = tanh(W_oᵀ[q; c] + b). W_q never has one.")
    frozen: bool = frozen_switch()

    stem: ClassVar[str] = "attention"
    summary: ClassVar[str] = "Each step looks at all encoder outputs, weighted by a learned bilinear form, and mixes in what it saw."
    weights_note: ClassVar[str] = "W_q compares query and encoder output; W_o mixes the query with the context."
    biases_note: ClassVar[str] = "Only the mixing has a bias."
    macs_note: ClassVar[str] = "Products with W_q and W_o, scores zᵀh and contexts Σ p·h; the softmax and tanh are not counted."

    def _keys(self, at: Context) -> Shape:
        return at.memory or at.shape

    def output(self, at: Context) -> Shape:
        length, query = sequence_sizes(at)
        keys = self._keys(at)
        if keys.form != "sequence":
            raise MisfitError(
                f"looks at the encoder's outputs one by one, and the encoder gives {keys.text}, no sequence",
                Change("Replace it by self-attention with 1 head", (MultiheadSelfAttention(1),)),
            )
        return Shape((length, self.out_features or query))

    def _sizes(self, at: Context) -> tuple[Expr, Expr, Expr]:
        query = at.shape.sizes[1]
        return Symbol("d_q", query), Symbol("d_h", self._keys(at).sizes[1]), Symbol("d_a", self.out_features or query)

    def weights(self, at: Context) -> Expr:
        q, h, a = self._sizes(at)
        return q * h + (q + h) * a

    def weight_parts(self, at: Context) -> tuple[Formula, ...]:
        q, h, a = self._sizes(at)
        return Formula("W_q: compares", q * h), Formula("W_o: mixes", (q + h) * a)

    def biases(self, at: Context) -> Expr:
        return self._sizes(at)[2] if self.bias else ZERO

    def mac_parts(self, at: Context, out: Shape) -> tuple[Formula, ...]:
        q, h, a = self._sizes(at)
        steps, keys = Symbol("T", at.shape.sizes[0]), Symbol("S", self._keys(at).sizes[0])
        return (
            Formula("z = W_qᵀq for each step", steps * q * h),
            Formula("scores zᵀh", steps * keys * h),
            Formula("contexts Σ p·h", steps * keys * h),
            Formula("W_oᵀ[q; c] for each step", steps * (q + h) * a),
        )

    def macs(self, at: Context, out: Shape) -> Expr:
        q, h, a = self._sizes(at)
        steps, keys = Symbol("T", at.shape.sizes[0]), Symbol("S", self._keys(at).sizes[0])
        return steps * (q * h + 2 * keys * h + (q + h) * a)

    def call(self, at: Context) -> Call:
        query, keys = at.shape.sizes[1], self._keys(at).sizes[1]
        return Call("BilinearAttention", (query, keys, self.out_features or query), without_defaults(self, "bias"), own=True)


@dataclass(frozen=True)
class MultiheadSelfAttention(Mixing):
    """Scaled dot-product attention of a sequence with itself, in parallel heads (``torch.nn.MultiheadAttention``)."""

    num_heads: int = integer("Heads", 4, "The features are shared out among this many heads; must divide them.", required=True)
    bias: bool = switch("Bias", True, "One for each of the four projections.")
    frozen: bool = frozen_switch()

    stem: ClassVar[str] = "attention"
    summary: ClassVar[str] = "Every position looks at every other: softmax(QKᵀ/√d)V in parallel heads."
    weights_note: ClassVar[str] = "Four square matrices. The number of heads does not matter: each head takes its share of the features."
    biases_note: ClassVar[str] = "One vector for each of the four projections."
    macs_note: ClassVar[str] = "Four projections at every position, scores QKᵀ and contexts PV; the softmax is not counted."

    def output(self, at: Context) -> Shape:
        _, features = sequence_sizes(at)
        if features % self.num_heads:
            common = gcd(features, self.num_heads)
            raised = -(-features // self.num_heads) * self.num_heads
            raise MisfitError(
                f"has {self.num_heads} heads, which do not divide {features} features",
                self.change(f"Use {common} head{'s' if common > 1 else ''}", num_heads=common),
                Change(f"Insert a Linear layer with {raised} outputs before it", (Linear(raised), self)),
                self.change("Use one head", num_heads=1),
            )
        return at.shape

    def weights(self, at: Context) -> Expr:
        d = Symbol("D", at.shape.sizes[1])
        return 4 * (d * d)

    def weight_parts(self, at: Context) -> tuple[Formula, ...]:
        d = Symbol("D", at.shape.sizes[1])
        return tuple(Formula(title, d * d) for title in ("W_Q: queries", "W_K: keys", "W_V: values", "W_O: output"))

    def biases(self, at: Context) -> Expr:
        return 4 * Symbol("D", at.shape.sizes[1]) if self.bias else ZERO

    def mac_parts(self, at: Context, out: Shape) -> tuple[Formula, ...]:
        length, d = Symbol("L", at.shape.sizes[0]), Symbol("D", at.shape.sizes[1])
        return (
            Formula("four projections at each position", length * (4 * (d * d))),
            Formula("scores QKᵀ", length * length * d),
            Formula("contexts PV", length * length * d),
        )

    def macs(self, at: Context, out: Shape) -> Expr:
        length, d = Symbol("L", at.shape.sizes[0]), Symbol("D", at.shape.sizes[1])
        return length * (4 * (d * d)) + 2 * (length * length * d)

    def call(self, at: Context) -> Call:
        return Call("MultiheadAttention", (at.shape.sizes[1], self.num_heads), {**without_defaults(self, "bias"), "batch_first": True})
