"""A menu that takes the figures of an item away, as PNG, SVG or PDF; they are drawn anew on white."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMenu, QToolButton

from hw2gui.report.items import Drawn
from hw2gui.widgets.buttons import IconButton
from hw2gui.widgets.menus import empty
from hw2gui.widgets.panel import EXPORT_FORMATS

Chosen = Callable[[Drawn, str], None]


class FigureMenu(IconButton):
    """Offers each figure in each format; *chosen* is told which. Where there is no figure it cannot be pressed."""

    def __init__(self, chosen: Chosen) -> None:
        super().__init__("export", "Save a figure of this item as PNG, SVG or PDF", flat=True)
        self._chosen = chosen
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMenu(QMenu(self))
        self.show_figures(())

    def show_figures(self, drawn: tuple[Drawn, ...]) -> None:
        """Offer *drawn*."""
        menu = self.menu()
        empty(menu)
        for one in drawn:
            below = menu if len(drawn) == 1 else menu.addMenu(one.number or one.name.replace("-", " ").capitalize())
            for suffix in EXPORT_FORMATS:
                below.addAction(f"Save as {suffix.upper()}…").triggered.connect(
                    lambda _=False, one=one, suffix=suffix: self._chosen(one, suffix)
                )
        self.setEnabled(bool(drawn))
        self.setToolTip("Save a figure of this item as PNG, SVG or PDF" if drawn else "This item has no figure")
