from dataclasses import replace

import pytest
from hypothesis import given

from hw2gui.errors import InputError
from hw2gui.parameters import state
from hw2gui.parameters.analysis import analyse
from hw2gui.parameters.layers import Shape
from hw2gui.parameters.presets import PRESETS, cnn
from hw2gui.parameters.state import EMPTY, ParametersState, check
from hw2gui.session.codec import from_plain, to_plain
from tests.parameters.stacks import fitting_stacks

START = ParametersState()


def test_starts_at_the_cnn():
    assert check(START) == START
    assert START.architecture == cnn()


@pytest.mark.parametrize("key", [EMPTY, *PRESETS])
def test_every_preset_round_trips_through_a_session(key):
    chosen = check(state.with_preset(START, key))
    assert check(from_plain(ParametersState, to_plain(chosen))) == chosen
    assert chosen.preset == key
    if key != EMPTY:
        assert chosen.architecture == PRESETS[key].build()


def test_a_preset_is_counted_as_the_homework_counts_it():
    """457 without biases, 420,906 with them, whatever was counted before."""
    question, network = state.with_preset(START, "question1"), state.with_preset(state.with_preset(START, "question1"), "cnn")
    counts = [analyse(chosen.architecture, 1, chosen.ignore_biases).totals.parameters for chosen in (question, network)]
    assert counts == [457, 420_906]
    assert state.with_preset(question, EMPTY).ignore_biases


@given(fitting_stacks())
def test_the_text_is_the_network(stack):
    chosen = state.with_architecture(START, stack)
    state._read.clear()
    assert chosen.architecture == stack
    assert chosen.preset == ""


def test_memory_of_texts_is_bounded():
    for side in range(1, 400):
        state.with_input(START, Shape((1, side, side)))
    assert len(state._read) <= state._KEPT


@pytest.mark.parametrize(
    "changes",
    [{"stack": "nonsense"}, {"batch": 0}, {"batch": 10**10}, {"value": 0}, {"picture_side": 0}, {"first": "gone"}, {"second": "gone"}],
)
def test_impossible_states_are_refused(changes):
    with pytest.raises(InputError):
        check(replace(START, **changes))


def test_what_no_longer_applies_is_let_go():
    assert check(replace(START, selected=99)).selected is None
    assert check(replace(START, preset="forgotten")).preset == ""
    assert check(replace(START, entry=(-1, 0))).entry is None


def test_edits_keep_the_selection_where_the_hand_is():
    added = state.with_layer_added(replace(START, selected=2), "Tanh")
    assert (added.selected, added.architecture.layers[3].kind) == (3, "Tanh")
    assert state.with_layer_added(START, "Tanh").selected == 14
    assert state.with_layer_removed(replace(START, selected=13), 13).selected == 12
    assert state.with_layer_copied(START, 0).selected == 1
    assert state.with_layer_moved(START, 0, 5).selected == 5
    last = state.with_architecture(START, replace(cnn(), layers=cnn().layers[:1]))
    assert state.with_layer_removed(last, 0).selected is None
