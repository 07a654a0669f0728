"""Pictures for export: x, the kernel, z, the matrix, attention; on white, each with its settings and colour range written under it.

Every function answers a matplotlib Figure of its own (no pyplot, no global settings); ``save`` writes it by the file's suffix.
Signed values are blue–white–red centred on 0, P·HW the same centred on 1, probabilities viridis on 0..1, pixels grey.
"""

from __future__ import annotations

import numpy as np
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from hw2gui.arrays import Floats
from hw2gui.convolution.attention import PixelAttention, Stage
from hw2gui.convolution.entry import format_number
from hw2gui.convolution.figure_parts import (
    attention_settings,
    cell_edges,
    draw_cells,
    draw_grey,
    draw_matrix,
    draw_picture,
    draw_signed,
    grey_range,
    matrix_caption,
    new_figure,
    settings,
    signed_range,
    titled,
)
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.convolution.sizes import by
from hw2gui.figures import NORMAL, SMALL, captioned


def image_figure(image: Floats, name: str = "x", base: int = 1, note: str = "") -> Figure:
    """The image (H, W) in grey; *note* is added to the caption (a data set's attribution)."""
    figure = new_figure(4.2, 3.9)
    axes = figure.add_subplot()
    draw_grey(axes, image, name, base)
    return captioned(figure, f"{name} is {by(image.shape)}, {grey_range(image, 'black', 'white')}. {note}")


def kernel_figure(matrix: ConvolutionMatrix, base: int = 1) -> Figure:
    """The kernel w (M, N) as it was given; whether it is rotated by 180° is in the caption."""
    figure = new_figure(4.2, 3.9)
    draw_signed(figure.add_subplot(), matrix.kernel, "w", base)
    return captioned(figure, f"{settings(matrix.geometry)}. {signed_range(matrix.kernel)}.")


def output_figure(output: Floats, matrix: ConvolutionMatrix, base: int = 1) -> Figure:
    """The output z (H', W')."""
    return signed_figure(output, "z", "z = w ∗ x", matrix, base)


def signed_figure(values: Floats, title: str, name: str, matrix: ConvolutionMatrix, base: int = 1) -> Figure:
    """Signed *values* called *title*, and *name* in the caption, with the setting of *matrix*."""
    figure = new_figure(4.2, 3.9)
    draw_signed(figure.add_subplot(), values, title, base)
    return captioned(figure, f"{name} is {by(values.shape)}. {settings(matrix.geometry)}. {signed_range(values)}.")


def matrix_figure(matrix: ConvolutionMatrix, base: int = 1, *, transposed: bool = False) -> Figure:
    """M, or Mᵀ, with its block grid; one larger than the picture is drawn from its exact overview, so no band is lost."""
    rows, columns = reversed(matrix.shape) if transposed else matrix.shape
    figure = new_figure(7.0, float(np.clip(7.0 * rows / columns, 2.2, 7.5)) + 0.6)
    how = draw_matrix(figure.add_subplot(), matrix, base, transposed=transposed)
    return captioned(figure, f"{matrix_caption(matrix)} {how}")


def scene_figure(image: Floats, matrix: ConvolutionMatrix, output: Floats, base: int = 1, note: str = "") -> Figure:
    """All on one page: x, w and z = w ∗ x above, and below the matrix with vec(z) = M vec(x)."""
    figure = new_figure(8.0, 8.2)
    grid = figure.add_gridspec(2, 3, height_ratios=(1.0, 1.9))
    draw_grey(figure.add_subplot(grid[0, 0]), image, "x", base)
    draw_signed(figure.add_subplot(grid[0, 1]), matrix.kernel, "w", base)
    draw_signed(figure.add_subplot(grid[0, 2]), output, "z = w ∗ x", base)
    how = draw_matrix(figure.add_subplot(grid[1, :]), matrix, base)
    ranges = f"x: {grey_range(image, 'black', 'white')}; w: {signed_range(matrix.kernel)}; z: {signed_range(output)}"
    return captioned(figure, f"vec(z) = M vec(x). {matrix_caption(matrix)} {how} {ranges}. {note}")


def transposed_figure(g: Floats, name: str, matrix: ConvolutionMatrix, back: Floats, base: int = 1) -> Figure:
    """All on one page: *g*, called *name*, w and Mᵀg above, and below the transposed matrix that leads from one to the other."""
    figure = new_figure(8.0, 8.2)
    grid = figure.add_gridspec(2, 3, height_ratios=(1.0, 1.9))
    for place, values, title in ((0, back, "Mᵀg"), (1, matrix.kernel, "w"), (2, g, name)):
        draw_signed(figure.add_subplot(grid[0, place]), values, title, base)
    how = draw_matrix(figure.add_subplot(grid[1, :]), matrix, base, transposed=True)
    ranges = f"Mᵀg: {signed_range(back)}; w: {signed_range(matrix.kernel)}; {name}: {signed_range(g)}"
    return captioned(figure, f"vec(Mᵀg) = Mᵀ vec(g). {matrix_caption(matrix)} {how} {ranges}.")


