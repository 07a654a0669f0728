"""Cells on the screen: a matrix of any size, which part of it is seen, in which colours, and what is marked on it.

The canvas keeps a picture of the cells (drawn again only when source, colours or zoom change) and paints what moves, the marks, over it;
so following the pointer costs a fraction of a frame whatever the size of the matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hw2gui.colour import Scale
from hw2gui.widgets import marks, theme
from hw2gui.widgets.cell_pictures import CellPictures
from hw2gui.widgets.cells import CellSource
from hw2gui.widgets.focus import paint_focus
from hw2gui.widgets.marks import NOTHING, Cell, Frame, Highlight, Marker, Rectangle
from hw2gui.widgets.viewport import MAX_CELL, Axis, whole


@dataclass(frozen=True)
class Behaviour:
    """What may be done in a view, and the shape of its cells."""

    pans: bool = False
    """Wheel zooms, dragging pans."""
    square: bool = True
    """Cells are as wide as high."""
    edits: bool = False
    """Typing a number changes the current cell."""
    paints: bool = False
    """Dragging paints."""


class CellCanvas(QWidget):
    """Shows a :class:`CellSource`; cells are addressed (row, column) from 0. Knows nothing of mouse and keys."""

    view_changed = Signal()
    """Pan or zoom or size changed."""

    def __init__(self, name: str, behaviour: Behaviour | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.behaviour = behaviour or Behaviour()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.source: CellSource | None = None
        self.scale = Scale("diverging", -1.0, 1.0)
        self.across = Axis(1, 1, 1.0, 0.0)
        self.down = Axis(1, 1, 1.0, 0.0)
        self.current: Cell | None = None
        """The cell under the pointer, or that the arrow keys are on."""
        self._ratio = self.devicePixelRatioF()
        self._fitted = True
        self._strip_of: tuple[CellCanvas, Qt.Orientation] | None = None
        self._blocks: tuple[int, int] | None = None
        self._tint: CellSource | None = None
        self._veil: tuple[Rectangle, ...] = ()
        self._highlight = NOTHING
        self._pinned: Cell | None = None
        self._markers: tuple[Marker, ...] = ()
        self._pictures = CellPictures()

    # -- what is shown ------------------------------------------------------------------------------------------------------------

    def show_source(self, source: CellSource | None, scale: Scale) -> None:
        """Show *source* in the colours of *scale*. Place, zoom and marks are kept when the shape is the same."""
        same_shape = self.source is not None and source is not None and self.source.shape == source.shape
        self.source, self.scale = source, scale
        self._forget_pictures()
        if not same_shape:
            self._forget_cells()
        self._settle()

    def _forget_cells(self) -> None:
        """Another matrix is shown: cells of the last one mean nothing."""
        self.current = None
        self._markers, self._veil, self._tint = (), (), None
        self._highlight, self._pinned = NOTHING, None
        self._fitted = True

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

    def set_veil(self, rectangles: tuple[Rectangle, ...]) -> None:
        """Cover the cells of *rectangles*: what is not computed yet while the window slides."""
        if rectangles != self._veil:
            self._veil = rectangles
            self.update()

    def set_tint(self, mask: CellSource | None) -> None:
        """Tint the cells where *mask* is not zero, under everything else that is marked."""
        if mask is not self._tint:
            self._tint = mask
            self.update()

    def set_blocks(self, blocks: tuple[int, int] | None) -> None:
        """Draw a stronger line every so many (rows, columns)."""
        if blocks != self._blocks:
            self._blocks = blocks
            self._forget_pictures()

    # -- which part of it ---------------------------------------------------------------------------------------------------------

    @property
    def fitted(self) -> bool:
        """Whether the whole matrix is shown, as it is until one zooms; it stays whole when the view's size changes."""
        return self._fitted

    @property
    def frame(self) -> Frame:
        """Where the cells lie now."""
        return Frame(self.across, self.down, self._ratio)

    def follow(self, view: CellCanvas, orientation: Qt.Orientation) -> None:
        """Be a strip along *view*: take over its place and zoom along *orientation*."""
        self._strip_of = (view, orientation)
        view.view_changed.connect(self._settle)
        self._settle()

    def fit(self) -> None:
        """Show the whole matrix (a strip: what the view beside it shows)."""
        if self._strip_of is None:
            self._fitted = True
        self._settle()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom in (*factor* > 1) or out, the cell at the position *at* (default: the middle) staying in place."""
        point = (at if at is not None else QPointF(self.width() / 2, self.height() / 2)) * self._ratio
        self._place(self.across.zoomed(factor, point.x()), self.down.zoomed(factor, point.y()))

    def pan(self, by: QPointF) -> None:
        """Move the content by so many logical pixels, as far as it goes."""
        self._place(self.across.panned(by.x() * self._ratio), self.down.panned(by.y() * self._ratio))

    def reveal(self, cell: Cell) -> None:
        """Scroll as little as it takes to see *cell*; a strip scrolls the view it lies along."""
        row, col = cell
        if self._strip_of is None:
            self._place(self.across.showing(col), self.down.showing(row))
            return
        view, orientation = self._strip_of
        if orientation == Qt.Orientation.Horizontal:
            view._place(view.across.showing(col), view.down)
        else:
            view._place(view.across, view.down.showing(row))

    def show_cell(self, cell: Cell, least: float = 0.0) -> None:
        """Bring *cell* to the middle, zooming in until cells are *least* logical pixels; unless it is to be seen so already."""
        row, col = cell
        across, down = self.across.showing(col), self.down.showing(row)
        wanted = least * self._ratio
        if (across, down) == (self.across, self.down) and min(across.cell, down.cell) >= wanted:
            return
        self._place(across.centred(col, max(across.cell, wanted)), down.centred(row, max(down.cell, wanted)))

    def _settle(self) -> None:
        """After a change of source, size or screen: keep what was shown, or all of it, or along the view this is a strip of."""
        if self._strip_of is not None:
            self._place(*self._alongside(*self._strip_of))
        elif self._fitted:
            across, down = self._least()
            self._place(across.placed(across.least, 0.0), down.placed(down.least, 0.0))
        else:
            across, down = self._least()
            self._place(across.placed(self.across.cell, self.across.origin), down.placed(self.down.cell, self.down.origin))

    def _least(self) -> tuple[Axis, Axis]:
        """Both axes for the present source and size, zoomed out as far as they go."""
        return whole(self._shape, self._device_size().toTuple(), MAX_CELL * self._ratio, square=self.behaviour.square)

    def _alongside(self, view: CellCanvas, orientation: Qt.Orientation) -> tuple[Axis, Axis]:
        (rows, cols), (width, height) = self._shape, self._device_size().toTuple()
        if orientation == Qt.Orientation.Horizontal:
            return view.across.beside(cols, width), Axis(rows, height, height / rows, 0.0)
        return Axis(cols, width, width / cols, 0.0), view.down.beside(rows, height)

    @property
    def _shape(self) -> tuple[int, int]:
        return self.source.shape if self.source is not None else (1, 1)

    def _place(self, across: Axis, down: Axis) -> None:
        if (across, down) != (self.across, self.down):
            self.across, self.down = across, down
            self._fitted = across.cell <= across.least and down.cell <= down.least
            self._forget_pictures()
            self.view_changed.emit()

    def _device_size(self) -> QSize:
        return QSize(max(1, round(self.width() * self._ratio)), max(1, round(self.height() * self._ratio)))

    # -- geometry -----------------------------------------------------------------------------------------------------------------

    def cell_at(self, position: QPointF) -> Cell | None:
        """The cell at *position* (logical pixels in this widget), or None."""
        return self.frame.cell_at(position) if self.source is not None else None

    def cell_rect(self, cell: Cell, rows: int = 1, columns: int = 1) -> QRectF:
        """Where *cell* (and its neighbours below and to the right) lies, in logical pixels, at least one device pixel large."""
        return self.frame.rect(cell, rows, columns)

    def sizeHint(self) -> QSize:
        """Enough for a 28×28 image with visible cells."""
        return QSize(200, 200)

    def minimumSizeHint(self) -> QSize:
        """Small, so that layouts decide."""
        return QSize(16, 16)

    # -- painting -----------------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The kept picture, then tint, veil, highlights, pin and markers."""
        self._take_ratio()  # A window that was never shown does not know its screen.
        painter = QPainter(self)
        self._align(painter)
        frame = self.frame
        painter.drawImage(QPointF(0, 0), self._pictures.cells(self.source, frame, self.scale, self._blocks))
        if self.source is None:
            return
        if self._tint is not None:
            painter.drawImage(QPointF(0, 0), self._pictures.tint(self._tint, frame))
        marks.paint_veil(painter, frame, self._veil)
        self._paint_highlight(painter, frame)
        if self._pinned is not None:
            marks.paint_outlines(painter, frame, [frame.rect(self._pinned)], 3)
        if self.current is not None and self.hasFocus():
            marks.paint_current(painter, frame, self.current)
        marks.paint_markers(painter, frame, self._markers)
        if self.hasFocus():
            paint_focus(painter, self.rect())

    def _align(self, painter: QPainter) -> None:
        """Begin at a whole device pixel: on a screen of 1.5 pixels per point a widget may begin between two, and every cell would blur."""
        corner = painter.deviceTransform().map(QPointF(0, 0))
        shift = QPointF(floor(corner.x() + 0.5) - corner.x(), floor(corner.y() + 0.5) - corner.y()) / self._ratio
        ends_between = any(side * self._ratio % 1 for side in (self.width(), self.height()))
        if not shift.isNull() or ends_between:
            # Nobody else paints the pixel that is only partly the widget's: what was on the screen before would stay there.
            painter.fillRect(self.rect().adjusted(-1, -1, 1, 1), QColor(theme.current().empty))
        if not shift.isNull():
            painter.translate(shift)

    def _paint_highlight(self, painter: QPainter, frame: Frame) -> None:
        light = self._highlight
        marks.paint_bands(painter, frame, light)
        if light.mask is not None:
            painter.drawImage(QPointF(0, 0), self._pictures.lit(light.mask, frame))
        if light.cells is not None:
            marks.paint_cells(painter, frame, *light.cells)

    def _forget_pictures(self) -> None:
        self._pictures.forget()
        self.update()

    # -- size, screen, theme ------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what was shown at the new size."""
        super().resizeEvent(event)
        self._take_ratio()
        self._forget_pictures()
        self._settle()

    def changeEvent(self, event: QEvent) -> None:
        """A new theme: new colours."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._forget_pictures()
        super().changeEvent(event)

    def event(self, event: QEvent) -> bool:
        """The screen's pixel density may change when the window moves."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._take_ratio()
        return super().event(event)

    def _take_ratio(self) -> None:
        """Cells stay as large as they look when a logical pixel is made of another number of device pixels."""
        factor = self.devicePixelRatioF() / self._ratio
        if factor == 1:
            return
        self._ratio = self.devicePixelRatioF()
        self._forget_pictures()
        if self._strip_of is None and not self._fitted:
            across, down = self._least()
            self._place(
                across.placed(self.across.cell * factor, self.across.origin), down.placed(self.down.cell * factor, self.down.origin)
            )
        self._settle()
