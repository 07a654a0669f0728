"""Where a matrix lies on the screen: pan and zoom along one axis, in device pixels, for up to 10⁹ cells without loss."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hw2gui.arrays import Ints

MAX_CELL = 160.0
"""The largest a cell is drawn, in logical pixels: on a screen of any density it looks as large."""

WHOLE_PIXELS_FROM = 3.0
"""From this size on cells are a whole number of device pixels, so that all look alike."""


@dataclass(frozen=True)
class Axis:
    """One axis of a view: *count* cells shown in *extent* device pixels.

    *cell* is the size of a cell in device pixels (below 1 when a pixel covers several cells), *origin* the cell coordinate at pixel 0.
    """

    count: int
    extent: int
    cell: float
    origin: float
    least: float = 1e-9
    """The smallest size of a cell: that at which everything is in view."""
    most: float = MAX_CELL
    """The largest size of a cell."""

    @staticmethod
    def fit_size(count: int, extent: int, most: float = MAX_CELL) -> float:
        """The cell size at which *count* cells just fill *extent* pixels, none larger than *most*."""
        return snap(min(max(extent, 1) / max(count, 1), most))

    @property
    def visible(self) -> range:
        """The cells that can be seen, whole or in part."""
        first = max(0, int(np.floor(self.origin)))
        last = min(self.count, int(np.ceil(self.origin + self.extent / self.cell)))
        return range(first, max(first, last))

    def placed(self, cell: float, origin: float) -> Axis:
        """The same axis at another zoom and place, kept on the content and centred when there is room."""
        cell = snap(min(max(cell, self.least), self.most))
        shown = self.extent / cell
        origin = (self.count - shown) / 2 if shown >= self.count else min(max(origin, 0.0), self.count - shown)
        if cell >= WHOLE_PIXELS_FROM:
            # Cells begin where pixels begin, so that what is drawn over the picture lies exactly on its cells.
            origin = round(origin * cell) / cell
        return Axis(self.count, self.extent, cell, origin, self.least, self.most)

    def zoomed(self, factor: float, pixel: float) -> Axis:
        """Zoomed by *factor*, the cell under *pixel* staying there (unless an end of the content comes into view).

        A size of whole pixels changes by one pixel at least.
        """
        target = self.cell * factor
        if factor != 1 and target >= WHOLE_PIXELS_FROM and snap(target) == self.cell:
            target = self.cell + (1 if factor > 1 else -1)
        target = snap(min(max(target, self.least), self.most))
        middle = np.floor(pixel) + 0.5
        at = self.origin + middle / self.cell
        cell = np.floor(at)
        # Not on the very edge, where rounding would decide.
        within = min(max(at - cell, 1e-6), 1 - 1e-6) * target
        if target >= WHOLE_PIXELS_FROM:
            # The same cell, at the middle of one of its pixels.
            within = min(max(np.floor(within), 0.0), target - 1) + 0.5
        return self.placed(target, float(cell + (within - middle) / target))

    def panned(self, pixels: float) -> Axis:
        """Moved so that what was at 0 is at *pixels*."""
        return self.placed(self.cell, self.origin - pixels / self.cell)

    def showing(self, index: int) -> Axis:
        """Moved as little as it takes for cell *index* to be seen whole (or, larger than the view, from its beginning)."""
        last = index + 1 - self.extent / self.cell
        return self.placed(self.cell, min(max(self.origin, last), float(index)))

    def centred(self, index: int, cell: float) -> Axis:
        """Zoomed so that cells have the size *cell*, with cell *index* in the middle as far as there is content around it."""
        cell = snap(cell)
        return self.placed(cell, index + 0.5 - self.extent / (2 * cell))

    def beside(self, count: int, extent: int) -> Axis:
        """The axis of a strip of *count* cells in *extent* pixels that lies along this one, at its place and zoom."""
        return Axis(count, extent, self.cell, self.origin)

    def cell_at(self, pixel: float) -> int | None:
        """The cell under *pixel* (that at its middle, as in :meth:`layout`), or None outside."""
        index = int(np.floor(self.origin + (np.floor(pixel) + 0.5) / self.cell))
        return index if 0 <= index < self.count and 0 <= pixel < self.extent else None

    def position(self, index: float) -> float:
        """Where cell *index* begins, in pixels (may lie outside the view)."""
        return (index - self.origin) * self.cell

    def layout(self) -> tuple[Ints, Ints]:
        """How pixels take cells: *edges* (G+1 cell indices) of the G groups of cells drawn alike, and the group of each pixel, −1 for none.

        Cells of a pixel or more are a group each. Smaller ones: a group a pixel, so that every visible cell belongs to exactly one.
        """
        if self.cell >= 1.0:
            visible = self.visible
            at = np.floor(self.origin + (np.arange(self.extent) + 0.5) / self.cell).astype(np.int64)
            group = np.where((at >= visible.start) & (at < visible.stop), at - visible.start, -1)
            return np.arange(visible.start, visible.stop + 1, dtype=np.int64), group
        at = np.floor(self.origin + np.arange(self.extent + 1) / self.cell).astype(np.int64)
        inside = (at[1:] > 0) & (at[:-1] < self.count)
        first = int(np.argmax(inside))
        groups = int(np.count_nonzero(inside))
        if groups == 0:
            return np.zeros(1, dtype=np.int64), np.full(self.extent, -1, dtype=np.int64)
        group = np.where(inside, np.arange(self.extent) - first, -1)
        return np.clip(at[first : first + groups + 1], 0, self.count), group


def snap(cell: float) -> float:
    """Sizes from :data:`WHOLE_PIXELS_FROM` on as whole pixels, smaller ones as they are (but 1 where rounding alone made them differ)."""
    if cell >= WHOLE_PIXELS_FROM:
        return float(int(cell))
    return 1.0 if abs(cell - 1.0) < 1e-6 else cell


def whole(shape: tuple[int, int], size: tuple[int, int], most: float, *, square: bool) -> tuple[Axis, Axis]:
    """The axes across and down that show a matrix of *shape* (rows, columns) as small as it goes in *size* (width, height) device pixels.

    No cell is larger than *most* device pixels; *square* ones are as wide as high.
    """
    (rows, cols), (width, height) = shape, size
    across, down = Axis.fit_size(cols, width, most), Axis.fit_size(rows, height, most)
    if square:
        across = down = min(across, down)
    return Axis(cols, width, across, 0.0, across, most), Axis(rows, height, down, 0.0, down, most)
