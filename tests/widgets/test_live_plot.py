"""The plot that grows: what stands at its edges is whole, and where there is no curve there are no numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication

from hw2gui.widgets import theme
from hw2gui.widgets.image_grid import ImageGrid
from hw2gui.widgets.live_plot import Line, LivePlot
from tests.widgets.hands import pixels, shot

CURVE = Line("loss", np.array([0.0, 1.0]), np.array([0.0, 1.0]))


@pytest.fixture
def plot(qtbot: Any, qapp: QApplication) -> LivePlot:
    theme.apply(qapp, theme.LIGHT)
    made = LivePlot("Loss", "step", "loss", "Nothing is trained yet.")
    qtbot.addWidget(made)
    made.resize(400, 300)
    with qtbot.waitExposed(made):
        made.show()
    return made


def ink_at_the_edge(plot: LivePlot) -> int:
    """Dark pixels in the topmost row and the rightmost column of the axes' picture: a label that is cut off leaves some."""
    view = plot._plot
    picture = pixels(view.grab().toImage())
    grey = picture & np.uint32(0xFF)
    return int((grey[0] < 160).sum() + (grey[:, -1] < 160).sum())


def test_the_highest_label_is_whole(plot: LivePlot) -> None:
    plot.show_lines((CURVE,))
    plot.flush()
    plot._plot.setYRange(0.0, 1.0, padding=0)
    plot._plot.setXRange(0.0, 1.0, padding=0)
    QApplication.processEvents()
    assert ink_at_the_edge(plot) == 0


def test_without_a_curve_a_sentence_stands_for_it_and_axes_have_no_numbers(plot: LivePlot) -> None:
    assert plot.empty.isVisible() and plot.empty.text() == "Nothing is trained yet."
    assert plot._plot.rect().contains(QRect(plot.empty.mapTo(plot._plot, plot.empty.rect().topLeft()), plot.empty.size()))
    assert not plot._plot.getAxis("left").style["showValues"]
    plot.show_lines((CURVE,))
    plot.flush()
    assert not plot.empty.isVisible() and plot._plot.getAxis("left").style["showValues"]
    plot.set_empty("Nothing is chosen.")
    assert not plot.empty.isVisible()
    plot.show_lines(())
    plot.flush()
    assert plot.empty.isVisible() and plot.empty.text() == "Nothing is chosen."


def test_a_grid_without_pictures_says_what_will_be_there(qtbot: Any, qapp: QApplication) -> None:
    theme.apply(qapp, theme.LIGHT)
    for words, said in (("Your drawings.", True), ("", False)):
        grid = ImageGrid("Drawings", empty=words)
        qtbot.addWidget(grid)
        grid.resize(200, 100)
        picture = shot(grid) & np.uint32(0xFF)
        assert ((picture < 160).sum() > 50) == said
