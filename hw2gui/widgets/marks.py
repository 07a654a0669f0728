"""What is marked on a view of cells: linked cells, the pinned one, letters, a veil. Painted over the picture of the cells at every move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from hw2gui.arrays import Ints
from hw2gui.widgets import theme
from hw2gui.widgets.cells import CellSource
from hw2gui.widgets.viewport import Axis

Cell = tuple[int, int]
Rectangle = tuple[int, int, int, int]
"""Cells: first row, first column, rows, columns."""

MAX_OUTLINED = 2000
"""More highlighted patches than this are shown by their hull alone."""

OUTSIDE_BELOW = 14.0
"""Outlines go around cells smaller than this (in logical pixels), and lie on the rim of larger ones."""

LEAST_OUTLINE = 4.0
LEAST_MARKER = 9.0
LETTER = QSizeF(16, 16)


@dataclass(frozen=True, eq=False)
class Highlight:
    """What is lit in a view: whole rows and columns as bands, a product of rows and columns as cells, and cells told by a mask."""

    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()
    cells: tuple[Ints, Ints] | None = None
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
class Frame:
    """Where the cells of a view lie: both axes in device pixels, and how many of these make a logical pixel."""

    across: Axis
    down: Axis
    ratio: float

    @property
    def area(self) -> QRectF:
        """The view, in logical pixels."""
        return QRectF(0, 0, self.across.extent / self.ratio, self.down.extent / self.ratio)

    def cell_at(self, position: QPointF) -> Cell | None:
        """The cell at *position* (logical pixels), or None."""
        row, col = self.down.cell_at(position.y() * self.ratio), self.across.cell_at(position.x() * self.ratio)
        return None if row is None or col is None else (row, col)

    def rect(self, cell: Cell, rows: int = 1, columns: int = 1) -> QRectF:
        """Where *cell* (and its neighbours below and to the right) lies, in logical pixels, at least one device pixel large."""
        top, left = self.down.position(cell[0]), self.across.position(cell[1])
        height, width = max(rows * self.down.cell, 1.0), max(columns * self.across.cell, 1.0)
        return QRectF(left / self.ratio, top / self.ratio, width / self.ratio, height / self.ratio)


def paint_veil(painter: QPainter, frame: Frame, rectangles: tuple[Rectangle, ...]) -> None:
    """Cover cells, leaving a trace of them."""
    for row, col, rows, cols in rectangles:
        if rows > 0 and cols > 0:
            painter.fillRect(frame.rect((row, col), rows, cols) & frame.area, faded(theme.current().empty, 235))


def paint_bands(painter: QPainter, frame: Frame, light: Highlight) -> None:
    """Rows and columns as bands between two lines; thin ones as one line."""
    for row in light.rows:
        if row in frame.down.visible:
            _band(painter, frame.rect((row, 0), 1, frame.across.count) & frame.area, lying=True)
    for col in light.columns:
        if col in frame.across.visible:
            _band(painter, frame.rect((0, col), frame.down.count, 1) & frame.area, lying=False)


def paint_cells(painter: QPainter, frame: Frame, rows: Ints, cols: Ints) -> None:
    """Outline the patches that the cells form: a whole window is one rectangle, a dilated one many."""
    down, across = runs(rows, frame.down), runs(cols, frame.across)
    if len(down) * len(across) > MAX_OUTLINED:
        down, across = [(down[0][0], down[-1][1])], [(across[0][0], across[-1][1])]
    patches = [(top, left, bottom - top, right - left) for top, bottom in down for left, right in across]
    rects = [frame.rect((top, left), height, width) for top, left, height, width in patches]
    fill = faded(theme.current().link, 30)
    for (_, _, height, width), rect in zip(patches, rects, strict=True):
        if height * width > 1:
            painter.fillRect(rect & frame.area, fill)
    paint_outlines(painter, frame, rects, 2)


def paint_outlines(painter: QPainter, frame: Frame, rects: list[QRectF], width: int) -> None:
    """Rectangles in the hue of linked cells, with a dark (or light) rim so that they stand out from any cell."""
    colours = theme.current()
    lines = []
    for rect in rects:
        small = min(rect.width(), rect.height()) < OUTSIDE_BELOW
        reach = width + 1  # with the rim
        around = _at_least(rect, LEAST_OUTLINE).adjusted(-reach, -reach, reach, reach) if small else rect
        # At the view's edge there is no outside; a patch that goes on beyond the edge has no outline there.
        ring = around & frame.area if frame.area.contains(rect) else around
        lines.append(ring.adjusted(width / 2, width / 2, -width / 2, -width / 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, thickness in ((colours.link_edge, width + 2), (colours.link, width)):
        painter.setPen(QPen(QColor(colour), thickness, j=Qt.PenJoinStyle.MiterJoin))
        painter.drawRects(lines)


def paint_markers(painter: QPainter, frame: Frame, markers: tuple[Marker, ...]) -> None:
    """A frame around each marked cell in view and its letter beside it, wherever there is room."""
    colours = theme.current()
    boxes = [_inside(_at_least(frame.rect(marker.cell), LEAST_MARKER), frame.area) for marker in markers]
    taken: list[QRectF] = []
    for marker, box in zip(markers, boxes, strict=True):
        if marker.cell[0] not in frame.down.visible or marker.cell[1] not in frame.across.visible:
            continue
        colour = QColor(colours.bad if marker.bad else colours.good)
        letter = _free_place(box, frame.area, [*boxes, *taken])
        taken.append(letter)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 2))
        painter.drawRect(box.adjusted(1, 1, -1, -1))
        painter.fillRect(letter, colour)
        painter.setPen(QColor(colours.panel))
        painter.drawText(letter, Qt.AlignmentFlag.AlignCenter, marker.text)


def paint_current(painter: QPainter, frame: Frame, cell: Cell) -> None:
    """The cell the arrow keys are on."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(theme.current().accent), 1, Qt.PenStyle.DotLine))
    painter.drawRect(_inside(frame.rect(cell).adjusted(-4, -4, 4, 4), frame.area).adjusted(0.5, 0.5, -0.5, -0.5))


