from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF

from hw2gui.widgets.marks import LETTER, Frame, _free_place, runs
from hw2gui.widgets.viewport import Axis


def axis(count: int, extent: int, cell: float, origin: float) -> Axis:
    least = Axis.fit_size(count, extent)
    return Axis(count, extent, least, 0.0, least).placed(cell, origin)


@given(st.sets(st.integers(0, 199)), st.sampled_from([0.2, 0.5, 1.0, 2.5, 8.0, 40.0]), st.floats(0, 200))
def test_runs_are_the_visible_cells_and_gaps_within_a_pixel_are_closed(cells: set[int], cell: float, origin: float) -> None:
    view = axis(200, 150, cell, origin)
    found = runs(np.array(sorted(cells), dtype=np.int64), view)
    covered = [index for first, end in found for index in range(first, end)]
    seen = {index for index in cells if index in view.visible}
    assert seen <= set(covered) and len(covered) == len(set(covered)) and covered == sorted(covered)
    if view.cell >= 1:
        assert set(covered) == seen
    for first, end in found:
        assert first in seen and end - 1 in seen  # a run begins and ends with cells that are lit
    for (_, end), (begin, _) in itertools.pairwise(found):
        assert begin - (end - 1) > max(1.0, 1.0 / view.cell)


@given(st.integers(1, 300), st.integers(1, 300), st.sampled_from([1.0, 1.25, 1.5, 2.0]), st.data())
def test_the_middle_of_a_cells_rectangle_is_in_that_cell(rows: int, columns: int, ratio: float, data: st.DataObject) -> None:
    frame = Frame(axis(columns, round(400 * ratio), 9.0 * ratio, 3.0), axis(rows, round(300 * ratio), 9.0 * ratio, 5.0), ratio)
    cell = (data.draw(st.sampled_from(frame.down.visible)), data.draw(st.sampled_from(frame.across.visible)))
    rect = frame.rect(cell)
    if frame.area.contains(rect.center()):
        assert frame.cell_at(rect.center()) == cell
    two = frame.rect(cell, 2, 3)
    assert two.width() >= rect.width() and two.topLeft() == rect.topLeft()


@given(st.floats(0, 190), st.floats(0, 140), st.lists(st.tuples(st.floats(0, 184), st.floats(0, 134)), max_size=2))
def test_a_letter_is_in_view_and_on_nothing_where_there_is_room(x: float, y: float, others: list[tuple[float, float]]) -> None:
    area, box = QRectF(0, 0, 200, 150), QRectF(x, y, 9, 9)
    taken = [box, *(QRectF(QPointF(*place), LETTER) for place in others)]
    place = _free_place(box, area, taken)
    assert area.contains(place) and place.size() == LETTER
    assert not any(place.intersects(other) for other in taken)
