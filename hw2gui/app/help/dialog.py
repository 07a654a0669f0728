"""The glossary: every term, found by typing a part of it."""

from __future__ import annotations

from html import escape

from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from hw2gui.app.help.glossary import TERMS, Term
from hw2gui.app.search import folded
from hw2gui.widgets import theme
from hw2gui.widgets.help_card import Pictures, formula_html
from hw2gui.widgets.rich_text import RichText


class Glossary(QDialog):
    """Beside the window, stopping nothing."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        theme.dress(self)
        self.setWindowTitle("Glossary")
        self._pictures = Pictures()
        self.query = QLineEdit()
        self.query.setPlaceholderText("A term…")
        self.query.setAccessibleName("Term to look for")
        self.query.setAccessibleDescription("Type a part of the term")
        self.query.setClearButtonEnabled(True)
        self.query.textChanged.connect(lambda _: self._show())
        self.text = RichText("Terms and what they mean")
        layout = QVBoxLayout(self)
        layout.addWidget(self.query)
        layout.addWidget(self.text, 1)
        self.resize(520, 600)
        self._show()

    def look_for(self, term: str) -> None:
        """Look for *term*; an empty one shows all."""
        self.query.setText(term)
        self.query.setFocus()

    def show_formulas(self, pictures: dict[str, bytes]) -> None:
        """Put the *pictures* (SVG) in the place of the formulas."""
        self._pictures.take(pictures)
        self._show()

    def _show(self) -> None:
        words = folded(self.query.text()).split()
        named = [term for term in TERMS if all(word in folded(term.name) for word in words)]
        found = named or [term for term in TERMS if all(word in folded(f"{term.name} {term.meaning}") for word in words)]
        self._pictures.give(self.text.document(), (term.formula for term in found), self.devicePixelRatioF())
        self.text.show_html("".join(map(self._entry, found)) or "<p>No term is called that.</p>")

    def _entry(self, term: Term) -> str:
        return f"<p><b>{escape(term.name)}</b><br>{escape(term.meaning)}</p>{formula_html(term.formula, self._pictures)}"
