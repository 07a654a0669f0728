"""Gradients by hand and by automatic differentiation are the same."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from hw2gui.vision import backpropagation
from hw2gui.vision.model import build
from hw2gui.vision.network import BEST, HOMEWORK, Convolution, Network

CONVOLUTIONS = st.builds(
    Convolution,
    channels=st.integers(1, 5),
    kernel=st.sampled_from([1, 3, 5]),
    same=st.booleans(),
    pooling=st.sampled_from(["max", "subsample", "none"]),
)
NETWORKS = st.builds(
    Network,
    convolutions=st.lists(CONVOLUTIONS, max_size=2).map(tuple),
    dense=st.lists(st.integers(1, 20), max_size=2).map(tuple),
    dropout=st.sampled_from([0.0, 0.3, 0.9]),
    dropout_after=st.just(0),
)


@settings(max_examples=60, deadline=None)
@given(network=NETWORKS, count=st.integers(1, 6), smoothing=st.sampled_from([0.0, 0.1]), seed=st.integers(0, 2**16))
def test_they_are_those_of_automatic_differentiation(network: Network, count: int, smoothing: float, seed: int) -> None:
    model = build(network, seed).double()
    generator = torch.Generator().manual_seed(seed)
    # Most pixels are equal, as an image's paper is: the pooling's ties must go the same way.
    inputs = torch.rand(count, 1, 28, 28, generator=generator, dtype=torch.float64).sub(0.7).clamp_(min=0)
    labels = torch.randint(10, (count,), generator=generator)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        loss = functional.cross_entropy(model(inputs), labels, label_smoothing=smoothing)
        loss.backward()
        drawn = torch.rand(1)
    expected = [parameter.grad.clone() for parameter in model.parameters()]
    for parameter in model.parameters():
        parameter.grad.fill_(7.0)  # what was there is overwritten, not added to
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        found = backpropagation.gradients(model, inputs, labels, smoothing)
        assert torch.equal(torch.rand(1), drawn)
    torch.testing.assert_close(found, loss.detach())
    for (name, parameter), gradient in zip(model.named_parameters(), expected, strict=True):
        torch.testing.assert_close(parameter.grad, gradient, msg=lambda text, name=name: f"{name}: {text}")


def test_the_first_gradients_find_their_place() -> None:
    model = build(HOMEWORK, 1)
    backpropagation.gradients(model, torch.rand(2, 1, 28, 28), torch.tensor([3, 4]))
    assert all(parameter.grad is not None and parameter.grad.abs().sum() > 0 for parameter in model.parameters())


def test_without_training_nothing_is_dropped() -> None:
    model = build(HOMEWORK, 1).eval()
    inputs, labels = torch.rand(2, 1, 28, 28), torch.tensor([3, 4])
    once, again = (backpropagation.gradients(model, inputs, labels) for _ in range(2))
    assert torch.equal(once, again)
    torch.testing.assert_close(once, functional.cross_entropy(model(inputs), labels).detach())


@pytest.mark.parametrize(("network", "known"), [(HOMEWORK, True), (BEST, False)])
def test_which_networks(network: Network, known: bool) -> None:
    assert backpropagation.fits(build(network, 1)) == known
