"""A text as it is written, shaped and in its direction, whose characters can be pointed at and lit one by one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QTextLayout, QTextLine, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from hw2gui.datasets.arabic import is_right_to_left
from hw2gui.widgets import theme

LARGEST, SMALLEST = 30, 11
"""Sizes of the letters, in logical pixels: a long text is written smaller."""


class ShapedText(QWidget):
    """One line. Qt shapes it; light lies behind the part of the word a character takes."""

    hovered = Signal(object)
    """The number of the character under the pointer, or None."""
    clicked = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._text = ""
        self._light: dict[int, float] = {}
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text

    @property
    def light(self) -> dict[int, float]:
        """Which characters are lit, and how strongly, 0..1."""
        return self._light

    def show_text(self, text: str) -> None:
        """Show *text*."""
        if text != self._text:
            self._text, self._light = text, {}
            self.setAccessibleDescription(text)
            self.update()

    def set_light(self, light: dict[int, float]) -> None:
        """Light characters, each as strongly as its number, 0..1, says."""
        if light != self._light:
            self._light = light
            self.update()

    def sizeHint(self) -> QSize:
        """A line of large letters."""
        return QSize(120, round(LARGEST * 1.6))

    def minimumSizeHint(self) -> QSize:
        """As high, however narrow."""
        return QSize(40, self.sizeHint().height())

    def character_rect(self, number: int) -> QRectF:
        """Where character *number* lies."""
        layout, line = self._laid()
        at = self._origin(layout, line)
        edges = _x(line, number), _x(line, number + 1)
        return QRectF(at.x() + min(edges), at.y(), abs(edges[1] - edges[0]), line.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Light, then the text."""
        painter, colours = QPainter(self), theme.current()
        layout, line = self._laid()
        for number, strength in self._light.items():
            if number < len(self._text):
                colour = QColor(colours.link)
                colour.setAlpha(40 + round(180 * min(1.0, strength)))
                painter.fillRect(self.character_rect(number).adjusted(0, 1, 0, -1), colour)
        painter.setPen(QColor(colours.text))
        layout.draw(painter, self._origin(layout, line))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which character is under the pointer."""
        self.hovered.emit(self._at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """None is."""
        self.hovered.emit(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A character is clicked."""
        at = self._at(event.position())
        if at is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(at)

    def _at(self, position: QPointF) -> int | None:
        return next((number for number in range(len(self._text)) if self.character_rect(number).contains(position)), None)

    def _laid(self) -> tuple[QTextLayout, QTextLine]:
        """The text in the largest size that fits; beyond the smallest it is cut by the edge."""
        size, font = LARGEST, self.font()
        while True:
            font.setPixelSize(size)
            layout = QTextLayout(self._text, font)
            option = QTextOption()
            right = is_right_to_left(self._text)
            option.setTextDirection(Qt.LayoutDirection.RightToLeft if right else Qt.LayoutDirection.LeftToRight)
            option.setWrapMode(QTextOption.WrapMode.NoWrap)
            layout.setTextOption(option)
            layout.beginLayout()
            line = layout.createLine()
            line.setLineWidth(1e6)
            layout.endLayout()
            if size <= SMALLEST or line.naturalTextWidth() <= self.width() - 4:
                return layout, line
            size -= 1

    def _origin(self, layout: QTextLayout, line: QTextLine) -> QPointF:
        """The text stands at the left whatever its direction, so that it lies beside the other side's."""
        return QPointF(2.0 - line.naturalTextRect().x(), (self.height() - line.height()) / 2)


def _x(line: QTextLine, number: int) -> float:
    found: Any = line.cursorToX(number)  # PySide answers (x, the cursor that was meant)
    return float(found[0])
