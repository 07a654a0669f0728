from dataclasses import replace

import pytest

from hw2gui.parameters import state
from hw2gui.parameters.comparison import duel, growth
from hw2gui.parameters.explain_duel import explain_duel, explain_growth, power_words
from hw2gui.parameters.state import ParametersState

START = ParametersState()


@pytest.mark.parametrize(
    ("slope", "words"),
    [
        (1.98, "slope 1.98, like HW"),
        (4.06, "slope 4.06, like H²W²"),
        (2.4, "slope 2.40"),
        (-0.02, "slope −0.02, constant"),
        (None, "no slope: a single point"),
    ],
)
def test_slopes_in_words(slope, words):
    assert power_words(slope, "side") == words


def test_the_homeworks_closed_forms_stand_where_they_hold():
    chosen = replace(state.with_preset(START, "question1"), ignore_biases=True)
    compared = duel(chosen)
    assert "⌊" in explain_duel(compared, "parameters")
    assert "like H²W²" in explain_growth(compared, growth(chosen), "parameters")
    counted = duel(replace(chosen, ignore_biases=False))
    assert "⌊" not in explain_duel(counted, "parameters")
