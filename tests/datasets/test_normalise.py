from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.datasets.arabic import LETTERS, is_diacritic, is_presentation_form
from hw2gui.datasets.normalise import MAX_LENGTH, Normalised, normalise, plain_sentence

texts = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("محمدأآاىة\u064e\u0651\u0653\u0654\u0640ﻣﺤ ﷲﷺ \t\n\u200f\u0301\u0323eEÉqñ.!?¿\ufc5e\ufe70\ufeff1٢"),
    ),
    max_size=30,
)
alphabets = st.sets(st.sampled_from("محدايهتeEq.?\u0301é12 "))


def kinds(found: Normalised) -> dict[str, int]:
    return {step.why: step.times for step in found.steps}


@pytest.mark.parametrize(
    ("text", "expected", "steps"),
    [
        ("محمد", "محمد", {}),
        ("مُحَمَّد", "محمد", {"diacritic": 4}),
        ("محـــمد", "محمد", {"tatweel": 3}),
        ("ﻣﺤﻤﺪ", "محمد", {"form": 4}),
        ("ﻻﷲ", "لاالله", {"form": 2}),
        ("\ufe70م", "م", {"form": 1, "diacritic": 1}),  # a lone mark is shown on a space, which nobody typed
        ("ا\u0653دم", "آدم", {"joined": 1}),
        ("ا\u0640\u0654", "أ", {"tatweel": 1, "joined": 1}),
        ("ب\u0654", "ب", {"diacritic": 1}),
        ("\u200fعلي\u200e\x07", "علي", {"invisible": 3}),
        ("  علي \t حسن\n", "علي حسن", {"space": 7}),
        ("e\u0301", "é", {"joined": 1}),
        ("\ud800", "", {"invisible": 1}),
        ("أحمد", "أحمد", {}),
        ("ک", "ک", {}),
    ],
)
def test_steps(text: str, expected: str, steps: dict[str, int]) -> None:
    found = normalise(text)
    assert found.text == expected
    assert kinds(found) == steps
    assert found.changed == bool(steps)
    assert len(found.sentences) == len(steps)


def test_sentences_say_what_was_done() -> None:
    assert normalise("مُحَمَّـد").sentences == ("tatweel (stretching) removed: 1", "diacritics removed: damma, fatha ×2, shadda")
    assert normalise("ﻣ ا\u0653").sentences == (
        "presentation forms written as letters: ﻣ → م",
        "marks joined with their letter: ا + maddah above → آ",
    )
    assert normalise("\x00\x01\x02\x03\x04\x05\x06\x07a").sentences[0].endswith("U+0004, U+0005 and 2 more")
    assert normalise("أ", known="ا").sentences == ("letters written as the model knows them: أ → ا",)


def test_changes_point_into_the_original() -> None:
    text = "  مُحـ"
    found = normalise(text)
    assert [(change.at, change.before, change.after, change.why) for change in found.changes] == [
        (0, " ", "", "space"), (1, " ", "", "space"), (3, "\u064f", "", "diacritic"), (5, "ـ", "", "tatweel"),
    ]  # fmt: skip
    assert all(text[change.at] == change.before for change in found.changes)


def test_alef_only_if_asked() -> None:
    assert normalise("أإآٱا").text == "أإآٱا"
    found = normalise("أإآٱا", alef=True)
    assert found.text == "ااااا"
    assert kinds(found) == {"variant": 4}
    assert normalise("ا\u0653", alef=True).text == "ا"


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("أحمد", "احمد", "احمد"),
        ("أحمد", "اأحمد", "أحمد"),
        ("مصطفى", "مصطفي", "مصطفي"),
        ("فاطمة", "فاطمه", "فاطمه"),
        ("کریم", "كريم", "كريم"),
        ("ابو٧", "ابو7", "ابو7"),
        ("É", "e", "e"),
        ("É", "éE", "é"),
        ("x", "X", "X"),
        ("ß漢", "s", "ß漢"),  # what has no variant stays, to be taken as unknown
    ],
)
def test_unknown_letters_become_known_variants(text: str, known: str, expected: str) -> None:
    assert normalise(text, known=known).text == expected


def test_long_texts_are_cut_and_it_is_said() -> None:
    found = normalise("م" * 10_000)
    assert found.text == "م" * MAX_LENGTH
    assert found.left_out == 10_000 - MAX_LENGTH
    assert found.changed
    assert found.sentences == ("cut after 200 characters, 9,800 left out",)
    # What is removed does not use up the room.
    assert normalise("م\u064e" * 50, limit=50).left_out == 0
    assert normalise("ab cd", limit=3).text == "ab"
    assert normalise("ab", limit=0).text == "a"
    assert normalise("a" * 10**7, limit=5).left_out == 10**7 - 5


@given(texts, alphabets, st.booleans(), st.integers(1, 12))
def test_twice_is_once(text: str, known: set[str], alef: bool, limit: int) -> None:
    for again in (
        lambda text: normalise(text, limit=limit),
        lambda text: normalise(text, known=known, alef=alef, limit=limit),
        lambda text: plain_sentence(text, limit=limit),
    ):
        found = again(text)
        assert again(found.text) == Normalised(found.text, found.text, (), 0)
        assert len(found.text) <= limit


@given(texts)
def test_what_is_left(text: str) -> None:
    found = normalise(text)
    assert not any(
        is_diacritic(c) or (is_presentation_form(c) and c in "ﻣﺤﷲﷺ\ufc5e\ufe70") or c in "ـ\u0653\u0654\u200f" for c in found.text
    )
    assert found.text == found.text.strip()
    assert "  " not in found.text
    assert found.changed == (found.text != text)
    assert bool(found.changes) <= found.changed
    assert all(text[change.at] for change in found.changes)


@given(st.text(LETTERS + "abcXYZ.-'", min_size=1, max_size=20))
def test_plain_names_stay(text: str) -> None:
    assert not normalise(text).changed
    assert not normalise(text, known=set(text)).changed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("¿Quién lo pintó?", " quien lo pinto ?"),
        ("Estoy aquí.", "estoy aqui ."),
        ("Señor Núñez", "senor nunez"),
        ("I'm 20 years old!", "i m years old !"),
        (" quien lo pinto ?", " quien lo pinto ?"),
        ("no .", "no ."),
        ("hola  ", "hola"),
        ("1984", ""),
    ],
)
def test_plain_sentences(text: str, expected: str) -> None:
    assert plain_sentence(text).text == expected


def test_plain_sentences_show_their_changes() -> None:
    assert kinds(plain_sentence("¿Sí?")) == {"plain": 3, "space": 1}
    assert plain_sentence("Sí").sentences == ("characters made plain: S → s, í → i",)
