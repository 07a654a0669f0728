"""What the exported figures are put together from: axes with pixels, signed values or the matrix, and the sentences under them."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from hw2gui.arrays import Floats, Ints
from hw2gui.convolution.attention import PixelAttention
from hw2gui.convolution.entry import format_number
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.convolution.overview import coverage, strongest, strongest_is_affordable
from hw2gui.convolution.sizes import by
from hw2gui.figures import NORMAL, SMALL

PRINTED_SIDE = 12
"""Up to so many rows and columns the values are written into the cells."""
LETTERED_SIDE = 24
"""The same for M, which is drawn larger."""
LARGEST_PICTURE = 1000
"""Most rows and columns of cells in a picture of a matrix; a larger matrix is drawn from its exact overview."""
MOST_BLOCKS = 32
"""Up to so many blocks along a side the block grid is drawn."""
SIGN_COLOURS = ("#f7f7f7", "#b2182b", "#2166ac", "#8250c8")
"""No entry but 0; positive; negative; both."""


def new_figure(width: float, height: float) -> Figure:
    """A white figure of this size in inches."""
    # The layout does not count what an equal aspect moves; the margin keeps tick labels inside.
    return Figure(figsize=(width, height), layout=ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.08), facecolor="white")


def draw_grey(axes: Axes, image: Floats, title: str, base: int) -> None:
    """Pixels from black (0 or the lowest value) to white (1 or the highest)."""
    low, high = float(min(0.0, image.min())), float(max(1.0, image.max()))
    draw_cells(axes, image, title, base, Normalize(low, high), "gray")


def draw_signed(axes: Axes, values: Floats, title: str, base: int) -> None:
    """Signed values, blue to red, centred on 0."""
    reach = float(np.abs(values).max()) or 1.0
    draw_cells(axes, values, title, base, Normalize(-reach, reach), "RdBu_r")


def draw_cells(axes: Axes, values: Floats, title: str, base: int, norm: Normalize, colours: str) -> None:
    """A small matrix with indices from *base* along its sides, and its values in the cells while they fit."""
    rows, columns = values.shape
    shown = draw_picture(axes, values, (base - 0.5, columns + base - 0.5), (base - 0.5, rows + base - 0.5), norm, colours)
    axes.set_aspect("equal")
    titled(axes, f"{title}  ({by(values.shape)})")
    if max(rows, columns) <= PRINTED_SIDE:
        axes.set_xticks(np.arange(columns) + base)
        axes.set_yticks(np.arange(rows) + base)
        write_values(axes, shown, values, base, room=180 / max(rows, columns))


def write_values(axes: Axes, shown: AxesImage, values: Floats, base: int, room: float) -> None:
    """The values in their cells, each *room* points wide; rounding errors beside large values are printed as 0."""
    tiny = 1e-12 * float(np.abs(values).max())
    texts = [f"{value:.3g}".replace("-", "−") if abs(value) > tiny else "0" for value in values.flat]
    size = min(SMALL, room / max(2, *map(len, texts)))
    for (row, column), text in zip(np.ndindex(*values.shape), texts, strict=True):
        red, green, blue, _ = shown.to_rgba(values[row : row + 1, column])[0]
        dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.5
        axes.text(column + base, row + base, text, ha="center", va="center", fontsize=size, color="white" if dark else "black")


def draw_picture(
    axes: Axes, values: NDArray[Any], across: tuple[float, float], down: tuple[float, float], norm: Normalize, colours: str | ListedColormap
) -> AxesImage:
    """One colour a cell, over these ranges of column and row indices, with a colour bar."""
    shown = axes.imshow(values, cmap=colours, norm=norm, interpolation="nearest", aspect="auto", extent=(*across, down[1], down[0]))
    axes.tick_params(labelsize=SMALL)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(8, integer=True))
        axis.set_major_formatter("{x:,.0f}")
    if isinstance(colours, str) and axes.figure is not None:
        bar = axes.figure.colorbar(shown, ax=axes, fraction=0.046, pad=0.03)
        bar.ax.tick_params(labelsize=SMALL)
        bar.outline.set_linewidth(0.5)
    return shown


def titled(axes: Axes, title: str) -> None:
    """Set the title."""
    axes.set_title(title, fontsize=NORMAL)


def draw_matrix(axes: Axes, matrix: ConvolutionMatrix, base: int, *, transposed: bool = False) -> str:
    """Draw M, or Mᵀ, and say how to read it."""
    reach = float(np.abs(matrix.kernel).max()) or 1.0
    row_edges, column_edges = cell_edges(matrix.shape[0]), cell_edges(matrix.shape[1])
    rows, columns = reversed(matrix.shape) if transposed else matrix.shape
    across, down = (base - 0.5, columns + base - 0.5), (base - 0.5, rows + base - 0.5)

    def turned(values: NDArray[Any]) -> NDArray[Any]:
        return values.T if transposed else values

    norm = Normalize(-reach, reach)
    colours = f"Colours from {format_number(-reach)} (blue) to {format_number(reach)} (red), centred on 0."
    if max(matrix.shape) <= LARGEST_PICTURE:
        values = turned(matrix.values(range(matrix.shape[0]), range(matrix.shape[1])))
        shown = draw_picture(axes, values, across, down, norm, "RdBu_r")
        if max(rows, columns) <= LETTERED_SIDE:
            write_values(axes, shown, values, base, room=480 / max(rows, columns))
        how = colours
    elif strongest_is_affordable(matrix, row_edges, column_edges):
        draw_picture(axes, turned(strongest(matrix, row_edges, column_edges)), across, down, norm, "RdBu_r")
        how = f"Each cell shows the greatest of the entries it covers. {colours}"
    else:
        signs = turned(coverage(matrix, row_edges, column_edges))
        draw_picture(axes, signs, across, down, Normalize(-0.5, 3.5), ListedColormap(list(SIGN_COLOURS)))
        how = "Each cell shows which signs the entries it covers have: red positive, blue negative, violet both."
    titled(axes, f"{'Mᵀ' if transposed else 'M'}  ({by((rows, columns))})")
    axes.set_aspect("equal" if 0.25 <= rows / columns <= 4 else "auto")
    high, wide = (matrix.fast.image, matrix.fast.output) if transposed else (matrix.fast.output, matrix.fast.image)
    for size, block, draw in ((rows, high, axes.axhline), (columns, wide, axes.axvline)):
        if 1 < size // block <= MOST_BLOCKS:
            for edge in range(block, size, block):
                draw(edge + base - 0.5, color="#888888", linewidth=0.4)
    return how


def cell_edges(size: int) -> Ints:
    """Edges that part *size* into at most ``LARGEST_PICTURE`` nearly equal cells."""
    return np.linspace(0, size, min(size, LARGEST_PICTURE) + 1).astype(np.int64)


# Captions


def matrix_caption(matrix: ConvolutionMatrix) -> str:
    """The size of M, its blocks and the setting."""
    rows, columns = matrix.shape
    slow, fast = by((matrix.slow.output, matrix.slow.image)), by((matrix.fast.output, matrix.fast.image))
    blocks = f"a grid of {slow} blocks of {fast}"
    return f"M has {rows:,}×{columns:,} entries, {blocks}, {matrix.nonzero_values:,} of them not 0. {settings(matrix.geometry)}."


def settings(geometry: Geometry) -> str:
    """The setting in words."""
    p = geometry.padding
    padding = f"{p.top}" if p.is_uniform else f"{p.top}, {p.bottom}, {p.left}, {p.right} (top, bottom, left, right)"
    kind = "kernel rotated by 180°" if geometry.flipped else "cross-correlation"
    return (
        f"Image {by(geometry.image_shape)}, kernel {by(geometry.kernel_shape)}, stride {geometry.stride}, padding {padding}, "
        f"dilation {geometry.dilation}, {kind}, vec stacks {geometry.order}s"
    )


def attention_settings(attention: PixelAttention) -> str:
    """What is computed, on what."""
    return (
        f"P = softmax(x′x′ᵀ/T), Z = P x′ over a {by(attention.shape)} image of {len(attention.levels)} grey levels; "
        f"image scale {format_number(attention.scale)}, T = {format_number(attention.temperature)}."
    )


def grey_range(values: Floats, low: str, high: str) -> str:
    """The range of a grey picture in words."""
    return f"{format_number(min(0.0, float(values.min())))} ({low}) to {format_number(max(1.0, float(values.max())))} ({high})"


def signed_range(values: Floats) -> str:
    """The range of a signed picture in words."""
    reach = float(np.abs(values).max()) or 1.0
    return f"{format_number(-reach)} (blue) to {format_number(reach)} (red), centred on 0"
