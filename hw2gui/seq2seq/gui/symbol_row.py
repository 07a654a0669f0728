"""The symbols of an output one by one, each with its probability: what is clicked to force the beginning up to it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip

from hw2gui.seq2seq.gui.letters import Letters, lit, lit_ink
from hw2gui.seq2seq.symbols import symbol_label, symbol_name
from hw2gui.widgets import theme
from hw2gui.widgets.keyboard import KeyList, describe

WIDTH, HEIGHT, MOST_ROWS = 32, 40, 3
"""A symbol's place, in logical pixels, and how many rows there are at most: then places are narrower."""


class SymbolRow(Letters):
    """Letter above, probability below; a bar as long as the probability between them."""

    TITLE = "Symbols of an output"
    KEYS: KeyList = (("← →", "walk the symbols"), ("Enter or Space", "force the output up to this symbol and decode on"))

    def __init__(self, name: str) -> None:
        super().__init__(name)
        describe(self, self.KEYS)
        self.setToolTip("Each symbol with its probability after the ones before it. Click one to force the output up to it and decode on.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._symbols: tuple[str, ...] = ()
        self._chances: tuple[float, ...] = ()
        self._forced = 0
        self._parting: int | None = None
        self._current = 0

    @property
    def symbols(self) -> tuple[str, ...]:
        """What is shown."""
        return self._symbols

    @property
    def parting(self) -> int | None:
        """The symbol marked as the first that differs from the other output."""
        return self._parting

    @property
    def count(self) -> int:
        """As many as the output has."""
        return len(self._symbols)

    def show_symbols(self, symbols: Sequence[str], chances: Sequence[float], *, forced: int = 0, parting: int | None = None) -> None:
        """Show *symbols* with their probabilities; *forced* of them were given, at *parting* it leaves the other output."""
        self._symbols, self._chances, self._forced, self._parting = tuple(symbols), tuple(chances), forced, parting
        self._light = {}
        self._current = min(self._current, max(0, len(symbols) - 1))
        self._fit()
        self.update()

    def letter_rect(self, number: int) -> QRectF:
        """In reading order, row by row."""
        columns, width = self._grid()
        return QRectF(number % columns * width, number // columns * HEIGHT, width, HEIGHT)

    def sizeHint(self) -> QSize:
        """One row; it grows with what it shows."""
        return QSize(160, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width: other rows."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Place by place."""
        painter, colours = QPainter(self), theme.current()
        font = QFont(self.font())
        for number, (symbol, chance) in enumerate(zip(self._symbols, self._chances, strict=True)):
            rect = self.letter_rect(number).adjusted(1, 1, -1, -1)
            painter.fillRect(rect, QColor(colours.sunken))
            if light := self._light.get(number):
                painter.fillRect(rect, lit(light))
            track = QRectF(rect.x() + 2, rect.bottom() - 3, rect.width() - 4, 2)
            painter.fillRect(track, QColor(colours.line))
            painter.fillRect(QRectF(track.x(), track.y(), track.width() * chance, 2), QColor(colours.accent))
            font.setPixelSize(16)
            font.setBold(number == self._parting)
            painter.setFont(font)
            ink = colours.bad if number == self._parting else colours.muted if number < self._forced else colours.text
            painter.setPen(lit_ink(self._light.get(number, 0.0), ink))
            painter.drawText(QRectF(rect.x(), rect.y(), rect.width(), 22), Qt.AlignmentFlag.AlignCenter, symbol_label(symbol))
            if rect.width() >= 22:
                font.setPixelSize(10)
                font.setBold(False)
                painter.setFont(font)
                painter.setPen(lit_ink(self._light.get(number, 0.0), colours.muted))
                below = QRectF(rect.x(), rect.y() + 20, rect.width(), 13)
                painter.drawText(below, Qt.AlignmentFlag.AlignCenter, "given" if number < self._forced else _short(chance))
            if number == self._parting:
                painter.setPen(QPen(QColor(colours.bad), 2))
                painter.drawRect(rect.adjusted(1, 1, -1, -1))
        if self.hasFocus() and self._symbols:
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.drawRect(self.letter_rect(self._current).adjusted(1, 1, -2, -2))

    # -- pointer and keys ---------------------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which symbol is under the pointer, and how probable it was."""
        super().mouseMoveEvent(event)
        at = self.letter_at(event.position())
        if at is not None:
            chance = self._chances[at]
            said = "given" if at < self._forced else f"probability {chance:.4f} after the symbols before it"
            QToolTip.showText(event.globalPosition().toPoint(), f"{symbol_name(self._symbols[at])}: {said}", self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, and force."""
        key, last = event.key(), len(self._symbols) - 1
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and last >= 0:
            self._current = min(max(self._current + (1 if key == Qt.Key.Key_Right else -1), 0), last)
            self.hovered.emit(self._current)
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and last >= 0:
            self.clicked.emit(self._current)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nothing is looked at any more."""
        super().focusOutEvent(event)
        self.hovered.emit(None)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self.update()

    def _grid(self) -> tuple[int, float]:
        columns = max(1, int(self.width() // WIDTH))
        needed = -(-len(self._symbols) // MOST_ROWS)
        if needed <= columns:
            return columns, WIDTH
        return needed, self.width() / needed

    def _fit(self) -> None:
        columns, _ = self._grid()
        self.setFixedHeight(HEIGHT * max(1, -(-len(self._symbols) // columns)))


def _short(chance: float) -> str:
    """Two digits behind the point, but never a false 1 or 0."""
    if 0.995 <= chance < 1:
        return ">.99"
    if 0 < chance < 0.005:
        return "<.01"
    return f"{chance:.2f}"[1:] if chance < 1 else "1"
