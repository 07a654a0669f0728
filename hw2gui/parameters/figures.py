"""Figures for paper: growth curves and parameter bars, as matplotlib figures saved to PNG, SVG or PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hw2gui.errors import InputError, UnavailableError
from hw2gui.files import replacing
from hw2gui.parameters.analysis import Analysis
from hw2gui.parameters.growth import Curve, common_axis, exponent
from hw2gui.parameters.tables import share_text
from hw2gui.parameters.twins import QUANTITIES, Quantity

SUFFIXES = (".png", ".svg", ".pdf")
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
"""Okabe and Ito's colours, told apart by colour-blind readers; line style and marker differ too."""
_STYLES = (("-", "o"), ("--", "s"), ("-.", "^"), (":", "D"))
_INK, _GRID = "#222222", "#d9d9d9"


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
        axes.axvline(marker, color=_INK, linewidth=0.8, linestyle=":")
        axes.text(marker, 1.01, f"{marker:,}", transform=axes.get_xaxis_transform(), ha="center", fontsize=8, color=_INK)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel(common_axis(curves))
    axes.set_ylabel(QUANTITIES[which])
    axes.grid(True, which="major", color=_GRID, linewidth=0.6)
    for text in axes.legend(frameon=False, fontsize=8, labelcolor=_INK).get_texts():
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
        axes.text(float(row.parameters) + 0.01 * longest, place, text, va="center", fontsize=8, color=_INK)
    axes.set_yticks(list(places), [f"{row.name} ({row.kind})" for row in rows])
    axes.set_xlim(0, 1.35 * longest)
    axes.invert_yaxis()
    axes.set_xlabel("parameters")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_title(f"{analysis.architecture.name}: {analysis.totals.parameters:,} parameters", fontsize=10, color=_INK, parse_math=False)
    # Below the axis: within it the legend would lie on the longest bar's number.
    figure.legend(frameon=False, fontsize=8, labelcolor=_INK, loc="outside lower right", ncols=2)
    return figure


def _sheet(width: float, height: float) -> tuple[Figure, Axes]:
    """A light sheet of *width*×*height* inches, whatever the theme of the screen."""
    figure = Figure(figsize=(width, height), facecolor="white", layout="constrained")
    axes = figure.add_subplot()
    axes.set_facecolor("white")
    axes.tick_params(colors=_INK, labelsize=8)
    axes.xaxis.label.set_color(_INK)
    axes.yaxis.label.set_color(_INK)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def save_figure(figure: Figure, path: Path, dpi: int = 200) -> None:
    """Write *figure* to *path* as its suffix says, without a date, whole or not at all.

    Raises :class:`InputError` for another suffix than ``SUFFIXES``, :class:`UnavailableError` where the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"{path.name} ends in none of {', '.join(SUFFIXES)}; give one of them to choose the kind of picture.")
    metadata: dict[str, Any] = {".png": {}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}[suffix]
    try:
        with replacing(path) as temporary:
            figure.savefig(temporary, format=suffix[1:], dpi=dpi, metadata=metadata)
    except OSError as error:
        raise UnavailableError(f"{path} cannot be written ({error.strerror or error}); choose another place.") from None
