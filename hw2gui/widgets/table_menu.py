"""A menu that takes tables away: to the clipboard as Markdown, or to a file as CSV, Markdown or LaTeX."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMenu, QToolButton

from hw2gui.widgets.buttons import IconButton
from hw2gui.widgets.menus import empty
from hw2gui.widgets.saving import save_text
from hw2gui.widgets.services import Services
from hw2gui.writers import Format, Table, write

FORMS: tuple[tuple[Format, str, str], ...] = (("csv", "CSV", "csv"), ("markdown", "Markdown", "md"), ("latex", "LaTeX", "tex"))

Offer = tuple[str, Callable[[bool], Table]]
"""A table's name, and how to make it: with plain numbers for programs, or for people."""


class TableMenu(IconButton):
    """The tables offered are asked for when the menu opens."""

    def __init__(self, services: Services, offers: Callable[[], tuple[Offer, ...]], *, flat: bool = False) -> None:
        super().__init__("export", "Take the tables away: CSV, Markdown, LaTeX", flat=flat)
        self._services, self._offers = services, offers
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.aboutToShow.connect(self.fill)
        self.setMenu(menu)

    def fill(self) -> None:
        """The menu for what is offered now."""
        menu = self.menu()
        empty(menu)
        for name, make in self._offers():
            below = menu.addMenu(name)
            below.addAction("Copy as Markdown").triggered.connect(
                lambda _=False, name=name, make=make: self._services.copy(write(make(False), "markdown"), name)
            )
            for form, title, suffix in FORMS:
                below.addAction(f"Save as {title}…").triggered.connect(
                    lambda _=False, name=name, make=make, form=form, suffix=suffix: self.save(name, make, form, suffix)
                )

    def save(self, name: str, make: Callable[[bool], Table], form: Format, suffix: str) -> None:
        """Ask for a file and write it."""
        save_text(self._services, lambda: write(make(form == "csv"), form), name.lower().replace(" ", "-"), suffix, f"Save: {name}")
