"""Strips beside a matrix stay along it whatever happens to it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from hw2gui.widgets.cell_canvas import Behaviour
from hw2gui.widgets.cells import ArraySource
from hw2gui.widgets.matrix_view import MatrixView
from tests.widgets.conftest import SCALE
from tests.widgets.hands import drag, hover, press, wheel

Key = Qt.Key


class Striped(QWidget):
    def __init__(self, rows: int, columns: int) -> None:
        super().__init__()
        self.matrix = MatrixView("M", Behaviour(pans=True, square=False))
        self.above, self.beside = MatrixView("above", Behaviour(square=False)), MatrixView("beside", Behaviour(square=False))
        self.above.setFixedHeight(18)
        self.beside.setFixedWidth(18)
        grid = QGridLayout(self)
        grid.addWidget(self.above, 0, 1)
        grid.addWidget(self.beside, 1, 0)
        grid.addWidget(self.matrix, 1, 1)
        self.above.follow(self.matrix, Qt.Orientation.Horizontal)
        self.beside.follow(self.matrix, Qt.Orientation.Vertical)
        self.show_shape(rows, columns)

    def show_shape(self, rows: int, columns: int) -> None:
        # The strips first: they must not rest on the matrix being there before them.
        self.above.show_source(ArraySource(np.zeros((1, columns))), SCALE)
        self.beside.show_source(ArraySource(np.zeros((rows, 1))), SCALE)
        self.matrix.show_source(ArraySource(np.zeros((rows, columns))), SCALE)

    def assert_aligned(self) -> None:
        matrix = self.matrix
        assert (self.above.across.cell, self.above.across.origin) == (matrix.across.cell, matrix.across.origin)
        assert (self.beside.down.cell, self.beside.down.origin) == (matrix.down.cell, matrix.down.origin)
        assert self.above.across.extent == matrix.across.extent and self.beside.down.extent == matrix.down.extent
        for x in range(0, matrix.width(), 7):
            whole = matrix.across.cell_at(x)
            assert self.above.cell_at(QPointF(x, 9)) == (None if whole is None else (0, whole))
        assert self.above.down.visible == range(1) and self.beside.across.visible == range(1)


@pytest.fixture
def striped(qtbot: Any) -> Striped:
    widget = Striped(576, 784)
    qtbot.addWidget(widget)
    widget.resize(500, 400)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def test_strips_are_along_their_matrix_from_the_beginning(striped: Striped) -> None:
    striped.assert_aligned()


def test_zoom_pan_and_resize_keep_them_along(striped: Striped, qtbot: Any) -> None:
    for _ in range(14):
        wheel(striped.matrix, QPoint(200, 150), 1)
        striped.assert_aligned()
    drag(striped.matrix, QPoint(200, 150), QPoint(150, 170), QPoint(90, 200))
    striped.assert_aligned()
    for size in ((640, 300), (333, 471), (500, 400)):
        striped.resize(*size)
        qtbot.wait(1)
        striped.assert_aligned()


def test_another_shape_keeps_them_along(striped: Striped) -> None:
    wheel(striped.matrix, QPoint(200, 150), 3)
    striped.show_shape(15, 24)
    striped.assert_aligned()


def test_walking_along_a_strip_scrolls_the_matrix_in_that_direction_only(striped: Striped) -> None:
    striped.matrix.show_cell((300, 300), 20.0)
    down = striped.matrix.down
    hover(striped.above, (0, 300))
    striped.above.setFocus()
    press(striped.above, *[Key.Key_Right] * 40)
    assert striped.above.current == (0, 340)
    assert 340 in striped.matrix.across.visible and striped.matrix.down == down
    striped.assert_aligned()
    hover(striped.beside, (300, 0))
    striped.beside.setFocus()
    press(striped.beside, *[Key.Key_Up] * 40)
    assert striped.beside.current == (260, 0) and 260 in striped.matrix.down.visible
    striped.assert_aligned()


def test_fitting_a_strip_changes_nothing(striped: Striped) -> None:
    wheel(striped.matrix, QPoint(200, 150), 5)
    striped.above.fit()
    striped.assert_aligned()
