"""The rows of the table of runs: what the disk holds, and what those under way have told since."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap

from hw2gui.training.desk import Live
from hw2gui.training.gui.subject import Score
from hw2gui.training.race import Turn
from hw2gui.training.runs import size_text
from hw2gui.training.survey import RunRow
from hw2gui.writers import Table

Index = QModelIndex | QPersistentModelIndex

SORT_ROLE = Qt.ItemDataRole.UserRole
FOLDER_ROLE = Qt.ItemDataRole.UserRole + 1

TEST_TIP = (
    "The test data are read once, at the end, for the run that validation has chosen: whoever compares the test scores of many runs"
    " chooses by them, and the best of many flatters itself"
)

ELSEWHERE = "elsewhere"
"""The end of what is said of a run that another program trains."""

CHIP = 12
"""The side of the spot that says which curve is a run's."""

TURNS: dict[Turn, str] = {"waiting": "waits its turn", "running": "training", "held": "paused", "ended": ""}


@dataclass(frozen=True)
class Entry:
    """A run, and its training if it is under way."""

    row: RunRow
    live: Live | None = None
    turn: Turn | None = None

    @property
    def status(self) -> str:
        """In a word or two."""
        if self.row.problem:
            return "cannot be opened"
        if self.turn is not None and self.turn != "ended" and self.live and self.live.collapsed and self.turn == "running":
            return "collapsed"
        if self.turn is not None and self.turn != "ended":
            return "paused" if self.live and self.live.paused and self.turn == "held" else TURNS[self.turn]
        if self.row.state.status in ("running", "paused"):
            return f"{self.row.state.status} {ELSEWHERE}"
        return f"{self.row.state.status}, collapsed" if self.row.collapsed else self.row.state.status

    @property
    def idle(self) -> bool:
        """Whether nothing of this program trains it."""
        return self.turn in (None, "ended")

    @property
    def can_resume(self) -> bool:
        """Whether it can go on where it was saved."""
        return self.row.resumable and self.idle and self.row.state.status in ("stopped", "interrupted", "failed", "new")

    @property
    def latest(self) -> RunRow:
        """As the disk has it; a run that has ended here since it was looked at, as it ended."""
        row = self.row
        if self.turn != "ended" or self.live is None or row.state.status not in ("new", "running", "paused"):
            return row
        outcome = self.live.outcome
        if outcome is not None and outcome.reason == "done":
            state = replace(row.state, status="finished", step=outcome.step, epoch=outcome.epoch, chosen=outcome.chosen)
            return replace(row, state=state, metrics=dict(outcome.metrics), resumable=False)
        return replace(row, state=replace(row.state, status="interrupted"), resumable=True)

    @property
    def epoch(self) -> int:
        """The epochs done."""
        return max(self.row.state.epoch, self.live.epoch) if self.live else self.row.state.epoch

    def metric(self, name: str) -> float:
        """The latest value, NaN where there is none."""
        told = dict(self.live.last_metrics) if self.live else {}
        return float(told.get(name, self.row.metrics.get(name, math.nan)))

    @property
    def seconds(self) -> float:
        """Of training."""
        return max(self.row.seconds, self.live.seconds) if self.live else self.row.seconds

    @property
    def sentence(self) -> str:
        """What there is to say of it."""
        return self.row.problem or (self.live.sentence if self.live else "") or self.row.state.sentence


@dataclass(frozen=True)
class RunColumn:
    """A column: *text* of an entry, and *key* to sort by."""

    name: str
    title: str
    tip: str
    width: int
    text: Callable[[Entry], str]
    key: Callable[[Entry], Any]
    numeric: bool = True


def columns(score: Score) -> tuple[RunColumn, ...]:
    """The columns of the table, in order."""
    validation, test = f"validation_{score.metric}", f"test_{score.metric}"
    title = score.title.lower()
    return (
        RunColumn(
            "name", "Run", "Its name; F2 or a double click renames it", 132, lambda e: e.row.name, lambda e: e.row.name.lower(), False
        ),
        RunColumn("status", "Status", "What it is doing, or how it ended", 120, lambda e: e.status, lambda e: e.status, False),
        RunColumn(
            "rate",
            "Rate",
            "Learning rate (its highest)",
            54,
            lambda e: f"{e.row.training.learning_rate:g}",
            lambda e: e.row.training.learning_rate,
        ),
        RunColumn("epochs", "Epochs", "Done of those wanted", 54, lambda e: f"{e.epoch}/{e.row.training.epochs}", lambda e: e.epoch),
        RunColumn(
            "validation",
            "Validation",
            f"Validation {title} of the last epoch, or of the chosen one",
            70,
            lambda e: _score(e.metric(validation)),
            lambda e: e.metric(validation),
        ),
        RunColumn(
            "test", "Test", f"Test {title} of the runs selected. {TEST_TIP}", 52, lambda e: _score(e.metric(test)), lambda e: e.metric(test)
        ),
        RunColumn(
            "time", "Time", "Spent training, pauses left out", 56, lambda e: duration(e.seconds) if e.seconds else "", lambda e: e.seconds
        ),
        RunColumn("batch", "Batch", "Batch size", 44, lambda e: str(e.row.training.batch_size), lambda e: e.row.training.batch_size),
        RunColumn("seed", "Seed", "Start of the random numbers", 40, lambda e: str(e.row.training.seed), lambda e: e.row.training.seed),
        RunColumn("model", "Network", "What is trained", 84, lambda e: e.row.described.model, lambda e: e.row.described.model, False),
        RunColumn("data", "Data", "What it is trained on", 84, lambda e: e.row.described.data, lambda e: e.row.described.data, False),
        RunColumn("size", "Size", "Of the run's folder", 58, lambda e: size_text(e.row.size), lambda e: e.row.size),
        RunColumn(
            "created",
            "Begun",
            "When it was begun, by this computer's clock",
            84,
            lambda e: _local(e.row.created),
            lambda e: e.row.created,
            False,
        ),
    )


