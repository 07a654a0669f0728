"""What it gets right and wrong: the confusion matrix with the images behind it, two models compared, what excites each channel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from hw2gui.colour import Scale
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.session.store import Store
from hw2gui.vision.evaluation import Evaluation
from hw2gui.vision.gui.asked import Asked
from hw2gui.vision.gui.class_table import ClassTable
from hw2gui.vision.gui.compare_view import IDLE, CompareView
from hw2gui.vision.gui.confusion_view import ConfusionView, ShareScale
from hw2gui.vision.gui.gallery_view import GalleryView
from hw2gui.vision.gui.saver import Saver
from hw2gui.vision.gui.strongest_view import ROWS, StrongestView
from hw2gui.vision.pen import Drawing
from hw2gui.vision.readings import Compared, Gallery, Place, Strongest, Trial
from hw2gui.vision.state import VisionState
from hw2gui.vision.tables import class_table, confusion_table
from hw2gui.widgets import theme
from hw2gui.widgets.fields import Choices, row
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.rich_text import RichText

TRIALS = "hw2gui.vision.trials"
OWN = "own"
WORDS_HEIGHT = 62
GALLERIES = (
    ("cell", "images", "The images of a cell of the matrix, or all mistakes"),
    ("classes", "class by class", "How much of each class is found, and how often it is taken for another"),
    ("compare", "compare", "What another model, or another epoch, does better and worse"),
    ("top", "strongest", "The test images that excite each channel most"),
)


class ResultsPage(QWidget):
    """The matrix at the left; at the right the images of a cell, the classes, a comparison, or what excites the channels."""

    def __init__(self, store: Store[VisionState], asked: Asked) -> None:
        super().__init__()
        self._store = store
        self._asked = asked
        self._save = Saver(asked)
        self._trial: Trial | None = None
        self._compared: Compared | None = None
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
        self.strongest = StrongestView()
        self.strongest.asked.connect(lambda stage, first: store.change("Channels", top=(stage, first)))
        for view in (self.gallery, self.compare.gallery, self.strongest):
            view.look.connect(self._look)
        for gallery in (self.gallery, self.compare.gallery):
            gallery.draw.connect(self._draw)
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
        right = Panel("", self._stack)
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
        opened = before.gallery != now.gallery and now.gallery == "compare" and self._compared is None
        if opened or (before.rival, before.rival_epoch) != (now.rival, now.rival_epoch):
            self._ask_comparison()
        elif before.compared != now.compared:
            self._ask_compared_images()
        if (before.top, before.gallery) != (now.top, now.gallery):
            self._ask_strongest()

    def _ask(self, key: str, task: str, arguments: dict[str, Any], done: Any, failed: Any, what: str) -> None:
        self._asked.ask(key, f"{TRIALS}:{task}", arguments, done, failed=failed, what=what)

    # -- the matrix ---------------------------------------------------------------------------------------------------------------

    def _ask_trial(self) -> None:
        self._compared = None
        self._ask("trial", "trial", {"exam": self._store.state.exam}, self._take_trial, self._no_trial, "Testing the model")

    def _take_trial(self, trial: Trial) -> None:
        self._trial = trial
        self.classes.show_evaluation(trial.evaluation, trial.words)
        self._show_matrix()
        self._ask_gallery()
        if self._store.state.gallery == "compare":
            self._ask_comparison()

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
        both = self._compared if now.gallery == "compare" else None
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
        self.words.show_html(_told(trial))

    def _hover(self, cell: tuple[int, int] | None) -> None:
        trial, counts = self._trial, self.confusion.counts
        if trial is None or counts is None:
            return
        if cell is None:
            self.words.show_html(_told(trial))
            return
        label, taken = cell
        count, images = int(counts[label, taken]), int(trial.evaluation.confusion[label].sum())
        outcome = "read rightly" if label == taken else f"taken for {CLASSES[taken].romaji}"
        if self._store.state.gallery == "compare" and self._compared is not None:
            self.words.show_html(f"{count:+,} of {images:,} images of {CLASSES[label].romaji} {outcome}, from the model to its rival.")
            return
        share = f" ({100 * count / images:.2f} %)" if images else ""
        self.words.show_html(f"{count:,} of {images:,} images of {CLASSES[label].romaji} {outcome}{share}. Click to see them.")

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
        title = _cell_title(evaluation, now.confused, len(indices))
        if not len(indices):
            self._asked.forget("gallery")
            self.gallery.show_nothing(title)
            return
        self._ask_images("gallery", self.gallery, indices, title, trial)

    def _ask_images(self, key: str, view: GalleryView, indices: NDArray[np.int64], title: str, trial: Trial) -> None:
        def show(found: Gallery) -> None:
            shown = indices[: len(found.places)]
            view.show_gallery(found, title, *_captions(trial, shown, self._compared if view is self.compare.gallery else None))

        arguments = {"name": trial.data, "split": trial.exam.split, "indices": indices}
        self._ask(key, "gallery", arguments, show, view.show_nothing, "Fetching the images")

    def _ask_comparison(self) -> None:
        now = self._store.state
        self._compared = None
        if not now.rival or now.gallery != "compare":
            self._asked.forget("comparison")
            self.compare.say(IDLE)
            self.compare.gallery.show_nothing("")
            self._show_matrix()
            return
        arguments = {"exam": now.exam, "rival": now.rival, "rival_epoch": now.rival_epoch}
        self._ask("comparison", "compared", arguments, self._take_comparison, self._no_comparison, "Testing the rival")

    def _take_comparison(self, found: Compared) -> None:
        self._compared = found
        self.compare.say(f"First: {found.first.words}. Second: {found.rival_words}.<br><b>{found.comparison.sentence}</b>")
        self._show_matrix()
        self._ask_compared_images()

    def _no_comparison(self, why: str) -> None:
        self.compare.say(why)
        self.compare.gallery.show_nothing("")
        self._show_matrix()

    def _ask_compared_images(self) -> None:
        found, now = self._compared, self._store.state
        if found is None:
            return
        comparison = found.comparison
        indices = {"fixed": comparison.fixed, "broken": comparison.broken, "both": comparison.both}[now.compared]
        kind = "both get wrong" if now.compared == "both" else f"the second {now.compared}"
        title = f"{len(indices):,} images {kind}, read as first → second"
        if not len(indices):
            self._asked.forget("compared images")
            self.compare.gallery.show_nothing("No image: nothing of this kind happens here.")
            return
        self._ask_images("compared images", self.compare.gallery, indices, title, found.first)

    def _ask_strongest(self) -> None:
        now = self._store.state
        if now.gallery != "top":
            self._asked.forget("strongest")
            return
        stage, first = now.top
        arguments = {"exam": now.exam, "stage": stage, "first": first, "count": ROWS}
        self._ask("strongest", "strongest", arguments, self._take_strongest, self._no_strongest, "Looking for the strongest images")

    def _take_strongest(self, found: Strongest) -> None:
        self.strongest.show_stages(found.network, found.stage)
        self.strongest.show_strongest(found)

    def _no_strongest(self, why: str) -> None:
        if self._store.state.top != ("conv1", 0):
            # Another network may have no such stage or channel.
            self._store.move(top=("conv1", 0))
            return
        self.strongest.show_nothing(why)

    # -- opening and saving -------------------------------------------------------------------------------------------------------

    def _look(self, place: Place) -> None:
        source, split, index = place
        self._store.change("Look inside", page="inside", source=source, split=split, index=index, pinned=None)

    def _draw(self, place: Place) -> None:
        source, split, index = place

        def done(drawing: Drawing) -> None:
            self._store.change("Image on the pad", page="draw", drawing=drawing)
            self._asked.services.status("Traced as strokes of one width: erase and add as you like.")

        self._ask("trace", "traced", {"source": source, "split": split, "index": index}, done, None, "Tracing the strokes")

    def _save_matrix(self, suffix: str) -> None:
        if self._trial is not None:
            self._save.picture("save_confusion", {"exam": self._trial.exam}, "confusion", suffix)

    def _save_gallery(self, suffix: str) -> None:
        trial, now = self._trial, self._store.state
        if trial is None:
            return
        rival = (now.rival, now.rival_epoch, now.compared) if now.gallery == "compare" else None
        arguments = {"exam": trial.exam, "cell": now.confused, "rival": rival}
        self._save.picture("save_gallery", arguments, "images", suffix)

    def _save_table(self, what: str, suffix: str) -> None:
        trial = self._trial
        if trial is None:
            return
        make = class_table if what == "classes" else confusion_table
        words = f"{trial.words}{f' ({trial.note})' if trial.note else ''}"
        self._save.table(lambda: make(trial.evaluation, words, plain=suffix == "csv"), what, suffix)


def _told(trial: Trial) -> str:
    """The accuracy with its formula, and the most frequent mistake."""
    evaluation = trial.evaluation
    right = int(evaluation.right.sum())
    note = f"<b>{trial.note}</b> " if trial.note else ""
    wrong = evaluation.confusion * (1 - np.eye(len(CLASSES), dtype=np.int64))
    label, taken = divmod(int(wrong.argmax()), len(CLASSES))
    worst = f" Most often {CLASSES[label].romaji} is taken for {CLASSES[taken].romaji}: {int(wrong.max()):,} times." if wrong.any() else ""
    return (
        f"{note}{trial.words}: accuracy = diagonal / all = {right:,} / {len(evaluation):,} = <b>{100 * evaluation.accuracy:.2f} %</b>, "
        f"loss {evaluation.loss:.4f} nats.{worst}"
    )


def _cell_title(evaluation: Evaluation, cell: tuple[int, int] | None, count: int) -> str:
    if cell is None:
        return f"All {count:,} mistakes, the surest first" if count else "No mistake: every image is read rightly."
    label, taken = (CLASSES[which].romaji for which in cell)
    if cell[0] == cell[1]:
        return f"{count:,} images of {label} read rightly, the surest first" if count else f"No image of {label} is read rightly."
    return f"{count:,} images of {label} taken for {taken}, the surest first" if count else f"No image of {label} is taken for {taken}."


def _captions(trial: Trial, shown: Sequence[int] | NDArray[np.int64], both: Compared | None) -> tuple[list[str], list[str], list[bool]]:
    """Of each image a caption, a sentence, and whether the model (a rival, where there is one) gets it wrong."""
    captions, words, bad = [], [], []
    for index in np.asarray(shown, dtype=np.int64):
        chances = trial.evaluation.probabilities[index]
        label, read = int(trial.evaluation.labels[index]), int(chances.argmax())
        is_, as_ = CLASSES[label].romaji, CLASSES[read].romaji
        sentence = f"Image {index}: is {is_}, read as {as_} ({chances[read]:.3f}; {is_} {chances[label]:.3f})"
        if both is None:
            captions.append(is_ if label == read else f"{is_}→{as_}")
            bad.append(label != read)
        else:
            other = both.second.probabilities[index]
            rival = int(other.argmax())
            captions.append(f"{as_}→{CLASSES[rival].romaji}")
            sentence += f"; by the second as {CLASSES[rival].romaji} ({other[rival]:.3f})"
            bad.append(label != rival)
        words.append(sentence)
    return captions, words, bad
