"""The matrix M (or Mᵀ, or a part of it) as cells for a view: exact at any zoom, nothing stored."""

from __future__ import annotations

import numpy as np

from hw2gui.arrays import Floats, Ints
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.convolution.overview import coverage, strongest, strongest_is_affordable


class MatrixCells:
    """M's entries. Zoomed out, a pixel shows the strongest entry it covers where that is quick, else which signs it holds."""

    def __init__(self, matrix: ConvolutionMatrix, *, transposed: bool = False) -> None:
        self.matrix = matrix
        self.transposed = transposed
        self._limit = float(np.max(np.abs(matrix.kernel), initial=0.0)) or 1.0

    @property
    def shape(self) -> tuple[int, int]:
        """(H'W', HW), or the other way round."""
        rows, columns = self.matrix.shape
        return (columns, rows) if self.transposed else (rows, columns)

    def values(self, rows: range, cols: range) -> Floats:
        """A tile."""
        return self.matrix.values(cols, rows).T if self.transposed else self.matrix.values(rows, cols)

    def overview(self, row_edges: Ints, col_edges: Ints) -> Floats:
        """One value a pixel; NaN where both signs meet."""
        if self.transposed:
            return self._overview(col_edges, row_edges).T
        return self._overview(row_edges, col_edges)

    def _overview(self, row_edges: Ints, col_edges: Ints) -> Floats:
        if strongest_is_affordable(self.matrix, row_edges, col_edges):
            return strongest(self.matrix, row_edges, col_edges)
        signs = coverage(self.matrix, row_edges, col_edges)
        return np.array([0.0, self._limit, -self._limit, np.nan])[signs]


class BrokenDiagonals:
    """1 on the diagonals j − i listed in *broken* (rising), 0 elsewhere; a pixel is 1 when any such diagonal crosses it."""

    def __init__(self, shape: tuple[int, int], broken: Ints, transposed: bool) -> None:
        rows, columns = shape
        self._shape, self._transposed = shape, transposed
        # How many broken diagonals lie before each offset, counted from −(rows − 1).
        self._before = np.searchsorted(broken, np.arange(1 - rows, columns + 1))

    @property
    def shape(self) -> tuple[int, int]:
        """As the matrix is shown."""
        return (self._shape[1], self._shape[0]) if self._transposed else self._shape

    def values(self, rows: range, cols: range) -> Floats:
        """A tile."""
        return self.overview(np.arange(rows.start, rows.stop + 1), np.arange(cols.start, cols.stop + 1))

    def overview(self, row_edges: Ints, col_edges: Ints) -> Floats:
        """A rectangle crosses the offsets from (left − bottom) to (right − top)."""
        if self._transposed:
            return self._crossed(col_edges, row_edges).T
        return self._crossed(row_edges, col_edges)

    def _crossed(self, row_edges: Ints, col_edges: Ints) -> Floats:
        zero = self._shape[0] - 1
        low = col_edges[None, :-1] - (row_edges[1:, None] - 1) + zero
        high = col_edges[None, 1:] - 1 - row_edges[:-1, None] + zero
        crossed: Floats = (self._before[high + 1] > self._before[low]).astype(np.float64)
        return crossed
