"""What a run is judged by. Plain data."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Score:
    """What a run is judged by after each epoch: ``validation_<metric>`` and ``test_<metric>``, and whether more of it is better."""

    metric: str
    title: str
    more: bool
    formula: str = ""
    """What it is, in a sentence."""


def score_text(value: float) -> str:
    """*value* to four digits; empty for NaN, which is nothing measured."""
    return "" if math.isnan(value) else f"{value:.4f}"
