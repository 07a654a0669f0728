"""Counts in words and numbers, as HTML for the inspector: a layer's formulas, and the totals of a network as sums of its layers."""

from __future__ import annotations

from html import escape

from hw2gui.parameters.analysis import Analysis, Row
from hw2gui.parameters.count import MACS_NOTE, MEMORY_NOTE
from hw2gui.parameters.formula_html import SMALL, note_html, opened_html
from hw2gui.parameters.scene import Scene
from hw2gui.parameters.tables import bytes_text, share_text

MOST_TERMS = 8
"""A total of more layers than this names the largest of them."""


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


def explain_layer(row: Row, analysis: Analysis) -> str:
    """One layer: what it does, and every count opened."""
    formulas = row.formulas()
    blocks = [opened_html(formula) for formula in formulas.sizes]
    blocks.append(opened_html(formulas.parameters))
    blocks.append(opened_html(formulas.macs))
    blocks.append(opened_html(formulas.activations) + note_html(_memory(row, analysis)))
    blocks += [opened_html(formula) for formula in formulas.receptive]
    share = f", {share_text(analysis.share(row))} of all" if row.parameters else ""
    return (
        f"<p><b>{escape(row.name)}</b> &nbsp;<i>{escape(row.kind)}</i> &nbsp;{escape(row.at.shape.text)} → {escape(row.output.text)}<br>"
        f"<span style='{SMALL}'><i>{escape(row.layer.summary)}</i></span><br>"
        f"<b>{row.parameters:,}</b> parameters{share}</p>" + "".join(blocks)
    )


def _memory(row: Row, analysis: Analysis) -> str:
    if row.layer.view:
        return "The same numbers seen otherwise: no memory of its own."
    taken = analysis.activation_bytes(row)
    return f"× {analysis.batch:,} examples × 4 bytes = {taken:,} bytes ({bytes_text(taken, 'short')})."


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
        f"<p><b>{totals.parameters:,}</b> parameters{biases}{frozen}<br>{sum_html(analysis, 'parameters')}</p>"
        + "".join(tied)
        + f"<p><b>{totals.macs:,}</b> multiply–adds for one example<br>{sum_html(analysis, 'macs')}</p>{note_html(MACS_NOTE)}"
        f"<p><b>{bytes_text(totals.activation_bytes, 'short')}</b> of activations for a batch of {analysis.batch:,}, "
        f"and {bytes_text(totals.parameter_bytes, 'short')} of parameters</p>{note_html(MEMORY_NOTE)}"
        "<p><i>Select a layer to open its formulas.</i></p>"
    )


def sum_html(analysis: Analysis, which: str) -> str:
    """The total of *which* ("parameters" or "macs") as the sum of the layers that count most."""
    counted = [(row.name, getattr(row, which)) for row in analysis.rows if getattr(row, which)]
    shown = counted
    if len(counted) > MOST_TERMS:
        largest = sorted(counted, key=lambda item: -item[1])[: MOST_TERMS - 1]
        shown = [item for item in counted if item in largest]
        rest = sum(count for _, count in counted) - sum(count for _, count in shown)
        shown = [*shown, (f"{len(counted) - len(shown)} others", rest)]
    return f"<span style='{SMALL}'>= {' + '.join(f'{count:,}&nbsp;({escape(name)})' for name, count in shown)}</span>" if shown else ""
