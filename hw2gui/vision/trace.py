"""From a picture back to strokes: its ink thinned to lines, and the lines followed, so that a test image can be changed with the pen."""

from __future__ import annotations

import numpy as np

from hw2gui.arrays import Booleans, Pixels
from hw2gui.errors import InputError
from hw2gui.vision import ink as inks
from hw2gui.vision.pen import Drawing, Point, Stroke

Cell = tuple[int, int]

FINE = 84
"""Side of the raster that is thinned: three to each pixel."""

LEAST = 4
"""Twigs of fewer cells that lead nowhere are roughness of the edge, not strokes."""

INKED = 0.3
"""Share of full ink from which a cell belongs to a stroke: faint ones do too."""

_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def trace(image: Pixels) -> Drawing:
    """A picture (28, 28), white on black, as strokes of its mean thickness. InputError for a black one."""
    picture = image.astype(np.float32) / np.float32(255)
    if picture.max() < 0.1:
        raise InputError("the image is black: there is nothing to trace")
    picture /= picture.max()
    fine = inks.resample(picture, FINE)
    lines = _followed(thinned(fine > INKED))
    width = min(max(float(inks.thickness(picture)) / len(picture), 0.02), 0.3)
    strokes = tuple(Stroke(tuple(_point(cell) for cell in _spread(line)), width) for line in lines)
    return Drawing(strokes)


def thinned(mask: Booleans) -> Booleans:
    """The middle lines of what *mask* holds, one cell wide: the thinning of Zhang and Suen (1984, doi:10.1145/357994.358023)."""
    mask = np.pad(mask, 1)
    changed = True
    while changed:
        changed = False
        for first in (True, False):
            n, ne, e, se, s, sw, w, nw = (np.roll(mask, (-down, -right), (0, 1)) for down, right in _AROUND)
            ring = (n, ne, e, se, s, sw, w, nw)
            count = sum(part.astype(np.int8) for part in ring)
            rises = sum((~here & after).astype(np.int8) for here, after in zip(ring, (*ring[1:], n), strict=True))
            open_sides = ~(n & e & s) & ~(e & s & w) if first else ~(n & e & w) & ~(n & s & w)
            gone = mask & (count >= 2) & (count <= 6) & (rises == 1) & open_sides
            mask = mask & ~gone
            changed = changed or bool(gone.any())
    return mask[1:-1, 1:-1]


def _followed(mask: Booleans) -> list[list[Cell]]:
    """The lines of a thinned *mask*, from ends and crossings to ends and crossings; closed ones from anywhere."""
    left = {(int(row), int(column)) for row, column in np.argwhere(mask)}
    nodes = {cell for cell in left if len(_neighbours(cell, left)) != 2}
    everything = frozenset(left)
    lines: list[list[Cell]] = []
    steps: set[tuple[Cell, Cell]] = set()
    for start in sorted(nodes, key=lambda cell: len(_neighbours(cell, everything))):
        for second in _neighbours(start, everything):
            if (start, second) not in steps:
                line = _walk(start, second, everything, nodes)
                steps |= {(line[0], line[1]), (line[-1], line[-2])}
                left -= set(line)
                lines.append(line)
    left -= nodes
    while left:
        start = min(left)
        around = _neighbours(start, frozenset(left))
        line = _walk(start, around[0], frozenset(left), {start}) if around else [start]
        left -= set(line)
        lines.append(line)
    ends = {cell for cell in nodes if len(_neighbours(cell, everything)) <= 1}
    kept = [line for line in lines if len(line) >= LEAST or not ({line[0], line[-1]} & ends)]
    return kept or lines


def _walk(start: Cell, second: Cell, cells: frozenset[Cell], stops: set[Cell]) -> list[Cell]:
    line = [start, second]
    while line[-1] not in stops:
        ahead = [cell for cell in _neighbours(line[-1], cells) if cell not in line[-3:]]
        if not ahead:
            break
        line.append(ahead[0])
        if len(line) > len(cells) + 1:
            break
    return line


def _neighbours(cell: Cell, cells: frozenset[Cell] | set[Cell]) -> list[Cell]:
    """Those beside, and those across a corner where no cell beside leads there: a stair is one line."""
    row, column = cell
    return [
        (row + down, column + right)
        for down, right in _AROUND
        if (row + down, column + right) in cells and (not (down and right) or not {(row + down, column), (row, column + right)} & cells)
    ]


def _spread(line: list[Cell]) -> list[Cell]:
    """Every third cell and the ends: the pen's spline takes the stairs out."""
    return [*line[:-1:3], line[-1]]


def _point(cell: Cell) -> Point:
    return (cell[1] + 0.5) / FINE, (cell[0] + 0.5) / FINE
