"""Nodes in columns and lanes, joined by curves: something that unfolds column by column. Knows no subject.

The picture is as large as its columns and lanes need and scrolls; the wheel and the arrow keys go from column to column.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QScrollArea, QToolTip, QWidget

from hw2gui.widgets import keyboard, theme
from hw2gui.widgets.keyboard import KeyList

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
DRAG_PIXELS = 4


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


class _Canvas(QWidget):
    """Paints the nodes in sight; mouse and keys are the view's."""

    def __init__(self, view: GraphView) -> None:
        super().__init__()
        self._view = view
        self.setMouseTracking(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._view.paint(QPainter(self), event.rect())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._view.move(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._view.press(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._view.release(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._view.hover(None)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            node = self._view.node_at(event.pos())
            QToolTip.showText(event.globalPos(), node.name if node else "", self)
            return True
        return super().event(event)


class GraphView(QScrollArea):
    """Shows a :class:`Graph`; one of its columns is today's, and one of its nodes may be the current one."""

    TITLE = "Graph"
    KEYS: KeyList = (
        ("← →", "a step back or forward"),
        ("↑ ↓", "walk the nodes of the column"),
        ("Home End", "to the first or the last step"),
        ("Enter", "click the node"),
        ("Wheel", "steps; with Shift it scrolls sideways, with Ctrl up and down"),
    )
    hovered = Signal(object)
    """The key of the node under the pointer or reached by the keyboard; None when there is none."""
    clicked = Signal(object)
    """The key of a node."""
    stepped = Signal(int)
    """So many columns on (or, negative, back) are wanted."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._graph = Graph()
        self._rects: dict[Key, QRectF] = {}
        self._column: int | None = None
        self._current: Key | None = None
        self._lit: frozenset[Key] = frozenset()
        self._lane = float(LANE)
        self._drag: tuple[QPoint, QPoint] | None = None
        self._dragged = False
        self._turned = 0
        self._canvas = _Canvas(self)
        self.setWidget(self._canvas)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        keyboard.describe(self, self.KEYS)

    # -- what is shown ------------------------------------------------------------------------------------------------------------

    @property
    def graph(self) -> Graph:
        """What is shown."""
        return self._graph

    @property
    def current(self) -> Key | None:
        """The node under the pointer, or that the keyboard is on."""
        return self._current

    @property
    def lit(self) -> frozenset[Key]:
        """The nodes that are lit."""
        return self._lit

    def show_graph(self, graph: Graph, column: int | None = None) -> None:
        """Show *graph* with *column* as today's, scrolled into sight when it is another."""
        moved = column != self._column
        self._graph, self._column = graph, column
        if self._current is not None and all(node.key != self._current for node in graph.nodes):
            self.hover(None)
        self._place()
        if moved and column is not None:
            self.ensureVisible(round(self._x(column) + NODE_WIDTH / 2), self.verticalScrollBar().value(), PITCH, 0)
        self._canvas.update()

    def set_lit(self, keys: Iterable[Key]) -> None:
        """Light nodes, and the curves between them."""
        lit = frozenset(keys)
        if lit != self._lit:
            self._lit = lit
            self._canvas.update()

    def rect_of(self, key: Key) -> QRectF:
        """Where a node lies on the canvas, in logical pixels."""
        return self._rects[key]

    @property
    def canvas(self) -> QWidget:
        """The widget that mouse events go to."""
        return self._canvas

    def _x(self, column: int) -> float:
        return MARGIN + column * PITCH

    def _place(self) -> None:
        """Lanes as high as there is room for, within bounds."""
        room = self.viewport().height() - HEADER - 2 * MARGIN
        self._lane = min(float(LANE), max(float(SMALLEST_LANE), room / max(self._graph.lanes, 1.0)))
        height = self._lane - max(3.0, self._lane * 0.15)
        self._rects = {
            node.key: QRectF(self._x(node.column), HEADER + MARGIN + node.lane * self._lane, NODE_WIDTH, height)
            for node in self._graph.nodes
        }
        wide = round(self._x(self._graph.columns) + MARGIN)
        high = round(HEADER + 2 * MARGIN + self._graph.lanes * self._lane)
        self._canvas.resize(max(wide, self.viewport().width()), max(high, self.viewport().height()))

    def sizeHint(self) -> QSize:
        """A few columns and lanes."""
        return QSize(6 * PITCH, 6 * LANE)

    def resizeEvent(self, event: object) -> None:
        """Other room: other lanes."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        """A new theme: new colours."""
        if event.type() == QEvent.Type.PaletteChange:
            self._canvas.update()
        super().changeEvent(event)

    # -- painting -----------------------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, area: object) -> None:
        """Draw what lies in *area* (a rectangle of the canvas)."""
        colours = theme.current()
        seen = QRectF(area).adjusted(-PITCH, -LANE, PITCH, LANE)  # type: ignore[call-overload]
        painter.fillRect(QRectF(area), QColor(colours.panel))  # type: ignore[call-overload]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_columns(painter, colours)
        ordered = sorted(self._graph.nodes, key=lambda node: (node.key in self._lit, not node.faint))
        for node in ordered:
            if node.parent in self._rects and self._edge_box(node).intersects(seen):
                self._paint_edge(painter, node, colours)
        for node in ordered:
            if self._rects[node.key].intersects(seen):
                self._paint_node(painter, node, colours)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            offset = QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
            painter.drawRect(QRectF(self.viewport().rect()).translated(offset).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_columns(self, painter: QPainter, colours: theme.Theme) -> None:
        if self._column is not None:
            band = QRectF(self._x(self._column) - 6, 0, NODE_WIDTH + 12, self._canvas.height())
            painter.fillRect(band, QColor(colours.sunken if not colours.dark else colours.window))
        painter.setPen(QColor(colours.muted))
        for column, title in enumerate(self._graph.titles):
            painter.drawText(QRectF(self._x(column), 2, NODE_WIDTH, HEADER), Qt.AlignmentFlag.AlignCenter, title)
        if self._graph.border is not None:
            y = HEADER + MARGIN + self._graph.border * self._lane + self._lane * 0.2
            painter.setPen(QPen(QColor(colours.line), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(0, y), QPointF(self._canvas.width(), y))
            painter.setPen(QColor(colours.muted))
            painter.drawText(QRectF(self._x(0), y + 2, PITCH - 12, 3 * LANE), int(Qt.TextFlag.TextWordWrap), self._graph.note)

    def _edge_box(self, node: GraphNode) -> QRectF:
        return self._rects[node.key].united(self._rects[node.parent])

    def _paint_edge(self, painter: QPainter, node: GraphNode, colours: theme.Theme) -> None:
        one, other = self._rects[node.parent], self._rects[node.key]
        start, end = QPointF(one.right(), one.center().y()), QPointF(other.left(), other.center().y())
        bend = (end.x() - start.x()) / 2
        path = QPainterPath(start)
        path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end)
        lit = node.key in self._lit and node.parent in self._lit
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

    def _paint_node(self, painter: QPainter, node: GraphNode, colours: theme.Theme) -> None:
        rect = self._rects[node.key]
        lit = node.key in self._lit
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
        if node.key == self._current:
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

    # -- pointer ------------------------------------------------------------------------------------------------------------------

    def node_at(self, position: QPoint) -> GraphNode | None:
        """The node at *position* of the canvas."""
        at = QPointF(position)
        return next((node for node in self._graph.nodes if self._rects[node.key].contains(at)), None)

    def hover(self, key: Key | None) -> None:
        """Make *key* the current node and tell so."""
        if key != self._current:
            self._current = key
            self.hovered.emit(key)
            self._canvas.update()

    def press(self, event: QMouseEvent) -> None:
        """Begin a click, or a drag of the picture."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._drag = (event.globalPosition().toPoint(), QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value()))
        self._dragged = False

    def move(self, event: QMouseEvent) -> None:
        """Hover, or drag the picture."""
        if self._drag is None:
            node = self.node_at(event.position().toPoint())
            self._canvas.setCursor(Qt.CursorShape.PointingHandCursor if node else Qt.CursorShape.ArrowCursor)
            self.hover(node.key if node else None)
            return
        start, bars = self._drag
        by = event.globalPosition().toPoint() - start
        self._dragged = self._dragged or by.manhattanLength() > DRAG_PIXELS
        if self._dragged:
            self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.horizontalScrollBar().setValue(bars.x() - by.x())
            self.verticalScrollBar().setValue(bars.y() - by.y())

    def release(self, event: QMouseEvent) -> None:
        """End of a click or a drag."""
        dragged, self._dragged, self._drag = self._dragged, False, None
        self._canvas.unsetCursor()
        node = self.node_at(event.position().toPoint())
        if not dragged and node is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(node.key)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A notch is a step; with Shift it scrolls sideways, with Ctrl up and down; two fingers on a touchpad scroll."""
        event.accept()
        turned, modifiers = event.angleDelta(), event.modifiers()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        fingers = not event.pixelDelta().isNull() and event.phase() != Qt.ScrollPhase.NoScrollPhase
        if fingers:
            across.setValue(across.value() - event.pixelDelta().x())
            down.setValue(down.value() - event.pixelDelta().y())
        elif modifiers & Qt.KeyboardModifier.ControlModifier:
            down.setValue(down.value() - turned.y() * LANE // 120)
        elif modifiers & Qt.KeyboardModifier.ShiftModifier or not turned.y():
            across.setValue(across.value() - (turned.x() or turned.y()) * PITCH // 120)
        else:
            self._turned += turned.y()
            notches, self._turned = int(self._turned / 120), self._turned - 120 * int(self._turned / 120)
            if notches:
                self.stepped.emit(-notches)

    # -- keys ---------------------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right are steps, Up and Down walk today's column, Enter clicks."""
        key = Qt.Key(event.key())
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -self._graph.columns, Qt.Key.Key_End: self._graph.columns}
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            super().keyPressEvent(event)
        elif key in steps:
            self.stepped.emit(steps[key])
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._walk(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._current is not None:
            self.clicked.emit(self._current)
        elif key == Qt.Key.Key_Escape and self._current is not None:
            self.hover(None)
        else:
            super().keyPressEvent(event)

    def _walk(self, step: int) -> None:
        nodes = sorted((node for node in self._graph.nodes if node.column == self._column), key=lambda node: node.lane)
        if not nodes:
            return
        keys = [node.key for node in nodes]
        at = keys.index(self._current) + step if self._current in keys else (0 if step > 0 else len(keys) - 1)
        node = nodes[min(max(at, 0), len(nodes) - 1)]
        self.hover(node.key)
        where = self._rects[node.key].center().toPoint()
        self.ensureVisible(where.x(), where.y(), NODE_WIDTH, round(self._lane))
        self.setAccessibleDescription(node.name)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The frame shows it."""
        super().focusInEvent(event)
        self._canvas.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard's node goes with the focus."""
        super().focusOutEvent(event)
        if not self.underMouse():
            self.hover(None)
        keyboard.describe(self, self.KEYS)
        self._canvas.update()
