from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from hw2gui.colour import MapName, Scale, lookup_table

MAPS: list[tuple[MapName, bool]] = [("diverging", False), ("diverging", True), ("sequential", False), ("sequential", True), ("grey", False)]


def channels(table: NDArray[np.uint32]) -> NDArray[np.float64]:
    return np.stack([(table >> shift) & 0xFF for shift in (16, 8, 0)], axis=-1).astype(float) / 255


def luminance(table: NDArray[np.uint32]) -> NDArray[np.float64]:
    """WCAG's relative luminance."""
    rgb = channels(table)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize(("name", "dark"), MAPS)
def test_tables_are_opaque_and_cannot_be_changed(name: MapName, dark: bool) -> None:
    table = lookup_table(name, dark)
    assert table.shape == (256,) and np.all(table >> 24 == 0xFF)
    with pytest.raises(ValueError, match="read-only"):
        table[0] = 0


def test_maps_order_their_values_by_lightness() -> None:
    def steps(name: MapName, dark: bool = False) -> NDArray[np.float64]:
        # Neighbours may differ by nothing but rounding to 8 bits.
        return np.diff(luminance(lookup_table(name, dark)[::5]))

    assert np.all(steps("grey") > 0)
    assert np.all(steps("sequential") > 0)
    light, dark = steps("diverging"), steps("diverging", True)
    assert np.all(light[:25] > 0) and np.all(light[26:] < 0)  # towards dark ends
    assert np.all(dark[:25] < 0) and np.all(dark[26:] > 0)  # outwards from a dark middle


@pytest.mark.parametrize("dark", [False, True])
def test_negative_is_blue_and_positive_is_red(dark: bool) -> None:
    low, high = channels(lookup_table("diverging", dark)[[30, 225]])
    assert low[2] > low[0] and high[0] > high[2]


def test_sequential_and_grey_are_the_same_in_the_dark() -> None:
    for name in ("sequential", "grey"):
        np.testing.assert_array_equal(lookup_table(name, True), lookup_table(name, False))


values = hnp.arrays(np.float64, hnp.array_shapes(max_dims=2, max_side=6), elements=st.floats(-1e9, 1e9))


@given(values, st.floats(-1e3, 1e3))
def test_diverging_is_symmetric_and_holds_every_value(array: NDArray[np.float64], middle: float) -> None:
    scale = Scale.diverging(array, middle)
    assert scale.high > scale.low
    assert (scale.low + scale.high) / 2 == pytest.approx(middle, abs=1e-6)
    slack = 1e-9 * max(1.0, abs(scale.high))
    assert np.all(array >= scale.low - slack) and np.all(array <= scale.high + slack)


def test_diverging_of_nothing_or_nothing_finite_is_plus_minus_one() -> None:
    for array in (np.zeros((2, 2)), np.zeros((0, 3)), np.array([np.nan]), np.array([np.inf])):
        assert Scale.diverging(array) == Scale("diverging", -1.0, 1.0)


@given(values)
def test_grey_keeps_0_black_and_1_white_unless_values_go_further(array: NDArray[np.float64]) -> None:
    scale = Scale.grey(array)
    assert scale.low == min(0.0, array.min()) and scale.high == max(1.0, array.max())


def test_colours_run_over_the_range_and_stop_at_its_ends() -> None:
    scale = Scale("sequential", 0.0, 2.0)
    table = lookup_table("sequential")
    got = scale.colours(np.array([-5.0, 0.0, 1.0, 2.0, 9.0, np.inf, -np.inf]), dark=False)
    np.testing.assert_array_equal(got, table[[0, 0, 128, 255, 255, 255, 0]])


def test_nan_stands_for_both_signs_and_has_a_colour_of_its_own() -> None:
    got = Scale("diverging", -1.0, 1.0).colours(np.array([[np.nan, 1.0]]), dark=True, mixed=0xFF123456)
    assert got.tolist() == [[0xFF123456, int(lookup_table("diverging", True)[255])]]


def test_a_range_of_one_value_has_its_lowest_colour() -> None:
    assert Scale("grey", 3.0, 3.0).colours(np.array([3.0]), dark=False).tolist() == [0xFF000000]


@given(values)
def test_larger_values_are_never_further_down_the_map(array: NDArray[np.float64]) -> None:
    scale = Scale("grey", -10.0, 10.0)
    order = np.argsort(array, axis=None)
    level = scale.colours(array, dark=False).reshape(-1)[order]
    assert np.all(np.diff(level.astype(np.int64)) >= 0)
