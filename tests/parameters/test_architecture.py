"""Names, ties and edits of a stack; misfits and their mends."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.errors import InputError
from hw2gui.parameters.analysis import analyse
from hw2gui.parameters.architecture import MAX_LAYERS, Architecture, Tie, trace, without_biases
from hw2gui.parameters.layers import (
    GRU,
    KINDS,
    LSTM,
    MAX_SIZE,
    AdaptiveAvgPool2d,
    BatchNorm2d,
    BilinearAttention,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Embedding,
    Flatten,
    Linear,
    MaxPool2d,
    MultiheadSelfAttention,
    ReLU,
    Residual,
    Shape,
    TargetTokens,
    make,
)
from tests.parameters.stacks import any_stacks, fitting_stacks

IMAGE, TOKENS, SEQUENCE, VECTOR = Shape((1, 8, 8)), Shape((5,), tokens=True), Shape((5, 6)), Shape((7,))


def stack(shape, *layers, ties=()):
    return Architecture("a stack", shape, layers, ties)


# --- names and edits -----------------------------------------------------------------------------------------------------------


def test_names_are_numbered_by_kind_and_pass_over_given_ones():
    names = stack(IMAGE, Conv2d(1), ReLU(name="conv1"), Conv2d(2), Flatten(), Linear(3), Linear(4, name="fc1"), MaxPool2d()).names
    assert names == ("conv2", "conv1", "conv3", "flatten1", "fc2", "fc1", "pool1")


@given(any_stacks)
def test_names_are_different(architecture):
    assert len(set(architecture.names)) == len(architecture.layers) == len(architecture.names)


def test_edits():
    start = stack(IMAGE, Conv2d(1, name="first"), ReLU(), Flatten())
    assert [layer.kind for layer in start.moved(0, 2).layers] == ["ReLU", "Flatten", "Conv2d"]
    assert start.moved(0, 2).moved(2, 0) == start
    assert start.duplicated(0).layers == (Conv2d(1, name="first"), Conv2d(1), ReLU(), Flatten())
    assert start.inserted(1, Linear(2), Conv2d(3, name="first")).layers[1:3] == (Linear(2), Conv2d(3))
    assert start.removed(0, 2).layers == (ReLU(),)
    assert start.replaced(1, Dropout()).layers[1] == Dropout()
    assert start.layers[1] == ReLU(), "edits answer new stacks"


TIED = stack(TOKENS, Embedding(9, 4, name="words"), ReLU(), Linear(9, name="out"), ties=(Tie("out", "words"),))


def test_ties_follow_names_and_go_with_their_layers():
    assert TIED.replaced(0, Embedding(9, 4, name="symbols")).ties == (Tie("out", "symbols"),)
    assert TIED.replaced(2, Linear(9)).ties == ()
    assert TIED.removed(0).ties == ()
    assert TIED.removed(1).ties == TIED.ties
    assert TIED.moved(1, 2).ties == TIED.ties
    assert TIED.duplicated(0).ties == TIED.ties


def test_three_layers_can_share_one_weight():
    shared = (Embedding(6, 6, name="a"), Linear(6, name="b"), Linear(6, name="c"))
    assert analyse(stack(TOKENS, *shared, ties=(Tie("b", "a"), Tie("c", "a")))).totals.weights == 36


@pytest.mark.parametrize(
    ("build", "word"),
    [
        (lambda: stack(Shape((1, 0, 3)), ReLU()), "input"),
        (lambda: stack(Shape((1, 2, 3, 4)), ReLU()), "input"),
        (lambda: stack(Shape((2, 3), tokens=True), ReLU()), "input"),
        (lambda: stack(Shape((1.5, 2, 3)), ReLU()), "input"),
        (lambda: stack(Shape((True,)), ReLU()), "input"),
        (lambda: stack(Shape((MAX_SIZE + 1,)), ReLU()), "1,000,000,000"),
        (lambda: stack(VECTOR, *[ReLU()] * (MAX_LAYERS + 1)), "at most 1,000 layers"),
        (lambda: stack(VECTOR, ReLU(name="a"), ReLU(name="a")), "another name"),
        (lambda: stack(VECTOR, Linear(2, name="a"), ties=(Tie("a", "b"),)), "no layer is named 'b'"),
        (lambda: stack(VECTOR, Linear(2), Linear(2), ties=(Tie("fc1", "fc2"),)), "no layer is named 'fc1'"),
        (lambda: stack(VECTOR, Linear(7, name="a"), ties=(Tie("a", "a"),)), "tied to itself"),
        (
            lambda: stack(VECTOR, Linear(7, name="a"), Linear(7, name="b"), Linear(7, name="c"), ties=(Tie("a", "b"), Tie("b", "c"))),
            "two ties",
        ),
        (lambda: Architecture("", VECTOR, ()), "printable"),
        (lambda: Architecture("two\nlines", VECTOR, ()), "printable"),
        (lambda: Architecture("x" * 81, VECTOR, ()), "80"),
    ],
)
def test_impossible_stacks_are_refused_in_one_sentence(build, word):
    with pytest.raises(InputError) as caught:
        build()
    assert word in str(caught.value)
    assert "\n" not in str(caught.value)


def test_without_biases():
    bare = without_biases(stack(IMAGE, Conv2d(2), BatchNorm2d(), Flatten(), Linear(3)))
    assert [analyse(bare).rows[k].biases for k in range(4)] == [0, 2, 0, 0]


# --- fields --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_describes_its_fields(kind):
    layer = make(kind)
    assert layer.kind == kind
    assert layer.summary.endswith(".")
    assert layer.stem.isidentifier()
    assert [spec.name for spec in layer.fields()][-1] in ("name", "frozen")
    for spec in layer.fields():
        assert getattr(layer, spec.name) == spec.default
        assert spec.checked(spec.default) == spec.default
        assert spec.label
        assert spec.tooltip.endswith(".")
        for wrong in (None, object(), [], "no such choice!", float("nan"), -1, 10**31, (1,), (1, 2, 3)):
            if spec.kind == "real" and wrong == -1:
                continue
            with pytest.raises(InputError, match=f"{kind}: {spec.name}"):
                layer.changed(**{spec.name: wrong})


def test_pairs_take_one_number_and_whole_numbers_are_whole():
    assert Conv2d(1, 5) == Conv2d(1, (5, 5)) == Conv2d(1, [5, 5])
    assert Dropout(1).p == 1.0
    for wrong in (True, 2.0, "2"):
        with pytest.raises(InputError):
            Linear(wrong)


@pytest.mark.parametrize(
    ("kind", "values", "word"),
    [
        ("conv2d", {}, "did you mean Conv2d"),
        ("Convolution9", {}, "use one of"),
        ("x" * 5000, {}, "…"),
        ("Conv2d", {"out_channel": 3}, "did you mean out_channels"),
        ("Conv2d", {"zzz": 3}, "use one of"),
        ("Conv2d", {"kernel_size": 0}, "kernel_size is 0; give one or two whole numbers from 1"),
        ("Linear", {"name": "class"}, "no Python keyword"),
        ("Linear", {"name": "two words"}, "letters, digits and underscores"),
    ],
)
def test_unknown_kinds_fields_and_values(kind, values, word):
    with pytest.raises(InputError) as caught:
        make(kind, **values)
    assert word in str(caught.value)
    assert len(str(caught.value)) < 500


# --- misfits and mends ---------------------------------------------------------------------------------------------------------

MISFITS = [
    (stack(IMAGE, Conv2d(1, 9)), 0, "vanishes", ["Make the kernel 8×8", "Pad by 1×1"]),
    (stack(IMAGE, Conv2d(1, 3, dilation=5)), 0, "dilation", ["Make the kernel 2×2", "Pad by 2×2"]),
    (stack(IMAGE, Conv2d(1, 10, padding=(1, 0))), 0, "padded to 10×8", ["Make the kernel 10×8", "Pad by 1×1"]),
    (stack(IMAGE, Conv2d(4, 3, in_channels=3)), 0, "expects 3 input",
     ["Set the input channels to 1", "Take the input channels from the input"]),
    (stack(Shape((4, 8, 8)), Conv2d(6, 3, groups=4)), 0, "4 groups", ["Use 2 groups", "Make it 8 output channels"]),
    (stack(IMAGE, ConvTranspose2d(1, 3, output_padding=1)), 0, "output padding", ["Make the output padding 0×0", "Make the stride 2×2"]),
    (stack(Shape((1, 1, 1)), ConvTranspose2d(1, 4, padding=3)), 0, "vanishes", ["Pad by 1×1", "Remove the padding"]),
    (stack(IMAGE, MaxPool2d(3, padding=2)), 0, "half its window", ["Pad by 1×1", "Make the window 4×4"]),
    (stack(Shape((1, 1, 1)), MaxPool2d(4)), 0, "vanishes", ["Make the kernel 1×1", "Pad by 2×2"]),
    (stack(IMAGE, Linear(3)), 0, "gets an image", ["Insert a Flatten before it", "Insert global pooling and a Flatten"]),
    (stack(IMAGE, Flatten(), Linear(3, in_features=63)), 1, "expects 63", ["Set the inputs to 64", "Take the inputs from the input"]),
    (stack(IMAGE, Flatten(), Conv2d(2)), 1, "needs an image", ["Move it before flatten1", "Take this layer out"]),
    (stack(IMAGE, LSTM(3)), 0, "needs a sequence", ["Insert a Flatten to a sequence of pixels before it", "Take this layer out"]),
    (stack(IMAGE, Flatten(), GRU(3)), 1, "needs a sequence", ["Let flatten1 make a sequence of pixels", "Take this layer out"]),
    (stack(TOKENS, LSTM(3), Linear(2)), 0, "needs a sequence", ["Insert an Embedding before it", "Take this layer out"]),
    (stack(TOKENS, ReLU()), 0, "only name them", ["Insert an Embedding before it", "Take this layer out"]),
    (stack(VECTOR, Embedding(5, 3)), 0, "looks up", ["Replace it by a Linear layer with 3 outputs", "Make the input 20 tokens"]),
    (stack(SEQUENCE, MultiheadSelfAttention(4)), 0, "4 heads", ["Use 2 heads", "Insert a Linear layer with 8 outputs before it"]),
    (stack(IMAGE, TargetTokens(3), Embedding(5, 4), BilinearAttention()), 2, "no sequence",
     ["Replace it by self-attention with 1 head", "Take this layer out"]),
    (stack(SEQUENCE, TargetTokens(3), Embedding(), TargetTokens(3)), 2, "second decoder", ["Take this layer out", "Replace it by a ReLU"]),
    (stack(SEQUENCE, LSTM(4, initial_state="encoder")), 0, "no recurrent layer", ["Start it from zeros", "Take this layer out"]),
    (stack(SEQUENCE, LSTM(4, bidirectional=True), TargetTokens(3), Embedding(5, 4), LSTM(4, initial_state="encoder")), 3, "1 layer of 8",
     ["Fit it to the encoder: 1 layer of 8 (LSTM)", "Start it from zeros"]),
    (stack(SEQUENCE, GRU(4), TargetTokens(3), Embedding(5, 4), LSTM(4, initial_state="encoder")), 3, "(GRU)",
     ["Start it from zeros", "Take this layer out"]),
    (stack(IMAGE, ReLU(), Residual(3)), 1, "there is none", ["Add the signal 1 layer before", "Take this layer out"]),
    (stack(Shape((1, 9, 9)), Conv2d(4, 3, stride=2, padding=(1, 1)), Residual(1)), 1, "1×9×9 to 4×5×5",
     ["Project it by a 1×1 convolution with stride 2×2", "Take this layer out"]),
    (stack(SEQUENCE, Linear(3), Residual(1, projection=True)), 1, "takes images", ["Take this layer out", "Replace it by a ReLU"]),
    (stack(TOKENS, Embedding(9, 4, name="words"), Linear(8, name="out"), ties=(Tie("out", "words"),)), 1, "9×4",
     ["Give it 9 outputs", "Drop the tie"]),
    (stack(TOKENS, Embedding(9, 4, name="words"), ReLU(name="out"), ties=(Tie("out", "words"),)), 1, "no matrix",
     ["Drop the tie", "Take this layer out"]),
]  # fmt: skip


@pytest.mark.parametrize(("architecture", "index", "words", "labels"), MISFITS)
def test_a_misfit_is_named_and_can_be_mended(architecture, index, words, labels):
    analysis = analyse(architecture)
    error = analysis.error
    assert error.index == index == len(analysis.rows)
    assert error.name == architecture.names[index]
    assert error.sentence.startswith(f"{error.name} ({architecture.layers[index].kind}) ")
    assert words in error.sentence
    assert [mend.label for mend in error.mends] == labels
    for mend in error.mends:
        assert left_to_fit(mend.architecture) < left_to_fit(architecture)


def left_to_fit(architecture):
    _, misfit = trace(architecture)
    return 0 if misfit is None else len(architecture.layers) - misfit.index


@given(any_stacks)
@settings(max_examples=200)
def test_every_mend_helps_and_following_them_ends_in_a_network_that_fits(architecture):
    for first in (0, 1):
        current = architecture
        while (error := analyse(current).error) is not None:
            assert error.mends[0].architecture != error.mends[1].architecture
            for mend in error.mends:
                assert left_to_fit(mend.architecture) < left_to_fit(current)
            current = error.mends[first].architecture


@given(fitting_stacks(longest=5))
@settings(max_examples=40)
def test_what_fits_has_no_error(architecture):
    analysis = analyse(architecture)
    assert analysis.error is None
    assert len(analysis.rows) == len(architecture.layers)
    assert analysis.output == (analysis.rows[-1].output if analysis.rows else architecture.input)


@given(st.integers(1, 40), st.integers(1, 50))
def test_adaptive_windows_are_as_large_as_the_largest(size, count):
    windows = [-(-(i + 1) * size // count) - i * size // count for i in range(count)]
    field = analyse(stack(Shape((1, size, size)), AdaptiveAvgPool2d(count))).rows[0].receptive
    assert field.sizes == (max(windows),) * 2


def test_a_full_stack_is_mended_without_another_layer():
    full = stack(IMAGE, *[ReLU()] * (MAX_LAYERS - 1), Linear(3))
    labels = [mend.label for mend in analyse(full).error.mends]
    assert labels == ["Take this layer out", "Replace it by a ReLU"]


def test_absurd_misfits_have_mends_too():
    wide = stack(Shape((1, 1, 1)), Conv2d(MAX_SIZE, MAX_SIZE, dilation=MAX_SIZE), ReLU())
    assert analyse(wide).error.mends[0].label == "Make the kernel 1×1"
    heads = stack(Shape((3, MAX_SIZE)), MultiheadSelfAttention(MAX_SIZE - 1))
    labels = [mend.label for mend in analyse(heads).error.mends]
    assert labels == ["Use 1 head", "Insert a Linear layer with 1999999998 outputs before it"]
    deep = stack(Shape((3, 4, 4)), Conv2d(1, 5, padding=MAX_SIZE, dilation=MAX_SIZE))
    assert [mend.label for mend in analyse(deep).error.mends] == ["Make the kernel 3×3", "Remove the dilation"]
