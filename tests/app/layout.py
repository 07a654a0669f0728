"""Whether a page fits: no word is cut off, nothing lies on anything else."""

from __future__ import annotations

from itertools import combinations

from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from hw2gui.app.main_window import MainWindow
from hw2gui.widgets.elided import ElidedLabel


def place(stop: str, widget: QWidget) -> str:
    return f"{stop}: {type(widget).__name__} '{widget.accessibleName() or widget.toolTip()}' in {type(widget.parent()).__name__}"


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


def area_of(window: MainWindow, page: QWidget) -> QScrollArea:
    """What scrolls where the window is smaller than *page*."""
    (area,) = (area for area in window.findChildren(QScrollArea) if area.widget() is page)
    return area


def faults(page: QWidget, stop: str) -> set[str]:
    """What is cut off or overlaps in *page*, once it is laid out."""
    for _ in range(3):  # heights follow widths
        QApplication.processEvents()
    found: set[str] = set()
    for widget in (page, *page.findChildren(QWidget)):
        if not widget.isVisible():
            continue
        found.update(f"{stop}: {pair}" for pair in overlaps(widget))
        if cut(widget) or low(widget):
            found.add(f"{stop}: {type(widget).__name__} '{widget.text()}' {widget.width()}")  # type: ignore[attr-defined]
    return found
