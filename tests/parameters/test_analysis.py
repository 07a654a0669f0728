"""Counts, formulas, totals, ties, receptive fields and speed-free facts about the analysis."""

import pickle
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hw2gui.errors import InputError
from hw2gui.parameters.analysis import analyse
from hw2gui.parameters.architecture import Architecture, Tie
from hw2gui.parameters.layers import (
    GRU,
    LSTM,
    MAX_SIZE,
    AdaptiveAvgPool2d,
    AvgPool2d,
    Conv2d,
    ConvTranspose2d,
    Embedding,
    Flatten,
    LayerNorm,
    Linear,
    MultiheadSelfAttention,
    ReLU,
    Residual,
    Shape,
    TargetTokens,
)
from hw2gui.parameters.presets import PRESETS
from tests.parameters.stacks import fitting_stacks, tied_stacks


def stack(shape, *layers, ties=()):
    return Architecture("a stack", shape, layers, ties)


def calculated(text):
    """The value of a formula written with numbers, by Python's own arithmetic."""
    python = text.replace(",", "").replace("·", "*").replace("−", "-").replace("⌊", "(").replace("⌋", ")").replace("/", "//")
    assert re.fullmatch(r"[0-9()*+\-/ ]+", python), text
    return eval(python)


@given(st.one_of(fitting_stacks(), tied_stacks()), st.booleans())
@settings(max_examples=150)
def test_every_formula_gives_its_count(architecture, ignore_biases):
    for row in analyse(architecture, 3, ignore_biases).rows:
        formulas = row.formulas()
        assert formulas.parameters.value == row.parameters == row.weights + row.biases
        assert formulas.macs.value == row.macs
        assert formulas.activations.value == row.activations
        if formulas.receptive:
            height, jump_height, width, jump_width = (formula.value for formula in formulas.receptive)
            field = row.receptive
            assert (height, width, jump_height, jump_width) == (field.height, field.width, field.jump_height, field.jump_width)
        sizes = [formula.value for formula in formulas.sizes]
        assert sizes == list(row.output.sizes[-len(sizes) :] if sizes else [])
        for formula in formulas.all:
            for _, line in formula.lines():
                assert calculated(line.expression.numeric) == line.value
                assert line.latex.count("{") == line.latex.count("}")
                assert line.text.endswith(f"{line.value:,}")
                if line.parts:
                    assert sum(part.value for part in line.parts) == line.value


@given(fitting_stacks(), st.integers(1, 10**9))
@settings(max_examples=60)
def test_totals_are_sums(architecture, batch):
    analysis = analyse(architecture, batch)
    totals = analysis.totals
    assert totals.parameters == sum(row.parameters for row in analysis.rows) == analysis.formula().value
    assert totals.macs == sum(row.macs for row in analysis.rows) == analysis.macs_formula().value
    assert totals.flops == 2 * totals.macs
    assert totals.parameter_bytes == 4 * totals.parameters
    assert totals.activation_bytes == 4 * batch * architecture.input.elements + sum(map(analysis.activation_bytes, analysis.rows))
    assert sum(analysis.share(row) for row in analysis.rows) == (1 if totals.parameters else 0)
    assert analyse(architecture, 1, ignore_biases=True).totals.parameters == totals.weights


def test_the_lstm_gate_by_gate():
    row = analyse(stack(Shape((5, 3)), LSTM(4, num_layers=3, bidirectional=True))).rows[0]
    weights, biases = row.formulas().parameters.parts
    assert [part.title for part in weights.parts] == ["input gate (i)", "forget gate (f)", "candidate (g)", "output gate (o)"]
    # Two directions; the first layer reads 3 features, the two above it read both directions of 4.
    assert {part.value for part in weights.parts} == {2 * (4 * 3 + 4 * 4) + 2 * 2 * (4 * 8 + 4 * 4)}
    assert [part.title[:4] for part in biases.parts[0].parts] == ["b_ii", "b_hi"]
    assert {part.value for part in biases.parts} == {2 * 3 * 2 * 4}
    assert "two bias vectors" in biases.note
    assert row.macs == 5 * weights.value
    candidate = analyse(stack(Shape((5, 3)), GRU(4))).rows[0].formulas().parameters.parts[1]
    assert "inside the product with the reset gate" in candidate.note
    assert len(candidate.parts) == 3


