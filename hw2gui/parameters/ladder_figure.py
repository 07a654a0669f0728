"""The ladder on paper: the matrix of each rung, entries of one colour one parameter, with its count."""

from __future__ import annotations

import colorsys
import math

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from hw2gui.parameters.ladder import RungName
from hw2gui.parameters.scene import LadderScene, rung_names

_INK = "#222222"
_GOLDEN = (math.sqrt(5) - 1) / 2
_EVEN = 48


def ladder_figure(scene: LadderScene, chosen: RungName) -> Figure:
    """The four matrices from the most parameters to the fewest; the *chosen* one's title is bold. Counts are those of the real layer."""
    figure = Figure(figsize=(7.2, 7.6), facecolor="white", layout="constrained")
    rows, columns = (range(size) for size in scene.drawn.matrix_shape)
    for place, name in enumerate(rung_names(), 1):
        axes = figure.add_subplot(2, 2, place)
        ids = scene.drawn.ids(name, rows, columns)
        count = scene.parameters_drawn(name)
        axes.imshow(np.where(ids < 0, 0, ids % _TABLE + 1), cmap=_colours(count), vmin=0, vmax=_TABLE, interpolation="nearest")
        weight = "bold" if name == chosen else "normal"
        axes.set_title(f"{name}: {scene.counted.rung(name).weights.value:,} weights", fontsize=9, color=_INK, fontweight=weight)
        axes.set_xticks([])
        axes.set_yticks([])
    image, output = scene.counted.image.text, scene.counted.output.text
    drawn = f"drawn for {scene.drawn.image.text} to {scene.drawn.output.text}"
    figure.suptitle(f"{scene.name}: {image} to {output}; {drawn}. One colour is one parameter.", fontsize=9, color=_INK)
    return figure


_TABLE = 1021


def _colours(count: int) -> ListedColormap:
    """White for nothing, then a colour a parameter; beyond the table's length they come again."""
    colours: list[tuple[float, float, float]] = [(1.0, 1.0, 1.0)]
    for number in range(_TABLE):
        turn = number / count if count <= _EVEN else number * _GOLDEN % 1.0
        colours.append(colorsys.hls_to_rgb(turn % 1.0, (0.50, 0.64, 0.40)[number % 3], 0.58))
    return ListedColormap(colours)
