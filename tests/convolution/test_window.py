import numpy as np
import pytest
from hypothesis import given

from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.sizes import Padding
from hw2gui.convolution.window import convolve, products
from hw2gui.errors import InputError
from tests.convolution.strategies import convolutions, image_of, naive_matrix


@given(convolutions())
def test_the_window_does_what_the_matrix_does(convolution):
    geometry, kernel = convolution
    x = image_of(geometry)
    assert (geometry.vec(convolve(x, kernel, geometry)) == naive_matrix(geometry, kernel) @ geometry.vec(x)).all()


@given(convolutions())
def test_each_output_cell_is_its_sum_of_products(convolution):
    geometry, kernel = convolution
    x = image_of(geometry)
    z = convolve(x, kernel, geometry)
    for alpha in range(geometry.output_height):
        for beta in range(geometry.output_width):
            found = products(x, kernel, geometry, alpha, beta)
            assert found.total == z[alpha, beta]
            assert (found.products == found.patch * found.weights).all()
            assert (kernel.reshape(-1)[found.taps] == found.weights).all()
            assert (np.diff(found.rows) == geometry.dilation).all()
            assert (np.diff(found.columns) == geometry.dilation).all()
            for (row, column), inside in np.ndenumerate(found.inside):
                gamma, delta = found.rows[row], found.columns[column]
                assert inside == (0 <= gamma < geometry.height and 0 <= delta < geometry.width)
                assert found.patch[row, column] == (x[gamma, delta] if inside else 0.0)


def test_integers_are_taken_as_they_are_and_the_image_stays():
    geometry = Geometry(3, 3, 2, 2)
    grey = np.full((3, 3), 200, dtype=np.uint8)
    assert convolve(grey, np.full((2, 2), 2.0), geometry).tolist() == [[1600.0, 1600.0], [1600.0, 1600.0]]
    assert (grey == 200).all()


def test_a_flipped_kernel_lies_turned_half_round():
    geometry = Geometry(3, 4, 2, 3, padding=Padding(1, 0, 0, 0), flipped=True)
    kernel = np.arange(1.0, 7.0).reshape(2, 3)
    found = products(np.ones((3, 4)), kernel, geometry, 0, 1)
    assert found.weights.tolist() == [[6.0, 5.0, 4.0], [3.0, 2.0, 1.0]]
    assert found.taps.tolist() == [[5, 4, 3], [2, 1, 0]]
    assert found.inside.tolist() == [[False] * 3, [True] * 3]
    assert found.rows.tolist() == [-1, 0]
    assert found.columns.tolist() == [1, 2, 3]
    assert found.total == 6.0


def test_the_wrong_image_or_cell_is_refused():
    geometry, kernel = Geometry(4, 6, 2, 2), np.ones((2, 2))
    with pytest.raises(InputError, match="6×4, expected 4×6"):
        convolve(np.ones((6, 4)), kernel, geometry)
    for alpha, beta in ((3, 0), (0, 5), (-1, 0)):
        with pytest.raises(InputError, match="3×5"):
            products(np.ones((4, 6)), kernel, geometry, alpha, beta)
