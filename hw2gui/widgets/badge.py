"""A verdict that is computed: waiting, right or wrong, in words as well as in colour."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

Verdict = Literal["waiting", "good", "bad", "note"]

_SIGNS: dict[Verdict, str] = {"waiting": "…", "good": "✓", "bad": "✗", "note": "•"}


class Badge(QLabel):
    """One line: a sign, a colour and the words."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.verdict: Verdict = "waiting"
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.show_verdict("waiting", "")

    def show_verdict(self, verdict: Verdict, words: str, tooltip: str = "") -> None:
        """Show *words* as the *verdict*."""
        self.verdict = verdict
        self.setText(f"{_SIGNS[verdict]} {words}" if words else "")
        self.setAccessibleName(f"{self._name}: {words}")
        self.setToolTip(tooltip)
        if self.property("verdict") != verdict:
            # The colour is the style sheet's, by this property, so that it follows the theme.
            self.setProperty("verdict", verdict)
            self.style().unpolish(self)
            self.style().polish(self)
