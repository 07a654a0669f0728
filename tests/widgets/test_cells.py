from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from hw2gui.widgets.cells import ArraySource

arrays = hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=12), elements=st.floats(-1e6, 1e6))


@st.composite
def edges(draw: st.DrawFn, count: int) -> NDArray[np.int64]:
    """Rising cell indices between 0 and *count*, at least two."""
    chosen = draw(st.sets(st.integers(0, count), min_size=2))
    return np.array(sorted(chosen), dtype=np.int64)


@given(arrays, st.data())
def test_overview_is_the_mean_of_exactly_the_cells_a_pixel_covers(array: NDArray[np.float64], data: st.DataObject) -> None:
    rows, cols = data.draw(edges(array.shape[0])), data.draw(edges(array.shape[1]))
    got = ArraySource(array).overview(rows, cols)
    wanted = [[array[t:b, l:r].mean() for l, r in itertools.pairwise(cols)] for t, b in itertools.pairwise(rows)]  # noqa: E741
    np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-6)


@given(arrays, st.data())
def test_a_tile_is_the_part_of_the_array(array: NDArray[np.float64], data: st.DataObject) -> None:
    rows = data.draw(st.integers(0, array.shape[0])), data.draw(st.integers(0, array.shape[0]))
    cols = data.draw(st.integers(0, array.shape[1])), data.draw(st.integers(0, array.shape[1]))
    tile = ArraySource(array).values(range(min(rows), max(rows)), range(min(cols), max(cols)))
    np.testing.assert_array_equal(tile, array[min(rows) : max(rows), min(cols) : max(cols)])


def test_a_vector_is_no_matrix() -> None:
    with pytest.raises(ValueError, match="two dimensions"):
        ArraySource(np.zeros(3))
