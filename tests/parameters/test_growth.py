"""Twins, growth curves, exponents and break-even."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.errors import InputError
from hw2gui.parameters.analysis import analyse
from hw2gui.parameters.architecture import Architecture
from hw2gui.parameters.growth import (
    BreakEven,
    Curve,
    Point,
    axis_name,
    break_even,
    exponent,
    family,
    fitted_exponent,
    grow,
    sample_values,
    step_of,
    value_of,
)
from hw2gui.parameters.layers import MAX_SIZE, BilinearAttention, Conv2d, Flatten, Linear, MaxPool2d, ReLU, Shape
from hw2gui.parameters.presets import PRESETS, cnn, dense, lenet5, question1, seq2seq
from hw2gui.parameters.twins import Comparison, compare, quantity, same_output_twin, same_widths_twin, times_text


def parameters(architecture):
    return analyse(architecture).totals.parameters


# --- twins ---------------------------------------------------------------------------------------------------------------------


def test_the_same_output_twin_hands_on_the_same_shapes():
    network, twin = cnn(), same_output_twin(cnn())
    flattened = [row.output for row in analyse(network).rows if row.kind == "Flatten"]
    assert analyse(twin).rows[1].output == flattened[0]
    assert twin.layers[3:] == network.layers[7:]


def test_the_same_widths_twin_of_the_cnn():
    assert [row.output.sizes[0] for row in analyse(same_widths_twin(cnn())).rows if row.kind == "Linear"] == [600, 120, 10]
    assert [layer.kind for layer in same_widths_twin(cnn()).layers[:3]] == ["Flatten", "Linear", "ReLU"]
    fixed = Architecture("x", Shape((1, 8, 8)), (Conv2d(2, 3), Flatten(), Linear(3, in_features=72)))
    assert analyse(same_widths_twin(fixed)).error is None


@pytest.mark.parametrize("twin", [same_output_twin, same_widths_twin])
@pytest.mark.parametrize("network", [seq2seq(), Architecture("x", Shape((1, 4, 4)), (Conv2d(1, 2), Flatten("sequence")))])
def test_no_twin_without_a_flattened_image(twin, network):
    with pytest.raises(InputError, match="Flatten"):
        twin(network)


def test_no_twin_of_what_does_not_fit():
    with pytest.raises(InputError, match="conv1"):
        same_output_twin(question1(Shape((1, 3, 3))))
    with pytest.raises(InputError, match="fully connected layer"):
        same_widths_twin(Architecture("x", Shape((1, 4, 4)), (Flatten(), ReLU())))


def test_comparisons_say_which_is_larger():
    comparison = compare(analyse(question1(), 1, True), analyse(same_output_twin(question1()), 1, True))
    assert comparison.ratio == Fraction(113_328, 457)
    assert comparison.sentence("the CNN", "its twin") == "its twin has 248 times the parameters of the CNN: 113,328 against 457."
    assert Comparison("macs", 5, 4).sentence("A", "B").startswith("A has 1.25 times the multiply–adds of B")
    assert "equally many" in Comparison("macs", 4, 4).sentence("A", "B")
    assert Comparison("macs", 0, 4).ratio is None
    assert "none" in Comparison("macs", 0, 4).sentence("A", "B")
    assert times_text(Fraction(10**400, 3)).endswith("333 times")


# --- growth --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", PRESETS)
@pytest.mark.parametrize("variable", ["side", "channels", "kernel", "hidden"])
def test_a_family_passes_through_its_architecture(key, variable):
    network = PRESETS[key].build()
    convolutional = any(isinstance(layer, Conv2d) for layer in network.layers)
    hidden = key not in ("question1", "resnet")
    if not {"side": True, "channels": convolutional, "kernel": convolutional, "hidden": hidden}[variable]:
        with pytest.raises(InputError, match="could grow"):
            family(network, variable)
        return
    own = value_of(network, variable)
    assert analyse(family(network, variable)(own)).totals == analyse(network).totals


def test_question_1_grows_like_its_pixels_and_its_twin_like_their_square():
    values = sample_values(200, 20_000)
    assert exponent(grow(question1(), "side", values), "parameters") == pytest.approx(2, abs=0.01)
    assert exponent(grow(question1(), "side", values, twin=same_output_twin), "parameters") == pytest.approx(4, abs=0.01)


def test_the_slope_is_taken_where_constants_no_longer_bend_the_curve():
    """Of 10⁶ + n² it is 2 only for large n."""
    values = sample_values(10, 10_000_000)
    curve = Curve("", "side", "", tuple(Point(n, 10**6 + n * n, 0, 0) for n in values), ())
    assert exponent(curve, "parameters") == pytest.approx(2, abs=0.02)
    assert fitted_exponent(curve.values, curve.counts("parameters")) < 1.7


def test_points_are_exact_with_floors():
    curve = grow(question1(), "side", range(6, 40), ignore_biases=True)
    assert curve.counts("parameters") == tuple(25 + 3 * ((n - 4) // 2) ** 2 for n in range(6, 40))
    twins = grow(question1(), "side", range(6, 40), ignore_biases=True, twin=same_output_twin)
    assert twins.counts("parameters") == tuple((n * n + 3) * ((n - 4) // 2) ** 2 for n in range(6, 40))
    assert twins.name == "Question 1 network (fully connected)"


def test_what_does_not_fit_is_left_out_with_its_reason():
    curve = grow(question1(), "side", range(1, 8))
    assert curve.values == (6, 7)
    assert [value for value, _ in curve.skipped] == [1, 2, 3, 4, 5]
    assert "vanishes" in curve.skipped[0][1]
    twins = grow(question1(), "side", range(1, 8), twin=same_output_twin)
    assert twins.values == (6, 7)


def test_other_variables_scale_all_layers():
    doubled = family(lenet5(), "channels")(12)
    assert [layer.out_channels for layer in doubled.layers if isinstance(layer, Conv2d)] == [12, 32, 240]
    kernels = family(cnn(), "kernel")(7)
    assert [(layer.kernel_size, layer.padding) for layer in kernels.layers if isinstance(layer, Conv2d)] == [
        ((7, 7), (3, 3)),
        ((4, 4), (0, 0)),
    ]
    hidden = family(seq2seq(), "hidden")(64)
    assert analyse(hidden).error is None
    assert parameters(hidden) == parameters(seq2seq(hidden=64))
    assert step_of(seq2seq(), "hidden") == 2
    longer = family(seq2seq(), "side")(38)
    assert (longer.input.sizes, getattr(longer.layers[4], "length", None)) == ((38,), 40)
    wide = Architecture("x", Shape((2, 8)), (BilinearAttention(), Linear(6), Linear(3)))
    assert [getattr(layer, "out_features", None) for layer in family(wide, "hidden")(12).layers] == [0, 12, 3]
    tall = Architecture("x", Shape((1, 10, 20)), (MaxPool2d(),))
    assert family(tall, "side")(5).input.sizes == (1, 5, 10)


@given(st.floats(-3, 5), st.floats(0.5, 4))
def test_the_fit_finds_powers(power, factor):
    values = (10, 30, 100, 300)
    assert fitted_exponent(values, [factor * value**power for value in values]) == pytest.approx(power, abs=1e-6)


def test_the_fit_needs_two_points_and_takes_numbers_of_any_size():
    assert fitted_exponent([3], [9]) is None
    assert fitted_exponent([3, 3], [9, 8]) is None
    assert fitted_exponent([10, 100], [0, 5]) is None
    assert fitted_exponent([10**9, 10**18], [10**400, 10**800]) == pytest.approx(400 / 9)


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(2, 90), st.integers(1, 9))
def test_samples_are_whole_different_and_inside(low, more, count, step):
    high = low + more
    try:
        values = sample_values(low, high, count, step)
    except InputError:
        assert not any(value % step == 0 for value in range(low, high + 1))
        return
    assert list(values) == sorted(set(values))
    assert all(value % step == 0 and low <= value <= high for value in values)
    assert len(values) <= count
    if step == 1:
        assert (values[0], values[-1]) == (low, high)


@pytest.mark.parametrize(("low", "high"), [(0, 5), (5, 4), (-3, 3), (1, MAX_SIZE + 1)])
def test_impossible_axes(low, high):
    with pytest.raises(InputError, match="axis"):
        sample_values(low, high)


@given(st.integers(2, 40), st.integers(2, 40), st.sampled_from(["parameters", "macs", "memory"]))
def test_break_even_is_where_the_larger_one_changes(first, second, which):
    """Against a scan over every side."""
    networks = [family(dense(width, 10), "side") for width in (first,)] + [family(cnn(classes=second), "side")]
    crossings = break_even(networks[0], networks[1], range(10, 60), which)
    differences = {}
    for side in range(10, 60):
        analyses = [analyse(build(side)) for build in networks]
        if all(analysis.error is None for analysis in analyses):
            differences[side] = quantity(analyses[0], which) - quantity(analyses[1], which)
    changes = [
        BreakEven(before, after, differences[after] > 0)
        for before, after in zip(differences, list(differences)[1:], strict=False)
        if differences[before] * differences[after] < 0
    ]
    assert list(crossings) == changes


def test_break_even_is_bisected_to_neighbours():
    networks = family(cnn(), "side"), family(dense(600, 120, 10), "side")
    found = break_even(*networks, (12, 200), "macs")
    assert len(found) == 1
    assert found[0].after == found[0].before + 1
    below, above = (compare(analyse(networks[0](side)), analyse(networks[1](side)), "macs") for side in (found[0].before, found[0].after))
    assert below.first <= below.second
    assert above.first > above.second
    assert found[0].first_above


def test_curves_of_absurd_sizes_stay_exact():
    point = grow(question1(), "side", [MAX_SIZE], ignore_biases=True, twin=same_output_twin).points[0]
    assert point.parameters == (MAX_SIZE**2 + 3) * ((MAX_SIZE - 4) // 2) ** 2
    assert math.log10(point.parameters) > 35


def test_an_image_has_a_side_and_a_sequence_a_length():
    assert axis_name("side", cnn(), dense(10)) == "image side" and axis_name("side", seq2seq()) == "sequence length"
    assert axis_name("side", cnn(), seq2seq()) == "image side or sequence length"
    assert grow(seq2seq(), "side", (8, 16)).axis == "sequence length" and grow(cnn(), "channels", (2,)).axis.startswith("channels")
