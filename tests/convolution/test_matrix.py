import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.matrix import MAX_DENSE, MAX_SPARSE, ConvolutionMatrix
from hw2gui.convolution.sizes import Padding
from hw2gui.errors import InputError
from tests.convolution.strategies import convolutions, distinct_weights, geometries, image_of, naive_matrix, naive_taps


def homework_entry(w, i, j, w_out, width, m_size, n_size):
    """M(i, j) of the homework to the letter: 1-based, row-major, stride 1, no padding."""
    alpha, beta = (i - 1) // w_out + 1, (i - 1) % w_out + 1
    gamma, delta = (j - 1) // width + 1, (j - 1) % width + 1
    if 0 <= gamma - alpha <= m_size - 1 and 0 <= delta - beta <= n_size - 1:
        return w[gamma - alpha + 1 - 1][delta - beta + 1 - 1]
    return 0.0


def extended_entry(w, i, j, geometry):
    """The same with stride s, padding p, dilation d and the flip, 1-based: m = (γ−1+p−s(α−1))/d + 1."""
    w_out, width = geometry.output_width, geometry.width
    alpha, beta = (i - 1) // w_out + 1, (i - 1) % w_out + 1
    gamma, delta = (j - 1) // width + 1, (j - 1) % width + 1
    m = (gamma - 1 + geometry.padding.top - geometry.stride * (alpha - 1)) / geometry.dilation + 1
    n = (delta - 1 + geometry.padding.left - geometry.stride * (beta - 1)) / geometry.dilation + 1
    if m != int(m) or n != int(n) or not (1 <= m <= geometry.kernel_height and 1 <= n <= geometry.kernel_width):
        return 0.0
    if geometry.flipped:
        m, n = geometry.kernel_height + 1 - m, geometry.kernel_width + 1 - n
    return w[int(m) - 1][int(n) - 1]


@given(st.integers(1, 6), st.integers(1, 6), st.data())
def test_entries_are_the_homeworks_formula(height, width, data):
    geometry = Geometry(height, width, data.draw(st.integers(1, height)), data.draw(st.integers(1, width)))
    kernel = distinct_weights(geometry)
    matrix = ConvolutionMatrix(geometry, kernel)
    rows, columns = matrix.shape
    literal = [
        [homework_entry(kernel, i, j, geometry.output_width, width, *kernel.shape) for j in range(1, columns + 1)]
        for i in range(1, rows + 1)
    ]
    assert (matrix.values(range(rows), range(columns)) == literal).all()


@settings(max_examples=60)
@given(geometries(longest=5))
def test_entries_are_the_homeworks_formula_with_stride_padding_dilation_and_flip(geometry):
    if geometry.order == "column":
        geometry = geometry.transposed_axes()
    kernel = distinct_weights(geometry)
    matrix = ConvolutionMatrix(geometry, kernel)
    rows, columns = matrix.shape
    literal = [[extended_entry(kernel, i, j, geometry) for j in range(1, columns + 1)] for i in range(1, rows + 1)]
    assert (matrix.values(range(rows), range(columns)) == literal).all()


@given(convolutions())
def test_every_form_of_the_matrix_is_the_sliding_windows(convolution):
    geometry, kernel = convolution
    matrix, truth, taps = ConvolutionMatrix(geometry, kernel), naive_matrix(geometry, kernel), naive_taps(geometry)
    rows, columns = range(matrix.shape[0]), range(matrix.shape[1])
    assert matrix.shape == truth.shape
    assert (matrix.values(rows, columns) == truth).all()
    assert (matrix.taps(rows, columns) == taps).all()
    assert (matrix.dense() == truth).all()
    assert (matrix.sparse().toarray() == truth).all()
    assert matrix.nonzeros == np.count_nonzero(taps >= 0)
    assert matrix.nonzero_values == matrix.sparse().nnz == np.count_nonzero(truth)
    assert matrix.density == matrix.nonzeros / truth.size
    x = geometry.vec(image_of(geometry))
    assert (matrix.apply(x) == truth @ x).all()


@given(geometries(longest=5))
def test_entries_rows_and_columns_one_at_a_time(geometry):
    kernel, taps = distinct_weights(geometry), naive_taps(geometry)
    matrix = ConvolutionMatrix(geometry, kernel)
    for i in range(matrix.shape[0]):
        columns, values = matrix.row(i)
        assert columns.tolist() == np.flatnonzero(taps[i] >= 0).tolist()
        assert values.tolist() == kernel.reshape(-1)[taps[i][taps[i] >= 0]].tolist()
        for j in range(matrix.shape[1]):
            entry = matrix.entry(i, j)
            assert (entry.i, entry.j) == (i, j)
            assert (entry.alpha, entry.beta) == geometry.output_index(i)
            assert (entry.gamma, entry.delta) == geometry.pixel_index(j)
            expected = divmod(taps[i, j], geometry.kernel_width) if taps[i, j] >= 0 else (None, None)
            assert (entry.m, entry.n) == expected
            assert entry.value == (kernel.flat[taps[i, j]] if taps[i, j] >= 0 else 0.0)
    for j in range(matrix.shape[1]):
        rows, values = matrix.column(j)
        assert rows.tolist() == np.flatnonzero(taps[:, j] >= 0).tolist()
        assert values.tolist() == kernel.reshape(-1)[taps[:, j][taps[:, j] >= 0]].tolist()


