"""The rows of a list that unfolds: what they say, their model, and how a line is painted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from hw2gui.widgets import theme

ROW_HEIGHT = 27
GRIP = 12

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class FoldRow:
    """One line: a coloured stripe, a title, details after it, and something at the right."""

    title: str
    detail: str = ""
    right: str = ""
    colour: str = ""
    bad: bool = False
    dim: bool = False
    tip: str = ""

    @property
    def text(self) -> str:
        """All of it, for a screen reader."""
        return " ".join(part for part in (self.title, self.detail, self.right) if part)


class FoldModel(QAbstractTableModel):
    """The rows, in one column."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[FoldRow, ...] = ()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """As many as are listed."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """One."""
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a row says; it is painted by the delegate."""
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.rows[index.row()].text
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.rows[index.row()].tip
        return None

    def show(self, rows: tuple[FoldRow, ...]) -> None:
        """List *rows*; where there are as many as before, the view keeps its place."""
        if len(rows) == len(self.rows):
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, 0))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()


class FoldDelegate(QStyledItemDelegate):
    """Paints the rows of *model*."""

    def __init__(self, model: FoldModel, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One line, at the upper end of the cell: what is open lies under it."""
        if index.row() < len(self._model.rows):
            selected = bool(option.state & QStyle.StateFlag.State_Selected)
            _paint_row(painter, option.rect, self._model.rows[index.row()], option.font, selected)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line high."""
        return QSize(100, ROW_HEIGHT)


def _paint_row(painter: QPainter, whole: QRect, row: FoldRow, font: QFont, selected: bool) -> None:
    colours = theme.current()
    line = QRect(whole.left(), whole.top(), whole.width(), min(ROW_HEIGHT, whole.height()))
    if whole.height() > ROW_HEIGHT:
        painter.fillRect(whole, QColor(colours.sunken))
    if selected:
        fill = QColor(colours.accent)
        fill.setAlpha(52 if colours.dark else 34)
        painter.fillRect(line, fill)
    painter.fillRect(QRectF(line.left(), line.top() + 3, 3, line.height() - 6), QColor(row.colour or colours.line))
    inner = line.adjusted(GRIP, 0, -6, 0)
    metrics = QFontMetrics(font)
    vertical = Qt.AlignmentFlag.AlignVCenter
    painter.setFont(font)
    painter.setPen(QColor(colours.muted))
    width = metrics.horizontalAdvance(row.right)
    painter.drawText(inner, int(vertical | Qt.AlignmentFlag.AlignRight), row.right)
    room = inner.width() - width - 8
    bold = QFont(font)
    bold.setBold(True)
    bold_metrics = QFontMetrics(bold)
    painter.setFont(bold)
    painter.setPen(QColor(colours.bad if row.bad else colours.muted if row.dim else colours.text))
    title = bold_metrics.elidedText(row.title, Qt.TextElideMode.ElideRight, room)
    painter.drawText(inner, int(vertical | Qt.AlignmentFlag.AlignLeft), title)
    used = bold_metrics.horizontalAdvance(title) + 7
    if room - used > 12:
        painter.setFont(font)
        painter.setPen(QColor(colours.muted))
        detail = metrics.elidedText(row.detail, Qt.TextElideMode.ElideRight, room - used)
        painter.drawText(inner.adjusted(used, 0, 0, 0), int(vertical | Qt.AlignmentFlag.AlignLeft), detail)
    if row.bad:
        painter.setPen(QPen(QColor(colours.bad), 1))
        painter.drawRect(whole.adjusted(0, 0, -1, -1))
    else:
        painter.setPen(QColor(colours.line))
        painter.drawLine(whole.bottomLeft(), whole.bottomRight())
