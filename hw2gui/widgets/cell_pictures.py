"""What a canvas of cells has drawn and keeps, until its cells, its colours or its zoom change."""

from __future__ import annotations

from PySide6.QtGui import QColor, QImage

from hw2gui.colour import Scale
from hw2gui.widgets import marks, theme
from hw2gui.widgets.cells import CellSource
from hw2gui.widgets.marks import Frame
from hw2gui.widgets.raster import draw_values, mask_raster, raster


class CellPictures:
    """Each picture is drawn when it is first asked for, as large as the canvas."""

    def __init__(self) -> None:
        self._cells: QImage | None = None
        self._tint: tuple[CellSource, QImage] | None = None
        self._lit: tuple[CellSource, QImage] | None = None

    def forget(self) -> None:
        """Draw everything anew."""
        self._cells, self._tint, self._lit = None, None, None

    def cells(self, source: CellSource | None, frame: Frame, scale: Scale, blocks: tuple[int, int] | None) -> QImage:
        """The cells of *source*, with their numbers where there is room, and a stronger line every so many (*blocks*)."""
        if self._cells is None:
            colours = theme.current()
            self._cells = raster(source, frame.across, frame.down, scale, colours, blocks, frame.ratio)
            self._cells.setDevicePixelRatio(frame.ratio)
            if source is not None:
                draw_values(self._cells, source, frame.across, frame.down, scale, colours, frame.ratio)
        return self._cells

    def tint(self, mask: CellSource, frame: Frame) -> QImage:
        """A tint over the cells where *mask* is not zero."""
        if self._tint is None or self._tint[0] is not mask:
            self._tint = (mask, _drawn(mask, frame, marks.faded(theme.current().bad, 38)))
        return self._tint[1]

    def lit(self, mask: CellSource, frame: Frame) -> QImage:
        """A light on the cells where *mask* is not zero."""
        if self._lit is None or self._lit[0] is not mask:
            self._lit = (mask, _drawn(mask, frame, QColor(theme.current().link)))
        return self._lit[1]


def _drawn(mask: CellSource, frame: Frame, colour: QColor) -> QImage:
    picture = mask_raster(mask, frame.across, frame.down, colour)
    picture.setDevicePixelRatio(frame.ratio)
    return picture
