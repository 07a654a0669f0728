from __future__ import annotations

import math

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from hw2gui.widgets.viewport import MAX_CELL, WHOLE_PIXELS_FROM, Axis, snap

counts = st.one_of(st.integers(1, 60), st.integers(1, 10**6), st.integers(1, 10**9))
extents = st.integers(1, 900)


@st.composite
def axes(draw: st.DrawFn) -> Axis:
    """An axis as a view has it: fitted, then zoomed and panned somewhere."""
    count, extent = draw(counts), draw(extents)
    least = Axis.fit_size(count, extent)
    axis = Axis(count, extent, least, 0.0, least).placed(least, 0.0)
    cell = draw(st.floats(least, MAX_CELL)) if least < MAX_CELL else least
    return axis.placed(cell, draw(st.floats(-10.0, count + 10.0)))


@given(counts, extents)
def test_fitted_everything_is_in_view(count: int, extent: int) -> None:
    least = Axis.fit_size(count, extent)
    axis = Axis(count, extent, least, 0.0, least).placed(least, 0.0)
    assert 0 < axis.cell <= MAX_CELL
    assert axis.position(0) >= -1e-6 and axis.position(count) <= extent + 1e-6
    # In the middle, to the pixel.
    assert abs(axis.position(0) - (extent - axis.position(count))) <= 1 + 1e-6
    # As large as it goes: one pixel more a cell (whole pixels), or any more, would not fit.
    if axis.cell < MAX_CELL:
        assert (axis.cell + (1 if axis.cell >= WHOLE_PIXELS_FROM else 1e-6 * axis.cell)) * count >= extent * (1 - 1e-9)


@given(axes())
def test_content_fills_the_view_or_lies_in_its_middle(axis: Axis) -> None:
    first, end = axis.position(0), axis.position(axis.count)
    if axis.count * axis.cell >= axis.extent:
        assert first <= 1e-3 and end >= axis.extent - 1e-3
    else:
        assert abs(first - (axis.extent - end)) <= 1 + 1e-3


@given(axes())
def test_large_cells_are_whole_pixels_and_begin_on_them(axis: Axis) -> None:
    assume(axis.cell >= WHOLE_PIXELS_FROM)
    assert axis.cell == int(axis.cell)
    first = axis.visible.start
    assert abs(axis.position(first) - round(axis.position(first))) < 1e-3


@given(axes())
def test_layout_gives_every_visible_cell_to_exactly_one_group_and_every_pixel_to_at_most_one(axis: Axis) -> None:
    edges, group = axis.layout()
    assert np.all(np.diff(edges) > 0)
    assert group.shape == (axis.extent,) and group.min() >= -1 and group.max() < max(1, edges.size - 1)
    inside = np.flatnonzero(group >= 0)
    if inside.size:
        np.testing.assert_array_equal(inside, np.arange(inside[0], inside[-1] + 1))  # pixels with cells are neighbours
        steps = np.diff(group[inside])
        assert np.all((steps == 0) | (steps == 1))
    # The cells of the groups are those in view.
    visible = axis.visible
    if axis.cell < 1.0:
        np.testing.assert_array_equal(group[inside], np.arange(inside.size))  # a group a pixel
        assert abs(int(edges[0]) - visible.start) <= 1 and abs(int(edges[-1]) - visible.stop) <= 1
    else:
        np.testing.assert_array_equal(edges, np.arange(visible.start, visible.stop + 1))


@given(axes(), st.data())
def test_a_pixel_shows_the_cell_that_is_pointed_at_there(axis: Axis, data: st.DataObject) -> None:
    edges, group = axis.layout()
    pixel = data.draw(st.integers(0, axis.extent - 1))
    within = data.draw(st.floats(0, 0.99))
    cell = axis.cell_at(pixel + within)
    assert (cell is None) == (group[pixel] < 0) or axis.cell < 1.0  # (a pixel at the rim may be half content)
    if cell is not None and group[pixel] >= 0:
        slack = 0 if axis.cell >= 1.0 else 1
        assert edges[group[pixel]] - slack <= cell < edges[group[pixel] + 1] + slack


@given(axes())
def test_nothing_is_pointed_at_outside(axis: Axis) -> None:
    assert axis.cell_at(-1) is None and axis.cell_at(axis.extent) is None


