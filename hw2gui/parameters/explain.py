"""Counts in words and numbers, as HTML for the inspector: every formula with its letters, today's numbers and its value."""

from __future__ import annotations

import re
from html import escape

from hw2gui.parameters.analysis import Analysis, Row
from hw2gui.parameters.comparison import Duel, Growth
from hw2gui.parameters.count import MACS_NOTE, MEMORY_NOTE
from hw2gui.parameters.expressions import Formula
from hw2gui.parameters.growth import Variable, exponent
from hw2gui.parameters.ladder import Ladder, RungName
from hw2gui.parameters.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from hw2gui.parameters.presets import question1_formula, question1_twin_formula
from hw2gui.parameters.scene import LadderScene, Scene
from hw2gui.parameters.tables import bytes_text, share_text
from hw2gui.parameters.twins import Quantity

MOST_TERMS = 8
"""A total of more layers than this names the largest of them."""

MOST_ROWS = 5
"""So many layers of each of two networks are opened."""

_LETTER = re.compile(r"([A-Za-z]+)('*)(?:_([A-Za-z]+))?")
_INDEXED = re.compile(r"\b([Wb])_(\w+)")
_SMALL = "font-size: 11px;"
DEEPEST = 2
"""So deep formulas are opened line by line."""


# --- a layer -------------------------------------------------------------------------------------------------------------------


def explain_layer(row: Row, analysis: Analysis) -> str:
    """One layer: what it does, and every count opened."""
    formulas = row.formulas()
    blocks = [_opened(formula) for formula in formulas.sizes]
    blocks.append(_opened(formulas.parameters))
    blocks.append(_opened(formulas.macs))
    blocks.append(_opened(formulas.activations) + _note(_memory(row, analysis)))
    blocks += [_opened(formula) for formula in formulas.receptive]
    share = f", {share_text(analysis.share(row))} of all" if row.parameters else ""
    return (
        f"<p><b>{escape(row.name)}</b> &nbsp;<i>{escape(row.kind)}</i> &nbsp;{escape(row.at.shape.text)} → {escape(row.output.text)}<br>"
        f"<span style='{_SMALL}'><i>{escape(row.layer.summary)}</i></span><br>"
        f"<b>{row.parameters:,}</b> parameters{share}</p>" + "".join(blocks)
    )


def _memory(row: Row, analysis: Analysis) -> str:
    if row.layer.view:
        return "The same numbers seen otherwise: no memory of its own."
    taken = analysis.activation_bytes(row)
    return f"× {analysis.batch:,} examples × 4 bytes = {taken:,} bytes ({bytes_text(taken, 'short')})."


def _opened(formula: Formula) -> str:
    """A formula and everything under it, indented; what lies deepest (the two matrices of a gate) on one line."""
    lines = []
    for depth, item in formula.lines():
        if depth > DEEPEST:
            continue
        size = _SMALL if depth > 1 else ""
        lines.append(f"<div style='margin-left: {10 * depth}px; {size}'>{formula_html(item)}</div>{_note(item.note, depth)}")
        if depth == DEEPEST and item.parts:
            parts = " + ".join(f"{_short_title(part.title)} {part.value:,}" for part in item.parts)
            lines.append(f"<div style='margin-left: {10 * depth + 10}px; {_SMALL}'>{parts}</div>")
    return f"<p>{''.join(lines)}</p>"


def _short_title(title: str) -> str:
    """``W_ii: from the input`` as W in italics; other titles as they are."""
    head, colon, _ = title.partition(":")
    return _INDEXED.sub(r"<i>\1</i>_\2", head) if colon else escape(title)


def _note(note: str, depth: int = 0) -> str:
    return f"<div style='margin-left: {10 * depth + 10}px; {_SMALL}'><i>{escape(note)}</i></div>" if note else ""


def formula_html(formula: Formula) -> str:
    """``weights: C_out·C_in·M·N = 8·1·5·5 = 200`` with the letters set as mathematics."""
    expression = formula.expression
    letters, numbers, value = expression.symbolic, expression.numeric, f"{formula.value:,}"
    stages = [letters_html(letters)]
    if numbers != letters:
        stages.append(escape(numbers))
    if value not in (letters, numbers):
        stages.append(value)
    stages[-1] = f"<b>{stages[-1]}</b>"
    title = _INDEXED.sub(r"<i>\1</i>_\2", escape(formula.title))
    return f"{title}{',' if ': ' in title else ':'} {' = '.join(stages)}"


def letters_html(text: str) -> str:
    """Single letters in italics, indices set low; words (the names of layers) upright."""

    def letter(found: re.Match[str]) -> str:
        base, primes, index = found.groups()
        shown = f"<i>{base}</i>" if len(base) == 1 else base
        low = "" if index is None else f"<sub>{index}</sub>" if len(base) == 1 else f"_{index}"
        return shown + "′" * len(primes) + low

    return _LETTER.sub(letter, escape(text, quote=False))


# --- the whole network ---------------------------------------------------------------------------------------------------------


