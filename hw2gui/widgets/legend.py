"""The colour range of a view, as a strip of its map between the two ends."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hw2gui.colour import Scale, lookup_table
from hw2gui.widgets import theme
from hw2gui.widgets.raster import short_number

STRIP, SHORT_STRIP = 24, 14
"""The length of the colour strip, in logical pixels."""


class Legend(QWidget):
    """A strip of the colour map between the ends of the range it stands for."""

    fit_changed = Signal()
    """The range is another, and so is the room it would like."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale: Scale | None = None
        self._short = False
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        self.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_scale(self, scale: Scale | None, note: str = "") -> None:
        """Show *scale*, or nothing; *note* is added to the tooltip (what a pixel of many cells shows)."""
        changed, self._scale = scale != self._scale, scale
        if scale is not None:
            low, high = short_number(scale.low), short_number(scale.high)
            middle = f", neutral at {short_number((scale.low + scale.high) / 2)}" if scale.map == "diverging" else ""
            self.setToolTip(f"Colours from {low} to {high}{middle}{f'. {note}' if note else ''}")
            self.setAccessibleName(f"Colour range {low} to {high}{middle}")
        self.fit_changed.emit()
        if changed:  # else the whole page would be laid out anew at every keystroke that shows other values in the same colours
            self.updateGeometry()
            self.update()

    def set_short(self, short: bool) -> None:
        """Take as little room as possible, or all that reads well."""
        if short != self._short:
            self._short = short
            self.updateGeometry()
            self.update()

    def width_of(self, *, short: bool) -> int:
        """How much room either form takes, in logical pixels."""
        if self._scale is None:
            return 0
        low, high = self._ends()
        return self.fontMetrics().horizontalAdvance(low + high) + (4 if low else 0) + (4 if high else 0) + (SHORT_STRIP if short else STRIP)

    def _ends(self) -> tuple[str, str]:
        """What stands before and behind the strip."""
        assert self._scale is not None
        low, high = self._scale.low, self._scale.high
        if self._scale.map == "diverging":
            # Nearer to the neutral middle than the values go, an end would be a number that none of them has.
            middle = round((low + high) / 2, 12)
            return "", f"{_end(middle) if middle else ''}±{_end((high - low) / 2)}"
        return _end(low), _end(high)

    def sizeHint(self) -> QSize:
        """A strip and two numbers."""
        return QSize(self.width_of(short=self._short), self.fontMetrics().height() if self._scale is not None else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Low, strip, high."""
        if self._scale is None or self.width() < self.width_of(short=True):
            return  # a part of a number would be another
        painter = QPainter(self)
        metrics = self.fontMetrics()
        low, high = self._ends()
        painter.setPen(QColor(theme.current().muted))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, low)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, high)
        left = metrics.horizontalAdvance(low) + 4 if low else 0
        right = self.width() - (metrics.horizontalAdvance(high) + 4 if high else 0)
        colours = lookup_table(self._scale.map, theme.current().dark).copy().reshape(1, -1)
        strip = QImage(colours.data, 256, 1, 1024, QImage.Format.Format_RGB32)
        area = QRectF(left, self.height() / 2 - 4, right - left, 8)
        painter.drawImage(area, strip)
        painter.setPen(QColor(theme.current().line))
        painter.drawRect(area.adjusted(0, 0, -1, -1))


def _end(value: float) -> str:
    """An end of a range: the same number is the same text on every panel, to as many digits with a sign as without.

    Beside a panel's title it is written as in a sentence, with a digit on either side of the point.
    """
    size = short_number(abs(value), 4)
    # An exponent is for what is too large or too small to be read without.
    size = (short_number(abs(value), 6) if "e" in size else size).removesuffix(".")
    return ("−" if value < 0 else "") + (f"0{size}" if size.startswith(".") else size)
