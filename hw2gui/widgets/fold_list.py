"""A list whose rows unfold: one line each, widgets opened under some, rows moved by dragging or by keys. It knows no subject.

Only the open rows hold widgets, so a list of hundreds of rows costs what is in sight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView, QWidget

from hw2gui.widgets import theme
from hw2gui.widgets.fold_rows import GRIP, ROW_HEIGHT, FoldDelegate, FoldModel, FoldRow
from hw2gui.widgets.keyboard import KeyList, describe

EDGE = 18
"""Dragging this close to the upper or lower edge scrolls."""


class FoldList(QTableView):
    """Rows are addressed from 0. The list changes nothing by itself: it says what the user wants."""

    TITLE = "Layers of a stack"
    KEYS: KeyList = (
        ("Arrows, Home, End", "walk the layers"),
        ("Enter or F2", "go into the fields of the open layer"),
        ("Alt+Up, Alt+Down", "move the layer"),
        ("Insert", "add a layer"),
        ("Ctrl+D", "copy the layer"),
        ("Delete", "remove the layer"),
        ("Esc", "close what is open"),
    )

    chosen = Signal(object)
    """A row was selected (None: no row)."""
    moved = Signal(int, int)
    """A row should be moved: where it is, and the index it should have."""
    removed = Signal(int)
    copied = Signal(int)
    insertion = Signal()
    """Insert was pressed."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows_model = FoldModel()
        self._rows_model.setParent(self)
        self._folds: dict[int, tuple[QWidget, ...]] = {}
        self._press: tuple[int, QPoint] | None = None
        self._drop: int | None = None
        self.setAccessibleName(name)
        describe(self, self.KEYS)
        self.setModel(self._rows_model)
        self.setItemDelegate(FoldDelegate(self._rows_model, self))
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(ROW_HEIGHT)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.selectionModel().currentRowChanged.connect(self._current_changed)
        self._colour()

    # -- what is shown ------------------------------------------------------------------------------------------------------------

    @property
    def rows(self) -> tuple[FoldRow, ...]:
        """What is listed."""
        return self._rows_model.rows

    @property
    def dropping(self) -> int | None:
        """While a row is dragged: before which row it would fall."""
        return self._drop

    def show_rows(self, rows: Sequence[FoldRow], selected: int | None, folds: Mapping[int, tuple[QWidget, ...]]) -> None:
        """List *rows* with *selected* in hand, the widgets of *folds* opened under theirs. Nothing is emitted."""
        anchor = self._anchor(selected)
        with QSignalBlocker(self.selectionModel()):
            self._rows_model.show(tuple(rows))
            if selected is None or selected >= len(rows):
                self.clearSelection()
                self.setCurrentIndex(QModelIndex())
            elif self.currentIndex().row() != selected or not self.selectionModel().isRowSelected(selected):
                self.selectRow(selected)
        self._show_folds({row: widgets for row, widgets in folds.items() if row < len(rows)})
        if selected is not None and selected < len(rows):
            self._keep_in_sight(selected, anchor)
        self.viewport().update()

    def _anchor(self, selected: int | None) -> int | None:
        """Where the selected row is now, so that it can stay there when rows above it fold up."""
        if selected is None or selected >= len(self.rows) or self.currentIndex().row() == selected:
            return None
        return self.rowViewportPosition(selected)

    def _keep_in_sight(self, row: int, anchor: int | None) -> None:
        # New heights have to be known before one can scroll to them.
        self.executeDelayedItemsLayout()
        self.updateGeometries()
        bar = self.verticalScrollBar()
        if anchor is not None and 0 <= anchor < self.viewport().height():
            bar.setValue(bar.value() + self.rowViewportPosition(row) - anchor)
        top, height, room = self.rowViewportPosition(row), self.rowHeight(row), self.viewport().height()
        if top < 0 or height > room:
            bar.setValue(bar.value() + top)
        elif top + height > room:
            bar.setValue(bar.value() + top + height - room)

    def _show_folds(self, folds: dict[int, tuple[QWidget, ...]]) -> None:
        open_now = {widget for widgets in folds.values() for widget in widgets}
        for widgets in self._folds.values():
            for widget in widgets:
                if widget not in open_now:
                    widget.hide()
        heights = {row: ROW_HEIGHT + self._height(widgets) for row, widgets in folds.items()}
        for row in self._folds.keys() - folds.keys():
            if row < len(self.rows):
                self.setRowHeight(row, ROW_HEIGHT)
        self._folds = folds
        for row, height in heights.items():
            if self.rowHeight(row) != height:
                self.setRowHeight(row, height)
        self._lay_folds()
        for widget in open_now:
            widget.show()

    def _height(self, widgets: tuple[QWidget, ...]) -> int:
        width = self.viewport().width() - GRIP - 4
        total = 4
        for widget in widgets:
            layout = widget.layout()
            tall = layout.heightForWidth(width) if layout is not None and layout.hasHeightForWidth() else widget.sizeHint().height()
            total += tall
        return total

    def _lay_folds(self) -> None:
        width = self.viewport().width() - GRIP - 4
        for row, widgets in self._folds.items():
            top = self.rowViewportPosition(row) + ROW_HEIGHT
            for widget in widgets:
                if widget.parent() is not self.viewport():
                    widget.setParent(self.viewport())
                layout = widget.layout()
                tall = layout.heightForWidth(width) if layout is not None and layout.hasHeightForWidth() else widget.sizeHint().height()
                widget.setGeometry(GRIP, top, width, tall)
                top += tall

    def line_rect(self, row: int) -> QRect:
        """Where the line of *row* lies in the viewport, without what is open under it."""
        return QRect(0, self.rowViewportPosition(row), self.viewport().width(), ROW_HEIGHT)

    # -- events -------------------------------------------------------------------------------------------------------------------

    def updateGeometries(self) -> None:
        """Sections moved: so do the widgets on them."""
        super().updateGeometries()
        self._lay_folds()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Scrolling carries the open widgets along."""
        super().scrollContentsBy(dx, dy)
        self._lay_folds()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Texts wrap otherwise: heights follow."""
        super().resizeEvent(event)
        self._show_folds(self._folds)

    def changeEvent(self, event: QEvent) -> None:
        """A new theme: new colours."""
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()
        super().changeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Perhaps a click, perhaps the beginning of a drag: nothing moves yet."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        row = self.rowAt(event.position().toPoint().y())
        if event.button() == Qt.MouseButton.LeftButton and row >= 0 and self.line_rect(row).contains(event.position().toPoint()):
            self._press = (row, event.position().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Past a few pixels the row is in the hand."""
        if self._press is None:
            return
        at = event.position().toPoint()
        if self._drop is None and (at - self._press[1]).manhattanLength() < QApplication.startDragDistance():
            return
        bar = self.verticalScrollBar()
        if at.y() < EDGE:
            bar.setValue(bar.value() - ROW_HEIGHT // 2)
        elif at.y() > self.viewport().height() - EDGE:
            bar.setValue(bar.value() + ROW_HEIGHT // 2)
        self._drop = self._slot(at.y())
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click selects (again: lets go); a drag moves."""
        press, drop = self._press, self._drop
        self._end_drag()
        if press is None:
            return
        row = press[0]
        if drop is None:
            self.chosen.emit(None if self.currentIndex().row() == row and row in self._folds else row)
        elif drop not in (row, row + 1):
            self.moved.emit(row, drop if drop < row else drop - 1)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A second click is a click."""
        self.mousePressEvent(event)

    def _slot(self, y: int) -> int:
        """Before which row something dropped at *y* falls."""
        row = self.rowAt(y)
        if row < 0:
            return 0 if y < 0 else len(self.rows)
        return row + (y > self.rowViewportPosition(row) + self.rowHeight(row) // 2)

    def _end_drag(self) -> None:
        self._press, self._drop = None, None
        self.unsetCursor()
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, and where a dragged one would fall."""
        super().paintEvent(event)
        if self._drop is None:
            return
        last = len(self.rows) - 1
        y = self.rowViewportPosition(self._drop) if self._drop <= last else self.rowViewportPosition(last) + self.rowHeight(last)
        painter = QPainter(self.viewport())
        painter.setPen(QPen(QColor(theme.current().accent), 3))
        painter.drawLine(0, y, self.viewport().width(), y)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk; with Alt they move the row; Delete, Ctrl+D, Insert; Enter goes into what is open; Escape lets go."""
        if not self._key(event):
            super().keyPressEvent(event)

    def _key(self, event: QKeyEvent) -> bool:
        """Keys that need no row; then those of the current one."""
        keys, key, row = Qt.Key, event.key(), self.currentIndex().row()
        if key == keys.Key_Insert:
            self.insertion.emit()
        elif key == keys.Key_Escape and self._drop is not None:
            self._end_drag()
        elif key == keys.Key_Escape:
            self.chosen.emit(None)
        elif key in (keys.Key_Home, keys.Key_End) and self.rows:
            self.chosen.emit(0 if key == keys.Key_Home else len(self.rows) - 1)
        else:
            return row >= 0 and self._row_key(row, event)
        return True

    def _row_key(self, row: int, event: QKeyEvent) -> bool:
        keys, key, modifiers = Qt.Key, event.key(), event.modifiers()
        if modifiers & Qt.KeyboardModifier.AltModifier and key in (keys.Key_Up, keys.Key_Down):
            to = row + (1 if key == keys.Key_Down else -1)
            if 0 <= to < len(self.rows):
                self.moved.emit(row, to)
        elif key in (keys.Key_Delete, keys.Key_Backspace):
            self.removed.emit(row)
        elif key == keys.Key_D and modifiers & Qt.KeyboardModifier.ControlModifier:
            self.copied.emit(row)
        elif key in (keys.Key_Return, keys.Key_Enter, keys.Key_F2):
            self._enter_fold(row)
        else:
            return False
        return True

    def _enter_fold(self, row: int) -> None:
        for widget in self._folds.get(row, ()):
            target = widget.focusProxy() or next(
                (child for child in widget.findChildren(QWidget) if child.focusPolicy() & Qt.FocusPolicy.TabFocus), None
            )
            if target is not None:
                target.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(current.row())

    def _colour(self) -> None:
        colours = theme.current()
        sheet = f"QTableView {{ background: {colours.panel}; outline: none; selection-background-color: transparent; }}"
        # Setting it is itself a change of the palette.
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)
