"""Homework mode: the questions beside the tabs, a guess before every number, and notes that are kept."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QProgressBar, QPushButton, QVBoxLayout, QWidget

from hw2gui.app.lesson.numbers import Number
from hw2gui.app.lesson.questions import BY_KEY, NUMBERS, QUESTIONS, Question, judged
from hw2gui.app.lesson.state import LONGEST_GUESS, LONGEST_NOTE, Entry, Lesson
from hw2gui.session.store import Store
from hw2gui.widgets import theme
from hw2gui.widgets.fields import row, text_label
from hw2gui.widgets.panel import scrolled
from hw2gui.widgets.services import Services

COLUMNS = 4
HIDDEN = "Your teacher has hidden the numbers for now."


class QuestionsPanel(QWidget):
    """Follows the lesson's store."""

    def __init__(self, store: Store[Lesson], services: Services, tabs: tuple[str, ...]) -> None:
        super().__init__()
        self._store, self._services, self._tabs = store, services, tabs
        self._numbers: dict[str, Number] = {}
        self._asked = ""
        self.buttons: dict[str, QPushButton] = {}
        grid_holder = QWidget()
        grid = QGridLayout(grid_holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(3)
        for number, question in enumerate(QUESTIONS):
            button = QPushButton(question.key)
            button.setCheckable(True)
            button.setAccessibleName(f"Question {question.key}: {question.title}")
            button.setToolTip(f"{question.title}: show the question and the view that answers it")
            button.clicked.connect(lambda _=False, key=question.key: self.choose(key))
            grid.addWidget(button, number // COLUMNS, number % COLUMNS)
            self.buttons[question.key] = button
        self.progress = QProgressBar()
        self.progress.setRange(0, len(QUESTIONS))
        self.progress.setFormat("%v of %m guessed")
        self.progress.setAccessibleName("Questions guessed")
        self.text = text_label()
        self.look = text_label(muted=True)
        self.open = QPushButton("Open the view")
        self.open.setToolTip("Bring the tab that answers this to the front, set up for it; Undo brings back what was there")
        self.open.clicked.connect(self._open)
        self._make_guess()
        self.notes = QPlainTextEdit()
        self.notes.setAccessibleName("Notes")
        self.notes.setAccessibleDescription("Your notes on this question; kept with the session")
        self.notes.setPlaceholderText("Notes: what did you see?")
        self.notes.setTabChangesFocus(True)
        self.notes.setMinimumHeight(90)
        self.notes.textChanged.connect(self._noted)
        self._build(grid_holder)
        store.changed.connect(lambda _, now: self._show(now))
        self._show(store.state)

    def _make_guess(self) -> None:
        """The guess, and the number it is held against."""
        self.ask = text_label()
        self.guess = QLineEdit()
        self.guess.setMaxLength(LONGEST_GUESS)
        self.guess.setFixedWidth(110)
        self.guess.setToolTip("A number; the answer can be shown once you have guessed")
        self.guess.textEdited.connect(self._guessed)
        self.guess.returnPressed.connect(self._reveal)
        self.unit = text_label(muted=True)
        self.unit.setWordWrap(False)
        self.reveal = QPushButton("Show the number")
        self.reveal.setToolTip("Have the number computed and held against your guess")
        self.reveal.clicked.connect(self._reveal)
        self.answer = text_label(selectable=True)
        self.answer.setAccessibleName("The number")

    def _build(self, grid: QWidget) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(theme.SPACE)
        for widget in (self.text, self.look, self.open, self.ask, row(self.guess, self.unit), self.reveal, self.answer):
            column.addWidget(widget)
        column.addWidget(self.notes, 1)
        area = scrolled(inner, "The question")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE, 4, theme.SPACE, theme.SPACE)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(grid)
        layout.addWidget(self.progress)
        layout.addWidget(area, 1)

    # -- showing ------------------------------------------------------------------------------------------------------------------

    @property
    def question(self) -> Question:
        """The question that is open."""
        return BY_KEY.get(self._store.state.current, QUESTIONS[0])

    def _show(self, now: Lesson) -> None:
        question, entry = self.question, now.entry(self.question.key)
        for key, button in self.buttons.items():
            done = bool(now.entry(key).guess)
            button.setChecked(key == question.key)
            button.setText(f"{key} ✓" if done else key)
        self.progress.setValue(sum(bool(now.entry(each.key).guess) for each in QUESTIONS))
        self.text.setText(f"<b>{question.key} {escape(question.title)}</b><br>{escape(question.text)}")
        self.look.setText(question.look)
        self.ask.setText(f"<b>Guess first.</b> {escape(question.guess)}")
        self.unit.setText(question.unit)
        self.guess.setAccessibleName(f"Guess: {question.guess}")
        with QSignalBlocker(self.guess), QSignalBlocker(self.notes):
            if self.guess.text() != entry.guess:
                self.guess.setText(entry.guess)
            if self.notes.toPlainText() != entry.notes:
                self.notes.setPlainText(entry.notes)
        self.open.setEnabled(question.place(self._tabs) is not None)
        self._show_answer(now, entry)

    def _show_answer(self, now: Lesson, entry: Entry) -> None:
        guess = number_in(entry.guess)
        self.guess.setReadOnly(entry.revealed)
        self.reveal.setEnabled(guess is not None and not now.hide_answers)
        self.reveal.setVisible(not entry.revealed or now.hide_answers)
        if now.hide_answers:
            self.answer.setText(HIDDEN)
        elif not entry.revealed:
            wrong = bool(entry.guess) and guess is None
            self.answer.setText(f"“{escape(entry.guess)}” is not a number: type one like 12 or 3.5." if wrong else "")
        elif entry.question in self._numbers and guess is not None:
            found = self._numbers[entry.question]
            self.answer.setText(f"{escape(found.words)}<br><b>{escape(judged(guess, found.value, self.question.unit))}</b>")
        elif self._asked != entry.question:
            self.answer.setText("Computing…")
            self._ask(self.question)

    # -- doing --------------------------------------------------------------------------------------------------------------------

    def choose(self, key: str) -> None:
        """Open the question *key* and the view that answers it."""
        self._asked = ""
        self._store.move(current=key, panel=True)
        self._open()

    def _open(self) -> None:
        place = self.question.place(self._tabs)
        if place is not None:
            self._services.show(place.tab, place.state(), f"Question {self.question.key}")

    def _change(self, **changes: Any) -> None:
        now = self._store.state
        entry = replace(now.entry(self.question.key), **changes)
        self._store.move(entries=now.with_entry(entry))

    def _guessed(self, text: str) -> None:
        self._change(guess=text)

    def _noted(self) -> None:
        text = self.notes.toPlainText()
        if len(text) > LONGEST_NOTE:
            self._services.status(f"A note holds {LONGEST_NOTE:,} letters; the rest is not kept.")
        self._change(notes=text[:LONGEST_NOTE])

    def _reveal(self) -> None:
        if number_in(self.guess.text()) is not None and not self._store.state.hide_answers:
            self._change(revealed=True)

    def _ask(self, question: Question) -> None:
        self._asked = question.key

        def take(found: Number) -> None:
            self._numbers[question.key] = found
            self._show(self._store.state)

        def fail(why: str) -> None:
            if self.question is question:
                self.answer.setText(escape(why))

        self._services.ask(
            "homework", f"{NUMBERS}:{question.number}", {}, take, failed=fail, what=f"Computing the number of {question.key}"
        )


def guessed(entry: Entry) -> bool:
    """Whether a number was guessed."""
    return entry.revealed or number_in(entry.guess) is not None


def number_in(text: str) -> float | None:
    """The number that *text* is, written with a point or a comma, grouped or not; None for anything else."""
    plain = text.strip().removesuffix("%").strip().replace(" ", "").replace("−", "-")
    if plain.count(",") == 1 and "." not in plain and len(plain.partition(",")[2]) != 3:
        plain = plain.replace(",", ".")
    try:
        value = float(plain.replace(",", ""))
    except ValueError:
        return None
    return value if abs(value) < 1e15 else None
