from dataclasses import replace

import pytest

from hw2gui.parameters import state
from hw2gui.parameters.analysis import analyse
from hw2gui.parameters.comparison import duel, growth
from hw2gui.parameters.explain import explain_duel, explain_growth, explain_layer, explain_scene, formula_html, letters_html, power_words
from hw2gui.parameters.expressions import Formula, Symbol
from hw2gui.parameters.layers import KINDS
from hw2gui.parameters.presets import PRESETS
from hw2gui.parameters.scene import resolve
from hw2gui.parameters.state import ParametersState

START = ParametersState()


def test_letters_are_set_as_mathematics():
    assert letters_html("C_out·M + fc1") == "<i>C</i><sub>out</sub>·<i>M</i> + fc1"
    assert letters_html("H'·W'") == "<i>H</i>′·<i>W</i>′"


def test_a_formula_ends_in_its_value_once():
    text = formula_html(Formula("weights", Symbol("M", 5) * Symbol("N", 5)))
    assert text == "weights: <i>M</i>·<i>N</i> = 5·5 = <b>25</b>"
    assert formula_html(Formula("units", Symbol("F", 5))) == "units: <i>F</i> = <b>5</b>"


@pytest.mark.parametrize("key", list(PRESETS))
def test_every_layer_of_every_preset_is_explained_with_its_counts(key):
    analysis = analyse(PRESETS[key].build(), 8)
    for row in analysis.rows:
        text = explain_layer(row, analysis)
        assert f"<b>{row.parameters:,}</b> parameters" in text
        assert row.kind in KINDS


def test_a_network_that_does_not_fit_says_how_far_its_totals_go():
    broken = state.with_architecture(START, START.architecture.removed(6))
    assert "Only up to fc1" in explain_scene(resolve(broken))


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
