"""What can be set in the tab, by name."""

from __future__ import annotations

from hw2gui.widgets.setting import settings

SETTINGS = settings(
    {},
    ("whose figures", "Figures"),
    ("version to reproduce", "Version"),
    ("seeds", "Seeds"),
    ("side by side", "Side by side"),
    ("note", "Note"),
)
