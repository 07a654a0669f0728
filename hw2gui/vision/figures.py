"""Pictures for export: curves, activation maps, filters, the confusion matrix, images in a row; on white, with scale and source under them.

Every function answers a matplotlib Figure of its own (no pyplot, no global settings); `save` writes it by the file's suffix.
Signed values are blue–white–red centred on 0, probabilities and shares viridis on 0..1, pixels grey.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray

from hw2gui.arrays import Ints, Pixels, Singles
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.errors import InputError
from hw2gui.figures import NORMAL, SMALL, captioned, sheet
from hw2gui.vision.evaluation import Evaluation
from hw2gui.vision.readings import CellProducts
from hw2gui.vision.results import Attribution, Inside, tiled

MOST_NUMBERED = 48
"""Rows and columns of weights are numbered up to so many."""
MOST_WRITTEN = 64
"""Up to so many cells have their numbers in them."""
MISREAD = "#b2182b"
"""The title of what is read as another class."""


def maps_figure(inside: Inside, stage: str, source: str = "", *, shared: bool = True) -> Figure:
    """The original beside every map of *stage* (or its units as a strip), on one scale, which is stated, or each map on its own."""
    values = inside.of(stage)
    figure = sheet(7.2, 4.2)
    if values.ndim == 1:
        return _strip_figure(figure, inside, stage, source)
    columns = max(2, math.ceil(math.sqrt(2 * len(values))))
    rows = math.ceil(len(values) / columns)
    halves = figure.add_gridspec(1, 2, width_ratios=(1, 3))
    picture(figure.add_subplot(halves[0, 0]), inside.image, "original", "gray", Normalize(0, max(1.0, float(inside.image.max()))))
    norm, colours, scale = scale_of(values)
    grid = halves[0, 1].subgridspec(rows, columns)
    for number, one in enumerate(values):
        own, own_colours, _ = scale_of(one)
        title = str(number + 1) if shared else f"{number + 1}: ±{own.vmax:.2g}" if own.vmin else f"{number + 1}: 0 to {own.vmax:.2g}"
        look = (colours, norm) if shared else (own_colours, own)
        picture(figure.add_subplot(grid[divmod(number, columns)]), one, title, *look)
    scale = scale if shared else "each on its own scale, which stands above it"
    return captioned(figure, f"{stage}: {len(values)} maps of {values.shape[1]}×{values.shape[2]}, {scale}. {source}")


def attribution_figure(image: Singles, attribution: Attribution | None, kind: str, source: str = "") -> Figure:
    """The image (28, 28), and beside it what its answer rests on where that was asked, with its scale and what it can show."""
    figure = sheet(6.4 if attribution is not None else 3.4, 3.6)
    parts = figure.add_gridspec(1, 2 if attribution is not None else 1)
    picture(figure.add_subplot(parts[0, 0]), image, "x, from 0 (black) to 1 (white)", "gray", Normalize(0, 1))
    if attribution is None:
        return captioned(figure, source)
    norm, colours, scale = scale_of(attribution.values, signed=True)
    title = f"{kind} for {CLASSES[attribution.label].romaji}"
    picture(figure.add_subplot(parts[0, 1]), attribution.values, title, colours, norm)
    return captioned(figure, f"{kind.capitalize()}: {scale}. {attribution.note} {source}")


def filters_figure(weights: Singles, stage: str, model: str = "") -> Figure:
    """The weights of a convolution (D, C, K, K) or a dense layer (O, I): a row for each input, a column for each output, on one scale."""
    filters = weights if weights.ndim == 4 else weights[:, :, None, None]
    outputs, inputs, high, wide = filters.shape
    gap = int(high * wide > 1)
    whole = np.full((inputs, high + gap, outputs, wide + gap), np.nan, dtype=np.float32)
    whole[:, :high, :, :wide] = filters.transpose(1, 2, 0, 3)
    shown = whole.reshape(inputs * (high + gap), outputs * (wide + gap))[: -gap or None, : -gap or None]
    width = min(12.0, 1.0 + max(0.1 * outputs * wide, 3.0))
    figure = sheet(width, min(12.0, 1.2 + width * shown.shape[0] / shown.shape[1]))
    norm, colours, scale = scale_of(weights, signed=True)
    axes = figure.add_subplot()
    picture(axes, shown, "", colours, norm)
    axes.set_facecolor("white")
    axes.spines[:].set_visible(False)
    for set_ticks, count, step, length in ((axes.set_xticks, outputs, wide + gap, wide), (axes.set_yticks, inputs, high + gap, high)):
        if count <= MOST_NUMBERED:
            set_ticks(np.arange(count) * step + (length - 1) / 2, [str(number + 1) for number in range(count)], fontsize=SMALL)
    axes.tick_params(length=0)
    what = f"{outputs} filters of {inputs}×{high}×{wide}" if weights.ndim == 4 else f"{outputs} units with {inputs} weights each"
    return captioned(figure, f"{stage}: {what}, a row for each input, a column for each output, {scale}. {model}")


def value_figure(found: CellProducts, source: str = "") -> Figure:
    """What one value reads, the weights on it and their products side by side, each on its own scale; their sum in the caption."""
    terms = found.products
    figure = sheet(7.2, 3.2)
    parts = (("reads", terms.patch), ("weights", terms.weights), ("products", terms.products))
    for axes, (name, values) in zip(figure.subplots(1, 3), parts, strict=True):
        shown = tiled(values, 1.0)
        signed = name != "reads" or shown.min() < 0
        reach = float(np.abs(shown).max()) or 1.0
        look = ("RdBu_r", Normalize(-reach, reach)) if signed else ("gray", Normalize(0, reach))
        picture(axes, shown, f"{name}, {f'±{reach:.3g}' if signed else f'0 to {reach:.3g}'}", *look)
        if shown.size <= MOST_WRITTEN:
            for (row, column), value in np.ndenumerate(shown):
                dark = abs(value) > 0.55 * reach if signed else value < 0.55 * reach
                text = f"{value + 0.0:.2g}".replace("-", "−")  # + 0.0: no −0
                axes.text(column, row, text, ha="center", va="center", fontsize=SMALL - 1, color="white" if dark else "black")
    place = f"map {found.channel + 1}, row {found.row + 1}, column {found.column + 1}" if found.in_map else f"unit {found.channel + 1}"
    total = f"{terms.products.sum():.5f} + {terms.bias:.5f} = {terms.value:.5f}".replace("+ -", "− ").replace("-", "−")
    return captioned(figure, f"{found.stage}, {place}: Σ products + bias = {total}. {source}")


def change_figure(first: Evaluation, second: Evaluation, source: str) -> Figure:
    """How many more (red) or fewer (blue) images of each class are taken for each by the second model."""
    change = second.confusion - first.confusion
    reach = float(np.abs(change).max()) or 1.0
    return _classes_figure(
        change, change, Normalize(-reach, reach), "RdBu_r", "change of the counts", f"Colours from {-reach:.0f} to {reach:.0f}. {source}"
    )


def confusion_figure(evaluation: Evaluation, title: str = "", source: str = "") -> Figure:
    """The confusion matrix with its counts, coloured by the share of the row (the class), 0 to 1."""
    counts = evaluation.confusion
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    told = f"{len(evaluation):,} images, {int(evaluation.right.sum()):,} right. Colour: share of the class, 0 to 1. {source}"
    return _classes_figure(counts, shares, Normalize(0, 1), "viridis", title or f"accuracy {100 * evaluation.accuracy:.2f} %", told)


def _classes_figure(counts: Ints, shown: NDArray[Any], norm: Normalize, colours: str, title: str, caption: str) -> Figure:
    """*counts* (10, 10) of each class taken for each, in the colours of *shown*."""
    figure = sheet(5.6, 5.2)
    axes = figure.add_subplot()
    image = axes.imshow(shown, cmap=colours, norm=norm)
    names = [character.romaji for character in CLASSES]
    axes.set_xticks(range(10), names, fontsize=NORMAL - 1)
    axes.set_yticks(range(10), names, fontsize=NORMAL - 1)
    axes.set_xlabel("taken for", fontsize=NORMAL)
    axes.set_ylabel("is", fontsize=NORMAL)
    axes.set_title(title, fontsize=NORMAL + 1, parse_math=False)
    for row, column in np.argwhere(counts).tolist():
        red, green, blue, _ = image.cmap(norm(shown[row, column]))
        colour = "black" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.45 else "white"
        number = f"{counts[row, column]:,}".replace("-", "−")
        axes.text(column, row, number, ha="center", va="center", fontsize=SMALL, color=colour)
    figure.colorbar(image, ax=axes, fraction=0.046, pad=0.03).ax.tick_params(labelsize=SMALL)
    return captioned(figure, caption)


def gallery_figure(images: Pixels, titles: Sequence[str], source: str) -> Figure:
    """Images (N, 28, 28) in rows of nine with a title each; *source* is their attribution. InputError for none."""
    if not len(images):
        raise InputError("there is no image to draw: choose a cell or a channel that has some")
    return captioned(in_rows(images, titles, "gray", Normalize(0, 255)), source)


def in_rows(
    images: Pixels | Singles, titles: Sequence[str], colours: str, norm: Normalize, *, columns: int = 9, bad: Sequence[bool] = ()
) -> Figure:
    """Images (N, H, W), one at least, in rows with a title each, those that are *bad* in red."""
    columns = min(columns, len(images))
    rows = math.ceil(len(images) / columns)
    figure = sheet(0.9 * columns + 0.4, 1.05 * rows + 0.6)
    grid = figure.add_gridspec(rows, columns)
    for number, (image, title) in enumerate(zip(images, titles, strict=True)):
        axes = figure.add_subplot(grid[divmod(number, columns)])
        picture(axes, image, title, colours, norm)
        if number < len(bad) and bad[number]:
            axes.title.set_color(MISREAD)
    return figure


def _strip_figure(figure: Figure, inside: Inside, stage: str, source: str) -> Figure:
    values = inside.of(stage)
    halves = figure.add_gridspec(1, 2, width_ratios=(1, 3))
    picture(figure.add_subplot(halves[0, 0]), inside.image, "original", "gray", Normalize(0, max(1.0, float(inside.image.max()))))
    columns = min(len(values), 40)
    padded = np.full(math.ceil(len(values) / columns) * columns, np.nan, dtype=np.float32)
    padded[: len(values)] = values
    norm, colours, scale = scale_of(values)
    picture(figure.add_subplot(halves[0, 1]), padded.reshape(-1, columns), stage, colours, norm)
    return captioned(figure, f"{stage}: {len(values)} units in rows of {columns}, {scale}. {source}")


def scale_of(values: Singles, signed: bool = False) -> tuple[Normalize, str, str]:
    """Signed values about 0, others from 0, with the range in words."""
    reach = float(np.abs(values).max()) or 1.0
    if signed or float(values.min()) < 0:
        return Normalize(-reach, reach), "RdBu_r", f"one scale from {-reach:.3g} (blue) to {reach:.3g} (red), centred on 0"
    return Normalize(0, reach), "viridis", f"one scale from 0 (dark) to {reach:.3g} (bright)"


def picture(axes: Axes, values: NDArray[Any], title: str, colours: str, norm: Normalize) -> None:
    """*values* (H, W) on *axes*, a square each, under *title*."""
    axes.imshow(values, cmap=colours, norm=norm, interpolation="nearest")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_title(title, fontsize=SMALL, pad=2, parse_math=False)
