"""The four views of a convolution on screen together: x, w, z and M with vec(x) above and vec(z) beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QSplitter, QVBoxLayout, QWidget

from hw2gui.widgets import theme
from hw2gui.widgets.cell_canvas import Behaviour
from hw2gui.widgets.marks import Cell
from hw2gui.widgets.matrix_view import MatrixView
from hw2gui.widgets.panel import Panel

STRIP = 18
"""The thickness of vec(x) and vec(z), in logical pixels."""


class StripedMatrix(QWidget):
    """A matrix with its input vector above and its output vector at the left, all three panned and zoomed together."""

    def __init__(self, name: str, across: str, down: str) -> None:
        super().__init__()
        self.matrix = MatrixView(name, Behaviour(pans=True, square=False))
        self.above = MatrixView(across, Behaviour(square=False))
        self.beside = MatrixView(down, Behaviour(square=False))
        self.above.setFixedHeight(STRIP)
        self.beside.setFixedWidth(STRIP)
        corner = QLabel()
        corner.setFixedWidth(STRIP)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(corner, 0, 0)
        layout.addWidget(self.above, 0, 1)
        layout.addWidget(self.beside, 1, 0)
        layout.addWidget(self.matrix, 1, 1)
        layout.setColumnStretch(1, 1)
        layout.setRowStretch(1, 1)
        self.above.follow(self.matrix, Qt.Orientation.Horizontal)
        self.beside.follow(self.matrix, Qt.Orientation.Vertical)

    def refresh_strips(self) -> None:
        """After new sources: lay the strips along the matrix again."""
        self.matrix.view_changed.emit()


class CellEditor(QObject):
    """Typing a number into a cell of a view: a small field over the cell; Enter takes it, Escape or leaving does not."""

    entered = Signal(object, float)
    """(cell, value)"""

    def __init__(self, view: MatrixView, refuse: Callable[[str], None]) -> None:
        super().__init__(view)
        self._view = view
        self._refuse = refuse
        self._cell: Cell | None = None
        self.field = QLineEdit(view)
        self.field.setAccessibleName(f"New value for a cell of {view.accessibleName()}")
        self.field.hide()
        self.field.installEventFilter(self)
        view.typed.connect(self.begin)
        view.view_changed.connect(self.field.hide)

    def begin(self, cell: Cell, first: str) -> None:
        """Open the field over *cell* with what was typed *first*; Delete sets the cell to 0."""
        self._cell = cell
        if first == "\x7f":
            self.entered.emit(cell, 0.0)
            return
        rect = self._view.cell_rect(cell).toRect()
        width = max(64, rect.width())
        x = min(max(0, rect.center().x() - width // 2), self._view.width() - width)
        y = min(max(0, rect.center().y() - 12), self._view.height() - 24)
        self.field.setGeometry(x, y, width, 24)
        self.field.setStyleSheet(f"border: 2px solid {theme.current().link};")
        self.field.setText(first)
        self.field.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.deselect()
        self.field.setCursorPosition(len(first))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter takes what was typed; Escape and leaving the field drop it. Neither key goes on to the view, which would pin the cell."""
        if event.type() == QEvent.Type.FocusOut:
            self.field.hide()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.field.hide()
                self._view.setFocus()
                return True
        return super().eventFilter(watched, event)

    def _take(self) -> None:
        text = self.field.text().strip().replace(",", ".").replace("−", "-")
        cell = self._cell
        try:
            value = float(text)
        except ValueError:
            self._refuse(f"'{self.field.text()}' is not a number: type something like 0.5 or -1.")
            return
        if not abs(value) <= 1e6:
            self._refuse("Numbers here go from −1,000,000 to 1,000,000.")
            return
        self.field.hide()
        self._view.setFocus()
        if cell is not None:
            self.entered.emit(cell, value)


def lay_out(page: QWidget, panels: Sequence[tuple[Panel, int]], matrix: Panel) -> QSplitter:
    """Fill *page*: *panels*, each with its share of the width, stand above *matrix*; the handle between them is answered."""
    top = QWidget()
    line = QHBoxLayout(top)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(theme.SPACE)
    for panel, share in panels:
        line.addWidget(panel, share)
    splitter = QSplitter(Qt.Orientation.Vertical)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(theme.SPACE)
    splitter.addWidget(top)
    splitter.addWidget(matrix)
    splitter.setSizes([250, 420])
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(splitter)
    return splitter
