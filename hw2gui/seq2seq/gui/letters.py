"""What letters in a row have in common, however they are drawn: each can be pointed at, clicked and lit."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QWidget

from hw2gui.widgets import theme

BRIGHT_FROM = 0.5
"""The strength from which the colour behind a lit letter is bright in the dark theme."""


class Letters(QWidget):
    """A view says how many letters there are and where each stands; letters are numbered from 0."""

    hovered = Signal(object)
    """The number of the letter under the pointer, or None."""
    clicked = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self._light: dict[int, float] = {}

    @property
    def count(self) -> int:
        """How many there are."""
        raise NotImplementedError

    def letter_rect(self, number: int) -> QRectF:
        """Where letter *number* stands, in logical pixels."""
        raise NotImplementedError

    @property
    def light(self) -> dict[int, float]:
        """Which are lit, and how strongly, 0..1."""
        return self._light

    def set_light(self, light: dict[int, float]) -> None:
        """Light letters, each as strongly as its number, 0..1, says."""
        if light != self._light:
            self._light = light
            self.update()

    def letter_at(self, position: QPointF) -> int | None:
        """The letter at *position*, or None."""
        return next((number for number in range(self.count) if self.letter_rect(number).contains(position)), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which letter is under the pointer."""
        self.hovered.emit(self.letter_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """None is."""
        self.hovered.emit(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A letter is clicked."""
        at = self.letter_at(event.position())
        if at is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(at)


def lit_ink(strength: float, ink: str) -> QColor:
    """What is written on `lit`: *ink*, or black where the ground is bright and *ink* is too."""
    colours = theme.current()
    return QColor("#000000") if colours.dark and strength > BRIGHT_FROM else QColor(ink)


def lit(strength: float) -> QColor:
    """The colour behind a letter that is lit so strongly, 0..1."""
    colour = QColor(theme.current().link)
    colour.setAlpha(40 + round(180 * min(1.0, strength)))
    return colour
