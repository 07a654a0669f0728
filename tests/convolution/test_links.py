import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.links import Probe, links
from hw2gui.convolution.sizes import Padding
from hw2gui.errors import InputError
from tests.convolution.strategies import geometries, naive_taps


def listed(cells):
    found = list(itertools.product(cells.rows.tolist(), cells.columns.tolist()))
    assert len(cells) == len(found)
    return found


def partners(geometry, taps, entries):
    """What entries (i, j) of M tie together: pixels, kernel cells and output cells."""
    pixels = {geometry.pixel_index(j) for _, j in entries}
    weights = {divmod(int(taps[i, j]), geometry.kernel_width) for i, j in entries}
    outputs = {geometry.output_index(i) for i, _ in entries}
    return sorted(pixels), sorted(weights), sorted(outputs)


def meant(geometry, taps, probe):
    """The entries of M a probe stands for, by looking at all of them."""
    if probe.view == "image":
        j = geometry.column_of_pixel(probe.row, probe.column)
        chosen = [(i, j) for i in range(geometry.matrix_rows) if taps[i, j] >= 0]
    elif probe.view == "output":
        i = geometry.row_of_output(probe.row, probe.column)
        chosen = [(i, j) for j in range(geometry.matrix_columns) if taps[i, j] >= 0]
    elif probe.view == "kernel":
        chosen = [(int(i), int(j)) for i, j in np.argwhere(taps == probe.row * geometry.kernel_width + probe.column)]
    else:
        chosen = [(probe.row, probe.column)]
    return sorted(map(tuple, chosen))


SHAPES = {"image": "image_shape", "kernel": "kernel_shape", "output": "output_shape", "matrix": "matrix_shape"}


@settings(max_examples=200)
@given(geometries(longest=6), st.sampled_from(list(SHAPES)), st.data())
def test_a_probe_lights_exactly_its_partners(geometry, view, data):
    rows, columns = getattr(geometry, SHAPES[view])
    probe = Probe(view, data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1)))
    taps = naive_taps(geometry)
    found = links(geometry, probe)
    entries = meant(geometry, taps, probe)
    inside = [(i, j) for i, j in entries if taps[i, j] >= 0]
    pixels, weights, outputs = partners(geometry, taps, inside)
    here = (probe.row, probe.column)
    if view == "matrix":
        assert listed(found.image) == [geometry.pixel_index(probe.column)]
        assert listed(found.output) == [geometry.output_index(probe.row)]
        assert listed(found.kernel) == weights
        assert (found.matrix_rows, found.matrix_columns) == ((probe.row,), (probe.column,))
        return
    assert listed(found.image) == ([here] if view == "image" else pixels)
    assert listed(found.kernel) == ([here] if view == "kernel" else weights)
    assert listed(found.output) == ([here] if view == "output" else outputs)
    assert found.matrix_rows == ((geometry.row_of_output(*here),) if view == "output" else ())
    assert found.matrix_columns == ((geometry.column_of_pixel(*here),) if view == "image" else ())


def test_a_window_partly_in_the_padding_lights_only_pixels():
    found = links(Geometry(4, 4, 3, 3, padding=Padding.uniform(1)), Probe("output", 0, 0))
    assert listed(found.image) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert listed(found.kernel) == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_the_partners_of_a_weight_in_a_matrix_of_a_million_million_entries():
    found = links(Geometry(1024, 1024, 5, 5), Probe("kernel", 2, 3))
    assert len(found.image) == len(found.output) == 1020 * 1020
    assert (found.image.rows[0], found.image.rows[-1], found.image.columns[0], found.image.columns[-1]) == (2, 1021, 3, 1022)


@pytest.mark.parametrize(
    ("view", "row", "column"), [("image", 4, 0), ("kernel", 0, 2), ("output", -1, 0), ("matrix", 15, 0), ("matrix", 0, 24)]
)
def test_a_cell_outside_its_view_is_refused(view, row, column):
    with pytest.raises(InputError, match=f"row {row + 1}, column {column + 1}.*the {view} is"):
        links(Geometry(4, 6, 2, 2), Probe(view, row, column))
