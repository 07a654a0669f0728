"""Probabilities of a few named classes as horizontal bars on a fixed 0..1, each with its number."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hw2gui.widgets import theme

NAME_WIDTH = 62
NUMBER_WIDTH = 54
LEAST_LETTERS, LINE = 9, 1.15
"""The smallest letters one can read, in pixels, where the lines are low; a line's height in sizes of its letters."""


class ProbabilityBars(QWidget):
    """One bar a class; the largest stands out, an outline shows values to compare with."""

    clicked = Signal(int)
    """A class was clicked."""

    def __init__(self, name: str, classes: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._classes = tuple(classes)
        self._values: tuple[float, ...] | None = None
        self._before: tuple[float, ...] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(name)

    @property
    def values(self) -> tuple[float, ...] | None:
        """What is shown."""
        return self._values

    def show_values(self, values: Iterable[float] | None, before: Iterable[float] | None = None) -> None:
        """Show probabilities, or nothing; *before* as outlines."""
        self._values = tuple(float(value) for value in values) if values is not None else None
        self._before = tuple(float(value) for value in before) if before is not None else None
        if self._values is not None:
            best = max(range(len(self._values)), key=self._values.__getitem__)
            self.setAccessibleDescription(f"{self._classes[best]} with probability {self._values[best]:.3f}")
        else:
            self.setAccessibleDescription("nothing to say")
        self.update()

    def sizeHint(self) -> QSize:
        """A line a class."""
        return QSize(240, 24 * len(self._classes))

    def minimumSizeHint(self) -> QSize:
        """Legible lines."""
        return QSize(160, (self.fontMetrics().height() + 2) * len(self._classes))

    @property
    def least_height(self) -> int:
        """The height, in logical pixels, below which its letters could not be read."""
        return math.ceil(LEAST_LETTERS * LINE * len(self._classes))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name, bar, number."""
        colours = theme.current()
        painter = QPainter(self)
        height = self.height() / len(self._classes)
        best = max(self._values) if self._values else None
        if height < self.fontMetrics().height():  # smaller letters, that lines stay apart
            small = painter.font()
            small.setPixelSize(max(LEAST_LETTERS, int(height / LINE)))
            painter.setFont(small)
        for number, name in enumerate(self._classes):
            line = QRectF(0, number * height, self.width(), height)
            value = self._values[number] if self._values else None
            strong = value is not None and value == best
            font = painter.font()
            font.setBold(strong)
            painter.setFont(font)
            painter.setPen(QColor(colours.text if strong or value is None else colours.muted))
            painter.drawText(QRectF(0, line.y(), NAME_WIDTH, height), Qt.AlignmentFlag.AlignVCenter, name)
            track = QRectF(NAME_WIDTH, line.y() + height * 0.2, self.width() - NAME_WIDTH - NUMBER_WIDTH, height * 0.6)
            painter.fillRect(track, QColor(colours.sunken))
            if value is not None:
                filled = QRectF(track.x(), track.y(), track.width() * value, track.height())
                painter.fillRect(filled, QColor(colours.accent if strong else colours.muted))
                painter.drawText(
                    QRectF(track.right() + 6, line.y(), NUMBER_WIDTH - 6, height), Qt.AlignmentFlag.AlignVCenter, f"{value:.3f}"
                )
            if self._before:
                painter.setPen(QColor(colours.link))
                at = track.x() + track.width() * self._before[number]
                painter.drawLine(int(at), int(track.top()) - 2, int(at), int(track.bottom()) + 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a class."""
        number = int(event.position().y() / (self.height() / len(self._classes)))
        if 0 <= number < len(self._classes):
            self.clicked.emit(number)
