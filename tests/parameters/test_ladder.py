"""The ladder's counts and the parameter at each entry of the matrix, against looking at every pixel."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.errors import InputError
from hw2gui.parameters.analysis import analyse
from hw2gui.parameters.architecture import Architecture
from hw2gui.parameters.ladder import RUNGS, Ladder
from hw2gui.parameters.layers import Conv2d, Shape

pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))


@st.composite
def ladders(draw):
    padding = draw(st.tuples(st.integers(0, 2), st.integers(0, 2)))
    layer = Conv2d(draw(st.integers(1, 3)), draw(pairs), draw(pairs), padding, draw(pairs))
    shape = Shape((draw(st.integers(1, 3)), draw(st.integers(7, 9)), draw(st.integers(7, 9))))
    return Ladder(layer, shape)


def slow_ids(ladder, name):
    """Every window moved by hand."""
    layer, (_, height, width), (_, rows, columns) = ladder.convolution, ladder.image.sizes, ladder.output.sizes
    ids = np.full(ladder.matrix_shape, -1, dtype=np.int64)
    for alpha in range(rows):
        for beta in range(columns):
            cell = alpha * columns + beta
            for m in range(layer.kernel_size[0]):
                for n in range(layer.kernel_size[1]):
                    gamma = alpha * layer.stride[0] + m * layer.dilation[0] - layer.padding[0]
                    delta = beta * layer.stride[1] + n * layer.dilation[1] - layer.padding[1]
                    if 0 <= gamma < height and 0 <= delta < width:
                        kernel = {"locally connected": cell, "shared along rows": alpha, "convolution": 0}[name]
                        cells = layer.kernel_size[0] * layer.kernel_size[1]
                        ids[cell, gamma * width + delta] = kernel * cells + m * layer.kernel_size[1] + n
    return ids


@given(ladders(), st.sampled_from(list(RUNGS)[1:]))
@settings(max_examples=60)
def test_ids_are_those_of_moving_the_window(ladder, name):
    rows, columns = ladder.matrix_shape
    assert np.array_equal(ladder.ids(name, range(rows), range(columns)), slow_ids(ladder, name))


@given(ladders(), st.data())
@settings(max_examples=40)
def test_tiles_are_cut_from_the_whole(ladder, data):
    height, width = ladder.matrix_shape
    top, left = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
    rows, columns = range(top, data.draw(st.integers(top, height)), 2), range(left, data.draw(st.integers(left, width)), 3)
    for name in RUNGS:
        whole = ladder.ids(name, range(height), range(width))
        assert np.array_equal(ladder.ids(name, rows, columns), whole[rows.start : rows.stop : 2, columns.start : columns.stop : 3])


@given(ladders())
@settings(max_examples=40)
def test_counts_are_those_of_the_picture(ladder):
    """Without padding and gaps every parameter appears: as many numbers on the picture as weights a pair of channels has."""
    height, width = ladder.matrix_shape
    channels = ladder.image.sizes[0] * ladder.output.sizes[0]
    for rung in ladder.rungs():
        ids = ladder.ids(rung.name, range(height), range(width))
        seen = np.unique(ids[ids >= 0])
        assert rung.weights.value % channels == 0
        assert seen.size <= rung.weights.value // channels
        assert seen.max(initial=-1) < rung.weights.value // channels
        if ladder.convolution.padding == (0, 0):
            assert seen.size == rung.weights.value // channels


@given(ladders())
@settings(max_examples=30)
def test_the_last_rung_is_the_layer_and_each_needs_no_more_than_the_one_before(ladder):
    row = analyse(Architecture("x", ladder.image, (ladder.convolution,))).rows[0]
    rungs = ladder.rungs()
    assert (rungs[-1].weights.value, rungs[-1].biases.value) == (row.weights, row.biases)
    weights = [rung.weights.value for rung in rungs]
    assert weights[1:] == sorted(weights[1:], reverse=True)
    fully = ladder.image.elements * ladder.output.elements
    assert weights[0] == fully


def test_the_homeworks_ladder():
    rungs = Ladder(Conv2d(1, 5), Shape((1, 28, 28))).rungs()
    assert [rung.weights.value for rung in rungs] == [576 * 784, 576 * 25, 24 * 25, 25]
    assert [rung.biases.value for rung in rungs] == [576, 576, 24, 1]
    assert not any(rung.weights.note for rung in rungs)


def test_a_huge_matrix_is_never_made():
    ladder = Ladder(Conv2d(1, 3, padding=1), Shape((1, 10**6, 10**6)))
    tile = ladder.ids("convolution", range(10**11, 10**11 + 4), range(10**11, 10**11 + 4))
    assert tile.shape == (4, 4)
    assert tile[0].tolist() == [4, 5, -1, -1]


@pytest.mark.parametrize(
    ("rows", "columns"),
    [(range(-1, 3), range(3)), (range(3), range(50)), (range(10**6), range(10**6)), (range(0, 10**9, 3), range(2))],
)
def test_tiles_outside_the_matrix_are_refused(rows, columns):
    with pytest.raises(InputError, match="tile"):
        Ladder(Conv2d(1, 3), Shape((1, 6, 6))).ids("convolution", rows, columns)


def test_ladders_that_cannot_be():
    with pytest.raises(InputError, match="one group"):
        Ladder(Conv2d(2, 3, groups=2), Shape((2, 6, 6)))
    with pytest.raises(InputError, match="vanishes"):
        Ladder(Conv2d(2, 7), Shape((2, 6, 6)))
    vast = Ladder(Conv2d(1, 1), Shape((1, 10**9, 10**9)))
    assert vast.rung("fully connected").weights.value == 10**36
    with pytest.raises(InputError, match="tile"):
        vast.ids("fully connected", range(2), range(2))
