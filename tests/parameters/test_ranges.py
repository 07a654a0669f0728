import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.errors import InputError
from hw2gui.parameters.architecture import trace
from hw2gui.parameters.layers import (
    MAX_SIZE,
    AdaptiveAvgPool2d,
    Context,
    Conv2d,
    Linear,
    MaxPool2d,
    MisfitError,
    MultiheadSelfAttention,
    Residual,
    Shape,
)
from hw2gui.parameters.ranges import field_range
from tests.parameters.stacks import fitting_stacks

IMAGE = Context(Shape((6, 28, 20)))


def spec(layer, name):
    return next(spec for spec in layer.fields() if spec.name == name)


def fits(layer, at):
    try:
        layer.output(at)
    except MisfitError:
        return False
    return True


@given(fitting_stacks(), st.data())
def test_both_ends_of_every_range_can_be(stack, data):
    steps, _ = trace(stack)
    signals = [stack.input, *(step.output for step in steps)]
    for index, step in enumerate(steps):
        layer = stack.layers[index]
        for field in (field for field in layer.fields() if field.kind in ("integer", "pair") and field.name != "initial_state"):
            axis = data.draw(st.sampled_from((0, 1))) if field.kind == "pair" else 0
            found = field_range(layer, step.at, field, axis, signals[: index + 1])
            assert found.low <= found.high
            for value in {found.low, found.high, *found.allowed[:5]}:
                pair = list(getattr(layer, field.name)) if field.kind == "pair" else None
                if pair is not None:
                    pair[axis] = value
                try:
                    changed = layer.changed(**{field.name: tuple(pair) if pair is not None else value})
                except InputError:
                    pytest.fail(f"{layer.kind}.{field.name} = {value} is refused by the field itself")
                at = step.at
                if isinstance(layer, Residual) and field.name == "back":
                    at = Context(at.shape, at.memory, at.state, signals[index - value])
                assert fits(changed, at), (layer, field.name, value)


@pytest.mark.parametrize(
    ("layer", "name", "axis", "high", "why"),
    [
        (Conv2d(8, (3, 3)), "kernel_size", 0, 28, "no window fits"),
        (Conv2d(8, (3, 3)), "kernel_size", 1, 20, "no window fits"),
        (Conv2d(8, (3, 3), padding=(2, 2)), "kernel_size", 1, 24, "no window fits"),
        (Conv2d(8, (5, 5)), "dilation", 0, 6, "reaches over"),
        (MaxPool2d((4, 4)), "padding", 0, 2, "half its window"),
        (AdaptiveAvgPool2d(), "output_size", 0, MAX_SIZE, "not counted"),
    ],
)
def test_where_a_control_stops_and_why(layer, name, axis, high, why):
    found = field_range(layer, IMAGE, spec(layer, name), axis)
    assert found.high == high
    assert why in found.why_high


def test_few_numbers_are_listed():
    assert field_range(Conv2d(12), IMAGE, spec(Conv2d(), "groups")).allowed == (1, 2, 3, 6)
    heads = MultiheadSelfAttention(4)
    assert field_range(heads, Context(Shape((5, 12))), spec(heads, "num_heads")).allowed == (1, 2, 3, 4, 6, 12)
    assert field_range(Linear(3), Context(Shape((40,))), spec(Linear(), "in_features")).allowed == (0, 40)
    grouped = Conv2d(12, groups=3)
    assert (
        field_range(grouped, IMAGE, spec(grouped, "out_channels")).low,
        field_range(grouped, IMAGE, spec(grouped, "out_channels")).step,
    ) == (3, 3)


def test_a_residual_reaches_back_to_its_own_shape_alone():
    wide, narrow = Shape((8, 9, 9)), Shape((6, 9, 9))
    earlier = [narrow, wide, narrow, wide, wide]
    assert field_range(Residual(1), Context(wide, skip=wide), spec(Residual(), "back"), 0, earlier).allowed == (1, 3)


def test_a_layer_that_does_not_fit_is_bounded_by_its_kind_alone():
    misfit = Conv2d(8, (99, 99))
    assert field_range(misfit, IMAGE, spec(misfit, "kernel_size")).high == MAX_SIZE
    assert field_range(misfit, None, spec(misfit, "kernel_size")).low == 1
