"""What a :class:`~hw2gui.widgets.matrix_view.MatrixView` draws from: cells on demand, so that nothing large is ever stored."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from hw2gui.arrays import Floats, Ints


class CellSource(Protocol):
    """A matrix of numbers that can be asked for any part of itself."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        ...

    def values(self, rows: range, cols: range) -> Floats:
        """The exact values of a tile, shape (len(rows), len(cols))."""
        ...

    def overview(self, row_edges: Ints, col_edges: Ints) -> Floats:
        """One value for each screen pixel that covers the cells row_edges[r]..row_edges[r+1]−1 × col_edges[c]..col_edges[c+1]−1.

        NaN means that the pixel holds both positive and negative values and stands for neither.
        """
        ...


class ArraySource:
    """A stored array as cells; zoomed out, a pixel shows the mean of the cells it covers, exactly."""

    def __init__(self, array: Floats) -> None:
        if array.ndim != 2:
            raise ValueError(f"a view shows two dimensions, not {array.ndim}")
        self.array = array

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return (int(self.array.shape[0]), int(self.array.shape[1]))

    def values(self, rows: range, cols: range) -> Floats:
        """A view into the array."""
        return self.array[rows.start : rows.stop, cols.start : cols.stop]

    def overview(self, row_edges: Ints, col_edges: Ints) -> Floats:
        """Means over rectangles, summed up as they are asked for: a table of sums would take as much memory as the array itself."""
        rows, cols = slice(row_edges[0], row_edges[-1]), slice(col_edges[0], col_edges[-1])
        totals = np.add.reduceat(self.array[rows, cols], row_edges[:-1] - row_edges[0], axis=0)
        totals = np.add.reduceat(totals, col_edges[:-1] - col_edges[0], axis=1)
        means: Floats = totals / np.outer(np.diff(row_edges), np.diff(col_edges))
        return means
