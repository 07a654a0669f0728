from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.convolution.errata import slips
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.matrix import ConvolutionMatrix

sizes = st.tuples(st.integers(1, 7), st.integers(1, 7), st.integers(1, 4), st.integers(1, 4)).filter(
    lambda s: s[2] <= s[0] and s[3] <= s[1]
)


def test_the_divisors_are_wrong_on_as_many_entries_as_the_homework_says() -> None:
    said = [slip.here for geometry in (Geometry(4, 6, 2, 2), Geometry(6, 6, 2, 3)) for slip in slips(geometry) if "divide" in slip.right]
    assert said == ["14 of 360 entries of M come out wrong", "90 of 720 entries of M come out wrong"]


def test_square_sizes_hide_every_slip_but_the_shape_of_the_matrix() -> None:
    assert [slip.right for slip in slips(Geometry(28, 28, 5, 5)) if slip.matters] == ["M is H′W′ × HW: vec(z) = M vec(x)"]


@given(sizes)
def test_whether_a_slip_matters_is_true_of_the_matrix(size: tuple[int, int, int, int]) -> None:
    geometry = Geometry(*size)
    columns, shape, divisors, index = slips(geometry)
    height, width, kernel_height, _ = size
    assert columns.matters == (height - kernel_height + 1 != geometry.output_width)
    assert shape.matters == (geometry.matrix_rows != geometry.matrix_columns)
    weights = np.arange(1.0, size[2] * size[3] + 1).reshape(size[2], size[3])
    matrix = ConvolutionMatrix(geometry, weights).dense()
    wrong = 0
    for i in range(geometry.matrix_rows):
        for j in range(geometry.matrix_columns):
            alpha, beta = i // geometry.output_height + 1, i % geometry.output_width + 1
            gamma, delta = j // height + 1, j % width + 1
            m, n = gamma - alpha + 1, delta - beta + 1
            value = weights[m - 1, n - 1] if 1 <= m <= size[2] and 1 <= n <= size[3] else 0.0
            wrong += value != matrix[i, j]
    assert divisors.matters == (wrong > 0)
    assert divisors.here.startswith(f"{wrong:,} of") or wrong == 0
    elsewhere = [
        (a, m) for a in range(1, geometry.output_height + 1) for m in range(1, size[2] + 1) if height * (a - 2 + m) != width * (a - 2 + m)
    ]
    assert index.matters == bool(elsewhere)


@pytest.mark.parametrize("geometry", [Geometry(9, 9, 3, 3, stride=2), Geometry(1024, 1024, 5, 5)])
def test_what_is_not_counted_is_left_out(geometry: Geometry) -> None:
    assert all("entries" not in slip.here for slip in slips(geometry))
