"""Menus that are filled anew."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu


def empty(menu: QMenu) -> None:
    """Take everything out of *menu*, the menus below it too: ``QMenu.clear`` leaves those, with all that their actions hold."""
    for below in menu.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly):
        menu.removeAction(below.menuAction())
        below.clear()
        below.setParent(None)  # else PySide keeps what stood for it, and for its actions, as long as the menu lives
        below.deleteLater()
    menu.clear()
