"""The text that is typed and what it is read as: asked of the worker at every change, the latest question only."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from hw2gui.seq2seq.answers import Reading
from hw2gui.seq2seq.state import Question
from hw2gui.widgets.services import Services

EMPTY = "Type a text, or press Example."


class Reader(QObject):
    """Keeps the reading of the latest question, or the sentence that says why there is none."""

    changed = Signal()
    """There is another reading, or another reason for none."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._asked: Question | None = None
        self.question: Question | None = None
        """What `reading` answers."""
        self.reading: Reading | None = None
        self.problem = ""
        """Why there is no reading; empty while one is on its way."""

    def ask(self, question: Question) -> None:
        """Have *question* answered, unless it is the one asked last. The reading before it stays until then."""
        if question == self._asked:
            return
        self._asked = question
        if not question.text.strip():
            self._services.forget("seq2seq reading")
            self._take(question, None, EMPTY)
            return
        self._services.ask(
            "seq2seq reading",
            "hw2gui.seq2seq.answers:translate",
            arguments(question) | {"reference": question.reference},
            lambda reading: self._take(question, reading, ""),
            failed=lambda why: self._take(question, None, why),
            what="Reading the text",
        )

    def again(self) -> None:
        """Forget what was asked, for what the model stands for may have changed."""
        self._asked = None

    def _take(self, question: Question, reading: Reading | None, problem: str) -> None:
        self.question, self.reading, self.problem = question, reading, problem
        self.changed.emit()


def arguments(question: Question) -> dict[str, object]:
    """*question* as the functions of `hw2gui.seq2seq.answers` are called, without the reference, which not all of them take."""
    return {
        "model": question.model,
        "epoch": question.epoch,
        "text": question.text,
        "options": question.options,
        "prefix": question.prefix,
        "override": question.override,
    }
