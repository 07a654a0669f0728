"""A table of numbers with bars and a line of totals: any number of rows, drawn from a source that is asked only for what is in sight."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QRect, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from hw2gui.widgets import theme
from hw2gui.widgets.keyboard import KeyList, describe
from hw2gui.widgets.table_cells import PAD, Column, paint_cell
from hw2gui.widgets.table_model import ROW_HEIGHT, TableDelegate, TableModel, TableSource

COMPACT_HEIGHT = 24


class _Totals(QWidget):
    """The line under the table, in the table's columns."""

    def __init__(self, view: QTableView, model: TableModel) -> None:
        super().__init__()
        self._view, self._table = view, model
        self.setFixedHeight(ROW_HEIGHT)
        view.horizontalHeader().sectionResized.connect(lambda *_: self.update())

    def paintEvent(self, event: QPaintEvent) -> None:
        source = self._table.source
        painter = QPainter(self)
        colours = theme.current()
        painter.setPen(QColor(colours.muted))
        painter.drawLine(0, 0, self.width(), 0)
        if source is None:
            return
        font = self.font()
        font.setBold(True)
        header = self._view.horizontalHeader()
        column = 0
        while column < len(self._table.columns):
            cell = source.total(column)
            width = sum(header.sectionSize(at) for at in range(column, min(column + cell.span, len(self._table.columns))))
            lead = self._table.lead(column)
            rect = QRect(header.sectionViewportPosition(column) + lead, 1, width - lead, self.height() - 1)
            paint_cell(painter, rect, cell, self._table.columns[column], font)
            column += cell.span


class _Titles(QHeaderView):
    """The titles, as far from the edges of their columns as what stands below them."""

    def __init__(self, model: TableModel) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._table = model

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """One title, and the line under all of it."""
        lead = self._table.lead(section)
        painter.save()  # Qt leaves a clip behind
        super().paintSection(painter, rect.adjusted(lead, 0, 0, 0), section)
        painter.restore()
        painter.fillRect(rect.left(), rect.bottom(), lead, 1, QColor(theme.current().muted))


class _View(QTableView):
    TITLE = "Rows of a table"
    KEYS: KeyList = (("Up, Down, Page Up, Page Down, Home, End", "walk the rows"),)

    def settle(self) -> None:
        """Know the heights of new rows now, so that one can scroll to them."""
        self.executeDelayedItemsLayout()
        self.updateGeometries()


class NumberTable(QWidget):
    """The table with its totals; one row can be selected."""

    chosen = Signal(object)
    """The row the user selected, from 0."""
    opened = Signal(int)
    """A row was double-clicked, or Enter pressed on it."""
    sort_asked = Signal(int)
    """The title of a column was clicked, in a table that *sorts*."""

    def __init__(
        self,
        name: str,
        columns: Sequence[Column],
        *,
        compact: bool = False,
        totals: bool = True,
        sorts: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = TableModel(columns)
        self._model.setParent(self)
        self.view = _View()
        self.view.setAccessibleName(name)
        describe(self.view, self.view.KEYS)
        self.view.setHorizontalHeader(_Titles(self._model))
        self.view.setModel(self._model)
        self.view.setItemDelegate(TableDelegate(self._model, self.view, totals=totals))
        self.view.setShowGrid(False)
        self.view.setFrameShape(QTableView.Shape.NoFrame)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setTabKeyNavigation(False)
        self.view.setWordWrap(False)
        rows = self.view.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(COMPACT_HEIGHT if compact else ROW_HEIGHT)
        header = self.view.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setSectionsClickable(sorts)
        header.sectionClicked.connect(self.sort_asked)
        header.setFixedHeight(COMPACT_HEIGHT if all("\n" not in column.title for column in columns) else 40)
        self._totals = _Totals(self.view, self._model)
        self._totals.setAccessibleName(f"{name}: totals")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.view, 1)
        layout.addWidget(self._totals)
        layout.addStretch(0)
        self._totals.setVisible(totals)
        self._has_totals = totals
        self.view.activated.connect(lambda index: self.opened.emit(index.row()))
        self.view.selectionModel().currentRowChanged.connect(self._current_changed)
        self.view.viewport().installEventFilter(self)
        self._colour()

    @property
    def source(self) -> TableSource | None:
        """What is shown."""
        return self._model.source

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Other titles, or other columns: then what was shown is forgotten."""
        if tuple(columns) != self._model.columns and self._model.set_columns(columns):
            self._share_width()

    def show_source(self, source: TableSource, selected: int | None = None) -> None:
        """Show *source* with the row *selected*."""
        with QSignalBlocker(self.view.selectionModel()):
            self._model.show(source)
        self._fit()
        self.show_selected(selected)
        self._totals.update()

    def _fit(self) -> None:
        """The totals stand right under the last row, and not at the end of the room."""
        if self._has_totals:
            rows = self.view.verticalHeader().defaultSectionSize() * max(1, self._model.rowCount())
            self.view.setMaximumHeight(self.view.horizontalHeader().height() + rows + 2)

    def hide_columns(self, hidden: Collection[int]) -> None:
        """Leave these columns out; the others share the width."""
        for section in range(len(self._model.columns)):
            self.view.setColumnHidden(section, section in hidden)
        self._share_width()

    def show_selected(self, row: int | None) -> None:
        """Select *row* without telling anybody."""
        with QSignalBlocker(self.view.selectionModel()):
            if row is None or row >= self._model.rowCount():
                self.view.clearSelection()
                self.view.setCurrentIndex(QModelIndex())
            elif self.view.currentIndex().row() != row or not self.view.selectionModel().isRowSelected(row):
                self.view.selectRow(row)
                self.view.setCurrentIndex(self._model.index(row, 0))
                self.view.settle()
                self.view.scrollTo(self._model.index(row, 0))
        self.view.viewport().update()

    def text(self, row: int, column: int) -> str:
        """What stands in a cell, in full."""
        return str(self._model.data(self._model.index(row, column)))

    def total_text(self, column: int) -> str:
        """What stands under a column."""
        return self.source.total(column).text if self.source is not None else ""

    def row_point(self, row: int, column: int = 0) -> QRect:
        """Where a cell lies in the view's viewport."""
        return self.view.visualRect(self._model.index(row, column))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width out among the columns."""
        super().resizeEvent(event)
        self._share_width()

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """The scroll bar came or went: the columns follow. A selected row that was in sight stays there."""
        if isinstance(event, QResizeEvent) and watched is self.view.viewport():
            self._share_width()
            current = self.view.currentIndex()
            place = self.view.visualRect(current)
            if current.isValid() and place.top() >= 0 and place.bottom() < event.oldSize().height():
                self.view.scrollTo(current)
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """A new theme: new colours."""
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()
        super().changeEvent(event)

    def _share_width(self) -> None:
        room = self.view.viewport().width()
        shown = [section for section in range(len(self._model.columns)) if not self.view.isColumnHidden(section)]
        whole = sum(self._model.columns[section].width for section in shown)
        before = 0
        for section in shown:
            after = before + self._model.columns[section].width
            self.view.setColumnWidth(section, room * after // whole - room * before // whole)
            before = after

    def _colour(self) -> None:
        colours = theme.current()
        sheet = (
            f"QTableView {{ background: {colours.panel}; outline: none; selection-background-color: transparent; }}"
            + theme.header_rules(self.font().pointSizeF(), f"0 {PAD}px")
        )
        # Setting it is itself a change of the palette.
        if sheet != self.view.styleSheet():
            self.view.setStyleSheet(sheet)

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(current.row())
