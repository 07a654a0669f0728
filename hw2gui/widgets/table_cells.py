"""The cells of a table and how they are painted: a text with a bar or a second line, or two texts letter above letter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from hw2gui.widgets import categorical, theme
from hw2gui.widgets.themes import Theme

PAD, LEAD = 4, 8
"""To either side of a cell's text, in logical pixels; and before words that follow a column of numbers, lest they seem to be its unit."""
BAR, BAR_FROM_BELOW = 3, 4
"""The height of a cell's bar, and how far its upper edge is from the cell's last line, in logical pixels."""


@dataclass(frozen=True)
class Column:
    """A column: its title (two lines if it likes), what it says, and its part of the width."""

    title: str
    tip: str
    width: int
    numeric: bool = True


Mark = Literal["same", "changed", "missing", "extra"]


@dataclass(frozen=True, slots=True)
class Pairing:
    """A letter above one below it: the same, changed, missing below, or extra below (nothing above)."""

    above: str
    below: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text (and a shorter one where there is no room), a second line, a bar."""

    text: str
    short: str = ""
    below: str = ""
    share: float | None = None
    """The length of the bar behind the text, 0 to 1."""
    muted: bool = False
    tip: str = ""
    span: int = 1
    """In the line of totals: over how many columns the cell reaches."""
    pairings: tuple[Pairing, ...] = ()
    """Letters above letters, drawn instead of the text."""
    leftwards: bool = False
    """Whether the pairings run from right to left."""


@dataclass(frozen=True)
class Ink:
    """The colours of a theme, made once: a table paints hundreds of cells at an edit."""

    text: QColor
    muted: QColor
    line: QColor
    bar: QColor
    track: QColor
    selected: QColor
    changed: QColor
    missing: QColor
    extra: QColor


@cache
def ink_of(colours: Theme) -> Ink:
    """The colours of a theme."""
    return Ink(
        QColor(colours.text),
        QColor(colours.muted),
        QColor(colours.line),
        _faded(colours.accent, 110 if colours.dark else 70),
        _faded(colours.line, 120),
        _faded(colours.accent, 52 if colours.dark else 34),
        _faded(categorical.series(1).name(), 150 if colours.dark else 110),
        categorical.series(0),
        categorical.series(3),
    )


def _faded(colour: str, alpha: int) -> QColor:
    faded = QColor(colour)
    faded.setAlpha(alpha)
    return faded


def paint_cell(painter: QPainter, rect: QRect, cell: Cell, column: Column, font: QFont) -> None:
    """Draw *cell* into *rect* with today's colours."""
    ink = ink_of(theme.current())
    inner = rect.adjusted(PAD, 0, -PAD, 0)
    if cell.share is not None and cell.share > 0:
        width = max(1.0, inner.width() * min(cell.share, 1.0))
        top = rect.bottom() - BAR_FROM_BELOW
        painter.fillRect(QRectF(inner.left(), top, width, BAR), ink.bar)
        painter.fillRect(QRectF(inner.left() + width, top, inner.width() - width, BAR), ink.track)
    metrics = QFontMetrics(font)
    painter.setFont(font)
    painter.setPen(ink.muted if cell.muted else ink.text)
    if cell.pairings:
        _paint_pairings(painter, inner, cell, font, ink)
        return
    text = cell.text
    if metrics.horizontalAdvance(text) > inner.width():
        text = cell.short or metrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
    side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
    if cell.below:
        small = QFont(font)
        small.setBold(False)
        small.setPointSizeF(font.pointSizeF() * 0.86)
        upper = QRect(inner.left(), rect.top() + 2, inner.width(), rect.height() // 2)
        lower = QRect(inner.left(), rect.top() + rect.height() // 2 - 1, inner.width(), rect.height() // 2)
        painter.drawText(upper, int(side | Qt.AlignmentFlag.AlignVCenter), text)
        painter.setFont(small)
        painter.setPen(ink.muted)
        below = QFontMetrics(small).elidedText(cell.below, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(lower, int(side | Qt.AlignmentFlag.AlignVCenter), below)
        return
    # With a bar or without, the words of a row stand on one line.
    painter.drawText(inner, int(side | Qt.AlignmentFlag.AlignVCenter), text)


def _paint_pairings(painter: QPainter, inner: QRect, cell: Cell, font: QFont, ink: Ink) -> None:
    """Letters above letters. Changed: a filled box; missing below: an empty one, dashed; extra: an underlined letter below a plus."""
    metrics = QFontMetrics(font)
    widths = [max(metrics.horizontalAdvance(one.above), metrics.horizontalAdvance(one.below), 8) + 3 for one in cell.pairings]
    half = inner.height() // 2
    left = inner.left() if not cell.leftwards else inner.left() + min(sum(widths), inner.width())
    middle = int(Qt.AlignmentFlag.AlignCenter)
    for one, width in zip(cell.pairings, widths, strict=True):
        left -= width if cell.leftwards else 0
        if left < inner.left() or left + width > inner.right() + 1:
            painter.setPen(ink.muted)
            painter.drawText(QRect(inner.right() - 10, inner.top(), 10, inner.height()), middle, "…")
            return
        upper = QRect(left, inner.top() + 1, width, half - 1)
        lower = QRect(left, inner.top() + half, width, half - 1)
        if one.mark == "changed":
            painter.fillRect(lower.adjusted(1, 0, -1, 0), ink.changed)
        elif one.mark == "missing":
            painter.setPen(QPen(ink.missing, 1, Qt.PenStyle.DashLine))
            painter.drawRect(lower.adjusted(2, 2, -2, -3))
        elif one.mark == "extra":
            painter.fillRect(QRect(left + 2, lower.bottom() - 1, width - 4, 2), ink.extra)
        painter.setPen(ink.extra if one.mark == "extra" else ink.muted)
        painter.drawText(upper, middle, "+" if one.mark == "extra" else one.above)
        painter.setPen(ink.text)
        painter.drawText(lower, middle, one.below)
        left += 0 if cell.leftwards else width
