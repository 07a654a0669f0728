"""What a pen, a mouse or a finger did, and the ink it leaves: smoothed strokes of round ends, with erasers, antialiased.

Lengths are shares of the pad's side, x to the right and y down, so that a drawing means the same on every screen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hw2gui.arrays import Booleans, Floats, Singles
from hw2gui.datasets.glyphs import centre_line
from hw2gui.errors import InputError

Point = tuple[float, float]

RESOLUTION = 112
"""Side of the raster in pixels: four to each pixel of a 28×28 picture, so that a small drawing can still be enlarged."""

MOST_POINTS = 50_000
"""Points of a whole drawing; a quarter of an hour of mouse movements."""

_PIECES = 8  # straight pieces to each curved one
_REACH = 4.0  # points may lie so many pads beside the pad


DRAWN_POINTS = 120
"""Points of a character that is drawn as an example."""


@dataclass(frozen=True)
class Stroke:
    """The points (x, y) the pen passed, its width, both as shares of the pad's side; an eraser takes ink away."""

    points: tuple[Point, ...]
    width: float = 0.06
    eraser: bool = False

    def __post_init__(self) -> None:
        if not 0.0 < self.width <= 1.0:
            raise InputError(f"a brush {self.width:g} pads wide cannot draw: choose a width above 0, up to 1")
        if not all(-_REACH <= value <= 1 + _REACH for point in self.points for value in point):
            raise InputError(f"a stroke leaves the pad by more than {_REACH:g} pads: draw inside it")


@dataclass(frozen=True)
class Drawing:
    """Strokes in the order they were made."""

    strokes: tuple[Stroke, ...] = ()

    def __post_init__(self) -> None:
        if sum(len(stroke.points) for stroke in self.strokes) > MOST_POINTS:
            raise InputError(f"the drawing has more than {MOST_POINTS:,} points: clear the pad and draw with fewer strokes")


def ink(drawing: Drawing, side: int = RESOLUTION, brush: float = 1.0) -> Singles:
    """The drawing as (side, side) float32: the share of each pixel that is inked, 0 to 1.

    *brush* multiplies the width of pens, not of erasers.
    """
    canvas = np.zeros((side, side), dtype=np.float32)
    for stroke in drawing.strokes:
        cover = _cover(stroke, side, 1.0 if stroke.eraser else brush)
        canvas = canvas * (1 - cover) if stroke.eraser else np.maximum(canvas, cover)
    return canvas


def mean_width(drawing: Drawing) -> float:
    """The pens' mean width over all they drew, by length; 0 where nothing was drawn."""
    pens = [stroke for stroke in drawing.strokes if not stroke.eraser and stroke.points]
    widths = np.array([stroke.width for stroke in pens])
    # A dot counts for its own width, not for nothing.
    lengths = np.array([np.hypot(*np.diff(np.asarray(stroke.points), axis=0).T).sum() for stroke in pens]) + widths
    return float((widths * lengths).sum() / lengths.sum()) if pens else 0.0


def smoothed(points: tuple[Point, ...]) -> Floats:
    """Points (n, 2) along the quadratic B-spline through the midpoints of *points*, from the first of them to the last.

    A mouse reports whole pixels at uneven times; the spline takes out the steps and keeps the ends.
    """
    p = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    p = p[np.concatenate([[True], np.any(np.diff(p, axis=0) != 0, axis=1)])] if len(p) else p
    if len(p) < 3:
        return p
    middle = 0.5 * (p[1:] + p[:-1])
    t = np.linspace(0.0, 1.0, _PIECES, endpoint=False)[None, :, None]
    curve = (1 - t) ** 2 * middle[:-1, None] + 2 * t * (1 - t) * p[1:-1, None] + t**2 * middle[1:, None]
    return np.vstack([p[:1], curve.reshape(-1, 2), middle[-1:], p[-1:]])


def _cover(stroke: Stroke, side: int, brush: float) -> Singles:
    """How much of each pixel the stroke covers, (side, side): from the distance of its centre to the path.

    Only the pixels within the pen's reach of each point of the path are looked at; a border as wide keeps them inside the array.
    """
    radius = 0.5 * brush * stroke.width * side
    path = _evenly(smoothed(stroke.points) * side)
    reach = math.ceil(radius + 1)
    near = np.all((path > -reach) & (path < side + reach), axis=1)
    if not near.any():
        return np.zeros((side, side), dtype=np.float32)
    whole = np.floor(path[near]).astype(np.intp)
    around = np.arange(-reach, reach + 1)
    wide = side + 4 * reach + 1
    at = ((whole[:, 1:] + around + 2 * reach) * wide)[:, :, None] + (whole[:, :1] + around + 2 * reach)[:, None, :]
    squared = np.full(wide * wide, np.inf, dtype=np.float32)
    np.minimum.at(squared, at.reshape(-1), _squared_distances(path, near, whole, around).reshape(-1))
    inside = squared.reshape(wide, wide)[2 * reach : 2 * reach + side, 2 * reach : 2 * reach + side]
    cover: Singles = np.clip(np.float32(radius + 0.5) - np.sqrt(inside), 0, 1)
    return cover


def _squared_distances(path: Floats, near: Booleans, whole: NDArray[np.intp], around: NDArray[np.intp]) -> Singles:
    """From the pixels about each point of *path* that is *near* to the straight piece before that point, (points, down, across)."""
    before = np.vstack([path[:1], path[:-1]])[near]
    step = path[near] - before
    length = np.maximum(np.hypot(step[:, 0], step[:, 1]), 1e-9)
    across = (whole[:, :1] + around + 0.5 - before[:, :1]).astype(np.float32)[:, None, :]
    down = (whole[:, 1:] + around + 0.5 - before[:, 1:]).astype(np.float32)[:, :, None]
    x, y, end = ((values[:, None, None]).astype(np.float32) for values in (step[:, 0] / length, step[:, 1] / length, length))
    along = across * x + down * y
    nearest = np.clip(along, 0, end)
    squared: Singles = np.maximum(across * across + down * down - (2 * along - nearest) * nearest, 0)
    return squared


def _evenly(path: Floats) -> Floats:
    """Points along the straight pieces of *path* (n, 2), about a pixel apart, ends included."""
    if len(path) < 2:
        return path
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    at = np.linspace(0.0, length[-1], max(2, math.ceil(length[-1]) + 1))
    return np.column_stack([np.interp(at, length, path[:, 0]), np.interp(at, length, path[:, 1])])


def drawn(label: int) -> Drawing:
    """The character *label* as a hand would draw it: the model strokes of the built-in set."""
    points, strokes, _ = centre_line(label, DRAWN_POINTS)
    lines = (points[strokes == number] for number in range(int(strokes.max()) + 1))
    return Drawing(tuple(Stroke(tuple((float(x), float(y)) for x, y in line), 0.07) for line in lines))
