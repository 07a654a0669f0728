"""What it gets right and wrong: the confusion matrix with the images behind it, two models compared, what excites each channel."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from hw2gui.colour import Scale
from hw2gui.session.store import Store
from hw2gui.vision.gui.asked import SAVING, Asked
from hw2gui.vision.gui.class_table import ClassTable
from hw2gui.vision.gui.compare_view import CompareView
from hw2gui.vision.gui.confusion_view import ConfusionView, ShareScale
from hw2gui.vision.gui.gallery_view import GalleryView, show_images
from hw2gui.vision.gui.opening import look_into, put_on_pad
from hw2gui.vision.gui.results_words import cell_title, hovered, told
from hw2gui.vision.gui.strongest_view import ROWS, StrongestView
from hw2gui.vision.readings import Compared, Strongest, Trial
from hw2gui.vision.state import VisionState
from hw2gui.vision.tables import class_table, confusion_table
from hw2gui.widgets import theme
from hw2gui.widgets.fields import Choices, row
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.rich_text import RichText
from hw2gui.widgets.saving import save_picture, save_text
from hw2gui.widgets.table_menu import FORMS
from hw2gui.writers import write

TRIALS = "hw2gui.vision.trials"
OWN = "own"
WORDS_HEIGHT = 62
GALLERIES = (
    ("cell", "Images", "The images of a cell of the matrix, or all mistakes"),
    ("classes", "Class by class", "How much of each class is found, and how often it is taken for another"),
    ("compare", "Compare", "What another model, or another epoch, does better and worse"),
    ("top", "Strongest", "The test images that excite each channel most"),
)


class ResultsPage(QWidget):
    """The matrix at the left; at the right the images of a cell, the classes, a comparison, or what excites the channels."""

    def __init__(self, store: Store[VisionState], asked: Asked) -> None:
        super().__init__()
        self._store = store
        self._asked = asked
        self._trial: Trial | None = None
        self.data = Choices(
            "Images to test on",
            (
                (OWN, "its own data", "The set the model was trained on"),
                ("strokes", "built-in", "The built-in characters"),
                ("kmnist", "KMNIST", "Kuzushiji-MNIST"),
            ),
        )
        self.data.chosen.connect(lambda key: store.change("Images", tested="" if key == OWN else key))
        self.split = Choices(
            "Split",
            (
                ("validation", "validation", "What the choice among epochs and settings may look at"),
                ("test", "test", "For the end: whoever chooses by it has no honest number left"),
            ),
        )
        self.split.chosen.connect(lambda key: store.change("Split", tested_split=key))
        self.confusion = ConfusionView()
        self.confusion.clicked.connect(self._choose_cell)
        self.confusion.hovered.connect(self._hover)
        self.errors = QCheckBox("Colour the errors")
        self.errors.setToolTip("Colours reach up to the largest share of a class that is mistaken; off: from 0 to 1")
        self.errors.toggled.connect(lambda on: store.change("Colours", error_colours=on))
        self.words = RichText("What the matrix comes to")
        self.words.setFixedHeight(WORDS_HEIGHT)
        self.gallery_kind = Choices("What is shown", GALLERIES)
        self.gallery_kind.chosen.connect(lambda key: store.change("What is shown", gallery=key))
        self.gallery = GalleryView()
        self.classes = ClassTable()
        self.classes.chosen.connect(lambda label: self._choose_cell(label, self._worst(label)))
        self.classes.save.connect(self._save_table)
        self.compare = CompareView(store, asked)
        self.compare.changed.connect(self._show_matrix)
        self.strongest = StrongestView()
        self.strongest.asked.connect(lambda stage, first: store.change("Channels", top=(stage, first)))
        self.strongest.save.connect(self._save_strongest)
        for view in (self.gallery, self.compare.gallery, self.strongest):
            view.look.connect(lambda place: look_into(store, place))
        for gallery in (self.gallery, self.compare.gallery):
            gallery.draw.connect(lambda place: put_on_pad(store, asked, place))
            gallery.save.connect(self._save_gallery)
        self._build()

    def _build(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(row(self.data, self.split))
        self.matrix_panel = Panel("Who is taken for whom", self.confusion, exports=True)
        self.matrix_panel.export_requested.connect(self._save_matrix)
        self.matrix_panel.add_below(self.words)
        self.matrix_panel.add_below(self.errors)
        column.addWidget(self.matrix_panel, 1)
        self._stack = QStackedWidget()
        self._views: dict[str, QWidget] = {
            "cell": self.gallery,
            "classes": self.classes,
            "compare": self.compare,
            "top": self.strongest,
        }
        for view in self._views.values():
            self._stack.addWidget(view)
        right = Panel("", self._stack, key="Results")
        right.header.insertWidget(0, self.gallery_kind)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(left, 45)
        layout.addWidget(right, 55)

    # -- following the state ------------------------------------------------------------------------------------------------------

    def show_state(self, before: VisionState | None, now: VisionState) -> None:
        """Show what was chosen, and ask for what that changes."""
        self.data.show_choice(now.tested or OWN)
        self.split.show_choice(now.tested_split)
        self.gallery_kind.show_choice(now.gallery)
        self._stack.setCurrentWidget(self._views[now.gallery])
        with QSignalBlocker(self.errors):
            self.errors.setChecked(now.error_colours)
        if now.page != "results":
            if before is not None and before.page == "results":
                self._leave()
            return
        entered = before is None or before.page != "results"
        self.compare.show_state(None if entered else before, now)
        if entered or before is None or before.exam != now.exam:
            self._ask_trial()
            self._ask_strongest()
            return
        if before.error_colours != now.error_colours:
            self._show_matrix()
        if (before.gallery, before.confused) != (now.gallery, now.confused):
            self._show_matrix()
            self._ask_gallery()
        if (before.top, before.gallery) != (now.top, now.gallery):
            self._ask_strongest()

    def _leave(self) -> None:
        """What is still counted would keep the next page waiting, and is asked again when the user comes back."""
        for key in ("trial", "strongest"):
            self._asked.forget(key)
        self.compare.forget()

    def _ask(self, key: str, task: str, arguments: dict[str, Any], done: Any, failed: Any, what: str) -> None:
        self._asked.ask(key, f"{TRIALS}:{task}", arguments, done, failed=failed, what=what)

    # -- the matrix ---------------------------------------------------------------------------------------------------------------

    def _ask_trial(self) -> None:
        self.compare.forget()
        self._ask("trial", "trial", {"exam": self._store.state.exam}, self._take_trial, self._no_trial, "Testing the model")

    def _take_trial(self, trial: Trial) -> None:
        self._trial = trial
        self.classes.show_evaluation(trial.evaluation, trial.words)
        self._show_matrix()
        self._ask_gallery()
        self.compare.ask()

    def _no_trial(self, why: str) -> None:
        self._trial = None
        self.confusion.show_counts(None)
        self.matrix_panel.legend.show_scale(None)
        self.matrix_panel.info.setText("")
        self.words.show_html(why)
        self.gallery.show_nothing("")
        self.compare.gallery.show_nothing("")

    def _show_matrix(self) -> None:
        """The counts; while two models are compared, their change."""
        trial, now = self._trial, self._store.state
        if trial is None:
            return
        counts = trial.evaluation.confusion
        both = self._both
        scale: Scale
        if both is not None:
            counts = both.second.confusion - counts
            scale = Scale.diverging(counts.astype(np.float64))
        else:
            scale = ShareScale.of(counts, errors=now.error_colours)
        self.errors.setEnabled(both is None)
        self.matrix_panel.title.setText("Who is taken for whom" if both is None else "How that changes")
        self.matrix_panel.info.setText("share of the class" if both is None else "images more (red) or fewer (blue)")
        self.matrix_panel.legend.show_scale(scale)
        self.confusion.show_counts(counts, scale)
        self.confusion.show_chosen(now.confused if now.gallery == "cell" else None)
        self.words.show_html(told(trial))

    def _hover(self, cell: tuple[int, int] | None) -> None:
        trial, counts = self._trial, self.confusion.counts
        if trial is None or counts is None:
            return
        self.words.show_html(told(trial) if cell is None else hovered(trial, counts, cell, change=self._both is not None))

    @property
    def _both(self) -> Compared | None:
        """The comparison, while it is what is shown."""
        return self.compare.found if self._store.state.gallery == "compare" else None

    def _choose_cell(self, label: int, taken: int) -> None:
        cell = (label, taken)
        if cell == self._store.state.confused and self._store.state.gallery == "cell":
            self._store.change("All mistakes", confused=None)
        else:
            self._store.change("Cell", confused=cell, gallery="cell")

    def _worst(self, label: int) -> int:
        """What images of *label* are most often taken for, wrongly where that happens."""
        if self._trial is None:
            return label
        wrong = self._trial.evaluation.confusion[label].copy()
        wrong[label] = 0
        return int(wrong.argmax()) if wrong.any() else label

    # -- images -------------------------------------------------------------------------------------------------------------------

    def _ask_gallery(self) -> None:
        trial, now = self._trial, self._store.state
        if trial is None or now.gallery != "cell":
            return
        evaluation = trial.evaluation
        indices = evaluation.cell(*now.confused) if now.confused is not None else evaluation.mistakes
        title = cell_title(evaluation, now.confused, len(indices))
        if not len(indices):
            self._asked.forget("gallery")
            self.gallery.show_nothing(title)
            return
        show_images(self._asked, "gallery", self.gallery, trial, indices, title)

    def _ask_strongest(self) -> None:
        now = self._store.state
        if now.gallery != "top":
            self._asked.forget("strongest")
            return
        stage, first = now.top
        arguments = {"exam": now.exam, "stage": stage, "first": first, "count": ROWS}
        self._ask(
            "strongest", "strongest", arguments, self._take_strongest, self.strongest.show_nothing, "Looking for the strongest images"
        )

    def _take_strongest(self, found: Strongest) -> None:
        self.strongest.show_stages(found.network, found.stage)
        self.strongest.show_strongest(found)

    # -- opening and saving -------------------------------------------------------------------------------------------------------

    def _save_matrix(self, suffix: str) -> None:
        if self._trial is not None:
            now = self._store.state
            rival = (now.rival, now.rival_epoch) if self._both is not None else None
            save_picture(self._asked.services, f"{SAVING}:save_confusion", {"exam": self._trial.exam, "rival": rival}, "confusion", suffix)

    def _save_gallery(self, suffix: str) -> None:
        trial, now = self._trial, self._store.state
        if trial is None:
            return
        rival = (now.rival, now.rival_epoch, now.compared) if now.gallery == "compare" else None
        arguments = {"exam": trial.exam, "cell": now.confused, "rival": rival}
        save_picture(self._asked.services, f"{SAVING}:save_gallery", arguments, "images", suffix)

    def _save_strongest(self, suffix: str) -> None:
        now = self._store.state
        stage, first = now.top
        arguments = {"exam": now.exam, "stage": stage, "first": first, "count": ROWS}
        save_picture(self._asked.services, f"{SAVING}:save_strongest", arguments, f"{stage}-strongest", suffix)

    def _save_table(self, what: str, suffix: str) -> None:
        trial = self._trial
        if trial is None:
            return
        make = class_table if what == "classes" else confusion_table
        words = f"{trial.words}{f' ({trial.note})' if trial.note else ''}"
        form = {suffix: form for form, _, suffix in FORMS}[suffix]
        made = make(trial.evaluation, words, plain=form == "csv")
        save_text(self._asked.services, lambda: write(made, form), what, suffix, "Save the table")
