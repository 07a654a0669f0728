from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hw2gui.report.verdicts import WIDEST, WORDS, Spread, Verdict, against, together

values = st.lists(st.floats(0, 1), min_size=2, max_size=20)


@given(values)
def test_the_interval_is_the_prediction_interval_of_one_more_normal_value(found: list[float]) -> None:
    n = len(found)
    half = Spread(tuple(found)).half_width
    assert half == pytest.approx(stats.t.ppf(0.975, n - 1) * np.std(found, ddof=1) * math.sqrt(1 + 1 / n), rel=1e-3, abs=1e-12)


@given(values, st.floats(0, 1))
def test_a_value_agrees_exactly_within_the_interval(found: list[float], reported: float) -> None:
    spread = Spread(tuple(found))
    assert spread.half_width is not None
    kind = against(reported, found).kind
    if spread.half_width > WIDEST:
        assert kind == "undecided"
    else:
        inside = spread.mean - spread.half_width <= reported <= spread.mean + spread.half_width
        assert kind == ("agrees" if inside else "differs")


def test_one_seed_decides_nothing_and_says_so() -> None:
    verdict = against(0.5, [0.51])
    assert verdict.kind == "undecided" and "One seed" in verdict.sentence and "+0.0100" in verdict.sentence


def test_seeds_of_which_one_collapsed_decide_nothing() -> None:
    verdict = against(0.9298, [0.8586, 0.8494, 0.0975])
    assert verdict.kind == "undecided" and "0.0975 to 0.8586" in verdict.sentence


def test_of_several_verdicts_the_worst_counts() -> None:
    both = together([Verdict("agrees", "One."), Verdict("differs", "Two.")])
    assert (both.kind, both.sentence) == ("differs", "One. Two.")
    assert set(WORDS) == {kind for kind in WORDS if WORDS[kind]}