def attention_row_figure(attention: PixelAttention, i: int, base: int = 1, note: str = "") -> Figure:
    """The image and beside it row *i* (0-based) of P painted back as an image, relative to uniform; the pixel is framed."""
    relative = attention.row(i) * attention.size
    figure = new_figure(7.4, 3.6)
    left, right = figure.subplots(1, 2)
    draw_grey(left, attention.image, "x′", base)
    reach = float(np.abs(relative - 1).max()) or 1.0
    draw_cells(right, relative, f"row {i + base} of P, times HW", base, Normalize(1 - reach, 1 + reach), "RdBu_r")
    row, column = (int(at[0]) for at in np.unravel_index([i], attention.shape, order="C" if attention.order == "row" else "F"))
    for axes in (left, right):
        axes.add_patch(Rectangle((column + base - 0.5, row + base - 0.5), 1, 1, fill=False, edgecolor="#1a7f37", linewidth=1.6))
    x_i, z_i = float(attention.vector[i]), float(attention.output()[row, column])
    return captioned(
        figure,
        f"{attention_settings(attention)} The framed pixel has x′ = {format_number(x_i)} and becomes Z = {format_number(z_i)}. "
        f"Its row of P, times HW, goes from {relative.min():.4g} to {relative.max():.4g}; 1 (white) is uniform. {note}",
    )


def stage_figure(attention: PixelAttention, stage: Stage, note: str = "") -> Figure:
    """A stage of attention over all pairs of pixels; of a large image the exact means over rectangles."""
    edges = cell_edges(attention.size)
    means = attention.overview(stage, edges, edges)
    smallest, largest = attention.stage_range(stage)
    if stage in ("exp", "probabilities"):
        norm, colours = Normalize(0.0, 1.0), "viridis"
    else:
        middle = 1.0 if stage == "relative" else 0.0
        reach = max(abs(largest - middle), abs(smallest - middle)) or 1.0
        norm, colours = Normalize(middle - reach, middle + reach), "RdBu_r"
    figure = new_figure(6.2, 5.8)
    axes = figure.add_subplot()
    draw_picture(axes, means, (0.5, attention.size + 0.5), (0.5, attention.size + 0.5), norm, colours)
    titles = {"scores": "scores x′x′ᵀ/T", "exp": "exp(scores − the row's largest)", "probabilities": "P", "relative": "P · HW"}
    titled(axes, titles[stage])
    mean = "" if len(means) == attention.size else f" Each cell is the mean of about {attention.size // len(means)}² entries."
    return captioned(figure, f"{attention_settings(attention)} Entries go from {smallest:.4g} to {largest:.4g}.{mean} {note}")


def tone_curve_figure(attention: PixelAttention, note: str = "") -> Figure:
    """The tone curve g, the image's levels on it (x'_i, Z_i), and how many pixels have each."""
    figure = new_figure(5.2, 4.4)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(4, 1))
    low, high = float(attention.levels.min()), float(attention.levels.max())
    margin = 0.05 * (high - low) or 0.5
    ts = np.linspace(low - margin, high + margin, 400)
    upper.plot(ts, attention.tone_curve(ts), color="#2166ac", linewidth=1.4, label="g(t) = T · d/dt log Σ exp(t x′/T)")
    upper.plot(attention.levels, attention.tone_curve(attention.levels), ".", color="#b2182b", markersize=3, label="the image's levels")
    upper.set_ylabel("Z = g(x′)", fontsize=NORMAL)
    upper.legend(fontsize=SMALL, frameon=False, loc="upper left")
    upper.set_title("Attention over pixels is a tone curve", fontsize=NORMAL)
    lower.vlines(attention.levels, 0, attention.grey.counts, color="#555555", linewidth=0.8)
    lower.set_yscale("symlog", linthresh=1.0)
    lower.set_ylabel("pixels", fontsize=SMALL)
    lower.set_xlabel("x′", fontsize=NORMAL)
    for axes in (upper, lower):
        axes.tick_params(labelsize=SMALL)
        axes.spines[["top", "right"]].set_visible(False)
    return captioned(
        figure, f"{attention_settings(attention)} Z_i depends on x′_i alone; g rises from the darkest towards the brightest. {note}"
    )
