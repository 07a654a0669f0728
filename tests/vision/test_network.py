from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from hw2gui.errors import InputError
from hw2gui.vision.activations import look_inside
from hw2gui.vision.model import Subsample, build, load_weights
from hw2gui.vision.network import (
    BEST,
    FULLY_CONNECTED,
    FULLY_CONNECTED_WIDE,
    HOMEWORK,
    HOMEWORK_SUBSAMPLED,
    Convolution,
    Network,
    fully_connected_like,
)


def numel(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


@pytest.mark.parametrize(
    ("network", "parameters"),
    [
        (HOMEWORK, 420_906),
        (HOMEWORK_SUBSAMPLED, 420_906),
        (FULLY_CONNECTED, 544_330),
        (FULLY_CONNECTED_WIDE, 785 * 1568 + 1569 * 576 + 577 * 600 + 601 * 120 + 1210),
        (Network((), (512,)), 407_050),
        (Network((Convolution(1, 1),), (1,)), (1 + 1) + (14 * 14 + 1) + (10 + 10)),
    ],
)
def test_parameters(network: Network, parameters: int) -> None:
    assert network.parameters == numel(build(network)) == parameters


def test_best_is_small() -> None:
    assert BEST.parameters == numel(build(BEST)) < 1_000_000


def test_homework_is_the_homeworks() -> None:
    """Written out once more, the usual way."""
    usual = nn.Sequential(
        nn.Conv2d(1, 8, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(576, 600), nn.ReLU(), nn.Dropout(0.3), nn.Linear(600, 120), nn.ReLU(), nn.Linear(120, 10),
    )  # fmt: skip
    ours = build(HOMEWORK, seed=3)
    assert [type(stage) for stage in ours] == [type(stage) for stage in usual]
    for mine, theirs in zip(ours.parameters(), usual.parameters(), strict=True):
        theirs.data.copy_(mine)
    x = torch.rand(4, 1, 28, 28)
    torch.testing.assert_close(ours.eval()(x), usual.eval()(x))


def test_seed_decides_the_weights_and_leaves_the_generator_alone() -> None:
    before = torch.get_rng_state()
    first, second, other = build(HOMEWORK, 1), build(HOMEWORK, 1), build(HOMEWORK, 2)
    assert torch.equal(torch.get_rng_state(), before)
    torch.testing.assert_close(first.state_dict(), second.state_dict(), rtol=0, atol=0)
    assert not torch.equal(first.conv1.weight, other.conv1.weight)


@settings(max_examples=25)
@given(
    st.lists(
        st.builds(
            Convolution,
            channels=st.integers(1, 5),
            kernel=st.sampled_from([1, 3, 5]),
            same=st.booleans(),
            normalised=st.booleans(),
            pooling=st.sampled_from(["max", "subsample", "none"]),
        ),
        max_size=3,
    ),
    st.lists(st.integers(1, 9), max_size=3),
    st.integers(0, 2),
)
def test_stages_are_the_modules(convolutions: list[Convolution], dense: list[int], after: int) -> None:
    try:
        network = Network(tuple(convolutions), tuple(dense), dropout_after=after)
    except InputError:
        return
    module = build(network, 0)
    stages = network.stages()
    assert [name for name, _ in module.named_children()] == [stage.name for stage in stages]
    assert [numel(part) for part in module] == [stage.parameters for stage in stages]
    inside = look_inside(network, module, torch.rand(28, 28).numpy())
    assert [values.shape for values in inside.values] == [stage.shape for stage in stages]
    assert network.stage(network.penultimate).kind in ("relu", "flatten")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Network(dropout=1.0), "dropout is 1"),
        (lambda: Network(dense=(0,)), "at least one unit"),
        (lambda: Network((Convolution(4, 4),)), "choose an odd one"),
        (lambda: Network((Convolution(4, 27, same=False), Convolution(4, 3, same=False))), "leave no pixel"),
        (lambda: Network((), (20_000, 20_000)), "choose widths"),
        (lambda: Network(dense=(3,), dropout_after=1), "dropout after hidden layer 2 of 1"),
        (lambda: HOMEWORK.stage("conv9"), "choose one of conv1, relu1"),
    ],
)
def test_what_does_not_fit(make, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make()


def test_nearest_in_parameters() -> None:
    """No other width comes nearer."""
    found = fully_connected_like(HOMEWORK)
    gaps = {width: abs(Network((), (width, 120)).parameters - 420_906) for width in range(400, 530)}
    assert found.dense == (min(gaps, key=gaps.__getitem__), 120)


def test_subsampling_is_stride_two() -> None:
    x = torch.arange(2 * 3 * 7 * 5, dtype=torch.float32).reshape(2, 3, 7, 5)
    torch.testing.assert_close(Subsample()(x), x[..., 0:6:2, 0:4:2])
    assert Subsample()(x).shape == nn.MaxPool2d(2)(x).shape


def test_weights_of_another_network_are_refused() -> None:
    normalised = build(BEST, 1)
    again = build(BEST, 2)
    load_weights(again, dict(normalised.state_dict()), "a file")
    torch.testing.assert_close(dict(again.state_dict()), dict(normalised.state_dict()))
    module = build(HOMEWORK)
    weights = module.state_dict()
    with pytest.raises(InputError, match=r"lacks 'conv1.bias'"):
        load_weights(module, {k: v for k, v in weights.items() if k != "conv1.bias"}, "a file")
    with pytest.raises(InputError, match=r"holds .more'"):
        load_weights(module, {**weights, "more": torch.zeros(1)}, "a file")
    with pytest.raises(InputError, match=r"'conv1.bias' is 9, not 8"):
        load_weights(module, {**weights, "conv1.bias": torch.zeros(9)}, "a file")
    with pytest.raises(InputError, match=r"not finite in 'conv1.bias'"):
        load_weights(module, {**weights, "conv1.bias": torch.tensor([0.0] * 7 + [torch.nan])}, "a file")
    load_weights(module, {name: tensor.half() for name, tensor in weights.items()}, "a file")
    assert module.conv1.weight.dtype == torch.float32


def averaging(module: torch.nn.Sequential) -> torch.nn.Sequential:
    return torch.nn.Sequential(
        *(
            torch.nn.AvgPool2d(part.kernel_size, part.stride, part.padding) if isinstance(part, torch.nn.MaxPool2d) else part
            for part in module
        )
    )


@given(st.data())
def test_the_receptive_field_is_where_the_gradient_is(data: st.DataObject) -> None:
    network = data.draw(
        st.sampled_from(
            (
                HOMEWORK,
                BEST,
                Network((Convolution(2, 3, same=False, pooling="none"), Convolution(2, 5, pooling="subsample"), Convolution(2, 3)), (4,)),
            )
        )
    )
    stages = [stage for stage in network.stages() if len(stage.shape) == 3]
    at = data.draw(st.integers(0, len(stages) - 1))
    row, column = (data.draw(st.integers(0, side - 1)) for side in stages[at].shape[1:])
    module = build(network, 1)
    for part in list(module)[: at + 1]:
        if isinstance(part, torch.nn.Conv2d):
            torch.nn.init.constant_(part.weight, 1.0)
    # A maximum passes the slope of one pixel only, an average over the same window that of all.
    image = torch.rand((1, 1, 28, 28), generator=torch.Generator().manual_seed(0)).requires_grad_()
    (slope,) = torch.autograd.grad(averaging(module.eval()[: at + 1])(image)[0, :, row, column].sum(), image)
    reached = slope[0, 0] != 0
    top, left, height, width = network.field(stages[at].name).of(row, column)
    seen = torch.zeros(28, 28, dtype=torch.bool)
    seen[max(0, top) : max(0, top + height), max(0, left) : max(0, left + width)] = True
    assert not (reached & ~seen).any()
    rows, columns = reached.any(1).nonzero().flatten(), reached.any(0).nonzero().flatten()
    expected = seen.any(1).nonzero().flatten(), seen.any(0).nonzero().flatten()
    assert (rows[0], rows[-1], columns[0], columns[-1]) == (expected[0][0], expected[0][-1], expected[1][0], expected[1][-1])
