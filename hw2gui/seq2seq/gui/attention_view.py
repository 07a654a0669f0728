"""An attention map one can point at: probabilities 0..1, source letters along the top, symbols written down the side.

Columns may stand in reading order while everything outside speaks of positions as they are stored; the translation happens here alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from hw2gui.arrays import Floats
from hw2gui.colour import Scale
from hw2gui.seq2seq.gui.letters import Letters, lit, lit_ink
from hw2gui.seq2seq.symbols import symbol_hint, symbol_label
from hw2gui.widgets import theme
from hw2gui.widgets.cell_canvas import Behaviour
from hw2gui.widgets.cells import ArraySource
from hw2gui.widgets.keyboard import KeyList, describe
from hw2gui.widgets.marks import NOTHING, Cell, Highlight
from hw2gui.widgets.matrix_view import MatrixView

PROBABILITY = Scale("sequential", 0.0, 1.0)
TOP, TOP_HINTED, SIDE = 24, 38, 30
"""Room for the labels, in logical pixels."""
READABLE = 11
"""The height of a row from which on its symbol can be read, in logical pixels."""
MOST_ROWS = 12
"""So many rows are given that height, if need be at the cost of what stands above."""

Spot = tuple[int, int]
"""(symbol of the output, symbol of the source), as they are stored."""


class AttentionCells(MatrixView):
    """The cells alone. A probability is taken from one letter to another by dragging it along its row."""

    TITLE = "Attention map"
    KEYS: KeyList = (
        *MatrixView.KEYS[:3],
        ("Shift+← Shift+→", "move the cell's probability to the letter beside it"),
    )
    dragged = Signal(int, int, int, bool)
    """(row, from column, to column, only half of it)."""

    def __init__(self, name: str, *, moves: bool = True) -> None:
        """*moves*: whether probability can be moved."""
        super().__init__(name, Behaviour(square=False, paints=moves))
        self._drag: tuple[Cell, bool] | None = None
        self._reached: Cell | None = None
        if not moves:
            describe(self, self.KEYS[:3])
        self.painted.connect(self._go_on)
        self.paint_ended.connect(self._drop)

    def _go_on(self, cell: Cell, half: bool) -> None:
        if self._drag is None:
            self._drag = (cell, half)
        self._reached = cell
        (row, column), _ = self._drag
        if cell[1] != column:
            rows, columns = np.array([row]), np.array(sorted({column, cell[1]}))
            self.set_highlight(Highlight(cells=(rows, columns)))
            self.setCursor(Qt.CursorShape.DragMoveCursor)

    def _drop(self) -> None:
        drag, reached = self._drag, self._reached
        self._drag, self._reached = None, None
        self.unsetCursor()
        if drag is None or reached is None:
            return
        (row, column), half = drag
        if reached[1] != column:
            self.dragged.emit(row, column, reached[1], half)
        elif reached[0] == row and not half:
            self.clicked.emit((row, column))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Shift and an arrow move probability; all else is a matrix view's."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step and self.behaviour.paints and event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self.current and self.source:
            row, column = self.current
            if 0 <= column + step < self.source.shape[1]:
                self.dragged.emit(row, column, column + step, False)
            return
        super().keyPressEvent(event)


class Labels(Letters):
    """Symbols along one side of the cells, each in the middle of its row or column; lit as strongly as they are told."""

    def __init__(self, name: str, cells: MatrixView, *, across: bool) -> None:
        super().__init__(name)
        self._cells, self._across = cells, across
        self._symbols: tuple[str, ...] = ()
        self._hints: tuple[str, ...] = ()
        self._forced = 0
        fixed, free = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding
        self.setSizePolicy(free if across else fixed, fixed if across else free)
        cells.view_changed.connect(self.update)

    @property
    def symbols(self) -> tuple[str, ...]:
        """What is written, in the order on screen."""
        return self._symbols

    @property
    def count(self) -> int:
        """As many as are written."""
        return len(self._symbols)

    def show_symbols(self, symbols: Sequence[str], hints: Sequence[str] = (), forced: int = 0) -> None:
        """Write *symbols*; *hints* under them; the first *forced* were not the model's choice."""
        shown = tuple(symbols), tuple(hints), forced
        if shown != (self._symbols, self._hints, self._forced):
            self._symbols, self._hints, self._forced = shown
            self._light = {}
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """A letter, and its hint where there is one."""
        return QSize(40, TOP_HINTED if any(self._hints) else TOP) if self._across else QSize(SIDE, 40)

    def minimumSizeHint(self) -> QSize:
        """As much across its direction, little along it."""
        return self.sizeHint()

    def letter_rect(self, number: int) -> QRectF:
        """In the middle of its row or column."""
        if self._across:
            cell = self._cells.cell_rect((0, number))
            return QRectF(cell.x(), 0, cell.width(), self.height())
        cell = self._cells.cell_rect((number, 0))
        return QRectF(0, cell.y(), self.width(), cell.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Letters, hints below, the light behind."""
        colours, painter = theme.current(), QPainter(self)
        font = QFont(self.font())
        for number, symbol in enumerate(self._symbols):
            rect = self.letter_rect(number)
            if light := self._light.get(number):
                painter.fillRect(rect.adjusted(1, 1, -1, -1), lit(light))
            letter, hinted = QRectF(rect), bool(self._hints)
            if hinted:
                letter.setHeight(rect.height() * 0.6)
            room = min(letter.width() if self._across else letter.height(), 22.0)
            font.setPixelSize(max(6, round(min(17.0, room * 0.9, letter.height() * 0.9))))
            painter.setFont(font)
            strong = light and light > 0.3
            ink = colours.muted if number < self._forced and not strong else colours.text
            painter.setPen(lit_ink(light or 0.0, ink))
            painter.drawText(letter, Qt.AlignmentFlag.AlignCenter, symbol)
            if hinted and number < len(self._hints) and rect.width() >= 9:
                font.setPixelSize(max(6, round(min(11.0, rect.width() * 0.55))))
                painter.setFont(font)
                painter.setPen(lit_ink(light or 0.0, colours.text if strong else colours.muted))
                below = QRectF(rect.x(), letter.bottom(), rect.width(), rect.height() - letter.height())
                painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self._hints[number])


class AttentionView(QWidget):
    """Cells with their labels. Everything it says and is told is in stored positions: (symbol of the output, symbol of the source)."""

    hovered = Signal(object)
    """A :data:`Spot` whose parts may be None: a whole row, or a whole column; None: nothing."""
    clicked = Signal(object)
    """A cell's :data:`Spot`."""
    released = Signal()
    dragged = Signal(int, int, int, bool)
    """(symbol of the output, from, to, only half): probability is to be moved between letters of the source."""
    forced = Signal(int)
    """A symbol of the output was clicked at the side."""

    def __init__(self, name: str, *, moves: bool = True) -> None:
        """*moves*: whether probability can be moved, and outputs forced."""
        super().__init__()
        self.setAccessibleName(name)
        self.cells = AttentionCells(name, moves=moves)
        self.source = Labels(f"{name}: source", self.cells, across=True)
        self.output = Labels(f"{name}: output", self.cells, across=False)
        if moves:
            self.output.setToolTip("Click a symbol to force the output up to it and decode on")
        self._attention: Floats | None = None
        self._order: tuple[int, ...] = ()
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.source, 0, 1)
        layout.addWidget(self.output, 1, 0)
        layout.addWidget(self.cells, 1, 1)
        self.cells.hovered.connect(self._hover_cell)
        self.cells.clicked.connect(lambda cell: self.clicked.emit((cell[0], self._order[cell[1]])))
        self.cells.released.connect(self.released)
        self.cells.dragged.connect(lambda row, one, two, half: self.dragged.emit(row, self._order[one], self._order[two], half))
        self.source.hovered.connect(lambda at: self.hovered.emit(None if at is None else (None, self._order[at])))
        self.output.hovered.connect(lambda at: self.hovered.emit(None if at is None else (at, None)))
        self.output.clicked.connect(self.forced)

    @property
    def order(self) -> tuple[int, ...]:
        """The source positions from left to right."""
        return self._order

    def show_attention(
        self, attention: Floats | None, source: Sequence[str], output: Sequence[str], order: Sequence[int], *, hints: bool, forced: int = 0
    ) -> None:
        """Show *attention* (output symbols, source symbols), columns by *order*."""
        self._attention, self._order = attention, tuple(order)
        self.setVisible(attention is not None)
        if attention is None:
            return
        letters = [symbol_label(source[at]) for at in order]
        under = [symbol_hint(source[at]) for at in order] if hints else []
        self.source.show_symbols(letters, under if any(under) else ())
        self.output.show_symbols([symbol_label(symbol) for symbol in output], forced=forced)
        self.cells.show_source(ArraySource(np.ascontiguousarray(attention[:, list(order)])), PROBABILITY)

    def light(self, spot: tuple[int | None, int | None] | None) -> None:
        """Light the partners of *spot*: of a symbol written, the source letters by their shares; of a source letter, the symbols."""
        attention = self._attention
        if attention is None or spot is None or not _within(spot, attention.shape):
            self.cells.set_highlight(NOTHING)
            self.source.set_light({})
            self.output.set_light({})
            return
        row, column = spot
        at = None if column is None else self._order.index(column)
        self.cells.set_highlight(Highlight(rows=() if row is None else (row,), columns=() if at is None else (at,)))
        across = {k: float(attention[row, s]) for k, s in enumerate(self._order)} if row is not None else {}
        down = {t: float(share) for t, share in enumerate(attention[:, column])} if column is not None else {}
        self.source.set_light(_seen(across) if row is not None else {at: 1.0} if at is not None else {})
        self.output.set_light(_seen(down) if row is None else {row: 1.0})

    def pin(self, spot: Spot | None) -> None:
        """Mark *spot* as pinned."""
        known = self._attention is not None and spot is not None and _within(spot, self._attention.shape)
        self.cells.set_pinned((spot[0], self._order.index(spot[1])) if known and spot is not None else None)

    def _hover_cell(self, cell: Cell | None) -> None:
        # While a smaller attention is being laid out, the cells may still tell of the one before.
        if cell is not None and (self._attention is None or not _within(cell, self._attention.shape)):
            cell = None
        self.cells.setToolTip("" if cell is None else self._said(cell))
        self.hovered.emit(None if cell is None else (cell[0], self._order[cell[1]]))

    def _said(self, cell: Cell) -> str:
        row, column = cell
        assert self._attention is not None
        share = self._attention[row, self._order[column]]
        return f"p({self.source.symbols[column]} | writing {self.output.symbols[row]}) = {share:.4f}"


def _within(spot: tuple[int | None, int | None], shape: tuple[int, ...]) -> bool:
    return all(at is None or 0 <= at < size for at, size in zip(spot, shape, strict=True))


def _seen(shares: dict[int, float]) -> dict[int, float]:
    """Shares large enough to be lit."""
    return {at: share for at, share in shares.items() if share >= 0.02}
