"""The picture of a graph in columns and lanes: where its nodes lie, and how they are painted. Knows neither mouse nor keys."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from hw2gui.widgets import theme
from hw2gui.widgets.themes import Theme

Look = Literal["plain", "done", "quiet", "out"]
"""A node that goes on; one that is complete; one that only stays; one that fell out (dashed)."""

Key = Hashable
PITCH, NODE_WIDTH = 88, 58
"""From column to column, and a node's width, in logical pixels."""
LANE, SMALLEST_LANE = 40, 19
"""The height of a lane where there is room, and where there is little; below the latter the picture scrolls."""
HEADER, MARGIN = 22, 8
TWO_LINES = 30
"""From this height of a node on its second line stands under the first, else beside it."""
FADED = 70


@dataclass(frozen=True)
class GraphNode:
    """One node: where it stands, what is written on it (large, and small below), what it is called when read aloud, what it comes from."""

    key: Key
    parent: Key | None
    column: int
    lane: float
    text: str
    below: str = ""
    look: Look = "plain"
    name: str = ""
    faint: bool = False
    """Of a branch that is dead by now."""


@dataclass(frozen=True)
class Graph:
    """All nodes there are now, parents first; the size that all there will ever be need; titles over the columns."""

    nodes: tuple[GraphNode, ...] = ()
    columns: int = 1
    lanes: float = 1.0
    titles: tuple[str, ...] = ()
    border: float | None = None
    """The lane above which a line is drawn, and ``note`` under it."""
    note: str = ""


