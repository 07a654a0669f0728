"""A confusion matrix one can point at: letters on both axes, counts in the cells, colours for the share of the row."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from hw2gui.colour import Scale
from hw2gui.seq2seq.error_places import Shares
from hw2gui.seq2seq.measure_view import letter
from hw2gui.seq2seq.metrics import NOTHING
from hw2gui.widgets import theme
from hw2gui.widgets.focus import paint_focus
from hw2gui.widgets.keyboard import KeyList
from hw2gui.widgets.raster import is_light

SCALE = Scale("sequential", 0.0, 1.0)
WIDEST, HIGHEST = 40, 30
LOWEST_WITH_NUMBERS = 12

_KEYS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}


class ConfusionView(QWidget):
    """The reference's characters down, the output's across."""

    TITLE = "Confusion matrix"
    KEYS: KeyList = (("Arrow keys", "walk the cells"), ("Enter", "show the examples of the cell"))

    hovered = Signal(str)
    """What the cell under the pointer, or of the keyboard, says; empty when there is none."""
    clicked = Signal(object)
    """A cell was clicked, or Enter pressed on it: (reference's character, output's)."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Confusion matrix of characters")
        self.setToolTip("Arrow keys walk the cells; Enter or a click shows the examples of one")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 160)
        self._shares: Shares | None = None
        self._current: tuple[int, int] | None = None
        self._chosen: tuple[str, str] | None = None

    def show_shares(self, shares: Shares | None, chosen: tuple[str, str] | None = None) -> None:
        """Show *shares* with a frame around the confusion *chosen*."""
        self._shares, self._chosen = shares, chosen
        self._move(None)
        self.update()

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where a cell lies."""
        left, top, width, height = self._frame()
        return QRectF(left + column * width, top + row * height, width, height)

    def _frame(self) -> tuple[int, int, int, int]:
        """Left and top of the first cell, and a cell's width and height: whole pixels, so that no seams are seen."""
        count = len(self._shares.characters) if self._shares is not None else 1
        edge = round(1.3 * self.fontMetrics().height())
        height = max(4, min((self.height() - edge) // count, HIGHEST))
        width = max(4, min((self.width() - edge) // count, WIDEST, 2 * height))
        return edge + max(0, (self.width() - edge - width * count) // 2), edge, width, height

    def _cell_at(self, at: QPointF) -> tuple[int, int] | None:
        if self._shares is None:
            return None
        left, top, width, height = self._frame()
        row, column = int((at.y() - top) // height), int((at.x() - left) // width)
        count = len(self._shares.characters)
        return (row, column) if 0 <= row < count and 0 <= column < count else None

    # -- pointer and keys ---------------------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the cell under the pointer."""
        self._move(self._cell_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is read any more."""
        self._move(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose a cell."""
        cell = self._cell_at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, Enter chooses."""
        key = Qt.Key(event.key())
        if self._shares is None or (key not in _KEYS and key not in (Qt.Key.Key_Return, Qt.Key.Key_Enter)):
            super().keyPressEvent(event)
        elif key in _KEYS:
            last = len(self._shares.characters) - 1
            row, column = self._current or (0, 0)
            down, right = _KEYS[key] if self._current is not None else (0, 0)
            self._move((min(max(row + down, 0), last), min(max(column + right, 0), last)))
        elif self._current is not None:
            self._choose(self._current)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard's cell goes with the focus."""
        if not self.underMouse():
            self._move(None)
        super().focusOutEvent(event)

    def _choose(self, cell: tuple[int, int]) -> None:
        assert self._shares is not None
        if self._shares.counts[cell]:
            self.clicked.emit((self._shares.characters[cell[0]], self._shares.characters[cell[1]]))

    def _move(self, cell: tuple[int, int] | None) -> None:
        if cell != self._current:
            self._current = cell
            words = self._words(cell)
            self.setAccessibleDescription(words)
            self.hovered.emit(words)
            self.update()

    def _words(self, cell: tuple[int, int] | None) -> str:
        if cell is None or self._shares is None:
            return ""
        reference, output = (self._shares.characters[at] for at in cell)
        times = int(self._shares.counts[cell])
        share = f"{times:,} times, {100 * float(self._shares.shares[cell]):.1f} % of its row"
        if reference == output:
            return "" if reference == NOTHING else f"{letter(reference)} kept: {share}"
        if output == NOTHING:
            return f"{letter(reference)} left out: {share}"
        if reference == NOTHING:
            return f"{letter(output)} inserted: {share}"
        return f"{letter(reference)} became {letter(output)}: {share}"

    # -- painting -----------------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Letters, cells, numbers, frames."""
        painter = QPainter(self)
        colours = theme.current()
        shares = self._shares
        if shares is None:
            painter.setPen(QColor(colours.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Aligning …")
            return
        _, _, width, height = self._frame()
        fills = SCALE.colours(shares.shares, colours.dark)
        light = is_light(fills)
        font = self.font()
        font.setPixelSize(max(8, min(11, height - 3)))
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        for row in range(len(shares.characters)):
            for column in range(len(shares.characters)):
                rect = self.cell_rect(row, column)
                painter.fillRect(rect, QColor(int(fills[row, column])))
                times = int(shares.counts[row, column])
                if times and height >= LOWEST_WITH_NUMBERS and metrics.horizontalAdvance(str(times)) <= width:
                    painter.setPen(QColor("#000000" if light[row, column] else "#ffffff"))
                    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(times))
        self._paint_letters(painter)
        self._paint_frames(painter)
        if self.hasFocus():
            paint_focus(painter, self.rect())

    def _paint_letters(self, painter: QPainter) -> None:
        assert self._shares is not None
        left, top, width, height = self._frame()
        colours, font = theme.current(), self.font()
        font.setPixelSize(max(8, min(13, height - 2)))
        painter.setFont(font)
        for at, character in enumerate(self._shares.characters):
            lit = self._current is not None and at in self._current
            shown = "∅" if character == NOTHING else letter(character)
            painter.setPen(QColor(colours.text if lit and self._current and self._current[1] == at else colours.muted))
            painter.drawText(QRectF(left + at * width, 0, width, top), Qt.AlignmentFlag.AlignCenter, shown)
            painter.setPen(QColor(colours.text if lit and self._current and self._current[0] == at else colours.muted))
            painter.drawText(QRectF(left - top, top + at * height, top, height), Qt.AlignmentFlag.AlignCenter, shown)

    def _paint_frames(self, painter: QPainter) -> None:
        assert self._shares is not None
        colours = theme.current()
        if self._chosen is not None and set(self._chosen) <= set(self._shares.characters):
            row, column = (self._shares.characters.index(character) for character in self._chosen)
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.drawRect(self.cell_rect(row, column))
        if self._current is not None:
            painter.setPen(QPen(QColor(colours.link), 2))
            painter.drawRect(self.cell_rect(*self._current))
