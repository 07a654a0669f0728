"""What is to be known about one convolution: sizes, counts, memory, each with its formula and today's numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hw2gui.arrays import Floats
from hw2gui.convolution.axis import Axis
from hw2gui.convolution.entry import format_number
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.errors import InputError

MAX_RANK_SIDE = 800
"""The shorter side up to which ``rank`` decomposes the matrix: about a second."""
MAX_RANK_ENTRIES = 2**22
"""The entries up to which ``rank`` builds the matrix."""


@dataclass(frozen=True)
class Fact:
    """One line: what, the formula with today's numbers in it (may be empty), and what it comes to."""

    label: str
    formula: str
    value: str


def facts(geometry: Geometry, kernel: Floats) -> tuple[Fact, ...]:
    """Everything that costs nothing to know; the rank, which does, is ``rank_fact``."""
    matrix = ConvolutionMatrix(geometry, kernel)
    rows, columns = matrix.shape
    lines = [
        Fact("Rows of z, H′", *_size("H", geometry, vertical=True)),
        Fact("Columns of z, W′", *_size("W", geometry, vertical=False)),
        Fact("Discarded border", *_discarded(geometry)),
        *_unread(geometry),
        Fact("Shape of M", f"H′W′ × HW = {_product(geometry.output_shape)} × {_product(geometry.image_shape)}", f"{rows:,}×{columns:,}"),
        _nonzeros(matrix),
        _density(matrix),
    ]
    if matrix.nonzero_values != matrix.nonzeros:
        lines.append(Fact("Not 0 today", "taps whose weight is 0 left out", f"{matrix.nonzero_values:,}"))
    return (*lines, *_memory(matrix))


def rank(matrix: ConvolutionMatrix) -> int:
    """The numerical rank of M from its singular values (numpy's tolerance: greatest · longer side · 2⁻⁵²).

    Raises InputError for a matrix beyond ``MAX_RANK_SIDE`` or ``MAX_RANK_ENTRIES``. May take a second.
    """
    why_not = _why_no_rank(matrix)
    if why_not:
        raise InputError(f"The rank is not computed: {why_not}; take a smaller image.")
    return int(np.linalg.matrix_rank(matrix.dense()))


def rank_fact(matrix: ConvolutionMatrix) -> Fact:
    """The rank as a line of the facts, or why it is not computed. May take a second."""
    why_not = _why_no_rank(matrix)
    rows, columns = matrix.shape
    if why_not:
        return Fact("Rank", f"at most min({rows:,}, {columns:,})", f"not computed: {why_not}")
    found = rank(matrix)
    full = ", full" if found == min(rows, columns) else ""
    return Fact("Rank", f"singular values above rounding, at most min({rows:,}, {columns:,})", f"{found:,}{full}")


def human_bytes(count: int) -> str:
    """A number of bytes in units of 1024 with at least three digits, such as "3.45 MiB"."""
    if count < 1024:
        return f"{count} bytes"
    size, unit = count / 1024, "KiB"
    for larger in ("MiB", "GiB", "TiB", "PiB"):
        if size < 1023.5:
            break
        size, unit = size / 1024, larger
    digits = 2 if size < 9.995 else 1 if size < 99.95 else 0
    return f"{size:.{digits}f} {unit}"


def _why_no_rank(matrix: ConvolutionMatrix) -> str:
    rows, columns = matrix.shape
    if min(rows, columns) > MAX_RANK_SIDE:
        return f"the shorter side is {min(rows, columns):,}, the singular values are taken up to {MAX_RANK_SIDE:,}"
    if rows * columns > MAX_RANK_ENTRIES:
        return f"M has {rows * columns:,} entries, the singular values are taken up to {MAX_RANK_ENTRIES:,}"
    return ""


def _size(letter: str, geometry: Geometry, vertical: bool) -> tuple[str, str]:
    """⌊(H + padding − d(M−1) − 1)/s⌋ + 1 without what is trivial; with d = 1 the plain H − M of the homework."""
    if vertical:
        kernel_letter, image, kernel, output = "M", geometry.height, geometry.kernel_height, geometry.output_height
        before, after, sides = geometry.padding.top, geometry.padding.bottom, ("p_top", "p_bottom")
    else:
        kernel_letter, image, kernel, output = "N", geometry.width, geometry.kernel_width, geometry.output_width
        before, after, sides = geometry.padding.left, geometry.padding.right, ("p_left", "p_right")
    general, numbers = letter, f"{image:,}"
    if geometry.padding.is_uniform and before:
        general, numbers = f"{general}+2p", f"{numbers}+2·{before}"
    elif before or after:
        general, numbers = f"{general}+{sides[0]}+{sides[1]}", f"{numbers}+{before}+{after}"
    if geometry.dilation == 1:
        general, numbers = f"{general}−{kernel_letter}", f"{numbers}−{kernel}"
    else:
        general, numbers = f"{general}−d({kernel_letter}−1)−1", f"{numbers}−{geometry.dilation}({kernel}−1)−1"
    if geometry.stride > 1:
        general, numbers = f"⌊({general})/s⌋", f"⌊({numbers})/{geometry.stride}⌋"
    return f"{general}+1 = {numbers}+1", f"{output:,}"


