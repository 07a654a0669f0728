"""The table of runs: sorted by any column, renamed in place, one chosen to see its curves, several to compare them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QSignalBlocker, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from hw2gui.training.gui.run_entry import Entry
from hw2gui.training.gui.run_model import FOLDER_ROLE, SORT_ROLE, Index, RunModel
from hw2gui.training.score import Score
from hw2gui.widgets import theme
from hw2gui.widgets.fields import text_label

ROW_HEIGHT = 24


class _Sorted(QSortFilterProxyModel):
    """Numbers by size, NaN (there is no score yet) below all of them."""

    def lessThan(self, left: Index, right: Index) -> bool:
        """Whether *left* stands before *right* in rising order."""
        first, second = left.data(SORT_ROLE), right.data(SORT_ROLE)
        if isinstance(first, str) != isinstance(second, str):
            return False
        return bool(_low(first) < _low(second))


def _low(value: Any) -> Any:
    return -math.inf if isinstance(value, float) and math.isnan(value) else value


class _View(QTableView):
    deleted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete deletes."""
        if event.key() == Qt.Key.Key_Delete:
            self.deleted.emit()
        else:
            super().keyPressEvent(event)


class RunTable(QWidget):
    """The view over a `RunModel`, with what to do while it is empty."""

    chosen = Signal(object)
    """Folders of the runs the user selected, in the table's order."""
    sorted = Signal(str, bool)
    """The user sorts by this column, descending or not."""
    renamed = Signal(str, str)
    deleted = Signal()

    def __init__(self, score: Score) -> None:
        super().__init__()
        self.model = RunModel(score)
        self.model.setParent(self)
        self.model.renamed.connect(self.renamed)
        self._proxy = _Sorted(self)
        self._proxy.setSourceModel(self.model)
        self._proxy.setSortRole(SORT_ROLE)
        self.view = _View()
        self.view.setAccessibleName("Runs")
        self.view.setModel(self._proxy)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)
        self.view.setShowGrid(False)
        self.view.setWordWrap(False)
        self.view.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # names of a sweep differ at their end
        self.view.setTabKeyNavigation(False)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setFrameShape(QTableView.Shape.NoFrame)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.view.horizontalHeader()
        header.setHighlightSections(False)
        header.setSortIndicatorShown(True)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._sort_clicked)
        for number, column in enumerate(self.model.columns):
            self.view.setColumnWidth(number, column.width)
        # What tells runs apart gets the room that is left.
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.empty = text_label("No run yet: choose the settings at the left and press Train.", muted=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.empty)
        layout.addWidget(self.view, 1)
        self._sort = ("", False)
        self.tested: tuple[str, ...] | None = None
        """The folders of the runs whose test scores are shown; None: of none, and the column is not there."""
        self._test_column = next(number for number, column in enumerate(self.model.columns) if column.name == "test")
        self.view.setColumnHidden(self._test_column, True)
        self._colour()
        self.view.selectionModel().selectionChanged.connect(self._selected)
        self.view.deleted.connect(self.deleted)

    def changeEvent(self, event: QEvent) -> None:
        """A new theme: new colours."""
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()
        super().changeEvent(event)

    def _colour(self) -> None:
        colours = theme.current()
        chosen = QColor(colours.accent)
        faint = f"rgba({chosen.red()},{chosen.green()},{chosen.blue()},{28 if colours.dark else 18})"
        sheet = (
            f"QTableView {{ background: {colours.panel}; border: none; outline: none; color: {colours.text};"
            f" selection-color: {colours.text}; selection-background-color: {faint}; }}"
            + theme.header_rules(self.font().pointSizeF(), "2px 4px")
        )
        # Setting it is itself a change of the palette.
        if sheet != self.view.styleSheet():
            self.view.setStyleSheet(sheet)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show *entries*; what is selected stays selected."""
        folders = self.folders
        with QSignalBlocker(self.view.selectionModel()):
            self.model.show_entries(entries)
            self._select(folders)
        self.empty.setVisible(not entries)
        self.view.setVisible(bool(entries))

    def show_hues(self, hues: Mapping[str, QColor]) -> None:
        """The colours of the curves, by folder."""
        self.model.show_hues(hues)

    def show_tested(self, folders: Sequence[str] | None) -> None:
        """Show the test scores of these runs; None: of none."""
        self.tested = None if folders is None else tuple(folders)
        self.model.show_tested(folders or ())
        if self.view.isColumnHidden(self._test_column) != (folders is None):
            self.view.setColumnHidden(self._test_column, folders is None)

    def show_chosen(self, folders: Sequence[str]) -> None:
        """Select these runs without telling anybody."""
        if set(folders) != set(self.folders):
            with QSignalBlocker(self.view.selectionModel()):
                self._select(folders)
            self.view.viewport().update()

    def show_sort(self, name: str, descending: bool) -> None:
        """Sort so without telling anybody."""
        if (name, descending) == self._sort:
            return
        self._sort = (name, descending)
        number = next((at for at, column in enumerate(self.model.columns) if column.name == name), len(self.model.columns) - 1)
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.view.horizontalHeader().setSortIndicator(number, order)
        self._proxy.sort(number, order)

    @property
    def folders(self) -> tuple[str, ...]:
        """Of the selected runs, in the table's order."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        return tuple(self._proxy.index(row, 0).data(FOLDER_ROLE) for row in rows)

    @property
    def in_order(self) -> tuple[Entry, ...]:
        """All runs as they are sorted."""
        rows = (self._proxy.mapToSource(self._proxy.index(row, 0)).row() for row in range(self._proxy.rowCount()))
        return tuple(self.model.entries[row] for row in rows)

    def rename(self) -> None:
        """Let the user type another name for the run that is selected."""
        rows = self.view.selectionModel().selectedRows()
        name = self._proxy.index(rows[0].row(), 0) if rows else QModelIndex()
        if name.flags() & Qt.ItemFlag.ItemIsEditable and self.view.state() != QAbstractItemView.State.EditingState:
            self.view.setFocus()
            self.view.edit(name)

    def text(self, row: int, name: str) -> str:
        """What stands in the column *name* of the row shown as number *row*."""
        number = next(at for at, column in enumerate(self.model.columns) if column.name == name)
        return str(self._proxy.index(row, number).data())

    def _select(self, folders: Sequence[str]) -> None:
        flags = QItemSelectionModel.SelectionFlag
        self.view.selectionModel().select(self.view.rootIndex(), flags.Clear)
        for row in range(self._proxy.rowCount()):
            if self._proxy.index(row, 0).data(FOLDER_ROLE) in folders:
                self.view.selectionModel().select(self._proxy.index(row, 0), flags.Select | flags.Rows)

    def _selected(self) -> None:
        self.chosen.emit(self.folders)

    def _sort_clicked(self, number: int) -> None:
        name = self.model.columns[number].name
        self.sorted.emit(name, not self._sort[1] if name == self._sort[0] else self.model.columns[number].numeric)
