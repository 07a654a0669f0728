"""The matrix M with vec(z) = M vec(x), by its closed form: any entry, row, column or tile, with nothing stored.

0-based: M(i, j) = w(m, n) where the window of output cell i reads pixel j with kernel cell (m, n), and 0 where it does
not read it. See ``entry.describe_entry`` for the formula as it is written in the homework.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hw2gui.arrays import Floats, Ints
from hw2gui.convolution.axis import Axis
from hw2gui.convolution.entry import Entry
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.window import convolve
from hw2gui.errors import InputError

MAX_DENSE = 2**25
"""The most entries ``dense`` builds: 256 MiB of float64."""
MAX_SPARSE = 2**25
"""The most non-zeros ``sparse`` builds: 384 MiB with 32-bit column numbers."""
_BLOCK = 2**20
"""Candidates looked at in one go when rows are listed: bounds the memory for temporaries."""


class ConvolutionMatrix:
    """M of a geometry and a kernel of finite float64 weights (M×N).

    vec() counts along one axis fast and along the other slowly: row by row the columns are fast, column by column the
    rows. ``slow`` and ``fast`` are those axes, ``weights`` (slow × fast) the kernel laid along them, so that entry
    (a·fast.output + b, c·fast.image + e) is weights[k, l] for the tap k that a reads c with and the tap l that b reads e with.
    """

    def __init__(self, geometry: Geometry, kernel: NDArray[np.generic]) -> None:
        if kernel.shape != geometry.kernel_shape:
            raise InputError(
                f"The kernel is {'×'.join(map(str, kernel.shape))}, expected {geometry.kernel_height}×{geometry.kernel_width}."
            )
        self.geometry = geometry
        self.kernel: Floats = np.array(kernel, dtype=np.float64)
        self.kernel.flags.writeable = False
        if not np.isfinite(self.kernel).all():
            raise InputError("The kernel has a weight that is no finite number; take ordinary numbers.")
        numbers = np.arange(self.kernel.size, dtype=np.int32).reshape(self.kernel.shape)
        vertical, horizontal = Axis.vertical(geometry), Axis.horizontal(geometry)
        row_major = geometry.order == "row"
        self.slow, self.fast = (vertical, horizontal) if row_major else (horizontal, vertical)
        self.weights: Floats = self.kernel if row_major else self.kernel.T
        self.tap_numbers: NDArray[np.int32] = numbers if row_major else numbers.T

    @property
    def shape(self) -> tuple[int, int]:
        """(H'W', HW)."""
        return self.geometry.matrix_shape

    @property
    def dtype(self) -> np.dtype[np.float64]:
        """float64."""
        return np.dtype(np.float64)

    @property
    def nonzeros(self) -> int:
        """How many entries lie inside the kernel, whatever their weight: exact at any size, from counts along each axis."""
        return int(self.slow.hits().sum()) * int(self.fast.hits().sum())

    @property
    def nonzero_values(self) -> int:
        """How many entries are not 0: as ``nonzeros``, without the taps whose weight is 0."""
        return int(self.slow.hits() @ (self.weights != 0).astype(np.int64) @ self.fast.hits())

    @property
    def density(self) -> float:
        """The share of entries inside the kernel, 0 to 1."""
        return self.nonzeros / (self.shape[0] * self.shape[1])

    def entry(self, i: int, j: int) -> Entry:
        """Entry (i, j), 0-based; an InputError outside the matrix."""
        self._check_inside(i, j)
        alpha, beta = self.geometry.output_index(i)
        gamma, delta = self.geometry.pixel_index(j)
        tap = int(self.taps(range(i, i + 1), range(j, j + 1))[0, 0])
        m, n = divmod(tap, self.geometry.kernel_width) if tap >= 0 else (None, None)
        return Entry(i, j, alpha, beta, gamma, delta, m, n, float(self.kernel.flat[tap]) if tap >= 0 else 0.0)

    def values(self, rows: range, columns: range) -> Floats:
        """The tile of these rows and columns, exactly, (len(rows), len(columns)). Steps and both directions are allowed."""
        cells, taps = self._inside(rows, columns)
        tile = np.zeros((len(rows), len(columns)))
        tile.reshape(-1)[cells] = self.kernel.reshape(-1)[taps]
        return tile

    def taps(self, rows: range, columns: range) -> NDArray[np.int32]:
        """The kernel cell m·N+n behind each entry of the tile, (len(rows), len(columns)), −1 where there is none."""
        cells, taps = self._inside(rows, columns)
        tile = np.full((len(rows), len(columns)), -1, dtype=np.int32)
        tile.reshape(-1)[cells] = taps
        return tile

    def row(self, i: int) -> tuple[Ints, Floats]:
        """Row i: the columns inside the kernel, ascending, and their values (of which some may be 0)."""
        self._check_inside(i, 0)
        columns, taps = self.row_entries(np.array([i]))
        used = taps[0] >= 0
        return columns[0, used], self.kernel.reshape(-1)[taps[0, used]]

    def column(self, j: int) -> tuple[Ints, Floats]:
        """Column j: the rows whose window reads the pixel, ascending, and their values (of which some may be 0)."""
        self._check_inside(0, j)
        slow_taps, slow_cells = self.slow.readers(j // self.fast.image)
        fast_taps, fast_cells = self.fast.readers(j % self.fast.image)
        rows = (slow_cells[:, None] * self.fast.output + fast_cells).reshape(-1)
        values = self.weights[np.ix_(slow_taps, fast_taps)].reshape(-1)
        ascending = np.argsort(rows)
        return rows[ascending], values[ascending]

    def row_entries(self, rows: Ints) -> tuple[Ints, NDArray[np.int32]]:
        """Any rows at once: for each the MN columns its window reads, ascending, and their taps, both (len(rows), MN).

        A tap of −1 marks a place in the padding, whose column means nothing.
        """
        turn = slice(None, None, -1 if self.geometry.flipped else 1)
        slow = self.slow.stride * (rows // self.fast.output)[:, None] + self.slow.offsets[turn]
        fast = self.fast.stride * (rows % self.fast.output)[:, None] + self.fast.offsets[turn]
        columns = slow[:, :, None] * self.fast.image + fast[:, None, :]
        slow_inside = (slow >= 0) & (slow < self.slow.image)
        fast_inside = (fast >= 0) & (fast < self.fast.image)
        taps = np.where(slow_inside[:, :, None] & fast_inside[:, None, :], self.tap_numbers[turn, turn], np.int32(-1))
        return columns.reshape(len(rows), -1), taps.reshape(len(rows), -1)

    def dense(self) -> Floats:
        """The whole matrix; an InputError above ``MAX_DENSE`` entries."""
        entries = self.shape[0] * self.shape[1]
        if entries > MAX_DENSE:
            raise InputError(f"The dense matrix has {entries:,} entries, at most {MAX_DENSE:,} are built; take the sparse one.")
        dense = np.zeros(self.shape)
        for i, columns, values in self.row_blocks():
            dense[i, columns] = values
        return dense

    def check_sparse(self) -> None:
        """Raise InputError where ``sparse`` would: above ``MAX_SPARSE`` non-zeros."""
        count = self.nonzero_values
        if count > MAX_SPARSE:
            raise InputError(f"The sparse matrix has {count:,} non-zeros, at most {MAX_SPARSE:,} are built; take a smaller image.")

    def sparse(self) -> Any:
        """The matrix as scipy.sparse.csr_array, zeros left out; an InputError above ``MAX_SPARSE`` non-zeros."""
        from scipy.sparse import csr_array

        self.check_sparse()
        count = self.nonzero_values
        indices, data, lengths = np.empty(count, np.int32), np.empty(count), np.zeros(self.shape[0] + 1, np.int32)
        end = 0
        for i, columns, values in self.row_blocks():
            start, end = end, end + len(values)
            indices[start:end], data[start:end] = columns, values
            if len(i):
                lengths[i[0] + 1 : i[-1] + 2] = np.bincount(i - i[0])
        return csr_array((data, indices, np.cumsum(lengths, dtype=np.int32)), shape=self.shape)

    def apply(self, x: Floats) -> Floats:
        """M x for a vector of HW pixels, by the sliding window."""
        return self.geometry.vec(convolve(self.geometry.unvec_image(x), self.kernel, self.geometry))

    def _check_inside(self, i: int, j: int) -> None:
        rows, columns = self.shape
        if not (0 <= i < rows and 0 <= j < columns):
            raise InputError(f"There is no entry ({i + 1}, {j + 1}) (from 1): the matrix has {rows} rows and {columns} columns.")

    def _inside(self, rows: range, columns: range) -> tuple[Ints, NDArray[np.int32]]:
        """Positions in the flattened tile that lie inside the kernel, ascending, and their taps.

        int16 holds every distance (at most ``MAX_IMAGE`` + 2 ``MAX_PADDING``) and is several times faster here than int64;
        seen as unsigned, 0 ≤ distance < reach is one comparison.
        """
        for span, size, name in ((rows, self.shape[0], "rows"), (columns, self.shape[1], "columns")):
            if span and (min(span) < 0 or max(span) >= size):
                raise InputError(f"The tile's {name} {min(span) + 1} to {max(span) + 1} (from 1) reach outside the matrix's {size} {name}.")
        a, b = np.divmod(np.arange(rows.start, rows.stop, rows.step), self.fast.output)
        c, e = np.divmod(np.arange(columns.start, columns.stop, columns.step), self.fast.image)
        slow, fast = _distances(self.slow, a, c), _distances(self.fast, b, e)
        inside = slow.view(np.uint16) < self.slow.reach
        inside &= fast.view(np.uint16) < self.fast.reach
        cells = np.flatnonzero(inside)
        slow_tap, fast_tap = slow.reshape(-1)[cells], fast.reshape(-1)[cells]
        dilation = self.geometry.dilation
        if dilation > 1:
            whole = (slow_tap % dilation == 0) & (fast_tap % dilation == 0)
            cells, slow_tap, fast_tap = cells[whole], slow_tap[whole] // dilation, fast_tap[whole] // dilation
        if self.geometry.flipped:
            slow_tap, fast_tap = self.slow.kernel - 1 - slow_tap, self.fast.kernel - 1 - fast_tap
        return cells, self.tap_numbers[slow_tap, fast_tap]

    def row_blocks(self) -> Iterator[tuple[Ints, Ints, Floats]]:
        """Row numbers, columns and values of all entries that are not 0, in row order, some whole rows at a time."""
        block = max(1, _BLOCK // self.kernel.size)
        weights = self.kernel.reshape(-1)
        for start in range(0, self.shape[0], block):
            rows = np.arange(start, min(start + block, self.shape[0]))
            columns, taps = self.row_entries(rows)
            values = np.where(taps >= 0, weights[taps], 0.0)
            i, used = np.nonzero(values)
            yield rows[i], columns[i, used], values[i, used]


def _distances(axis: Axis, outputs: Ints, pixels: Ints) -> NDArray[np.int16]:
    """How far each pixel lies behind the start of each output cell's window, (outputs, pixels)."""
    starts, places = axis.stride * outputs, pixels + axis.before
    return places.astype(np.int16) - starts.astype(np.int16)[:, None]