def _discarded(geometry: Geometry) -> tuple[str, str]:
    """What lies after the last window, in rows and columns of the padded image."""
    rows, columns = geometry.discarded_rows, geometry.discarded_columns
    if geometry.stride == 1:
        return "stride 1 leaves nothing over", "none"
    formula = f"the remainders by s = {geometry.stride}: {rows} and {columns}"
    parts = [_last(count, name) for count, name in ((rows, "row"), (columns, "column")) if count]
    if not parts:
        return formula, "none"
    zeros = min(rows, geometry.padding.bottom), min(columns, geometry.padding.right)
    of_padding = ""
    if any(zeros):
        all_padding = zeros == (rows, columns)
        of_padding = " (all padding)" if all_padding else f" ({' and '.join(_padding_share(*zeros))} of them padding)"
    verb = "is" if rows + columns == 1 else "are"
    return formula, f"{' and '.join(parts)}{of_padding} {verb} never seen"


def _unread(geometry: Geometry) -> tuple[Fact, ...]:
    """The pixels whose column of M is 0, if there are any: at the border, or between windows or taps that lie far apart."""
    rows, columns = int(Axis.vertical(geometry).pixels_read().sum()), int(Axis.horizontal(geometry).pixels_read().sum())
    total = geometry.matrix_columns
    if rows * columns == total:
        return ()
    formula = f"HW − rows read·columns read = {_product(geometry.image_shape)} − {rows}·{columns}"
    return (Fact("Pixels no window reads", formula, f"{total - rows * columns:,} of {total:,}"),)


def _last(count: int, name: str) -> str:
    return f"the last {name}" if count == 1 else f"the last {count} {name}s"


def _padding_share(rows: int, columns: int) -> list[str]:
    return [f"{count} {name}{'s' if count > 1 else ''}" for count, name in ((rows, "row"), (columns, "column")) if count]


def _nonzeros(matrix: ConvolutionMatrix) -> Fact:
    """MN in each row when no window touches the padding; else the taps that land on pixels, down times across."""
    down, across = (matrix.slow, matrix.fast) if matrix.geometry.order == "row" else (matrix.fast, matrix.slow)
    if _every_tap_on_pixels(matrix):
        formula = f"MN·H′W′ = {_product(matrix.geometry.kernel_shape)}·{_product(matrix.geometry.output_shape)}"
    else:
        formula = f"taps on pixels, down × across = {int(down.hits().sum()):,} × {int(across.hits().sum()):,}"
    return Fact("Entries inside the kernel", formula, f"{matrix.nonzeros:,}")


def _density(matrix: ConvolutionMatrix) -> Fact:
    shape = matrix.geometry.kernel_shape, matrix.geometry.image_shape
    if _every_tap_on_pixels(matrix):
        formula = f"MN/(HW) = {_product(shape[0])}/({_product(shape[1])})"
    else:
        formula = f"{matrix.nonzeros:,}/({matrix.shape[0]:,}·{matrix.shape[1]:,})"
    return Fact("Density", formula, f"{format_number(100 * matrix.density)} %")


def _every_tap_on_pixels(matrix: ConvolutionMatrix) -> bool:
    return matrix.nonzeros == matrix.kernel.size * matrix.shape[0]


def _memory(matrix: ConvolutionMatrix) -> tuple[Fact, ...]:
    rows, columns = matrix.shape
    stored = matrix.nonzero_values
    # As scipy does: 32-bit numbers as long as they can count what is stored and the columns.
    index = 4 if max(stored, columns) < 2**31 else 8
    sparse = stored * (8 + index) + (rows + 1) * index
    return (
        Fact("M dense, float64", f"8·{rows:,}·{columns:,}", human_bytes(8 * rows * columns)),
        Fact("M sparse, CSR", f"(8+{index})·{stored:,} + {index}·({rows:,}+1)", human_bytes(sparse)),
        Fact("The kernel itself", f"8·{_product(matrix.geometry.kernel_shape)}", human_bytes(8 * matrix.kernel.size)),
    )


def _product(shape: tuple[int, int]) -> str:
    return f"{shape[0]:,}·{shape[1]:,}"
