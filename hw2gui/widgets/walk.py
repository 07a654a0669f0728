"""Ways from cell to cell: where a key leads, and what a stroke of the pointer passes over. Cells are (row, column) from 0."""

from __future__ import annotations

from PySide6.QtCore import Qt

from hw2gui.widgets.marks import Cell

_END = 1 << 62
"""Further than any matrix reaches."""


def step(key: Qt.Key, page: int) -> tuple[int, int] | None:
    """How many (rows down, columns right) *key* walks, a page being *page* rows; None for a key that does not walk."""
    return {
        Qt.Key.Key_Left: (0, -1),
        Qt.Key.Key_Right: (0, 1),
        Qt.Key.Key_Up: (-1, 0),
        Qt.Key.Key_Down: (1, 0),
        Qt.Key.Key_PageUp: (-page, 0),
        Qt.Key.Key_PageDown: (page, 0),
        Qt.Key.Key_Home: (-_END, -_END),
        Qt.Key.Key_End: (_END, _END),
    }.get(key)


def moved(cell: Cell, by: tuple[int, int], shape: tuple[int, int]) -> Cell:
    """*cell* moved *by* (rows, columns), as far as a matrix of *shape* reaches."""
    return min(max(cell[0] + by[0], 0), shape[0] - 1), min(max(cell[1] + by[1], 0), shape[1] - 1)


def line(start: Cell, end: Cell) -> list[Cell]:
    """The cells from *start* (left out, unless it is *end*) to *end* on a straight line, each touching the next."""
    (row, col), (last_row, last_col) = start, end
    steps = max(abs(last_row - row), abs(last_col - col), 1)
    return [(row + round((last_row - row) * k / steps), col + round((last_col - col) * k / steps)) for k in range(1, steps + 1)]
