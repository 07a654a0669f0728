"""The measuring page's controls: which model on which split, searched how, beside which other; and how far it is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QProgressBar, QPushButton, QVBoxLayout, QWidget

from hw2gui.errors import InputError
from hw2gui.seq2seq import models
from hw2gui.seq2seq.evaluation import Progress
from hw2gui.seq2seq.gui.lines import sentence_label
from hw2gui.seq2seq.measure_choice import LARGEST_ALPHA, LARGEST_NBEST, MeasureChoice, read_beams
from hw2gui.seq2seq.measurement import WHY_VALIDATION
from hw2gui.seq2seq.sweeping import LARGEST_LIMIT
from hw2gui.widgets.badge import Badge
from hw2gui.widgets.buttons import make_primary
from hw2gui.widgets.fields import Choices, RealField, WholeField, row, teach_manners
from hw2gui.widgets.focus import handing_on


class MeasureControls(QWidget):
    """Two lines of controls; the page decides what is done."""

    def __init__(self, change: Callable[..., None], measure: Callable[[], None], cancel: Callable[[], None]) -> None:
        """*change* makes a step of history of the page's choice."""
        super().__init__()
        self._change = change
        self.model = _models("Model", "The model that is measured")
        self.model.activated.connect(lambda at: change("Model to measure", model=self.model.itemData(at)))
        self.against = _models("Compared with", "Another model on the same pairs: what it repairs and what it spoils")
        self.against.activated.connect(lambda at: change("Model to compare with", against=self.against.itemData(at)))
        self.split = Choices(
            "Split",
            (
                ("validation", "validation", "The pairs to choose by: beam size, epoch, recipe"),
                ("test", "test", f"The pairs to report on, once.\n{WHY_VALIDATION}"),
            ),
        )
        self.split.chosen.connect(lambda key: change("Split", split=key))
        self.beams = QLineEdit()
        self.beams.setAccessibleName("Beam sizes")
        self.beams.setToolTip("Beam sizes from 1 (greedy) to 20, separated by commas")
        self.beams.setMaximumWidth(120)
        self.beams.editingFinished.connect(self._take_beams)
        self.nbest = WholeField("Best of", "How many of a beam's best outputs one who knows the references may choose from")
        self.nbest.edited.connect(lambda value: change("Best of n", gesture="nbest", nbest=value))
        self.alpha = RealField("Length exponent", "α in score = Σ log p / |y|^α; 0: the plain sum", 0.0, LARGEST_ALPHA, 0.1)
        self.alpha.edited.connect(lambda value: change("Length exponent", gesture="alpha", alpha=value))
        self.limit = WholeField("Pairs", "The first so many pairs of the split; 0: all")
        self.limit.setSpecialValueText("all")
        self.optimum = QCheckBox("Exact search")
        self.optimum.setToolTip("Also the most probable output of all, by exact best-first search: what every beam is measured by")
        self.optimum.toggled.connect(lambda on: change("Exact search", optimum=on))
        self.limit.edited.connect(lambda value: change("Pairs to measure", gesture="limit", limit=value))
        self.begin = QPushButton("Measure")
        self.begin.setToolTip("Decode the pairs with every beam size and compare with the references; what was decoded before is kept")
        self.begin.clicked.connect(lambda: measure())
        make_primary(self.begin)
        self.cancel = QPushButton("Cancel")
        self.cancel.setToolTip("Stop decoding; the beam sizes that are done are kept")
        self.cancel.clicked.connect(lambda: cancel())
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setFixedWidth(150)
        self.bar.setAccessibleName("How far the measuring is")
        self.problem = Badge("What cannot be measured")
        self.words = sentence_label()
        self._lay_out()
        self.show_running(running=False)

    def _lay_out(self) -> None:
        first = row("Model", self.model, "beside", self.against, "on", self.split, self.begin, self.bar, self.cancel)
        second = row("Beams", self.beams, "best of", self.nbest, "α", self.alpha, "pairs", self.limit, self.optimum, stretch=False)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(second)
        line.addWidget(self.problem)
        line.addWidget(self.words, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(first)
        layout.addLayout(line)

    def show_choice(self, choice: MeasureChoice, available: tuple[tuple[str, str], ...]) -> None:
        """The choice in the controls; *available* are the models (name, title)."""
        _fill(self.model, available, choice.model, "no model: train one")
        _fill(self.against, (("", "no other model"), *available), choice.against, "")
        self.split.show_choice(choice.split)
        self.beams.setText(", ".join(map(str, choice.beams)))
        self.nbest.show_value(choice.nbest, 1, LARGEST_NBEST)
        self.alpha.show_value(choice.alpha)
        self.limit.show_value(choice.limit, 0, LARGEST_LIMIT)
        with QSignalBlocker(self.optimum):
            self.optimum.setChecked(choice.optimum)
        self.problem.setVisible(False)
        self.words.setText(WHY_VALIDATION if choice.split == "test" else "Validation pairs: choose by them, then read the test pairs once.")

    def show_running(self, *, running: bool) -> None:
        """Whether something is being decoded."""
        with handing_on(self.cancel if running else self.begin):
            self.begin.setEnabled(not running)
            self.bar.setVisible(running)
            self.cancel.setVisible(running)
        self.bar.setValue(0)
        self.bar.setFormat("opening …")

    def show_progress(self, event: Progress) -> None:
        """How far it is."""
        self.bar.setValue(round(1000 * (event.share or 0.0)))
        how = f"beam {event.beam}" if event.beam else "exact search"
        self.bar.setFormat(f"{how}: {event.done:,} of {event.total:,}")

    def show_problem(self, words: str) -> None:
        """What is wrong and what to do, in place."""
        self.problem.show_verdict("bad", words)
        self.problem.setVisible(bool(words))

    def _take_beams(self) -> None:
        try:
            beams = read_beams(self.beams.text())
        except InputError as error:
            self.show_problem(str(error))
            return
        self.show_problem("")
        self._change("Beam sizes", beams=beams)


def _models(name: str, tip: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(tip)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(38)
    teach_manners(box)
    return box


def _fill(box: QComboBox, entries: tuple[tuple[str, str], ...], chosen: str, empty: str) -> None:
    entries = entries or (("", empty),)
    if chosen not in [key for key, _ in entries]:
        entries = (*entries, (chosen, f"{chosen} (not there)"))
    if [(box.itemData(at), box.itemText(at)) for at in range(box.count())] != list(entries):
        box.clear()
        for key, title in entries:
            box.addItem(title, key)
    box.setCurrentIndex(box.findData(chosen))


def available() -> tuple[tuple[str, str], ...]:
    """The models there are, (name, title): those that came with the program, then the user's runs, the newest first."""
    return tuple((one.name, one.title) for one in models.available())
