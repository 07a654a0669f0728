"""Which learning rates race, with how many seeds each; and the range test that finds where to look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from hw2gui.errors import InputError
from hw2gui.training.config import free_cores
from hw2gui.training.fields import number_words
from hw2gui.training.gui.cluster_field import ClusterField
from hw2gui.training.room import MOST_RACERS, Room, check_room, rates_of
from hw2gui.widgets.fields import WholeField, row, text_label


class RaceBox(QWidget):
    """Follows the room."""

    edited = Signal(str, object)
    """(label, room): the user chose other racers."""
    race_wanted = Signal()
    range_wanted = Signal()
    sweep_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._room = Room()
        self.rates = QLineEdit()
        self.rates.setAccessibleName("Learning rates that race")
        self.rates.setToolTip("Learning rates, separated by commas: such as 1e-5, 5e-4, 0.01")
        self.rates.editingFinished.connect(self._rates_typed)
        self.seeds = WholeField("Seeds a rate", "So many runs of each rate, from the chosen seed on: their spread is the band")
        self.seeds.edited.connect(lambda value: self._attempt("Seeds", lambda: replace(self._room, seeds=value)))
        self.race = QPushButton("Race")
        self.race.setToolTip(
            "Train each rate with each seed; where cores are short they take turns by epoch, so that all curves grow together"
        )
        self.race.clicked.connect(lambda _=False: self._race())
        self.range = QPushButton("Range test")
        self.range.setToolTip(
            "One epoch in which the rate rises from 1e-6 to 1 by equal factors: where does the loss fall, where does it break?"
        )
        self.range.clicked.connect(lambda _=False: self.range_wanted.emit())
        self.sweep = QPushButton("Sweep…")
        self.sweep.setToolTip("Every combination of the values of any settings, as a table of cells")
        self.sweep.clicked.connect(lambda _=False: self.sweep_wanted.emit())
        self.cluster = ClusterField()
        self.cluster.edited.connect(lambda address: self._attempt("Ray cluster", lambda: replace(self._room, cluster=address)))
        self.words = text_label(muted=True)
        self.problem = text_label()
        self.problem.setProperty("verdict", "bad")
        self.problem.hide()
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        form.addRow("Rates", self.rates)
        form.addRow("Seeds a rate", self.seeds)
        form.addRow("On", self.cluster)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(form)
        layout.addWidget(self.problem)
        layout.addWidget(self.words)
        layout.addWidget(row(self.race, self.range, self.sweep))

    def show_room(self, room: Room, seed: int) -> None:
        """Show what races; *seed* is the first seed."""
        self._room = room
        with QSignalBlocker(self.rates):
            self.rates.setText(", ".join(map(number_words, room.rates)))
        self.seeds.show_value(room.seeds, 1, max(1, MOST_RACERS // len(room.rates)), "", f"{MOST_RACERS} runs at most, each a process")
        count, lanes = len(room.rates) * room.seeds, free_cores()
        seeds = f"seed {seed}" if room.seeds == 1 else f"seeds {seed} to {seed + room.seeds - 1}"
        self.cluster.show_address(room.cluster)
        at_once = "all at once" if lanes >= count else f"{lanes} at a time, taking turns by epoch"
        where = "where the cluster has room" if room.cluster else at_once
        self.words.setText(f"{count} run{'s' if count > 1 else ''}, {seeds}: {where}, on one thread each.")
        self._refuse("")

    def show_possible(self, possible: bool, why: str) -> None:
        """Whether a race can begin, and if not, why."""
        for button, tip in (
            (self.race, "Train each rate with each seed"),
            (self.range, "One epoch with a rate that rises by equal factors"),
        ):
            button.setEnabled(possible)
            if not possible:
                button.setToolTip(why)
            elif button.toolTip() == why or not button.toolTip():
                button.setToolTip(tip)

    def _rates_typed(self) -> None:
        self._attempt("Racing rates", lambda: replace(self._room, rates=rates_of(self.rates.text())))

    def _attempt(self, label: str, make: Callable[[], Room]) -> None:
        try:
            room = check_room(make())
        except InputError as error:
            self._refuse(str(error))
            return
        self._refuse("")
        if room != self._room:
            self.edited.emit(label, room)

    def _race(self) -> None:
        self._rates_typed()
        if self.problem.isHidden():
            self.race_wanted.emit()

    def _refuse(self, why: str) -> None:
        self.problem.setText(why)
        self.problem.setVisible(bool(why))
