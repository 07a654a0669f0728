"""What can be done with the selected runs, as a row of buttons below their table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from hw2gui.training.gui.keeper import Act, Keeper
from hw2gui.training.gui.run_entry import Entry
from hw2gui.training.gui.run_table import RunTable
from hw2gui.training.score import Score
from hw2gui.widgets.buttons import push_button
from hw2gui.widgets.fields import row


@dataclass(frozen=True)
class RunAction:
    """What a subject offers to do with a run that has weights."""

    title: str
    tip: str
    act: Act


class RunButtons(QWidget):
    """Resume, what the subject offers, rename, delete, the trash and exports, for what it was last shown as selected."""

    resume_wanted = Signal()

    def __init__(self, keeper: Keeper, table: RunTable, score: Score, actions: Sequence[RunAction]) -> None:
        super().__init__()
        self._keeper = keeper
        self._table = table
        self._score = score
        self._selected: tuple[Entry, ...] = ()
        self.resume = push_button("Resume", "Go on with these runs where they were saved, also after a crash", self.resume_wanted.emit)
        self.acts = [push_button(action.title, action.tip, partial(self._with_the_one, action.act)) for action in actions]
        self.rename = push_button("Rename", "Call the run something else (F2)", table.rename)
        self.remove = push_button("Delete", "Move the runs to the trash; they can be brought back (Delete)", self.delete)
        self.trash = QPushButton("Trash")
        self.trash.setToolTip("Make room: thin the selected runs out, bring deleted ones back, or delete them for good")
        self.trash.setMenu(self._trash_menu())
        self.export = QPushButton("Export")
        self.export.setToolTip("A run's numbers, or the table, as files")
        self.export.setMenu(self._export_menu())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(row(self.resume, *self.acts, self.rename, self.remove, self.trash, self.export))

    def _trash_menu(self) -> QMenu:
        menu = QMenu(self.trash)
        # Its parent is what holds it: PySide takes an action that a menu made for gone where the menu is looked up anew.
        self.thin_out = QAction("Thin out: keep the chosen, best and last weights", self)
        menu.addAction(self.thin_out)
        self.thin_out.triggered.connect(lambda _=False: self.prune())
        menu.addSeparator()
        menu.addAction("Bring back what was deleted last").triggered.connect(lambda _=False: self._keeper.restore())
        menu.addAction("Empty the trash for good").triggered.connect(lambda _=False: self._keeper.empty_trash())
        return menu

    def _export_menu(self) -> QMenu:
        menu = QMenu(self.export)
        self._of_one_run = [QAction(f"The run's {what} as CSV…", self) for what in ("epochs", "batches")]
        menu.addActions(self._of_one_run)
        for action, what in zip(self._of_one_run, ("epochs", "batches"), strict=True):
            action.triggered.connect(
                lambda _=False, what=what: self._with_the_one(lambda folder: self._keeper.export_metrics(folder, what))
            )
        menu.addSeparator()
        for form, title in (("csv", "CSV"), ("markdown", "Markdown"), ("latex", "LaTeX")):
            menu.addAction(f"The table of runs as {title}…").triggered.connect(
                lambda _=False, form=form: self._keeper.export_table(self._table.in_order, self._score, form, self._table.tested)
            )
        menu.addAction("Copy the table as Markdown").triggered.connect(
            lambda _=False: self._keeper.copy_table(self._table.in_order, self._score, self._table.tested)
        )
        return menu

    def show_selected(self, selected: Sequence[Entry], *, busy: bool) -> None:
        """Offer what can be done with *selected*; while a training is under way (*busy*) none can be resumed."""
        self._selected = tuple(selected)
        healthy = len(selected) == 1 and not selected[0].row.problem
        usable = healthy and selected[0].epoch > 0
        self.resume.setEnabled(not busy and any(entry.can_resume for entry in selected))
        for button in self.acts:
            button.setEnabled(usable)
        self.rename.setEnabled(healthy)
        self.remove.setEnabled(any(entry.idle for entry in selected))
        self.thin_out.setEnabled(any(entry.idle and not entry.row.problem for entry in selected))
        for action in self._of_one_run:
            action.setEnabled(usable)

    def delete(self) -> None:
        """Move the selected runs to the trash, but for those that train."""
        idle = [entry.row.folder for entry in self._selected if entry.idle]
        if idle:
            self._keeper.delete(idle)

    def prune(self) -> None:
        """Move the weights that the selected runs can do without to the trash."""
        idle = [entry.row.folder for entry in self._selected if entry.idle and not entry.row.problem]
        if idle:
            self._keeper.prune(idle)

    def _with_the_one(self, act: Act) -> None:
        if len(self._selected) == 1:
            act(self._selected[0].row.folder)
