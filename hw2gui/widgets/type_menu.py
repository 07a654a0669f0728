"""A menu in which typing the beginning of an entry's name goes to it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QMenu


class TypeMenu(QMenu):
    """Letters are gathered from the moment the menu is shown; Backspace takes the last one back, an arrow key all of them."""

    _typed = ""

    def showEvent(self, event: QShowEvent) -> None:
        """Begin anew."""
        self._typed = ""
        super().showEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters search; all else is a menu's."""
        text = event.text()
        if text and text.isalnum():
            self._search(self._typed + text)
        elif event.key() == Qt.Key.Key_Backspace:
            self._search(self._typed[:-1])
        else:
            self._typed = ""
            super().keyPressEvent(event)

    def _search(self, typed: str) -> None:
        """Go to the first entry that begins with *typed*; letters that lead nowhere are not taken."""
        for action in self.actions():
            if not action.isSeparator() and action.isEnabled() and action.text().lower().startswith(typed.lower()):
                self._typed = typed
                self.setActiveAction(action)
                return
