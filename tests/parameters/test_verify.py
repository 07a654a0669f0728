"""Closed-form counts and shapes against the real PyTorch modules."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.errors import InputError
from hw2gui.parameters.architecture import Architecture, Tie
from hw2gui.parameters.expressions import Symbol
from hw2gui.parameters.layers import GRU, KINDS, LSTM, Conv2d, Embedding, Flatten, Linear, Shape, TargetTokens, make
from hw2gui.parameters.presets import PRESETS
from hw2gui.parameters.verify import Verification, verify
from tests.parameters.stacks import fitting_stacks, stacks_with, tied_stacks


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=25)
def test_formulas_and_pytorch_agree_for_every_kind(kind, data):
    architecture = data.draw(stacks_with(kind))
    verification = verify(architecture)
    assert verification.agrees, verification.sentence


@given(fitting_stacks())
@settings(max_examples=150)
def test_formulas_and_pytorch_agree_for_any_stack(architecture):
    verification = verify(architecture)
    assert verification.agrees, verification.sentence


@given(tied_stacks())
@settings(max_examples=25)
def test_tied_weights_count_once(architecture):
    verification = verify(architecture)
    assert verification.agrees, verification.sentence


@given(fitting_stacks())
@settings(max_examples=40)
def test_without_biases_the_weights_agree(architecture):
    assert verify(architecture, ignore_biases=True).agrees


@pytest.mark.parametrize("key", PRESETS)
def test_presets_agree(key):
    verification = verify(PRESETS[key].build())
    assert verification.agrees
    assert verification.device == "cpu"
    assert "agrees" in verification.sentence


def test_a_weight_tied_to_a_later_owner_counts_there():
    layers = (Embedding(7, 5, name="first"), Linear(7), Linear(5), Linear(7, name="last"))
    verification = verify(Architecture("x", Shape((3,), tokens=True), layers, (Tie("first", "last"),)))
    assert verification.agrees
    assert [layer.torch_parameters for layer in verification.layers] == [0, 7 * 5 + 7, 5 * 7 + 5, 5 * 7 + 7]


def test_huge_networks_take_no_memory():
    architecture = Architecture("huge", Shape((1, 1000, 1000)), (Conv2d(64, 5), Flatten(), Linear(10**6)))
    verification = verify(architecture)
    assert verification.device == "meta"
    assert verification.agrees
    assert verification.torch_parameters == 64 * 25 + 64 + 64 * 996 * 996 * 10**6 + 10**6


@pytest.mark.parametrize("cell", [LSTM, GRU])
def test_huge_recurrent_networks_too(cell):
    layers = (cell(5000, bidirectional=True), TargetTokens(4000), Embedding(9, 3), cell(10_000, initial_state="encoder"))
    verification = verify(Architecture("huge", Shape((3000, 7)), layers))
    assert verification.device == "meta"
    assert verification.agrees
    assert verification.layers[0].torch_shape == (3000, 10_000)


@pytest.mark.parametrize(
    ("layers", "mend"),
    [
        ((Linear(10**9), Linear(10**9), Linear(10**9, in_features=10**9)), "smaller"),
        ((LSTM(1, num_layers=10**9),), "at most"),
        ((Linear(3, in_features=9),), "Mend it"),
    ],
)
def test_what_cannot_be_verified_is_told_in_a_sentence(layers, mend):
    with pytest.raises(InputError, match=mend) as caught:
        verify(Architecture("too large", Shape((4, 8)), layers))
    assert "\n" not in str(caught.value)


@dataclass(frozen=True)
class WrongLinear(Linear):
    """Forgets one weight."""

    def weights(self, at):
        return super().weights(at) - Symbol("x", 1)

    def call(self, at):
        return replace_name(super().call(at))


def replace_name(call):
    return replace(call, name="Linear")


def test_a_wrong_formula_is_found_and_named():
    verification = verify(Architecture("wrong", Shape((4,)), (make("ReLU"), WrongLinear(3, name="guilty"))))
    assert not verification.agrees
    assert "disagrees at guilty: 15 parameters" in verification.sentence


def test_a_wrong_shape_and_a_wrong_total_are_found():
    right = verify(Architecture("right", Shape((4,)), (Linear(3),)))
    wrong_shape = replace(right, layers=(replace(right.layers[0], shape=(4,)),))
    assert not wrong_shape.agrees
    assert "(3,)" in wrong_shape.sentence
    assert not replace(right, torch_trainable=1).agrees
    assert "formulas" in replace(right, torch_trainable=1).sentence
    assert isinstance(right, Verification)


def test_the_random_numbers_of_others_are_left_alone():
    import torch

    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    verify(PRESETS["cnn"].build())
    assert torch.equal(torch.rand(4), expected)
