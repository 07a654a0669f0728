"""All counts of an architecture: a row a layer, totals, and the first layer that does not fit. Pure, exact, and quick at any size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from hw2gui.errors import InputError
from hw2gui.parameters.architecture import Architecture, trace
from hw2gui.parameters.count import BYTES_PER_NUMBER, LayerFormulas, count_layer, first_receptive_field, layer_formulas
from hw2gui.parameters.expressions import ZERO, Expr, Formula, Symbol
from hw2gui.parameters.layers import MAX_SIZE, Context, Layer, ReceptiveField, Shape
from hw2gui.parameters.mends import ShapeError, shape_error


@dataclass(frozen=True, slots=True)
class Row:
    """One layer's counts. Shapes, multiply–adds and activations are for one example."""

    index: int
    name: str
    layer: Layer
    at: Context
    output: Shape
    weights: int
    biases: int
    macs: int
    receptive: ReceptiveField | None
    receptive_before: ReceptiveField | None
    tied_to: str
    ignore_biases: bool

    @property
    def kind(self) -> str:
        """The layer's kind."""
        return self.layer.kind

    @property
    def parameters(self) -> int:
        """Weights and biases; a weight shared with another layer counts there."""
        return self.weights + self.biases

    @property
    def activations(self) -> int:
        """Numbers in the output."""
        return self.output.elements

    @property
    def stored(self) -> int:
        """Numbers the output takes in memory: none where it is a view of the input."""
        return 0 if self.layer.view else self.output.elements

    @property
    def frozen(self) -> bool:
        """Whether the parameters are kept from training."""
        return bool(getattr(self.layer, "frozen", False))

    def formulas(self) -> LayerFormulas:
        """The formulas behind the counts."""
        before = self.receptive_before
        return layer_formulas(self.layer, self.at, self.output, before, ignore_biases=self.ignore_biases, tied_to=self.tied_to)


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the rows. ``macs`` and ``activations`` are for one example, bytes for float32 (``activation_bytes`` for the batch)."""

    weights: int
    biases: int
    parameters: int
    trainable: int
    macs: int
    activations: int
    parameter_bytes: int
    activation_bytes: int

    @property
    def flops(self) -> int:
        """About how many floating-point operations: twice the multiply–adds."""
        return 2 * self.macs


@dataclass(frozen=True)
class Analysis:
    """What :func:`analyse` finds. Where a layer does not fit, rows and totals are of the layers before it, and ``error`` is about it."""

    architecture: Architecture
    batch: int
    ignore_biases: bool
    rows: tuple[Row, ...]
    totals: Totals
    error: ShapeError | None

    @property
    def output(self) -> Shape:
        """What comes out of the last layer that fits."""
        return self.rows[-1].output if self.rows else self.architecture.input

    def share(self, row: Row) -> Fraction:
        """The row's part of all parameters, 0 to 1."""
        return Fraction(row.parameters, self.totals.parameters) if self.totals.parameters else Fraction(0)

    def share_of(self, *kinds: str) -> Fraction:
        """The part of all parameters in layers of *kinds*: with "Linear", how dense the network is."""
        counted = sum(row.parameters for row in self.rows if row.kind in kinds)
        return Fraction(counted, self.totals.parameters) if self.totals.parameters else Fraction(0)

    def activation_bytes(self, row: Row) -> int:
        """What the row's output takes for the batch."""
        return BYTES_PER_NUMBER * self.batch * row.stored

    def formula(self) -> Formula:
        """The total as the sum of its layers, each of which opens into its own formula."""
        return self._summed("parameters", lambda row: row.parameters, lambda row: row.formulas().parameters)

    def macs_formula(self) -> Formula:
        """The multiply–adds as the sum of their layers."""
        return self._summed("multiply–adds", lambda row: row.macs, lambda row: row.formulas().macs)

    def _summed(self, title: str, count: Callable[[Row], int], opened: Callable[[Row], Formula]) -> Formula:
        rows = [row for row in self.rows if count(row)]
        total: Expr = ZERO
        for row in rows:
            total = total + Symbol(row.name, count(row))
        parts = (opened(row) for row in rows)
        return Formula(title, total, tuple(Formula(row.name, f.expression, f.parts, f.note) for row, f in zip(rows, parts, strict=True)))


def analyse(architecture: Architecture, batch: int = 1, ignore_biases: bool = False) -> Analysis:
    """Count everything in *architecture* for a batch of *batch* examples, without biases if *ignore_biases*.

    Raises :class:`InputError` for an impossible batch. A layer that does not fit is no exception but the result's ``error``.
    """
    if type(batch) is not int or not 1 <= batch <= MAX_SIZE:
        raise InputError(f"the batch is {batch!r:.40}; give a whole number from 1 to {MAX_SIZE:,}.")
    steps, misfit = trace(architecture)
    ties = architecture.tied_to()
    names = architecture.names
    fields = [first_receptive_field(architecture.input)]
    rows = []
    for index, step in enumerate(steps):
        layer, at, output = architecture.layers[index], step.at, step.output
        tied = names[ties[index]] if index in ties else ""
        count = count_layer(layer, at, output, ignore_biases=ignore_biases, tied=bool(tied))
        fields.append(_field_after(layer, at, fields[-1]))
        counts = (count.weights.value, count.biases.value, count.macs.value)
        rows.append(Row(index, names[index], layer, at, output, *counts, fields[-1], fields[-2], tied, ignore_biases))
    error = None if misfit is None else shape_error(architecture, misfit)
    return Analysis(architecture, batch, ignore_biases, tuple(rows), _totals(architecture, rows, batch), error)


def _field_after(layer: Layer, at: Context, before: ReceptiveField | None) -> ReceptiveField | None:
    """A residual sees what the way it closes sees: the shorter one sees no more."""
    if before is None or at.memory is not None or layer.kind == "TargetTokens":
        return None
    return layer.sees(before, at)


def _totals(architecture: Architecture, rows: list[Row], batch: int) -> Totals:
    weights, biases = sum(row.weights for row in rows), sum(row.biases for row in rows)
    frozen_owners = {row.tied_to for row in rows if row.tied_to and row.frozen}
    trainable = sum(0 if row.frozen else row.parameters - (row.weights if row.name in frozen_owners else 0) for row in rows)
    activations = sum(row.activations for row in rows)
    stored = architecture.input.elements + sum(row.stored for row in rows)
    return Totals(
        weights,
        biases,
        weights + biases,
        trainable,
        sum(row.macs for row in rows),
        activations,
        BYTES_PER_NUMBER * (weights + biases),
        BYTES_PER_NUMBER * batch * stored,
    )
