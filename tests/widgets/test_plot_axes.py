"""Ticks: round numbers at equal distances, as many as there is room for, and on logarithmic axes enough to read by."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.widgets.plot_axes import linear_levels, log_levels, log_text, step, tick_text

SPANS = st.floats(1e-6, 1e9)
MOST = st.floats(2, 30)


@given(SPANS, MOST)
def test_a_step_is_1_2_or_5_and_the_least_that_fits(span: float, most: float) -> None:
    found = step(span, most)
    mantissa = found / 10 ** math.floor(math.log10(found) + 1e-9)
    assert round(mantissa, 6) in (1, 2, 5)
    assert span / found <= most * (1 + 1e-6)
    assert span / (found / 2.5) > most * (1 - 1e-6)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), MOST)
def test_numbers_stand_inside_the_axis_at_equal_distances(low: float, span: float, most: float) -> None:
    (spacing, places), *rest = linear_levels(low, low + span, most)
    slack = 1e-5 * spacing
    assert all(low - slack <= place <= low + span + slack for place in places)
    assert len(places) <= most * (1 + 1e-9) + 1
    assert all(abs(second - first - spacing) < 1e-6 * spacing + 1e-9 for first, second in itertools.pairwise(places))
    small = [place for _, found in rest for place in found]
    assert not any(abs(place - numbered) < spacing / 100 for place in small for numbered in places)


@given(st.integers(0, 50), st.integers(1, 500), MOST)
def test_what_is_counted_has_whole_ticks_only(low: int, span: int, most: float) -> None:
    for _, places in linear_levels(low - 0.4, low + span + 0.4, most, whole=True):
        assert all(abs(place - round(place)) < 1e-9 for place in places)


@given(st.floats(-6, 3), st.floats(0.05, 8), MOST)
def test_a_logarithmic_axis_has_numbers_inside_it(low: float, span: float, most: float) -> None:
    numbered = log_levels(low, low + span, most)[0][1]
    assert all(low - 1e-6 <= place <= low + span + 1e-6 for place in numbered)
    assert len(numbered) <= 3 * most + 3


def test_less_than_a_decade_is_read_by_more_than_one_number() -> None:
    assert [log_text(place) for place in log_levels(math.log10(1.7), math.log10(2.4), 5)[0][1]] == ["1.8", "2", "2.2", "2.4"]
    assert [log_text(place) for place in log_levels(-2, 1, 12)[0][1]] == ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10"]


@pytest.mark.parametrize(
    ("value", "spacing", "text"),
    [(5.4, 0.05, "5.40"), (-1.75, 0.05, "−1.75"), (1000, 500, "1,000"), (0.0, 0.2, "0.0"), (3, 1, "3"), (-0.0, 0.1, "0.0")],
)
def test_numbers_of_an_axis_have_as_many_decimals_as_their_distance(value: float, spacing: float, text: str) -> None:
    assert tick_text(value, spacing) == text