def test_attention_counts_products_of_activations_too():
    row = analyse(stack(Shape((7, 8)), MultiheadSelfAttention(2))).rows[0]
    assert row.macs == 7 * 4 * 64 + 2 * 49 * 8
    assert row.parameters == 4 * 64 + 4 * 8
    assert row.parameters == analyse(stack(Shape((7, 8)), MultiheadSelfAttention(8))).rows[0].parameters


def test_a_tied_weight_is_counted_once_and_said_to_be():
    layers = (Embedding(9, 4, name="words"), Linear(9, name="out"))
    analysis = analyse(stack(Shape((5,), tokens=True), *layers, ties=(Tie("out", "words"),)))
    assert analysis.totals.parameters == 9 * 4 + 9
    assert analysis.rows[1].tied_to == "words"
    assert analysis.rows[1].macs == 5 * 9 * 4
    assert "words" in analysis.rows[1].formulas().parameters.parts[0].note


@pytest.mark.parametrize(("words", "out", "trainable"), [(False, False, 45), (True, False, 9), (False, True, 0), (True, True, 0)])
def test_frozen_parameters_are_counted_and_not_trained(words, out, trainable):
    layers = (Embedding(9, 4, name="words", frozen=words), Linear(9, name="out", frozen=out))
    totals = analyse(stack(Shape((5,), tokens=True), *layers, ties=(Tie("out", "words"),))).totals
    assert (totals.parameters, totals.trainable) == (45, trainable)


@pytest.mark.parametrize("key", PRESETS)
def test_latex_parses(key):
    """By matplotlib, which knows the part of LaTeX that formulas need."""
    from matplotlib.mathtext import MathTextParser

    analysis = analyse(PRESETS[key].build())
    formulas = [analysis.formula(), *(formula for row in analysis.rows for formula in row.formulas().all)]
    for latex in {line.latex for formula in formulas for _, line in formula.lines()}:
        MathTextParser("path").parse(f"${latex}$")


def test_results_can_be_sent_to_another_process():
    analysis = analyse(PRESETS["seq2seq"].build())
    assert pickle.loads(pickle.dumps(analysis)) == analysis


def test_views_take_no_memory():
    analysis = analyse(stack(Shape((2, 3, 3)), ReLU(), Flatten()), batch=10)
    assert [analysis.activation_bytes(row) for row in analysis.rows] == [4 * 10 * 18, 0]
    assert analysis.totals.activation_bytes == 2 * 4 * 10 * 18


def test_absurd_sizes_stay_exact():
    most = MAX_SIZE
    analysis = analyse(stack(Shape((most, most, most)), Conv2d(most, (1, 1)), Flatten(), Linear(most), LSTM_AFTER), most)
    assert analysis.rows[0].parameters == most * most + most
    assert analysis.rows[0].macs == most**4
    assert analysis.rows[2].parameters == most**3 * most + most
    assert analysis.error is not None
    assert f"{most**4 + most:,}" in analysis.rows[2].formulas().parameters.text
    deep = analyse(stack(Shape((most, most)), LSTM(most, num_layers=most, bidirectional=True))).rows[0]
    assert deep.parameters == 2 * (4 * most * (most + most) + (most - 1) * 4 * most * 3 * most + most * 8 * most)


LSTM_AFTER = LSTM(3)


def test_sizes_without_end_are_refused_not_computed_for_ever():
    growing = [ConvTranspose2d(1, (1, 1), stride=(MAX_SIZE, MAX_SIZE))] * 12
    analysis = analyse(stack(Shape((1, MAX_SIZE, MAX_SIZE)), *growing))
    assert analysis.error is not None
    assert "10^60" in analysis.error.sentence
    assert str(analysis.totals.macs)


@pytest.mark.parametrize("batch", [0, -1, 2.0, True, MAX_SIZE + 1, "8"])
def test_impossible_batches(batch):
    with pytest.raises(InputError, match="batch"):
        analyse(stack(Shape((3,)), ReLU()), batch)


# --- receptive fields ----------------------------------------------------------------------------------------------------------

windows = st.one_of(
    st.builds(Conv2d, st.just(1), st.tuples(*[st.integers(1, 4)] * 2), st.tuples(*[st.integers(1, 2)] * 2),
              st.just((0, 0)), st.tuples(*[st.integers(1, 2)] * 2)),
    st.builds(AvgPool2d, st.tuples(*[st.integers(1, 3)] * 2), st.tuples(*[st.integers(0, 2)] * 2)),
    st.just(ReLU()),
)  # fmt: skip


