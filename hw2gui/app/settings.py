"""What the window remembers from one start to the next: theme, geometry, the last tab. Kept in one INI file."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings

from hw2gui import paths
from hw2gui.app.appearance import Choice

MOST_RECENT = 10
ZOOMS = (100, 125, 150, 175, 200)
"""The presentation's zooms, in percent."""


class Settings:
    """Typed access to the settings file; anything unreadable in it counts as not set."""

    def __init__(self) -> None:
        self._file = QSettings(str(paths.settings_folder() / "window.ini"), QSettings.Format.IniFormat)

    @property
    def theme(self) -> Choice:
        """The chosen appearance."""
        value = self._file.value("theme", "system")
        return value if value in ("system", "light", "dark") else "system"

    @theme.setter
    def theme(self, choice: Choice) -> None:
        self._file.setValue("theme", choice)

    @property
    def tab(self) -> str:
        """The key of the tab that was in front."""
        return str(self._file.value("tab", ""))

    @tab.setter
    def tab(self, key: str) -> None:
        self._file.setValue("tab", key)

    @property
    def zoom(self) -> int:
        """How large everything is shown, in percent."""
        value = str(self._file.value("zoom", 100))
        return int(value) if value.isdigit() and int(value) in ZOOMS else 100

    @zoom.setter
    def zoom(self, percent: int) -> None:
        self._file.setValue("zoom", percent)

    @property
    def recent_sessions(self) -> list[str]:
        """The session files opened and saved last, the latest first."""
        value = self._file.value("recent", [])
        return [str(path) for path in (value if isinstance(value, list) else [value]) if path][:MOST_RECENT]

    @recent_sessions.setter
    def recent_sessions(self, paths: list[str]) -> None:
        self._file.setValue("recent", paths[:MOST_RECENT])

    @property
    def geometry(self) -> QByteArray | None:
        """The window's place and size, as Qt keeps it."""
        value = self._file.value("geometry")
        return value if isinstance(value, QByteArray) else None

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._file.setValue("geometry", value)

    def sync(self) -> None:
        """Write now."""
        self._file.sync()
