"""The whole of what is on screen, all tabs at once, out of one file: by the command line's door, by a drop, and back by Undo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from hw2gui.app.lesson.state import Entry
from hw2gui.app.main_window import MainWindow
from hw2gui.app.tabs import TABS
from tests.app.test_window import CONTROL, mime
from tests.app.whole import open_whole, stops
from tests.widgets.hands import LEFT, NO_KEY, press

NOTE = Entry(question="1.1a", guess="12", notes="the border counts\ntwice", revealed=True)


def fill(window: MainWindow) -> dict[str, Any]:
    """Bring every tab into the last state of its tour, write a note, and answer all states."""
    for spec in TABS:
        window.document.stores[spec.key].replace("Something", stops(spec.key)[-1].state())
    lesson = window.desk.store
    lesson.move(entries=lesson.state.with_entry(NOTE), current="2.1", panel=True)
    return states(window)


def states(window: MainWindow) -> dict[str, Any]:
    return {key: store.state for key, store in window.document.stores.items()}


@pytest.fixture
def file(qtbot: Any, qapp: QApplication, tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    """A session of a window that is gone, and what was in it."""
    window = open_whole(qtbot, qapp)
    path = tmp_path / "all.hw2"
    filled = fill(window)
    window.document.save(path, "report")
    window.close()
    return path, filled


def test_it_opens_as_the_command_line_opens_it(qtbot: Any, qapp: QApplication, file: tuple[Path, dict[str, Any]]) -> None:
    path, filled = file
    window = open_whole(qtbot, qapp, session=path)
    assert states(window) == filled and window.front == "report"
    assert window.desk.panel is not None and window.desk.panel.isVisible()
    assert window.desk.store.state.entry("1.1a") == NOTE
    window.close()


def test_it_is_dropped_on_whatever_the_pointer_is_over_and_undone_tab_by_tab(
    qtbot: Any, qapp: QApplication, file: tuple[Path, dict[str, Any]]
) -> None:
    path, filled = file
    window = open_whole(qtbot, qapp)
    before = states(window)
    handle = window.windowHandle()
    assert handle is not None
    arguments = (Qt.DropAction.CopyAction, mime(path), LEFT, NO_KEY)
    middle = window.rect().center()
    QApplication.sendEvent(handle, QDragEnterEvent(QPoint(middle), *arguments))
    QApplication.sendEvent(handle, QDropEvent(QPointF(middle), *arguments))
    # Opened when the drag is over, not within it.
    qtbot.waitUntil(lambda: window.windowTitle() == "all — hw2gui")
    assert states(window) == filled
    for number, spec in enumerate(TABS, 1):
        press(window, getattr(Qt.Key, f"Key_{number}"), modifier=CONTROL)
        press(window, Qt.Key.Key_Z, modifier=CONTROL)
        assert states(window)[spec.key] == before[spec.key], spec.key
        press(window, Qt.Key.Key_Z, modifier=CONTROL | Qt.KeyboardModifier.ShiftModifier)
        assert states(window)[spec.key] == filled[spec.key], spec.key
    window.close()
