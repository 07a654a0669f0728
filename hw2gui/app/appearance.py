"""Light and dark: following the system, or as chosen by hand."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from hw2gui.widgets import theme
from hw2gui.widgets.themes import DARK, LIGHT

Choice = Literal["system", "light", "dark"]


class Appearance(QObject):
    """Puts the chosen theme on the program and changes it when the system's does."""

    def __init__(self, application: QApplication, choice: Choice = "system") -> None:
        super().__init__(application)
        self._application = application
        self.choice: Choice = choice
        self._applied = False
        application.styleHints().colorSchemeChanged.connect(self._apply)
        self._apply()

    def choose(self, choice: Choice) -> None:
        """Follow the system, or stay light or dark."""
        self.choice = choice
        self._apply()

    def _apply(self) -> None:
        dark = system_is_dark(self._application) if self.choice == "system" else self.choice == "dark"
        wanted = DARK if dark else LIGHT
        if theme.current() is not wanted or not self._applied:
            self._applied = True
            theme.apply(self._application, wanted)


def system_is_dark(application: QApplication) -> bool:
    """Whether the desktop is dark, as far as it says."""
    return application.styleHints().colorScheme() == Qt.ColorScheme.Dark
