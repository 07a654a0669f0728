import numpy as np
import pytest
from hypothesis import given, settings

from hw2gui.convolution import reference
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.convolution.reference import (
    checked_rows,
    jacobian_error,
    max_abs_error,
    torch_convolution,
    torch_transposed_convolution,
    transpose_error,
)
from hw2gui.convolution.sizes import Padding
from hw2gui.convolution.transpose import backproject
from hw2gui.convolution.window import convolve
from tests.convolution.strategies import convolutions, image_of

CLOSE = 1e-12


def uneven(shape, seed):
    return np.random.default_rng(seed).normal(size=shape)


@settings(max_examples=60)
@given(convolutions())
def test_torch_agrees_with_the_window_on_whole_numbers_exactly(convolution):
    geometry, kernel = convolution
    x, g = image_of(geometry), np.arange(1.0, geometry.matrix_rows + 1).reshape(geometry.output_shape)
    assert (torch_convolution(x, kernel, geometry) == convolve(x, kernel, geometry)).all()
    assert (torch_transposed_convolution(g, kernel, geometry) == backproject(g, kernel, geometry)).all()


@settings(max_examples=40)
@given(convolutions())
def test_the_matrix_agrees_with_torch(convolution):
    geometry, _ = convolution
    kernel, x, g = uneven(geometry.kernel_shape, 0), uneven(geometry.image_shape, 1), uneven(geometry.output_shape, 2)
    assert max_abs_error(x, kernel, geometry) < CLOSE
    assert transpose_error(g, kernel, geometry) < CLOSE


@settings(max_examples=25)
@given(convolutions(longest=5))
def test_the_jacobian_is_the_matrix(convolution):
    geometry, kernel = convolution
    assert jacobian_error(image_of(geometry), kernel, geometry) < CLOSE


def test_a_large_jacobian_is_checked_at_one_pixel(monkeypatch):
    monkeypatch.setattr(reference, "MAX_JACOBIAN", 10)
    geometry = Geometry(9, 7, 2, 3, 2, Padding(1, 0, 2, 1), 2, True, "column")
    kernel, x = uneven((2, 3), 0), uneven((9, 7), 1)
    for pixel in ((0, 0), (4, 3), (8, 6)):
        assert jacobian_error(x, kernel, geometry, pixel) < CLOSE


class Wrong(ConvolutionMatrix):
    """A matrix with another kernel than the one it was given."""

    def __init__(self, geometry, kernel):
        super().__init__(geometry, kernel + np.eye(*kernel.shape))


@pytest.mark.parametrize("limit", [2**25, 500])
def test_a_wrong_matrix_is_found(monkeypatch, limit):
    geometry = Geometry(12, 12, 3, 3)
    kernel, x, g = uneven((3, 3), 0), uneven((12, 12), 1), uneven((10, 10), 2)
    monkeypatch.setattr(reference, "MAX_CHECKED", limit)
    monkeypatch.setattr(reference, "ConvolutionMatrix", Wrong)
    assert max_abs_error(x, kernel, geometry) > 0.1
    assert transpose_error(g, kernel, geometry) > 0.1
    assert jacobian_error(x, kernel, geometry) == pytest.approx(1.0)


def test_beyond_the_bound_rows_are_left_out_evenly_and_the_rest_still_agrees(monkeypatch):
    geometry = Geometry(12, 12, 3, 3)
    assert len(checked_rows(geometry)) == 100
    monkeypatch.setattr(reference, "MAX_CHECKED", 500)
    rows = checked_rows(geometry)
    assert len(rows) * 9 <= 500
    alphas, betas = geometry.output_index(rows)
    assert set(alphas.tolist()) == set(betas.tolist()) == set(range(10))
    kernel, x, g = uneven((3, 3), 0), uneven((12, 12), 1), uneven((10, 10), 2)
    assert max_abs_error(x, kernel, geometry) < CLOSE
    assert transpose_error(g, kernel, geometry) < CLOSE


def test_blocks_of_rows_join_without_a_seam(monkeypatch):
    geometry = Geometry(12, 11, 3, 2, order="column")
    kernel, x, g = uneven((3, 2), 0), uneven((12, 11), 1), uneven((10, 10), 2)
    monkeypatch.setattr(reference, "_PRODUCTS_AT_ONCE", 50)
    assert max_abs_error(x, kernel, geometry) < CLOSE
    assert transpose_error(g, kernel, geometry) < CLOSE
