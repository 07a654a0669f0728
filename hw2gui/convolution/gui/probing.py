"""From a probed cell to what is lit in each view."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hw2gui.arrays import Ints
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.gui.sources import MatrixCells
from hw2gui.convolution.links import Probe, links
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.widgets.marks import NOTHING, Highlight


@dataclass(frozen=True)
class Lights:
    """What is lit: image, kernel, output, matrix, and the strips vec(x) (1×HW) and vec(z) (H'W'×1)."""

    image: Highlight = NOTHING
    kernel: Highlight = NOTHING
    output: Highlight = NOTHING
    matrix: Highlight = NOTHING
    image_strip: Highlight = NOTHING
    output_strip: Highlight = NOTHING


def lights(geometry: Geometry, probe: Probe | None, *, transposed: bool) -> Lights:
    """The partners of *probe* (a cell of M, whichever way round it is shown) in every view."""
    if probe is None:
        return Lights()
    found = links(geometry, probe)
    rows, columns = found.matrix_rows, found.matrix_columns
    if probe.view == "kernel":
        one = np.zeros(geometry.kernel_shape)
        one[probe.row, probe.column] = 1.0
        matrix = Highlight(mask=MatrixCells(ConvolutionMatrix(geometry, one), transposed=transposed))
    else:
        single = (np.array([probe.row]), np.array([probe.column])) if probe.view == "matrix" else None
        matrix = Highlight(rows=rows, columns=columns, cells=single)
        if transposed:
            matrix = Highlight(rows=columns, columns=rows, cells=(single[1], single[0]) if single else None)
    image, output = found.image, found.output
    pixels = np.sort(geometry.column_of_pixel(image.rows[:, None], image.columns).reshape(-1))
    cells = np.sort(geometry.row_of_output(output.rows[:, None], output.columns).reshape(-1))
    return Lights(
        image=Highlight(cells=(image.rows, image.columns)),
        kernel=Highlight(cells=(found.kernel.rows, found.kernel.columns)),
        output=Highlight(cells=(output.rows, output.columns)),
        matrix=matrix,
        image_strip=_strip(pixels, down=transposed),
        output_strip=_strip(cells, down=not transposed),
    )


def _strip(indices: Ints, *, down: bool) -> Highlight:
    """Entries of a vector shown as one column (*down*) or one row."""
    one = np.zeros(1, dtype=np.int64)
    return Highlight(cells=(indices, one) if down else (one, indices))
