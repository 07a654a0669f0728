import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.convolution import overview
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.convolution.overview import NEGATIVE, POSITIVE, coverage, strongest, strongest_is_affordable
from hw2gui.convolution.sizes import Padding
from hw2gui.errors import InputError
from tests.convolution.strategies import convolutions, naive_matrix


@st.composite
def edges(draw, size):
    """Any increasing edges inside 0 … size."""
    chosen = draw(st.sets(st.integers(0, size), min_size=2, max_size=min(size + 1, 12)))
    return np.array(sorted(chosen))


def rectangles(dense, row_edges, col_edges):
    for r in range(len(row_edges) - 1):
        for c in range(len(col_edges) - 1):
            yield (r, c), dense[row_edges[r] : row_edges[r + 1], col_edges[c] : col_edges[c + 1]]


@settings(max_examples=200)
@given(convolutions(longest=8, kernel=5), st.data())
def test_each_pixel_tells_exactly_what_its_rectangle_holds(convolution, data):
    geometry, kernel = convolution
    matrix, dense = ConvolutionMatrix(geometry, kernel), naive_matrix(geometry, kernel)
    row_edges, col_edges = data.draw(edges(matrix.shape[0])), data.draw(edges(matrix.shape[1]))
    signs, values = coverage(matrix, row_edges, col_edges), strongest(matrix, row_edges, col_edges)
    assert signs.shape == values.shape == (len(row_edges) - 1, len(col_edges) - 1)
    for at, rectangle in rectangles(dense, row_edges, col_edges):
        assert signs[at] == POSITIVE * (rectangle > 0).any() + NEGATIVE * (rectangle < 0).any()
        assert values[at] == max(rectangle.flat, key=lambda value: (abs(value), value))


@settings(max_examples=60)
@given(convolutions(longest=8, kernel=5), st.integers(1, 6), st.integers(1, 6), st.data())
def test_even_pixels_of_any_width(convolution, height, width, data):
    geometry, kernel = convolution
    matrix, dense = ConvolutionMatrix(geometry, kernel), naive_matrix(geometry, kernel)
    row_edges = np.arange(data.draw(st.integers(0, matrix.shape[0] - 1)), matrix.shape[0] + 1, height)
    col_edges = np.arange(data.draw(st.integers(0, matrix.shape[1] - 1)), matrix.shape[1] + 1, width)
    if len(row_edges) > 1 and len(col_edges) > 1:
        signs = coverage(matrix, row_edges, col_edges)
        for at, rectangle in rectangles(dense, row_edges, col_edges):
            assert signs[at] == POSITIVE * (rectangle > 0).any() + NEGATIVE * (rectangle < 0).any()


def test_lists_of_terms_are_the_same_in_batches(monkeypatch):
    geometry = Geometry(13, 14, 5, 4, 3, Padding.uniform(2))
    kernel = np.random.default_rng(0).normal(size=(5, 4))
    matrix = ConvolutionMatrix(geometry, kernel)
    row_edges, col_edges = np.array([0, 3, 17, matrix.shape[0]]), np.array([0, 1, 2, 60, 61, 120, matrix.shape[1]])
    at_once = coverage(matrix, row_edges, col_edges)
    monkeypatch.setattr(overview, "_LISTED_AT_ONCE", 5)
    assert (coverage(matrix, row_edges, col_edges) == at_once).all()
    for at, rectangle in rectangles(matrix.dense(), row_edges, col_edges):
        assert at_once[at] == POSITIVE * (rectangle > 0).any() + NEGATIVE * (rectangle < 0).any()


@pytest.mark.parametrize("order", ["row", "column"])
@pytest.mark.parametrize("stride", [1, 2])
def test_a_thin_band_in_a_million_columns_does_not_vanish(order, stride):
    geometry = Geometry(1024, 1024, 5, 5, stride, Padding.same(5, 5), order=order)
    kernel = np.zeros((5, 5))
    kernel[2, 2], kernel[0, 4] = 1.0, -1.0
    matrix = ConvolutionMatrix(geometry, kernel)
    row_edges, col_edges = (np.linspace(0, size, count + 1).astype(np.int64) for size, count in zip(matrix.shape, (97, 113), strict=True))
    signs = coverage(matrix, row_edges, col_edges)
    assert signs.any(axis=1).all()
    expected = np.zeros_like(signs)
    # The same by listing the non-zeros, which at this size only the test can afford.
    sparse = matrix.sparse().tocoo()
    r, c = np.searchsorted(row_edges, sparse.row, side="right") - 1, np.searchsorted(col_edges, sparse.col, side="right") - 1
    for bit, chosen in ((POSITIVE, sparse.data > 0), (NEGATIVE, sparse.data < 0)):
        lit = np.zeros(expected.shape, dtype=bool)
        lit[r[chosen], c[chosen]] = True
        expected |= np.where(lit, np.uint8(bit), np.uint8(0))
    assert (signs == expected).all()


def test_zoomed_in_by_chance_on_the_band():
    geometry = Geometry(1024, 1024, 64, 64, padding=Padding.same(64, 64))
    matrix = ConvolutionMatrix(geometry, np.random.default_rng(0).normal(size=(64, 64)))
    for start, step in ((400_000, 1), (400_000, 3)):
        row_edges, col_edges = start + step * np.arange(51), start + step * np.arange(61)
        signs = coverage(matrix, row_edges, col_edges)
        values = matrix.values(range(start, start + 50 * step), range(start, start + 60 * step)).reshape(50, step, 60, step)
        assert (signs == (values > 0).any(axis=(1, 3)) * POSITIVE + (values < 0).any(axis=(1, 3)) * NEGATIVE).all()


def test_a_kernel_of_zeros_is_dark():
    matrix = ConvolutionMatrix(Geometry(6, 6, 3, 3), np.zeros((3, 3)))
    assert not coverage(matrix, np.array([0, 16]), np.array([0, 36])).any()


def test_the_strongest_is_asked_only_where_it_is_affordable():
    large = ConvolutionMatrix(Geometry(1024, 1024, 5, 5), np.ones((5, 5)))
    row_edges, col_edges = np.array([0, large.shape[0]]), np.array([0, large.shape[1]])
    assert not strongest_is_affordable(large, row_edges, col_edges)
    with pytest.raises(InputError, match="zoom in"):
        strongest(large, row_edges, col_edges)
    assert strongest_is_affordable(large, np.array([0, 500]), col_edges)
    homework = ConvolutionMatrix(Geometry(28, 28, 5, 5), np.ones((5, 5)))
    assert strongest_is_affordable(homework, np.array([0, 576]), np.array([0, 784]))


@pytest.mark.parametrize("wrong", [[0], [3, 3], [4, 2], [-1, 3], [0, 17], [[0, 1]]])
def test_edges_that_are_none_are_refused(wrong):
    matrix = ConvolutionMatrix(Geometry(6, 6, 3, 3), np.ones((3, 3)))
    with pytest.raises(InputError, match="row edges"):
        coverage(matrix, np.array(wrong), np.array([0, 36]))
