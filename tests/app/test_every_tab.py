"""What holds for every tab of the registry, whatever it is about."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTextBrowser,
    QToolButton,
    QWidget,
)

from hw2gui.widgets.panel import ElidedLabel
from tests.app.whole import KEYS, controls, open_whole, walk

READ = (QLabel, QTextBrowser, QScrollArea)
"""What is only read or scrolled says by itself what it is."""


def said(widget: QWidget, what: QAccessible.Text) -> str:
    """What a screen reader is told of *widget*."""
    interface = QAccessible.queryAccessibleInterface(widget)
    text: str = interface.text(what) if interface is not None else ""
    return text.strip()


def place(stop: str, widget: QWidget) -> str:
    return f"{stop}: {type(widget).__name__} '{widget.accessibleName() or widget.toolTip()}' in {type(widget.parent()).__name__}"


@pytest.mark.parametrize("key", KEYS)
def test_every_control_has_a_name_and_says_what_it_does(qtbot: Any, qapp: QApplication, key: str) -> None:
    window = open_whole(qtbot, qapp)
    nameless, silent = set(), set()
    for stop in walk(window, key):
        for widget in controls(window):
            if isinstance(widget, QLabel) and not widget.text():
                continue
            if not said(widget, QAccessible.Text.Name):
                nameless.add(place(stop.name, widget))
            told = widget.toolTip() or widget.accessibleDescription() or said(widget, QAccessible.Text.Description)
            words = isinstance(widget, QAbstractButton) and widget.text()
            if not (told or words or isinstance(widget, READ)):
                silent.add(place(stop.name, widget))
    assert (sorted(nameless), sorted(silent)) == ([], [])
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


def cut(widget: QWidget) -> bool:
    """Whether a button or a line of text is narrower, or lower, than what it says."""
    if not widget.isVisible() or widget.width() == 0:
        return False
    if isinstance(widget, QPushButton | QToolButton | QCheckBox):
        wanted = widget.fontMetrics().boundingRect(0, 0, 10_000, 100, 0, widget.text()).width()
        room = widget.width() - (20 if isinstance(widget, QCheckBox) else 6)
        return bool(widget.text()) and wanted > room
    if isinstance(widget, QLabel) and not isinstance(widget, ElidedLabel) and not widget.wordWrap() and "<" not in widget.text():
        longest = max((widget.fontMetrics().horizontalAdvance(line) for line in widget.text().splitlines()), default=0)
        return longest > widget.width() + 2
    return False


def low(widget: QWidget) -> bool:
    """Whether a label is lower than its lines."""
    if not isinstance(widget, QLabel) or isinstance(widget, ElidedLabel) or not widget.text():
        return False
    wanted = widget.heightForWidth(widget.width()) if widget.wordWrap() else widget.sizeHint().height()
    return widget.height() < wanted - 1


LAID_OUT_OTHERWISE = (QAbstractScrollArea, QAbstractSpinBox, QComboBox, QStackedWidget)


def overlaps(parent: QWidget) -> list[str]:
    """Pairs of children of *parent* that lie on one another."""
    if isinstance(parent, LAID_OUT_OTHERWISE):
        return []
    parts = [one for one in parent.children() if isinstance(one, QWidget) and one.isVisible() and not one.isWindow()]
    found = []
    for one, other in combinations(parts, 2):
        shared = one.geometry().intersected(other.geometry())
        if shared.width() > 1 and shared.height() > 1:
            found.append(f"{place('', one)} on {place('', other)}")
    return found


@pytest.mark.parametrize("key", KEYS)
def test_at_1280_by_720_no_word_is_cut_off_nothing_overlaps_and_nothing_scrolls(qtbot: Any, qapp: QApplication, key: str) -> None:
    window = open_whole(qtbot, qapp)
    found = set()
    for stop in walk(window, key):
        for _ in range(3):  # heights follow widths
            QApplication.processEvents()
        page = window.page(key)
        (area,) = (area for area in window.findChildren(QScrollArea) if area.widget() is page)
        assert area.horizontalScrollBar().maximum() == 0, stop.name
        assert area.verticalScrollBar().maximum() == 0, stop.name
        for widget in (page, *page.findChildren(QWidget)):
            if not widget.isVisible():
                continue
            found.update(f"{stop.name}: {pair}" for pair in overlaps(widget))
            if cut(widget) or low(widget):
                found.add(f"{stop.name}: {type(widget).__name__} '{widget.text()}' {widget.width()}")  # type: ignore[attr-defined]
    assert sorted(found) == []
    window.close()