def explain_network(analysis: Analysis) -> str:
    """The totals, each as the sum of its layers."""
    totals, architecture = analysis.totals, analysis.architecture
    if not architecture.layers:
        return (
            "<p><b>An empty stack.</b> Add a layer with the + button or the Insert key, or choose a preset. "
            "Every count appears here with its formula.</p>"
        )
    error = analysis.error
    partial = f"<p><b>Only up to {escape(error.name)}:</b> {escape(error.sentence)}</p>" if error is not None else ""
    tied = [
        f"<p>{escape(row.name)} uses the weight of {escape(row.tied_to)}, which is counted there, once.</p>"
        for row in analysis.rows
        if row.tied_to
    ]
    biases = " (biases ignored)" if analysis.ignore_biases else f": {totals.weights:,} weights and {totals.biases:,} biases"
    frozen = f"<br>{totals.trainable:,} of them are trained." if totals.trainable != totals.parameters else ""
    return (
        f"<p><b>{escape(architecture.name)}</b><br>{escape(architecture.input.text)} → {escape(analysis.output.text)}</p>{partial}"
        f"<p><b>{totals.parameters:,}</b> parameters{biases}{frozen}<br>{_sum(analysis, 'parameters')}</p>"
        + "".join(tied)
        + f"<p><b>{totals.macs:,}</b> multiply–adds for one example<br>{_sum(analysis, 'macs')}</p>{_note(MACS_NOTE)}"
        f"<p><b>{bytes_text(totals.activation_bytes, 'short')}</b> of activations for a batch of {analysis.batch:,}, "
        f"and {bytes_text(totals.parameter_bytes, 'short')} of parameters</p>{_note(MEMORY_NOTE)}"
        "<p><i>Select a layer to open its formulas.</i></p>"
    )


def _sum(analysis: Analysis, which: str) -> str:
    counted = [(row.name, getattr(row, which)) for row in analysis.rows if getattr(row, which)]
    shown = counted
    if len(counted) > MOST_TERMS:
        largest = sorted(counted, key=lambda item: -item[1])[: MOST_TERMS - 1]
        shown = [item for item in counted if item in largest]
        rest = sum(count for _, count in counted) - sum(count for _, count in shown)
        shown = [*shown, (f"{len(counted) - len(shown)} others", rest)]
    return f"<span style='{_SMALL}'>= {' + '.join(f'{count:,}&nbsp;({escape(name)})' for name, count in shown)}</span>" if shown else ""


# --- two networks --------------------------------------------------------------------------------------------------------------


def explain_duel(duel: Duel, quantity: Quantity) -> str:
    """Both totals with their formulas, the homework's closed forms where they hold, and the ratio."""
    closed = [_closed_form(duel.first), _closed_twin(duel)]
    parts = []
    for title, analysis, form in zip(duel.titles, (duel.first, duel.second), closed, strict=True):
        which = "macs" if quantity == "macs" else "parameters"
        opened = f"<br>{formula_html(form)}" if form else ""
        parts.append(f"<p><b>{escape(title)}</b>{opened}<br>{_sum(analysis, which)}</p>{_largest_rows(analysis, which)}")
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
        lines.append(f"<div style='margin-left: 10px; {_SMALL}'>{formula_html(Formula(row.name, opened.expression))}</div>")
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
    return f"slope {slope:.2f}".replace("-", "−") + (f", {_POWERS[variable][power]}" if near else "")


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
    sizes = "".join(f"<br><span style='{_SMALL}'>{formula_html(size)}</span>" for size in formulas.sizes)
    return f"<span style='{_SMALL}'>most of it in {escape(row.name)} ({escape(row.kind)}):</span><br>{formula_html(shown)}{sizes}"


# --- the ladder ----------------------------------------------------------------------------------------------------------------


def explain_rung(scene: LadderScene, name: RungName) -> str:
    """What this rung shares and what it costs, for the real sizes and for the picture."""
    rung, ladder = scene.counted.rung(name), scene.counted
    note = _note(rung.weights.note)
    drawn = scene.drawn.rung(name).weights
    return (
        f"<p><b>{escape(name[0].upper() + name[1:])}</b><br><i>{escape(rung.meaning)}</i></p>"
        f"<p>{escape(scene.name)}: {escape(ladder.image.text)} → {escape(ladder.output.text)}<br>"
        f"{formula_html(rung.weights)}<br>{formula_html(rung.biases)}</p>{note}"
        f"<p>In the picture ({escape(scene.drawn.image.text)} → {escape(scene.drawn.output.text)}):<br>{formula_html(drawn)}</p>"
        "<p><i>Entries of one colour are one parameter. Point at an entry: all its twins light up; click to pin it.</i></p>"
    )


def explain_entry(scene: LadderScene, name: RungName, entry: tuple[int, int], number: int, times: int) -> str:
    """One entry of the picture: which output cell and pixel it joins, and which parameter it is (from 1; 0: none)."""
    ladder: Ladder = scene.drawn
    i, j = entry
    columns, width = ladder.output.sizes[2], ladder.image.sizes[2]
    head = (
        f"<p><b>Entry ({i + 1}, {j + 1})</b> joins output cell ({i // columns + 1}, {i % columns + 1}) "
        f"with pixel ({j // width + 1}, {j % width + 1}).</p>"
    )
    if number == 0:
        return head + f"<p>There is <b>no parameter</b> here: the pixel lies outside the cell's window.</p>{explain_rung(scene, name)}"
    total = scene.parameters_drawn(name)
    shared = "stands nowhere else" if times == 1 else f"stands <b>{times:,}</b> times in the matrix"
    return head + f"<p>It is parameter <b>{number:,}</b> of {total:,}; it {shared}.</p>{explain_rung(scene, name)}"


def explain_scene(scene: Scene) -> str:
    """The selected layer, or the whole network; for a layer that is not reached, why."""
    row, error = scene.selected, scene.analysis.error
    if row is not None:
        return explain_layer(row, scene.analysis)
    selected = scene.state.selected
    if selected is None or error is None:
        return explain_network(scene.analysis)
    name = scene.architecture.names[selected]
    if selected == error.index:
        return f"<p><b>{escape(name)}</b> does not fit.</p><p>{escape(error.sentence)}</p><p>The stack shows two ways to mend it.</p>"
    return f"<p><b>{escape(name)}</b> is not reached: {escape(error.sentence)}</p>"
