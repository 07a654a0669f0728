"""Where the keyboard is: one frame, the same around everything that paints itself."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from hw2gui.widgets import theme


def paint_focus(painter: QPainter, rect: QRect) -> None:
    """A frame along the inside of *rect*: the accent's colour, then a dark and a light line, one of which is seen on any picture."""
    colours = theme.current()
    painter.save()
    painter.setClipping(False)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for inset, colour in enumerate(frame_colours(colours)):
        painter.setPen(QPen(QColor(colour), 1))
        painter.drawRect(rect.adjusted(inset, inset, -1 - inset, -1 - inset))
    painter.restore()


def frame_colours(colours: theme.Theme) -> tuple[str, str, str]:
    """The lines of the frame, from outside."""
    return colours.accent, colours.text, colours.panel
