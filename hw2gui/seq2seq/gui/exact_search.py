"""Exact search for what is typed: it may take long, so it is asked for once the typing rests."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QObject, QTimer, Signal

from hw2gui.seq2seq.answers import Exact
from hw2gui.seq2seq.gui.reader import Reader, arguments
from hw2gui.seq2seq.reading_words import exact_words
from hw2gui.widgets.services import Services

AFTER_MS = 250


class ExactSearch(QObject):
    """Follows *reader*: what it knows is of the reader's question, or nothing."""

    changed = Signal()

    def __init__(self, services: Services, reader: Reader, parent: QObject) -> None:
        super().__init__(parent)
        self._services, self._reader = services, reader
        self._found: Exact | None = None
        self._problem = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(AFTER_MS)
        self._pause.timeout.connect(self._ask)

    def follow(self) -> None:
        """There is another reading: what was found is of the last one."""
        self._found, self._problem = None, ""
        self._pause.start()

    def home(self) -> None:
        """What waits for the typing to rest is asked for now."""
        if self._pause.isActive():
            self._pause.stop()
            self._ask()

    def words(self) -> str:
        """What it says of the beam's best, or why it says nothing, as HTML; empty while there is no answer."""
        reading = self._reader.reading
        return exact_words(self._found, reading) if self._found is not None and reading is not None else escape(self._problem)

    def _ask(self) -> None:
        question = self._reader.question
        if question is None or self._reader.reading is None:
            return
        asked = arguments(question)
        del asked["options"]

        def take(found: Exact | None, problem: str) -> None:
            if question == self._reader.question:
                self._found, self._problem = found, problem
                self.changed.emit()

        self._services.ask(
            "seq2seq exact",
            "hw2gui.seq2seq.answers:exact",
            asked,
            lambda exact: take(exact, ""),
            failed=lambda why: take(None, why),
            what="Exact search",
        )
