"""Writing: which way a text runs, what a single character looks like on an axis, and how Arabic letters are written in Latin ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Literal, TypeVar

from hw2gui.seq2seq.vocabulary import SPECIALS

Direction = Literal["ltr", "rtl"]
Item = TypeVar("Item")

DOTTED_CIRCLE = "\N{DOTTED CIRCLE}"
SPACE = "\N{OPEN BOX}"
END_MARK = "\N{END OF PROOF}"


ROMAN = {
    "ء": "ʾ", "آ": "ʾā", "أ": "ʾa", "ؤ": "ʾu", "إ": "ʾi", "ئ": "ʾy", "ا": "ā", "ب": "b", "ة": "h/t", "ت": "t", "ث": "th", "ج": "j",
    "ح": "ḥ", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "س": "s", "ش": "sh", "ص": "ṣ", "ض": "ḍ", "ط": "ṭ", "ظ": "ẓ",
    "ع": "ʿ", "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "w/ū", "ى": "ā", "ي": "y/ī",
    "پ": "p", "چ": "ch", "ڤ": "v", "گ": "g", "ژ": "zh",
}  # fmt: skip
"""Arabic letters by sound, after the tables of the American Library Association and the Library of Congress: a hint, not a reading."""


def direction(text: str) -> Direction:
    """Which way *text* runs: that of its first strong character (Unicode Standard Annex 9, rules P2 and P3); "ltr" where it has none."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def mixed(text: str) -> bool:
    """Whether *text* has strong characters of both directions."""
    kinds = {unicodedata.bidirectional(character) for character in text}
    return "L" in kinds and bool(kinds & {"R", "AL"})


def axis_label(symbol: str) -> str:
    """How one symbol is written alone: a letter in its isolated form, a mark on a dotted circle, a space and the end as signs."""
    if symbol in SPECIALS:
        return END_MARK if symbol == "</s>" else symbol
    if symbol.isspace():
        return SPACE
    if unicodedata.combining(symbol):
        return DOTTED_CIRCLE + symbol
    return symbol


def in_order(items: Sequence[Item], runs: Direction, *, visual: bool) -> list[Item]:
    """*items*, one a character, as they come (logical order), or, with *visual*, as they stand on paper from left to right."""
    return list(reversed(items)) if visual and runs == "rtl" else list(items)


def romanised(text: str) -> str:
    """*text* with its Arabic letters written in Latin ones, letter by letter; vowels that are not written stay unwritten."""
    return "".join(ROMAN.get(character, character).partition("/")[0] for character in text)


def code_point(character: str) -> str:
    """``U+0634 ARABIC LETTER SHEEN``."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'unnamed')}"