class RunModel(QAbstractTableModel):
    """Entries by their order on the disk; sorting is the view's."""

    renamed = Signal(str, str)
    """(folder, name): the user calls a run something else."""

    def __init__(self, score: Score) -> None:
        super().__init__()
        self.columns = columns(score)
        self.entries: tuple[Entry, ...] = ()
        self._hues: Mapping[str, QColor] = {}
        self._tested: frozenset[str] = frozenset()

    def show_tested(self, folders: Collection[str]) -> None:
        """The runs whose test scores may be read; the others keep theirs."""
        if frozenset(folders) != self._tested:
            self._tested = frozenset(folders)
            if self.entries:
                at = next(number for number, column in enumerate(self.columns) if column.name == "test")
                self.dataChanged.emit(self.index(0, at), self.index(len(self.entries) - 1, at))

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show *entries*; where only what they say has changed, the view keeps its place."""
        same = [entry.row.folder for entry in entries] == [entry.row.folder for entry in self.entries]
        if same and entries:
            self.entries = tuple(entries)
            self.dataChanged.emit(self.index(0, 0), self.index(len(entries) - 1, len(self.columns) - 1))
        elif not same:
            self.beginResetModel()
            self.entries = tuple(entries)
            self.endResetModel()

    def show_hues(self, hues: Mapping[str, QColor]) -> None:
        """The colours of the curves, by folder."""
        if hues != self._hues:
            self._hues = dict(hues)
            if self.entries:
                self.dataChanged.emit(self.index(0, 0), self.index(len(self.entries) - 1, 0))

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """As many as there are runs."""
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """As many as `columns` names."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell says, sorts by and looks like."""
        if not index.isValid() or index.row() >= len(self.entries):
            return None
        entry, column = self.entries[index.row()], self.columns[index.column()]
        if column.name == "test" and entry.row.folder not in self._tested:
            return _kept_back(role)
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return column.text(entry)
            case Qt.ItemDataRole.UserRole:
                return column.key(entry)
            case Qt.ItemDataRole.ToolTipRole:
                return entry.sentence or f"{column.title}: {column.text(entry)}"
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
                return int(side | Qt.AlignmentFlag.AlignVCenter)
            case Qt.ItemDataRole.DecorationRole if index.column() == 0:
                hue = self._hues.get(entry.row.folder)
                return _chip(hue) if hue else None
        return entry.row.folder if role == FOLDER_ROLE else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Another name was typed."""
        if role != Qt.ItemDataRole.EditRole or index.column() != 0:
            return False
        entry = self.entries[index.row()]
        if str(value) != entry.row.name:
            self.renamed.emit(entry.row.folder, str(value))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Names can be typed over."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == 0 and index.isValid() and not self.entries[index.row()].row.problem:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles and what they mean."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].numeric else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return self.columns[section].tip if role == Qt.ItemDataRole.ToolTipRole else None


def _kept_back(role: int) -> Any:
    """What is said of a test score that is not to be read yet."""
    match role:
        case Qt.ItemDataRole.DisplayRole:
            return ""
        case Qt.ItemDataRole.UserRole:
            return math.nan
        case Qt.ItemDataRole.ToolTipRole:
            return f"Select the run to read its test score. {TEST_TIP}"
    return None


def _chip(colour: QColor) -> QIcon:
    """A spot of *colour*, the same on a selected row."""
    pixmap = QPixmap(CHIP, CHIP)
    pixmap.fill(colour)
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon


def table_of(entries: Sequence[Entry], score: Score, tested: Collection[str] | None) -> Table:
    """The runs as a table to be written, in the order given: test scores of the folders *tested*, or (None) no such column."""
    shown = [column for column in columns(score) if tested is not None or column.name != "test"]
    known = tested or ()
    return Table(
        "Runs",
        tuple(column.title.lower() for column in shown),
        tuple(column.numeric for column in shown),
        tuple(
            tuple("" if column.name == "test" and entry.row.folder not in known else column.text(entry) for column in shown)
            for entry in entries
        ),
    )


def duration(seconds: float) -> str:
    """As 3:07 min, or 42 s."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02d} h"
    return f"{minutes}:{rest:02d} min" if minutes else f"{rest} s"


def _score(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.4f}"


def _local(created: str) -> str:
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return ""
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone().strftime("%m-%d %H:%M")
