"""Where the keyboard is: one frame, the same around everything that paints itself."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from hw2gui.widgets import theme


def paint_focus(painter: QPainter, rect: QRect) -> None:
    """A frame along the inside of *rect*: of the accent colour, and inside it one of the ground, so that it is seen on any picture."""
    colours = theme.current()
    painter.save()
    painter.setClipping(False)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for inset, colour in ((0, colours.accent), (1, colours.accent), (2, colours.panel)):
        painter.setPen(QPen(QColor(colour), 1))
        painter.drawRect(rect.adjusted(inset, inset, -1 - inset, -1 - inset))
    painter.restore()
