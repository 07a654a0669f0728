"""Help put on the panels of a tab, formulas drawn by the worker and kept, and the glossary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from hw2gui.app.help.dialog import Glossary
from hw2gui.app.help.glossary import BY_NAME, TERMS
from hw2gui.app.tabs import TabSpec
from hw2gui.names import load
from hw2gui.widgets import theme
from hw2gui.widgets.help_card import Help, HelpCard
from hw2gui.widgets.panel import Panel

if TYPE_CHECKING:
    from hw2gui.app.main_window import MainWindow


class HelpDesk(QObject):
    """Answers "what am I looking at" for every panel of *window*."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._drawn: dict[tuple[str, str], bytes] = {}
        self._glossary: Glossary | None = None

    def dress(self, spec: TabSpec, page: QWidget) -> None:
        """Give every panel of *page* a button for its help."""
        helps: Mapping[str, Help] = load(spec.help) if spec.help else {}
        for panel in page.findChildren(Panel):
            found = helps.get(panel.help_key)
            if found is not None:
                panel.offer_help(partial(self.explain, panel, found))

    def explain(self, panel: Panel, what: Help) -> None:
        """Pop up the help of *panel*."""
        card = HelpCard(panel.title.text() or panel.help_key, what, lambda name: self._add_term(card, name), panel)
        self.draw((what.formula,), card.show_formulas)
        card.show_below(panel.help_button or panel)

    def _add_term(self, card: HelpCard, name: str) -> None:
        term = BY_NAME.get(name.casefold())
        if term is not None:
            card.add_term(term.name, term.meaning, term.formula)
            self.draw((term.formula,), card.show_formulas)

    def draw(self, formulas: tuple[str, ...], take: Callable[[dict[str, bytes]], None]) -> None:
        """Have *formulas* drawn in the theme's colour; *take* gets them by their source, at once where they were drawn before.

        It gets none where they cannot be drawn, and nothing at all where there are none to draw.
        """
        colour = theme.current().text
        wanted = tuple(formula for formula in formulas if formula)
        if not wanted:
            return
        missing = tuple(formula for formula in wanted if (formula, colour) not in self._drawn)

        def answer() -> None:
            take({formula: self._drawn[formula, colour] for formula in wanted if (formula, colour) in self._drawn})

        if not missing:
            answer()
            return

        def keep(pictures: tuple[bytes, ...]) -> None:
            self._drawn |= {(formula, colour): picture for formula, picture in zip(missing, pictures, strict=True)}
            answer()

        self._window.services.ask(
            f"formulas {missing}",
            "hw2gui.app.help.formulas:as_svg",
            {"formulas": missing, "colour": colour},
            keep,
            failed=lambda _: take({}),
            what="Drawing formulas",
        )

    def open_glossary(self, term: str = "") -> None:
        """Show all terms, beside the window."""
        if self._glossary is None:
            self._glossary = Glossary(self._window)
        glossary = self._glossary
        glossary.look_for(term)
        glossary.show()
        glossary.raise_()
        self.draw(tuple(term.formula for term in TERMS), glossary.show_formulas)
