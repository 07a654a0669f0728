"""A verdict that is computed: waiting, right or wrong, in words as well as in colour."""

from __future__ import annotations

from typing import Literal

from PySide6.QtWidgets import QLabel, QWidget

from hw2gui.widgets import theme

Verdict = Literal["waiting", "good", "bad", "note"]

_SIGNS: dict[Verdict, str] = {"waiting": "…", "good": "✓", "bad": "✗", "note": "•"}


class Badge(QLabel):
    """One line: a sign, a colour and the words."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.verdict: Verdict = "waiting"
        self._words = ""
        self.setWordWrap(True)
        self.show_verdict("waiting", "")

    def show_verdict(self, verdict: Verdict, words: str, tooltip: str = "") -> None:
        """Show *words* as the *verdict*."""
        self.verdict, self._words = verdict, words
        self.setText(f"{_SIGNS[verdict]} {words}" if words else "")
        self.setAccessibleName(f"{self._name}: {words}")
        self.setToolTip(tooltip)
        self._colour()

    def _colour(self) -> None:
        colours = theme.current()
        colour = {"waiting": colours.muted, "good": colours.good, "bad": colours.bad, "note": colours.muted}[self.verdict]
        self.setStyleSheet(f"color: {colour};")
