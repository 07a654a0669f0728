"""Teach it your hand: draw, say what it is, and have the model trained on it for a few seconds; then see what that did."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from hw2gui.datasets.kmnist import CLASSES
from hw2gui.session.store import Store
from hw2gui.training.pace import time_left
from hw2gui.vision import hand as hands
from hw2gui.vision.collection import Labelled
from hw2gui.vision.experiment_clock import Progress
from hw2gui.vision.gui.asked import Asked
from hw2gui.vision.gui.lesson_table import COLUMNS, LessonTable, picture_of
from hw2gui.vision.gui.pad_panel import PadPanel
from hw2gui.vision.hand import Hand, Kept, Lesson
from hw2gui.vision.pen import Drawing
from hw2gui.vision.state import VisionState
from hw2gui.widgets import theme
from hw2gui.widgets.buttons import make_primary
from hw2gui.widgets.fields import row, text_label
from hw2gui.widgets.focus import handing_on
from hw2gui.widgets.image_grid import ImageGrid
from hw2gui.widgets.number_table import NumberTable
from hw2gui.widgets.panel import Panel

KEY = "teaching"


class TeachPage(QWidget):
    """The pad with a button for each class at the left, what is collected in the middle, the lesson at the right."""

    def __init__(self, store: Store[VisionState], asked: Asked) -> None:
        super().__init__()
        self._store = store
        self._asked = asked
        self._hand: Hand | None = None
        self._teaching = False
        self._chosen: Kept | None = None
        self.pad = PadPanel(store, "Draw a character")
        self.keep: list[QPushButton] = []
        for label, one in enumerate(CLASSES):
            button = QPushButton(f"{one.kana} {one.romaji}")
            button.setAccessibleName(f"Keep the drawing as {one.romaji}")
            button.clicked.connect(lambda _=False, which=label: self._keep(which))
            self.keep.append(button)
        self.next = text_label()
        self.grid = ImageGrid("Your labelled drawings", largest=64, empty="None yet: draw a character at the left and say which it is.")
        self.grid.clicked.connect(self._choose)
        self.chosen_words = text_label(muted=True)
        self.chosen_words.setMinimumHeight(2 * self.chosen_words.fontMetrics().lineSpacing())
        self.delete = QPushButton("Delete")
        self.delete.setToolTip("Take the chosen drawing out of the collection; it can be brought back")
        self.delete.clicked.connect(self._delete)
        self.redraw = QPushButton("Put on the pad")
        self.redraw.setToolTip("Show the chosen drawing's strokes on the pad")
        self.redraw.clicked.connect(self._redraw)
        self.model_words = text_label(muted=True)
        self.teach = QPushButton("Teach it my hand")
        self.teach.setToolTip(
            "Train the model further on your drawings, mixed with known characters so that it does not forget them.\n"
            "A process of its own; the model in use stays as it is, what comes of it is a new run"
        )
        self.teach.clicked.connect(self._teach)
        make_primary(self.teach)
        self.cancel = QPushButton("Cancel")
        self.cancel.setToolTip("End at once; the model in use stays as it is")
        self.cancel.clicked.connect(self._cancel)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName("How far the lesson is")
        self.words = text_label()
        self.table = NumberTable("Before and after", COLUMNS, compact=True)
        self.sentence = text_label(selectable=True)
        self.table.hide()
        self._build()
        self._show_teaching(False)
        self._show_chosen(None)

    def _build(self) -> None:
        labels = QWidget()
        grid = QGridLayout(labels)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        for number, button in enumerate(self.keep):
            grid.addWidget(button, number // 5, number % 5)
        self.pad.add_below(text_label("What is it? Choosing keeps the drawing, and clears the pad for the next:", muted=True))
        self.pad.add_below(labels)
        self.pad.add_below(self.next)
        self.collected = Panel("Your drawings", self.grid)
        self.collected.add_below(self.chosen_words)
        self.collected.add_below(row(self.redraw, self.delete))
        lesson = QWidget()
        column = QVBoxLayout(lesson)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self.model_words, row(self.teach, self.cancel), self.bar, self.words):
            column.addWidget(part)
        column.addWidget(self.sentence)
        column.addWidget(self.table, 1)
        column.addStretch(0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        for panel, share in ((self.pad, 30), (self.collected, 38), (Panel("Teach it your hand", lesson), 32)):
            layout.addWidget(panel, share)

    # -- showing ------------------------------------------------------------------------------------------------------------------

    def show_state(self, before: VisionState | None, now: VisionState) -> None:
        """Show what is drawn; ask for the collection as the chosen model reads it."""
        self.pad.show_state(now)
        for button in self.keep:
            button.setEnabled(bool(now.drawing.strokes))
        if before is None or (before.model, before.page) != (now.model, now.page) or self._hand is None:
            self.refresh()

    def refresh(self) -> None:
        """Ask for the collection."""
        self._asked.ask(
            "hand",
            f"{hands.__name__}:hand",
            {"model": self._store.state.model},
            self._show,
            failed=self.words.setText,
            what="Reading your drawings",
        )

    def _show(self, hand: Hand) -> None:
        self._hand = hand
        self.collected.title.setText(f"Your drawings ({len(hand.drawings)})")
        self.grid.show_pictures(tuple(picture_of(one, hand.lesson) for one in hand.drawings))
        self._show_chosen(None)
        for count, one, button in zip(hand.counts, CLASSES, self.keep, strict=True):
            button.setText(f"{one.kana} {one.romaji}" + (f" · {count}" if count else ""))
            button.setToolTip(f"Keep the drawing as {one.kana} ({one.romaji}); you have {count} of it")
        fewest = int(np.argmin(hand.counts))
        self.next.setText(
            f"Next, perhaps {CLASSES[fewest].kana} <b>{CLASSES[fewest].romaji}</b>: {hand.counts[fewest]} of it so far. From five of a "
            "character on, some are held out from the training, to tell what was learnt from what was seen."
        )
        self.model_words.setText(hand.words)
        self.table.show_source(LessonTable(hand.lesson))
        self.table.setVisible(hand.lesson is not None)
        wrong = sum(one.read.label != one.label for one in hand.drawings)
        told = (
            f"The model in use misreads {wrong} of your {len(hand.drawings)} drawings."
            if hand.drawings
            else "You have no labelled drawings yet."
        )
        self.sentence.setText(hand.lesson.sentence if hand.lesson is not None else told)
        self._show_teaching(self._teaching)

    def _show_chosen(self, chosen: Kept | None) -> None:
        self._chosen = chosen
        for button in (self.delete, self.redraw):
            button.setEnabled(chosen is not None)
        if chosen is None:
            self.chosen_words.setText("Red captions are misread. Choose a drawing to see how it is read.")
            return
        is_, read = CLASSES[chosen.label], CLASSES[chosen.read.label]
        part = "held out from training" if chosen.held_out else "for training"
        self.chosen_words.setText(
            f"Drawn as {is_.kana} {is_.romaji}, read as {read.kana} {read.romaji} with probability {chosen.read.probability:.3f}; {part}."
        )

    def _show_teaching(self, teaching: bool) -> None:
        self._teaching = teaching
        with handing_on(self.cancel if teaching else self.teach):
            self.teach.setEnabled(not teaching and self._hand is not None and bool(self._hand.drawings))
            self.cancel.setEnabled(teaching)
        self.bar.setVisible(teaching)

    # -- collecting ---------------------------------------------------------------------------------------------------------------

    def _keep(self, label: int) -> None:
        drawing = self._store.state.drawing
        self._remember(drawing, label)
        self._store.change("Clear the pad", drawing=Drawing())

    def _remember(self, drawing: Drawing, label: int) -> None:
        # Under a key of its own: none may be dropped for the next.
        key = f"keep {hash((drawing, label))}"
        self._asked.ask(
            key, f"{hands.__name__}:keep", {"drawing": drawing, "label": label}, lambda _: self.refresh(), what="Keeping the drawing"
        )

    def _choose(self, number: int) -> None:
        if self._hand is None or number >= len(self._hand.drawings):
            return
        self.grid.show_pictures(self.grid.pictures, number)
        self._show_chosen(self._hand.drawings[number])

    def _delete(self) -> None:
        chosen = self._chosen
        if chosen is not None:
            self._asked.ask(
                f"forget {chosen.digest}",
                f"{hands.__name__}:forget",
                {"label": chosen.label, "digest": chosen.digest},
                self._deleted,
                what="Deleting the drawing",
            )

    def _deleted(self, gone: Labelled | None) -> None:
        if gone is not None:
            self._asked.services.message(
                f"A drawing of {CLASSES[gone.label].romaji} is deleted.",
                "info",
                ("Bring back", lambda: self._remember(gone.drawing, gone.label)),
            )
        self.refresh()

    def _redraw(self) -> None:
        chosen = self._chosen
        if chosen is not None:
            self._asked.ask(
                "redraw",
                f"{hands.__name__}:drawing_of",
                {"label": chosen.label, "digest": chosen.digest},
                self._put_on_pad,
                what="Fetching the drawing",
            )

    def _put_on_pad(self, found: Labelled | None) -> None:
        if found is not None:
            self._store.change("Drawing put on the pad", drawing=found.drawing)

    # -- teaching -----------------------------------------------------------------------------------------------------------------

    def _teach(self) -> None:
        self._show_teaching(True)
        self.bar.setValue(0)
        self.words.setText("Starting…")
        self._asked.services.ask(
            KEY,
            hands.JOB,
            {"model": self._store.state.model},
            self._taught,
            failed=self._ended,
            progress=self._told,
            cancelled=lambda: self._ended("Cancelled: the model in use is as it was."),
            what="Teaching it your hand",
            alone=True,
        )

    def _told(self, progress: Progress) -> None:
        if self._teaching:
            self.bar.setValue(round(1000 * progress.share))
            self.words.setText(f"{progress.words[:1].upper()}{progress.words[1:]}{time_left(progress.seconds_left)}.")

    def _taught(self, lesson: Lesson) -> None:
        self._ended("Taught. The new model now reads here and on the pad; Undo goes back to the one before.")
        self._store.change("Model taught your hand", model=lesson.run, epoch=None, pinned=None)

    def _cancel(self) -> None:
        self._asked.services.forget(KEY)
        self._ended("Cancelled: the model in use is as it was.")

    def _ended(self, words: str) -> None:
        self._show_teaching(False)
        self.words.setText(words)
