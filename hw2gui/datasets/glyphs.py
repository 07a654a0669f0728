"""The ten hiragana of Kuzushiji-MNIST as centre lines, written down by hand.

Each character is what the pen does in present-day schoolbook handwriting: its strokes in their order, each a list of points "x,y" the
pen passes through, in a square of 100 units with y pointing down. Between the points runs a Catmull-Rom spline, so a loop needs only
a few points; a point given twice is a corner.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from hw2gui.arrays import Floats

Point = tuple[float, float]
Stroke = tuple[Point, ...]

SQUARE = 100.0
"""Side of the square the characters are written in."""

_WRITTEN: tuple[tuple[str, ...], ...] = (
    (  # お o: bar; stem that swings left and round in one wide arc; dot at the upper right
        "12,33 32,31.5 56,27",
        "34,9 35.5,30 35.5,58 35,76 31,86 22,84 14,74 18,63 32,53 52,46.5 71,49 82,60 80,75 68,85 52,90",
        "69,17 80,24 89,34",
    ),
    (  # き ki: two bars; a slanting stem with a small hook; the open bowl, apart from it
        "22,28 46,26 71,19",
        "19,46 48,43 79,35",
        "41,7 51,30 61,48 70,62 70,62 58,57",
        "27,66 25,77 33,86 50,90 72,88",
    ),
    (  # す su: long bar; stem with a loop to the left, then a tail down to the left
        "8,28 48,26 92,23",
        "55,7 56.5,30 57,50 51,62 40,64 32.5,56 34,45 43,39.5 53,43 60,55 58.5,71 50,84 38,94",
    ),
    (  # つ tsu: one wide arc
        "9,39 30,30 54,24 75,27 88,39 87,57 74,71 56,79 38,83",
    ),
    (  # な na: bar; falling stroke; dot; stem that ends in a flat loop
        "13,27 33,25.5 53,21",
        "37,7 32,26 23,46 12,62",
        "67,20 78,26 88,35",
        "64,39 65,56 66,72 61,85 47,90 34,86 32,77 41,71 56,72 72,79 87,90",
    ),
    (  # は ha: stem at the left with a hook; bar; stem that ends in a flat loop
        "18,10 13,34 12,60 17,87 17,87 23,75",
        "38,32 62,31 90,27",
        "67,9 67.5,36 68.5,70 63,84 50,89 38,85 37,76 46,70 60,71 76,78 91,89",
    ),
    (  # ま ma: two bars; stem that ends in a flat loop
        "19,25 50,24 81,20",
        "23,43 50,42 77,39",
        "51,7 52,36 53,70 47,84 34,89 22,85 21,76 31,70 47,71 65,78 82,89",
    ),
    (  # や ya: the wide hook; a short stroke above it; the long falling stroke
        "9,49 28,41 52,32 72,28 87,34 88,47 77,56 60,58",
        "50,8 58,14 62,23",
        "25,18 33,40 43,66 54,94",
    ),
    (  # れ re: stem; then a bar, down to the left, up over a shoulder, down and out to the right
        "27,8 28,40 28,93",
        "9,33 37,26 37,26 21,48 7,73 7,73 29,57 45,40 57,31 65,37 63,56 61,76 67,87 79,84 92,71",
    ),
    (  # を wo: bar; down to the left, back up over a shoulder and down; the open bowl that crosses it
        "17,23 44,22 76,17",
        "46,6 38,27 27,45 13,62 13,62 28,50 43,42 54,47 56,59 55,73",
        "86,38 66,46 45,57 31,70 32,82 46,90 64,91 81,90",
    ),
)


def _points(stroke: str) -> Stroke:
    return tuple((float(x), float(y)) for x, y in (point.split(",") for point in stroke.split()))


GLYPHS: tuple[tuple[Stroke, ...], ...] = tuple(tuple(_points(stroke) for stroke in strokes) for strokes in _WRITTEN)
"""The strokes of each character, by label, in the label order of Kuzushiji-MNIST."""


def spline(stroke: Stroke, pieces: int = 24) -> Floats:
    """Points (n, 2) close together along the Catmull-Rom spline through *stroke*, *pieces* between any two of its points."""
    p = np.asarray(stroke, dtype=np.float64)
    p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])  # the ends run on straight
    t = np.linspace(0.0, 1.0, pieces, endpoint=False)[None, :, None]
    a, b, c, d = (p[k : len(p) - 3 + k, None, :] for k in range(4))
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    return np.vstack([curve.reshape(-1, 2), p[-2:-1]])


@cache
def centre_line(label: int, points: int) -> tuple[Floats, NDArray[np.intp], Floats]:
    """The character of *label* as *points* points evenly spaced along its strokes.

    Answers the points (points, 2) in the unit square, the number of the stroke each belongs to, and how far along its stroke each
    is (0 to 1). Every stroke has its first and last point; the rest is shared out by length.
    """
    curves = [spline(stroke) for stroke in GLYPHS[label]]
    lengths = [np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))]) for curve in curves]
    share = np.array([length[-1] for length in lengths])
    wanted = share / share.sum() * (points - 2 * len(curves))
    extra = np.floor(wanted).astype(int)
    for k in np.argsort(extra - wanted, kind="stable")[: points - 2 * len(curves) - extra.sum()]:
        extra[k] += 1  # what rounding down left over goes to the largest remainders
    xy, stroke, along = [], [], []
    for k, (curve, length) in enumerate(zip(curves, lengths, strict=True)):
        at = np.linspace(0.0, 1.0, extra[k] + 2)
        xy.append(np.column_stack([np.interp(at * length[-1], length, curve[:, axis]) for axis in (0, 1)]))
        stroke.append(np.full(len(at), k, dtype=np.intp))
        along.append(at)
    return np.vstack(xy) / SQUARE, np.concatenate(stroke), np.concatenate(along)
