"""One item in full: claim, figures, verdict and formula in words, its figures, the way to where one sees it, and the user's note."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSignalBlocker, QUrl, Signal
from PySide6.QtGui import QImage, QTextDocument, QTextOption
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from hw2gui.report.gui.colours import colour
from hw2gui.report.gui.item_list import PROGRAMS
from hw2gui.report.items import Erratum, Item, Show
from hw2gui.report.state import LONGEST_NOTE
from hw2gui.report.tasks import Picture
from hw2gui.widgets import theme
from hw2gui.widgets.rich_text import RichText
from hw2gui.writers import Table

NOTE_HEIGHT = 58


class Detail(QWidget):
    """Shows an item or an erratum."""

    show_asked = Signal(object)
    """The user wants to see it: a :class:`Show`."""
    note_typed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.text = RichText("The item in full")
        self.text.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)  # a folder's path has no spaces
        self.button = QPushButton("Show it")
        self.button.setToolTip("Open the tab in the state that shows it; Undo there brings back what was shown before")
        self.button.clicked.connect(self.ask)
        self.where = QLabel()
        self.where.setObjectName("muted")
        self.where.setWordWrap(True)
        self.note = QPlainTextEdit()
        self.note.setAccessibleName("Note")
        self.note.setPlaceholderText("Your note on this item: kept with the session, and written into the document")
        self.note.setToolTip("Your note on this item: kept with the session, and written into the document")
        self.note.setFixedHeight(NOTE_HEIGHT)
        self.note.setTabChangesFocus(True)
        self.note.textChanged.connect(self._typed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE // 2)
        column.addWidget(self.text, 1)
        column.addWidget(self.where)
        column.addWidget(self.button)
        column.addWidget(self.note)
        self._show: Show | None = None

    def show_item(self, item: Item | Erratum, tab_titles: dict[str, str]) -> None:
        """Show *item*; its pictures come later (:meth:`show_pictures`)."""
        self._say(_item_html(item) if isinstance(item, Item) else _erratum_html(item), item.show, tab_titles)

    def _say(self, html: str, show: Show | None, tab_titles: dict[str, str]) -> None:
        self._html = html
        self._pictures: tuple[Picture, ...] = ()
        self.text.show_html(html)
        self._show = show
        self.button.setVisible(show is not None)
        self.where.setVisible(show is not None)
        if show is not None:
            self.button.setText(f"Show it in {tab_titles.get(show.tab, show.tab)}")
            self.where.setText(f"There: {show.words}.")

    def show_pictures(self, pictures: tuple[Picture, ...]) -> None:
        """Add the figures under the text."""
        document, parts = self.text.document(), [self._html]
        for number, picture in enumerate(pictures):
            name = QUrl(f"figure-{number}")
            document.addResource(QTextDocument.ResourceType.ImageResource.value, name, QImage.fromData(picture.png))
            parts.append(f'<p><img src="figure-{number}" width="{picture.width}"></p>')
            if picture.caption:
                parts.append(f'<p style="color:{theme.current().muted}">{escape(picture.caption)}</p>')
        self._pictures = pictures
        place = self.text.verticalScrollBar().value()
        self.text.show_html("".join(parts))
        self.text.verticalScrollBar().setValue(place)

    def show_note(self, text: str) -> None:
        """Show the user's note without telling anybody."""
        if text != self.note.toPlainText():
            with QSignalBlocker(self.note):
                self.note.setPlainText(text)

    def _typed(self) -> None:
        text = self.note.toPlainText()
        if len(text) > LONGEST_NOTE:
            # As far as there is room: what does not fit is not taken, and the cursor stays where it is.
            cursor = self.note.textCursor()
            place = min(cursor.position(), LONGEST_NOTE)
            with QSignalBlocker(self.note):
                self.note.setPlainText(text[:LONGEST_NOTE])
            cursor.setPosition(place)
            self.note.setTextCursor(cursor)
            text = text[:LONGEST_NOTE]
        self.note_typed.emit(text)

    def ask(self) -> None:
        """Want to see it, where there is a way."""
        if self._show is not None:
            self.show_asked.emit(self._show)


def _item_html(item: Item) -> str:
    parts = [f"<h3>{escape(item.key)}&nbsp; {escape(item.title)}</h3>", _line("The report", item.claim)]
    if item.said:
        parts.append(_line("It gives", item.said))
    if item.measured:
        parts.append(_line("Measured by the program's own reproduction" if item.origin else "Measured here", item.measured))
    if item.origin:
        parts.append(f'<p style="color:{theme.current().muted}">{PROGRAMS} {escape(item.origin)}.</p>')
    verdict = f'<b style="color:{colour(item.verdict.kind)}">{escape(item.verdict.word.capitalize())}.</b> {escape(item.verdict.sentence)}'
    parts.append(f"<p>{verdict}</p>")
    parts += [
        _line(lead, text)
        for lead, text in (("Why", item.why), ("To do", item.fetch), ("Formula", item.formula), ("Look", item.look))
        if text
    ]
    parts += [_table_html(table) for table in item.tables]
    return "".join(parts)


def _erratum_html(erratum: Erratum) -> str:
    return "".join(
        (
            f"<h3>Erratum {erratum.number}, in {escape(erratum.where)}</h3>",
            _line("Written", erratum.written),
            _line("Right", erratum.right),
            _line("Counterexample, computed", erratum.counterexample),
        )
    )


def _line(lead: str, text: str) -> str:
    return f'<p dir="auto"><b>{escape(lead)}.</b> {escape(text)}</p>'


def _table_html(table: Table) -> str:
    sides = ["right" if right else "left" for right in table.numeric]
    head = "".join(f'<th align="{side}">{escape(cell)}</th>' for cell, side in zip(table.header, sides, strict=True))
    rows = "".join(
        "<tr>" + "".join(f'<td align="{side}">{escape(cell)}</td>' for cell, side in zip(row, sides, strict=True)) + "</tr>"
        for row in table.all_rows
    )
    notes = "".join(f"<p>{escape(note)}</p>" for note in table.notes)
    return f'<p><b>{escape(table.title)}</b></p><table cellpadding="3" cellspacing="0" width="98%"><tr>{head}</tr>{rows}</table>{notes}'
