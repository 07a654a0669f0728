"""What stands beside the beam's output: greedy, uniform attention, or the model that was trained without attention."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from hw2gui.seq2seq import models
from hw2gui.seq2seq.answers import Reading
from hw2gui.seq2seq.gui.reader import arguments
from hw2gui.seq2seq.results import AttentionOverride
from hw2gui.seq2seq.state import Question, Seq2SeqState
from hw2gui.widgets.services import Services

BESIDE = (
    ("greedy", "Greedy", "The most probable symbol at every step, beside the beam's best"),
    ("uniform", "Uniform attention", "The same model and beam, but every source letter gets the same attention"),
    ("plain", "Without attention", "The model that was trained without attention, with the same beam"),
)
TITLES = {"greedy": "Greedy", "uniform": "Beam, uniform attention", "plain": "Beam, model without attention"}


class Beside(QObject):
    """Asks for the other reading of the same text, unless it is greedy, which comes with the beam's."""

    changed = Signal()
    """It is there, or why it is not."""

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._found: tuple[Question, Reading] | None = None
        self.problem = ""
        """Why there is none."""

    def reading(self, now: Seq2SeqState) -> Reading | None:
        """The one *now* wants, perhaps a keystroke older, for the newer answer is on its way."""
        wanted = other_question(now)
        if self._found is None or wanted is None:
            return None
        asked, found = self._found
        return found if (asked.model, asked.override) == (wanted.model, wanted.override) else None

    @property
    def latest(self) -> Reading | None:
        """The one asked for last, if it has come."""
        return self._found[1] if self._found is not None else None

    def follow(self, now: Seq2SeqState) -> None:
        """Ask for what *now* wants, if it is another."""
        question = other_question(now)
        if question is None or not now.text.strip() or (self._found is not None and self._found[0] == question):
            return

        def done(reading: Reading) -> None:
            self._found, self.problem = (question, reading), ""
            self.changed.emit()

        def failed(why: str) -> None:
            self._found, self.problem = None, why
            self.changed.emit()

        self._services.ask(
            "seq2seq beside", "hw2gui.seq2seq.answers:translate", arguments(question), done, failed=failed, what="Reading it another way"
        )


def twin(model: str) -> str | None:
    """The shipped model trained without attention for the same languages, if there is one."""
    pair = "-".join(model.split("-")[:2])
    return f"{pair}-plain" if model in models.names() and f"{pair}-plain" in models.names() else None


def other_question(state: Seq2SeqState) -> Question | None:
    """What is asked of that which stands beside the beam; None for greedy, which comes with the reading."""
    question = replace(state.question, reference="")
    if state.beside == "uniform":
        return replace(question, override=AttentionOverride("uniform"))
    if state.beside == "plain" and (plain := twin(state.model)) is not None:  # looks at files: not at every keystroke
        return replace(question, model=plain, epoch=None, override=AttentionOverride())
    return None
