from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.errors import InputError
from hw2gui.seq2seq.vocabulary import END, PAD, SPECIALS, START, UNKNOWN, Vocabulary, names

TEXTS = st.lists(st.text(max_size=8), min_size=1, max_size=6).filter(any)


@given(TEXTS)
def test_what_it_was_made_of_comes_back(texts: list[str]) -> None:
    vocabulary = Vocabulary.of(texts)
    assert len(vocabulary) == len(SPECIALS) + len(set("".join(texts)))
    for text in texts:
        numbers = vocabulary.encode(text)
        assert len(numbers) == len(text) and all(number >= len(SPECIALS) for number in numbers)
        assert vocabulary.decode(numbers) == text
        assert vocabulary.decode([START, *numbers, END, *numbers, PAD]) == text
        assert vocabulary.unknown(text) == ()


@given(TEXTS)
def test_the_order_is_that_of_code_points_whatever_the_texts_order(texts: list[str]) -> None:
    assert Vocabulary.of(texts) == Vocabulary.of(reversed(texts))
    assert list(Vocabulary.of(texts).characters) == sorted(set("".join(texts)))


def test_unknown_characters_are_shown_never_a_crash() -> None:
    vocabulary = Vocabulary.of(["abc"])
    assert vocabulary.encode("axbü") == [4, UNKNOWN, 5, UNKNOWN]
    assert vocabulary.decode([4, UNKNOWN, 5]) == "a\N{REPLACEMENT CHARACTER}b"
    assert vocabulary.unknown("xaxü") == ("x", "ü")
    assert names(vocabulary, [START, 4, UNKNOWN, END]) == ("<s>", "a", "<unk>", "</s>")
    for number in (-1, len(vocabulary)):
        with pytest.raises(IndexError):
            vocabulary.decode([number])


@pytest.mark.parametrize("characters", [(), ("a", "a"), ("ab",), ("",), (7,)])
def test_an_alphabet_is_of_single_different_characters(characters: tuple[str, ...]) -> None:
    with pytest.raises(InputError):
        Vocabulary(characters)
