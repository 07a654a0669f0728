"""What Reproduce is to do and how far it is: the version, the seeds, the cores or the cluster, progress, Stop."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from hw2gui.report.plan import MOST_SEEDS
from hw2gui.report.progress import QueueProgress
from hw2gui.report.state import ReportState
from hw2gui.training.config import MOST_JOBS
from hw2gui.training.gui.cluster_field import ClusterField
from hw2gui.training.pace import time_left
from hw2gui.widgets.buttons import make_primary
from hw2gui.widgets.fields import Choices, WholeField, row, text_label
from hw2gui.widgets.focus import handing_on

PARTS = 1000


class WorkBar(QWidget):
    """Says what the user wants by its signals, and shows what it is told."""

    changed = Signal(str, object)
    """A field of the state and its new value."""
    begin = Signal()
    stop = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.version = Choices(
            "Version",
            (
                (
                    "full",
                    "All of it",
                    "Every training of the report: three learning rates, two character models of 50 epochs, the experiments; hours",
                ),
                ("quick", "Quick", "A small version on the built-in data, in minutes and offline; its figures say nothing of the report's"),
            ),
        )
        self.version.chosen.connect(lambda key: self.changed.emit("quick", key == "quick"))
        self.seeds = WholeField(
            "Seeds", "So many trainings of each kind, with the seeds 42, 43, …: their spread is what a value is judged by"
        )
        self.seeds.edited.connect(lambda value: self.changed.emit("seeds", value))
        self.jobs = WholeField("Side by side", "So many trainings at once, each on a core of its own; 0: one for each core but one")
        self.jobs.setSpecialValueText("all cores but one")
        self.jobs.edited.connect(lambda value: self.changed.emit("jobs", value))
        self.cluster = ClusterField()
        self.cluster.setMaximumWidth(150)
        self.cluster.edited.connect(lambda address: self.changed.emit("cluster", address))
        self.button = QPushButton("Reproduce")
        self.button.setToolTip("Train and measure what is missing, in processes of their own; what is done is not done again")
        self.button.clicked.connect(self._pressed)
        self.bar = QProgressBar()
        self.bar.setRange(0, PARTS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName("How much is reproduced")
        self.words = text_label(muted=True)
        self._running = False
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(row(self.version, "seeds", self.seeds, "side by side", self.jobs, "on", self.cluster, stretch=False))
        line.addWidget(self.button)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(line)
        column.addWidget(self.bar)
        column.addWidget(self.words)
        self.show_idle("")

    @property
    def running(self) -> bool:
        """Whether the work is under way."""
        return self._running

    def show_state(self, state: ReportState) -> None:
        """Show what is chosen without telling anybody."""
        self.version.show_choice("quick" if state.quick else "full")
        self.seeds.show_value(state.seeds, 1, MOST_SEEDS)
        self.jobs.show_value(state.jobs, 0, MOST_JOBS)
        self.cluster.show_address(state.cluster)

    def show_idle(self, words: str) -> None:
        """Nothing is under way; *words* say how it ended."""
        self._set_running(False)
        self.bar.hide()
        self._say(words)

    def show_progress(self, event: QueueProgress) -> None:
        """How far it is."""
        self._set_running(True)
        self.bar.show()
        self.bar.setValue(round(PARTS * event.share))
        now = "; ".join(f"{one.title} ({one.words})" for one in event.working[:2])
        more = f" and {len(event.working) - 2} more" if len(event.working) > 2 else ""
        self._say(f"{event.done} of {event.total} done{time_left(event.seconds_left)}. {now}{more}")

    def show_begun(self) -> None:
        """It was just asked for."""
        self._set_running(True)
        self.bar.show()
        self.bar.setValue(0)
        self._say("Looking for what is done already …")

    def show_stopping(self) -> None:
        """Stop was pressed: what is under way saves first."""
        with handing_on(self.button, waiting=self):
            self.button.setEnabled(False)
        self._say("Stopping: the trainings save what they have …")

    def _say(self, words: str) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))

    def _set_running(self, running: bool) -> None:
        with handing_on(self.button, waiting=self):
            self.button.setEnabled(True)
        self._running = running
        self.button.setText("Stop" if running else "Reproduce")
        make_primary(self.button, not running)
        self.button.setToolTip(
            "Let the trainings save what they have and end; Reproduce goes on from there"
            if running
            else "Train and measure what is missing, in processes of their own; what is done is not done again"
        )
        for control in (self.version, self.seeds, self.jobs, self.cluster):
            control.setEnabled(not running)

    def _pressed(self) -> None:
        (self.stop if self._running else self.begin).emit()
