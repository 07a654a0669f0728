"""A number of any size to type or step through: a learning rate of 0.00001 as well as one of 10."""

from __future__ import annotations

import math
import re

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QWidget

from hw2gui.widgets.fields import RealField

DECIMALS = 12
STEPS = (1.0, 2.0, 5.0)
"""Up and down go through 1, 2, 5, 10, 20, 50 …"""
_HALF_TYPED = re.compile(r"[+-]?\d*[.,]?\d*([eE][+-]?\d*)?")


class NumberField(RealField):
    """A number from *low* to *high*, shown as 5e-05 where that is shorter; 0 is stepped to from the smallest step above it."""

    def __init__(self, name: str, what: str, low: float, high: float, parent: QWidget | None = None) -> None:
        super().__init__(name, what, low, high, STEPS[0], DECIMALS, parent)

    def textFromValue(self, value: float) -> str:
        """As short as it can be said."""
        return f"{value:.6g}"

    def valueFromText(self, text: str) -> float:
        """What was typed; a comma is a point."""
        return _number(text)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Numbers within the range, and what may become one."""
        value = _number(text)
        if math.isfinite(value) and self.minimum() <= value <= self.maximum():
            return QValidator.State.Acceptable, text, position
        half = _HALF_TYPED.fullmatch(text.strip()) is not None
        return (QValidator.State.Intermediate if half else QValidator.State.Invalid), text, position

    def stepBy(self, steps: int) -> None:
        """The next or the last number of the row 1, 2, 5, 10."""
        value = self.value()
        for _ in range(abs(steps)):
            value = _neighbour(value, up=steps > 0)
        smallest = self.minimum() if self.minimum() > 0 else 10.0 ** -(DECIMALS // 2)
        self.setValue(0.0 if steps < 0 and value < smallest and self.minimum() <= 0 else value)


def _neighbour(value: float, *, up: bool) -> float:
    if value <= 0:
        return 10.0 ** -(DECIMALS // 2) if up else 0.0
    exponent = math.floor(math.log10(value) + 1e-9)
    row = [step * 10.0**power for power in (exponent - 1, exponent, exponent + 1) for step in STEPS]
    near = value * 1e-6
    return next(one for one in row if one > value + near) if up else next(one for one in reversed(row) if one < value - near)


def _number(text: str) -> float:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return math.nan
