"""Colours that tell things apart and mean nothing else: a few for series, and as many as it takes for numbered things in a matrix."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from hw2gui.arrays import Floats
from hw2gui.colour import Scale
from hw2gui.widgets import theme
from hw2gui.widgets.themes import DARK, LIGHT

_LIGHT = ("#0b63b5", "#c44900", "#007a5a", "#a83c83", "#8a6100", "#3d6fd9", "#5b5f66")
_DARK = ("#5aa9f0", "#ff9d5c", "#3fc79a", "#e58bc4", "#e0b84f", "#9db8ff", "#a3acb8")
"""After Okabe and Ito, told apart by colour-blind readers; deepened for white and lightened for dark ground."""

EVEN = 48
"""Up to so many things get hues at even distances; more get them by the golden angle, and colours come again."""
_TABLE = 1021
_LINK_HUE, _LINK_WIDTH = 38.0, 34.0
"""The hue of what is lit, in degrees, and how wide a gap around it stays free."""


def series(index: int) -> QColor:
    """The colour of series *index* in the present theme."""
    colours = _DARK if theme.current().dark else _LIGHT
    return QColor(colours[index % len(colours)])


@dataclass(frozen=True)
class IdScale(Scale):
    """A colour for each whole number from 1 to ``count``; 0 is nothing and has the colour of the ground.

    A view takes it in the place of a colour map: ``IdScale.of(25)``.
    """

    count: int = 1

    @staticmethod
    def of(count: int) -> IdScale:
        """The scale for *count* things."""
        return IdScale("diverging", 0.0, float(max(count, 1)), count)

    def colours(self, values: Floats, dark: bool, mixed: int = 0xFF8250C8) -> NDArray[np.uint32]:
        """0xffRRGGBB for each number."""
        table = _id_table(self.count if self.count <= EVEN else 0, dark)
        ids = np.nan_to_num(values, nan=0.0).astype(np.int64)
        return np.where(ids <= 0, table[-1], table[(ids - 1) % (table.size - 1)])


@cache
def _id_table(even: int, dark: bool) -> NDArray[np.uint32]:
    """The colours of the numbers, and last that of nothing."""
    count = even or _TABLE
    free = 360.0 - _LINK_WIDTH
    colours = []
    for number in range(count):
        turn = number / count if even else number * 0.6180339887498949 % 1.0
        hue = (_LINK_HUE + _LINK_WIDTH / 2 + free * turn) % 360
        level = number % 3
        lightness = (0.50, 0.64, 0.40)[level] if not dark else (0.58, 0.70, 0.46)[level]
        colours.append(QColor.fromHslF(hue / 360, 0.58, lightness).rgb())
    ground = DARK.sunken if dark else LIGHT.panel
    return np.array([*colours, QColor(ground).rgb()], dtype=np.uint32)
