from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QWidget

from hw2gui.parameters.gui.tab import ParametersTab
from hw2gui.parameters.state import ParametersState, check
from hw2gui.session.store import Store
from tests.services import InlineServices

LEFT = Qt.MouseButton.LeftButton


@dataclass
class Bench:
    """The tab on the bench, with hands: clicks, drags and keys are real events."""

    tab: ParametersTab
    store: Store[ParametersState]
    services: InlineServices

    @property
    def state(self) -> ParametersState:
        return self.store.state

    @property
    def layer_list(self) -> Any:
        return self.tab.stack.list

    def kinds(self) -> list[str]:
        return [layer.kind for layer in self.state.architecture.layers]

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        QTest.mouseClick(widget, LEFT, Qt.KeyboardModifier.NoModifier, at or widget.rect().center())

    def press(self, widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(widget, key, modifiers)

    def click_layer(self, row: int) -> None:
        self.layer_list.scrollTo(self.layer_list.model().index(row, 0))
        self.click(self.layer_list.viewport(), self.layer_list.line_rect(row).center())

    def drag_layer(self, row: int, y: int) -> None:
        view, start = self.layer_list.viewport(), self.layer_list.line_rect(row).center()
        QTest.mousePress(view, LEFT, Qt.KeyboardModifier.NoModifier, start)
        QTest.mouseMove(view, QPoint(start.x(), (start.y() + y) // 2))
        QTest.mouseMove(view, QPoint(start.x(), y))
        QTest.mouseRelease(view, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(start.x(), y))

    def add(self, kind: str) -> None:
        """Insert, the kind's name typed into the menu, Enter."""
        self.press(self.layer_list, Qt.Key.Key_Insert)
        menu = self.tab.stack.menu
        assert menu.isVisible()
        QTest.keyClicks(menu, kind)
        QTest.keyClick(menu, Qt.Key.Key_Return)
        assert not menu.isVisible()

    def field(self, name: str) -> Any:
        """The controls of the selected layer's field *name*."""
        layer = self.state.architecture.layers[self.state.selected or 0]
        return self.tab.stack.editor(layer.kind).controls[name]

    def type_into(self, field: QAbstractSpinBox, text: str) -> None:
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def choose(self, box: QComboBox, text: str) -> None:
        """Walk to the entry *text* with the keyboard."""
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Home)
        for _ in range(box.findText(text)):
            QTest.keyClick(box, Qt.Key.Key_Down)
        assert box.currentText() == text

    def page(self, key: str) -> Any:
        self.click(self.tab.switch.button(key))
        for _ in range(3):
            QApplication.processEvents()
        return self.tab.pages[key]

    def formulas(self) -> str:
        return self.tab.inspector.formulas.toPlainText().replace("\n", " ")

    def total(self, column: int = 0) -> str:
        return self.tab.table_page.table.total_text(column)


def make_bench(qtbot: Any, services: InlineServices) -> Bench:
    store = Store(ParametersState(), check)
    tab = ParametersTab(store, services)
    qtbot.addWidget(tab)
    tab.resize(1264, 720)
    with qtbot.waitExposed(tab):
        tab.show()
    # Away from the views, wherever the last test left the pointer.
    QTest.mouseMove(tab.controls.name)
    return Bench(tab, store, services)


@pytest.fixture
def bench(qtbot: Any) -> Iterator[Bench]:
    """PyTorch is not asked: most tests make many edits."""
    services = InlineServices(unanswered=frozenset({"verify"}))
    made = make_bench(qtbot, services)
    yield made
    made.store.changed.disconnect()
    services.runner.close()


@pytest.fixture
def verifying_bench(qtbot: Any) -> Iterator[Bench]:
    services = InlineServices()
    made = make_bench(qtbot, services)
    yield made
    made.store.changed.disconnect()
    services.runner.close()
