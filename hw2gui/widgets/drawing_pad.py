"""A pad to draw on with mouse, touch or pen. It knows strokes and nothing else; undo belongs to whoever keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEventPoint, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QTabletEvent, QTouchEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hw2gui.widgets import theme
from hw2gui.widgets.focus import paint_focus
from hw2gui.widgets.keyboard import KeyList, describe

Point = tuple[float, float]

NEAREST = 0.004
"""Points closer together than this (in sides of the pad) say nothing new and are left out."""

PAPER = "#000000"
INK = "#ffffff"
"""White on black, as the characters a network is trained on are."""


@dataclass(frozen=True)
class PadStroke:
    """One movement of the pen: its points and its width in sides of the pad (0..1, from the upper left), and whether it erases."""

    points: tuple[Point, ...]
    width: float
    erases: bool = False


class DrawingPad(QWidget):
    """Shows strokes and takes new ones on a square, as large as there is room for."""

    TITLE = "The drawing pad"
    KEYS: KeyList = (("Delete", "clear the pad"), ("Ctrl+Z", "take the last stroke back"))

    moved = Signal(object)
    """While drawing, a few times a frame at most: all strokes with the one under way."""
    finished = Signal(object)
    """A stroke has ended: all strokes with it."""
    cleared = Signal()
    """Delete was pressed."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        describe(self, self.KEYS)
        self.setToolTip("Draw here; the right button erases, Delete clears")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.width_now = 0.07
        self.erasing = False
        self._strokes: tuple[PadStroke, ...] = ()
        self._points: list[Point] = []
        self._erases = False

    @property
    def strokes(self) -> tuple[PadStroke, ...]:
        """What is drawn, without a stroke under way."""
        return self._strokes

    @property
    def under_way(self) -> bool:
        """Whether a stroke is being drawn now."""
        return bool(self._points)

    def show_strokes(self, strokes: tuple[PadStroke, ...]) -> None:
        """Show *strokes* without telling anybody; a stroke under way is kept."""
        if strokes != self._strokes:
            self._strokes = strokes
            self.update()

    def sizeHint(self) -> QSize:
        """Large enough to draw a character with a mouse."""
        return QSize(260, 260)

    def _begin(self, position: QPointF, erases: bool) -> None:
        self._erases = erases or self.erasing
        self._points = [self._unit(position)]
        self.moved.emit(self._with_current())
        self.update()

    def _continue(self, position: QPointF) -> None:
        point, last = self._unit(position), self._points[-1]
        if abs(point[0] - last[0]) + abs(point[1] - last[1]) >= NEAREST:
            self._points.append(point)
            self.moved.emit(self._with_current())
            self.update()

    def _end(self) -> None:
        strokes = self._with_current()
        self._points = []
        self._strokes = strokes
        self.finished.emit(strokes)
        self.update()

    def _with_current(self) -> tuple[PadStroke, ...]:
        if not self._points:
            return self._strokes
        return (*self._strokes, PadStroke(tuple(self._points), self.width_now, self._erases))

    def _square(self) -> QRectF:
        side = min(self.width(), self.height())
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def _unit(self, position: QPointF) -> Point:
        square = self._square()
        x, y = (position.x() - square.x()) / square.width(), (position.y() - square.y()) / square.height()
        return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)

    # -- events -------------------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke; the right button erases."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton) and not self._points:
            self._begin(event.position(), event.button() == Qt.MouseButton.RightButton)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with it."""
        if self._points:
            self._continue(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it."""
        if self._points:
            self._continue(event.position())
            self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen; its other end erases."""
        kind = event.type()
        if kind == QEvent.Type.TabletPress and not self._points:
            self._begin(event.position(), event.pointerType().name == "Eraser")
        elif kind == QEvent.Type.TabletMove and self._points:
            self._continue(event.position())
        elif kind == QEvent.Type.TabletRelease and self._points:
            self._end()
        event.accept()

    def event(self, event: QEvent) -> bool:
        """A finger draws; further fingers are ignored."""
        if isinstance(event, QTouchEvent) and event.points():
            point = event.points()[0]
            if event.type() == QEvent.Type.TouchBegin and not self._points:
                self._begin(point.position(), False)
            elif event.type() in (QEvent.Type.TouchEnd, QEvent.Type.TouchCancel) or point.state() == QEventPoint.State.Released:
                if self._points:
                    self._end()
            elif self._points:
                self._continue(point.position())
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete clears."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The paper, its middle, the strokes."""
        colours = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.empty))
        square = self._square()
        painter.setClipRect(square)
        painter.fillRect(square, QColor(PAPER))
        painter.setPen(QPen(QColor(70, 70, 70), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(square.center().x(), square.top()), QPointF(square.center().x(), square.bottom()))
        painter.drawLine(QPointF(square.left(), square.center().y()), QPointF(square.right(), square.center().y()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for stroke in self._with_current():
            self._paint_stroke(painter, stroke, square)
        painter.setClipping(False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawRect(square.adjusted(0, 0, -1, -1))
        if self.hasFocus():
            paint_focus(painter, self.rect())

    def _paint_stroke(self, painter: QPainter, stroke: PadStroke, square: QRectF) -> None:
        places = [QPointF(square.x() + x * square.width(), square.y() + y * square.height()) for x, y in stroke.points]
        colour = QColor(PAPER if stroke.erases else INK)
        width = stroke.width * square.width()
        if len(places) == 1:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(places[0], width / 2, width / 2)
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, width, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        painter.drawPath(smooth_path(places))


def smooth_path(places: list[QPointF]) -> QPainterPath:
    """A curve through the middles of neighbouring *places*, bent by the places themselves: no corners where the pointer was sampled."""
    path = QPainterPath(places[0])
    for here, after in pairwise(places[1:]):
        path.quadTo(here, (here + after) / 2)
    path.lineTo(places[-1])
    return path
