"""What is shown of a set of pairs and of a table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hw2gui.datasets.pairs import open_corpus
from hw2gui.datasets.tsv import TableChoice
from hw2gui.errors import InputError, UnavailableError
from hw2gui.seq2seq import data_view
from hw2gui.seq2seq.data_choice import DataChoice, checked
from hw2gui.seq2seq.data_view import about_words, dropped_table, look, look_at_table, pairs_table
from hw2gui.session.codec import from_plain, to_plain
from hw2gui.writers import FORMATS, write

LINES = "arabic\tenglish\nمحمد\tMohamed\nمحمد\tMuhammad\nسارة\tSara\nسارة\tSara\nنور\tNour\textra\nليلى\t\nعمر\tOmar\nحسن\tHassan\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "names.tsv"
    path.write_text(LINES, "utf-8")
    return path


def test_a_built_in_set_is_told_by_its_own_figures() -> None:
    corpus, view = open_corpus("starter-ar-en"), look("starter-ar-en", "test", "")
    assert view.counts == corpus.counts and view.sums == corpus.sums and view.found == len(corpus.test)
    assert [(row.source, row.target) for row in view.rows] == [tuple(pair) for pair in corpus.test[: data_view.MOST_ROWS]]
    assert sum(view.lengths[0].values()) == sum(view.lengths[1].values()) == len(corpus.train)
    assert set(view.alphabets[0]) == {character for pair in corpus.train for character in pair.source}
    words = " ".join(about_words(view))
    assert f"{len(corpus.train):,} train" in words and f"{corpus.ambiguous_count:,} of them with several targets" in words


def test_looking_for_a_text_and_what_training_lists() -> None:
    view = look("starter-ar-en", "train", "MOHA")
    assert view.found and all("moha" in (row.source + row.target).casefold() for row in view.rows)
    corpus = open_corpus("starter-ar-en")
    for row in view.rows:
        assert set(row.others) | {row.target} == set(corpus.references(row.source))
        assert row.target not in row.others
    assert look("starter-ar-en", "train", "nowhere at all").rows == ()


def test_a_missing_set_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HW2GUI_DATA", raising=False)
    with pytest.raises(UnavailableError, match="HW2GUI_DATA"):
        look("spa-eng", "train", "")


def test_a_table_with_what_was_dropped(table: Path) -> None:
    view = look_at_table(str(table), TableChoice(), "train", "")
    assert view.heading == ("arabic", "english") and view.columns == 2 and view.problem == ""
    assert [(one.line, one.reason) for one in view.dropped] == [(5, "duplicate"), (6, "columns"), (7, "empty")]
    assert view.corpus is not None and sum(view.corpus.counts.values()) == 5 and view.corpus.name == f"table:{table}"
    assert [row[0] for row in dropped_table(view).rows] == ["5", "6", "7"]
    for form in FORMATS:
        assert all(row.target in write(pairs_table(view.corpus), form) for row in view.corpus.rows)
    assert view.corpus.rows
    turned = look_at_table(str(table), TableChoice(source_column=1, target_column=0), "train", "")
    assert turned.corpus is not None and turned.corpus.direction == "english → arabic"


def test_a_table_of_too_few_is_shown_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text("a,b\nc,d\n", "utf-8")
    view = look_at_table(str(path), TableChoice(), "train", "")
    assert view.corpus is None and "at least 3" in view.problem and view.first_rows == (("a", "b"), ("c", "d"))


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(200), b"one column only\nhere\n"])
def test_what_is_no_table_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "thing"
    path.write_bytes(content)
    with pytest.raises(InputError):
        look_at_table(str(path), TableChoice(), "train", "")


def test_the_choice_is_kept_and_checked() -> None:
    choice = DataChoice(name="table:x", table="x", reading=TableChoice(delimiter="comma", encoding="latin-1", header=True), look="dropped")
    assert from_plain(DataChoice, to_plain(choice)) == choice == checked(choice)
    assert checked(replace(choice, name="spa-eng")).look == "pairs"
    for wrong in (
        {"source_column": 1}, {"source_column": -1}, {"target_column": 100}, {"max_length": 0}, {"validation": 0.0}, {"test": 0.95},
        {"seed": -1},
    ):  # fmt: skip
        with pytest.raises(InputError):
            checked(replace(choice, reading=replace(choice.reading, **wrong)))
