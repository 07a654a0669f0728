"""Curves on two logarithmic axes with a marker to drag: whole numbers of any size, in the colours of the theme."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from hw2gui.widgets import theme
from hw2gui.widgets.categorical import series
from hw2gui.widgets.keyboard import KeyList, describe

STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DashDotLine, Qt.PenStyle.DotLine)
"""The second channel beside colour."""
LEFT, RIGHT, TOP, BOTTOM = 58, 14, 24, 40
MOST_Y_LABELS = 9
_PREFIXES = ("", " k", " M", " G", " T", " P", " E")


@dataclass(frozen=True)
class LogCurve:
    """A curve: its name for the legend, rising whole xs from 1, and whole ys (those below 1 are left out)."""

    name: str
    xs: tuple[int, ...]
    ys: tuple[int, ...]


@dataclass(frozen=True)
class LogMarker:
    """The movable line: where it stands, how far it may go, and each curve's exact value there."""

    value: int
    low: int
    high: int
    step: int = 1
    ys: tuple[int, ...] = ()


class LogPlot(QWidget):
    """Drag the marker, or focus it and press the arrow keys (Shift: ten at a time)."""

    TITLE = "The marker of a plot"
    KEYS: KeyList = (("Left, Right", "move the marker; with Shift, ten steps"), ("Home, End", "take it to an end"))

    marked = Signal(int)
    """The user moved the marker to this value."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._curves: tuple[LogCurve, ...] = ()
        self._labels = ("", "")
        self._marker: LogMarker | None = None
        self._crossings: tuple[tuple[int, int], ...] = ()
        self._hover: QPointF | None = None
        self._dragging = False
        self._message = ""
        self.setAccessibleName(name)
        describe(self, self.KEYS)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # -- what is shown ------------------------------------------------------------------------------------------------------------

    @property
    def curves(self) -> tuple[LogCurve, ...]:
        """What is drawn."""
        return self._curves

    @property
    def marker(self) -> LogMarker | None:
        """Where the marker stands."""
        return self._marker

    def show_curves(
        self, curves: Sequence[LogCurve], across: str, down: str, crossings: Sequence[tuple[int, int]] = (), message: str = ""
    ) -> None:
        """Draw *curves* over the axes called *across* and *down*; *crossings* are pairs of values between which two of them change places.

        With no curves the *message* is shown instead.
        """
        self._curves, self._labels, self._crossings, self._message = tuple(curves), (across, down), tuple(crossings), message
        self.update()

    def show_marker(self, marker: LogMarker | None) -> None:
        """Put the marker somewhere without telling anybody."""
        self._marker = marker
        if marker is not None:
            values = ", ".join(f"{y:,}" for y in marker.ys)
            self.setAccessibleName(f"{self._name}: marker at {marker.value:,}: {values}")
        self.update()

    # -- geometry -----------------------------------------------------------------------------------------------------------------

    def _area(self) -> QRectF:
        return QRectF(LEFT, TOP, max(1, self.width() - LEFT - RIGHT), max(1, self.height() - TOP - BOTTOM))

    def _spans(self) -> tuple[float, float, float, float] | None:
        """Logarithms of the axes' ends: x from, to, y from, to."""
        xs = [x for curve in self._curves for x, y in zip(curve.xs, curve.ys, strict=True) if y > 0]
        ys = [y for curve in self._curves for y in curve.ys if y > 0]
        if not xs:
            return None
        left, right = math.log10(min(xs)), math.log10(max(xs))
        low, high = math.log10(min(ys)), math.log10(max(ys))
        room = max(0.08 * (high - low), 0.12)
        return left, max(right, left + 0.1), low - room, high + room

    def x_position(self, value: float) -> float:
        """Where *value* lies, in logical pixels from the left."""
        spans, area = self._spans(), self._area()
        if spans is None:
            return area.left()
        return area.left() + area.width() * (math.log10(value) - spans[0]) / (spans[1] - spans[0])

    def _y_position(self, value: int) -> float:
        spans, area = self._spans(), self._area()
        assert spans is not None
        return area.bottom() - area.height() * (math.log10(value) - spans[2]) / (spans[3] - spans[2])

    def value_at(self, x: float) -> int:
        """The whole number nearest to the position *x*, within what the marker may take."""
        spans, area = self._spans(), self._area()
        if spans is None or self._marker is None:
            return 1
        exact = 10 ** (spans[0] + (spans[1] - spans[0]) * (x - area.left()) / area.width())
        step = self._marker.step
        return min(max(step * round(exact / step), self._marker.low), self._marker.high)

    def sizeHint(self) -> QSize:
        """Roomy."""
        return QSize(460, 340)

    def minimumSizeHint(self) -> QSize:
        """Enough for axes and labels."""
        return QSize(220, 160)

    # -- painting -----------------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Grid, curves, crossings, marker, and what the pointer reads."""
        painter = QPainter(self)
        colours = theme.current()
        painter.fillRect(self.rect(), QColor(colours.panel))
        if self._spans() is None:
            painter.setPen(QColor(colours.muted))
            painter.drawText(self._area(), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._message)
            return
        self._paint_axes(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(self._area().adjusted(-1, -1, 1, 1))
        self._paint_crossings(painter)
        for index, curve in enumerate(self._curves):
            self._paint_curve(painter, index, curve)
        painter.restore()
        if self._marker is not None:
            self._paint_marker(painter, self._marker)
        self._paint_legend(painter)
        if self._marker is not None:
            self._paint_labels(painter, self.x_position(self._marker.value), self._marker)
        if self._hover is not None and not self._dragging:
            self._paint_reading(painter, self._hover)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_axes(self, painter: QPainter) -> None:
        colours, area, spans = theme.current(), self._area(), self._spans()
        assert spans is not None
        metrics = QFontMetrics(self.font())
        grid = QColor(colours.line)
        faint = QColor(colours.line)
        faint.setAlpha(90)
        right_end = -1e9
        for value, major in ticks(spans[0], spans[1]):
            x = self.x_position(value)
            painter.setPen(QPen(grid if major else faint, 1))
            painter.drawLine(QPointF(round(x) + 0.5, area.top()), QPointF(round(x) + 0.5, area.bottom()))
            label = short(value)
            width = metrics.horizontalAdvance(label)
            if x - width / 2 > right_end + 6:
                painter.setPen(QColor(colours.muted))
                painter.drawText(QPointF(x - width / 2, area.bottom() + metrics.ascent() + 3), label)
                right_end = x + width / 2
        every = max(1, math.ceil((spans[3] - spans[2]) / MOST_Y_LABELS))
        marks = [(v, m) for v, m in ticks(spans[2], spans[3]) if spans[3] - spans[2] < 2 or (m and round(math.log10(v)) % every == 0)]
        for value, major in marks:
            y = self._y_position(value)
            painter.setPen(QPen(grid if major else faint, 1))
            painter.drawLine(QPointF(area.left(), round(y) + 0.5), QPointF(area.right(), round(y) + 0.5))
            painter.setPen(QColor(colours.muted))
            painter.drawText(QRectF(0, y - 8, LEFT - 5, 16), int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), short(value))
        painter.setPen(QColor(colours.text))
        painter.drawText(QRectF(LEFT, self.height() - 19, area.width(), 18), int(Qt.AlignmentFlag.AlignCenter), self._labels[0])
        painter.save()
        painter.translate(11, area.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-area.height() / 2, -9, area.height(), 18), int(Qt.AlignmentFlag.AlignCenter), self._labels[1])
        painter.restore()

    def _paint_curve(self, painter: QPainter, index: int, curve: LogCurve) -> None:
        path = QPainterPath()
        points = [QPointF(self.x_position(x), self._y_position(y)) for x, y in zip(curve.xs, curve.ys, strict=True) if y > 0]
        if not points:
            return
        path.moveTo(points[0])
        for point in points[1:]:
            path.lineTo(point)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(series(index), 2, STYLES[index % len(STYLES)]))
        painter.drawPath(path)
        if len(points) > 1 and any(b.x() - a.x() > 5 for a, b in pairwise(points)):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(series(index))
            for point in points:
                painter.drawEllipse(point, 1.8, 1.8)

    def _paint_crossings(self, painter: QPainter) -> None:
        """A line where two curves change places; where they do so often, the words are for all of them."""
        if not self._crossings:
            return
        area, places = self._area(), self._crossings
        painter.setPen(QPen(QColor(theme.current().warning), 1, Qt.PenStyle.DotLine))
        for before, after in places:
            x = (self.x_position(before) + self.x_position(after)) / 2
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        (first, _), (low, last) = places[0], places[-1]
        words = f"they cross: {low:,} | {last:,}" if len(places) == 1 else f"they cross {len(places)} times: {first:,} … {last:,}"
        x = self.x_position(last)
        width = QFontMetrics(self.font()).horizontalAdvance(words)
        painter.drawText(QPointF(x + 5 if x + 5 + width < area.right() else x - 5 - width, area.bottom() - 6), words)

    def _paint_legend(self, painter: QPainter) -> None:
        colours, area = theme.current(), self._area()
        metrics = QFontMetrics(self.font())
        y = area.top() + 8
        for index, curve in enumerate(self._curves):
            name = metrics.elidedText(curve.name, Qt.TextElideMode.ElideMiddle, int(area.width() * 0.75))
            width = metrics.horizontalAdvance(name)
            box = QRectF(area.left() + 6, y - 4, width + 44, metrics.height() + 4)
            ground = QColor(colours.panel)
            ground.setAlpha(215)
            painter.fillRect(box, ground)
            painter.setPen(QPen(series(index), 2, STYLES[index % len(STYLES)]))
            middle = box.center().y()
            painter.drawLine(QPointF(box.left() + 4, middle), QPointF(box.left() + 32, middle))
            painter.setPen(QColor(colours.text))
            painter.drawText(QPointF(box.left() + 38, middle + metrics.ascent() / 2 - 1), name)
            y += metrics.height() + 4

    def _paint_marker(self, painter: QPainter, marker: LogMarker) -> None:
        colours, area = theme.current(), self._area()
        x = self.x_position(marker.value)
        painter.setPen(QPen(QColor(colours.link_edge), 3.5))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.setPen(QPen(QColor(colours.link), 2))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        grip = QRectF(x - 5, area.bottom() - 1, 10, 9)
        painter.setPen(QPen(QColor(colours.link_edge), 1))
        painter.setBrush(QColor(colours.link))
        painter.drawRoundedRect(grip, 3, 3)
        for index, y_value in enumerate(marker.ys):
            if y_value > 0:
                y = self._y_position(y_value)
                painter.setPen(QPen(QColor(colours.panel), 1.5))
                painter.setBrush(series(index))
                painter.drawEllipse(QPointF(x, y), 5, 5)

    def _paint_labels(self, painter: QPainter, x: float, marker: LogMarker) -> None:
        """The exact counts beside the marker's points, kept apart from each other."""
        area, metrics = self._area(), QFontMetrics(self.font())
        height = metrics.height() + 2
        placed: list[float] = []
        for index, count in sorted(enumerate(marker.ys), key=lambda item: -item[1]):
            if count <= 0:
                continue
            text = f"{count:,}"
            y = self._y_position(count) - height / 2
            while any(abs(y - other) < height for other in placed):
                y += 1
            placed.append(y)
            width = metrics.horizontalAdvance(text) + 8
            left = x + 9 if x + 9 + width < area.right() else x - 9 - width
            self._boxed(painter, QRectF(left, y, width, height), [(text, series(index))])
        text = f"{marker.value:,}"
        width = metrics.horizontalAdvance(text) + 8
        left = min(max(x - width / 2, area.left()), area.right() - width)
        self._boxed(painter, QRectF(left, area.top() - height - 3, width, height), [(text, QColor(theme.current().text))])

    def _boxed(self, painter: QPainter, box: QRectF, lines: Sequence[tuple[str, QColor]]) -> None:
        colours = theme.current()
        ground = QColor(colours.panel)
        ground.setAlpha(235)
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(box, 3, 3)
        height = box.height() / len(lines)
        for number, (text, colour) in enumerate(lines):
            painter.setPen(colour)
            line = QRectF(box.left(), box.top() + number * height, box.width(), height)
            painter.drawText(line, int(Qt.AlignmentFlag.AlignCenter), text)

    def _paint_reading(self, painter: QPainter, at: QPointF) -> None:
        """The exact counts at the computed point nearest to the pointer."""
        area = self._area()
        xs = sorted({x for curve in self._curves for x in curve.xs})
        if not area.contains(at) or not xs:
            return
        nearest = min(xs, key=lambda value: abs(self.x_position(value) - at.x()))
        lines = [(f"{nearest:,}", QColor(theme.current().text))]
        for index, curve in enumerate(self._curves):
            if nearest in curve.xs:
                lines.append((f"{curve.ys[curve.xs.index(nearest)]:,}", series(index)))
        metrics = QFontMetrics(self.font())
        x = self.x_position(nearest)
        painter.setPen(QPen(QColor(theme.current().muted), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        width, height = max(metrics.horizontalAdvance(text) for text, _ in lines) + 12, (metrics.height() + 1) * len(lines)
        left = x + 8 if x + 8 + width < area.right() else x - 8 - width
        top = min(max(at.y() - height - 8, area.top()), area.bottom() - height)
        self._boxed(painter, QRectF(left, top, width, height), lines)

    # -- events -------------------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The marker comes to the pointer, and into the hand."""
        if event.button() == Qt.MouseButton.LeftButton and self._marker is not None and self._spans() is not None:
            self._dragging = True
            self._move_to(self.value_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, or read."""
        self._hover = event.position()
        if self._dragging:
            self._move_to(self.value_at(event.position().x()))
        near = self._marker is not None and abs(self.x_position(self._marker.value) - event.position().x()) < 6
        self.setCursor(Qt.CursorShape.SplitHCursor if near or self._dragging else Qt.CursorShape.CrossCursor)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._dragging = False
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is read."""
        self._hover = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the marker, Home and End take it to the ends."""
        marker = self._marker
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if marker is None:
            super().keyPressEvent(event)
        elif event.key() in moves:
            far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self._move_to(min(max(marker.value + moves[Qt.Key(event.key())] * far * marker.step, marker.low), marker.high))
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._move_to(marker.low if event.key() == Qt.Key.Key_Home else marker.high)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """A new theme: new colours."""
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)

    def _move_to(self, value: int) -> None:
        if self._marker is not None and value != self._marker.value:
            self.marked.emit(value)


def ticks(low: float, high: float) -> list[tuple[int, bool]]:
    """Whole numbers to mark between 10^low and 10^high: 1, 2, 5 of each decade on short axes, powers of ten on long ones."""
    digits = (1, 2, 5) if high - low < 4 else (1,)
    found = []
    for decade in range(max(0, math.floor(low)), math.floor(high) + 1):
        for digit in digits:
            value = digit * 10**decade
            if low - 1e-9 <= math.log10(value) <= high + 1e-9:
                found.append((value, digit == 1))
    return found


def short(value: int) -> str:
    """``5 k``, ``20 M``; beyond the prefixes a power of ten."""
    power = (len(str(value)) - 1) // 3
    if power >= len(_PREFIXES):
        return f"10^{len(str(value)) - 1}"
    return f"{value // 1000**power}{_PREFIXES[power]}"
