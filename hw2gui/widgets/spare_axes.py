"""Axes for plots, some made ahead: they are most of what a plot costs."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from hw2gui.widgets.plot_axes import Axis

_spare: list[pg.PlotWidget] = []
"""Axes made ahead, each below a widget that will have the plot."""


def prepare(within: QWidget) -> None:
    """Make the axes of one of the plots that will be built *within*: they are most of what a plot costs."""
    plot = new_axes()
    plot.hide()
    plot.setParent(within)
    _spare.append(plot)


def take() -> pg.PlotWidget:
    """Axes that were made ahead, or new ones."""
    while _spare:
        plot = _spare.pop()
        if isValid(plot):
            return plot
    return new_axes()


def new_axes() -> pg.PlotWidget:
    """Axes with numbers as everywhere, and nothing on them."""
    plot = pg.PlotWidget(enableMenu=False, axisItems={side: Axis(side) for side in ("bottom", "left")})
    # pyqtgraph's menu of the plot has no parent and would outlive it.
    menu = plot.getPlotItem().ctrlMenu
    menu.setParent(plot, menu.windowFlags())
    return plot
