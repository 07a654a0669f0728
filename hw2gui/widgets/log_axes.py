"""Two logarithmic axes: which place a whole number of any size has on them, and which numbers are marked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF

_PREFIXES = ("", " k", " M", " G", " T", " P", " E")


@dataclass(frozen=True)
class LogCurve:
    """A curve: its name for the legend, rising whole xs from 1, and whole ys (those below 1 are left out)."""

    name: str
    xs: tuple[int, ...]
    ys: tuple[int, ...]


@dataclass(frozen=True)
class LogMarker:
    """The movable line: where it stands, how far it may go, and each curve's exact value there."""

    value: int
    low: int
    high: int
    step: int = 1
    ys: tuple[int, ...] = ()


@dataclass(frozen=True)
class LogAxes:
    """The *area* of a plot in logical pixels, and the decimal logarithms of the axes' ends: *left* to *right*, *low* to *high*."""

    area: QRectF
    left: float
    right: float
    low: float
    high: float

    @classmethod
    def around(cls, curves: Sequence[LogCurve], area: QRectF) -> LogAxes | None:
        """Axes on which all of *curves* are seen, with some room above and below; None where there is nothing to see."""
        xs = [x for curve in curves for x, y in zip(curve.xs, curve.ys, strict=True) if y > 0]
        ys = [y for curve in curves for y in curve.ys if y > 0]
        if not xs:
            return None
        left, right = math.log10(min(xs)), math.log10(max(xs))
        low, high = math.log10(min(ys)), math.log10(max(ys))
        room = max(0.08 * (high - low), 0.12)
        return cls(area, left, max(right, left + 0.1), low - room, high + room)

    def x_position(self, value: float) -> float:
        """Where *value* > 0 lies, in logical pixels from the left."""
        return self.area.left() + self.area.width() * (math.log10(value) - self.left) / (self.right - self.left)

    def y_position(self, value: float) -> float:
        """Where *value* > 0 lies, in logical pixels from above."""
        return self.area.bottom() - self.area.height() * (math.log10(value) - self.low) / (self.high - self.low)

    def value_at(self, x: float) -> float:
        """What the position *x* stands for."""
        return float(10 ** (self.left + (self.right - self.left) * (x - self.area.left()) / self.area.width()))


def ticks(low: float, high: float) -> list[tuple[int, bool]]:
    """Whole numbers to mark between 10^low and 10^high: 1, 2, 5 of each decade on short axes, powers of ten on long ones."""
    digits = (1, 2, 5) if high - low < 4 else (1,)
    found = []
    for decade in range(max(0, math.floor(low)), math.floor(high) + 1):
        for digit in digits:
            value = digit * 10**decade
            if low - 1e-9 <= math.log10(value) <= high + 1e-9:
                found.append((value, digit == 1))
    return found


def short(value: int) -> str:
    """``5 k``, ``20 M``; beyond the prefixes a power of ten."""
    power = (len(str(value)) - 1) // 3
    if power >= len(_PREFIXES):
        return f"10^{len(str(value)) - 1}"
    return f"{value // 1000**power}{_PREFIXES[power]}"
