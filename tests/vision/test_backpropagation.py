"""Gradients by hand and by automatic differentiation are the same."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
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


class Drawn(nn.Module):
    """Dropout as one sees it: one evenly distributed number a unit, kept where it is greater than p."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        return x * (torch.rand_like(x) > self.p) / (1 - self.p) if self.p else x


@settings(max_examples=80, deadline=None)
@given(
    network=NETWORKS,
    count=st.integers(1, 6),
    most=st.sampled_from([0, 8]),
    smoothing=st.sampled_from([0.0, 0.1]),
    seed=st.integers(0, 2**16),
)
def test_they_are_those_of_automatic_differentiation(network: Network, count: int, most: int, smoothing: float, seed: int) -> None:
    """*most* images are few: the convolutions are unrolled or PyTorch's."""
    model = build(network, seed).double()
    reference = nn.Sequential(*(Drawn(stage.p) if isinstance(stage, nn.Dropout) else stage for stage in model.children()))
    generator = torch.Generator().manual_seed(seed)
    # Most pixels are equal, as an image's paper is: the pooling's ties must go the same way.
    inputs = torch.rand(count, 1, 28, 28, generator=generator, dtype=torch.float64).sub(0.7).clamp_(min=0)
    labels = torch.randint(10, (count,), generator=generator)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        loss = functional.cross_entropy(reference(inputs), labels, label_smoothing=smoothing)
        loss.backward()
        drawn = torch.rand(1)
    expected = [parameter.grad.clone() for parameter in model.parameters()]
    for parameter in model.parameters():
        parameter.grad.fill_(7.0)  # what was there is overwritten, not added to
    with torch.random.fork_rng(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(backpropagation, "SMALL", most)
        torch.manual_seed(seed)
        found = backpropagation.gradients(model, inputs, labels, smoothing)
        assert torch.equal(torch.rand(1), drawn)
    torch.testing.assert_close(found, loss.detach())
    for (name, parameter), gradient in zip(model.named_parameters(), expected, strict=True):
        torch.testing.assert_close(parameter.grad, gradient, msg=lambda text, name=name: f"{name}: {text}")


@pytest.mark.parametrize("count", [1, 8, 9, 128])
def test_single_precision(count: int) -> None:
    """As the homework trains, where products of matrices go another way; of a whole and of a last, smaller batch."""
    model = build(HOMEWORK, 1).eval()
    generator = torch.Generator().manual_seed(2)
    inputs, labels = torch.rand(count, 1, 28, 28, generator=generator), torch.randint(10, (count,), generator=generator)
    functional.cross_entropy(model(inputs), labels).backward()
    expected = [parameter.grad.clone() for parameter in model.parameters()]
    backpropagation.gradients(model, inputs, labels)
    for parameter, gradient in zip(model.parameters(), expected, strict=True):
        torch.testing.assert_close(parameter.grad, gradient, rtol=1e-4, atol=1e-6)


def test_dropout_keeps_its_share() -> None:
    model = nn.Sequential(nn.Flatten(), nn.Linear(1, 5000), nn.Dropout(0.3), nn.Linear(5000, 10))
    with torch.random.fork_rng():
        torch.manual_seed(3)
        backpropagation.gradients(model, torch.ones(1, 1, 1, 1), torch.tensor([0]))
    # What is dropped has no part in the gradient of the weights after it.
    assert float((model[3].weight.grad == 0).all(dim=0).double().mean()) == pytest.approx(0.3, abs=0.03)


def test_the_first_gradients_find_their_place() -> None:
    model = build(HOMEWORK, 1)
    backpropagation.gradients(model, torch.rand(2, 1, 28, 28), torch.tensor([3, 4]))
    assert all(parameter.grad is not None and parameter.grad.abs().sum() > 0 for parameter in model.parameters())
    model.zero_grad(set_to_none=False)
    assert not any(parameter.grad.any() for parameter in model.parameters())


def test_without_training_nothing_is_dropped() -> None:
    model = build(HOMEWORK, 1).eval()
    inputs, labels = torch.rand(2, 1, 28, 28), torch.tensor([3, 4])
    once, again = (backpropagation.gradients(model, inputs, labels) for _ in range(2))
    assert torch.equal(once, again)
    torch.testing.assert_close(once, functional.cross_entropy(model(inputs), labels).detach())


@pytest.mark.parametrize(("network", "known"), [(HOMEWORK, True), (BEST, False)])
def test_which_networks(network: Network, known: bool) -> None:
    assert backpropagation.fits(build(network, 1)) == known
