"""A text as it is written, shaped and in its direction, whose characters can be pointed at and lit one by one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextLine, QTextOption
from PySide6.QtWidgets import QSizePolicy

from hw2gui.datasets.arabic import is_right_to_left
from hw2gui.seq2seq.gui.letters import Letters, lit, lit_ink
from hw2gui.widgets import theme

LARGEST, SMALLEST = 30, 11
"""Sizes of the letters, in logical pixels: a long text is written smaller."""


class ShapedText(Letters):
    """One line. Qt shapes it; light lies behind the part of the word a character takes."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text

    @property
    def count(self) -> int:
        """As many as the text has."""
        return len(self._text)

    def show_text(self, text: str) -> None:
        """Show *text*."""
        if text != self._text:
            self._text, self._light = text, {}
            self.setAccessibleDescription(text)
            self.update()

    def sizeHint(self) -> QSize:
        """A line of large letters."""
        return QSize(120, round(LARGEST * 1.6))

    def minimumSizeHint(self) -> QSize:
        """As high, however narrow."""
        return QSize(40, self.sizeHint().height())

    def letter_rect(self, number: int) -> QRectF:
        """Where Qt lays it."""
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
                painter.fillRect(self.letter_rect(number).adjusted(0, 1, 0, -1), lit(strength))
        painter.setPen(QColor(colours.text))
        layout.draw(painter, self._origin(layout, line), [_written(number, strength) for number, strength in self._light.items()])

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


def _written(number: int, strength: float) -> QTextLayout.FormatRange:
    """How a letter that is lit so strongly is written."""
    found = QTextLayout.FormatRange()
    found.start, found.length = number, 1
    format_ = QTextCharFormat()
    format_.setForeground(lit_ink(strength, theme.current().text))
    found.format = format_
    return found
