"""Hands for the tests: real events, at cells of a view."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from hw2gui.widgets.marks import Cell
from hw2gui.widgets.matrix_view import MatrixView

NO_KEY = Qt.KeyboardModifier.NoModifier
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


def point(view: MatrixView, cell: Cell) -> QPoint:
    """The middle of *cell*."""
    return view.cell_rect(cell).center().toPoint()


def hover(view: MatrixView, cell: Cell) -> None:
    QTest.mouseMove(view, point(view, cell))


def click(view: MatrixView, cell: Cell, button: Qt.MouseButton = LEFT) -> None:
    QTest.mouseClick(view, button, NO_KEY, point(view, cell))


def press(widget: QWidget, *keys: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
    for key in keys:
        QTest.keyClick(widget, key, modifier)


def drag(view: MatrixView, *points: QPoint, button: Qt.MouseButton = LEFT) -> None:
    """Press at the first point, move over the others with the button down, and let go at the last."""
    QTest.mousePress(view, button, NO_KEY, points[0])
    for at in points[1:]:
        # QTest.mouseMove moves without a button.
        where = QPointF(at)
        event = QMouseEvent(QEvent.Type.MouseMove, where, view.mapToGlobal(where), Qt.MouseButton.NoButton, button, NO_KEY)
        QApplication.sendEvent(view, event)
    QTest.mouseRelease(view, button, NO_KEY, points[-1])


def drag_on(widget: QWidget, start: QPoint, end: QPoint) -> None:
    """Move from *start* to *end* with the left button held down."""
    for at in (start, end):
        where = QPointF(at)
        event = QMouseEvent(QEvent.Type.MouseMove, where, widget.mapToGlobal(where), Qt.MouseButton.NoButton, LEFT, NO_KEY)
        QApplication.sendEvent(widget, event)


def wheel(
    widget: QWidget,
    at: QPoint,
    notches: float = 0.0,
    *,
    sideways: float = 0.0,
    fingers: QPoint | None = None,
    modifier: Qt.KeyboardModifier = NO_KEY,
) -> None:
    """Turn the wheel over *widget*, or move two *fingers* on a touchpad by so many pixels."""
    window = widget.window()
    phase = Qt.ScrollPhase.NoScrollPhase if fingers is None else Qt.ScrollPhase.ScrollUpdate
    angle = QPoint(round(sideways * 120), round(notches * 120)) if fingers is None else fingers * 8
    QTest.wheelEvent(window.windowHandle(), widget.mapTo(window, at), angle, fingers or QPoint(), modifier, phase)


class Heard(list[Any]):
    """What a signal said: its one argument, or a tuple of several."""

    def __init__(self, signal: Any) -> None:
        super().__init__()
        signal.connect(self._hear)

    def _hear(self, *arguments: Any) -> None:
        self.append(arguments[0] if len(arguments) == 1 else arguments)


def pixels(image: QImage) -> NDArray[np.uint32]:
    """0xffRRGGBB for each device pixel, (height, width)."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    whole = np.frombuffer(plain.constBits(), np.uint32).reshape(plain.height(), plain.bytesPerLine() // 4)
    return whole[:, : plain.width()].copy()


def shot(widget: QWidget) -> NDArray[np.uint32]:
    """What *widget* looks like."""
    return pixels(widget.grab().toImage())


def share_of(picture: NDArray[np.uint32], colour: str) -> float:
    """The share of pixels that have *colour*."""
    return float(np.mean((picture & np.uint32(0xFFFFFF)) == int(colour[1:], 16)))
