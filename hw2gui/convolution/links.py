"""Which cells belong together: one cell of one view, and its partners in all the others.

Every set of cells here is a product of rows and columns, since the two directions of a convolution are independent;
in the matrix it is described, not listed, so that it costs the same for 10¹² entries. 0-based throughout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from hw2gui.arrays import Ints
from hw2gui.convolution.axis import Axis
from hw2gui.convolution.geometry import Geometry
from hw2gui.errors import InputError

View: TypeAlias = Literal["image", "kernel", "output", "matrix"]


@dataclass(frozen=True)
class Probe:
    """A cell somebody points at: pixel (γ, δ), kernel cell (m, n), output cell (α, β) or matrix entry (i, j).

    Entry j of the strip vec(x) is the pixel ``geometry.pixel_index(j)``, entry i of vec(z) the cell ``geometry.output_index(i)``.
    """

    view: View
    row: int
    column: int


@dataclass(frozen=True)
class Cells:
    """Every pair of one of ``rows`` (R,) and one of ``columns`` (C,)."""

    rows: Ints
    columns: Ints

    def __len__(self) -> int:
        return len(self.rows) * len(self.columns)


@dataclass(frozen=True)
class Links:
    """The partners of a probe in each view.

    ``matrix_rows`` and ``matrix_columns`` are whole rows and columns of M to band. The entries of M that are a probed kernel cell have
    no rows and columns of their own: they are the matrix of a kernel that is 1 there and 0 elsewhere.
    """

    image: Cells
    kernel: Cells
    output: Cells
    matrix_rows: tuple[int, ...]
    matrix_columns: tuple[int, ...]


def shape_of(geometry: Geometry, view: View) -> tuple[int, int]:
    """How many rows and columns of cells *view* has."""
    if view == "image":
        return geometry.image_shape
    if view == "kernel":
        return geometry.kernel_shape
    return geometry.output_shape if view == "output" else geometry.matrix_shape


def links(geometry: Geometry, probe: Probe) -> Links:
    """What lights up when *probe* is pointed at; an InputError for a cell outside its view.

    A pixel: its column of M, the output cells whose window reads it, the weights they read it with. An output cell: its row of M,
    the pixels of its window, the weights on them. A weight: all pixels it ever lies on and all output cells that
    have it on a pixel. An entry (i, j) of M: row i and column j, output cell i, pixel j and their weight, if any.
    """
    _check_inside(geometry, probe)
    vertical, horizontal = Axis.vertical(geometry), Axis.horizontal(geometry)
    row, column = probe.row, probe.column
    matrix_rows: tuple[int, ...] = ()
    matrix_columns: tuple[int, ...] = ()
    if probe.view == "image":
        m, alpha = vertical.readers(row)
        n, beta = horizontal.readers(column)
        image, kernel, output = _cell(row, column), Cells(np.sort(m), np.sort(n)), Cells(np.sort(alpha), np.sort(beta))
        matrix_columns = (geometry.column_of_pixel(row, column),)
    elif probe.view == "output":
        m, gamma = _read(vertical, row)
        n, delta = _read(horizontal, column)
        image, kernel, output = Cells(gamma, delta), Cells(m, n), _cell(row, column)
        matrix_rows = (geometry.row_of_output(row, column),)
    elif probe.view == "kernel":
        image = Cells(_array(vertical.pixels(row)), _array(horizontal.pixels(column)))
        output = Cells(_array(vertical.outputs(row)), _array(horizontal.outputs(column)))
        kernel = _cell(row, column)
        # Without a hit in one direction there is none at all.
        image, output = (image, output) if len(image) else (_NOTHING, _NOTHING)
    else:
        alpha_beta, gamma_delta = geometry.output_index(row), geometry.pixel_index(column)
        image, output = _cell(*gamma_delta), _cell(*alpha_beta)
        kernel = _weight(vertical, horizontal, alpha_beta, gamma_delta)
        matrix_rows, matrix_columns = (row,), (column,)
    return Links(image, kernel, output, matrix_rows, matrix_columns)


def _cell(row: int, column: int) -> Cells:
    return Cells(np.array([row]), np.array([column]))


def _array(cells: range) -> Ints:
    return np.arange(cells.start, cells.stop, cells.step)


def _read(axis: Axis, output: int) -> tuple[Ints, Ints]:
    """The taps of *output* that lie on pixels, and the pixels, both ascending."""
    places, inside = axis.window(output)
    return np.flatnonzero(inside), np.sort(places[inside])


def _weight(vertical: Axis, horizontal: Axis, output: tuple[int, int], pixel: tuple[int, int]) -> Cells:
    m = int(vertical.tap_at(np.array(output[0]), np.array(pixel[0])))
    n = int(horizontal.tap_at(np.array(output[1]), np.array(pixel[1])))
    return _cell(m, n) if m >= 0 and n >= 0 else _NOTHING


def _check_inside(geometry: Geometry, probe: Probe) -> None:
    rows, columns = shape_of(geometry, probe.view)
    if not (0 <= probe.row < rows and 0 <= probe.column < columns):
        raise InputError(
            f"There is no cell in row {probe.row + 1}, column {probe.column + 1} (from 1): the {probe.view} is {rows}×{columns}."
        )


_NOTHING = Cells(np.array([], dtype=np.int64), np.array([], dtype=np.int64))
