"""The names of a plot's lines in their colours."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

from hw2gui.widgets.live_plot import hue


class Legend(QLabel):
    """One line of names, each with a sample of its line; it follows the theme."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(40)
        self._names: tuple[str, ...] = ()
        self._dashed: frozenset[int] = frozenset()
        self._note = ""

    def show_names(self, names: Sequence[str], note: str = "", dashed: Sequence[int] = (1,)) -> None:
        """The lines' *names* in the order of their hues; those whose lines are *dashed*; a *note* behind them."""
        self._names, self._note, self._dashed = tuple(names), note, frozenset(dashed)
        self._write()

    def changeEvent(self, event: QEvent) -> None:
        """A new theme: new colours."""
        if event.type() == QEvent.Type.PaletteChange:
            self._write()
        super().changeEvent(event)

    def _write(self) -> None:
        parts = [
            f"<span style='color:{hue(number)}'>{'╌╌' if number in self._dashed else '━━'} {escape(name)}</span>"
            for number, name in enumerate(self._names)
        ]
        text = "&nbsp;&nbsp; ".join([*parts, *([f"<i>{escape(self._note)}</i>"] if self._note else [])])
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(", ".join([*self._names, self._note]))
