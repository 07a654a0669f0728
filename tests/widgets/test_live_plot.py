"""The plot that grows: what stands at its edges is whole, and where there is no curve there are no numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication

from hw2gui.widgets import theme
from hw2gui.widgets.image_grid import ImageGrid
from hw2gui.widgets.live_plot import LivePlot
from hw2gui.widgets.plot_lines import PLACES, Level, Line, clear_place, has_room_above, pen_of
from hw2gui.widgets.themes import LIGHT
from tests.widgets.hands import Heard, pixels, press, shot

CURVE = Line("loss", np.array([0.0, 1.0]), np.array([0.0, 1.0]))


@pytest.fixture
def plot(qtbot: Any, qapp: QApplication) -> LivePlot:
    theme.apply(qapp, LIGHT)
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


def test_without_a_curve_a_sentence_stands_for_it_and_there_are_no_axes(plot: LivePlot) -> None:
    assert plot.empty.isVisible() and plot.empty.text() == "Nothing is trained yet."
    assert plot._plot.rect().contains(QRect(plot.empty.mapTo(plot._plot, plot.empty.rect().topLeft()), plot.empty.size()))
    assert not plot._plot.getAxis("left").isVisible()
    plot.show_lines((CURVE,))
    plot.flush()
    assert not plot.empty.isVisible() and plot._plot.getAxis("left").isVisible()
    plot.show_lines((Line("loss", np.array([1.0, 2.0]), np.array([np.nan, np.nan])),))
    plot.flush()
    assert plot.empty.isVisible() and not plot._plot.getAxis("left").isVisible(), "a line without a point is not to be seen"
    plot.show_lines((CURVE,))
    plot.flush()
    plot.set_empty("Nothing is chosen.")
    assert not plot.empty.isVisible()
    plot.show_lines(())
    plot.flush()
    assert plot.empty.isVisible() and plot.empty.text() == "Nothing is chosen."


def test_a_grid_without_pictures_says_what_will_be_there(qtbot: Any, qapp: QApplication) -> None:
    theme.apply(qapp, LIGHT)
    for words, said in (("Your drawings.", True), ("", False)):
        grid = ImageGrid("Drawings", empty=words)
        qtbot.addWidget(grid)
        grid.resize(200, 100)
        picture = shot(grid) & np.uint32(0xFF)
        assert ((picture < 160).sum() > 50) == said


def test_keys_read_the_points_of_the_curves(plot: LivePlot) -> None:
    read = Heard(plot.read)
    other = Line("accuracy", np.array([1.0, 10.0, 100.0]), np.array([0.25, np.nan, 0.75]))
    plot.show_lines((CURVE, other))
    plot.flush()
    plot.setFocus()
    press(plot, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert read == ["loss: step 0, loss 0", "loss: step 1, loss 1", "loss: step 1, loss 1"]
    assert plot.accessibleDescription() == read[-1]
    press(plot, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End)
    assert read[3:] == ["accuracy: step 100, loss .75", "accuracy: step 1, loss .25", "accuracy: step 100, loss .75"]
    plot.set_log(across=True, down=True)
    press(plot, Qt.Key.Key_Up, Qt.Key.Key_Left)
    assert read[-1] == "loss: step 1, loss 1"  # what a logarithmic axis cannot show is not read
    plot.clearFocus()
    assert read[-1] == "" and "read the points" in plot.accessibleDescription()


def test_the_name_of_a_level_keeps_off_the_curves() -> None:
    xs = np.linspace(-10.0, 10.0, 21)
    bell, level = Line("bell", xs, 0.12 + 0.8 * np.exp(-(xs**2) / 20)), Level("chance", 0.1)
    assert clear_place(level, (bell,), (False, False), above=True) == PLACES[1]
    assert clear_place(level, (bell,), (False, False), above=False) == clear_place(level, (), (False, False), above=True) == PLACES[0]
    rising = Line("rising", xs + 11, 0.1 * (xs + 11))
    assert clear_place(Level("low", 0.1), (rising,), (True, True), above=True) == PLACES[1]


def test_lines_are_as_wide_on_a_screen_of_any_density() -> None:
    line = Line("loss", np.arange(3.0), np.arange(3.0))
    for density in (1.0, 1.5, 2.0):
        pen = pen_of(line, density)
        assert pen.isCosmetic() and pen.widthF() == line.width * density


def test_every_numbered_tick_has_a_line_of_the_grid(plot: LivePlot) -> None:
    plot.show_lines((Line("loss", np.array([0.0, 10.0]), np.array([0.0, 4.0])),))
    plot.flush()
    plot.resize(400, 300)
    QApplication.processEvents()
    picture, grid = shot(plot), int(theme.current().line[1:], 16)
    lines = (np.abs((picture & 0xFFFFFF).astype(int) - grid) == 0).sum(axis=1)
    assert (lines > 200).sum() >= 5  # 0, 1, 2, 3, 4, from one side of the axes to the other


def test_the_name_of_the_highest_level_stands_below_it() -> None:
    """Also where a curve comes a hair above it: there would be no room."""
    falling = Line("loss", np.arange(3.0), np.array([2.306, 1.0, 0.0]))
    assert not has_room_above(Level("guessing", 2.303), (falling,), (False, False))
    assert not has_room_above(Level("report", 3.0), (falling,), (False, False))
    assert has_room_above(Level("floor", 0.3), (falling,), (False, False))
    assert has_room_above(Level("floor", 0.3), (), (False, False))
    rising = Line("loss", np.arange(1.0, 4.0), np.array([0.001, 1.0, 2.0]))
    assert not has_room_above(Level("guessing", 1.5), (rising,), (True, True))
    assert has_room_above(Level("guessing", 1.5), (rising,), (False, False))


def test_the_name_of_a_level_moves_when_the_curve_grows_under_it(plot: LivePlot) -> None:
    """It is placed where the curve is not yet, and the curve comes."""
    chance = Level("chance", 0.5)
    xs = np.linspace(0.0, 10.0, 80)  # so many points are not marked, and more of them are the same curve
    falling = np.where(xs < 5, 0.0, 1.0)
    plot.show_lines((Line("accuracy", xs, falling),), (chance,))
    plot.flush()
    (line,) = [item for item in plot._items if isinstance(item, pg.InfiniteLine)]
    assert line.label.orthoPos == PLACES[0]
    plot.show_lines((Line("accuracy", xs, np.where(xs < 5, 0.52, 1.0)),), (chance,))
    plot.flush()
    (line,) = [item for item in plot._items if isinstance(item, pg.InfiniteLine)]
    assert line.label.orthoPos != PLACES[0]


def test_points_that_move_the_axes_are_painted_once(plot: LivePlot) -> None:
    painted = Heard(plot._plot.scene().sigPrepareForPaint)
    for end in range(20, 30):
        plot.show_lines((Line("loss", np.arange(float(end)), np.arange(float(end)) ** 2),))
        plot.flush()
        if end == 20:  # the axes appear, and have to be laid out first
            QApplication.processEvents()
            painted.clear()
        for _ in range(4):
            QApplication.processEvents()
    assert len(painted) == 9
