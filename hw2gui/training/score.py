"""What a run is judged by. Plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Score:
    """What a run is judged by after each epoch: ``validation_<metric>`` and ``test_<metric>``, and whether more of it is better."""

    metric: str
    title: str
    more: bool
    formula: str = ""
    """What it is, in a sentence."""
