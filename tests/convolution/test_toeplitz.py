import re
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings

from hw2gui.convolution import toeplitz
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.convolution.sizes import Padding
from hw2gui.convolution.toeplitz import analyse, describe_violation
from hw2gui.errors import InputError
from tests.convolution.strategies import convolutions, distinct_weights, naive_matrix


def first_difference(dense, down, right, keep=lambda i, j: True):
    """The first (i, j) in row order that differs from the entry *down* rows and *right* columns on."""
    for i in range(dense.shape[0] - down):
        for j in range(dense.shape[1] - right):
            if dense[i, j] != dense[i + down, j + right] and keep(i, j):
                return i, j
    return None


def block_shape(geometry):
    return (geometry.output_width, geometry.width) if geometry.order == "row" else (geometry.output_height, geometry.height)


def check(violation, expected, step):
    if violation is None:
        assert expected is None
        return
    first, second = violation.first, violation.second
    assert (first.i, first.j) == expected
    assert (second.i, second.j) == (expected[0] + step[0], expected[1] + step[1])
    assert first.value is None or first.value != second.value


@settings(max_examples=120)
@given(convolutions(longest=5))
def test_every_verdict_is_what_looking_at_all_entries_says(convolution):
    geometry, kernel = convolution
    height, width = block_shape(geometry)
    for weights in (kernel, None):
        dense = naive_matrix(geometry, distinct_weights(geometry) if weights is None else weights)
        report = analyse(geometry, weights)
        check(report.first_global, first_difference(dense, 1, 1), (1, 1))
        check(report.first_blocks, first_difference(dense, height, width), (height, width))
        one_block = first_difference(dense, 1, 1, lambda i, j: (i + 1) % height > 0 and (j + 1) % width > 0)
        check(report.first_within, one_block, (1, 1))
        broken = [offset for offset in range(1 - dense.shape[0], dense.shape[1]) if len(set(np.diagonal(dense, offset))) > 1]
        assert report.broken.tolist() == broken
        assert report.diagonals == dense.shape[0] + dense.shape[1] - 1
        assert report.is_toeplitz == (not broken)
        assert report.is_doubly_block_toeplitz == (report.is_block_toeplitz and report.blocks_are_toeplitz)
        assert report.generic == (weights is None)


NO_PADDING = Padding.none()


def small_geometries(strides=(1,), paddings=(NO_PADDING,), dilations=(1,)):
    for height, width, m, n in product(range(1, 6), range(1, 6), range(1, 4), range(1, 4)):
        for stride, padding, dilation in product(strides, paddings, dilations):
            try:
                yield Geometry(height, width, m, n, stride, padding, dilation)
            except InputError:
                continue


def test_at_stride_1_it_is_doubly_block_toeplitz_with_any_padding_and_dilation():
    for geometry in small_geometries(paddings=(NO_PADDING, Padding.uniform(1), Padding(0, 2, 1, 0)), dilations=(1, 2)):
        assert analyse(geometry).is_doubly_block_toeplitz


def test_without_side_padding_at_stride_1_it_is_toeplitz_as_a_whole_only_for_one_column_of_weights_or_one_row_of_z():
    for geometry in small_geometries(paddings=(NO_PADDING, Padding(1, 0, 0, 0), Padding(1, 2, 0, 0)), dilations=(1, 2)):
        assert analyse(geometry).is_toeplitz == (geometry.kernel_width == 1 or geometry.output_height == 1)


@pytest.mark.parametrize(
    ("geometry", "holds"),
    [
        # One column of weights, or one row of z: padding at the sides breaks both.
        (Geometry(3, 3, 2, 1, padding=Padding(1, 1, 0, 0)), True),
        (Geometry(3, 3, 2, 1, padding=Padding(0, 0, 1, 1)), False),
        (Geometry(3, 3, 3, 2, padding=Padding(0, 0, 1, 0)), False),
        # A single block cannot run over into the next.
        (Geometry(1, 4, 1, 2, padding=Padding(0, 0, 2, 1)), True),
        # Neither one column of weights nor one row of z, yet Toeplitz: one pixel to a row, padded to one cell to a row.
        (Geometry(2, 1, 1, 2, padding=Padding(0, 0, 0, 1)), True),
    ],
)
def test_side_padding_changes_when_it_is_toeplitz_as_a_whole(geometry, holds):
    assert analyse(geometry).is_toeplitz == holds


