from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.datasets.arabic import (
    HINTS,
    KEYBOARD,
    LETTERS,
    VARIANTS,
    hints,
    is_diacritic,
    is_presentation_form,
    is_right_to_left,
    isolated,
    romanised,
    scripts_in,
    visual_order,
)


def test_letters_are_those_of_unicode() -> None:
    block = [chr(code) for code in range(0x0621, 0x064B)]
    assert [c for c in block if unicodedata.category(c) == "Lo" and not 0x063B <= ord(c) <= 0x063F] == list(LETTERS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("محمد", "m·h·m·d"), ("خديجة علي", "kh·d·y·j·h '·l·y"), ("مُحَمَّد", "m·h·m·d"), ("آدم Ali", "aa·d·m A·l·i"), ("", "")],
)
def test_romanised(text: str, expected: str) -> None:
    assert romanised(text) == expected


@given(st.text())
def test_a_hint_for_every_character(text: str) -> None:
    assert len(hints(text)) == len(text)


def test_hints_are_ascii_and_cover_the_alphabet() -> None:
    assert set(LETTERS) <= set(HINTS)
    assert all(hint.isascii() and hint for hint in HINTS.values())


def test_isolated_letters_cannot_join() -> None:
    for letter, shape in zip(LETTERS, isolated(LETTERS), strict=True):
        assert unicodedata.decomposition(shape).startswith("<isolated>")
        assert unicodedata.normalize("NFKC", shape) == letter
    assert isolated("a b\u064e\u200f\ud800گ") == ("a", "␣", "b", "◌\u064e", "\ufffd", "\ufffd", "ﮒ")


@given(st.text())
def test_isolated_keeps_the_number(text: str) -> None:
    shown = isolated(text)
    assert len(shown) == len(text)
    assert all(shown)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("محمد", ("Arabic",)),
        ("محمد Ali", ("Arabic", "Latin")),
        ("Ali محمد", ("Latin", "Arabic")),
        ("ﻣﺤﻤﺪ ـ ١٢", ("Arabic",)),
        ("12 .,!", ()),
        ("Жé漢仮か", ("Cyrillic", "Latin", "CJK", "Hiragana")),
        ("ꦄ", ("Other",)),
    ],
)
def test_scripts(text: str, expected: tuple[str, ...]) -> None:
    assert scripts_in(text) == expected


def test_kinds_of_characters() -> None:
    assert all(is_diacritic(mark) for mark in "\u064b\u064e\u0650\u0651\u0652\u0670\u06d6")
    assert not any(is_diacritic(other) for other in "مـأ\u0653\u0654a\u0301 ")
    assert all(is_presentation_form(shape) for shape in "ﻣﺪﷲ\ufe70")
    assert not any(is_presentation_form(other) for other in f"{LETTERS}a\ufeff\ufe64")


def test_the_keyboard_can_type_every_letter() -> None:
    typed = [key.text for row in KEYBOARD for key in row]
    assert set("".join(typed)) == set(LETTERS)
    assert len(set(typed)) == len(typed)
    latin = [key.latin for row in KEYBOARD for key in row]
    assert len(set(latin)) == len(latin)
    assert "".join(key.latin for key in KEYBOARD[0]) == "qwertyuiop[]"
    assert KEYBOARD[1][0] == ("ش", "a", "sheen")
    assert next(key.name for key in KEYBOARD[2] if key.text == "لا") == "lam + alef"


def test_variants_are_characters() -> None:
    assert all(len(character) == 1 and variants and character not in variants for character, variants in VARIANTS.items())


@pytest.mark.parametrize(("text", "expected"), [("محمد", True), ("Ali محمد", False), ("12 محمد", True), ("12", False), ("", False)])
def test_direction(text: str, expected: bool) -> None:
    assert is_right_to_left(text) is expected


def seen(text: str) -> str:
    return "".join(text[index] for index in visual_order(text))


# A stands for Arabic: أ ب ت read 1 2 3 from right to left.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("أبت", "تبأ"),
        ("abc", "abc"),
        ("أبت xyz", "xyz تبأ"),
        ("xyz أبت", "xyz تبأ"),
        ("xyz أبت uvw", "xyz تبأ uvw"),
        ("أب 12 تث", "ثت 12 بأ"),
        ("أب 1.5", "1.5 بأ"),
        ("أب!", "!بأ"),
        ("xy أب!", "xy بأ!"),
        ("أب ١٢", "١٢ بأ"),
        ("أب 1-5", "5-1 بأ"),  # after Arabic letters a hyphen does not hold a number together
        ("1-5 أب", "بأ 1-5"),
    ],
)
def test_visual_order(text: str, expected: str) -> None:
    # The expected orders are those in which Qt lays the texts out.
    assert seen(text) == expected


def test_marks_follow_their_letter_as_it_is_read() -> None:
    assert seen("ب\u064eت\u0651\u0650") == "\u0650\u0651ت\u064eب"
    assert seen("e\u0301x") == "e\u0301x"


@given(st.text())
def test_visual_order_is_an_order(text: str) -> None:
    assert sorted(visual_order(text)) == list(range(len(text)))


@given(st.text(LETTERS))
def test_a_word_is_turned(word: str) -> None:
    assert visual_order(word) == tuple(reversed(range(len(word))))
