"""What stands behind a table of numbers: the source of its cells, the model Qt asks, and how a cell is painted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from hw2gui.widgets import theme
from hw2gui.widgets.table_cells import LEAD, Cell, Column, ink_of, paint_cell

ROW_HEIGHT = 34
Index = QModelIndex | QPersistentModelIndex


class TableSource(Protocol):
    """What a table shows. Cells are asked for one by one, when they are painted."""

    @property
    def count(self) -> int:
        """How many rows."""
        ...

    def cell(self, row: int, column: int) -> Cell:
        """One cell."""
        ...

    def total(self, column: int) -> Cell:
        """The cell under the column."""
        ...


class TableModel(QAbstractTableModel):
    """Cells by row and column, asked of the source one by one."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self.source: TableSource | None = None

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """The source's."""
        return 0 if parent.isValid() or self.source is None else self.source.count

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """As many as there are titles."""
        return 0 if parent.isValid() else len(self.columns)

    def lead(self, section: int) -> int:
        """How far the words of a column keep from the numbers before it, in logical pixels."""
        return LEAD if section and self.columns[section - 1].numeric and not self.columns[section].numeric else 0

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell says; it is painted by the delegate."""
        if self.source is None or not index.isValid() or index.row() >= self.source.count:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.source.cell(index.row(), index.column()).text
        if role == Qt.ItemDataRole.ToolTipRole:
            cell = self.source.cell(index.row(), index.column())
            return cell.tip or cell.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            cell = self.source.cell(index.row(), index.column())
            return f"{self.columns[index.column()].title.replace(chr(10), ' ')}: {cell.text} {cell.below}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles and what they mean; rows are counted from 1."""
        if orientation == Qt.Orientation.Vertical:
            return section + 1 if role == Qt.ItemDataRole.DisplayRole else None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def set_columns(self, columns: Sequence[Column]) -> bool:
        """Other columns; answers whether there are more or fewer of them now."""
        other = len(columns) != len(self.columns)
        if other:
            self.beginResetModel()
            self.columns, self.source = tuple(columns), None
            self.endResetModel()
        else:
            self.columns = tuple(columns)
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(columns) - 1)
        return other

    def show(self, source: TableSource) -> None:
        """Another source; only another number of rows makes the view forget where it is."""
        if self.source is not None and self.source.count == source.count and source.count:
            self.source = source
            self.dataChanged.emit(self.index(0, 0), self.index(source.count - 1, len(self.columns) - 1))
            return
        self.beginResetModel()
        self.source = source
        self.endResetModel()


class TableDelegate(QStyledItemDelegate):
    """Paints a cell whole: a bar, the text, a smaller line under it."""

    def __init__(self, model: TableModel, parent: QWidget, *, totals: bool = False) -> None:
        """*totals*: a line of totals, which has a line of its own, follows the last row."""
        super().__init__(parent)
        self._table, self._totals = model, totals

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The cell, and a line under it."""
        source = self._table.source
        if source is None:
            return
        ink = ink_of(theme.current())
        rect, row, column = option.rect, index.row(), index.column()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, ink.selected)
        place = rect.adjusted(self._table.lead(column), 0, 0, 0)
        paint_cell(painter, place, source.cell(row, column), self._table.columns[column], option.font)
        if not self._totals or row < source.count - 1:
            painter.setPen(ink.line)
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One row high."""
        return QSize(60, ROW_HEIGHT)
