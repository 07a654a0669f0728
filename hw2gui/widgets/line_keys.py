"""What is the program's while one types into a field of one line."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit


class LineKeys(QObject):
    """Leaves the program its keys in the fields that are watched.

    Ctrl+E, which Qt gives to the field on some systems, is the program's. Undo and redo are the field's while something is typed; once
    it was taken (Enter, or the field left) they are the program's: the field would take back the letters, and not what they did.
    """

    def watch(self, line: QLineEdit) -> None:
        """Look after *line*, also once more; not after the inside of a number field, nor after a kind of line with keys of its own."""
        if type(line) is QLineEdit and not isinstance(line.parent(), QAbstractSpinBox) and line.property("watched") is None:
            line.setProperty("watched", True)
            line.installEventFilter(self)
            line.editingFinished.connect(partial(line.setModified, False))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whether *event* asks for a key that the program is to have."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(watched, QLineEdit) or not isinstance(event, QKeyEvent):
            return False
        undo = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
        return (undo and not watched.isModified()) or QKeySequence(event.keyCombination()).toString() == "Ctrl+E"
