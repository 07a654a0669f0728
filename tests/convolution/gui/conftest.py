from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from hw2gui.convolution.gui.tab import ConvolutionTab
from hw2gui.convolution.state import ConvolutionState, check
from hw2gui.session.store import Store
from hw2gui.widgets.marks import Cell
from hw2gui.widgets.matrix_view import MatrixView
from tests.services import InlineServices


def shown(view) -> np.ndarray:
    rows, columns = view.source.shape
    return view.source.values(range(rows), range(columns))


def lit(view) -> set[tuple[int, int]]:
    cells = view._highlight.cells
    return set() if cells is None else {(int(r), int(c)) for r in cells[0] for c in cells[1]}


@dataclass
class Bench:
    """The tab on the bench, with hands: moves, clicks and keys are real events."""

    tab: ConvolutionTab
    store: Store[ConvolutionState]
    services: InlineServices

    @property
    def state(self) -> ConvolutionState:
        return self.store.state

    def point(self, view: MatrixView, cell: Cell) -> QPoint:
        rect = view.cell_rect(cell)
        return QPoint(int(rect.center().x()), int(rect.center().y()))

    def hover(self, view: MatrixView, cell: Cell) -> None:
        QTest.mouseMove(view, self.point(view, cell))

    def click(self, view: MatrixView, cell: Cell, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        QTest.mouseClick(view, button, Qt.KeyboardModifier.NoModifier, self.point(view, cell))

    def press(self, widget: QWidget, key: Qt.Key) -> None:
        QTest.keyClick(widget, key)

    def type(self, widget: QWidget, text: str) -> None:
        QTest.keyClicks(widget, text)

    def explanation(self) -> str:
        return self.tab.inspector.cell.html


@pytest.fixture
def bench(qtbot: Any) -> Iterator[Bench]:
    store = Store(ConvolutionState(), check)
    services = InlineServices()
    tab = ConvolutionTab(store, services)
    qtbot.addWidget(tab)
    tab.resize(1264, 720)
    with qtbot.waitExposed(tab):
        tab.show()
    # Away from the views, wherever the last test left the pointer.
    QTest.mouseMove(tab.page.player)
    yield Bench(tab, store, services)
    store.changed.disconnect()
    services.runner.close()
