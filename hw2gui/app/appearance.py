"""Light and dark: following the system, or as chosen by hand."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from hw2gui.widgets import theme

Choice = Literal["system", "light", "dark"]


class Appearance(QObject):
    """Puts the chosen theme on the program and changes it when the system's does."""

    def __init__(self, application: QApplication, choice: Choice = "system") -> None:
        super().__init__(application)
        self._application = application
        self.choice: Choice = choice
        application.styleHints().colorSchemeChanged.connect(self._apply)
        self._apply()

    def choose(self, choice: Choice) -> None:
        """Follow the system, or stay light or dark."""
        self.choice = choice
        self._apply()

    def _apply(self) -> None:
        system_is_dark = self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
        dark = self.choice == "dark" or (self.choice == "system" and system_is_dark)
        theme.apply(self._application, theme.DARK if dark else theme.LIGHT)
