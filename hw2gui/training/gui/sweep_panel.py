"""A sweep over any settings, where the curves are else: what is swept over at the left, the table of its cells at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from hw2gui.errors import InputError
from hw2gui.training.config import free_cores
from hw2gui.training.desk import Desk
from hw2gui.training.gui.axis_rows import AxisRows
from hw2gui.training.gui.cells_table import CellsTable
from hw2gui.training.gui.cluster_field import ClusterField
from hw2gui.training.gui.run_entry import Entry
from hw2gui.training.gui.subject import Subject
from hw2gui.training.pace import time_left
from hw2gui.training.room import Room, check_room
from hw2gui.training.survey import RunRow
from hw2gui.training.sweep import MOST_RUNS, Sweep, sweep_of
from hw2gui.training.sweep_results import CellResult, results, sentence, table
from hw2gui.training.sweep_runs import kind_of, plan, seconds_left
from hw2gui.widgets import theme
from hw2gui.widgets.buttons import make_primary, push_button
from hw2gui.widgets.fields import WholeField, row, text_label
from hw2gui.widgets.panel import Panel, scrolled
from hw2gui.widgets.services import Services
from hw2gui.widgets.table_menu import Offer, TableMenu
from hw2gui.writers import Table

SIDE = 330
FORMULA = "Cells = Π (values of a setting), runs = cells × seeds. Of each cell: mean and s = √(Σ(x − mean)²/(n − 1)) over its n seeds."
START = "Train what is not finished yet: runs that are done are found by their settings, and begun ones go on"


class SweepPanel(QWidget):
    """Follows the room and the configuration that everything else of a run is taken from."""

    edited = Signal(str, object)
    """(label, room): the user chose another sweep."""
    start_wanted = Signal(object)
    """The sweep to train."""
    pressed = Signal(str)
    """stop or cancel."""
    curves_wanted = Signal()
    runs_chosen = Signal(object)
    """Folders to show."""

    def __init__(self, subject: Subject, services: Services) -> None:
        super().__init__()
        self._subject = subject
        self._room = Room()
        self._setup: Any = None
        self._sweep: Sweep | None = None
        self._found: tuple[CellResult, ...] = ()
        self._kinds: dict[str, Any] = {}
        self.rows = AxisRows()
        self.rows.edited.connect(lambda label, axes: self._attempt(label, axes=axes))
        self.seeds = WholeField("Seeds a cell", "So many runs of each cell, from the seed set at the left on: their spread is told")
        self.seeds.edited.connect(lambda value: self._attempt("Seeds of the sweep", sweep_seeds=value))
        self.cluster = ClusterField()
        self.cluster.edited.connect(lambda address: self._attempt("Ray cluster", cluster=address))
        self.problem = text_label()
        self.problem.setProperty("verdict", "bad")
        self.problem.hide()
        self.words = text_label(muted=True)
        self.start = push_button("Start", START, self._start)
        make_primary(self.start)
        self.stop = push_button("Stop", "Finish cleanly: what is trained is kept, and Start goes on", lambda: self.pressed.emit("stop"))
        self.cancel = push_button(
            "Cancel", "End at once; unfinished runs go to the trash, finished ones stay", lambda: self.pressed.emit("cancel")
        )
        self.curves = push_button("Curves", "Back to the curves of the selected runs", self.curves_wanted.emit)
        self.cells = CellsTable(subject.score)
        self.cells.runs_chosen.connect(self.runs_chosen)
        self.sentence = text_label(muted=True)
        self.export = TableMenu(services, self._offers, flat=True)
        self._build()

    def _build(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        form.addRow("Seeds a cell", self.seeds)
        form.addRow("On", self.cluster)
        chosen = QWidget()
        column = QVBoxLayout(chosen)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(6)
        column.addWidget(self.rows)
        column.addLayout(form)
        column.addWidget(self.problem)
        column.addWidget(self.words)
        column.addStretch(1)
        left = Panel("Sweep", scrolled(chosen, "What is swept over"))
        left.add_below(row(self.start, self.stop, self.cancel, self.curves))
        side = QWidget()
        side.setFixedWidth(SIDE)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(left)
        results_side = QWidget()
        column = QVBoxLayout(results_side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.cells, 1)
        column.addWidget(self.sentence)
        right = Panel("Cells", results_side)
        right.header.addWidget(self.export)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(side)
        layout.addWidget(right, 1)

    def show_state(self, setup: Any, room: Room) -> None:
        """Show the sweep that was chosen, around *setup*."""
        other = (setup, room.axes, room.sweep_seeds) != (self._setup, self._room.axes, self._room.sweep_seeds)
        self._setup, self._room = setup, room
        settings = self._subject.settings(setup)
        self.rows.show_axes(room.axes, settings, setup)
        self.seeds.show_value(room.sweep_seeds, 1, MOST_RUNS)
        self.cluster.show_address(room.cluster)
        if not (other or self._sweep is None):
            return
        self._kinds = {}
        try:
            self._sweep = self._sweep_of(room)
        except InputError as error:
            self._sweep = None
            self.refuse(str(error))
        else:
            self.refuse("")

    def show_runs(self, entries: Sequence[Entry], desk: Desk, *, busy: bool) -> None:
        """The cells as the runs are now; *busy*: no other training can begin."""
        under_way = bool(desk.under_way)
        self.stop.setEnabled(under_way)
        self.cancel.setEnabled(under_way)
        self.start.setEnabled(self._sweep is not None and not busy)
        self.start.setToolTip("A training is under way: stop it, or wait for its end" if busy else START)
        self.cells.setVisible(self._sweep is not None)
        if self._sweep is None:
            self._found = ()
            self.words.setText("")
            self.sentence.setText(FORMULA)
            return
        rows = [entry.latest for entry in entries]
        self._found = results(self._sweep, rows, self._subject.score)
        self.cells.show_results(self._sweep, self._found, {entry.row.folder: entry for entry in entries})
        self.sentence.setText(f"{sentence(self._sweep, self._found, self._subject.score)} {FORMULA}")
        self.words.setText(self._progress(desk, rows))

    def refuse(self, why: str) -> None:
        """Say in place why this sweep cannot be."""
        self.problem.setText(why)
        self.problem.setVisible(bool(why))

    def _sweep_of(self, room: Room) -> Sweep:
        first = self._setup.training.seed
        return sweep_of(self._setup, room.axes, range(first, first + room.sweep_seeds), self._subject.settings(self._setup))

    def _attempt(self, label: str, **changes: Any) -> None:
        """The user asks for another sweep; one that cannot be is refused here, and the chosen one stays."""
        room = replace(self._room, **changes)
        try:
            check_room(room)
            if "cluster" not in changes:
                self._sweep_of(room)
        except InputError as error:
            self.refuse(str(error))
            return
        self.refuse("")
        if room != self._room:
            self.edited.emit(label, room)

    def _start(self) -> None:
        if self._sweep is not None:
            self.refuse("")
            self.start_wanted.emit(self._sweep)

    def _progress(self, desk: Desk, rows: Sequence[RunRow]) -> str:
        """How many runs, how many of them are done, and how long the rest will take."""
        assert self._sweep is not None
        left = plan(self._sweep, rows)
        count = self._sweep.count
        runs = f"{len(self._sweep.cells)} cells × {len(self._sweep.seeds)} seeds = {count} runs"
        running = [folder for folder in desk.under_way if desk.turn(folder) == "running"]
        if not running:
            where = f"on the cluster {self._room.cluster}" if self._room.cluster else f"{free_cores()} at a time on this computer"
            rest = "all have finished." if left.done == count else f"{left.done} have finished; the others run {where}, on one thread each."
            return f"{runs}: {rest}"
        if not self._kinds:
            known = {run.identity: kind_of(run.config) for run in self._sweep.runs()}
            self._kinds = {one.folder: known[one.identity] for one in rows if one.identity in known}
        waiting = [folder for folder in desk.under_way if folder not in running]
        told = time_left(seconds_left(desk.lives, running, waiting, self._kinds, len(running)))
        return f"{runs}; {left.done} have finished, {len(running)} training, {len(waiting)} waiting{told}."

    def _offers(self) -> tuple[Offer, ...]:
        return (("Cells of the sweep", self._table),) if self._sweep is not None else ()

    def _table(self, plain: bool) -> Table:
        assert self._sweep is not None
        return table(self._sweep, self._found, self._subject.score, plain=plain)
