"""The cells of a sweep as a table: values, how far their runs are, and what they reach on validation."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal

from hw2gui.training.gui.run_entry import Entry
from hw2gui.training.score import Score, score_text
from hw2gui.training.sweep import Sweep, words
from hw2gui.training.sweep_results import CellResult, best
from hw2gui.widgets.number_table import NumberTable
from hw2gui.widgets.table_cells import Cell, Column

TEST = "Of the best cell only: whoever looks at all test scores chooses by the test data"


class _Cells:
    """The rows as they are now, made once."""

    def __init__(self, rows: tuple[tuple[Cell, ...], ...]) -> None:
        self.rows = rows

    @property
    def count(self) -> int:
        return len(self.rows)

    def cell(self, row: int, column: int) -> Cell:
        return self.rows[row][column]

    def total(self, column: int) -> Cell:
        return Cell("")


class CellsTable(NumberTable):
    """A row for each cell; choosing one shows its runs."""

    runs_chosen = Signal(object)
    """The folders of the runs of the cell the user chose."""

    def __init__(self, score: Score) -> None:
        super().__init__("Cells of the sweep", [Column("", "", 1)], compact=True, totals=False)
        self._score = score
        self._found: tuple[CellResult, ...] = ()
        self._cells: tuple[tuple[Cell, ...], ...] = ()
        self.chosen.connect(self._choose)

    def show_results(self, sweep: Sweep, found: Sequence[CellResult], entries: Mapping[str, Entry]) -> None:
        """Show *found*; *entries* are the runs by their folders, with what those under way have told."""
        self._found = tuple(found)
        self.set_columns(self._columns(sweep))
        chosen = best(found, self._score)
        rows = tuple(self._row(one, one is chosen, entries) for one in found)
        if rows != self._cells or self.source is None:
            self._cells = rows
            self.show_source(_Cells(rows), self._selected())

    def _selected(self) -> int | None:
        row = self.view.currentIndex().row()
        return row if row >= 0 else None

    def _columns(self, sweep: Sweep) -> list[Column]:
        title = self._score.title.lower()
        kind = "highest" if self._score.more else "lowest"
        values = [Column(one.spec.label.lower(), one.spec.tooltip, 90, numeric=not one.spec.choices) for one in sweep.settings]
        return [
            *values,
            Column("runs", "Finished of all seeds", 84),
            Column(
                "validation", f"Mean validation {title} of the finished seeds; ★: the {kind} mean of the cells whose seeds are all done", 84
            ),
            Column("±", "Standard deviation over the seeds (n − 1)", 58),
            Column("test", TEST, 58),
            Column("", "What its runs are doing, and the share of all their epochs that is done", 110, numeric=False),
        ]

    def _row(self, one: CellResult, is_best: bool, entries: Mapping[str, Entry]) -> tuple[Cell, ...]:
        own = [entries[row.folder] for row in one.rows if row is not None and row.folder in entries]
        values = [Cell(words(value)) for value in one.cell.values]
        done = sum(min(1.0, entry.epoch / entry.row.training.epochs) for entry in own) / len(one.rows)
        mean = score_text(one.mean)
        status = _status(own, one) + (f", {100 * done:.0f} %" if 0 < done < 1 else "")
        return (
            *values,
            Cell(f"{len(one.validation)} of {len(one.rows)}", tip=f"{100 * done:.0f} % of the epochs are done"),
            Cell(f"★ {mean}" if is_best else mean or "–", muted=not mean, tip=f"Seeds: {_all(one.validation)}" if mean else "No seed yet"),
            Cell(score_text(one.spread) or "–", muted=math.isnan(one.spread)),
            Cell(score_text(statistics.fmean(one.test)) if is_best and one.test else "", tip=TEST),
            Cell(status, muted=True, tip="; ".join(one.sentences) or status),
        )

    def _choose(self, row: int) -> None:
        if row < len(self._found):
            self.runs_chosen.emit(tuple(one.folder for one in self._found[row].rows if one is not None))


def _status(entries: Sequence[Entry], one: CellResult) -> str:
    """What the runs of a cell are doing, in a word or two."""
    if one.whole:
        return "collapsed" if entries and all(entry.row.collapsed for entry in entries) else ""
    turns = [entry.turn for entry in entries if entry.turn not in (None, "ended")]
    for turn, said in (("running", "training"), ("held", "paused"), ("waiting", "waiting")):
        if turn in turns:
            return said
    if one.sentences:
        return "failed"
    return next((entry.status for entry in entries if entry.row.state.status != "finished"), "")


def _all(values: Sequence[float]) -> str:
    return ", ".join(map(score_text, values))
