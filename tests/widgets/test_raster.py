"""The picture of the cells against the slowest way to make it: one pixel at a time."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from hw2gui.colour import Scale, lookup_table
from hw2gui.widgets.cells import ArraySource
from hw2gui.widgets.raster import LINES_FROM, draw_values, is_light, mask_raster, raster, share_text, short_number, shortest
from hw2gui.widgets.themes import DARK, LIGHT
from hw2gui.widgets.viewport import MAX_CELL, Axis
from tests.test_colour import MAPS, luminance

SCALE = Scale("diverging", -2.0, 2.0)


def pixels(image: QImage) -> NDArray[np.uint32]:
    whole = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    return whole[:, : image.width()].copy()  # The image may be gone before its pixels are looked at.


@st.composite
def views(draw: st.DrawFn, largest_cell: float = LINES_FROM - 1.0) -> tuple[ArraySource, Axis, Axis]:
    rows, cols = draw(st.integers(1, 30)), draw(st.integers(1, 30))
    array = np.random.default_rng(draw(st.integers(0, 99))).normal(size=(rows, cols))
    axes = []
    for count in (cols, rows):
        extent = draw(st.integers(1, 60))
        least = Axis.fit_size(count, extent)
        cell = draw(st.floats(min(least, largest_cell), largest_cell))
        axes.append(Axis(count, extent, least, 0.0, least).placed(cell, draw(st.floats(0, count))))
        assume(axes[-1].cell <= largest_cell)
    return ArraySource(array), axes[0], axes[1]


def cells_of(axis: Axis, pixel: int) -> range:
    """The cells a device pixel stands for: that at its middle, or where cells are smaller all that begin in it."""
    if axis.cell >= 1.0:
        index = math.floor(axis.origin + (pixel + 0.5) / axis.cell)
        return range(index, index + 1) if 0 <= index < axis.count else range(0)
    first, end = (math.floor(axis.origin + at / axis.cell) for at in (pixel, pixel + 1))
    return range(max(first, 0), min(end, axis.count))


@given(views())
@settings(max_examples=60)
def test_each_pixel_has_the_colour_of_the_mean_of_its_cells(view: tuple[ArraySource, Axis, Axis]) -> None:
    source, across, down = view
    got = pixels(raster(source, across, down, SCALE, LIGHT, None))
    empty = int(QColor(LIGHT.empty).rgb())
    for y in range(down.extent):
        for x in range(across.extent):
            rows, cols = cells_of(down, y), cells_of(across, x)
            if not (len(rows) and len(cols)):
                assert got[y, x] == empty
                continue
            mean = source.array[rows.start : rows.stop, cols.start : cols.stop].mean()
            wanted = SCALE.colours(np.array([mean]), dark=False)[0]
            near = [int(colour) for colour in SCALE.colours(np.array([mean - 1e-9, mean + 1e-9]), dark=False)]
            assert got[y, x] == wanted or int(got[y, x]) in near


@given(views(MAX_CELL))
@settings(max_examples=40)
def test_a_mask_is_lit_where_any_of_a_pixels_cells_is(view: tuple[ArraySource, Axis, Axis]) -> None:
    source, across, down = view
    source = ArraySource((source.array > 1.2).astype(float))
    got = pixels(mask_raster(source, across, down, QColor("#ffc042")))
    for y in range(0, down.extent, 3):
        for x in range(0, across.extent, 3):
            rows, cols = cells_of(down, y), cells_of(across, x)
            lit = source.array[rows.start : rows.stop, cols.start : cols.stop].any()
            assert got[y, x] == (0xFFFFC042 if lit else 0)


def axis(count: int, cell: float) -> Axis:
    return Axis(count, int(count * cell), cell, 0.0, cell)


def test_lines_are_drawn_between_cells_that_are_large_enough() -> None:
    source = ArraySource(np.zeros((4, 4)))
    cells = (LINES_FROM - 1.0, float(LINES_FROM))
    plain, lined = (pixels(raster(source, axis(4, cell), axis(4, cell), SCALE, LIGHT, None)) for cell in cells)
    assert len(set(plain.reshape(-1).tolist())) == 1
    begins = [k for k in range(1, lined.shape[0]) if lined[k, 4] != lined[1, 4]]
    assert begins == [LINES_FROM, 2 * LINES_FROM, 3 * LINES_FROM]
    np.testing.assert_array_equal(lined, lined.T)


def test_on_a_denser_screen_the_same_lines_are_drawn() -> None:
    source = ArraySource(np.zeros((4, 4)))
    coarse, fine = axis(4, LINES_FROM - 1.0), axis(4, 2 * (LINES_FROM - 1.0))
    for view, ratio in ((coarse, 1.0), (fine, 2.0)):
        assert len(set(pixels(raster(source, view, view, SCALE, LIGHT, None, ratio)).reshape(-1).tolist())) == 1
    assert len(set(pixels(raster(source, fine, fine, SCALE, LIGHT, None, 1.0)).reshape(-1).tolist())) > 1


@pytest.mark.parametrize("cell", [20.0, 6.0, 1.7, 0.3])
def test_blocks_begin_where_they_are_told_to(cell: float) -> None:
    """Also where a pixel covers several cells: no line of a block is lost."""
    block = 20 if cell < 1 else 4
    source = ArraySource(np.zeros((60, 60)))
    picture = pixels(raster(source, axis(60, cell), axis(60, cell), SCALE, LIGHT, (block, 60)))
    column = picture[:, 5 if cell >= 1 else 3].astype(np.int64)
    plain = pixels(raster(source, axis(60, cell), axis(60, cell), SCALE, LIGHT, None))[:, 5 if cell >= 1 else 3].astype(np.int64)
    begins = np.flatnonzero(column != plain)
    wanted = [k for k in range(1, len(column)) if any(c % block == 0 and c > 0 for c in new_cells(axis(60, cell), k))]
    assert begins.tolist() == wanted and len(wanted) > 1


def new_cells(of: Axis, pixel: int) -> set[int]:
    """The cells of *pixel* that the pixel before it does not show."""
    return set(cells_of(of, pixel)) - set(cells_of(of, pixel - 1))


def test_nothing_to_show_is_the_empty_colour() -> None:
    picture = pixels(raster(None, Axis(1, 5, 1.0, 0.0), Axis(1, 4, 1.0, 0.0), SCALE, DARK, None))
    assert picture.shape == (4, 5) and set(picture.reshape(-1).tolist()) == {int(QColor(DARK.empty).rgb())}


# -- values in cells --------------------------------------------------------------------------------------------------------------


def printed(qapp: Any, array: NDArray[np.float64], cell: float) -> list[tuple[int, int]]:
    """In which cells something was printed."""
    source, across, down = ArraySource(array), axis(array.shape[1], cell), axis(array.shape[0], cell)
    image = raster(source, across, down, SCALE, LIGHT, None)
    before = pixels(image)
    draw_values(image, source, across, down, SCALE, LIGHT, 1.0)
    changed = pixels(image) != before
    size = int(cell)
    return [
        (row, col)
        for row in range(array.shape[0])
        for col in range(array.shape[1])
        if changed[row * size : (row + 1) * size, col * size : (col + 1) * size].any()
    ]


def test_values_are_printed_where_there_is_room(qapp: Any) -> None:
    array = np.array([[0.0, 1.0], [-0.5, 0.0]])
    assert printed(qapp, array, 12.0) == []
    assert printed(qapp, array, 24.0) == [(0, 1), (1, 0)]  # zeros only where cells are large
    assert len(printed(qapp, array, 60.0)) == 4
    assert len(printed(qapp, np.zeros((2, 2)), 60.0)) == 4


def test_values_stay_within_their_cells(qapp: Any) -> None:
    array = np.zeros((3, 3))
    array[1, 1] = -123456.789
    for cell in (22.0, 30.0, 39.0):
        assert printed(qapp, array, cell) == [(1, 1)]


@pytest.mark.parametrize(("name", "dark"), MAPS)
def test_values_can_be_read_on_every_colour(name: Any, dark: bool) -> None:
    table = lookup_table(name, dark)
    light, bright = luminance(table), is_light(table)
    contrast = np.where(bright, (light + 0.05) / 0.05, 1.05 / (light + 0.05))
    assert contrast.min() >= 4.5


# -- numbers ----------------------------------------------------------------------------------------------------------------------


def read(text: str) -> float:
    return float(text.replace("−", "-"))


numbers = st.floats(-1e300, 1e300) | st.integers(-(10**9), 10**9).map(float) | st.floats(-10, 10)


@given(numbers, st.integers(3, 12))
def test_a_short_number_never_lies(value: float, characters: int) -> None:
    text = short_number(value, characters)
    assert "-" not in text and not text.startswith(("0.", "−0.")) and not text.endswith((".0e", "e"))
    if text.lstrip("−").isdigit():
        assert read(text) == value  # what looks whole is exact
    else:
        digits = len(text.partition("e")[0].strip("−").replace(".", "").lstrip("0")) or 1
        assert read(text) == pytest.approx(value, rel=0.5 * 10.0 ** (1 - digits) * (1 + 1e-9))
        assert digits <= 7 and read(text) != 0
    assert (read(text) > 0) == (value > 0) and (read(text) < 0) == (value < 0)


@given(numbers, st.integers(5, 12))
def test_a_short_number_is_short_where_that_is_possible(value: float, characters: int) -> None:
    exponent = math.floor(math.log10(abs(value))) if value else 0
    assert len(short_number(value, characters)) <= max(characters, len(f"−9e{exponent - 1}"))


@pytest.mark.parametrize(
    ("value", "characters", "text"),
    [
        (0, 7, "0"),
        (-0.0, 7, "0"),
        (-12, 7, "−12"),
        (1234567, 7, "1234567"),
        (1234567, 5, "1.2e6"),
        (0.25, 7, ".25"),
        (-0.816, 4, "−.82"),
        (0.9999, 7, ".9999"),
        (0.9999, 4, "1.0"),
        (0.99999, 7, "1.0"),
        (12.00003, 7, "12.0"),
        (-12.7, 4, "−13."),
        (99999.7, 7, "100000."),
        (1e-9, 7, "1e−9"),
        (-1.2345e-9, 7, "−1.2e−9"),
        (math.inf, 7, "∞"),
        (-math.inf, 7, "−∞"),
        (math.nan, 7, "NaN"),
    ],
)
def test_short_numbers(value: float, characters: int, text: str) -> None:
    assert short_number(value, characters) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0"), (1.0, "1"), (0.0004, "≈0"), (0.0005, ".001"), (0.0412, ".041"), (0.9994, ".999"), (0.9996, "≈1")]
)
def test_shares_have_three_decimals_and_no_false_0_or_1(value: float, text: str) -> None:
    assert share_text(value) == text


@pytest.mark.parametrize(
    ("value", "characters", "text"), [(-0.00848, 4, "−.01"), (-0.0021, 4, "≈0"), (0.084, 3, ".08"), (-0.31, 2, "…"), (12.5, 3, "…")]
)
def test_where_no_digit_fits_the_decimals_there_are_are_said(value: float, characters: int, text: str) -> None:
    assert shortest(value, characters) == text
