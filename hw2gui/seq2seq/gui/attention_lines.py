"""Attention as lines from the source's letters, above, to the symbols written, below; the stronger, the wider."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from hw2gui.arrays import Floats
from hw2gui.seq2seq.symbols import LEAST_LINE, axis_order, symbol_hint, symbol_label, symbol_name
from hw2gui.widgets import theme
from hw2gui.widgets.focus import paint_focus
from hw2gui.widgets.keyboard import KeyList, describe

EDGE = 40
"""Room for the letters above and below, in logical pixels."""
WIDEST = 7.0
FAINT = 25
"""How opaque the lines are that are not lit, of 255."""
AWAY = 5
"""How far lines stay from the letters."""
_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Escape)


class AttentionLines(QWidget):
    """Everything is in stored positions, as in `AttentionView`."""

    TITLE = "Attention as lines"
    KEYS: KeyList = (("← →", "walk the letters"), ("↑ ↓", "go to the source, or to the output"), ("Esc", "show all lines"))

    hovered = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(f"{name}, as lines")
        self.setToolTip(f"A line for every share of at least {LEAST_LINE:g}, as wide as it is large")
        describe(self, self.KEYS)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._attention: Floats | None = None
        self._source: tuple[str, ...] = ()
        self._output: tuple[str, ...] = ()
        self._above: tuple[int, ...] = ()
        self._below: tuple[int, ...] = ()
        self._hints = False
        self._spot: tuple[int | None, int | None] | None = None
        self._place: tuple[bool, int] | None = None
        """Where the keyboard is: whether above, and how far from the left."""
        self._kept: dict[bool, tuple[object, QImage]] = {}
        """All lines, strong or faint, and what they were drawn for: a sentence has hundreds, too many to draw at every movement."""

    def show_attention(self, attention: Floats | None, source: Sequence[str], output: Sequence[str], *, visual: bool, hints: bool) -> None:
        """Show *attention* (output symbols, source symbols)."""
        self._attention, self._source, self._output, self._hints = attention, tuple(source), tuple(output), hints
        self._above, self._below = axis_order(source, visual=visual), axis_order(output, visual=visual)
        self._spot = self._place = None
        self._kept.clear()
        self.update()

    def light(self, spot: tuple[int | None, int | None] | None) -> None:
        """Only the lines of *spot* stay strong."""
        if spot != self._spot:
            self._spot = spot
            self.update()

    def source_point(self, at: int) -> QPointF:
        """The middle of source letter *at*."""
        return QPointF(self.width() * (self._above.index(at) + 0.5) / max(1, len(self._above)), EDGE / 2)

    def output_point(self, at: int) -> QPointF:
        """The middle of output symbol *at*."""
        return QPointF(self.width() * (self._below.index(at) + 0.5) / max(1, len(self._below)), self.height() - EDGE / 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lines, the strongest last, then letters."""
        if self._attention is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawImage(0, 0, self._all_lines(faint=self._spot is not None))
        if self._spot is not None:
            for row, column, share in self._lines():
                if self._spot[0] in (None, row) and self._spot[1] in (None, column):
                    self._draw_line(painter, row, column, share, theme.current().link)
        for at, symbol in enumerate(self._source):
            self._write(painter, self.source_point(at), symbol, symbol_hint(symbol) if self._hints else "", len(self._source))
        for at, symbol in enumerate(self._output):
            self._write(painter, self.output_point(at), symbol, "", len(self._output))

        if self.hasFocus():
            paint_focus(painter, self.rect())

    def _lines(self) -> Iterator[tuple[int, int, float]]:
        """(output symbol, source symbol, share) of each line, the strongest last."""
        assert self._attention is not None
        rows, columns = np.nonzero(self._attention >= LEAST_LINE)
        shares = self._attention[rows, columns]
        order = np.argsort(shares)
        return zip(rows[order].tolist(), columns[order].tolist(), shares[order].tolist(), strict=True)

    def _draw_line(self, painter: QPainter, row: int, column: int, share: float, hue: str, *, faint: bool = False) -> None:
        colour = QColor(hue)
        colour.setAlpha(FAINT if faint else round(255 * (0.25 + 0.75 * share)))
        painter.setPen(QPen(colour, max(0.8, WIDEST * share)))
        painter.drawLine(self.source_point(column) + QPointF(0, EDGE / 2 + AWAY), self.output_point(row) - QPointF(0, EDGE / 2))

    def _all_lines(self, *, faint: bool) -> QImage:
        density, colours = self.devicePixelRatioF(), theme.current()
        drawn_for = (self.size(), density, colours)
        kept = self._kept.get(faint)
        if kept is None or kept[0] != drawn_for:
            picture = QImage(self.size() * density, QImage.Format.Format_ARGB32_Premultiplied)
            picture.setDevicePixelRatio(density)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for row, column, share in self._lines():
                self._draw_line(painter, row, column, share, colours.accent, faint=faint)
            painter.end()
            kept = self._kept[faint] = (drawn_for, picture)
        return kept[1]

    def _write(self, painter: QPainter, at: QPointF, symbol: str, hint: str, count: int) -> None:
        font = QFont(self.font())
        room = self.width() / max(1, count)
        font.setPixelSize(max(7, round(min(18.0, room * 0.9))))
        painter.setFont(font)
        painter.setPen(QColor(theme.current().text))
        up = 6 if hint else 0
        painter.drawText(round(at.x() - 30), round(at.y() - 14 - up), 60, 28, Qt.AlignmentFlag.AlignCenter, symbol_label(symbol))
        if hint and room >= 12:
            font.setPixelSize(10)
            painter.setFont(font)
            painter.setPen(QColor(theme.current().muted))
            painter.drawText(round(at.x() - 30), round(at.y() + 5), 60, 14, Qt.AlignmentFlag.AlignCenter, hint)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The letter above or below under the pointer."""
        position = event.position()
        if position.y() < EDGE and self._above:
            at = self._above[min(int(position.x() * len(self._above) / max(1, self.width())), len(self._above) - 1)]
            self.hovered.emit((None, at))
        elif position.y() > self.height() - EDGE and self._below:
            at = self._below[min(int(position.x() * len(self._below) / max(1, self.width())), len(self._below) - 1)]
            self.hovered.emit((at, None))
        else:
            self.hovered.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk the letters above and below."""
        key = Qt.Key(event.key())
        if self._attention is None or key not in _KEYS:
            super().keyPressEvent(event)
            return
        if key == Qt.Key.Key_Escape:
            self._go(None)
            return
        above, at = self._place or (True, 0)
        if self._place is not None and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            at += 1 if key == Qt.Key.Key_Right else -1
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            above = key == Qt.Key.Key_Up
        self._go((above, min(max(at, 0), len(self._above if above else self._below) - 1)))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard's letter goes with the focus."""
        super().focusOutEvent(event)
        self._go(None)
        describe(self, self.KEYS)

    def _go(self, place: tuple[bool, int] | None) -> None:
        if place == self._place:
            return
        self._place = place
        if place is None:
            self.hovered.emit(None)
            return
        above, at = place
        stored = (self._above if above else self._below)[at]
        self.setAccessibleDescription(self._said(above, stored))
        self.hovered.emit((None, stored) if above else (stored, None))

    def _said(self, above: bool, stored: int) -> str:
        """The letter and its strongest partner."""
        assert self._attention is not None
        shares = self._attention[:, stored] if above else self._attention[stored]
        best = int(np.argmax(shares))
        own, other = (self._source[stored], self._output[best]) if above else (self._output[stored], self._source[best])
        return f"{symbol_name(own)}, most with {symbol_name(other)}: {float(shares[best]):.4f}"

    def leaveEvent(self, event: QEvent) -> None:
        """None is."""
        self.hovered.emit(None)
