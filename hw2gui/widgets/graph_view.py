"""Nodes in columns and lanes, joined by curves: something that unfolds column by column, to be stepped through and pointed at.

Knows no subject. The picture is as large as its columns and lanes need and scrolls; the wheel and the arrow keys go from column to column.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QScrollArea, QToolTip, QWidget

from hw2gui.widgets import keyboard, theme
from hw2gui.widgets.graph_canvas import LANE, NODE_WIDTH, PITCH, Graph, GraphCanvas, Key, column_x
from hw2gui.widgets.keyboard import KeyList

DRAG_PIXELS = 4


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
        self._drag: tuple[QPoint, QPoint] | None = None
        self._dragged = False
        self._turned = 0
        self.canvas = GraphCanvas()
        self.canvas.installEventFilter(self)
        self.setWidget(self.canvas)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.canvas.setAccessibleName(name)
        keyboard.describe(self, self.KEYS)
        self._frame()

    # -- what is shown ------------------------------------------------------------------------------------------------------------

    @property
    def graph(self) -> Graph:
        """What is shown."""
        return self.canvas.graph

    @property
    def current(self) -> Key | None:
        """The node under the pointer, or that the keyboard is on."""
        return self.canvas.current

    def show_graph(self, graph: Graph, column: int | None = None, follow: Key | None = None) -> None:
        """Show *graph* with *column* as today's; when it is another, it and the node *follow* are scrolled into sight."""
        moved = column != self.canvas.column
        self.canvas.graph, self.canvas.column = graph, column
        if self.current is not None and all(node.key != self.current for node in graph.nodes):
            self._hover(None)
        self._fit()
        if moved and column is not None:
            self._follow(column)
            if follow is not None:
                self._show_lane(follow)

    def set_lit(self, keys: Iterable[Key]) -> None:
        """Light nodes, and the curves between them."""
        lit = frozenset(keys)
        if lit != self.canvas.lit:
            self.canvas.lit = lit
            self.canvas.update()

    def sizeHint(self) -> QSize:
        """A few columns and lanes."""
        return QSize(6 * PITCH, 6 * LANE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other room: other lanes."""
        super().resizeEvent(event)
        self._fit()
        if self.canvas.column is not None:
            self._follow(self.canvas.column)

    def _fit(self) -> None:
        self.canvas.fit(self.viewport().width(), self.viewport().height())

    def _follow(self, column: int) -> None:
        """See *column* and the one after it."""
        across = self.horizontalScrollBar()
        left, right = column_x(column) - PITCH, column_x(column) + NODE_WIDTH + PITCH
        across.setValue(min(max(across.value(), right - self.viewport().width()), left))

    def _show_lane(self, key: Key) -> None:
        """Scroll up or down as little as it takes to see a node with a lane around it."""
        down, rect = self.verticalScrollBar(), self.canvas.rect_of(key)
        top, bottom = rect.top() - 2 * self.canvas.lane, rect.bottom() + self.canvas.lane
        down.setValue(round(min(max(down.value(), bottom - self.viewport().height()), top)))

    # -- pointer ------------------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What the mouse does on the picture."""
        if watched is not self.canvas:
            return super().eventFilter(watched, event)
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            node = self.canvas.node_at(event.pos())
            QToolTip.showText(event.globalPos(), node.name if node else "", self.canvas)
            return True
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        elif isinstance(event, QMouseEvent):
            acts = {
                QEvent.Type.MouseButtonPress: self._press,
                QEvent.Type.MouseButtonDblClick: self._press,
                QEvent.Type.MouseMove: self._move,
                QEvent.Type.MouseButtonRelease: self._release,
            }
            if event.type() in acts:
                acts[event.type()](event)
                return True
        return super().eventFilter(watched, event)

    def _hover(self, key: Key | None) -> None:
        if key != self.current:
            self.canvas.current = key
            self.canvas.update()
            self.hovered.emit(key)

    def _press(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._drag = (event.globalPosition().toPoint(), QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value()))
        self._dragged = False

    def _move(self, event: QMouseEvent) -> None:
        if self._drag is None:
            node = self.canvas.node_at(event.position())
            self.canvas.setCursor(Qt.CursorShape.PointingHandCursor if node else Qt.CursorShape.ArrowCursor)
            self._hover(node.key if node else None)
            return
        start, bars = self._drag
        by = event.globalPosition().toPoint() - start
        self._dragged = self._dragged or by.manhattanLength() > DRAG_PIXELS
        if self._dragged:
            self.canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.horizontalScrollBar().setValue(bars.x() - by.x())
            self.verticalScrollBar().setValue(bars.y() - by.y())

    def _release(self, event: QMouseEvent) -> None:
        dragged, self._dragged, self._drag = self._dragged, False, None
        self.canvas.unsetCursor()
        node = self.canvas.node_at(event.position())
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
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -self.graph.columns, Qt.Key.Key_End: self.graph.columns}
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            super().keyPressEvent(event)
        elif key in steps:
            self.stepped.emit(steps[key])
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._walk(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.current is not None:
            self.clicked.emit(self.current)
        elif key == Qt.Key.Key_Escape and self.current is not None:
            self._hover(None)
        else:
            super().keyPressEvent(event)

    def _walk(self, step: int) -> None:
        nodes = sorted((node for node in self.graph.nodes if node.column == self.canvas.column), key=lambda node: node.lane)
        if not nodes:
            return
        keys = [node.key for node in nodes]
        at = keys.index(self.current) + step if self.current in keys else (0 if step > 0 else len(keys) - 1)
        node = nodes[min(max(at, 0), len(nodes) - 1)]
        self._hover(node.key)
        where = self.canvas.rect_of(node.key).center().toPoint()
        self.ensureVisible(where.x(), where.y(), NODE_WIDTH, round(self.canvas.lane))
        self.setAccessibleDescription(node.name)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The frame shows it."""
        super().focusInEvent(event)
        self._frame()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard's node goes with the focus."""
        super().focusOutEvent(event)
        if not self.underMouse():
            self._hover(None)
        keyboard.describe(self, self.KEYS)
        self._frame()

    def _frame(self) -> None:
        """A line around the picture while the keyboard is here."""
        self.setStyleSheet(f"GraphView {{ border: 1px solid {theme.current().accent if self.hasFocus() else 'transparent'}; }}")
