"""The axes of a plot: round numbers with as many decimals as they need, the same for all; whole ones where halves mean nothing."""

from __future__ import annotations

import math
from typing import Any

import pyqtgraph as pg
from PySide6.QtGui import QColor

from hw2gui.widgets import theme
from hw2gui.widgets.plot_lines import plain_pen

ROOM = {"bottom": 52.0, "left": 26.0}
"""How many logical pixels of an axis a number takes, with the room around it."""

WHOLE_ROOM, DIGIT = 20.0, 8.0
"""The same for whole numbers across: the room around one, and each of its digits."""

BELOW = -1000.0
"""Where the axes and their grid lie: under all curves."""

LEVELS = list[tuple[float, list[float]]]
"""Of ticks: the distance between them and their places, those with numbers first."""


def step(span: float, most: float, *, whole: bool = False) -> float:
    """The smallest of 1, 2, 5 times a power of ten that divides *span* into at most *most* parts; a whole number if *whole*."""
    if not span > 0 or not math.isfinite(span):
        return 1.0
    power = 10.0 ** math.floor(math.log10(span / most))
    found = next(factor * power for factor in (1, 2, 5, 10) if factor * power * most >= span * (1 - 1e-9))
    return max(1.0, found) if whole else found


def between(low: float, high: float, spacing: float) -> list[float]:
    """The multiples of *spacing* from *low* to *high*."""
    first, last = math.ceil(low / spacing - 1e-6), math.floor(high / spacing + 1e-6)
    return [number * spacing for number in range(first, last + 1)]


def linear_levels(low: float, high: float, most: float, *, whole: bool = False) -> LEVELS:
    """Numbered ticks, and small ones between them."""
    spacing = step(high - low, most, whole=whole)
    leading = round(spacing / 10.0 ** math.floor(math.log10(spacing) + 1e-9))
    small = spacing / (4 if leading == 2 else 5)
    levels: LEVELS = [(spacing, between(low, high, spacing))]
    if not whole or small >= 1:
        numbered = {round(value / small) for value in levels[0][1]}
        levels.append((small, [value for value in between(low, high, small) if round(value / small) not in numbered]))
    return levels


def log_levels(low: float, high: float, most: float) -> LEVELS:
    """Ticks of an axis that shows decimal logarithms from *low* to *high*: 1, 2, 5 of a decade, whole decades only where these are many,
    or, within less than a decade, round numbers as on any axis.
    """
    if high - low < 1:
        values = [value for value in between(10.0**low, 10.0**high, step(10.0**high - 10.0**low, most)) if value > 0]
        return [(1.0, [math.log10(value) for value in values])]
    factors = (1, 2, 5) if 3 * (high - low) <= most else (1,)
    every = 1 if len(factors) > 1 else max(1, math.ceil((high - low) / most))
    decades = range(math.floor(low), math.ceil(high) + 1)
    numbered = [math.log10(factor) + decade for decade in decades if decade % every == 0 for factor in factors]
    small = [math.log10(factor) + decade for decade in decades for factor in range(1, 10) if factor not in factors]
    return [(1.0, [x for x in numbered if low <= x <= high]), (0.1, [x for x in small if low <= x <= high])]


def tick_text(value: float, spacing: float) -> str:
    """*value* among others *spacing* apart: as many decimals as the distance has, thousands grouped, a true minus sign."""
    if spacing >= 1e7 or 0 < spacing < 1e-6:
        return f"{value:g}".replace("-", "−")
    places = max(0, -math.floor(math.log10(spacing) + 1e-9))
    return f"{value + 0.0:,.{places}f}".replace("-", "−")


def log_text(exponent: float) -> str:
    """The number whose decimal logarithm this is."""
    value = 10.0**exponent
    return f"{value:,.0f}" if value >= 1000 and value < 1e6 else f"{value:.4g}".replace("e-0", "e-").replace("e+0", "e").replace("-", "−")


class Axis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """An axis of `LivePlot`. *whole*: it counts something."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self.whole = False
        self.room = ROOM[side]
        # Numbers stand at the first level only: all of one distance, so all with as many decimals.
        self.setStyle(maxTextLevel=0)
        # An accuracy of 0.98 is not 980 thousandths.
        self.enableAutoSIPrefix(False)

    def tickValues(self, low: float, high: float, size: float) -> LEVELS:
        """What pyqtgraph asks an axis for."""
        low, high = sorted((low, high))
        room = self.room
        if self.whole and self.orientation == "bottom" and math.isfinite(high):
            room = WHOLE_ROOM + DIGIT * len(f"{high:,.0f}")
        most = max(2.0, size / room)
        if not math.isfinite(low) or not math.isfinite(high) or high <= low:
            return []
        # Of a linear axis only what is numbered: each tick is a line of the grid.
        return log_levels(low, high, most) if self.logMode else linear_levels(low, high, most, whole=self.whole)[:1]

    def tickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
        """What stands at the ticks."""
        return [log_text(value) if self.logMode else tick_text(value * scale, spacing * scale) for value in values]


def dress_axis(axis: Axis, label: str, density: float) -> None:
    """Give *axis* its name, the colours of the theme, and the grid that every plot has; *density*: device pixels to a logical one."""
    colours = theme.current()
    for pen in (axis.setPen, axis.setTickPen):
        pen(plain_pen(colours.line, 1, density))
    axis.setTextPen(QColor(colours.muted))
    axis.setGrid(255)
    axis.setZValue(BELOW)
    axis.setLabel(label, color=colours.text)
