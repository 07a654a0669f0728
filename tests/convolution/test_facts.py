import re

import numpy as np
import pytest
from hypothesis import given

from hw2gui.convolution.facts import facts, human_bytes, rank, rank_fact
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.convolution.sizes import Padding
from hw2gui.errors import InputError
from tests.convolution.strategies import calculated, convolutions, distinct_weights, naive_taps


def table(geometry, kernel=None):
    return {fact.label: fact for fact in facts(geometry, distinct_weights(geometry) if kernel is None else kernel)}


def number(text):
    return int(re.sub(r"\D", "", text))


@given(convolutions())
def test_the_formulas_come_to_what_is_counted(convolution):
    geometry, kernel = convolution
    found, taps = table(geometry, kernel), naive_taps(geometry)
    for label, size in (("Rows of z, H′", geometry.output_height), ("Columns of z, W′", geometry.output_width)):
        assert calculated(found[label].formula.split(" = ")[1]) == size == int(found[label].value)
    assert found["Shape of M"].value == f"{taps.shape[0]:,}×{taps.shape[1]:,}"
    inside = int((taps >= 0).sum())
    assert number(found["Entries inside the kernel"].value) == inside
    entries = found["Entries inside the kernel"].formula.split(" = ")[1].replace(" × ", "·")
    assert calculated(entries) == inside
    density = found["Density"].formula.split(" = ")[-1].replace(",", "")
    assert float(calculated(density)) == pytest.approx(inside / taps.size, abs=0)
    assert float(found["Density"].value.removesuffix(" %")) == pytest.approx(100 * inside / taps.size, rel=1e-5)
    not_zero = np.count_nonzero(kernel.reshape(-1)[taps[taps >= 0]])
    assert ("Not 0 today" in found) == (not_zero != inside)
    unread = int((taps < 0).all(axis=0).sum())
    assert ("Pixels no window reads" in found) == (unread > 0)
    if unread:
        fact = found["Pixels no window reads"]
        assert calculated(fact.formula.split(" = ")[1]) == unread
        assert fact.value == f"{unread} of {taps.shape[1]}"
    sparse = ConvolutionMatrix(geometry, kernel).sparse()
    stored = sparse.data.nbytes + sparse.indices.nbytes + sparse.indptr.nbytes
    assert calculated(found["M sparse, CSR"].formula.replace(",", "")) == stored
    assert found["M sparse, CSR"].value == human_bytes(stored)
    assert calculated(found["M dense, float64"].formula.replace(",", "")) == 8 * taps.size


def test_the_homeworks_facts():
    found = table(Geometry(28, 28, 5, 5))
    assert (found["Rows of z, H′"].formula, found["Rows of z, H′"].value) == ("H−M+1 = 28−5+1", "24")
    assert found["Shape of M"].value == "576×784"
    assert found["Density"].formula == "MN/(HW) = 5·5/(28·28)"
    assert found["Entries inside the kernel"].value == "14,400"
    assert found["M dense, float64"].value == "3.45 MiB"
    assert found["The kernel itself"].value == "200 bytes"
    assert "Pixels no window reads" not in found


@pytest.mark.parametrize(
    ("geometry", "formula"),
    [
        (Geometry(28, 27, 5, 4, 3), "⌊(W−N)/s⌋+1 = ⌊(27−4)/3⌋+1"),
        (Geometry(28, 27, 5, 4, 1, Padding.uniform(2)), "W+2p−N+1 = 27+2·2−4+1"),
        (Geometry(28, 27, 5, 4, 1, Padding(0, 0, 1, 2)), "W+p_left+p_right−N+1 = 27+1+2−4+1"),
        (Geometry(28, 27, 5, 4, 2, Padding.none(), 3), "⌊(W−d(N−1)−1)/s⌋+1 = ⌊(27−3(4−1)−1)/2⌋+1"),
    ],
)
def test_output_sizes_show_what_there_is(geometry, formula):
    assert table(geometry)["Columns of z, W′"].formula == formula


@pytest.mark.parametrize(
    ("geometry", "border"),
    [
        (Geometry(9, 9, 3, 3), "none"),
        (Geometry(9, 9, 3, 3, 2), "none"),
        (Geometry(10, 9, 3, 3, 2), "the last row is never seen"),
        (Geometry(9, 10, 3, 3, 2), "the last column is never seen"),
        (Geometry(10, 11, 3, 3, 3), "the last row and the last 2 columns are never seen"),
        (Geometry(9, 9, 3, 3, 2, Padding(0, 1, 0, 0)), "the last row (all padding) is never seen"),
        (Geometry(10, 11, 3, 3, 3, Padding(0, 0, 0, 3)), "the last row and the last 2 columns (2 columns of them padding) are never seen"),
    ],
)
def test_the_discarded_border_is_named(geometry, border):
    assert table(geometry)["Discarded border"].value == border


def test_pixels_between_windows_are_counted():
    found = table(Geometry(9, 9, 2, 2, 4))
    assert found["Pixels no window reads"].value == f"{81 - 16} of 81"


def test_facts_of_a_million_million_entries_are_exact():
    found = table(Geometry(1024, 1024, 5, 5))
    assert found["Shape of M"].value == "1,040,400×1,048,576"
    assert found["Entries inside the kernel"].value == "26,010,000"
    assert found["M dense, float64"].value == "7.94 TiB"


def test_rank():
    identity = ConvolutionMatrix(Geometry(6, 5, 1, 1), np.ones((1, 1)))
    assert rank(identity) == 30
    assert rank_fact(identity).value == "30, full"
    nothing = ConvolutionMatrix(Geometry(6, 5, 2, 2), np.zeros((2, 2)))
    assert rank_fact(nothing).value == "0"
    # Opposite weights: each of the 4 rows' sums of (−1, 1) differences over a ring of padding is lost.
    wrapped = ConvolutionMatrix(Geometry(1, 4, 1, 2, padding=Padding(0, 0, 1, 1)), np.array([[1.0, -1.0]]))
    assert wrapped.shape == (5, 4)
    assert rank(wrapped) == 4


def test_the_rank_of_a_large_matrix_is_declined_with_the_reason():
    large = ConvolutionMatrix(Geometry(64, 64, 5, 5), np.ones((5, 5)))
    with pytest.raises(InputError, match="the shorter side is 3,600"):
        rank(large)
    assert rank_fact(large).value == "not computed: the shorter side is 3,600, the singular values are taken up to 800"
    long = ConvolutionMatrix(Geometry(28, 28, 1, 1, 1, Padding.uniform(64)), np.ones((1, 1)))
    assert "entries" in rank_fact(long).value


def test_bytes_for_people():
    shown = {200: "200 bytes", 1023: "1023 bytes", 1024: "1.00 KiB", 10_230: "9.99 KiB", 1_023_500: "1000 KiB", 1_048_500: "1.00 MiB"}
    assert {count: human_bytes(count) for count in shown} == shown
    assert human_bytes(8 * 10**15) == "7.11 PiB"
