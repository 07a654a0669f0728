"""Ways from cell to cell."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from hw2gui.widgets import walk

CELLS = st.tuples(st.integers(0, 60), st.integers(0, 60))


@given(CELLS, CELLS)
def test_a_stroke_leaves_no_gap_and_ends_where_the_pointer_is(start: tuple[int, int], end: tuple[int, int]) -> None:
    passed = walk.line(start, end)
    assert passed[-1] == end
    ways = zip([start, *passed], passed, strict=False)
    assert all(max(abs(a[0] - b[0]), abs(a[1] - b[1])) <= 1 for a, b in ways)
    assert len(passed) == max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)


def test_keys_lead_no_further_than_the_matrix() -> None:
    shape = (5, 1_000_000)
    home, end = walk.step(Qt.Key.Key_Home, 3), walk.step(Qt.Key.Key_End, 3)
    assert home is not None and end is not None
    assert walk.moved((2, 7), home, shape) == (0, 0)
    assert walk.moved((2, 7), end, shape) == (4, 999_999)
    assert walk.step(Qt.Key.Key_PageDown, 3) == (3, 0)
    assert walk.moved((4, 0), (1, -1), shape) == (4, 0)
    assert walk.step(Qt.Key.Key_A, 3) is None
