"""The lines of a plot as data, how each looks, and which of their points can be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from hw2gui.arrays import Floats
from hw2gui.widgets import theme
from hw2gui.widgets.raster import short_number

MARKED_UP_TO = 60

SMOOTH_UP_TO = 3000
"""Longer curves are drawn without smooth edges: that many points hide their own steps, and it is several times as quick."""

PLACES = (0.03, 0.4, 0.75)
NAME_WIDTH, NAME_HEIGHT = 0.2, 0.1
"""About what a level's name takes, as parts of the plot."""

HUES = ("#0b63b5", "#c2410c", "#6d28d9", "#0f766e", "#a3195b", "#6b5b00", "#3b4252", "#1d7a1d")
DARK_HUES = ("#5aa9f0", "#ff9d5c", "#8f5cf0", "#4fd1c5", "#ff8fc2", "#e2cf57", "#c9d1dc", "#7bdc7b")
"""Told apart by colour-blind readers as well; line styles are the second channel."""


@dataclass(frozen=True)
class Line:
    """One curve: its name, x and y, and how it looks."""

    name: str
    xs: Floats
    ys: Floats
    hue: int = 0
    """Which of the hues."""
    width: float = 1.6
    dashed: bool = False
    faint: bool = False
    """In the background: raw values behind smoothed ones, single seeds behind their band."""
    low: Floats | None = None
    high: Floats | None = None
    """The edges of a band about the curve, over the same x."""
    unnamed: bool = False
    """Left out of the legend: one of many of its kind."""


@dataclass(frozen=True)
class Level:
    """A horizontal line to compare with, named (the report's value)."""

    name: str
    y: float


def hue(number: int) -> str:
    """Colour *number* of the series, for the theme in use."""
    hues = DARK_HUES if theme.current().dark else HUES
    return hues[number % len(hues)]


def look_of(line: Line) -> tuple[object, ...]:
    """All of *line* but its points; that it is marked belongs to it."""
    marked = line.faint or line.xs.size > MARKED_UP_TO
    return (line.name, line.hue, line.width, line.dashed, line.faint, line.low is None, line.unnamed, marked, is_smooth(line))


def is_smooth(line: Line) -> bool:
    """Whether *line* is drawn with smooth edges."""
    return line.xs.size <= SMOOTH_UP_TO


def sample_of(line: Line) -> str:
    """A piece of the line for the legend."""
    colour = QColor(hue(line.hue))
    if line.faint:
        ground = QColor(theme.current().panel)
        colour = QColor(
            (3 * colour.red() + 5 * ground.red()) // 8,
            (3 * colour.green() + 5 * ground.green()) // 8,
            (3 * colour.blue() + 5 * ground.blue()) // 8,
        )
    return f'<span style="color:{colour.name()}">{"╍╍" if line.dashed else "━━"}</span>'


def pen_of(line: Line, density: float) -> QPen:
    """What a curve is drawn with; *density*: device pixels to a logical one, for a cosmetic pen is measured in the former."""
    colour = QColor(hue(line.hue))
    if line.faint:
        colour.setAlpha(75)
    pen = QPen(colour, line.width * density, Qt.PenStyle.DashLine if line.dashed else Qt.PenStyle.SolidLine)
    pen.setCosmetic(True)
    return pen


def plain_pen(colour: str, width: float, density: float, *, dashed: bool = False) -> QPen:
    """A pen *width* logical pixels wide on any axes; *density*: as in `pen_of`."""
    pen = QPen(QColor(colour), width * density, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine)
    pen.setCosmetic(True)
    return pen


def drawable(line: Line, log: tuple[bool, bool], values: Floats | None = None) -> tuple[Floats, Floats]:
    """The curve, or its edge *values*, without what a logarithmic axis (across, down) cannot show."""
    ys = line.ys if values is None else values
    keep = np.isfinite(ys)
    if log[1]:
        keep &= ys > 0
    if log[0]:
        keep &= line.xs > 0
    return line.xs[keep], ys[keep]


def on_axes(xs: Floats, ys: Floats, log: tuple[bool, bool]) -> tuple[Floats, Floats]:
    """Where points stand on the axes: logarithms where these are logarithmic."""
    return (np.log10(xs) if log[0] else xs), (np.log10(ys) if log[1] else ys)


def has_room_above(level: Level, lines: Sequence[Line], log: tuple[bool, bool]) -> bool:
    """Whether the name of *level* fits between it and the upper edge; the highest of all has its name below it."""
    values = [on_axes(*drawable(line, log), log)[1] for line in lines]
    down = np.concatenate([each for each in values if each.size] or [np.empty(0)])
    if not down.size or (log[1] and level.y <= 0):
        return True
    y = float(np.log10(level.y)) if log[1] else level.y
    highest, lowest = max(float(down.max()), y), min(float(down.min()), y)
    return y + NAME_HEIGHT * (highest - lowest) < highest


def clear_place(level: Level, lines: Sequence[Line], log: tuple[bool, bool], *, above: bool) -> float:
    """Where the name of *level* begins, *above* it or below, as a part of the width: of `PLACES`, the first that hides least of *lines*."""
    curves = [on_axes(*drawable(line, log), log) for line in lines]
    curves = [(xs, ys) for xs, ys in curves if xs.size]
    if not curves or (log[1] and level.y <= 0):
        return PLACES[0]
    across, down = (np.concatenate(values) for values in zip(*curves, strict=True))
    y = float(np.log10(level.y)) if log[1] else level.y
    left, width = float(across.min()), float(across.max() - across.min())
    height = NAME_HEIGHT * float(max(down.max(), y) - min(down.min(), y))
    low, high = (y, y + height) if above else (y - height, y)

    def hidden(place: float) -> int:
        under = np.linspace(left + place * width, left + min(place + NAME_WIDTH, 1.0) * width, 25)
        values = [np.interp(under, xs, ys, left=np.nan, right=np.nan) for xs, ys in curves]
        return sum(int(((value >= low) & (value <= high)).sum()) for value in values)

    return min(PLACES, key=hidden)


def in_words(line: Line, x: float, y: float, labels: tuple[str, str]) -> str:
    """One point as it is read."""
    return f"{line.name}: {labels[0]} {short_number(x, 9)}, {labels[1]} {short_number(y, 7)}"
