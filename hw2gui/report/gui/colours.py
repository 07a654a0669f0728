"""The colour of a verdict; its sign and its word say the same without."""

from __future__ import annotations

from hw2gui.report.verdicts import Kind
from hw2gui.widgets import theme

SIGNS: dict[Kind, str] = {
    "agrees": "✓",
    "right": "✓",
    "mostly": "✓",
    "open": "•",
    "quick": "•",
    "undecided": "?",
    "partly": "◐",
    "slip": "◐",
    "differs": "≠",
    "wrong": "✗",
    "missing": "–",
}


def colour(kind: Kind) -> str:
    """As #rrggbb, in the theme now in use."""
    colours = theme.current()
    if kind in ("agrees", "right", "mostly"):
        return colours.good
    if kind in ("partly", "slip", "undecided"):
        return colours.warning
    return colours.bad if kind in ("differs", "wrong") else colours.muted