def runs(indices: Ints, axis: Axis) -> list[tuple[int, int]]:
    """The visible part of rising *indices* as runs [first, past the last); gaps that fall within a pixel are closed."""
    visible = axis.visible
    shown = indices[np.searchsorted(indices, visible.start) : np.searchsorted(indices, visible.stop)]
    if shown.size == 0:
        return []
    breaks = np.flatnonzero(np.diff(shown) > max(1.0, 1.0 / axis.cell))
    firsts = shown[np.concatenate(([0], breaks + 1))]
    lasts = shown[np.concatenate((breaks, [shown.size - 1]))] + 1
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))


def faded(colour: str, alpha: int) -> QColor:
    """*colour* with an opacity of *alpha* of 255."""
    result = QColor(colour)
    result.setAlpha(alpha)
    return result


def _band(painter: QPainter, band: QRectF, *, lying: bool) -> None:
    link = theme.current().link
    thickness = band.height() if lying else band.width()
    if thickness < 4:
        grow = max(0.0, 2 - thickness) / 2
        painter.fillRect(band.adjusted(0, -grow, 0, grow) if lying else band.adjusted(-grow, 0, grow, 0), QColor(link))
        return
    # Where values are printed the band is there to be seen, not to hide what it marks.
    painter.fillRect(band, faded(link, 60 if thickness < 12 else 34))
    for at in (0.0, thickness - 1):
        line = QRectF(band.left(), band.top() + at, band.width(), 1) if lying else QRectF(band.left() + at, band.top(), 1, band.height())
        painter.fillRect(line, QColor(link))


def _at_least(rect: QRectF, size: float) -> QRectF:
    wide, high = max(0.0, size - rect.width()) / 2, max(0.0, size - rect.height()) / 2
    return rect.adjusted(-wide, -high, wide, high)


def _inside(rect: QRectF, area: QRectF) -> QRectF:
    """*rect* moved into *area* as far as it fits."""
    moved = QRectF(rect)
    moved.moveLeft(max(area.left(), min(rect.left(), area.right() - rect.width())))
    moved.moveTop(max(area.top(), min(rect.top(), area.bottom() - rect.height())))
    return moved


def _free_place(box: QRectF, area: QRectF, taken: list[QRectF]) -> QRectF:
    """A place for a letter beside *box*: in view and on top of nothing that is *taken*, if there is one."""
    width, height = LETTER.width(), LETTER.height()
    # The left first: there a row of M has not begun yet, where it has at the right.
    sides = ((box.left() - 2 - width, -1), (box.right() + 2, 1))
    lefts = [beside + away * column * (width + 2) for column in range(5) for beside, away in sides]
    tops = [box.top() - 4, box.bottom() + 2, box.top() - 2 - height]
    places = [_inside(QRectF(QPointF(left, top), LETTER), area) for top in tops for left in lefts]
    return next((place for place in places if not any(place.intersects(other) for other in taken)), places[0])
