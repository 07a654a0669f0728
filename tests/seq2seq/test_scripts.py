from __future__ import annotations

import unicodedata

import pytest

from hw2gui.seq2seq.scripts import ROMAN, axis_label, code_point, direction, in_order, mixed, romanised


@pytest.mark.parametrize(
    ("text", "runs"), [("", "ltr"), ("abc", "ltr"), ("سلام", "rtl"), ("12 سلام", "rtl"), ("a سلام", "ltr"), ("שלום", "rtl"), ("123", "ltr")]
)
def test_the_first_strong_character_decides(text: str, runs: str) -> None:
    assert direction(text) == runs


def test_mixed_scripts_are_noticed() -> None:
    assert mixed("aس") and not mixed("abc 1") and not mixed("سلام 1")


def test_symbols_alone() -> None:
    assert axis_label("ش") == "ش"
    assert axis_label("\N{ARABIC FATHA}").startswith("\N{DOTTED CIRCLE}")
    assert axis_label(" ").strip() == axis_label(" ") != ""
    assert axis_label("</s>") != "</s>" and len(axis_label("</s>")) == 1
    assert axis_label("<unk>") == "<unk>"


def test_visual_order_turns_what_runs_from_right_to_left_alone() -> None:
    assert in_order("abc", "rtl", visual=True) == ["c", "b", "a"]
    assert in_order("abc", "rtl", visual=False) == in_order("abc", "ltr", visual=True) == ["a", "b", "c"]


def test_the_hint_covers_the_alphabet_and_leaves_the_rest() -> None:
    letters = [chr(point) for point in range(0x621, 0x64B) if unicodedata.category(chr(point)) == "Lo" and point not in range(0x63B, 0x640)]
    assert set(letters) <= set(ROMAN)
    assert romanised("شمس x") == "shms x"
    assert all(unicodedata.bidirectional(character) == "L" or not character.isalpha() for hint in ROMAN.values() for character in hint[:1])
    assert code_point("ش") == "U+0634 ARABIC LETTER SHEEN"
