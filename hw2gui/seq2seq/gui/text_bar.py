"""The text that is read, what it should become, and how it is searched: the row above every page that reads."""

from __future__ import annotations

import html
from dataclasses import replace

from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from hw2gui.datasets.arabic import is_right_to_left, romanised, scripts_in
from hw2gui.seq2seq.examples import Example, examples, kind
from hw2gui.seq2seq.gui.desk import Desk
from hw2gui.seq2seq.gui.screen_keyboard import ScreenKeyboard
from hw2gui.seq2seq.results import LARGEST_BEAM, SCORE_FORMULA, AttentionOverride
from hw2gui.seq2seq.state import LONGEST_TEXT, Seq2SeqState, forced, typed
from hw2gui.seq2seq.symbols import symbol_name
from hw2gui.widgets import theme
from hw2gui.widgets.fields import RealField, WholeField, row, text_label

TEXT_POINTS = 1.35
"""The text's size, in sizes of the program's font: Arabic needs it."""


class TextField(QLineEdit):
    """A line that begins where its text begins, left or right. Undo is the program's, for the text is part of its state."""

    def __init__(self, name: str, tip: str, hint: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setPlaceholderText(hint)
        self.setMaxLength(1 << 20)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * TEXT_POINTS)
        self.setFont(font)
        self.textChanged.connect(self._turn)

    def show_text(self, text: str) -> None:
        """Show *text* without telling anybody; the cursor stays where the user types."""
        if text != self.text():
            with QSignalBlocker(self):
                self.setText(text)
            self._turn(text)

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the program."""
        undoes = isinstance(event, QKeyEvent) and (
            event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
        )
        if undoes and event.type() == QEvent.Type.ShortcutOverride:
            return False
        return super().event(event)

    def _turn(self, text: str) -> None:
        right = is_right_to_left(text)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft if right else Qt.LayoutDirection.LeftToRight)


class TextBar(QWidget):
    """Text, reference, beam, n best and α; below them the forced beginning, replaced attention and what was done to the text."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._store, self._reader = desk.store, desk.reader
        self._cut = 0
        self._model: tuple[str, int | None] | None = None
        self.text = TextField("Text", f"The name or sentence to read, at most {LONGEST_TEXT:,} characters", "Type a name, or a sentence")
        self.text.textEdited.connect(self._typed)
        self.reference = TextField(
            "Reference", "The right output, if you know it: it tells the search's errors from the model's", "Right answer, if known"
        )
        self.reference.textEdited.connect(lambda text: self._store.change("Reference", gesture="reference", reference=text))
        self.keys = QToolButton()
        self.keys.setText("⌨")
        self.keys.setCheckable(True)
        self.keys.setAccessibleName("Keyboard on screen")
        self.keys.setToolTip("A keyboard on screen, for Arabic letters and Spanish accents")
        self.keys.clicked.connect(lambda on: self._store.move(keyboard=on))
        self.example = QPushButton("Example")
        self.example.setToolTip("The next of some pairs this kind of model can be tried on, with the right answer")
        self.example.clicked.connect(self._next_example)
        self.beam = WholeField("Beam size", "Beam size k: how many hypotheses survive each step")
        self.beam.edited.connect(lambda k: self._store.change("Beam size", gesture="beam", beam=k))
        self.nbest = WholeField("n best", "How many of the best outputs are listed")
        self.nbest.edited.connect(lambda n: self._store.change("n best", gesture="nbest", nbest=n))
        self.alpha = RealField("Length exponent α", f"Length normalisation α: {SCORE_FORMULA}", 0.0, 2.0, 0.1)
        self.alpha.edited.connect(lambda alpha: self._store.change("Length exponent", gesture="alpha", alpha=alpha))
        self.prefix = QPushButton()
        self.prefix.setAccessibleName("Forced beginning")
        self.prefix.setToolTip("Outputs are forced to begin like this; click to let them begin freely")
        self.prefix.clicked.connect(lambda: self._store.replace("Let the output begin freely", forced(self._store.state, "")))
        self.override = QPushButton("Attention changed by hand  ✕")
        self.override.setToolTip("Some rows of the attention were changed by hand; click to use the model's own again")
        self.override.clicked.connect(lambda: self._store.change("The model's own attention", override=AttentionOverride()))
        self.notes = text_label(muted=True)
        self.notes.setTextFormat(Qt.TextFormat.RichText)
        self.keyboard = ScreenKeyboard()
        self.keyboard.pressed.connect(self.type_in)
        self.keyboard.deleted.connect(self.take_back)
        self._build()
        self._reader.changed.connect(self._show_notes)

    def _build(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.text, 5)
        line.addWidget(self.keys)
        line.addWidget(self.example)
        line.addWidget(self.reference, 2)
        line.addWidget(row("k", self.beam, "n best", self.nbest, "α", self.alpha, stretch=False))
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.notes, 1)
        below.addWidget(self.prefix)
        below.addWidget(self.override)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE // 2)
        layout.addLayout(line)
        layout.addLayout(below)
        layout.addWidget(self.keyboard)

    def show_state(self, now: Seq2SeqState) -> None:
        """Show what was chosen."""
        self.text.show_text(now.text)
        if (now.model, now.epoch) != self._model:
            self._model = now.model, now.epoch
            self.example.setEnabled(bool(kind(now.model)))
        self.reference.show_text(now.reference)
        self.keys.setChecked(now.keyboard)
        self.keyboard.setVisible(now.keyboard)
        self.beam.show_value(now.beam, 1, LARGEST_BEAM, "one is greedy search", "beyond it little changes but the time")
        self.nbest.show_value(now.nbest, 1, now.beam, "", "the beam keeps no more")
        self.alpha.show_value(now.alpha)
        self.prefix.setVisible(bool(now.prefix))
        self.prefix.setText(f"Begins with “{now.prefix}”  ✕")
        self.override.setVisible(bool(now.override.weights))

    def type_in(self, text: str) -> None:
        """Put *text* where the cursor is, as a key of the keyboard on screen does."""
        self.text.insert(text)
        self._typed(self.text.text())

    def take_back(self) -> None:
        """Take away the character before the cursor."""
        self.text.backspace()
        self._typed(self.text.text())

    def _next_example(self) -> None:
        """Behind the one shown; the first where none is."""
        now, known = self._store.state, self._examples()
        if known:
            texts = [one.text for one in known]
            at = texts.index(now.text) + 1 if now.text in texts else 0
            one = known[at % len(known)]
            self._store.replace("Example", replace(typed(now, one.text), reference=one.reference))

    def _examples(self) -> tuple[Example, ...]:
        return examples(self._store.state.model)

    def _typed(self, text: str) -> None:
        self._cut = max(0, len(text) - LONGEST_TEXT)
        if self._cut:
            text = text[:LONGEST_TEXT]
            self.text.show_text(text)
        self._store.replace("Text", typed(self._store.state, text), gesture="text")

    def _show_notes(self) -> None:
        reading, problem = self._reader.reading, self._reader.problem
        if reading is None:
            # That nothing is typed yet is no fault.
            colour = theme.current().bad if self._store.state.text.strip() else theme.current().muted
            self.notes.setText(f"<span style='color:{colour}'>{html.escape(_sentence(problem))}</span>")
            return
        lines = [html.escape(sentence) for sentence in reading.text.sentences]
        if self._cut:
            lines.insert(0, f"{self._cut:,} characters beyond the first {LONGEST_TEXT:,} were not taken")
        if reading.unknown and set(reading.text.text) <= {*reading.unknown, " "}:
            lines.append(NOTHING_KNOWN)
        elif reading.unknown:
            shown = " ".join(f"‹{html.escape(symbol_name(character))}›" for character in reading.unknown[:12])
            more = f" and {len(reading.unknown) - 12} more" if len(reading.unknown) > 12 else ""
            lines.append(f"<b>not in the model's alphabet, read as unknown:</b> {shown}{more}")
        if len(scripts := scripts_in(reading.text.text)) > 1:
            lines.append(f"mixed scripts: {', '.join(scripts)}")
        hint = romanised(reading.text.text) if "Arabic" in scripts_in(reading.text.text) else ""
        if hint and len(hint) < 120:
            lines.insert(0, f"letter by letter: <b>{html.escape(hint)}</b>")
        self.notes.setText(" · ".join(lines))


NOTHING_KNOWN = (
    "<b>The model knows none of these letters</b>, so what it writes says nothing. The keyboard on screen (⌨) has those it knows; Example "
    "brings a text."
)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) or not text else ".")
