from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.seq2seq.dropout import Dropout


@pytest.mark.parametrize("p", [0.1, 0.3, 0.5, 0.9])
def test_the_share_dropped_and_the_mean_kept(p: float) -> None:
    torch.manual_seed(0)
    inputs = torch.ones(400, 501)
    outputs = Dropout(p)(inputs)
    dropped = (outputs == 0).double().mean().item()
    assert abs(dropped - p) < 5 * math.sqrt(p * (1 - p) / inputs.numel())
    assert outputs.unique().tolist() == [0.0, pytest.approx(1 / (1 - p), rel=1e-4)]


def test_neighbours_are_independent() -> None:
    """Four elements share one random word: their pairs must be dropped together as often as chance says."""
    torch.manual_seed(1)
    dropped = (Dropout(0.3)(torch.ones(50_000, 4)) == 0).double()
    together = dropped.T @ dropped / len(dropped)
    expected = torch.full((4, 4), 0.09, dtype=torch.float64).fill_diagonal_(0.3)
    torch.testing.assert_close(together, expected, atol=0.01, rtol=0)


@given(st.integers(0, 40), st.sampled_from([torch.float32, torch.float64]))
def test_any_shape_the_seed_decides_and_gradients_follow_the_mask(size: int, kind: torch.dtype) -> None:
    inputs = torch.randn(size, 3, dtype=kind, requires_grad=True)
    torch.manual_seed(2)
    one = Dropout(0.4)(inputs)
    torch.manual_seed(2)
    assert torch.equal(one, Dropout(0.4)(inputs)) and one.dtype == kind
    (gradient,) = torch.autograd.grad(one.sum(), inputs)
    torch.testing.assert_close(gradient * inputs, one)


def test_nothing_is_dropped_outside_training_or_at_0() -> None:
    inputs = torch.randn(5, 5)
    assert torch.equal(Dropout(0.5).eval()(inputs), inputs)
    assert torch.equal(Dropout(0.0)(inputs), inputs)
    assert Dropout(1.0)(inputs).eq(0).all()
