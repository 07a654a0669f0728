"""Pictures for export: attention, what beams give and cost, errors by length, confusions; on white, each with its settings under it.

Every function answers a matplotlib Figure of its own (see `hw2gui.figures`).
Probabilities are viridis on a fixed 0..1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from hw2gui.arrays import Floats
from hw2gui.datasets.arabic import HINTS
from hw2gui.errors import InputError
from hw2gui.figures import COLOURS, GRID, INK, NORMAL, SMALL, STYLES, captioned, sheet
from hw2gui.seq2seq.evaluation import BeamScores
from hw2gui.seq2seq.metrics import NOTHING, ByPosition, Confusion, LengthBin
from hw2gui.seq2seq.symbols import LEAST_LINE, axis_order, symbol_label

_MARKERS = "os^D"
"""They change with the colours, as the line style does."""


def attention_figure(
    attention: Floats,
    source: Sequence[str],
    output: Sequence[str],
    title: str = "",
    *,
    lines: bool = False,
    visual: bool = True,
    hints: bool = False,
) -> Figure:
    """The attention (output symbols, source symbols), a row for each symbol of the output, a column for each of the source.

    With *lines* instead lines from the source, above, to the output, below; as wide as the share is large, none for those below
    `symbols.LEAST_LINE`. Letters stand alone on the axes. With *visual*, what runs from right to left does so here too; *hints* writes
    Latin letters under Arabic ones. InputError for something that is no such table.
    """
    if attention.ndim != 2 or attention.shape != (len(output), len(source)) or not attention.size:
        raise InputError("there is no attention to draw: choose a model with attention and a text it has read")
    above = axis_order(source, visual=visual)
    over = [_tick(symbol, hints) for symbol in source]
    if not lines:
        return _attention_map(attention, over, [_tick(symbol, hints) for symbol in output], above, title)
    below = axis_order(output, visual=visual)
    return _attention_lines(attention, over, [symbol_label(symbol) for symbol in output], above, below, title)


def _attention_map(shares: Floats, over: Sequence[str], beside: Sequence[str], order: Sequence[int], title: str) -> Figure:
    """As colours: the columns, in *order*, with the source's symbols *over* them, the output's *beside* the rows."""
    columns = list(order)
    turned = columns[0] > columns[-1]
    figure = sheet(min(14.0, 1.6 + 0.32 * len(over)), min(14.0, 1.5 + 0.3 * len(beside)))
    axes = figure.add_subplot()
    shown = axes.imshow(shares[:, columns], cmap="viridis", norm=Normalize(0, 1), interpolation="nearest")
    axes.set_xticks(range(len(over)), [over[column] for column in columns], fontsize=NORMAL, parse_math=False)
    axes.set_yticks(range(len(beside)), beside, fontsize=NORMAL, parse_math=False)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, colors=INK)
    figure.colorbar(shown, ax=axes, fraction=0.046, pad=0.03).ax.tick_params(labelsize=SMALL)
    read = "from right to left, as it is read" if turned else "in the order it is stored"
    return captioned(figure, f"{title} A row for each symbol written; each row's colours sum to 1. The source stands {read}.")


def _attention_lines(
    shares: Floats, over: Sequence[str], under: Sequence[str], above: Sequence[int], below: Sequence[int], title: str
) -> Figure:
    """As lines from the source's symbols *over* them, in the order *above*, to the output's *under* them, in the order *below*."""
    figure = sheet(min(14.0, 1.2 + 0.42 * max(len(over), len(under))), 3.6)
    axes = figure.add_subplot()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.axis("off")
    for row, column in zip(*np.nonzero(shares >= LEAST_LINE), strict=True):
        share = float(shares[row, column])
        ends = (_middle(above, int(column)), _middle(below, int(row)))
        axes.plot(ends, (0.88, 0.12), color=COLOURS[0], linewidth=max(0.4, 4 * share), alpha=0.25 + 0.75 * share)
    for order, labels, y, align in ((above, over, 0.9, "bottom"), (below, under, 0.1, "top")):
        for at, label in enumerate(labels):
            axes.text(_middle(order, at), y, label, fontsize=NORMAL, ha="center", va=align, color=INK, parse_math=False)
    return captioned(figure, f"{title} A line for every share of at least {LEAST_LINE:g}, as wide as it is large.")


def _middle(order: Sequence[int], at: int) -> float:
    """Where the symbol *at* stands, 0..1."""
    return (order.index(at) + 0.5) / len(order)


def beam_figure(scores: Sequence[BeamScores], title: str = "") -> Figure:
    """`beams_figure` of one model."""
    return beams_figure({"": scores}, title)


def beams_figure(models: Mapping[str, Sequence[BeamScores]], title: str = "", report: float | None = None) -> Figure:
    """Error rate, mean log-probability, seconds and output length by beam size, each on its own axis, from the same decoding runs.

    A line for each of *models*; *report* is the report's error rate, where it may stand beside them. InputError for none.
    """
    if not models or not all(models.values()):
        raise InputError("there is nothing to draw yet: evaluate a model with some beam sizes first")
    figure = sheet(7.2, 5.4)
    quantities: list[tuple[str, Callable[[BeamScores], float]]] = [
        ("error rate", lambda one: one.scores.error_rate),
        ("mean log P of the output", lambda one: one.log_probability),
        ("seconds", lambda one: one.seconds),
        ("mean length", lambda one: one.scores.mean_length),
    ]
    first = next(iter(models.values()))
    for place, (name, value) in enumerate(quantities):
        axes = figure.add_subplot(2, 2, place + 1)
        for number, (model, scores) in enumerate(models.items()):
            hue = number if len(models) > 1 else place
            _line(axes, [one.beam for one in scores], [value(one) for one in scores], model, hue)
        beams = sorted({one.beam for scores in models.values() for one in scores})
        axes.set_xticks(beams, [str(beam) for beam in beams])
        axes.set_ylabel(name, fontsize=NORMAL)
        axes.set_xlabel("beam size", fontsize=NORMAL)
        if name == "mean length":
            _level(axes, first[0].scores.reference_length, "references")
        if name == "error rate" and report is not None:
            _level(axes, report, "the report, greedy")
        if len(models) > 1 and place == 0:
            for text in axes.legend(frameon=False, fontsize=SMALL, labelcolor=INK).get_texts():
                text.set_parse_math(False)
    alpha = first[0].alpha
    rule = "scores are sums" if alpha == 0 else f"scores are divided by length^{alpha:g}"
    return captioned(figure, f"{title} {first[0].scores.n:,} examples; {rule}; the times are of this computer.")


def position_figure(position: ByPosition, title: str = "") -> Figure:
    """Shares of the references' characters replaced, left out, and with something inserted before them, by position.

    InputError where nothing was counted.
    """
    figure = sheet(6.4, 4.4)
    axes = figure.add_subplot()
    at = np.flatnonzero(10 * position.present >= position.present.max(initial=1))
    if not at.size:
        raise InputError("there is nothing to draw yet: evaluate a model first")
    parts = (("replaced", position.substituted), ("left out", position.deleted), ("inserted before", position.inserted))
    for number, (name, counts) in enumerate(parts):
        _line(axes, (at + 1).tolist(), (counts[at] / np.maximum(position.present[at], 1)).tolist(), name, number)
    axes.set_xlabel("position in the reference", fontsize=NORMAL)
    axes.set_ylabel("share of the references that reach it", fontsize=NORMAL)
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, fontsize=NORMAL - 1, labelcolor=INK)
    return captioned(figure, title)


def length_figure(curves: Mapping[str, Sequence[LengthBin]], title: str = "", of: str = "source") -> Figure:
    """Mean error rate by length, a line for each model, with a band of one standard error to both sides.

    InputError for none.
    """
    if not any(curves.values()):
        raise InputError("there is nothing to draw yet: evaluate a model first")
    figure = sheet(6.4, 4.4)
    axes = figure.add_subplot()
    for number, (name, bins) in enumerate(curves.items()):
        middles = [(one.shortest + one.longest) / 2 for one in bins]
        rates = np.array([one.error_rate for one in bins])
        errors = np.array([one.standard_error for one in bins])
        _line(axes, middles, rates.tolist(), name, number)
        axes.fill_between(middles, rates - errors, rates + errors, color=COLOURS[number % len(COLOURS)], alpha=0.15, linewidth=0)
    axes.set_xlabel(f"characters in the {of}", fontsize=NORMAL)
    axes.set_ylabel("error rate", fontsize=NORMAL)
    axes.set_ylim(bottom=0)
    for text in axes.legend(frameon=False, fontsize=NORMAL - 1, labelcolor=INK).get_texts():
        text.set_parse_math(False)
    return captioned(figure, f"{title} Bands: one standard error of the mean to each side.")


def confusion_figure(confusion: Confusion, title: str = "") -> Figure:
    """The confusion matrix of characters, coloured by the share of the row, 0 to 1. InputError for an empty one."""
    if not confusion.counts.size:
        raise InputError("there is nothing to draw yet: evaluate a model first")
    counts = confusion.counts
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = min(14.0, 1.5 + 0.17 * len(counts))
    figure = sheet(side + 0.6, side)
    axes = figure.add_subplot()
    shown = axes.imshow(shares, cmap="viridis", norm=Normalize(0, 1), interpolation="nearest")
    labels = [symbol_label(character) if character != NOTHING else "∅" for character in confusion.characters]
    axes.set_xticks(range(len(labels)), labels, fontsize=SMALL, parse_math=False)
    axes.set_yticks(range(len(labels)), labels, fontsize=SMALL, parse_math=False)
    axes.set_xlabel("in the output", fontsize=NORMAL)
    axes.set_ylabel("in the reference", fontsize=NORMAL)
    figure.colorbar(shown, ax=axes, fraction=0.046, pad=0.03).ax.tick_params(labelsize=SMALL)
    return captioned(
        figure, f"{title} Share of the reference's character that became the output's, 0 to 1. Row ∅: inserted; column ∅: left out."
    )


def _tick(symbol: str, hints: bool) -> str:
    label = symbol_label(symbol)
    return f"{label}\n{HINTS[symbol]}" if hints and symbol in HINTS else label


def _line(axes: Axes, x: Sequence[float], y: Sequence[float], label: str, number: int) -> None:
    look: dict[str, Any] = {"linestyle": STYLES[number % len(STYLES)], "marker": _MARKERS[number % len(_MARKERS)], "markersize": 3.5}
    # The space keeps a name that begins with an underscore, which matplotlib would hide.
    axes.plot(x, y, color=COLOURS[number % len(COLOURS)], linewidth=1.5, label=f" {label}", **look)
    axes.grid(True, color=GRID, linewidth=0.6)
    axes.tick_params(labelsize=NORMAL - 1, colors=INK)
    axes.spines[["top", "right"]].set_visible(False)


def _level(axes: Axes, value: float, name: str) -> None:
    axes.axhline(value, color=INK, linewidth=0.8, linestyle=":")
    axes.annotate(name, (1.0, value), xycoords=("axes fraction", "data"), fontsize=SMALL, ha="right")
