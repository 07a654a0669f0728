"""Two networks beside each other, as HTML: both counts with their formulas, how they differ, and how they grow."""

from __future__ import annotations

from html import escape

from hw2gui.parameters.analysis import Analysis, Row
from hw2gui.parameters.comparison import Duel, Growth
from hw2gui.parameters.explain import sum_html
from hw2gui.parameters.expressions import Formula
from hw2gui.parameters.formula_html import SMALL, formula_html
from hw2gui.parameters.growth import Variable, exponent
from hw2gui.parameters.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from hw2gui.parameters.presets import question1_formula, question1_twin_formula
from hw2gui.parameters.twins import Quantity

MOST_ROWS = 5
"""So many layers of each of two networks are opened."""


def explain_duel(duel: Duel, quantity: Quantity) -> str:
    """Both totals with their formulas, the homework's closed forms where they hold, and the ratio."""
    closed = [_closed_form(duel.first), _closed_twin(duel)]
    parts = []
    for title, analysis, form in zip(duel.titles, (duel.first, duel.second), closed, strict=True):
        which = "macs" if quantity == "macs" else "parameters"
        opened = f"<br>{formula_html(form)}" if form else ""
        parts.append(f"<p><b>{escape(title)}</b>{opened}<br>{sum_html(analysis, which)}</p>{_largest_rows(analysis, which)}")
    ratio = duel.comparison.ratio
    quotient = (
        f"<p>ratio: {duel.comparison.second:,} / {duel.comparison.first:,} = <b>{float(ratio):.4g}</b></p>" if ratio is not None else ""
    )
    return f"<p>{escape(duel.sentence)}</p>{quotient}" + "".join(parts)


def _largest_rows(analysis: Analysis, which: str) -> str:
    """The formulas of the layers that count most, in the order of the stack."""
    counted = sorted((row for row in analysis.rows if getattr(row, which)), key=lambda row: -getattr(row, which))[:MOST_ROWS]
    lines = []
    for row in sorted(counted, key=lambda row: row.index):
        formulas = row.formulas()
        opened = formulas.macs if which == "macs" else formulas.parameters
        lines.append(f"<div style='margin-left: 10px; {SMALL}'>{formula_html(Formula(row.name, opened.expression))}</div>")
    return "".join(lines)


def _closed_form(analysis: Analysis) -> Formula | None:
    """The homework's formula, for a network of Question 1's kind counted without biases."""
    layers = analysis.architecture.layers
    if not analysis.ignore_biases or [type(layer) for layer in layers] != [Conv2d, ReLU, MaxPool2d, Flatten, Linear]:
        return None
    convolution, _, pool, _, dense = layers
    assert isinstance(convolution, Conv2d)
    assert isinstance(dense, Linear)
    plain = convolution == Conv2d(1, convolution.kernel_size, bias=convolution.bias, name=convolution.name) and pool == MaxPool2d(
        (2, 2), name=pool.name
    )
    if not plain:
        return None
    formula = question1_formula(analysis.architecture.input, convolution.kernel_size, dense.out_features)
    return formula if formula.value == analysis.totals.parameters else None


def _closed_twin(duel: Duel) -> Formula | None:
    if _closed_form(duel.first) is None or duel.rivals[1].twin is None:
        return None
    convolution, dense = duel.first.architecture.layers[0], duel.first.architecture.layers[-1]
    assert isinstance(convolution, Conv2d)
    assert isinstance(dense, Linear)
    formula = question1_twin_formula(duel.first.architecture.input, convolution.kernel_size, dense.out_features)
    return formula if formula.value == duel.second.totals.parameters else None


_POWERS: dict[Variable, dict[int, str]] = {
    "side": {0: "constant", 1: "like H", 2: "like HW", 3: "like H·HW", 4: "like H²W²"},
    "channels": {0: "constant", 1: "like C", 2: "like C²", 3: "like C³", 4: "like C⁴"},
    "kernel": {0: "constant", 1: "like M", 2: "like MN", 3: "like M·MN", 4: "like M²N²"},
    "hidden": {0: "constant", 1: "like h", 2: "like h²", 3: "like h³", 4: "like h⁴"},
}


def power_words(slope: float | None, variable: Variable) -> str:
    """``slope 1.98, like HW``: the fitted exponent and the nearest whole power it stands for, where one is near."""
    if slope is None:
        return "no slope: a single point"
    power = round(slope)
    near = abs(slope - power) <= 0.15 and power in _POWERS[variable]
    return f"slope {round(slope, 2) + 0.0:.2f}".replace("-", "−") + (f", {_POWERS[variable][power]}" if near else "")


def explain_growth(duel: Duel, grown: Growth | None, quantity: Quantity) -> str:
    """The fitted slopes beside the formulas they come from."""
    variable = duel.rivals[0].variable
    blocks = []
    for index, (title, analysis) in enumerate(zip(duel.titles, (duel.first, duel.second), strict=True)):
        slope = exponent(grown.curves[index], quantity) if grown is not None and index < len(grown.curves) else None
        words = power_words(slope, variable) if grown is not None else "…"
        blocks.append(f"<p><b>{escape(title)}</b>: {words}<br>{_largest_term(analysis, quantity)}</p>")
    fitted = (
        "<p><i>The slope is fitted by least squares to log count over log size, over the upper half of the axis; "
        "every point is an exact count, floors included. Slope b: the count grows like the b-th power.</i></p>"
    )
    return f"<p>{escape(duel.sentence)}</p>" + "".join(blocks) + fitted + "".join(_closed_blocks(duel))


def _closed_blocks(duel: Duel) -> list[str]:
    forms = (_closed_form(duel.first), _closed_twin(duel))
    return [f"<p>{formula_html(form)}</p>" for form in forms if form is not None]


def _largest_term(analysis: Analysis, quantity: Quantity) -> str:
    """The layer that decides the growth, with its formula and how its sizes come about."""

    def count(row: Row) -> int:
        if quantity == "memory":
            return max(row.parameters, analysis.batch * row.stored)
        return row.macs if quantity == "macs" else row.parameters

    row = max(analysis.rows, key=count, default=None)
    if row is None or not count(row):
        return ""
    formulas = row.formulas()
    shown = formulas.parameters
    if quantity == "macs":
        shown = formulas.macs
    elif quantity == "memory" and row.parameters < analysis.batch * row.stored:
        shown = formulas.activations
    sizes = "".join(f"<br><span style='{SMALL}'>{formula_html(size)}</span>" for size in formulas.sizes)
    return f"<span style='{SMALL}'>most of it in {escape(row.name)} ({escape(row.kind)}):</span><br>{formula_html(shown)}{sizes}"
