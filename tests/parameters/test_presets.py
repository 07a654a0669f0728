"""The homework's counts, golden tables of every preset, and agreement with torchinfo."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.parameters.analysis import analyse
from hw2gui.parameters.codegen import to_pytorch
from hw2gui.parameters.layers import Shape
from hw2gui.parameters.presets import (
    PRESETS,
    cnn,
    dense,
    question1,
    question1_formula,
    question1_twin_formula,
    seq2seq,
)
from hw2gui.parameters.tables import parameter_table
from hw2gui.parameters.twins import same_output_twin, same_widths_twin
from hw2gui.writers import to_text

GOLDEN = Path(__file__).parent / "golden"


def weights(architecture):
    return analyse(architecture, ignore_biases=True).totals.parameters


def test_question_1():
    assert weights(question1()) == 457
    assert weights(same_output_twin(question1())) == 113_328
    assert analyse(question1()).totals.parameters == 457 + 1 + 3
    assert analyse(same_output_twin(question1())).totals.parameters == 113_328 + 144 + 3


def test_question_2():
    analysis = analyse(cnn())
    assert [row.parameters for row in analysis.rows if row.parameters] == [208, 1_168, 346_200, 72_120, 1_210]
    assert analysis.totals.parameters == 420_906
    assert f"{float(analysis.share_of('Linear')):.3f}" == "0.997"
    # Fewer parameters than a fully connected network at the same widths, not than every one.
    assert analyse(same_widths_twin(cnn())).totals.parameters == analyse(dense(600, 120, 10)).totals.parameters == 544_330
    assert analyse(dense(512, 10)).totals.parameters == 407_050 < analysis.totals.parameters


def test_question_3_by_hand():
    """The sizes of the homework's model for vocabularies of 30 and 40."""
    encoder = 30 * 128 + 2 * (4 * 64 * (128 + 64) + 8 * 64)
    decoder = 40 * 128 + 4 * 128 * (128 + 128) + 8 * 128
    attention = 128 * 128 + 256 * 128 + 128
    output_bias = 40
    assert analyse(seq2seq(False, 30, 40)).totals.parameters == encoder + decoder + output_bias
    assert analyse(seq2seq(True, 30, 40)).totals.parameters == encoder + decoder + attention + output_bias


@given(st.integers(1, 3), st.integers(2, 60), st.integers(2, 60), st.integers(1, 9), st.integers(1, 9), st.integers(1, 12))
def test_the_symbolic_formulas_of_question_1(channels, height, width, m, n, classes):
    image = Shape((channels, height, width))
    network = question1(image, (m, n), classes)
    if analyse(network).error is not None:
        assert m >= height or n >= width
        return
    assert question1_formula(image, (m, n), classes).value == weights(network)
    assert question1_twin_formula(image, (m, n), classes).value == weights(same_output_twin(network))


def test_the_formulas_read_as_in_the_homework():
    assert question1_formula().expression.symbolic == "M·N + K·⌊(H − M + 1)/2⌋·⌊(W − N + 1)/2⌋"
    assert question1_twin_formula().expression.symbolic == "(H·W + K)·⌊(H − M + 1)/2⌋·⌊(W − N + 1)/2⌋"
    assert question1_formula().text.endswith("5·5 + 3·⌊(28 − 5 + 1)/2⌋·⌊(28 − 5 + 1)/2⌋ = 457")
    assert r"\left\lfloor \frac{H - M + 1}{2} \right\rfloor" in question1_twin_formula().latex


@pytest.mark.parametrize("key", PRESETS)
def test_golden_tables(key):
    """The printed table, formulas included; UPDATE_GOLDEN=1 writes it anew, to be read before it is kept."""
    text = to_text(parameter_table(analyse(PRESETS[key].build(), batch=8), formulas=True))
    path = GOLDEN / f"{key}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_every_golden_table_belongs_to_a_preset():
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(PRESETS)


# --- torchinfo -----------------------------------------------------------------------------------------------------------------


def torchinfo_macs(row):
    """What torchinfo 1.8 says where we say ``row.macs``, in closed form.

    It multiplies parameters by positions, so it also counts each bias as a multiply–add; outside convolutions and recurrent layers
    it knows no positions (Linear on a sequence, batch normalisation on an image: once for each parameter), it counts an embedding as if its
    whole table were multiplied, and it does not see products of activations (scores and contexts of attention).
    """
    own = row.layer.weights(row.at).value  # also where the weight is tied
    match row.kind:
        case "Conv2d":
            return row.parameters * row.output.sizes[1] * row.output.sizes[2]
        case "LSTM":
            return row.parameters * row.output.sizes[0]
        case "Residual":
            return row.macs
    return own + row.biases


@pytest.mark.parametrize("key", PRESETS)
def test_torchinfo_agrees(key):
    torchinfo = pytest.importorskip("torchinfo")
    import torch

    analysis = analyse(PRESETS[key].build())
    namespace = {"__name__": "pasted"}
    exec(to_pytorch(analysis.architecture), namespace)
    shapes = [analysis.architecture.input, *(row.output for row in analysis.rows if row.kind == "TargetTokens")]
    inputs = [torch.zeros(1, *shape.sizes, dtype=torch.long if shape.tokens else torch.float32) for shape in shapes]
    summary = torchinfo.summary(namespace["Network"](), input_data=inputs, verbose=0)
    # Release 1.8 counts a shared weight with each layer that has it.
    counted_again = sum(row.layer.weights(row.at).value for row in analysis.rows if row.tied_to)
    assert summary.total_params == analysis.totals.parameters + counted_again
    assert summary.total_mult_adds == sum(map(torchinfo_macs, analysis.rows))


@pytest.mark.parametrize("key", ["question1", "dense-matched", "dense-512", "lenet5", "vgg"])
def test_where_torchinfo_only_counts_biases_too(key):
    """For networks of convolutions and fully connected layers on vectors that is the whole difference."""
    rows = analyse(PRESETS[key].build()).rows
    for row in rows:
        positions = row.output.elements // row.output.sizes[0]
        assert torchinfo_macs(row) - row.macs == row.biases * positions
