import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.sizes import Padding
from hw2gui.convolution.transpose import backproject, backproject_formula, nudge
from hw2gui.convolution.window import convolve
from hw2gui.errors import InputError
from tests.convolution.strategies import calculated, convolutions, distinct_weights, geometries, image_of, naive_matrix


def cells_of(geometry):
    return np.random.default_rng(1).integers(-9, 10, geometry.output_shape).astype(np.float64)


@given(convolutions())
def test_backprojection_is_the_transposed_matrix(convolution):
    geometry, kernel = convolution
    g = cells_of(geometry)
    assert (geometry.vec(backproject(g, kernel, geometry)) == naive_matrix(geometry, kernel).T @ geometry.vec(g)).all()


@given(convolutions())
def test_backprojection_is_the_gradient(convolution):
    geometry, kernel = convolution
    g, x = cells_of(geometry), image_of(geometry)
    # Σ g·z is linear in x: the gradient at any x gives it back.
    assert (backproject(g, kernel, geometry) * x).sum() == (g * convolve(x, kernel, geometry)).sum()


@given(convolutions(), st.data())
def test_a_nudged_pixel_moves_z_by_its_column(convolution, data):
    geometry, kernel = convolution
    j = data.draw(st.integers(0, geometry.matrix_columns - 1))
    pixel = geometry.pixel_index(j)
    moved, column = nudge(image_of(geometry), kernel, geometry, pixel, 0.25)
    assert (geometry.vec(column) == naive_matrix(geometry, kernel)[:, j]).all()
    assert (moved == 0.25 * column).all()


@given(geometries(longest=4), st.sampled_from([0, 1]))
def test_the_sentence_names_exactly_the_taps_that_reach_a_pixel(geometry, base):
    sentence = backproject_formula(geometry, base)
    weight, row, column = re.fullmatch(r".*sum of w\((.*)\)·g.* with (.*) = γ and (.*) = δ\.", sentence).groups()
    kernel, g = distinct_weights(geometry), cells_of(geometry)

    def value(term, **known):
        return int(calculated(re.sub("[MNmnαβ]", lambda name: f"({known[name[0]]})", term)))

    image = np.zeros(geometry.image_shape)
    sizes = {"M": geometry.kernel_height, "N": geometry.kernel_width}
    for alpha, beta in np.ndindex(geometry.output_shape):
        for m, n in np.ndindex(geometry.kernel_shape):
            gamma = value(row, α=alpha + base, m=m + base) - base
            delta = value(column, β=beta + base, n=n + base) - base
            k, l = (value(term, m=m + base, n=n + base, **sizes) - base for term in weight.split(", "))  # noqa: E741
            if 0 <= gamma < geometry.height and 0 <= delta < geometry.width:
                image[gamma, delta] += kernel[k, l] * g[alpha, beta]
    assert (image == backproject(g, kernel, geometry)).all()


def test_sentences():
    assert backproject_formula(Geometry(9, 9, 3, 3)).endswith("with α+m−1 = γ and β+n−1 = δ.")
    strided = Geometry(9, 9, 3, 3, stride=2, dilation=2, padding=Padding(1, 0, 0, 0), flipped=True)
    assert "w(M+1−m, N+1−n)·g(α, β)" in backproject_formula(strided)
    assert backproject_formula(strided).endswith("with 2(α−1)+2(m−1) = γ and 2(β−1)+2(n−1)+1 = δ.")
    assert backproject_formula(strided, 0).endswith("with 2α+2m−1 = γ and 2β+2n = δ.")


def test_wrong_shapes_and_pixels_are_refused():
    geometry, kernel = Geometry(4, 6, 2, 2), np.ones((2, 2))
    with pytest.raises(InputError, match="expected z's shape 3×5"):
        backproject(np.ones((4, 6)), kernel, geometry)
    with pytest.raises(InputError, match="outside the image"):
        nudge(np.ones((4, 6)), kernel, geometry, (4, 0), 1.0)
