from dataclasses import replace

import pytest

from hw2gui.errors import InputError
from hw2gui.parameters import state
from hw2gui.parameters.analysis import analyse
from hw2gui.parameters.claims import claims
from hw2gui.parameters.comparison import axis, duel, growth, rivals, variable_problem
from hw2gui.parameters.presets import PRESETS, cnn, dense
from hw2gui.parameters.state import ParametersState

START = ParametersState()


def test_the_homeworks_claim_is_true_at_matched_widths_and_false_against_one_layer():
    found = {claim.against: claim for claim in claims(analyse(cnn()))}
    assert {(claim.verdict, claim.parameters) for claim in found.values()} == {
        ("true", 544_330),
        ("true", 871_690),
        ("false", 407_050),
        ("note", 420_565),
        ("note", 419_530),
    }
    assert analyse(dense(529, 10)).totals.parameters < 420_906 < analyse(dense(530, 10)).totals.parameters


def test_a_network_without_convolution_makes_no_claim():
    with pytest.raises(InputError):
        claims(analyse(PRESETS["seq2seq"].build()))


def test_question_1_at_its_own_size_and_at_others():
    chosen = replace(state.with_preset(START, "question1"), ignore_biases=True)
    own = duel(chosen)
    assert (own.value, own.comparison.first, own.comparison.second) == (28, 457, 113_328)
    larger = duel(replace(chosen, value=29))
    assert larger.comparison.first == 457, "the floor drops the last row"
    assert duel(replace(chosen, value=10**9)).value == larger.axis.high


def test_where_a_network_does_not_fit_nothing_is_compared():
    with pytest.raises(InputError, match=r"^Question 2 CNN: .*no window fits"):
        duel(replace(START, value=7))


def test_the_twin_is_called_by_its_widths():
    assert [rival.title for rival in rivals(START)] == ["Question 2 CNN", "784-600-120-10"]


@pytest.mark.parametrize("key", list(PRESETS))
def test_the_axis_ends_where_a_network_stops_fitting(key):
    chosen = state.with_preset(START, key)
    first, second = rivals(chosen)
    span = axis(first, second)
    assert span.low <= span.own <= span.high
    for value in (span.low, span.high):
        compared = duel(replace(chosen, value=value), span)
        assert compared.first.error is None and compared.second.error is None


def test_the_curves_pass_through_the_duel():
    grown = growth(START)
    for index, curve in enumerate(grown.curves):
        for point in curve.points[::9]:
            at = duel(replace(START, value=point.value), grown.axis)
            assert (at.first, at.second)[index].totals.parameters == point.parameters


def test_why_a_variable_cannot_grow():
    pair = rivals(state.with_preset(START, "seq2seq"))
    assert "no convolution" in variable_problem(pair, "kernel")
    assert variable_problem(pair, "hidden") == ""


def test_counts_at_hand_are_used_for_the_stack_itself():
    known = analyse(START.architecture, START.batch)
    assert duel(START, known=known).first is known
    assert duel(replace(START, value=40), known=known).first is not known
