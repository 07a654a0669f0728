"""Counts as tables (to be written by `hw2gui.writers`) and as plain data for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

from hw2gui.parameters.analysis import Analysis, Row
from hw2gui.parameters.count import MACS_NOTE, MEMORY_NOTE
from hw2gui.parameters.expressions import Formula
from hw2gui.parameters.growth import Curve, common_axis, exponent
from hw2gui.parameters.ladder import Ladder
from hw2gui.parameters.layers import Shape
from hw2gui.parameters.twins import QUANTITIES, Quantity
from hw2gui.writers import Math, Table, math_cell

Numbers = Literal["grouped", "plain", "spaced", "short"]

_PREFIXES = (("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18))


def number_text(value: int, style: Numbers = "grouped") -> str:
    """*value* as ``420,906`` (grouped), ``420906`` (plain), ``420 906`` (spaced) or ``421 k`` (short, three digits)."""
    if style == "plain":
        return str(value)
    if style == "short":
        return _short(value)
    return f"{value:,}" if style == "grouped" else f"{value:,}".replace(",", "\u202f")


def _short(value: int) -> str:
    digits = len(str(abs(value)))
    prefix, power = next(pair for pair in reversed(_PREFIXES) if pair[1] < digits or pair[1] == 0)
    if power == 0:
        return str(value)
    scaled = Fraction(value, 10**power)
    if scaled >= 1000:
        return f"{value:.3e}" if digits < 300 else f"10^{digits - 1}"
    text = f"{float(scaled):.{3 - (digits - power)}f}"
    return f"{text} {prefix}"


def bytes_text(count: int, style: Numbers = "grouped") -> str:
    """A number of bytes: exact (``1,681 B``), or with *short* in kB, MB … of a thousand each."""
    if style == "short":
        short = _short(count)
        return f"{short}B" if " " in short else f"{short} B"
    return f"{number_text(count, style)} B"


def share_text(share: Fraction) -> str:
    """A share as ``99.7 %``; one that is neither nought nor whole never reads as either."""
    if 0 < share < Fraction(5, 10000):
        return "<0.1 %"
    if Fraction(9995, 10000) <= share < 1:
        return ">99.9 %"
    return f"{float(100 * share):.1f} %"


# --- tables --------------------------------------------------------------------------------------------------------------------

_HEADER = (
    "layer",
    "kind",
    "output",
    "weights",
    "biases",
    "parameters",
    "share",
    "multiply–adds",
    "activations",
    "memory",
    "receptive field",
)
_NUMERIC = (False, False, False, True, True, True, True, True, True, True, False)


def parameter_table(analysis: Analysis, numbers: Numbers = "grouped", *, formulas: bool = False) -> Table:
    """The layers of *analysis*, one a line, with totals; with *formulas* a last column says how the parameters come about.

    Plain numbers are for programs: shapes as ``8x28x28``, shares as fractions, bytes without a unit.
    """
    totals = analysis.totals
    rows = [_layer_cells(analysis, row, numbers, formulas) for row in analysis.rows]
    counts = (totals.weights, totals.biases, totals.parameters)
    footer = (
        "total",
        "",
        _shape_text(analysis.output, numbers),
        *(number_text(count, numbers) for count in counts),
        _share(Fraction(1), numbers) if totals.parameters else "",
        number_text(totals.macs, numbers),
        number_text(totals.activations, numbers),
        _memory(totals.activation_bytes, numbers),
        "",
        *(("",) if formulas else ()),
    )
    header, numeric = (_HEADER, _NUMERIC) if not formulas else ((*_HEADER, "formula"), (*_NUMERIC, False))
    return Table(_title(analysis), header, numeric, tuple(rows), footer, _notes(analysis))


def joined_table(tables: Sequence[Table], names: Sequence[str]) -> Table:
    """Several tables with the same header under each other, a first column saying whose row it is: one file for a program."""
    rows = tuple((name, *row) for name, table in zip(names, tables, strict=True) for row in table.all_rows)
    return Table(tables[0].title, ("network", *tables[0].header), (False, *tables[0].numeric), rows)


def _layer_cells(analysis: Analysis, row: Row, numbers: Numbers, formulas: bool) -> tuple[str, ...]:
    cells = (
        row.name,
        row.kind,
        _shape_text(row.output, numbers),
        *(number_text(count, numbers) for count in (row.weights, row.biases, row.parameters)),
        _share(analysis.share(row), numbers),
        number_text(row.macs, numbers),
        number_text(row.activations, numbers),
        _memory(analysis.activation_bytes(row), numbers),
        _receptive(row, numbers),
    )
    return (*cells, _math(row.formulas().parameters)) if formulas else cells


def _math(formula: Formula) -> Math:
    return math_cell(formula.text, formula.latex)


def _receptive(row: Row, numbers: Numbers) -> str:
    text = row.receptive.text if row.receptive else ""
    return text.replace("×", "x") if numbers == "plain" else text


def _share(share: Fraction, numbers: Numbers) -> str:
    return f"{float(share):.6f}" if numbers == "plain" else share_text(share)


def _memory(count: int, numbers: Numbers) -> str:
    return str(count) if numbers == "plain" else bytes_text(count, numbers)


def _shape_text(shape: Shape, numbers: Numbers) -> str:
    return "x".join(map(str, shape.sizes)) if numbers == "plain" else shape.text


def _title(analysis: Analysis) -> str:
    biases = ", biases ignored" if analysis.ignore_biases else ""
    return f"{analysis.architecture.name}, input {analysis.architecture.input.text}, batch {analysis.batch:,}{biases}"


def _notes(analysis: Analysis) -> tuple[str, ...]:
    tied = [f"The weight of {row.name} is that of {row.tied_to} and counted there, once." for row in analysis.rows if row.tied_to]
    frozen = analysis.totals.parameters - analysis.totals.trainable
    trained = [f"{analysis.totals.trainable:,} parameters are trained, {frozen:,} frozen."] if frozen else []
    return (*tied, *trained, f"Multiply–adds: {_lowered(MACS_NOTE.split(': ', 1)[1])}", f"Memory: {_lowered(MEMORY_NOTE)}")


def _lowered(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def growth_table(curves: Sequence[Curve], which: Quantity, numbers: Numbers = "grouped") -> Table:
    """One quantity of several curves over their common axis; the footer has the fitted exponents."""
    values = sorted({value for curve in curves for value in curve.values})
    columns = [dict(zip(curve.values, curve.counts(which), strict=True)) for curve in curves]
    rows = tuple((number_text(v, numbers), *(number_text(c[v], numbers) if v in c else "" for c in columns)) for v in values)
    slopes = [exponent(curve, which) for curve in curves]
    footer = ("exponent", *("" if slope is None else f"{round(slope, 2) + 0.0:.2f}" for slope in slopes))
    title = f"{QUANTITIES[which]} against {common_axis(curves)}"
    variable = curves[0].variable
    header = (common_axis(curves) if variable == "side" else variable, *(curve.name for curve in curves))
    notes = tuple(f"{curve.name} left out at {value:,}: {reason}" for curve in curves for value, reason in curve.skipped[:3])
    return Table(title, header, (True,) * len(header), rows, footer, notes)


def ladder_table(ladder: Ladder, numbers: Numbers = "grouped") -> Table:
    """The four rungs with their counts and formulas."""
    rungs = ladder.rungs()
    rows = tuple(
        (rung.name, number_text(rung.weights.value, numbers), number_text(rung.biases.value, numbers), _math(rung.weights), rung.meaning)
        for rung in rungs
    )
    title = f"From fully connected to convolution: {ladder.image.text} to {ladder.output.text}"
    header = ("connections", "weights", "biases", "formula", "meaning")
    return Table(
        title, header, (False, True, True, False, False), rows, notes=tuple(rung.weights.note for rung in rungs if rung.weights.note)
    )


# --- JSON ----------------------------------------------------------------------------------------------------------------------


def as_data(analysis: Analysis) -> dict[str, Any]:
    """The analysis as plain values for JSON; shapes without the batch, counts exact."""
    totals = analysis.totals
    return {
        "name": analysis.architecture.name,
        "input_shape": list(analysis.architecture.input.sizes),
        "input_is_tokens": analysis.architecture.input.tokens,
        "batch": analysis.batch,
        "ignore_biases": analysis.ignore_biases,
        "layers": [_row_data(analysis, row) for row in analysis.rows],
        "total_parameters": totals.parameters,
        "trainable_parameters": totals.trainable,
        "total_weights": totals.weights,
        "total_biases": totals.biases,
        "total_macs": totals.macs,
        "total_flops": totals.flops,
        "total_activations": totals.activations,
        "parameter_bytes": totals.parameter_bytes,
        "activation_bytes": totals.activation_bytes,
    }


def _row_data(analysis: Analysis, row: Row) -> dict[str, Any]:
    formulas = row.formulas()
    receptive = row.receptive
    return {
        "name": row.name,
        "kind": row.kind,
        "output_shape": list(row.output.sizes),
        "parameters": row.parameters,
        "weights": row.weights,
        "biases": row.biases,
        "share": float(analysis.share(row)),
        "macs": row.macs,
        "activations": row.activations,
        "activation_bytes": analysis.activation_bytes(row),
        "receptive_field": None if receptive is None else "whole input" if receptive.whole else list(receptive.sizes),
        "tied_to": row.tied_to or None,
        "trainable": not row.frozen,
        "formula": formulas.parameters.text,
        "macs_formula": formulas.macs.text,
    }