def test_beyond_stride_1_it_is_block_toeplitz_only_for_one_row_of_z_and_in_blocks_only_for_one_column():
    for geometry in small_geometries(strides=(2, 3)):
        report = analyse(geometry)
        assert report.is_block_toeplitz == (geometry.output_height == 1)
        assert report.blocks_are_toeplitz == (geometry.output_width == 1)


def test_values_that_agree_can_make_it_toeplitz():
    geometry = Geometry(5, 5, 2, 2)
    assert analyse(geometry, np.zeros((2, 2))).is_toeplitz
    assert analyse(geometry, np.array([[1.0, 0.0], [2.0, 0.0]])).first_global is not None
    strided = Geometry(6, 6, 2, 2, 2)
    assert not analyse(strided).is_block_toeplitz
    assert analyse(strided, np.zeros((2, 2))).is_doubly_block_toeplitz


@pytest.mark.parametrize("order", ["row", "column"])
@pytest.mark.parametrize("stride", [1, 2])
def test_a_large_image_is_judged_like_a_small_one(order, stride):
    settings_ = {"stride": stride, "padding": Padding.same(5, 4), "flipped": True, "order": order}
    kernel = np.random.default_rng(0).normal(size=(5, 4))
    large, small = (analyse(Geometry(height, width, 5, 4, **settings_), kernel) for height, width in ((1024, 1000), (24, 20)))
    assert large.broken is None
    assert small.broken is not None
    for name in ("is_toeplitz", "blocks_are_toeplitz", "is_block_toeplitz", "is_doubly_block_toeplitz"):
        assert getattr(large, name) == getattr(small, name) == (stride == 1 and name != "is_toeplitz")
    matrix = ConvolutionMatrix(large.geometry, kernel)
    for violation in (large.first_global, large.first_within, large.first_blocks):
        for place in (violation.first, violation.second) if violation else ():
            entry = matrix.entry(place.i, place.j)
            assert place.value == entry.value
            assert place.tap == (None if entry.m is None else (entry.m, entry.n))


def test_the_bound_on_listed_diagonals(monkeypatch):
    geometry = Geometry(6, 6, 3, 3)
    assert analyse(geometry).broken is not None
    monkeypatch.setattr(toeplitz, "MAX_LISTED", 16 * 9 - 1)
    assert analyse(geometry).broken is None


def test_the_verdict_and_the_violation_in_words():
    report = analyse(Geometry(4, 6, 2, 2))
    assert report.verdict == (
        "With weights that all differ, M is doubly block Toeplitz, but not Toeplitz as a whole: "
        f"{len(report.broken)} of its {report.diagonals} diagonals are not constant."
    )
    assert describe_violation(report.first_global) == "M(5, 5) = w(1, 1), but M(6, 6) = 0"
    assert describe_violation(report.first_global, 0) == "M(4, 4) = w(0, 0), but M(5, 5) = 0"
    valued = analyse(Geometry(4, 6, 2, 2), np.full((2, 2), 0.5))
    assert describe_violation(valued.first_global) == "M(5, 5) = w(1, 1) = 0.5, but M(6, 6) = 0"
    assert valued.verdict.startswith("With these weights, M is ")
    verdicts = [
        re.split(r" differ, |[:.]", analyse(geometry).verdict)[1]
        for geometry in (Geometry(3, 3, 3, 2), Geometry(6, 6, 2, 2, 2), Geometry(2, 6, 2, 2, 2), Geometry(6, 2, 2, 2, 2))
    ]
    assert verdicts == [
        "M is Toeplitz as a whole and doubly block Toeplitz",
        "M is not Toeplitz, neither as a whole nor by blocks",
        "M is block Toeplitz, but its blocks are not Toeplitz",
        "M is not block Toeplitz, though each block is Toeplitz",
    ]
    assert all(a != b for a, b in pairwise(verdicts))


def test_toeplitz_as_a_whole_alone_is_said_so():
    report = analyse(Geometry(2, 2, 2, 2, stride=2, padding=Padding(1, 2, 0, 0)), np.eye(2))
    assert report.is_toeplitz and not report.is_doubly_block_toeplitz
    assert report.verdict == "With these weights, M is Toeplitz as a whole."