@given(st.lists(windows, min_size=1, max_size=4), st.sampled_from([None, (2, 2), (3, 3)]))
@settings(max_examples=60)
def test_receptive_fields_are_where_gradients_reach(layers, transposed):
    """Weights of one: every path counts, none cancels. Without padding no border cuts the field short."""
    import torch
    from torch import nn

    if transposed is not None:  # last: from there on the jump is a fraction and the field a bound
        layers = [*layers, ConvTranspose2d(1, transposed, stride=(2, 2))]
    analysis = analyse(stack(Shape((1, 90, 90)), *layers))
    assume(analysis.error is None)
    # A field can only be reached where there are enough inputs for it.
    assume(transposed is None or min(analysis.rows[-2].output.sizes[1:]) >= 4)
    image = torch.ones(1, 1, 90, 90, requires_grad=True)
    x = image
    for row in analysis.rows:
        call = row.layer.call(row.at)
        module = getattr(nn, call.name)(*call.args, **call.kwargs)
        for name, parameter in module.named_parameters():
            nn.init.constant_(parameter, 0.0 if "bias" in name else 1.0)
        x = module(x)
    reached = []
    centre = x.shape[2] // 2, x.shape[3] // 2
    units = [(centre[0] + a, centre[1] + b) for a in range(2) for b in range(2)] if transposed else [centre]
    for unit in units:
        if unit[0] < x.shape[2] and unit[1] < x.shape[3]:
            (gradient,) = torch.autograd.grad(x[0, 0, unit[0], unit[1]], image, retain_graph=True)
            rows, columns = gradient[0, 0].nonzero(as_tuple=True)
            reached.append((int(rows.max() - rows.min()) + 1, int(columns.max() - columns.min()) + 1))
    assert analysis.rows[-1].receptive.sizes == tuple(map(max, zip(*reached, strict=True)))


def test_receptive_formulas_open():
    pool = analyse(stack(Shape((1, 28, 28)), Conv2d(1, (5, 3), stride=2), AvgPool2d(2))).rows[1]
    assert [formula.text for formula in pool.formulas().receptive[:2]] == ["r + (k − 1)·j = 5 + (2 − 1)·2 = 7", "j·s = 2·2 = 4"]


def test_behind_a_layer_that_sees_everything_no_window_is_counted():
    conv = analyse(stack(Shape((1, 9, 9)), LayerNorm(), Conv2d(2, (3, 3)))).rows[1]
    assert conv.receptive.text == "whole input" and conv.formulas().receptive == ()


def test_receptive_fields_of_the_homework():
    layers = (Conv2d(8, (5, 5), padding=(2, 2)), AvgPool2d((2, 2)), Conv2d(16, (3, 3)), AvgPool2d((2, 2)), Flatten(), Linear(10))
    texts = [row.receptive.text for row in analyse(stack(Shape((1, 28, 28)), *layers)).rows]
    assert texts == ["5×5", "6×6", "10×10", "12×12", "12×12", "whole input"]


def test_adaptive_pooling_sees_its_largest_window():
    field = analyse(stack(Shape((1, 7, 8)), AdaptiveAvgPool2d((3, 4)))).rows[0].receptive
    # 7 rows in 3 windows: 0–2, 2–4, 4–6; 8 columns in 4 windows of 2.
    assert field.sizes == (3, 2)
    assert float(field.jump_height) == pytest.approx(7 / 3)


def test_residuals_see_what_the_longer_way_sees():
    analysis = analyse(
        stack(Shape((1, 9, 9)), Conv2d(1, (3, 3), padding=(1, 1)), Residual(1), Conv2d(1, (3, 3), padding=(1, 1)), Residual(2))
    )
    assert [row.receptive.text for row in analysis.rows] == ["3×3", "3×3", "5×5", "5×5"]


def test_only_images_have_receptive_fields():
    assert analyse(stack(Shape((4, 3)), LSTM(2))).rows[0].receptive is None
    captioning = stack(Shape((1, 4, 4)), Flatten("sequence"), TargetTokens(3), Embedding(5, 2))
    assert [row.receptive is None for row in analyse(captioning).rows] == [False, True, True]
