from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from hw2gui import paths
from hw2gui.datasets import lexicon
from hw2gui.datasets.arabic import LETTERS
from hw2gui.datasets.normalise import normalise
from hw2gui.errors import UnavailableError

ENTRIES = lexicon.entries()

# What each consonant may look like in an English spelling. Vowels and h may stand anywhere, since Arabic does not write short vowels.
CONSONANTS = {
    "ب": "b bb p pp", "ت": "t tt th", "ث": "th t s tth thth", "ج": "j g jj gg dj", "ح": "h hh", "خ": "kh k ch h", "د": "d dd dt",
    "ذ": "dh th z d", "ر": "r rr", "ز": "z zz s ts", "س": "s ss c sc z ps", "ش": "sh ch sch s c", "ص": "s ss z", "ض": "d dh dd",
    "ط": "t tt", "ظ": "z dh zz th", "غ": "gh g gg", "ف": "f ff v ph w", "ق": "q k g qq kk c", "ك": "k c kk ck cc ch q g", "ل": "l ll",
    "م": "m mm", "ن": "n nn m", "ه": "h", "ة": "h t", "و": "w v ww", "ي": "y j ll", "ؤ": "w",
}  # fmt: skip
TOGETHER = {"كس": "x", "قس": "x", "تش": "ch tch c z"}
SILENT = set("اأإآءئؤعوييىةه")


def spells(arabic: str, english: str) -> bool:
    """Whether the consonants of *english* are those of *arabic*, in its order."""
    english = english.lower()

    @cache
    def from_here(at: int, to: int) -> bool:
        if at == len(arabic) and to == len(english):
            return True
        if to < len(english) and english[to] in "aeiouyh" and from_here(at, to + 1):
            return True
        if at == len(arabic):
            return False
        if (arabic[at] in SILENT or (at == 1 and arabic.startswith("ال"))) and from_here(at + 1, to):
            return True
        ways = [(1, CONSONANTS.get(arabic[at], "")), (2, TOGETHER.get(arabic[at : at + 2], ""))]
        return any(
            english.startswith(way, to) and from_here(at + letters, to + len(way)) for letters, found in ways for way in found.split()
        )

    return from_here(0, 0)


def test_the_check_tells_right_from_wrong() -> None:
    for arabic, english in (("محمد", "Mohammed"), ("تشارلز", "Charles"), ("أليكس", "Alex"), ("الشمري", "Alshammari"), ("قاسم", "Kassem")):
        assert spells(arabic, english)
    for arabic, english in (("محمد", "Mahmouds"), ("دمشق", "Damascus"), ("مصر", "Egypt"), ("حلب", "Aleppo"), ("علي", "Alim")):
        assert not spells(arabic, english)


def test_there_are_enough_and_none_twice() -> None:
    assert len(ENTRIES) >= 1_500
    assert len({entry[:2] for entry in ENTRIES}) == len(ENTRIES)
    assert max(Counter(entry.arabic for entry in ENTRIES).values()) == 2
    assert set(Counter(entry.kind for entry in ENTRIES)) == set(lexicon.KINDS)


def test_letters_and_lengths() -> None:
    for arabic, english, _ in ENTRIES:
        assert re.fullmatch(f"[{LETTERS}]{{2,24}}", arabic), arabic
        assert re.fullmatch("[A-Z][a-z]{1,23}", english), english
        assert not normalise(arabic).changed


def test_spellings_follow_the_arabic() -> None:
    assert [entry[:2] for entry in ENTRIES if not spells(entry.arabic, entry.english)] == []


def test_every_letter_of_both_alphabets_is_met() -> None:
    assert set("".join(entry.arabic for entry in ENTRIES)) == set(LETTERS)
    assert len(set("".join(entry.english for entry in ENTRIES).lower())) == 26


def test_the_split_is_fixed_and_whole() -> None:
    corpus = lexicon.load()
    pairs = [pair for part in corpus.splits.values() for pair in part]
    assert sorted(pairs) == sorted(entry[:2] for entry in ENTRIES)
    sources = [{pair.source for pair in part} for part in corpus.splits.values()]
    assert sum(map(len, sources)) == len(set().union(*sources))
    assert len(sources[1]) == len(sources[2]) == round(0.1 * len(set().union(*sources)))
    assert lexicon.load() is corpus


def test_the_note_beside_it_says_where_it_comes_from() -> None:
    note = paths.resource("lexicon", "README.md").read_text(encoding="utf-8")
    assert "CC0 1.0" in note
    assert all(f"`{kind}`" in note for kind in lexicon.KINDS)


def test_it_is_no_copy_of_the_published_names(real_data: Path) -> None:
    from hw2gui.datasets.pairs import open_corpus

    published = {pair for part in open_corpus("anetac-ar-en").splits.values() for pair in part}
    assert sum(entry[:2] in published for entry in ENTRIES) < len(ENTRIES) / 3


@pytest.mark.parametrize("content", [None, b"\xff", "محمد\tMohammed\n".encode(), "محمد\tMohammed\tverb\n".encode()])
def test_a_damaged_installation_is_said(content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "starter.tsv"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(paths, "resource", lambda *parts: path)
    lexicon.entries.cache_clear()
    try:
        with pytest.raises(UnavailableError, match="install the program again"):
            lexicon.entries()
    finally:
        lexicon.entries.cache_clear()
