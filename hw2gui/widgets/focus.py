"""Where the keyboard is: one frame, the same around everything that paints itself."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QScrollArea

from hw2gui.widgets import theme
from hw2gui.widgets.themes import Theme


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


def frame_colours(colours: Theme) -> tuple[str, str, str]:
    """The lines of the frame, from outside."""
    return colours.accent, colours.text, colours.panel


def stop_where_it_scrolls(area: QScrollArea) -> None:
    """Have Tab stop at *area* itself only while the arrows move it; else nothing would happen there, and nothing be seen."""
    for bar in (area.horizontalScrollBar(), area.verticalScrollBar()):
        bar.rangeChanged.connect(partial(_set_stop, area))
    _set_stop(area)


def _set_stop(area: QScrollArea, *_: int) -> None:
    scrolls = area.horizontalScrollBar().maximum() > 0 or area.verticalScrollBar().maximum() > 0
    area.setFocusPolicy(Qt.FocusPolicy.StrongFocus if scrolls else Qt.FocusPolicy.NoFocus)
