"""A pad to draw on with mouse, touch, pen or keys. It knows strokes and nothing else; undo belongs to whoever keeps them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QEventPoint,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from hw2gui.widgets import theme
from hw2gui.widgets.focus import paint_focus
from hw2gui.widgets.key_pen import KeyPen
from hw2gui.widgets.keyboard import KeyList, describe
from hw2gui.widgets.pen_strokes import PAPER, PadStroke, Point, paint_stroke

NEAREST = 0.004
"""Points closer together than this (in sides of the pad) say nothing new and are left out."""

HINT = "#b8b8b8"
"""Words on the paper."""

BY_KEYS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
"""Ways to the pad of those who may want to draw with keys."""


class DrawingPad(QWidget):
    """Shows strokes and takes new ones on a square, as large as there is room for."""

    TITLE = "The drawing pad"
    KEYS: KeyList = (
        ("Arrow keys", "move the pen, two at once along a diagonal; with Shift, a quarter as far"),
        ("Space", "lower the pen, and lift it again"),
        ("Home", "take the pen to the middle"),
        ("Esc", "lift the pen and forget the stroke"),
        ("Delete or Backspace", "clear the pad"),
        ("Ctrl+Z", "take the last stroke back"),
    )

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
        self.setToolTip("Draw here; the right button erases, Delete clears. With keys: arrows move the pen, Space lowers and lifts it")
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
        self._pen = KeyPen()
        self._by_keys = False

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

    def _begin(self, point: Point, erases: bool) -> None:
        """A pointer takes over from the keys: what they were drawing ends there."""
        if self._by_keys:
            self._end()
        self._pen.shown = self._by_keys = False
        self._start(point, erases)

    def _start(self, point: Point, erases: bool) -> None:
        self._erases = erases or self.erasing
        self._points = [point]
        self.moved.emit(self._with_current())
        self.update()

    def _continue(self, point: Point) -> None:
        last = self._points[-1]
        if abs(point[0] - last[0]) + abs(point[1] - last[1]) >= NEAREST:
            self._points.append(point)
            self.moved.emit(self._with_current())
            self.update()

    def _end(self) -> None:
        strokes = self._with_current()
        self._points, self._by_keys = [], False
        self._strokes = strokes
        self.finished.emit(strokes)
        self.update()

    def _with_current(self) -> tuple[PadStroke, ...]:
        if not self._points:
            return self._strokes
        return (*self._strokes, PadStroke(tuple(self._points), self.width_now, self._erases))

    def _square(self) -> QRectF:
        side = min(self.width(), self.height())
        # On whole pixels: the frame would lie beside the paper else.
        return QRectF((self.width() - side) // 2, (self.height() - side) // 2, side, side)

    def _unit(self, position: QPointF) -> Point:
        square = self._square()
        x, y = (position.x() - square.x()) / square.width(), (position.y() - square.y()) / square.height()
        return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)

    # -- events -------------------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke; the right button erases."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton) and (not self._points or self._by_keys):
            self._begin(self._unit(event.position()), event.button() == Qt.MouseButton.RightButton)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with it."""
        if self._points:
            self._continue(self._unit(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it."""
        if self._points:
            self._continue(self._unit(event.position()))
            self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen; its other end erases."""
        kind = event.type()
        if kind == QEvent.Type.TabletPress and (not self._points or self._by_keys):
            self._begin(self._unit(event.position()), event.pointerType().name == "Eraser")
        elif kind == QEvent.Type.TabletMove and self._points:
            self._continue(self._unit(event.position()))
        elif kind == QEvent.Type.TabletRelease and self._points:
            self._end()
        event.accept()

    def event(self, event: QEvent) -> bool:
        """A finger draws; further fingers are ignored."""
        if isinstance(event, QTouchEvent) and event.points():
            point = event.points()[0]
            if event.type() == QEvent.Type.TouchBegin and (not self._points or self._by_keys):
                self._begin(self._unit(point.position()), False)
            elif event.type() in (QEvent.Type.TouchEnd, QEvent.Type.TouchCancel) or point.state() == QEventPoint.State.Released:
                if self._points:
                    self._end()
            elif self._points:
                self._continue(self._unit(point.position()))
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the pen, Space lowers and lifts it; Delete clears."""
        key = event.key()
        if self._pen.moves(event):
            self._pen_moved()
        elif key == Qt.Key.Key_Home:
            self._pen.centre()
            self._pen_moved()
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._pen_pressed()
        elif key == Qt.Key.Key_Escape and self._by_keys:
            self._forget()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._forget()
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """An arrow that is let go of no longer takes part in a diagonal."""
        self._pen.release(event)
        super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who comes by keys is shown the pen."""
        self._pen.shown = event.reason() in BY_KEYS
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes elsewhere: the pen is lifted."""
        self._pen.let_go()
        if self._by_keys:
            self._end()
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self._pen.shown = False
        super().focusOutEvent(event)

    def _pen_moved(self) -> None:
        self._pen.shown = True
        if self._by_keys:
            self._continue(self._pen.place)
        self.update()

    def _pen_pressed(self) -> None:
        """Lower the pen where it is, or lift it; not while a pointer draws."""
        self._pen.shown = True
        if self._by_keys:
            self._end()
        elif not self._points:
            self._by_keys = True
            self._start(self._pen.place, False)
        self._say(f"Pen {'down' if self._by_keys else 'up'}, {self._pen.words()}")

    def _forget(self) -> None:
        """Take back the stroke that keys are drawing."""
        if self._by_keys:
            self._points, self._by_keys = [], False
            self.moved.emit(self._strokes)
            self.update()
            self._say("Pen up, the stroke is forgotten")

    def _say(self, words: str) -> None:
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

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
            paint_stroke(painter, stroke, square)
        if self._pen.shown and self.hasFocus():
            self._paint_pen(painter, square)
        painter.setClipping(False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawRect(square.adjusted(0.5, 0.5, -0.5, -0.5))
        if self.hasFocus():
            paint_focus(painter, self.rect())

    def _paint_pen(self, painter: QPainter, square: QRectF) -> None:
        if not self._with_current():
            painter.setPen(QColor(HINT))
            painter.drawText(
                square.adjusted(8, 8, -8, -12),
                Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom,
                "Arrows move the pen, Space draws",
            )
        self._pen.paint(painter, square, self.width_now, self._by_keys)
