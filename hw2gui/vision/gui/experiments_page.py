"""The experiments of question 2: choose one, have it carried out, and read what its runs show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from hw2gui.session.store import Store
from hw2gui.training.pace import time_left
from hw2gui.training.plots import Plot
from hw2gui.vision import laboratory
from hw2gui.vision.experiment_clock import Progress
from hw2gui.vision.experiments import Conclusion, Key
from hw2gui.vision.gui.asked import SAVING, Asked
from hw2gui.vision.gui.experiment_rows import COLUMNS, ExperimentRows
from hw2gui.vision.gui.plot_panel import PlotPanel
from hw2gui.vision.inquiry import MOST_SEEDS, SIZES, Inquiry
from hw2gui.vision.laboratory import Standing
from hw2gui.vision.state import VisionState
from hw2gui.widgets import theme
from hw2gui.widgets.buttons import make_primary
from hw2gui.widgets.fields import Choices, WholeField, row, teach_manners, text_label
from hw2gui.widgets.focus import handing_on
from hw2gui.widgets.number_table import NumberTable
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.saving import save_picture
from hw2gui.widgets.table_menu import Offer, TableMenu

KEY = "experiment"
MOST_PLOTS = 3
NO_PLOT = "The experiment's plot stands here once its networks are trained: press Train at the left."


DATA = (("strokes", "Built-in characters"), ("kmnist", "Kuzushiji-MNIST"))

LOOK: dict[Key, str] = {
    "parameters": (
        "Look whether any fully connected network reaches the CNN's accuracy, and with how many parameters: "
        "a K×K convolution from C to D maps has K²CD + D of them wherever it looks, a dense layer from I to O units IO + O."
    ),
    "transformations": (
        "Look how fast each curve falls from its middle, where nothing is changed. A convolution shifts with its input; what makes the "
        "answer stay is pooling, a few pixels at a time. Nothing in it knows of rotation or scale."
    ),
    "permutation": (
        "Look how much each network loses when all images undergo one and the same shuffling of their pixels. To a fully connected network "
        "pixels have no places, so it is told nothing else than before."
    ),
}


class ExperimentsPage(QWidget):
    """Settings and progress at the left, plots and result at the right."""

    def __init__(self, store: Store[VisionState], asked: Asked) -> None:
        super().__init__()
        self._store = store
        self._asked = asked
        self._standing: Standing | None = None
        self._running: Inquiry | None = None
        self._outcome = ""
        """How the last one ended, until another is chosen."""
        found = {key: Inquiry(key).experiment for key in LOOK}
        self.which = Choices("Experiment", tuple((key, one.question, one.title) for key, one in found.items()))
        self.which.chosen.connect(lambda key: self._choose(f"Experiment {found[key].question}", key=key))
        self.claim = text_label()
        self.data = self._combo("Data", DATA, "Which characters: Kuzushiji-MNIST as the homework splits it, or the built-in ones")
        self.data.activated.connect(lambda index: self._choose("Data", data=self.data.itemData(index)))
        self.how = self._combo(
            "Thoroughness", tuple((key, key) for key in SIZES), "\n".join(f"{key}: {what}" for key, what in SIZES.items())
        )
        self.how.activated.connect(lambda index: self._choose("Thoroughness", size=self.how.itemData(index)))
        self.seeds = WholeField("Seeds", "So many runs of each network, from seed 42 on; plots and sentence give their mean and spread")
        self.seeds.edited.connect(lambda value: self._choose("Seeds", gesture="seeds", seeds=value))
        self.how_words = text_label(muted=True)
        self.begin = QPushButton()
        self.begin.clicked.connect(self._begin)
        make_primary(self.begin)
        self.cancel = QPushButton("Cancel")
        self.cancel.setToolTip("End at once; what is trained is kept, and the run under way can be resumed")
        self.cancel.clicked.connect(self._cancel)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName("How far the experiment is")
        self.words = text_label()
        self.look = text_label(muted=True)
        self.plots = tuple(PlotPanel(self._save_plot, NO_PLOT) for _ in range(MOST_PLOTS))
        self.sentence = text_label(selectable=True)
        self.table = NumberTable("Runs of the experiment", COLUMNS, compact=True)
        self.tables = TableMenu(asked.services, self._offers, flat=True)
        self._build()
        self._show_running(False)

    def _combo(self, name: str, options: tuple[tuple[str, str], ...], tip: str) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setToolTip(tip)
        for key, title in options:
            combo.addItem(title, key)
        teach_manners(combo)
        return combo

    def _build(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        for title, widget in (("Data", self.data), ("How", self.how), ("Seeds", self.seeds)):
            form.addRow(title, widget)
        settings = QWidget()
        column = QVBoxLayout(settings)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.which)
        column.addWidget(self.claim)
        column.addLayout(form)
        for part in (self.how_words, row(self.begin, self.cancel), self.bar, self.words, self.look):
            column.addWidget(part)
        column.addStretch(1)
        plots = QWidget()
        across = QHBoxLayout(plots)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(theme.SPACE)
        for panel in self.plots:
            across.addWidget(panel, 1)
        result = QWidget()
        column = QVBoxLayout(result)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.sentence)
        column.addWidget(self.table, 1)
        self.result = Panel("What the runs show", result)
        self.result.header.addWidget(self.tables)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(plots, 11)
        column.addWidget(self.result, 9)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(Panel("Question 2", settings), 24)
        layout.addWidget(right, 76)

    # -- showing ------------------------------------------------------------------------------------------------------------------

    def show_state(self, before: VisionState | None, now: VisionState) -> None:
        """Show what was chosen, and ask what there is of it."""
        inquiry = now.inquiry
        self.which.show_choice(inquiry.key)
        experiment = inquiry.experiment
        self.claim.setText(f"<b>{experiment.title}</b><br>The claim: <i>{experiment.claim}</i>")
        self.look.setText(LOOK[inquiry.key])
        with QSignalBlocker(self.data), QSignalBlocker(self.how):
            self.data.setPlaceholderText(inquiry.data)
            self.data.setCurrentIndex(self.data.findData(inquiry.data))
            self.how.setCurrentIndex(self.how.findData(inquiry.size))
        self.how_words.setText(f"{SIZES[inquiry.size].capitalize()}.")
        self.seeds.show_value(inquiry.seeds, 1, MOST_SEEDS, "one run of each network", "more say little new")
        if before is None or before.inquiry != inquiry or before.page != now.page:
            self._outcome = ""
            self.refresh()

    def refresh(self) -> None:
        """Ask what there is of the chosen experiment."""
        inquiry = self._store.state.inquiry
        self._asked.ask(
            "standing", f"{laboratory.__name__}:standing", {"inquiry": inquiry}, self._show, what="Looking for the experiment's runs"
        )

    def _show(self, standing: Standing) -> None:
        self._standing = standing
        self.table.show_source(ExperimentRows(standing.rows))
        self._show_conclusion(standing.conclusion)
        self._show_running(self._running is not None)

    def _show_conclusion(self, conclusion: Conclusion | None) -> None:
        if conclusion is not None:
            self.sentence.setText(f"{conclusion.sentence} {conclusion.conditions}")
            self._show_plots(conclusion.plots)
        elif self._running is None or self._running != self._store.state.inquiry:
            self.sentence.setText("Nothing to conclude yet: not all networks of this experiment are trained.")
            self._show_plots(())
        self.tables.setEnabled(conclusion is not None)

    def _show_plots(self, plots: tuple[Plot, ...]) -> None:
        for number, panel in enumerate(self.plots):
            panel.show_plot(plots[number] if number < len(plots) else None)
            panel.setVisible(number < max(1, len(plots)))

    def _show_running(self, running: bool) -> None:
        standing = self._standing
        with handing_on(*((self.cancel,) if running else (self.begin, self.how))):
            self.begin.setEnabled(not running and standing is not None and not standing.complete)
            self.cancel.setEnabled(running)
        self.bar.setVisible(running)
        if standing is None:
            self.begin.setText("Train")
            self.words.setText(self._outcome)
            return
        left = len(standing.rows) - standing.done
        networks = f"{left} network{'s' if left != 1 else ''}"
        begun = any(one.run for one in standing.rows)
        self.begin.setText(
            "All is trained" if standing.complete else "Evaluate" if not left else f"{'Go on: ' if begun else 'Train '}{networks}"
        )
        self.begin.setToolTip(
            "Train what is missing, one network after the other, in a process of its own; runs that are there already are not trained again"
        )
        if not running:
            told = "All runs are there, in the list of the Train page too." if standing.complete else ""
            self.words.setText(self._outcome or told)

    # -- carrying out -------------------------------------------------------------------------------------------------------------

    def _choose(self, what: str, *, gesture: str | None = None, **changes: Any) -> None:
        self._store.change(what, gesture=gesture, inquiry=replace(self._store.state.inquiry, **changes))

    def _begin(self) -> None:
        inquiry = self._store.state.inquiry
        self._running = inquiry
        self._show_running(True)
        self.bar.setValue(0)
        self.words.setText("Starting…")
        self._asked.services.ask(
            KEY,
            laboratory.JOB,
            {"inquiry": inquiry},
            lambda _: self._ended("Done: every run is kept."),
            failed=self._ended,
            progress=self._told,
            cancelled=lambda: self._ended(CANCELLED),
            what=f"Experiment {inquiry.experiment.question}",
            alone=True,
        )

    def _told(self, progress: Progress) -> None:
        if self._running is None:
            return
        self.bar.setValue(round(1000 * progress.share))
        left = time_left(progress.seconds_left)
        shown = self._running == self._store.state.inquiry
        about = "" if shown else f"Experiment {self._running.experiment.question} is under way. "
        self.words.setText(f"{about}{progress.words}{left}.")
        if progress.plot is not None and shown:
            self._show_plots((progress.plot,))
            self.refresh()

    def _cancel(self) -> None:
        self._asked.services.forget(KEY)
        self._ended(CANCELLED)

    def _ended(self, words: str) -> None:
        self._running, self._outcome = None, words
        self._show_running(False)
        self.refresh()

    # -- taking away --------------------------------------------------------------------------------------------------------------

    def _save_plot(self, plot: Plot, suffix: str) -> None:
        save_picture(self._asked.services, f"{SAVING}:save_plot", {"plot": plot}, _file_name(plot.title), suffix)

    def _offers(self) -> tuple[Offer, ...]:
        conclusion = self._standing.conclusion if self._standing is not None else None
        return (
            ((f"Result of question {self._store.state.inquiry.experiment.question}", lambda _: conclusion.table),)
            if conclusion is not None
            else ()
        )


CANCELLED = "Cancelled. What is trained is kept; the run under way goes on from its last save."


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _file_name(title: str) -> str:
    return "-".join("".join(letter if letter.isalnum() or letter == "." else " " for letter in title.lower()).split())
