"""Parameters side by side: the network and what the optimizer remembers stay what they are."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
import torch
from torch import nn

from hw2gui.training.compute import make_optimizer, set_rate, stepper
from hw2gui.training.config import TrainingConfig
from hw2gui.training.flat import flatten, join_state, split_state


def network() -> nn.Module:
    torch.manual_seed(3)
    return nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 2))


def step(model: nn.Module, optimizer: torch.optim.Optimizer, seed: int) -> None:
    """One step; the gradients are written in place."""
    x = torch.randn(3, 4, generator=torch.Generator().manual_seed(seed))
    for parameter in model.parameters():
        if parameter.grad is not None:
            parameter.grad.zero_()
    model(x).square().mean().backward()
    optimizer.step()


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd"])
def test_training_is_the_same(optimizer: str) -> None:
    config = TrainingConfig(optimizer=optimizer, weight_decay=0.1, learning_rate=0.01)
    one, other = network(), network()
    apart, together = make_optimizer(list(one.parameters()), config), make_optimizer([flatten(other)], config)
    for seed in range(5):
        step(one, apart, seed)
        step(other, together, seed)
    for expected, found in zip(one.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(found, expected)
    remembered = split_state(together.state_dict()["state"], other)
    for index, values in apart.state_dict()["state"].items():
        assert set(values) == set(remembered[index])
        for name, value in values.items():
            torch.testing.assert_close(remembered[index][name], value)


@pytest.mark.parametrize(
    ("optimizer", "torchs"),
    [
        ("adam", lambda weights: torch.optim.Adam(weights, lr=0.01, weight_decay=0.1, betas=(0.8, 0.999))),
        ("adamw", lambda weights: torch.optim.AdamW(weights, lr=0.01, weight_decay=0.1, betas=(0.8, 0.999))),
        ("sgd", lambda weights: torch.optim.SGD(weights, lr=0.01, weight_decay=0.1, momentum=0.8)),
    ],
)
def test_an_optimizer_is_pytorchs_with_the_chosen_settings(
    optimizer: str, torchs: Callable[[list[torch.nn.Parameter]], torch.optim.Optimizer]
) -> None:
    config = TrainingConfig(optimizer=optimizer, weight_decay=0.1, learning_rate=0.01, momentum=0.8)
    ours, reference = network(), network()
    own, others = make_optimizer(list(ours.parameters()), config), torchs(list(reference.parameters()))
    for seed in range(4):
        step(ours, own, seed)
        step(reference, others, seed)
    for expected, found in zip(reference.parameters(), ours.parameters(), strict=True):
        torch.testing.assert_close(found, expected)


def test_there_and_back() -> None:
    model = network()
    optimizer = make_optimizer([flatten(model)], TrainingConfig())
    assert split_state({}, model) == {} == join_state({}, model)
    step(model, optimizer, 1)
    state = optimizer.state_dict()["state"]
    back = join_state(split_state(state, model), model)
    assert {name: value.tolist() for name, value in back[0].items()} == {name: value.tolist() for name, value in state[0].items()}


def test_weights_loaded_later_are_seen_by_the_optimizer() -> None:
    model = network()
    vector = flatten(model)
    weights = {name: torch.full_like(value, 2.0) for name, value in model.state_dict().items()}
    model.load_state_dict(weights)
    assert vector.unique().tolist() == [2.0]
    copied = copy.deepcopy(model.state_dict())
    with torch.no_grad():
        vector.fill_(3.0)
    assert all(value.unique().tolist() == [3.0] for value in model.state_dict().values())
    assert all(value.unique().tolist() == [2.0] for value in copied.values())


@pytest.mark.parametrize("kind", ["adam", "adamw", "sgd"])
def test_the_short_step_is_the_optimizers(kind: str) -> None:
    """Bit for bit, through a change of the rate and a state put back."""
    config = TrainingConfig(optimizer=kind, weight_decay=0.1)
    one, other = flatten(network()), flatten(network())
    long, short = make_optimizer([one], config), make_optimizer([other], config)
    take = stepper(short)
    for number in range(8):
        one.grad.copy_(torch.randn(len(one), generator=torch.Generator().manual_seed(number)))
        other.grad.copy_(one.grad)
        for optimizer in (long, short):
            set_rate(optimizer, 0.01 / (number + 1), 0.8 + 0.01 * number)
        long.step()
        take()
        assert torch.equal(one, other)
        if number == 4:
            short.load_state_dict(copy.deepcopy(short.state_dict()))
    for name, value in long.state_dict()["state"].get(0, {}).items():
        assert torch.equal(torch.as_tensor(value), torch.as_tensor(short.state_dict()["state"][0][name]))


def test_several_parameters_take_the_optimizers_own_step() -> None:
    model = network()
    optimizer = make_optimizer(list(model.parameters()), TrainingConfig())
    assert stepper(optimizer) == optimizer.step
