"""A matrix on the screen: any size, pan and zoom, hover, pin, arrow keys, linked highlights, values typed or painted.

The view keeps a picture of the cells (drawn again only when source, colours or zoom change) and paints what moves, the highlights, over it;
so following the pointer costs a fraction of a frame whatever the size of the matrix.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from hw2gui.colour import Scale
from hw2gui.widgets import theme
from hw2gui.widgets.cells import CellSource
from hw2gui.widgets.raster import draw_values, mask_raster, raster
from hw2gui.widgets.viewport import Axis

Cell = tuple[int, int]
MAX_OUTLINED = 2000
"""More highlighted patches than this are shown by their hull alone."""

_DRAG_PIXELS = 4


@dataclass(frozen=True, eq=False)
class Highlight:
    """What is lit in a view: whole rows and columns as bands, a product of rows and columns as cells, and cells told by a mask."""

    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()
    cells: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None
    """Every pair of one of these rows and one of these columns, both rising."""
    mask: CellSource | None = None
    """Lit where not zero; exact at any zoom, whatever the number of cells."""


NOTHING = Highlight()


@dataclass(frozen=True)
class Marker:
    """A cell pointed out with a letter, whatever is hovered (the two entries that break a diagonal)."""

    cell: Cell
    text: str
    bad: bool = True


@dataclass(frozen=True)
class Behaviour:
    """What the pointer may do in a view."""

    pans: bool = False
    """Wheel zooms, dragging pans."""
    square: bool = True
    """Cells are as wide as high."""
    edits: bool = False
    """Typing a number changes the current cell."""
    paints: bool = field(default=False)
    """Dragging with the left button paints."""


class MatrixView(QWidget):
    """Shows a :class:`CellSource`. Cells are addressed (row, column) from 0."""

    hovered = Signal(object)
    """The cell under the pointer or the keyboard's cell, as (row, column); None when it leaves."""
    clicked = Signal(object)
    """A cell was clicked, or Enter pressed on it."""
    released = Signal()
    """Escape was pressed: nothing should stay pinned."""
    typed = Signal(object, str)
    """Typing began on a cell of an editable view, with the first character."""
    painted = Signal(object, bool)
    """The pointer was dragged over a cell of a painting view; True erases (right button)."""
    paint_ended = Signal()
    view_changed = Signal()
    """Pan or zoom or size changed."""

    def __init__(self, name: str, behaviour: Behaviour | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.behaviour = behaviour or Behaviour()
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.source: CellSource | None = None
        self.scale = Scale("diverging", -1.0, 1.0)
        self.across = Axis(1, 1, 1.0, 0.0)
        self.down = Axis(1, 1, 1.0, 0.0)
        self.current: Cell | None = None
        self._fitted = True
        self._picture: QImage | None = None
        self._highlight = NOTHING
        self._pinned: Cell | None = None
        self._markers: tuple[Marker, ...] = ()
        self._veil: tuple[tuple[int, int, int, int], ...] = ()
        self._blocks: tuple[int, int] | None = None
        self._tint: CellSource | None = None
        self._tint_picture: QImage | None = None
        self._press: QPoint | None = None
        self._pan_from: tuple[QPointF, float, float] | None = None
        self._painting: Qt.MouseButton | None = None
        self._strip_of: tuple[MatrixView, Qt.Orientation] | None = None

    # -- what is shown ------------------------------------------------------------------------------------------------------------

    def show_source(self, source: CellSource | None, scale: Scale) -> None:
        """Show *source* in the colours of *scale*; the zoom is kept when the shape is the same."""
        same_shape = self.source is not None and source is not None and self.source.shape == source.shape
        self.source, self.scale = source, scale
        self._forget_pictures()
        if not same_shape:
            self.current = None
            self._markers, self._veil, self._tint = (), (), None
            self._highlight, self._pinned = NOTHING, None
            self.fit()
        self.update()

    def set_highlight(self, highlight: Highlight) -> None:
        """Light *highlight* (and nothing else)."""
        if highlight is not self._highlight:
            self._highlight = highlight
            self.update()

    def set_pinned(self, cell: Cell | None) -> None:
        """Mark *cell* as the pinned one."""
        if cell != self._pinned:
            self._pinned = cell
            self.update()

    def set_markers(self, markers: tuple[Marker, ...]) -> None:
        """Point out cells with letters."""
        if markers != self._markers:
            self._markers = markers
            self.update()

    def set_veil(self, rectangles: tuple[tuple[int, int, int, int], ...]) -> None:
        """Cover the cells of *rectangles* (row, column, rows, columns): what is not computed yet while the window slides."""
        if rectangles != self._veil:
            self._veil = rectangles
            self.update()

    def set_tint(self, mask: CellSource | None) -> None:
        """Tint the cells where *mask* is not zero, under everything else that is marked."""
        self._tint, self._tint_picture = mask, None
        self.update()

    def set_blocks(self, blocks: tuple[int, int] | None) -> None:
        """Draw a stronger line every so many (rows, columns)."""
        if blocks != self._blocks:
            self._blocks = blocks
            self._forget_pictures()

    # -- pan and zoom -------------------------------------------------------------------------------------------------------------

    @property
    def fitted(self) -> bool:
        """Whether the whole matrix is shown, as it is until one zooms."""
        return self._fitted

    def follow(self, view: MatrixView, orientation: Qt.Orientation) -> None:
        """Be a strip along *view*: take over its place and zoom along *orientation*."""
        self._strip_of = (view, orientation)
        view.view_changed.connect(self._follow)
        self._follow()

    def fit(self) -> None:
        """Show the whole matrix."""
        self._fitted = True
        across, down = self._least()
        self._place(across.placed(across.least, 0.0), down.placed(down.least, 0.0))

    def _least(self) -> tuple[Axis, Axis]:
        """Both axes for the present source and size, zoomed out as far as they go."""
        rows, cols = self.source.shape if self.source is not None else (1, 1)
        size = self._device_size()
        across, down = Axis.fit_size(cols, size.width()), Axis.fit_size(rows, size.height())
        if self.behaviour.square:
            across = down = min(across, down)
        return Axis(cols, size.width(), across, 0.0, across), Axis(rows, size.height(), down, 0.0, down)

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom in (*factor* > 1) or out, the cell at the position *at* (default: the middle) staying in place."""
        ratio = self.devicePixelRatioF()
        point = (at if at is not None else QPointF(self.width() / 2, self.height() / 2)) * ratio
        across, down = self.across.zoomed(factor, point.x()), self.down.zoomed(factor, point.y())
        if self.behaviour.square and across.cell != down.cell:
            # The axis that fits earlier stops earlier; both keep the larger cell.
            cell = max(across.cell, down.cell)
            across = self.across.placed(cell, self.across.origin + point.x() / self.across.cell - point.x() / cell)
            down = self.down.placed(cell, self.down.origin + point.y() / self.down.cell - point.y() / cell)
        self._fitted = False
        self._place(across, down)

    def show_cell(self, cell: Cell, least: float = 0.0) -> None:
        """Scroll (and zoom in until cells are *least* logical pixels) so that *cell* is in view."""
        size = max(least * self.devicePixelRatioF(), self.across.cell)
        row, col = cell
        inside = row in self.down.visible and col in self.across.visible
        if inside and size <= self.across.cell:
            return
        self._fitted = False
        across = self.across.placed(size, col + 0.5 - self.across.extent / (2 * size))
        tall = max(least * self.devicePixelRatioF(), self.down.cell)
        down = self.down.placed(tall, row + 0.5 - self.down.extent / (2 * tall))
        self._place(across, down)

    def _follow(self) -> None:
        if self._strip_of is None or self.source is None:
            return
        view, orientation = self._strip_of
        size = self._device_size()
        rows, cols = self.source.shape
        if orientation == Qt.Orientation.Horizontal:
            self._place(Axis(cols, size.width(), view.across.cell, view.across.origin), Axis(rows, size.height(), size.height() / rows, 0.0))
        else:
            self._place(Axis(cols, size.width(), size.width() / cols, 0.0), Axis(rows, size.height(), view.down.cell, view.down.origin))

    def _place(self, across: Axis, down: Axis) -> None:
        if (across, down) != (self.across, self.down):
            self.across, self.down = across, down
            self._forget_pictures()
            self.view_changed.emit()

    def _forget_pictures(self) -> None:
        self._picture, self._tint_picture = None, None
        self.update()

    def _device_size(self) -> QSize:
        ratio = self.devicePixelRatioF()
        return QSize(max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio)))

    def _resettle(self) -> None:
        """After a change of size or screen: keep what was shown."""
        if self._strip_of is not None:
            self._follow()
        elif self._fitted:
            self.fit()
        else:
            across, down = self._least()
            self._place(across.placed(self.across.cell, self.across.origin), down.placed(self.down.cell, self.down.origin))

    # -- geometry -----------------------------------------------------------------------------------------------------------------

    def cell_at(self, position: QPointF) -> Cell | None:
        """The cell at *position* (logical pixels in this widget), or None."""
        if self.source is None:
            return None
        ratio = self.devicePixelRatioF()
        row, col = self.down.cell_at(position.y() * ratio), self.across.cell_at(position.x() * ratio)
        return None if row is None or col is None else (row, col)

    def cell_rect(self, cell: Cell, rows: int = 1, columns: int = 1) -> QRectF:
        """Where *cell* (and its neighbours below and to the right) lies, in logical pixels, at least one device pixel large."""
        ratio = self.devicePixelRatioF()
        top, left = self.down.position(cell[0]), self.across.position(cell[1])
        height, width = max(rows * self.down.cell, 1.0), max(columns * self.across.cell, 1.0)
        return QRectF(left / ratio, top / ratio, width / ratio, height / ratio)

    def sizeHint(self) -> QSize:
        """Enough for a 28×28 image with visible cells."""
        return QSize(200, 200)

    def minimumSizeHint(self) -> QSize:
        """Small, so that layouts decide."""
        return QSize(16, 16)

    # -- painting -----------------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The kept picture, then veil, highlights, pin and markers."""
        painter = QPainter(self)
        painter.drawImage(QPointF(0, 0), self._picture_now())
        if self.source is None:
            return
        colours = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if self._tint is not None:
            if self._tint_picture is None:
                self._tint_picture = self._mask_picture(self._tint, _faded(colours.bad, 38))
            painter.drawImage(QPointF(0, 0), self._tint_picture)
        for row, col, rows, cols in self._veil:
            painter.fillRect(self.cell_rect((row, col), rows, cols), _faded(colours.empty, 235))
        self._paint_highlight(painter, self._highlight)
        if self._pinned is not None:
            self._outline(painter, self.cell_rect(self._pinned), 3)
        if self.current is not None and self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 1, Qt.PenStyle.DotLine))
            painter.drawRect(self.cell_rect(self.current).adjusted(-3, -3, 2, 2))
        for marker in self._markers:
            self._paint_marker(painter, marker)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.drawRect(QRect(0, 0, self.width() - 1, self.height() - 1))

    def _picture_now(self) -> QImage:
        if self._picture is None:
            ratio = self.devicePixelRatioF()
            self._picture = raster(self.source, self.across, self.down, self.scale, theme.current(), self._blocks)
            self._picture.setDevicePixelRatio(ratio)
            if self.source is not None:
                draw_values(self._picture, self.source, self.across, self.down, self.scale, theme.current(), ratio)
        return self._picture

    def _paint_highlight(self, painter: QPainter, light: Highlight) -> None:
        colours = theme.current()
        area = QRectF(self.rect())
        rows, cols = self.down.visible, self.across.visible
        # Beside thin lines a band is there to be seen, not to hide what it marks.
        for row in light.rows:
            if row in rows:
                band = self.cell_rect((row, 0), 1, self.across.count) & area
                self._band(painter, band, Qt.Orientation.Horizontal)
        for col in light.columns:
            if col in cols:
                band = self.cell_rect((0, col), self.down.count, 1) & area
                self._band(painter, band, Qt.Orientation.Vertical)
        if light.mask is not None:
            painter.drawImage(QPointF(0, 0), self._mask_picture(light.mask, QColor(colours.link)))
        if light.cells is not None:
            self._paint_cells(painter, *light.cells)

    def _mask_picture(self, mask: CellSource, colour: QColor) -> QImage:
        picture = mask_raster(mask, self.across, self.down, colour)
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        return picture

    def _band(self, painter: QPainter, band: QRectF, orientation: Qt.Orientation) -> None:
        colours = theme.current()
        painter.fillRect(band, _faded(colours.link, 60))
        painter.setPen(QPen(QColor(colours.link), 1))
        if orientation == Qt.Orientation.Horizontal:
            painter.drawLine(band.topLeft(), band.topRight())
            painter.drawLine(band.bottomLeft(), band.bottomRight())
        else:
            painter.drawLine(band.topLeft(), band.bottomLeft())
            painter.drawLine(band.topRight(), band.bottomRight())

    def _paint_cells(self, painter: QPainter, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> None:
        """Outline the patches that the cells form: a whole window is one rectangle, a dilated one many."""
        down, across = _runs(rows, self.down), _runs(cols, self.across)
        if len(down) * len(across) > MAX_OUTLINED:
            down, across = [(down[0][0], down[-1][1])], [(across[0][0], across[-1][1])]
        fill = _faded(theme.current().link, 30)
        for top, bottom in down:
            for left, right in across:
                rect = self.cell_rect((top, left), bottom - top, right - left)
                if (bottom - top) * (right - left) > 1:
                    painter.fillRect(rect, fill)
                self._outline(painter, rect, 2)

    def _outline(self, painter: QPainter, rect: QRectF, width: int) -> None:
        colours = theme.current()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if rect.width() < 6 or rect.height() < 6:
            grow = max(0.0, 6 - min(rect.width(), rect.height())) / 2
            rect = rect.adjusted(-grow, -grow, grow, grow)
        inner = rect.adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.setPen(QPen(QColor(colours.link_edge), width + 1.5, j=Qt.PenJoinStyle.MiterJoin))
        painter.drawRect(inner)
        painter.setPen(QPen(QColor(colours.link), width, j=Qt.PenJoinStyle.MiterJoin))
        painter.drawRect(inner)

    def _paint_marker(self, painter: QPainter, marker: Marker) -> None:
        colours = theme.current()
        colour = QColor(colours.bad if marker.bad else colours.good)
        rect = self.cell_rect(marker.cell)
        grow = max(0.0, 9 - rect.width()) / 2
        rect = rect.adjusted(-grow, -grow, grow, grow)
        painter.setPen(QPen(colour, 2))
        painter.drawRect(rect)
        label = QRectF(rect.right() + 2, rect.top() - 4, 16, 16)
        if label.right() > self.width():
            label.moveRight(rect.left() - 2)
        painter.fillRect(label, colour)
        painter.setPen(QColor(colours.panel))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, marker.text)

    # -- events -------------------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what was shown at the new size."""
        super().resizeEvent(event)
        self._forget_pictures()
        self._resettle()

    def changeEvent(self, event: QEvent) -> None:
        """A new theme: new colours."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._forget_pictures()
        super().changeEvent(event)

    def event(self, event: QEvent) -> bool:
        """The screen's pixel density may change when the window moves."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._forget_pictures()
            self._resettle()
        return super().event(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Follow the pointer from where it enters."""
        self._hover(self.cell_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer left: nothing is hovered."""
        self._hover(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Reached by the keyboard: start at the pinned cell or the first."""
        if self.current is None and self.source is not None and event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._hover(self._pinned or (0, 0))
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The focus ring goes."""
        if not self.underMouse():
            self._hover(None)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click, a stroke or a pan."""
        self._press = event.position().toPoint()
        button = event.button()
        cell = self.cell_at(event.position())
        if self.behaviour.paints and cell is not None and button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._painting = button
            self.painted.emit(cell, button == Qt.MouseButton.RightButton)
        elif self.behaviour.pans:
            self._pan_from = (event.position(), self.across.origin, self.down.origin)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hover, paint or pan."""
        position = event.position()
        moved = self._press is not None and (position.toPoint() - self._press).manhattanLength() > _DRAG_PIXELS
        if self._pan_from is not None and moved:
            start, across, down = self._pan_from
            ratio = self.devicePixelRatioF()
            delta = (position - start) * ratio
            self._fitted = False
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._place(
                self.across.placed(self.across.cell, across - delta.x() / self.across.cell),
                self.down.placed(self.down.cell, down - delta.y() / self.down.cell),
            )
            return
        cell = self.cell_at(position)
        if self._painting is not None and cell is not None and cell != self.current:
            self.painted.emit(cell, self._painting == Qt.MouseButton.RightButton)
        self._hover(cell)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End of a click, a stroke or a pan."""
        moved = self._press is not None and (event.position().toPoint() - self._press).manhattanLength() > _DRAG_PIXELS
        painting, self._painting = self._painting, None
        self._press, self._pan_from = None, None
        self.unsetCursor()
        if painting is not None:
            self.paint_ended.emit()
        elif event.button() == Qt.MouseButton.LeftButton and not moved:
            cell = self.cell_at(event.position())
            if cell is not None:
                self.current = cell
                self.clicked.emit(cell)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show everything again."""
        if self.behaviour.pans:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        if not self.behaviour.pans:
            event.ignore()
            return
        self.zoom(1.2 ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk the cells, Enter pins, Escape lets go, + − 0 zoom, a digit begins typing."""
        if self.source is None or not self._key(event.key(), event.modifiers(), event.text()):
            super().keyPressEvent(event)

    def _key(self, key: int, modifiers: Qt.KeyboardModifier, text: str) -> bool:
        keys = Qt.Key
        if modifiers & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        moves = {keys.Key_Left: (0, -1), keys.Key_Right: (0, 1), keys.Key_Up: (-1, 0), keys.Key_Down: (1, 0)}
        if key in moves:
            self._walk(*moves[keys(key)])
        elif key in (keys.Key_Return, keys.Key_Enter, keys.Key_Space) and self.current is not None:
            self.clicked.emit(self.current)
        elif key == keys.Key_Escape:
            self.released.emit()
        elif key in (keys.Key_Home, keys.Key_End) and self.source is not None:
            rows, cols = self.source.shape
            self._go((0, 0) if key == keys.Key_Home else (rows - 1, cols - 1))
        elif self.behaviour.edits and self.current is not None and text and text in "0123456789-.,":
            self.typed.emit(self.current, text)
        elif self.behaviour.edits and self.current is not None and key in (keys.Key_Delete, keys.Key_Backspace):
            self.typed.emit(self.current, "\x7f")
        elif self.behaviour.pans and text in ("+", "=", "-"):
            self.zoom(1 / 1.25 if text == "-" else 1.25)
        elif self.behaviour.pans and text == "0":
            self.fit()
        else:
            return False
        return True

    def _walk(self, rows: int, cols: int) -> None:
        assert self.source is not None
        at = self.current or self._pinned or (0, 0)
        height, width = self.source.shape
        step = (at[0] + rows, at[1] + cols) if self.current is not None else at
        self._go((min(max(step[0], 0), height - 1), min(max(step[1], 0), width - 1)))

    def _go(self, cell: Cell) -> None:
        if self._strip_of is None:
            self.show_cell(cell)
        self._hover(cell)

    def _hover(self, cell: Cell | None) -> None:
        if cell != self.current:
            self.current = cell
            self.hovered.emit(cell)
            self.update()


def _runs(indices: NDArray[np.int64], axis: Axis) -> list[tuple[int, int]]:
    """The visible part of rising *indices* as runs [first, past the last); gaps that fall within a pixel are closed."""
    visible = axis.visible
    shown = indices[np.searchsorted(indices, visible.start) : np.searchsorted(indices, visible.stop)]
    if shown.size == 0:
        return []
    breaks = np.flatnonzero(np.diff(shown) > max(1.0, 1.0 / axis.cell))
    firsts = shown[np.concatenate(([0], breaks + 1))]
    lasts = shown[np.concatenate((breaks, [shown.size - 1]))] + 1
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))


def _faded(colour: str, alpha: int) -> QColor:
    faded = QColor(colour)
    faded.setAlpha(alpha)
    return faded
