from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from hw2gui.colour import Scale
from hw2gui.widgets import theme
from hw2gui.widgets.cell_canvas import Behaviour
from hw2gui.widgets.cells import ArraySource
from hw2gui.widgets.matrix_view import MatrixView
from hw2gui.widgets.themes import LIGHT

SCALE = Scale("diverging", -1.0, 1.0)


@pytest.fixture(autouse=True)
def light(request: pytest.FixtureRequest) -> None:
    """Every test begins in the light theme."""
    if "qtbot" in request.fixturenames:
        theme.apply(request.getfixturevalue("qapp"), LIGHT)


Show = Callable[..., MatrixView]


@pytest.fixture
def show(qtbot: Any) -> Iterator[Show]:
    """Put a view of an array (or of zeros of a shape) on the screen, with the pointer far away."""
    windows = []

    def make(array: NDArray[np.float64] | tuple[int, int] = (6, 8), size: tuple[int, int] = (240, 180), **behaviour: bool) -> MatrixView:
        window = QWidget()
        windows.append(window)  # qtbot alone does not keep it alive
        qtbot.addWidget(window)
        theme.dress(window)
        window.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        window.resize(size[0] + 40, size[1] + 40)
        view = MatrixView("Matrix", Behaviour(**behaviour), window)
        view.setGeometry(20, 20, *size)
        view.show_source(ArraySource(np.zeros(array) if isinstance(array, tuple) else array), SCALE)
        QCursor.setPos(799, 799)  # wherever the last test left the pointer
        with qtbot.waitExposed(window):
            window.show()
        window.setFocus()
        QTest.mouseMove(window, QPoint(2, 2))
        return view

    yield make
    windows.clear()
