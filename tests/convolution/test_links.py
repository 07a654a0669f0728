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
    rows, columns = cells.cells()
    assert len(cells) == len(rows)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


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
    everywhere = found.matrix_cells(range(geometry.matrix_rows), range(geometry.matrix_columns))
    assert list(zip(*(part.tolist() for part in everywhere), strict=True)) == entries
    top, left = data.draw(st.integers(0, geometry.matrix_rows)), data.draw(st.integers(0, geometry.matrix_columns))
    tile = range(top, top + 9), range(left, left + 9)
    visible = found.matrix_cells(*tile)
    assert list(zip(*(part.tolist() for part in visible), strict=True)) == [(i, j) for i, j in entries if i in tile[0] and j in tile[1]]
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
    assert np.argwhere(found.image.mask(geometry.image_shape)).tolist() == [list(cell) for cell in listed(found.image)]


def test_a_window_partly_in_the_padding_lights_only_pixels():
    found = links(Geometry(4, 4, 3, 3, padding=Padding.uniform(1)), Probe("output", 0, 0))
    assert listed(found.image) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert listed(found.kernel) == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_a_tile_of_a_million_million_entries():
    geometry = Geometry(1024, 1024, 5, 5)
    found = links(geometry, Probe("kernel", 2, 3))
    assert len(found.image) == len(found.output) == 1020 * 1020
    i, j = found.matrix_cells(range(500_000, 500_600), range(geometry.matrix_columns))
    assert i.tolist() == list(range(500_000, 500_600))
    alpha, beta = geometry.output_index(i)
    assert j.tolist() == ((alpha + 2) * 1024 + beta + 3).tolist()


@pytest.mark.parametrize(
    ("view", "row", "column"), [("image", 4, 0), ("kernel", 0, 2), ("output", -1, 0), ("matrix", 15, 0), ("matrix", 0, 24)]
)
def test_a_cell_outside_its_view_is_refused(view, row, column):
    with pytest.raises(InputError, match=f"row {row + 1}, column {column + 1}.*the {view} is"):
        links(Geometry(4, 6, 2, 2), Probe(view, row, column))