@given(axes(), st.floats(0.3, 3.0), st.data())
def test_zooming_keeps_the_cell_under_the_pointer(axis: Axis, factor: float, data: st.DataObject) -> None:
    pixel = data.draw(st.integers(0, axis.extent - 1))
    before = axis.cell_at(pixel)
    assume(before is not None and axis.count < 10**7)
    after = axis.zoomed(factor, pixel)
    # Unless an end of the content came into view, or the content is smaller than the view.
    ends = after.origin <= 0 or after.origin >= after.count - after.extent / after.cell - 1e-9
    if not ends:
        assert before is not None and after.cell_at(pixel) is not None
        if min(axis.cell, after.cell) >= 1:
            assert after.cell_at(pixel) == before
        else:  # where a pixel covers several cells, one of them
            assert abs((after.cell_at(pixel) or 0) - before) <= 1 / min(axis.cell, after.cell)


@given(axes(), st.sampled_from([1.2, 1 / 1.2, 1.25, 1 / 1.25, 1.01, 0.99]))
def test_zooming_always_changes_something_until_it_cannot(axis: Axis, factor: float) -> None:
    after = axis.zoomed(factor, axis.extent / 2)
    if factor > 1:
        assert after.cell > axis.cell or math.isclose(axis.cell, snap(MAX_CELL))
    else:
        assert after.cell < axis.cell or math.isclose(axis.cell, axis.least)


def test_zooming_in_and_in_ends_at_the_largest_cell_and_out_and_out_at_everything() -> None:
    axis = fitted = Axis(784, 600, Axis.fit_size(784, 600), 0.0, Axis.fit_size(784, 600))
    for _ in range(60):
        axis = axis.zoomed(1.2, 123)
    assert axis.cell == MAX_CELL
    for _ in range(60):
        axis = axis.zoomed(1 / 1.2, 17)
    assert axis == fitted


@given(axes(), st.integers(-500, 500))
def test_panning_follows_the_pointer_as_far_as_there_is_content(axis: Axis, by: int) -> None:
    after = axis.panned(by)
    assert after.cell == axis.cell
    moved = after.position(0) - axis.position(0)
    assert min(0, by) - 1e-3 <= moved <= max(0, by) + 1e-3
    if axis.count < 10**7 and -after.position(0) > 1 and after.position(after.count) > after.extent + 1:
        assert abs(moved - by) < 0.51  # cells of whole pixels stay on them


@given(axes(), st.data())
def test_showing_a_cell_shows_it_whole_and_moves_no_more_than_it_takes(axis: Axis, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, axis.count - 1))
    after = axis.showing(index)
    assert after.cell == axis.cell
    begins, ends = after.position(index), after.position(index + 1)
    if axis.cell <= axis.extent:
        assert begins >= -0.51 and ends <= axis.extent + 0.51
    whole = axis.position(index) >= 0 and axis.position(index + 1) <= axis.extent
    if whole:
        assert abs(after.origin - axis.origin) * axis.cell < 0.51
    assert after.showing(index) == after


@given(axes(), st.data())
def test_centring_a_cell_puts_it_in_the_middle_where_there_is_content_around_it(axis: Axis, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, axis.count - 1))
    after = axis.centred(index, 26.0)
    assert after.cell == max(26.0, axis.least) or axis.least > 26
    if 1e-6 < after.origin < after.count - after.extent / after.cell - 1e-6:
        middle = (after.position(index) + after.position(index + 1)) / 2
        assert abs(middle - after.extent / 2) <= 0.51


def test_a_matrix_of_a_million_columns_is_placed_to_the_cell() -> None:
    axis = Axis(10**6, 600, 600 / 10**6, 0.0, 600 / 10**6).centred(777_777, 40.0)
    assert axis.cell_at(300) == 777_777
    assert axis.visible == range(777_770, 777_785)


def test_a_cell_may_be_as_large_as_it_is_told() -> None:
    fitted = Axis.fit_size(2, 2000, 2 * MAX_CELL)
    axis = Axis(2, 2000, fitted, 0.0, fitted, 2 * MAX_CELL)
    assert axis.cell == 2 * MAX_CELL == axis.zoomed(10, 700).cell == axis.placed(1000, 0).cell
