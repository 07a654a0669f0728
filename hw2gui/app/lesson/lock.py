"""Controls locked by the teacher: one can look, point, zoom and play, and change nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)

from hw2gui.widgets.drawing_pad import DrawingPad
from hw2gui.widgets.fold_list import FoldList
from hw2gui.widgets.player import Player

CONTROLS = (QAbstractButton, QComboBox, QAbstractSpinBox, QLineEdit, QPlainTextEdit, QAbstractSlider, FoldList, DrawingPad)
"""What changes what was chosen; a player only moves where one looks, a scroll bar what one sees."""

CHANGING = {
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.TouchBegin,
    QEvent.Type.Wheel,
    QEvent.Type.KeyPress,
    QEvent.Type.Drop,
}
WALKING = {Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape}


class Lock(QObject):
    """Keeps events from the controls below *within* while it is on; costs nothing while it is off."""

    def __init__(self, within: QWidget, refused: Callable[[], None]) -> None:
        super().__init__(within)
        self._within, self._refused, self._on = within, refused, False

    def set_on(self, on: bool) -> None:
        """Lock or unlock."""
        application = QApplication.instance()
        if on == self._on or application is None:
            return
        self._on = on
        if on:
            application.installEventFilter(self)
        else:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what would change something."""
        if event.type() not in CHANGING or not isinstance(watched, QWidget):
            return False
        if isinstance(event, QKeyEvent) and (event.key() in WALKING or event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            return False
        if not self._within.isAncestorOf(watched) or not _changes(watched):
            return False
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress):
            self._refused()
        return True


def _changes(widget: QWidget) -> bool:
    """Whether *widget*, or what it is the inside of, is a control."""
    at: QWidget | None = widget
    control = False
    while at is not None:
        if isinstance(at, Player | QScrollBar):
            return False
        control = control or isinstance(at, CONTROLS)
        at = at.parentWidget()
    return control
