"""The rows of the table of runs: what the disk holds, and what those under way have told since."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap

from hw2gui.training.gui.run_columns import TEST_TIP, columns
from hw2gui.training.gui.run_entry import Entry
from hw2gui.training.score import Score

Index = QModelIndex | QPersistentModelIndex

SORT_ROLE = Qt.ItemDataRole.UserRole
FOLDER_ROLE = Qt.ItemDataRole.UserRole + 1

CHIP = 12
"""The side of the spot that says which curve is a run's."""


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
