"""Symbols as they are shown: alone on the axes of a plot, and in the order they are read on screen."""

from __future__ import annotations

from collections.abc import Sequence

from hw2gui.datasets.arabic import HINTS, is_right_to_left, isolated, visual_order
from hw2gui.seq2seq.vocabulary import END, REPLACEMENT, SPECIALS, UNKNOWN

SIGNS = {SPECIALS[END]: "∎", SPECIALS[UNKNOWN]: REPLACEMENT}
"""What stands for special symbols on an axis."""
LEAST_LINE = 0.03
"""Where attention is drawn as lines, shares below this have none."""


def symbol_label(symbol: str) -> str:
    """One symbol as it stands alone: a letter in its isolated form, signs for the end and an unknown one, other special ones by name."""
    if symbol in SPECIALS:
        return SIGNS.get(symbol, symbol)
    return isolated(symbol)[0]


def symbol_hint(symbol: str) -> str:
    """Latin letters for an Arabic one; empty for any other."""
    return HINTS.get(symbol, "")


def symbol_name(symbol: str) -> str:
    """One symbol in a sentence: the end and the unknown one in words, a space as a sign."""
    if symbol in SPECIALS:
        return {SPECIALS[END]: "the end", SPECIALS[UNKNOWN]: "an unknown character"}.get(symbol, symbol)
    return "␣" if symbol.isspace() else symbol


def axis_order(symbols: Sequence[str], *, visual: bool) -> tuple[int, ...]:
    """Positions from left to right: with *visual* as a text is seen that runs from right to left, numbers in it from left to right,
    special symbols (the end) with their neighbours.
    """
    text = "".join(symbol if len(symbol) == 1 else REPLACEMENT for symbol in symbols)
    return visual_order(text) if visual and is_right_to_left(text) else tuple(range(len(symbols)))
