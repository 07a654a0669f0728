"""Where the keyboard is: one frame, the same around everything that paints itself; and where it goes from what goes out of use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QScrollArea, QWidget
from shiboken6 import isValid

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


@contextmanager
def handing_on(*others: QWidget, waiting: QWidget | None = None) -> Iterator[None]:
    """What has the keyboard may be hidden or disabled within: the first of *others* that can have it then does.

    Left alone, Qt takes it to whatever comes next in the order of Tab: a control that has nothing to do with it, or one of a page
    that was never opened. *waiting* has it while none of *others* can, until the next time. All of them are in one window.
    """
    had = others[0].window().focusWidget()
    yield
    if had is None or not isValid(had) or (_usable(had) and had is not waiting):
        return
    for other in others if waiting is None else (*others, waiting):
        if _usable(other):
            other.setFocus(Qt.FocusReason.OtherFocusReason)
            return


def _usable(widget: QWidget) -> bool:
    return widget.isEnabled() and widget.isVisibleTo(widget.window())


def stop_where_it_scrolls(area: QScrollArea) -> None:
    """Have Tab stop at *area* itself only while the arrows move it; else nothing would happen there, and nothing be seen."""
    for bar in (area.horizontalScrollBar(), area.verticalScrollBar()):
        bar.rangeChanged.connect(partial(_set_stop, area))
    _set_stop(area)


def _set_stop(area: QScrollArea, *_: int) -> None:
    scrolls = area.horizontalScrollBar().maximum() > 0 or area.verticalScrollBar().maximum() > 0
    area.setFocusPolicy(Qt.FocusPolicy.StrongFocus if scrolls else Qt.FocusPolicy.NoFocus)
