from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hw2gui.datasets.arabic import LETTERS
from hw2gui.seq2seq.symbols import axis_order, symbol_label, symbol_name
from hw2gui.seq2seq.vocabulary import END, SPECIALS


def seen(text: str, *, visual: bool = True) -> str:
    symbols = (*text, SPECIALS[END])
    return "".join({SPECIALS[END]: "∎"}.get(symbols[at], symbols[at]) for at in axis_order(symbols, visual=visual))


def test_arabic_is_seen_from_right_to_left_its_numbers_not() -> None:
    assert seen("سمر") == "∎رمس"
    assert seen("عام 2020") == "∎2020 ماع"
    assert seen("in 2020") == "in 2020∎"
    assert seen("سمر", visual=False) == "سمر∎"


@given(st.text(LETTERS, min_size=1), st.booleans())
def test_the_order_is_of_all_positions_and_turned_for_arabic_alone(word: str, visual: bool) -> None:
    order = axis_order((*word, SPECIALS[END]), visual=visual)
    places = tuple(range(len(word) + 1))
    assert order == (places[::-1] if visual else places)


def test_special_symbols_have_signs_on_axes_and_names_in_sentences() -> None:
    assert symbol_label(SPECIALS[END]) == "∎"
    assert symbol_name(SPECIALS[END]) == "the end"
    assert symbol_name(" ") == "␣"
