"""Figures for paper: growth curves and parameter bars, as matplotlib figures saved to PNG, SVG or PDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hw2gui.errors import InputError
from hw2gui.figures import COLOURS, GRID, INK, sheet
from hw2gui.parameters.analysis import Analysis
from hw2gui.parameters.growth import Curve, common_axis, exponent, with_unit
from hw2gui.parameters.tables import share_text
from hw2gui.parameters.twins import QUANTITIES, Quantity

_STYLES = (("-", "o"), ("--", "s"), ("-.", "^"), (":", "D"))


def growth_figure(curves: Sequence[Curve], which: Quantity, marker: int | None = None) -> Figure:
    """Log–log curves of one quantity, each with its fitted exponent; *marker* draws a vertical line at a value.

    Raises :class:`InputError` where no curve has a point.
    """
    drawn = [curve for curve in curves if any(curve.counts(which))]
    if not drawn:
        raise InputError("none of the networks fits at any value of the axis; choose other values.")
    figure, axes = _sheet(6.4, 4.4)
    for index, curve in enumerate(drawn):
        line, point = _STYLES[index % len(_STYLES)]
        slope = exponent(curve, which)
        # The space keeps a name that begins with an underscore, which matplotlib would hide.
        label = f" {curve.name}" if slope is None else f" {curve.name}: exponent {round(slope, 2) + 0.0:.2f}"
        shown: dict[str, Any] = {
            "linestyle": line,
            "marker": point,
            "markersize": 3 if len(curve.points) <= 40 else 0,
            "linewidth": 1.4,
            "color": COLOURS[index % len(COLOURS)],
        }
        # Floats: matplotlib cannot take whole numbers beyond 64 bits.
        axes.plot([float(v) for v in curve.values], [float(c) for c in curve.counts(which)], label=label, **shown)
    if marker is not None:
        axes.axvline(marker, color=INK, linewidth=0.8, linestyle=":")
        axes.text(marker, 1.01, f"{marker:,}", transform=axes.get_xaxis_transform(), ha="center", fontsize=8, color=INK)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel(with_unit(common_axis(curves)))
    axes.set_ylabel(QUANTITIES[which])
    axes.grid(True, which="major", color=GRID, linewidth=0.6)
    for text in axes.legend(frameon=False, fontsize=8, labelcolor=INK).get_texts():
        text.set_parse_math(False)
    return figure


def parameter_figure(analysis: Analysis) -> Figure:
    """One horizontal bar a layer with parameters, weights and biases stacked, each with its count and share.

    Raises :class:`InputError` where no layer has parameters.
    """
    rows = [row for row in analysis.rows if row.parameters]
    if not rows:
        raise InputError("no layer has parameters to draw; add a convolution or a fully connected layer.")
    figure, axes = _sheet(6.4, 1.2 + 0.32 * len(rows))
    places = range(len(rows))
    weights, biases = [float(row.weights) for row in rows], [float(row.biases) for row in rows]
    axes.barh(places, weights, color=COLOURS[0], label="weights", height=0.7)
    if any(biases):
        axes.barh(places, biases, left=weights, color=COLOURS[1], label="biases", height=0.7)
    longest = float(max(row.parameters for row in rows))
    for place, row in enumerate(rows):
        text = f"{row.parameters:,}  ({share_text(analysis.share(row))})"
        axes.text(float(row.parameters) + 0.01 * longest, place, text, va="center", fontsize=8, color=INK)
    axes.set_yticks(list(places), [f"{row.name} ({row.kind})" for row in rows])
    axes.set_xlim(0, 1.35 * longest)
    axes.invert_yaxis()
    axes.set_xlabel("parameters")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_title(f"{analysis.architecture.name}: {analysis.totals.parameters:,} parameters", fontsize=10, color=INK, parse_math=False)
    # Below the axis: within it the legend would lie on the longest bar's number.
    figure.legend(frameon=False, fontsize=8, labelcolor=INK, loc="outside lower right", ncols=2)
    return figure


def _sheet(width: float, height: float) -> tuple[Figure, Axes]:
    """A light sheet of *width*×*height* inches, whatever the theme of the screen."""
    figure = sheet(width, height)
    axes = figure.add_subplot()
    axes.set_facecolor("white")
    axes.tick_params(colors=INK, labelsize=8)
    axes.xaxis.label.set_color(INK)
    axes.yaxis.label.set_color(INK)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes
