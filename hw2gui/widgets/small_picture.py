"""One of many small pictures: what it holds, and how it is painted into the place it gets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from hw2gui.colour import Scale
from hw2gui.widgets import theme


@dataclass(frozen=True, eq=False)
class Picture:
    """One picture (H, W) of the grid in the colours of *scale*, with a *caption* below it; *bad* captions are marked."""

    values: NDArray[np.floating]
    scale: Scale
    caption: str = ""
    tooltip: str = ""
    bad: bool = False
    frame: tuple[int, int, int, int] | None = None
    """A part that is framed: first row, first column, rows, columns; what of it lies outside is left out."""


def image_of(picture: Picture, dark: bool) -> QImage:
    """Its values in their colours, a device pixel for each."""
    colours = np.ascontiguousarray(picture.scale.colours(np.asarray(picture.values, dtype=np.float64), dark))
    height, width = colours.shape
    return QImage(colours.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def fitted(rect: QRect, width: int, height: int) -> QRectF:
    """The largest place of the shape *width*:*height* in the middle of *rect*."""
    scale = min(rect.width() / width, rect.height() / height)
    size = QRectF(0, 0, width * scale, height * scale)
    size.moveCenter(QRectF(rect).center())
    return size


def paint_frame(painter: QPainter, inner: QRectF, picture: Picture) -> None:
    """Frame the part of *picture*, painted into *inner*, that is to be framed."""
    assert picture.frame is not None
    row, column, rows, columns = picture.frame
    painter.setPen(QPen(QColor(theme.current().link), 1.5))
    painter.drawRect(_part(inner, picture, row, column, rows, columns) & inner.adjusted(0.5, 0.5, -0.5, -0.5))


def paint_pixel(painter: QPainter, inner: QRectF, picture: Picture, pixel: tuple[int, int], edges: tuple[tuple[str, float], ...]) -> None:
    """Draw *edges*, (colour, width) each, around the *pixel* (row, column) of *picture*, painted into *inner*."""
    cell = _part(inner, picture, *pixel, 1, 1)
    for colour, width in edges:
        painter.setPen(QPen(QColor(colour), width))
        painter.drawRect(cell.adjusted(-1, -1, 1, 1))


def _part(inner: QRectF, picture: Picture, row: int, column: int, rows: int, columns: int) -> QRectF:
    high, wide = picture.values.shape
    cell_width, cell_height = inner.width() / wide, inner.height() / high
    return QRectF(inner.x() + column * cell_width, inner.y() + row * cell_height, columns * cell_width, rows * cell_height)
