from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from hw2gui.app import appearance as module
from hw2gui.app.settings import Settings
from hw2gui.widgets import theme
from hw2gui.widgets.themes import DARK, LIGHT


class System:
    """A desktop that can be light or dark and says so."""

    def __init__(self, application: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
        self._application = application
        self.dark = False
        monkeypatch.setattr(module, "system_is_dark", lambda _: self.dark)

    def become(self, dark: bool) -> None:
        self.dark = dark
        self._application.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)


def test_it_follows_the_system_until_told_otherwise(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    system = System(qapp, monkeypatch)
    appearance = module.Appearance(qapp, "system")
    assert theme.current() is LIGHT
    system.become(dark=True)
    assert theme.current() is DARK
    system.become(dark=False)
    assert theme.current() is LIGHT
    appearance.choose("dark")
    assert theme.current() is DARK
    system.become(dark=False)
    assert theme.current() is DARK
    appearance.choose("system")
    assert theme.current() is LIGHT
    appearance.deleteLater()


def test_a_system_that_says_nothing_is_light(qapp: QApplication) -> None:
    """As the offscreen platform, which knows no colour schemes."""
    assert not module.system_is_dark(qapp)


def test_settings_are_typed_and_what_is_unreadable_counts_as_not_set(home: Any) -> None:
    settings = Settings()
    assert (settings.theme, settings.tab, settings.geometry) == ("system", "", None)
    settings.theme, settings.tab = "dark", "other"
    settings.sync()
    again = Settings()
    assert (again.theme, again.tab) == ("dark", "other")
    (home / "settings" / "window.ini").write_text("[General]\ntheme=purple\ngeometry=12\n")
    broken = Settings()
    assert (broken.theme, broken.tab, broken.geometry) == ("system", "", None)
