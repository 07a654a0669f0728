"""Formatted text that changes at every move of the pointer: laid out once per change, without disturbing the layout around it."""

from __future__ import annotations

from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget


class RichText(QTextBrowser):
    """Read-only HTML that scrolls by itself when it is too long. A label of the same text costs several times as much to change."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        # A path or a formula longer than the line is broken: text that scrolls sideways is not read.
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(2)
        self.setStyleSheet("background: transparent;")
        self._html = ""

    @property
    def html(self) -> str:
        """The text as it was given."""
        return self._html

    def show_html(self, html: str) -> None:
        """Show *html*; the same text again costs nothing."""
        if html != self._html:
            self._html = html
            self.setHtml(html)
