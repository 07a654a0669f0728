import re
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.convolution.entry import describe_entry, format_number
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.convolution.sizes import Padding
from tests.convolution.strategies import calculated, distinct_weights, geometries


def names(geometry):
    padding = geometry.padding
    return {
        "p_top": padding.top,
        "p_left": padding.left,
        "H′": geometry.output_height,
        "W′": geometry.output_width,
        "H": geometry.height,
        "W": geometry.width,
        "M": geometry.kernel_height,
        "N": geometry.kernel_width,
        "s": geometry.stride,
        "d": geometry.dilation,
        "p": padding.top,
    }


@settings(max_examples=80)
@given(geometries(longest=6), st.sampled_from([0, 1]), st.data())
def test_each_line_comes_to_its_value_in_letters_and_in_numbers(geometry, base, data):
    matrix = ConvolutionMatrix(geometry, distinct_weights(geometry))
    entry = matrix.entry(data.draw(st.integers(0, matrix.shape[0] - 1)), data.draw(st.integers(0, matrix.shape[1] - 1)))
    description = describe_entry(entry, geometry, base)
    known = names(geometry) | {"i": entry.i + base, "j": entry.j + base}
    for line in description.lines:
        general = line.general
        # Longest names first, and not the letters of "mod".
        for name in sorted(known, key=len, reverse=True):
            general = re.sub(rf"(?<![a-zA-Z_]){re.escape(name)}(?![a-zA-Z_'])", str(known[name]), general)
        # A factor next to its bracket: 2(3−1).
        value = Fraction(line.value.replace("−", "-"))
        assert calculated(line.numbers) == value, str(line)
        assert calculated(general) == value, str(line)
        known[line.symbol] = line.value
    assert [line.symbol for line in description.lines] == ["α", "β", "γ", "δ", "m", "n"]
    cells = dict(zip("αβγδ", (entry.alpha, entry.beta, entry.gamma, entry.delta), strict=True))
    assert {line.symbol: int(line.value) - base for line in description.lines[:4]} == cells
    if entry.m is None:
        assert description.verdict.endswith("→ 0")
        assert "inside" not in description.verdict
    else:
        m, n = entry.m + base, entry.n + base
        assert [line.value for line in description.lines[4:]] == [str(m), str(n)]
        assert description.verdict == f"inside the kernel → w({m}, {n}) = {format_number(entry.value)}"


def test_the_homeworks_own_formula_appears_when_nothing_is_added():
    geometry = Geometry(4, 6, 2, 2)
    entry = ConvolutionMatrix(geometry, distinct_weights(geometry)).entry(7, 14)
    assert describe_entry(entry, geometry, 1).general == (
        "α = ⌊(i−1)/W′⌋+1",
        "β = (i−1) mod W′ + 1",
        "γ = ⌊(j−1)/W⌋+1",
        "δ = (j−1) mod W + 1",
        "m = γ−α+1",
        "n = δ−β+1",
        "M(i, j) = w(m, n) where m and n satisfy 1 ≤ m ≤ M and 1 ≤ n ≤ N, else 0",
    )


@pytest.mark.parametrize(
    ("changes", "base", "formula"),
    [
        ({}, 0, "γ−α"),
        ({"padding": Padding.uniform(2)}, 1, "γ−α+p+1"),
        ({"padding": Padding.uniform(2)}, 0, "γ−α+p"),
        ({"padding": Padding(2, 0, 1, 0)}, 1, "γ−α+p_top+1"),
        ({"padding": Padding(0, 0, 1, 0)}, 1, "γ−α+1"),
        ({"stride": 2}, 1, "γ−s(α−1)"),
        ({"stride": 2, "padding": Padding.uniform(1)}, 1, "γ+p−s(α−1)"),
        ({"stride": 2, "flipped": True}, 1, "M−(γ−1−s(α−1))"),
        ({"stride": 2}, 0, "γ−s·α"),
        ({"stride": 2, "padding": Padding.uniform(1), "dilation": 2}, 1, "(γ−1+p−s(α−1))/d+1"),
        ({"dilation": 2}, 0, "(γ−α)/d"),
        ({"flipped": True}, 1, "M−(γ−α)"),
        ({"flipped": True, "dilation": 2, "stride": 2}, 0, "M−1−(γ−s·α)/d"),
    ],
)
def test_what_is_trivial_is_left_out(changes, base, formula):
    geometry = replace(Geometry(9, 9, 3, 3), **changes)
    entry = ConvolutionMatrix(geometry, distinct_weights(geometry)).entry(0, 0)
    assert describe_entry(entry, geometry, base).lines[4].general == formula


def test_verdicts():
    strided = Geometry(9, 9, 3, 3, stride=2, dilation=2)
    matrix = ConvolutionMatrix(strided, distinct_weights(strided))
    assert describe_entry(matrix.entry(0, 9), strided).verdict == "m = 3/2 is not whole → 0"
    assert describe_entry(matrix.entry(0, 10), strided).verdict == "m = 3/2 is not whole and n = 3/2 is not whole → 0"
    assert describe_entry(matrix.entry(0, 6), strided).verdict == "n = 4 is outside 1..3 → 0"
    assert describe_entry(matrix.entry(1, 0), strided, 0).verdict == "n = −1 is outside 0..2 → 0"
    assert describe_entry(matrix.entry(0, 4), strided).verdict == "inside the kernel → w(1, 3) = 3"


def test_numbers_are_short_and_have_a_real_minus():
    assert [format_number(value) for value in (0.0, -0.0, 2.0, -1.5, 1 / 3, 1e-9)] == ["0", "0", "2", "−1.5", "0.333333", "1e−09"]
