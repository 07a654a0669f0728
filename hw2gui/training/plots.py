"""What a plot shows, as plain data: for the window's live plot and for `hw2gui.training.figures` alike."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """Values ``y`` over ``x``. Lines of one ``group`` share a colour.

    ``low`` and ``high`` are the edges of a band about it, where there is one; ``thin`` marks one of several (a seed) beside their mean,
    or raw values behind smoothed ones.
    """

    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    group: int = 0
    thin: bool = False
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    dashed: bool = False


@dataclass(frozen=True)
class Level:
    """A dashed line at ``value`` across the plot, in the colour of its ``group``; grey where it belongs to no line."""

    label: str
    value: float
    group: int | None = None


@dataclass(frozen=True)
class Plot:
    """Lines over common axes, and what they come to in a sentence."""

    title: str
    x_label: str
    y_label: str
    lines: tuple[Line, ...]
    levels: tuple[Level, ...] = ()
    note: str = ""
    log_x: bool = False
    log_y: bool = False
    marks: tuple[tuple[float, str], ...] = ()
    """Vertical lines (x, name)."""


def mean_and_band(label: str, lines: tuple[Line, ...], group: int) -> Line:
    """The mean of *lines* (seeds), point by point over the x all of them have, with the band from the least to the greatest."""
    common = [x for x in lines[0].x if all(x in line.x for line in lines)]
    columns = [[line.y[line.x.index(x)] for line in lines] for x in common]
    mean = tuple(sum(column) / len(column) for column in columns)
    return Line(label, tuple(common), mean, group, low=tuple(map(min, columns)), high=tuple(map(max, columns)))
