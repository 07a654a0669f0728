"""Curves on two logarithmic axes with a marker to drag: whole numbers of any size, in the colours of the theme."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hw2gui.widgets import theme
from hw2gui.widgets.focus import paint_focus
from hw2gui.widgets.keyboard import KeyList, describe
from hw2gui.widgets.log_axes import LogAxes, LogCurve, LogMarker
from hw2gui.widgets.log_painter import LogPainter, legend_line

LEFT, RIGHT, TOP, BOTTOM = 58, 14, 24, 46
"""Room around the area of the curves, in logical pixels; the legend stands above it."""


class LogPlot(QWidget):
    """Drag the marker, or focus it and press the arrow keys (Shift: ten at a time)."""

    TITLE = "The marker of a plot"
    KEYS: KeyList = (("Left, Right", "move the marker; with Shift, ten steps"), ("Home, End", "take it to an end"))

    marked = Signal(int)
    """The user moved the marker to this value."""
    grabbed = Signal(bool)
    """The marker came into the pointer's hand, or was let go."""

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
        top = TOP + legend_line(self.fontMetrics()) * len(self._curves)
        return QRectF(LEFT, top, max(1, self.width() - LEFT - RIGHT), max(1, self.height() - top - BOTTOM))

    def _axes(self) -> LogAxes | None:
        return LogAxes.around(self._curves, self._area())

    def x_position(self, value: float) -> float:
        """Where *value* lies, in logical pixels from the left."""
        axes = self._axes()
        return axes.x_position(value) if axes else float(LEFT)

    def value_at(self, x: float) -> int:
        """The whole number nearest to the position *x*, within what the marker may take."""
        axes, marker = self._axes(), self._marker
        if axes is None or marker is None:
            return 1
        return min(max(marker.step * round(axes.value_at(x) / marker.step), marker.low), marker.high)

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
        axes = self._axes()
        if axes is None:
            painter.setPen(QColor(colours.muted))
            painter.drawText(self._area(), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._message)
            return
        self._paint(painter, LogPainter(painter, axes))
        if self.hasFocus():
            paint_focus(painter, self.rect())

    def _paint(self, painter: QPainter, picture: LogPainter) -> None:
        """From what lies lowest to what lies on top."""
        picture.paint_grid()
        picture.paint_names(*self._labels, self.height())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(picture.axes.area.adjusted(-1, -1, 1, 1))
        picture.paint_crossings(self._crossings)
        for index, curve in enumerate(self._curves):
            picture.paint_curve(index, curve)
        painter.restore()
        if self._marker is not None:
            picture.paint_marker(self._marker)
        picture.paint_legend(self._curves)
        if self._marker is not None:
            picture.paint_labels(self._marker)
        if self._hover is not None and not self._dragging:
            picture.paint_reading(self._curves, self._hover)

    # -- events -------------------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The marker comes to the pointer, and into the hand."""
        if event.button() == Qt.MouseButton.LeftButton and self._marker is not None and self._axes() is not None:
            self._dragging = True
            self.grabbed.emit(True)
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
        if self._dragging:
            self._dragging = False
            self.grabbed.emit(False)
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
