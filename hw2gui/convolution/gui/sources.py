"""The matrix M (or Mᵀ, or a part of it) as cells for a view: exact at any zoom, nothing stored."""

from __future__ import annotations

import numpy as np

from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.convolution.overview import coverage, strongest, strongest_is_affordable
from hw2gui.widgets.cells import Floats, Ints


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
