"""Curves as pictures for export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from hw2gui.errors import InputError
from hw2gui.figures import COLOURS, GREY, GRID, INK, NORMAL, SMALL, STYLES, captioned, save, sheet
from hw2gui.training.plots import Plot


def curves_figure(plot: Plot) -> Figure:
    """Lines, bands and dashed levels of *plot*, its note as the caption. InputError where it has no points."""
    if not any(line.x for line in plot.lines):
        raise InputError("there is nothing to draw yet: train a model first")
    figure = sheet(6.4, 4.4)
    draw_curves(figure.add_subplot(), plot)
    return captioned(figure, plot.note)


def draw_curves(axes: Axes, plot: Plot, **legend: Any) -> None:
    """Lines, bands, levels, marks, labels and legend of *plot* in *axes*; a line of one point is a dot. *legend*: where it is to be."""
    named = {line.group for line in plot.lines if not line.thin}
    for line in plot.lines:
        colour = COLOURS[line.group % len(COLOURS)]
        look: dict[str, Any] = {"linewidth": 0.7, "alpha": 0.5} if line.thin else {"linewidth": 1.6}
        look |= {"marker": "o"} if len(line.x) == 1 else {}
        style = "--" if line.dashed else STYLES[line.group % len(STYLES)]
        # The space keeps a name that begins with an underscore, which matplotlib would hide.
        axes.plot(
            line.x, line.y, color=colour, linestyle=style, label=None if line.thin and line.group in named else f" {line.label}", **look
        )
        if line.low:
            axes.fill_between(line.x, line.low, line.high, color=colour, alpha=0.15, linewidth=0)
    for level in plot.levels:
        # Named in the legend: beside the line the names of near levels would lie on each other, and on the curves.
        colour = GREY if level.group is None else COLOURS[level.group % len(COLOURS)]
        axes.axhline(level.value, color=colour, linestyle=(0, (6, 3)), linewidth=0.9, label=f" {level.label}")
    for x, name in plot.marks:
        axes.axvline(x, color="#8a5300", linestyle=(0, (2, 2)), linewidth=0.9)
        axes.annotate(name, (x, 1.0), xycoords=("data", "axes fraction"), fontsize=SMALL, ha="left", va="top", rotation=90, color="#8a5300")
    axes.set_xscale("log" if plot.log_x else "linear")
    axes.set_yscale("log" if plot.log_y else "linear")
    axes.set_xlabel(plot.x_label, fontsize=NORMAL, color=INK)
    axes.set_ylabel(plot.y_label, fontsize=NORMAL, color=INK)
    axes.set_title(plot.title, fontsize=NORMAL + 1, color=INK, parse_math=False)
    if plot.x_label in ("epoch", "beam size"):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(True, color=GRID, linewidth=0.6)
    axes.tick_params(labelsize=NORMAL - 1, colors=INK)
    for text in axes.legend(frameon=False, fontsize=NORMAL - 1, labelcolor=INK, **legend).get_texts():
        text.set_parse_math(False)


def save_plot(plot: Plot, path: str) -> None:
    """Draw *plot* into the file *path*. InputError where it has no points or the file is no picture, UnavailableError where it fails."""
    save(curves_figure(plot), Path(path))