@given(convolutions(), st.data())
def test_tiles_are_pieces_of_the_dense_matrix(convolution, data):
    geometry, kernel = convolution
    matrix, truth = ConvolutionMatrix(geometry, kernel), naive_matrix(geometry, kernel)
    spans = []
    for size in matrix.shape:
        start = data.draw(st.integers(0, size))
        spans.append(range(start, data.draw(st.integers(start, size)), data.draw(st.integers(1, 3))))
    assert (matrix.values(*spans) == truth[np.ix_(*spans)]).all()
    assert (matrix.taps(*spans) == naive_taps(geometry)[np.ix_(*spans)]).all()


@given(convolutions(), st.data())
def test_any_rows_at_once(convolution, data):
    geometry, kernel = convolution
    matrix, taps = ConvolutionMatrix(geometry, kernel), naive_taps(geometry)
    rows = np.array(data.draw(st.lists(st.integers(0, matrix.shape[0] - 1), min_size=1)))
    columns, found = matrix.row_entries(rows)
    assert columns.shape == found.shape == (len(rows), kernel.size)
    assert (np.diff(columns, axis=1) > 0).all() or geometry.padding != Padding.none()
    for at, i in enumerate(rows):
        inside = found[at] >= 0
        assert columns[at][inside].tolist() == np.flatnonzero(taps[i] >= 0).tolist()
        assert found[at][inside].tolist() == taps[i][taps[i] >= 0].tolist()


@pytest.mark.parametrize("order", ["row", "column"])
def test_a_matrix_of_a_million_million_entries(order):
    padding = Padding(3, 1, 0, 2)
    geometry = Geometry(1024, 1000, 5, 4, 1, padding, 3, True, order)
    matrix = ConvolutionMatrix(geometry, distinct_weights(geometry))
    assert matrix.shape[0] * matrix.shape[1] > 10**12
    rng = np.random.default_rng(0)
    for _ in range(20):
        i = int(rng.integers(matrix.shape[0] - 40))
        columns, values = matrix.row(i)
        near = max(0, int(columns[0]) - 5)
        tile = matrix.values(range(i, i + 40), range(near, near + 60))
        expected = np.zeros(60)
        seen = columns < near + 60
        expected[columns[seen] - near] = values[seen]
        assert tile[0].tolist() == expected.tolist()
        assert tile[7, 9] == matrix.entry(i + 7, near + 9).value
    assert 0.9 * 20 * matrix.shape[0] < matrix.nonzeros < 20 * matrix.shape[0]


def test_the_largest_distances_do_not_overflow():
    geometry = Geometry(1024, 1024, 64, 64, 1, Padding.uniform(2048), 64)
    matrix = ConvolutionMatrix(geometry, np.ones((64, 64)))
    assert matrix.values(range(matrix.shape[0] - 3, matrix.shape[0]), range(3)).tolist() == np.zeros((3, 3)).tolist()
    last = matrix.shape[1] - 1
    rows, values = matrix.column(last)
    assert matrix.values(range(rows[-1], rows[-1] + 1), range(last, last + 1))[0, 0] == values[-1] == 1.0


def test_what_is_too_large_to_build_says_so():
    matrix = ConvolutionMatrix(Geometry(1024, 1024, 7, 7), np.ones((7, 7)))
    with pytest.raises(InputError, match=f"{MAX_DENSE:,}"):
        matrix.dense()
    with pytest.raises(InputError, match=f"{MAX_SPARSE:,}"):
        matrix.sparse()


def test_an_empty_matrix_is_built_like_any_other():
    matrix = ConvolutionMatrix(Geometry(3, 3, 2, 2), np.zeros((2, 2)))
    assert matrix.sparse().nnz == 0
    assert not matrix.dense().any()
    assert matrix.nonzeros == 16
    assert matrix.nonzero_values == 0


def test_what_lies_outside_is_refused_in_the_users_numbers():
    matrix = ConvolutionMatrix(Geometry(4, 6, 2, 2), np.ones((2, 2)))
    for i, j in ((15, 0), (0, 24), (-1, 0), (0, -1)):
        with pytest.raises(InputError, match=f"\\({i + 1}, {j + 1}\\).*15 rows and 24 columns"):
            matrix.entry(i, j)
    with pytest.raises(InputError):
        matrix.row(15)
    with pytest.raises(InputError):
        matrix.column(24)
    with pytest.raises(InputError, match="rows 11 to 16"):
        matrix.values(range(10, 16), range(3))
    with pytest.raises(InputError, match="24 columns"):
        matrix.values(range(3), range(20, 25))


def test_kernels_that_are_none_are_refused():
    geometry = Geometry(4, 6, 2, 2)
    with pytest.raises(InputError, match="expected 2×2"):
        ConvolutionMatrix(geometry, np.ones((2, 3)))
    for value in (np.nan, np.inf):
        with pytest.raises(InputError, match="finite"):
            ConvolutionMatrix(geometry, np.full((2, 2), value))


def test_the_kernel_is_kept_apart_from_the_callers_array():
    kernel = np.ones((2, 2))
    matrix = ConvolutionMatrix(Geometry(4, 6, 2, 2), kernel)
    kernel[0, 0] = 7.0
    assert matrix.entry(0, 0).value == 1.0
    assert matrix.dtype == np.float64


def test_the_kernel_is_its_own_and_cannot_be_written():
    given_kernel = np.ones((2, 2))
    matrix = ConvolutionMatrix(Geometry(3, 3, 2, 2), given_kernel)
    given_kernel[0, 0] = 5.0
    assert matrix.kernel[0, 0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        matrix.kernel[0, 0] = 5.0
