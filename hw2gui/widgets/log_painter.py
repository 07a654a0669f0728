"""Draws curves over logarithmic axes: grid, curves, crossings, marker and what is read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPen

from hw2gui.widgets import theme
from hw2gui.widgets.categorical import series
from hw2gui.widgets.log_axes import LogAxes, LogCurve, LogMarker, short, ticks

STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DashDotLine, Qt.PenStyle.DotLine)
"""The second channel beside colour."""
MOST_Y_LABELS = 9
GRIP = 9
"""How far the marker's grip hangs below the area, in logical pixels; numbers stand lower."""
SAMPLE = 28
"""The piece of a line before its name, in logical pixels."""


def legend_line(metrics: QFontMetrics) -> int:
    """How high a line of the legend is, in logical pixels."""
    return metrics.height() + 4


class LogPainter:
    """Draws with *painter* in the colours of the theme; each method one thing."""

    def __init__(self, painter: QPainter, axes: LogAxes) -> None:
        self.painter = painter
        self.axes = axes
        self.metrics = painter.fontMetrics()

    def paint_grid(self) -> None:
        """The marked numbers of both axes, with a line for each."""
        axes, area, metrics = self.axes, self.axes.area, self.metrics
        right_end = -math.inf
        for value, major in ticks(axes.left, axes.right):
            x = axes.x_position(value)
            self.painter.setPen(self._grid_pen(major))
            self.painter.drawLine(QPointF(round(x) + 0.5, area.top()), QPointF(round(x) + 0.5, area.bottom()))
            label = short(value)
            width = metrics.horizontalAdvance(label)
            if x - width / 2 > right_end + 6:
                self.painter.setPen(QColor(theme.current().muted))
                self.painter.drawText(QPointF(x - width / 2, area.bottom() + metrics.ascent() + GRIP), label)
                right_end = x + width / 2
        decades = axes.high - axes.low
        every = max(1, math.ceil(decades / MOST_Y_LABELS))
        for value, major in ticks(axes.low, axes.high):
            if decades >= 2 and not (major and round(math.log10(value)) % every == 0):
                continue
            y = axes.y_position(value)
            self.painter.setPen(self._grid_pen(major))
            self.painter.drawLine(QPointF(area.left(), round(y) + 0.5), QPointF(area.right(), round(y) + 0.5))
            self.painter.setPen(QColor(theme.current().muted))
            right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.painter.drawText(QRectF(0, y - 8, area.left() - 5, 16), right, short(value))

    def paint_names(self, across: str, down: str, height: float) -> None:
        """What the axes are called, at the lower and the left edge of a widget so *height*."""
        area, centre = self.axes.area, int(Qt.AlignmentFlag.AlignCenter)
        self.painter.setPen(QColor(theme.current().text))
        self.painter.drawText(QRectF(area.left(), height - 19, area.width(), 18), centre, across)
        self.painter.save()
        self.painter.translate(11, area.center().y())
        self.painter.rotate(-90)
        self.painter.drawText(QRectF(-area.height() / 2, -9, area.height(), 18), centre, down)
        self.painter.restore()

    def _grid_pen(self, major: bool) -> QPen:
        colour = QColor(theme.current().line)
        if not major:
            colour.setAlpha(90)
        return QPen(colour, 1)

    def paint_curve(self, index: int, curve: LogCurve) -> None:
        """Curve number *index*, with its points where they lie apart."""
        path = QPainterPath()
        points = [QPointF(self.axes.x_position(x), self.axes.y_position(y)) for x, y in zip(curve.xs, curve.ys, strict=True) if y > 0]
        if not points:
            return
        path.moveTo(points[0])
        for point in points[1:]:
            path.lineTo(point)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.setPen(QPen(series(index), 2, STYLES[index % len(STYLES)]))
        self.painter.drawPath(path)
        if len(points) > 1 and any(b.x() - a.x() > 5 for a, b in pairwise(points)):
            self.painter.setPen(Qt.PenStyle.NoPen)
            self.painter.setBrush(series(index))
            for point in points:
                self.painter.drawEllipse(point, 1.8, 1.8)

    def paint_crossings(self, places: Sequence[tuple[int, int]]) -> None:
        """A line where two curves change places; where they do so often, the words are for all of them."""
        if not places:
            return
        area = self.axes.area
        self.painter.setPen(QPen(QColor(theme.current().warning), 1, Qt.PenStyle.DotLine))
        for before, after in places:
            x = (self.axes.x_position(before) + self.axes.x_position(after)) / 2
            self.painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        (first, _), (low, last) = places[0], places[-1]
        words = f"they cross: {low:,} | {last:,}" if len(places) == 1 else f"they cross {len(places)} times: {first:,} … {last:,}"
        x = self.axes.x_position(last)
        width = self.metrics.horizontalAdvance(words)
        self.painter.drawText(QPointF(x + 5 if x + 5 + width < area.right() else x - 5 - width, area.bottom() - 6), words)

    def paint_legend(self, curves: Sequence[LogCurve]) -> None:
        """The curves' names, in their order, above the area: over it they would hide what they name."""
        left, middle = self.axes.area.left(), legend_line(self.metrics) / 2
        for index, curve in enumerate(curves):
            self.painter.setPen(QPen(series(index), 2, STYLES[index % len(STYLES)]))
            self.painter.drawLine(QPointF(left, middle), QPointF(left + SAMPLE, middle))
            self.painter.setPen(QColor(theme.current().text))
            name = self.metrics.elidedText(curve.name, Qt.TextElideMode.ElideMiddle, int(self.axes.area.width() - SAMPLE - 8))
            self.painter.drawText(QPointF(left + SAMPLE + 8, middle + self.metrics.ascent() / 2 - 1), name)
            middle += legend_line(self.metrics)

    def paint_marker(self, marker: LogMarker) -> None:
        """The line to drag, its grip, and a spot on each curve."""
        colours, area = theme.current(), self.axes.area
        x = self.axes.x_position(marker.value)
        self.painter.setPen(QPen(QColor(colours.link_edge), 3.5))
        self.painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        self.painter.setPen(QPen(QColor(colours.link), 2))
        self.painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        grip = QRectF(x - 5, area.bottom() - 1, 10, GRIP)
        self.painter.setPen(QPen(QColor(colours.link_edge), 1))
        self.painter.setBrush(QColor(colours.link))
        self.painter.drawRoundedRect(grip, 3, 3)
        for index, y_value in enumerate(marker.ys):
            if y_value > 0:
                y = self.axes.y_position(y_value)
                self.painter.setPen(QPen(QColor(colours.panel), 1.5))
                self.painter.setBrush(series(index))
                self.painter.drawEllipse(QPointF(x, y), 5, 5)

    def paint_labels(self, marker: LogMarker) -> None:
        """The exact counts beside the marker's points, kept apart from each other."""
        area, x = self.axes.area, self.axes.x_position(marker.value)
        height = self.metrics.height() + 2
        placed: list[float] = []
        for index, count in sorted(enumerate(marker.ys), key=lambda item: -item[1]):
            if count <= 0:
                continue
            text = f"{count:,}"
            y = self.axes.y_position(count) - height / 2
            while any(abs(y - other) < height for other in placed):
                y += 1
            placed.append(y)
            width = self.metrics.horizontalAdvance(text) + 8
            left = x + 9 if x + 9 + width < area.right() else x - 9 - width
            self._boxed(QRectF(left, y, width, height), [(text, series(index))])
        text = f"{marker.value:,}"
        width = self.metrics.horizontalAdvance(text) + 8
        left = min(max(x - width / 2, area.left()), area.right() - width)
        self._boxed(QRectF(left, area.top() - height - 3, width, height), [(text, QColor(theme.current().text))])

    def paint_reading(self, curves: Sequence[LogCurve], at: QPointF) -> None:
        """The exact counts at the computed point nearest to the pointer."""
        area = self.axes.area
        xs = sorted({x for curve in curves for x in curve.xs})
        if not area.contains(at) or not xs:
            return
        nearest = min(xs, key=lambda value: abs(self.axes.x_position(value) - at.x()))
        lines = [(f"{nearest:,}", QColor(theme.current().text))]
        for index, curve in enumerate(curves):
            if nearest in curve.xs:
                lines.append((f"{curve.ys[curve.xs.index(nearest)]:,}", series(index)))
        x = self.axes.x_position(nearest)
        self.painter.setPen(QPen(QColor(theme.current().muted), 1, Qt.PenStyle.DotLine))
        self.painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        width, height = max(self.metrics.horizontalAdvance(text) for text, _ in lines) + 12, (self.metrics.height() + 1) * len(lines)
        left = x + 8 if x + 8 + width < area.right() else x - 8 - width
        top = min(max(at.y() - height - 8, area.top()), area.bottom() - height)
        self._boxed(QRectF(left, top, width, height), lines)

    def _boxed(self, box: QRectF, lines: Sequence[tuple[str, QColor]]) -> None:
        colours = theme.current()
        ground = QColor(colours.panel)
        ground.setAlpha(235)
        self.painter.setPen(QPen(QColor(colours.line), 1))
        self.painter.setBrush(ground)
        self.painter.drawRoundedRect(box, 3, 3)
        height = box.height() / len(lines)
        for number, (text, colour) in enumerate(lines):
            self.painter.setPen(colour)
            line = QRectF(box.left(), box.top() + number * height, box.width(), height)
            self.painter.drawText(line, int(Qt.AlignmentFlag.AlignCenter), text)