class GraphCanvas(QWidget):
    """Paints the nodes in sight; as large as all there will ever be need."""

    def __init__(self) -> None:
        super().__init__()
        self.graph = Graph()
        self.column: int | None = None
        """Today's."""
        self.current: Key | None = None
        """The node under the pointer, or that the keyboard is on."""
        self.lit: frozenset[Key] = frozenset()
        self.lane = float(LANE)
        self._rects: dict[Key, QRectF] = {}
        self.setMouseTracking(True)

    def fit(self, width: int, height: int) -> None:
        """Lanes as high as there is room for in a view of *width*×*height*, within bounds; never smaller than the view."""
        room = height - HEADER - 2 * MARGIN
        self.lane = min(float(LANE), max(float(SMALLEST_LANE), room / max(self.graph.lanes, 1.0)))
        node_height = self.lane - max(3.0, self.lane * 0.15)
        self._rects = {
            node.key: QRectF(column_x(node.column), HEADER + MARGIN + node.lane * self.lane, NODE_WIDTH, node_height)
            for node in self.graph.nodes
        }
        wide = column_x(self.graph.columns - 1) + NODE_WIDTH + MARGIN
        high = round(HEADER + 2 * MARGIN + self.graph.lanes * self.lane)
        self.resize(max(wide, width), max(high, height))
        self.update()

    def rect_of(self, key: Key) -> QRectF:
        """Where a node lies, in logical pixels."""
        return self._rects[key]

    def node_at(self, position: QPointF | QPoint) -> GraphNode | None:
        """The node at *position*."""
        at = QPointF(position)
        return next((node for node in self.graph.nodes if self._rects[node.key].contains(at)), None)

    def changeEvent(self, event: QEvent) -> None:
        """A new theme: new colours."""
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)

    # -- painting -----------------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Columns, curves, nodes; what is lit last."""
        painter, area, colours = QPainter(self), QRectF(event.rect()), theme.current()
        seen = area.adjusted(-PITCH, -LANE, PITCH, LANE)
        painter.fillRect(area, QColor(colours.panel))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_columns(painter, colours)
        ordered = sorted(self.graph.nodes, key=lambda node: (node.key in self.lit, not node.faint))
        for node in ordered:
            if node.parent in self._rects and self._rects[node.key].united(self._rects[node.parent]).intersects(seen):
                self._paint_edge(painter, node, node.parent, colours)
        for node in ordered:
            if self._rects[node.key].intersects(seen):
                self._paint_node(painter, node, colours)

    def _paint_columns(self, painter: QPainter, colours: Theme) -> None:
        if self.column is not None:
            band = QRectF(column_x(self.column) - 6, 0, NODE_WIDTH + 12, self.height())
            painter.fillRect(band, QColor(colours.sunken if not colours.dark else colours.window))
        painter.setPen(QColor(colours.muted))
        for column, title in enumerate(self.graph.titles):
            painter.drawText(QRectF(column_x(column), 2, NODE_WIDTH, HEADER), Qt.AlignmentFlag.AlignCenter, title)
        if self.graph.border is not None:
            y = HEADER + MARGIN + self.graph.border * self.lane + self.lane * 0.2
            painter.setPen(QPen(QColor(colours.line), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
            painter.setPen(QColor(colours.muted))
            painter.drawText(QRectF(column_x(0), y + 2, PITCH - 12, 3 * LANE), int(Qt.TextFlag.TextWordWrap), self.graph.note)

    def _paint_edge(self, painter: QPainter, node: GraphNode, parent: Key, colours: Theme) -> None:
        one, other = self._rects[parent], self._rects[node.key]
        start, end = QPointF(one.right(), one.center().y()), QPointF(other.left(), other.center().y())
        bend = (end.x() - start.x()) / 2
        path = QPainterPath(start)
        path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end)
        lit = node.key in self.lit and parent in self.lit
        colour = QColor(colours.link if lit else colours.muted)
        if not lit:
            colour.setAlpha(FADED if node.faint or node.look == "out" else 190)
        style = Qt.PenStyle.DashLine if node.look == "out" else Qt.PenStyle.DotLine if node.look == "quiet" else Qt.PenStyle.SolidLine
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if lit:
            painter.setPen(QPen(QColor(colours.link_edge), 4))
            painter.drawPath(path)
        painter.setPen(QPen(colour, 2.5 if lit else 1.4, style))
        painter.drawPath(path)

    def _paint_node(self, painter: QPainter, node: GraphNode, colours: Theme) -> None:
        rect = self._rects[node.key]
        lit = node.key in self.lit
        frame = QColor(colours.good if node.look in ("done", "quiet") else colours.muted if node.look == "out" else colours.accent)
        faint = (node.faint or node.look == "out") and not lit
        if faint:
            frame.setAlpha(110)
        fill = QColor(colours.panel if node.look != "done" else colours.sunken)
        painter.setBrush(fill)
        dashed = Qt.PenStyle.DashLine if node.look == "out" else Qt.PenStyle.DotLine if node.look == "quiet" else Qt.PenStyle.SolidLine
        if lit:
            painter.setPen(QPen(QColor(colours.link_edge), 4))
            painter.drawRoundedRect(rect, 5, 5)
            painter.setPen(QPen(QColor(colours.link), 2.5))
        else:
            painter.setPen(QPen(frame, 2 if node.look == "done" else 1.2, dashed))
        painter.drawRoundedRect(rect, 5, 5)
        if node.key == self.current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.text), 1.5))
            painter.drawRoundedRect(rect.adjusted(-3, -3, 3, 3), 6, 6)
        self._paint_words(painter, node, rect, QColor(colours.muted if faint else colours.text), QColor(colours.muted))

    def _paint_words(self, painter: QPainter, node: GraphNode, rect: QRectF, ink: QColor, pale: QColor) -> None:
        large, small = QFont(self.font()), QFont(self.font())
        two = rect.height() >= TWO_LINES and bool(node.below)
        large.setPixelSize(max(9, min(17, round(rect.height() * (0.5 if two else 0.75)))))
        small.setPixelSize(max(8, min(11, round(rect.height() * (0.34 if two else 0.62)))))
        upper, lower = QRectF(rect), QRectF(rect)
        if two:
            upper.setHeight(rect.height() * 0.58)
            lower.setTop(upper.bottom() - 1)
        elif node.below:
            upper.setWidth(rect.width() * 0.36)
            lower.setLeft(upper.right())
        painter.setFont(large)
        painter.setPen(ink)
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, node.text)
        painter.setFont(small)
        painter.setPen(pale)
        painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, node.below)


def column_x(column: int) -> int:
    """Where a column begins, in logical pixels."""
    return MARGIN + column * PITCH
