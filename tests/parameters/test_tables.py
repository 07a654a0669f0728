"""Tables and their ways onto paper."""

import csv
import io
import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.parameters.analysis import analyse
from hw2gui.parameters.architecture import Architecture
from hw2gui.parameters.growth import grow
from hw2gui.parameters.ladder import Ladder
from hw2gui.parameters.layers import Conv2d, Embedding, Linear, Shape
from hw2gui.parameters.presets import CHARACTER, PRESETS, cnn, question1, seq2seq
from hw2gui.parameters.tables import (
    as_data,
    bytes_text,
    growth_table,
    joined_table,
    ladder_table,
    number_text,
    parameter_table,
    share_text,
)
from hw2gui.parameters.twins import same_output_twin
from hw2gui.writers import FORMATS, Table, latex_text, to_csv, to_latex, to_markdown, to_text, write
from tests.parameters.stacks import fitting_stacks


@pytest.mark.parametrize(
    ("value", "style", "text"),
    [
        (420_906, "grouped", "420,906"),
        (420_906, "plain", "420906"),
        (420_906, "spaced", "420\u202f906"),
        (420_906, "short", "421 k"),
        (999, "short", "999"),
        (1_000, "short", "1.00 k"),
        (12_345_678, "short", "12.3 M"),
        (0, "short", "0"),
        (10**21, "short", "1.000e+21"),
        (10**400, "short", "10^400"),
    ],
)
def test_number_styles(value, style, text):
    assert number_text(value, style) == text


@given(st.integers(0, 10**40), st.sampled_from(["grouped", "plain", "spaced"]))
def test_exact_styles_lose_no_digit(value, style):
    assert int(number_text(value, style).replace(",", "").replace("\u202f", "")) == value


@given(st.integers(1, 10**18))
def test_short_numbers_are_right_to_three_digits(value):
    prefixes = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15, "E": 10**18}
    digits, _, prefix = number_text(value, "short").partition(" ")
    assert float(digits) * prefixes[prefix] == pytest.approx(value, rel=0.0051)


def test_bytes_and_shares():
    assert bytes_text(1_681) == "1,681 B"
    assert bytes_text(12, "short") == "12 B"
    assert bytes_text(1_683_624, "short") == "1.68 MB"
    assert [share_text(Fraction(*pair)) for pair in ((0, 1), (1, 10**9), (997, 1000), (99999, 100000), (1, 1))] == [
        "0.0 %", "<0.1 %", "99.7 %", ">99.9 %", "100.0 %",
    ]  # fmt: skip


@given(fitting_stacks(), st.integers(1, 99))
@settings(max_examples=40)
def test_columns_sum_to_the_line_of_totals(architecture, batch):
    table = parameter_table(analyse(architecture, batch), "plain", formulas=True)
    lines = list(csv.reader(io.StringIO(to_csv(table))))
    assert lines[0] == list(table.header)
    for name in ("weights", "biases", "parameters", "multiply–adds", "activations"):
        column = lines[0].index(name)
        assert sum(int(line[column]) for line in lines[1:-1]) == int(lines[-1][column])
    # The input is kept too.
    memory = lines[0].index("memory")
    assert int(lines[-1][memory]) - sum(int(line[memory]) for line in lines[1:-1]) == 4 * batch * architecture.input.elements


@given(fitting_stacks(longest=4))
@settings(max_examples=25)
def test_every_way_onto_paper_has_every_layer(architecture):
    table = parameter_table(analyse(architecture), formulas=True)
    for form in FORMATS:
        text = write(table, form)
        assert text.endswith("\n")
        for name in architecture.names:
            assert name in text


def test_text_is_aligned():
    lines = to_text(parameter_table(analyse(cnn()))).splitlines()
    rules = [line for line in lines if set(line) == {"─"}]
    assert len(rules) == 4
    assert len({len(line) for line in rules}) == 1
    column = lines[2].index("parameters") + len("parameters")
    assert lines[4][:column].endswith("  208")
    assert next(line for line in lines if line.startswith("total"))[:column].endswith("  420,906")


def test_markdown():
    lines = to_markdown(parameter_table(analyse(question1()))).splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert len({line.count("|") for line in rows}) == 1
    assert rows[1].split("|")[4].strip() == "---:"
    assert "**461**" in rows[-1]
    assert "a \\| b" in to_markdown(Table("t", ("h",), (False,), (("a | b",),)))


def test_latex():
    text = to_latex(parameter_table(analyse(seq2seq()), formulas=True))
    assert text.count(r"\begin{tabular}") == text.count(r"\end{tabular}") == 1
    assert [rule in text for rule in (r"\toprule", r"\midrule", r"\bottomrule")] == [True] * 3
    assert r"source\_embedding" in text
    assert r"$V \cdot D = 34 \cdot 128 = 4{,}352$" in text
    rows = [line for line in text.splitlines() if line.endswith(r"\\")]
    assert {line.count(" & ") for line in rows} == {11}
    assert latex_text(r"50 % of a_b & {c} \ ~ ^ # $") == (
        r"50 \% of a\_b \& \{c\} \textbackslash{} \textasciitilde{} \textasciicircum{} \# \$"
    )


@pytest.mark.parametrize("key", PRESETS)
def test_latex_is_ascii(key):
    """So that any LaTeX sets it."""
    assert to_latex(parameter_table(analyse(PRESETS[key].build()), formulas=True)).isascii()


def test_tied_and_frozen_are_noted():
    frozen = Architecture("x", Shape((4,), tokens=True), (Embedding(5, 3, frozen=True), Linear(2)))
    assert "8 parameters are trained, 15 frozen." in parameter_table(analyse(frozen)).notes
    assert any("output_layer is that of target_embedding" in note for note in parameter_table(analyse(seq2seq())).notes)


def test_growth_and_ladder_tables():
    curves = [grow(question1(), "side", (4, 8, 16, 32)), grow(question1(), "side", (8, 16, 32, 64), twin=same_output_twin)]
    table = growth_table(curves, "parameters")
    assert [row[0] for row in table.rows] == ["8", "16", "32", "64"]
    assert table.rows[-1][1] == ""
    assert table.footer[0] == "exponent"
    assert table.notes[0].startswith("Question 1 network left out at 4")
    ladder = ladder_table(Ladder(Conv2d(1, 5, padding=2), CHARACTER))
    assert [row[1] for row in ladder.rows] == ["614,656", "19,600", "700", "25"]
    assert len(ladder.notes) == 1


def test_joined_tables_name_their_network():
    table = parameter_table(analyse(question1()), "plain")
    joined = list(csv.reader(io.StringIO(to_csv(joined_table([table, table], ["a", "b"])))))
    assert joined[0][:2] == ["network", "layer"]
    assert [line[0] for line in joined[1:]] == ["a"] * 6 + ["b"] * 6


def test_data_for_json():
    data = as_data(analyse(seq2seq(), batch=4))
    assert json.loads(json.dumps(data)) == data
    assert data["total_parameters"] == data["trainable_parameters"] == sum(layer["parameters"] for layer in data["layers"])
    assert {"name", "kind", "output_shape", "parameters", "macs", "formula"} <= data["layers"][0].keys()
    assert data["layers"][0]["output_shape"] == [19, 128]
    assert data["layers"][-1]["tied_to"] == "target_embedding"
    assert data["layers"][0]["receptive_field"] is None
    assert as_data(analyse(cnn()))["layers"][3]["receptive_field"] == [10, 10]
    assert as_data(analyse(cnn()))["layers"][-1]["receptive_field"] == "whole input"
