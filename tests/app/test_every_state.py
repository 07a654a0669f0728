"""What holds for the state of every tab: it goes into a file and back, and every change by a control can be undone and done again."""

from __future__ import annotations

import json
import re
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QPushButton,
    QSlider,
    QToolButton,
    QWidget,
)

from hw2gui.app.main_window import MainWindow
from hw2gui.app.tabs import TABS
from hw2gui.names import load
from hw2gui.session.codec import from_plain, to_plain
from hw2gui.session.document import Document
from hw2gui.session.store import Store
from tests.app.test_window import CONTROL
from tests.app.whole import KEYS, open_whole, stops, walk
from tests.widgets.hands import LEFT, NO_KEY, press

SIDE_EFFECTS = re.compile(
    r"start|train|run|resume|download|copy|save|export|open|delete|play|what is|self-test|measure|stop|evaluate|begin", re.IGNORECASE
)
"""Buttons whose work is not in the state: they begin something, or take something away."""


@pytest.mark.parametrize("key", KEYS)
def test_every_state_goes_into_a_file_and_comes_back_the_same(key: str, tmp_path: Path) -> None:
    spec = next(spec for spec in TABS if spec.key == key)
    for stop in stops(key):
        state = load(spec.check)(stop.state())
        plain = json.loads(json.dumps(to_plain(state)))
        assert from_plain(type(state), plain, key) == state, stop.name
        source, target = (Document({key: Store(load(spec.state)(), load(spec.check))}) for _ in range(2))
        source.stores[key].reset(state)
        source.save(tmp_path / "a.hw2", key)
        assert (tmp_path / "a.hw2").stat().st_size < 200_000, stop.name
        assert target.open(tmp_path / "a.hw2") == key
        assert target.stores[key].state == state, stop.name


def operate(control: QWidget) -> bool:
    """Change something by *control* with real events; whether it is one that can."""
    if isinstance(control, QAbstractSpinBox):
        control.setFocus()
        press(control, Qt.Key.Key_Up)
        press(control, Qt.Key.Key_Down, Qt.Key.Key_Down)
    elif isinstance(control, QComboBox):
        control.setFocus()
        last = control.currentIndex() >= control.count() - 1
        press(control, Qt.Key.Key_Up if last else Qt.Key.Key_Down)
    elif isinstance(control, QSlider):
        control.setFocus()
        press(control, Qt.Key.Key_Left)
    elif isinstance(control, QPushButton | QAbstractButton):
        QTest.mouseClick(control, LEFT, NO_KEY, QPoint(8, control.height() // 2))
    else:
        return False
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
    return True


def harmless(control: QWidget) -> bool:
    """Whether using *control* begins nothing outside the state."""
    if not isinstance(control, QAbstractButton):
        return True
    name = f"{control.text()} {control.accessibleName()} {control.toolTip()}"
    menu = isinstance(control, QToolButton) and control.menu() is not None
    return not (menu or "…" in control.text() or (not control.isCheckable() and SIDE_EFFECTS.search(name)))


def called(control: QWidget) -> str:
    text = control.text() if isinstance(control, QAbstractButton) else ""
    return f"{type(control).__name__} '{control.accessibleName() or text}'"


def inside_view(control: QWidget) -> bool:
    """Not the inside of another control, and where the mouse can reach it."""
    parent = control.parent()
    if isinstance(parent, QAbstractSpinBox | QComboBox) or control.width() < 4:
        return False
    at: QWidget | None = control
    while at is not None:
        if isinstance(at, QAbstractScrollArea):
            at.ensureWidgetVisible(control) if hasattr(at, "ensureWidgetVisible") else None
        at = at.parentWidget()
    return control.isVisible() and control.isEnabled()


def check_history(window: MainWindow, key: str, control: QWidget, before: Any, steps: int) -> int:
    """Undo what was done since *steps* steps, find all as it was, and do it again; how many steps there were."""
    store = window.document.stores[key]
    window.activateWindow()  # a menu may have been open
    QApplication.processEvents()
    after, done = store.state, len(store.done) - steps
    touched = {name for step in store.done[steps:] for name in step.before}
    for _ in range(done):
        press(window, Qt.Key.Key_Z, modifier=CONTROL)
    for name in touched:
        assert attrgetter(name)(store.state) == attrgetter(name)(before), (called(control), name)
    assert len(store.done) == steps
    redo = Qt.KeyboardModifier.ShiftModifier | CONTROL
    for _ in range(done):
        press(window, Qt.Key.Key_Z, modifier=redo)
    for name in touched:
        assert attrgetter(name)(store.state) == attrgetter(name)(after), (called(control), name)
    for _ in range(done):
        press(window, Qt.Key.Key_Z, modifier=CONTROL)
    return done


@pytest.mark.parametrize("key", KEYS)
def test_what_a_control_changes_is_undone_and_done_again(qtbot: Any, qapp: QApplication, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_whole(qtbot, qapp)
    monkeypatch.setattr(window.services, "choose_file", lambda *_, **__: None)
    # Nothing is computed: what a control changes is in the state at once.
    monkeypatch.setattr(window.services, "ask", lambda *_, **__: None)
    store = window.document.stores[key]
    seen: set[str] = set()
    changed = 0
    for _ in walk(window, key):
        page = window.page(key)
        for control in page.findChildren(QWidget):
            try:
                if called(control) in seen or not harmless(control) or not inside_view(control):
                    continue
            except RuntimeError:
                continue  # It went with a state before.
            seen.add(called(control))
            before, steps = store.state, len(store.done)
            if steps > 40:
                store.reset(before)
                steps = 0
            if operate(control) and len(store.done) > steps:
                changed += check_history(window, key, control, before, steps)
    assert changed >= 2
    window.close()
