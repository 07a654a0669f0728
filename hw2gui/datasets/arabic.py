"""Arabic letters for people and programs: kinds of characters, a romanised hint, letters that stand alone, visual order, a keyboard.

The hint is for those who cannot read Arabic: one syllable-like chunk of ASCII for each letter, after the Library of Congress' romanisation
without its dots and macrons (so that ه and ح are both h, and ت and ط both t). Short vowels are not written in Arabic, so the hint has none.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

TATWEEL = "ـ"
ALEF_VARIANTS = "أإآٱ"

VARIANTS = {
    **dict.fromkeys(ALEF_VARIANTS, "ا"),
    "ى": "ي",
    "ی": "يى",
    "ې": "ي",
    "ئ": "ي",
    "ؤ": "و",
    "ة": "هت",
    "ہ": "ه",
    "ھ": "ه",
    "ک": "ك",
    "پ": "ب",
    "ڤ": "ف",
    "گ": "ك",
    "چ": "ج",
    "ژ": "ز",
    "،": ",",
    "؛": ";",
    "؟": "?",
}
"""Characters and the ones usually written where they cannot be, the nearest first."""

HINTS = {
    "ا": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "س": "s", "ش": "sh",
    "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "'", "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h",
    "و": "w", "ي": "y", "ى": "a", "ة": "h", "ء": "'", "أ": "a", "إ": "i", "آ": "aa", "ٱ": "a", "ؤ": "w'", "ئ": "y'",
    "پ": "p", "چ": "ch", "ژ": "zh", "ک": "k", "گ": "g", "ڤ": "v", "ی": "y", "ې": "y", "ہ": "h", "ھ": "h",
    "،": ",", "؛": ";", "؟": "?",
}  # fmt: skip
"""The romanised hint of each letter."""

LETTERS = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"
"""The 36 letters of Arabic as they are typed, hamza on its seats among them, in the order of their code points."""

_SCRIPTS = (
    "ARABIC", "LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARMENIAN", "GEORGIAN", "DEVANAGARI", "BENGALI", "THAI", "HANGUL", "HIRAGANA",
    "KATAKANA", "CJK", "SYRIAC", "ETHIOPIC", "TIFINAGH",
)  # fmt: skip
_RIGHT_TO_LEFT = ("R", "AL")
_NUMBER = ("EN", "AN")


class Key(NamedTuple):
    """A key of the on-screen keyboard: the text it types, the key of a Latin keyboard in its place ("" for none), its name for people."""

    text: str
    latin: str
    name: str


def _key(text: str, latin: str) -> Key:
    return Key(text, latin, " + ".join(_letter_name(character) for character in text))


def _letter_name(character: str) -> str:
    return unicodedata.name(character).removeprefix("ARABIC LETTER ").lower()


KEYBOARD: tuple[tuple[Key, ...], ...] = (
    tuple(map(_key, "ضصثقفغعهخحجد", "qwertyuiop[]")),
    tuple(map(_key, "شسيبلاتنمكط", "asdfghjkl;'")),
    tuple(map(_key, ("ئ", "ء", "ؤ", "ر", "لا", "ى", "ة", "و", "ز", "ظ"), "zxcvbnm,./")),
    tuple(map(_key, "أإآذ", ("H", "Y", "N", "`"))),
)
"""The rows of the usual Arabic keyboard (101), each from left to right as it lies on the desk, and below them what it has behind Shift (its
Latin letter is a capital) or beside the digits. Every one of :data:`LETTERS` has a key."""


def is_presentation_form(character: str) -> bool:
    """Whether it lies in the blocks of ready-made Arabic shapes (FB50–FDFF, FE70–FEFC), which are not for typing."""
    return "\ufb50" <= character <= "\ufdff" or "\ufe70" <= character <= "\ufefc"


def is_diacritic(character: str) -> bool:
    """Whether it is an Arabic mark above or below a letter; madda and hamza, which make another letter of theirs, are not counted."""
    if character in "\u0653\u0654\u0655":
        return False
    return unicodedata.category(character) == "Mn" and unicodedata.name(character, "").startswith("ARABIC")


def scripts_in(text: str) -> tuple[str, ...]:
    """The scripts of the letters of *text* ("Arabic", "Latin", …, or "Other"), in the order of their first appearance.

    Digits, spaces and punctuation belong to none. More than one: the text is mixed.
    """
    return tuple(dict.fromkeys(_script(character) for character in text if character.isalpha() and character != TATWEEL))


def _script(character: str) -> str:
    words = unicodedata.name(character, "").replace("-", " ").split()
    return next((script.capitalize() if script != "CJK" else script for script in _SCRIPTS if script in words), "Other")


def hints(text: str) -> tuple[str, ...]:
    """The romanised hint of each character, as many as *text* has; a character that is not Arabic is its own, a diacritic has none ("")."""
    return tuple("" if is_diacritic(character) or character == TATWEEL else HINTS.get(character, character) for character in text)


def romanised(text: str) -> str:
    """The hints of a whole text, letters kept apart by points so that each can be found: محمد is "m·h·m·d"."""
    return " ".join("·".join(hint for hint in hints(word) if hint) for word in text.split())


def isolated(text: str) -> tuple[str, ...]:
    """Each character as it stands alone, for the axes of a plot: letters in their isolated form, which nothing beside them can join.

    A space shows as ␣, a mark on a dotted circle, and what cannot be seen as U+FFFD.
    """
    return tuple(_isolated(character) for character in text)


def _isolated(character: str) -> str:
    if character.isspace():
        return "␣"
    if unicodedata.combining(character):
        return f"◌{character}"
    if not character.isprintable():
        return "\N{REPLACEMENT CHARACTER}"
    return _ISOLATED.get(character, character)


def _isolated_forms() -> dict[str, str]:
    """From the decompositions of the presentation forms themselves: "<isolated> 0645" is what U+FEE1 says of itself."""
    found = {}
    for code in (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD)):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and parts[0] == "<isolated>":
            found[chr(int(parts[1], 16))] = chr(code)
    return found


_ISOLATED = _isolated_forms()


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left (UAX #9, P2 and P3)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction == "L":
            return False
        if direction in _RIGHT_TO_LEFT:
            return True
    return False


def visual_order(text: str) -> tuple[int, ...]:
    """The indices of the characters of *text* as they are seen from left to right.

    The Unicode bidirectional algorithm (UAX #9) for one line without embeddings, brackets treated as other punctuation: Arabic runs to the
    left, Latin letters and numbers within it to the right; spaces and punctuation go with their neighbours if both agree and with the whole
    line otherwise. A mark comes after its letter in the direction the letter is read in, for each stands alone (no L3).
    """
    base = int(is_right_to_left(text))
    levels = _levels(text, base)
    order = list(range(len(text)))
    for level in range(max(levels, default=0), 0, -1):
        at = 0
        while at < len(order):
            end = at
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[at:end] = reversed(order[at:end])
            at = end + 1
    return tuple(order)


def _levels(text: str, base: int) -> list[int]:
    """The embedding level of each character: odd runs to the left."""
    kinds: list[str] = []  # "L", "R", "N" for a number, "" for what is neutral
    strong = of_line = "R" if base else "L"
    after_arabic = False
    for index, character in enumerate(text):
        direction = unicodedata.bidirectional(character)
        if direction == "NSM":
            kinds.append(kinds[-1] if kinds else "")
        elif direction == "L" or direction in _RIGHT_TO_LEFT:
            strong, after_arabic = ("L" if direction == "L" else "R"), direction == "AL"
            kinds.append(strong)
        elif direction in _NUMBER:
            kinds.append("L" if strong == "L" and direction == "EN" else "N")  # W7
        elif direction in ("CS", "ES") and _inside_number(text, index, direction, after_arabic):
            kinds.append(kinds[-1])
        else:
            kinds.append("")
    _settle(kinds, of_line)
    level = {"L": 2 * base, "R": 1, "N": 2}
    return [level[kind] for kind in kinds]


def _inside_number(text: str, index: int, separator: str, after_arabic: bool) -> bool:
    """Whether the separator at *index* is part of a number: 1,5 or 1-5, the latter not after an Arabic letter (W2, W4)."""
    around = {unicodedata.bidirectional(text[at]) if 0 <= at < len(text) else "" for at in (index - 1, index + 1)}
    if after_arabic:
        around = {"AN" if direction == "EN" else direction for direction in around}
    return around == {"EN"} or (around == {"AN"} and separator == "CS")


def _settle(kinds: list[str], of_line: str) -> None:
    """Give neutrals the direction of both neighbours where they agree, numbers counting as right to left, else the line's (N1, N2)."""
    at = 0
    while at < len(kinds):
        end = at
        while end < len(kinds) and not kinds[end]:
            end += 1
        if end > at:
            before = kinds[at - 1] if at else of_line
            after = kinds[end] if end < len(kinds) else of_line
            sides = {"R" if kind == "N" else kind for kind in (before, after)}
            kinds[at:end] = [sides.pop() if len(sides) == 1 else of_line] * (end - at)
        at = end + 1
