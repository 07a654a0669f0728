"""Buttons: those that carry an icon and follow the theme, and plain ones."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from hw2gui.widgets.icons import SIZE, icon


def push_button(title: str, tip: str, act: Callable[[], object]) -> QPushButton:
    """A plain button: *act* is called when it is pressed."""
    button = QPushButton(title)
    button.setToolTip(tip)
    button.clicked.connect(lambda _=False: act())
    return button


def make_primary(button: QPushButton, on: bool = True) -> None:
    """Let *button* stand out as what its page is for, or, with *on* off, no longer: one at most of what is in sight together.

    Dark on light and light on dark, for the accent's ground says that a button is down.
    """
    if bool(button.property("primary")) != on:
        button.setProperty("primary", on)
        button.style().unpolish(button)
        button.style().polish(button)


class IconButton(QToolButton):
    """A small button with an icon; its tooltip is its name for screen readers."""

    def __init__(
        self, name: str, tip: str, act: Callable[[], None] | None = None, *, flat: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon_name = ""
        self.setIconSize(QSize(SIZE, SIZE))
        if flat:
            self.setProperty("flat", True)
        if act is not None:
            self.clicked.connect(lambda _=False: act())
        self.show_icon(name, tip)

    def show_icon(self, name: str, tip: str) -> None:
        """Show the icon *name* and say what the button does."""
        self._icon_name = name
        self.setIcon(icon(name))
        self.setToolTip(tip)
        self.setAccessibleName(tip)

    def changeEvent(self, event: QEvent) -> None:
        """A new theme: new colours."""
        if event.type() == QEvent.Type.PaletteChange and self._icon_name:
            self.setIcon(icon(self._icon_name))
        super().changeEvent(event)
