"""What holds for every tab of the registry, whatever it is about."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTextBrowser,
    QWidget,
)

from hw2gui.app import zoom
from tests.app.layout import area_of, faults, place
from tests.app.test_window import CONTROL
from tests.app.whole import KEYS, controls, open_whole, walk
from tests.widgets.hands import press

READ = (QLabel, QTextBrowser, QScrollArea)
"""What is only read or scrolled says by itself what it is."""


def said(widget: QWidget, what: QAccessible.Text) -> str:
    """What a screen reader is told of *widget*."""
    interface = QAccessible.queryAccessibleInterface(widget)
    text: str = interface.text(what) if interface is not None else ""
    return text.strip()


@pytest.mark.parametrize("key", KEYS)
def test_every_control_has_a_name_and_says_what_it_does_and_one_at_most_stands_out(qtbot: Any, qapp: QApplication, key: str) -> None:
    window = open_whole(qtbot, qapp)
    nameless, silent, crowded = set(), set(), set()
    for stop in walk(window, key):
        main = [button.text() for button in window.findChildren(QPushButton) if button.isVisible() and button.property("primary")]
        if len(main) > 1:
            crowded.add(f"{stop.name}: {main}")
        for widget in controls(window):
            if isinstance(widget, QLabel) and not widget.text():
                continue
            if not said(widget, QAccessible.Text.Name):
                nameless.add(place(stop.name, widget))
            told = widget.toolTip() or widget.accessibleDescription() or said(widget, QAccessible.Text.Description)
            words = isinstance(widget, QAbstractButton) and widget.text()
            if not (told or words or isinstance(widget, READ)):
                silent.add(place(stop.name, widget))
    assert (sorted(nameless), sorted(silent), sorted(crowded)) == ([], [], [])
    window.close()


@pytest.mark.parametrize("key", KEYS)
def test_the_wheel_on_its_way_down_the_page_changes_nothing(qtbot: Any, qapp: QApplication, key: str) -> None:
    window = open_whole(qtbot, qapp)
    next(walk(window, key))
    fields = [one for kind in (QComboBox, QAbstractSpinBox) for one in window.page(key).findChildren(kind)]
    taking = [place("first", one) for one in fields if one.focusPolicy() == Qt.FocusPolicy.WheelFocus]
    assert taking == []
    window.close()


@pytest.mark.parametrize("key", KEYS)
def test_the_tab_key_visits_every_control_once(qtbot: Any, qapp: QApplication, key: str) -> None:
    window = open_whole(qtbot, qapp)
    next(walk(window, key))
    page = window.page(key)
    chain, widget = [], page.nextInFocusChain()
    while widget is not None and widget is not page:
        chain.append(widget)
        widget = widget.nextInFocusChain()
    for control in controls(page):
        assert chain.count(control) == 1, place("first", control)
    window.close()


# -- nothing is cut off ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_at_1280_by_720_no_word_is_cut_off_nothing_overlaps_and_nothing_scrolls(qtbot: Any, qapp: QApplication, key: str) -> None:
    """Nor at the presentation's 150 % on a screen of 1920×1080, and at 200 % there, where what does not fit scrolls."""
    window = open_whole(qtbot, qapp)
    found = set()
    for stop in walk(window, key):
        page = window.page(key)
        for percent, width, height in ((100, 1280, 720), (150, 1280, 720), (200, 960, 540)):
            assert percent == zoom.current() or zoom.set_live(percent)
            window.resize(width, height)
            found |= faults(page, f"{stop.name} at {percent} % in {width}×{height}")
            area = area_of(window, page)
            for bar in (area.horizontalScrollBar(), area.verticalScrollBar()):
                assert bar.maximum() == 0 or width < 1280, (stop.name, percent)
        zoom.set_live(100)
        window.resize(1280, 720)
    assert sorted(found) == []
    window.close()


@pytest.mark.parametrize("key", KEYS)
def test_with_the_questions_shown_and_closed_again_and_the_tours_strip_above_nothing_scrolls(
    qtbot: Any, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """On a screen of 1366×768 too, where the desktop's bars take some seventy pixels."""
    window = open_whole(qtbot, qapp)
    monkeypatch.setattr(window.desk, "_make_room", lambda _: None)  # as on a screen that is no wider
    found = set()
    for stop in walk(window, key):
        page = window.page(key)
        area = area_of(window, page)
        for what in ("at first", "beside the questions", "the questions closed", "the tour begun"):
            if "questions" in what:
                press(window, Qt.Key.Key_J, modifier=CONTROL)
            window.desk.store.move(tour_at=0, tour_on=what == "the tour begun")
            for width, height in ((1280, 720), (1366, 698)):
                window.resize(width, height)
                found |= {fault for fault in faults(page, f"{stop.name}, {what}") if what != "beside the questions"}
                scrolls = (area.horizontalScrollBar().maximum(), area.verticalScrollBar().maximum())
                if scrolls[1] or (scrolls[0] and (what != "beside the questions" or width == 1366)):
                    found.add(f"{stop.name}, {what}, {width}×{height}: scrolls {scrolls}")
        window.desk.store.move(tour_on=False)
    assert sorted(found) == []
    window.close()


def test_a_name_is_taken_back_by_the_programs_undo(qtbot: Any, qapp: QApplication) -> None:
    """In the window, where the field itself would take back the letters and leave the network called so."""
    window = open_whole(qtbot, qapp)
    window.show_tab("parameters")
    store = window.document.stores["parameters"]
    lines = window.page("parameters").findChildren(QLineEdit)
    name = next(line for line in lines if line.accessibleName() == "Name of the network")
    name.setFocus()
    name.selectAll()
    QTest.keyClicks(name, "Mine & yours")
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert store.state.architecture.name == "Mine & yours"
    QTest.keyClick(name, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert store.state.architecture.name == name.text() == "Question 2 CNN"
    window.close()
