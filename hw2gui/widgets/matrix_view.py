"""A matrix one can point at: hover, pin, arrow keys, pan and zoom, values typed or painted, all said in signals."""

from __future__ import annotations

from math import log

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QCursor,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QShowEvent,
    QSinglePointEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from hw2gui.widgets import walk
from hw2gui.widgets.cell_canvas import Behaviour, CellCanvas
from hw2gui.widgets.keyboard import KeyList, describe
from hw2gui.widgets.marks import Cell
from hw2gui.widgets.raster import short_number
from hw2gui.widgets.viewport import Axis, snap

NOTCH = 1.2
"""How much one notch of the wheel zooms."""

KEY_ZOOM = 1.25
WHEEL_PAN = 60
"""How far one notch of the wheel pans sideways, in logical pixels."""

DELETE = "\x7f"
"""What :attr:`MatrixView.typed` tells when a cell is to be emptied."""

_DRAG_PIXELS = 4


class MatrixView(CellCanvas):
    """A :class:`CellCanvas` that follows mouse and keys. Cells are addressed (row, column) from 0."""

    TITLE = "Cells of a matrix or an image"
    KEYS: KeyList = (
        ("Arrows, Page Up, Page Down, Home, End", "walk the cells"),
        ("Enter or Space", "pin the cell, or do what a click does"),
        ("Esc", "let go of the pinned cell"),
        ("+ − 0", "zoom in, zoom out, show all (where one can zoom)"),
        ("a digit, F2, Delete", "type a value, edit it, set it to 0 (where cells can be edited)"),
    )

    hovered = Signal(object)
    """The cell under the pointer or the keyboard's cell, as (row, column); None when it leaves."""
    clicked = Signal(object)
    """A cell was clicked, or Enter pressed on it."""
    released = Signal()
    """Escape was pressed: nothing should stay pinned."""
    typed = Signal(object, str)
    """Typing began on a cell of an editable view, with the first character: none for a double click, :data:`DELETE` to empty the cell."""
    painted = Signal(object, bool)
    """The pointer was dragged over a cell of a painting view; True erases (right button). No cell between two is left out."""
    paint_ended = Signal()

    def __init__(self, name: str, behaviour: Behaviour | None = None, parent: QWidget | None = None) -> None:
        super().__init__(name, behaviour, parent)
        describe(self, self.KEYS)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.first_index = 1
        """What the first row and column are called when a cell is read aloud."""
        self._last: Cell | None = None
        self._press: QPoint | None = None
        self._pan_from: tuple[QPointF, Axis, Axis] | None = None
        self._painting: Qt.MouseButton | None = None
        self._notches = 0.0
        self._resting: QPoint | None = None
        """Where the pointer was when this came into sight, until it moves."""

    def _forget_cells(self) -> None:
        had_one = self.current is not None
        super()._forget_cells()
        self._last, self._pan_from = None, None
        if had_one:
            self.hovered.emit(None)

    # -- pointer ------------------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """What comes into sight under a resting pointer is not pointed at: what is pinned stays explained."""
        self._hover(None)
        self._resting = QCursor.pos()
        super().showEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Follow the pointer from where it enters."""
        if not self._rests(event):
            self._hover(self.cell_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer left: nothing is hovered."""
        self._hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click, a stroke or a pan."""
        position, button = event.position(), event.button()
        self._press = position.toPoint()
        cell = self.cell_at(position)
        if self.behaviour.paints and cell is not None and button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._painting = button
            self._hover(cell)
            self.painted.emit(cell, button == Qt.MouseButton.RightButton)
        elif self.behaviour.pans:
            self._pan_from = (position, self.across, self.down)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hover, paint or pan."""
        position = event.position()
        if self._pan_from is not None and self._moved(position):
            start, across, down = self._pan_from
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            by = (position - start) * self._ratio
            self._place(across.panned(by.x()), down.panned(by.y()))
            return
        if self._rests(event):
            return
        cell = self.cell_at(position)
        if self._painting is not None and cell is not None and cell != self.current:
            for step in walk.line(self.current or cell, cell):
                self.painted.emit(step, self._painting == Qt.MouseButton.RightButton)
        self._hover(cell)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End of a click, a stroke or a pan."""
        moved = self._moved(event.position())
        painting, self._painting = self._painting, None
        self._press, self._pan_from = None, None
        self.unsetCursor()
        if painting is not None:
            self.paint_ended.emit()
        elif event.button() == Qt.MouseButton.LeftButton and not moved:
            cell = self.cell_at(event.position())
            if cell is not None:
                self._hover(cell)
                self.clicked.emit(cell)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Type into a cell, or show everything again."""
        cell = self.cell_at(event.position())
        if self.behaviour.paints:
            self.mousePressEvent(event)
        elif self.behaviour.edits and cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self.typed.emit(cell, "")
        elif self.behaviour.pans:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel zooms at the pointer (with Shift: pans sideways); two fingers on a touchpad pan (with Ctrl: zoom)."""
        if not self.behaviour.pans:
            event.ignore()
            return
        event.accept()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        fingers = not event.pixelDelta().isNull() and event.phase() != Qt.ScrollPhase.NoScrollPhase
        turned = event.angleDelta()
        if fingers and not control:
            self.pan(event.pixelDelta().toPointF())
        elif turned.y() == 0 or (shift and not control):
            self.pan(QPointF((turned.x() or turned.y()) / 120 * WHEEL_PAN, 0))
        else:
            self._zoom_gently(turned.y() / 120, event.position())
        self._hover(self.cell_at(event.position()))

    def event(self, event: QEvent) -> bool:
        """Two fingers pinched on a touchpad zoom."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture and self.behaviour.pans:
            self._zoom_gently(log(max(1 + event.value(), 0.1)) / log(NOTCH), event.position())
            return True
        return super().event(event)

    def _zoom_gently(self, notches: float, at: QPointF) -> None:
        """Zoom by *notches* of a wheel; what is too little for cells of whole pixels adds up until it is enough."""
        self._notches += notches
        factor = NOTCH**self._notches
        if abs(self._notches) >= 1 or all(snap(axis.cell * factor) != axis.cell for axis in (self.across, self.down)):
            self._notches = 0.0
            self.zoom(factor, at)

    def _rests(self, event: QSinglePointEvent) -> bool:
        """Whether the pointer has not moved since this came into sight: Qt tells of it all the same."""
        if self._resting is not None and event.globalPosition().toPoint() != self._resting:
            self._resting = None
        return self._resting is not None

    def _moved(self, position: QPointF) -> bool:
        return self._press is not None and (position.toPoint() - self._press).manhattanLength() > _DRAG_PIXELS

    def _hover(self, cell: Cell | None) -> None:
        if cell != self.current:
            self._last = self.current or self._last
            self.current = cell
            self.hovered.emit(cell)
            self.update()

    # -- keys ---------------------------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Reached by the keyboard: be on a cell, so that something is explained."""
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason) and self.source is not None:
            if self.current is None:
                self._hover(self._beginning())
            self._tell()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard's cell goes with the focus."""
        if not self.underMouse():
            self._hover(None)
        describe(self, self.KEYS)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk the cells, Enter pins, Escape lets go, + − 0 zoom, a digit begins typing."""
        modified = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if self.source is None or modified or not self._key(Qt.Key(event.key()), event.text()):
            super().keyPressEvent(event)

    def _key(self, key: Qt.Key, text: str) -> bool:
        """Do what the key stands for; False when it stands for nothing here."""
        if self._walk_key(key) or self._edit_key(key, text):
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.current is not None:
            self.clicked.emit(self.current)
        elif key == Qt.Key.Key_Escape:
            self.released.emit()
        elif self.behaviour.pans and text in ("+", "=", "-"):
            self._zoom_at_current(1 / KEY_ZOOM if text == "-" else KEY_ZOOM)
        elif self.behaviour.pans and text == "0":
            self.fit()
        else:
            return False
        return True

    def _walk_key(self, key: Qt.Key) -> bool:
        assert self.source is not None
        step = walk.step(key, max(1, len(self.down.visible) - 1))
        if step is None:
            return False
        begins = self.current is None and key not in (Qt.Key.Key_Home, Qt.Key.Key_End)
        cell = walk.moved(self.current or self._beginning(), (0, 0) if begins else step, self.source.shape)
        self.reveal(cell)
        self._hover(cell)
        self._tell()
        return True

    def _edit_key(self, key: Qt.Key, text: str) -> bool:
        if not self.behaviour.edits or self.current is None:
            return False
        if text and text in "0123456789-.,":
            self.typed.emit(self.current, text)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.typed.emit(self.current, DELETE)
        elif key == Qt.Key.Key_F2:
            self.typed.emit(self.current, "")
        else:
            return False
        return True

    def _zoom_at_current(self, factor: float) -> None:
        """Zoom where the keyboard is, and keep its cell in view."""
        cell = self.current
        self.zoom(factor, None if cell is None else self.cell_rect(cell).center())
        if cell is not None:
            self.reveal(cell)

    def _beginning(self) -> Cell:
        """Where a walk begins: at the pinned cell, where the last one ended, or the first cell in view."""
        return self._pinned or self._last or (self.down.visible.start, self.across.visible.start)

    def _tell(self) -> None:
        """Say the cell to whoever does not see it."""
        if self.source is None or self.current is None:
            return
        row, col = self.current
        value = float(self.source.values(range(row, row + 1), range(col, col + 1))[0, 0])
        said = f"row {row + self.first_index}, column {col + self.first_index}: {short_number(value, 12)}"
        self.setAccessibleDescription(said)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))
