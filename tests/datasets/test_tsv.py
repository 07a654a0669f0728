from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.datasets import tsv
from hw2gui.datasets.corpus import Pair
from hw2gui.datasets.tsv import Table, TableChoice, open_table, read_table
from hw2gui.errors import InputError

ROWS = [(f"محمد{letter}", f"Mohammed{letter.upper()}") for letter in "abcdefghijkl"]


def written(folder: Path, text: str | bytes, name: str = "pairs.tsv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def lines(delimiter: str = "\t") -> str:
    return "".join(f"{source}{delimiter}{target}\n" for source, target in ROWS)


def dropped(table: Table) -> list[tuple[int, str, str]]:
    return [tuple(one) for one in table.dropped]


@pytest.mark.parametrize(("character", "delimiter"), [("\t", "tab"), (",", "comma"), (";", "semicolon")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_a_clean_table(tmp_path: Path, character: str, delimiter: str, encoding: str) -> None:
    table = read_table(written(tmp_path, lines(character).encode(encoding)))
    assert table.pairs == tuple(Pair(*row) for row in ROWS)
    assert (table.delimiter, table.columns, table.rows, table.heading, table.dropped) == (delimiter, 2, len(ROWS), (), ())
    assert table.first_rows == tuple(ROWS)
    assert "12 pairs of 12 rows are used" in table.report
    assert any("source" in line and "target" in line for line in table.report)


def test_what_is_dropped_and_why(tmp_path: Path) -> None:
    text = "\n".join(
        [
            "أحمد\tAhmad",  # 1
            "\tNobody",  # 2
            "علي\t ",  # 3
            "",  # 4: blank, no row at all
            "علي\tAli\tx",  # 5
            "alone",  # 6
            "ع" * 51 + "\tLong",  # 7
            "بدر\tBa\x07dr",  # 8
            "أحمد\tAhmad",  # 9
            "أَحمد\tAhmad",  # 10: the same once tidied
            "علي\tAli",  # 11
            "\u064e\tMark",  # 12: nothing is left of it
            "x" * 10_001 + "\ty",  # 13
        ]
    )
    table = read_table(written(tmp_path, text))
    assert table.pairs == (Pair("أحمد", "Ahmad"), Pair("علي", "Ali"))
    assert dropped(table) == [
        (2, "empty", "source"),
        (3, "empty", "target"),
        (5, "columns", "3 instead of 2"),
        (6, "columns", "1 instead of 2"),
        (7, "long", "source of 51 characters"),
        (8, "control", "U+0007"),
        (9, "duplicate", "as line 1"),
        (10, "duplicate", "as line 1"),
        (12, "empty", "source"),
        (13, "long", "a line of 10,003 characters"),
    ]
    assert table.rows == 12
    assert table.drop_counts == {"columns": 2, "control": 1, "empty": 3, "long": 2, "duplicate": 2}
    assert "2 dropped, with a wrong number of columns (line 5: 3 instead of 2, line 6: 1 instead of 2)" in table.report
    assert "2 pairs of 12 rows are used" in table.report


def test_many_dropped_lines_are_counted_and_the_first_named(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, lines() + "alone\n" * 9))
    assert table.report[-1].startswith("9 dropped, with a wrong number of columns (line 13: 1 instead of 2, ")
    assert table.report[-1].endswith("line 17: 1 instead of 2, …)")


def test_sides_are_tidied_unless_they_should_stay(tmp_path: Path) -> None:
    path = written(tmp_path, lines() + " مُحَـمَّد \tMohammed  Ali\n")
    table = read_table(path)
    assert table.pairs[-1] == Pair("محمد", "Mohammed Ali")
    assert table.tidied == 1
    assert any("tidied" in line for line in table.report)
    as_is = read_table(path, TableChoice(normalise=False))
    assert as_is.pairs[-1] == Pair("مُحَـمَّد", "Mohammed  Ali")
    assert as_is.tidied == 1  # the spaces around it


def test_quotes_between_commas(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, lines(",") + '"Smith, John","He said ""hi"""\n"open,x\n', "pairs.csv"))
    assert table.pairs[-1] == Pair("Smith, John", 'He said "hi"')
    assert dropped(table) == [(14, "quotes", "a quotation mark")]


def test_quotes_between_tabs_are_characters(tmp_path: Path) -> None:
    assert read_table(written(tmp_path, lines() + '"a\tb"\n')).pairs[-1] == Pair('"a', 'b"')


def test_a_tab_goes_before_commas_in_the_text(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "a, b, c\tx\nd, e\ty\nf\tz\n"))
    assert table.delimiter == "tab"
    assert table.pairs[0] == Pair("a, b, c", "x")
    chosen = read_table(written(tmp_path, "a,1\tx\nb,2\n"), TableChoice(delimiter="comma"))
    assert (chosen.pairs, dropped(chosen)) == ((Pair("b", "2"),), [(1, "control", "U+0009")])


@pytest.mark.parametrize(("first", "heading"), [("source\ttarget", True), ("Arabic\tEnglish ", True), ("from\tMohammed", False)])
def test_a_heading_is_found(tmp_path: Path, first: str, heading: bool) -> None:
    path = written(tmp_path, f"{first}\n{lines()}")
    table = read_table(path)
    assert bool(table.heading) is heading
    assert len(table.pairs) == len(ROWS) + (not heading)
    assert ("the first line is a heading" in table.report) is heading
    assert read_table(path, TableChoice(header=True)).pairs == tuple(Pair(*row) for row in ROWS)
    assert read_table(path, TableChoice(header=False)).rows == len(ROWS) + 1


def test_columns_can_be_chosen(tmp_path: Path) -> None:
    text = "".join(f"{k}\t{target}\t{source}\n" for k, (source, target) in enumerate(ROWS))
    path = written(tmp_path, text)
    assert read_table(path, TableChoice(source_column=2, target_column=1)).pairs == tuple(Pair(*row) for row in ROWS)
    assert read_table(path).columns == 3
    with pytest.raises(InputError, match=r"has 3 columns, so there is no column 4"):
        read_table(path, TableChoice(target_column=3))


@pytest.mark.parametrize(
    "wish",
    [{"target_column": 0}, {"source_column": -1}, {"max_length": 0}, {"max_length": 201}, {"delimiter": "pipe"}, {"encoding": "klingon"}],
)
def test_impossible_choices(tmp_path: Path, wish: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        read_table(written(tmp_path, lines()), TableChoice(**wish))


@pytest.mark.parametrize(
    ("text", "choice", "reason"),
    [
        ("one\ntwo\n", TableChoice(), "has one column only"),
        ("a,b\n", TableChoice(delimiter="tab"), "has no two columns separated by tabs"),
        ("", TableChoice(), "is empty"),
        ('"a\n"b,\n', TableChoice(delimiter="comma"), "has no two columns separated by commas"),
    ],
)
def test_no_table(tmp_path: Path, text: str, choice: TableChoice, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read_table(written(tmp_path, text), choice)


def test_too_many_rows_are_cut_and_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tsv, "MAX_ROWS", 5)
    table = read_table(written(tmp_path, lines()))
    assert len(table.pairs) == 5
    assert "of 12 rows the first 5 are read" in table.report


def test_long_cells_are_cut_in_the_preview_alone(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, f"{'a' * 100}\tb\n"), TableChoice(max_length=200))
    assert table.first_rows == (("a" * 79 + "…", "b"),)
    assert table.pairs == (Pair("a" * 100, "b"),)


def test_the_split_is_seeded_and_keeps_a_source_together(tmp_path: Path) -> None:
    text = lines() + "".join(f"{source}\tOther{k}\n" for k, (source, _) in enumerate(ROWS))
    path = written(tmp_path, text, "names.tsv")
    corpus = open_table(path, TableChoice(validation=0.25, test=0.25))
    assert tuple(corpus.counts.values()) == (12, 6, 6)
    assert corpus.overlap("test").known == ()
    assert open_table(path, TableChoice(validation=0.25, test=0.25)) == corpus
    assert open_table(path, TableChoice(validation=0.25, test=0.25, seed=1)).sums != corpus.sums
    assert (corpus.title, corpus.direction) == ("names.tsv", "Arabic and Latin → Latin")
    assert corpus.attribution == "Pairs from names.tsv."
    assert corpus.notes[-1] == "24 pairs of 24 rows are used"


def test_languages_come_from_the_heading(tmp_path: Path) -> None:
    assert open_table(written(tmp_path, f"Arabic\tEnglish\n{lines()}")).direction == "Arabic → English"
    assert open_table(written(tmp_path, "1\ta\n2\tb\n3\tc\n")).direction == "column 1 → Latin"


@pytest.mark.parametrize(
    ("text", "reason"),
    [("a\tx\nb\ty\n", "has 2 usable pairs: at least 3"), ("a\tx\na\ty\na\t\nb\tz\n", r"has 3 usable pairs \(1 dropped\)")],
)
def test_too_few_pairs_can_be_looked_at_but_not_used(tmp_path: Path, text: str, reason: str) -> None:
    table = read_table(written(tmp_path, text))
    with pytest.raises(InputError, match=reason):
        table.corpus()
    with pytest.raises(InputError, match=reason):
        open_table(table.path)


def test_impossible_shares(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="leave nothing to train on"):
        open_table(written(tmp_path, lines()), TableChoice(validation=0.5, test=0.5))


choices = st.builds(
    TableChoice,
    source_column=st.integers(-1, 3),
    target_column=st.integers(-1, 3),
    delimiter=st.sampled_from([None, "tab", "comma", "semicolon"]),
    encoding=st.sampled_from([None, "utf-8", "utf-16", "latin-1", "windows-1256"]),
    header=st.sampled_from([None, True, False]),
    max_length=st.integers(0, 60),
    normalise=st.booleans(),
    validation=st.floats(0, 1),
    test=st.floats(0, 1),
    seed=st.integers(0, 9),
)
pieces = st.lists(st.sampled_from(["a", "مح", "\t", "\t", ",", ";", '"', "\n", "\n", "\r", " ", "\0", "\u064e", "\u2028", "é", "source"]))


@given(st.one_of(pieces.map("".join).map(str.encode), pieces.map("".join).map(lambda text: text.encode("utf-16")), st.binary()), choices)
def test_anything_is_a_table_or_a_sentence(tmp_path_factory: pytest.TempPathFactory, content: bytes, choice: TableChoice) -> None:
    path, told = written(tmp_path_factory.getbasetemp(), content), ""
    try:
        table = read_table(path, choice)
        check(table)
        corpus = table.corpus()
        assert sum(corpus.counts.values()) == len(table.pairs)
        assert min(corpus.counts.values()) > 0
    except InputError as error:
        told = str(error)
    assert "\n" not in told


def check(table: Table) -> None:
    assert len(table.pairs) + len(table.dropped) == table.rows
    assert all(pair.source and pair.target and max(map(len, pair)) <= table.choice.max_length for pair in table.pairs)
    assert len(set(table.pairs)) == len(table.pairs)
    numbers = [one.line for one in table.dropped]
    assert numbers == sorted(set(numbers))
    assert table.report


def test_reading_again_what_was_read(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, f"{lines()} a  b \tx\nalone\n"))
    again = read_table(written(tmp_path, "".join(f"{source}\t{target}\n" for source, target in table.pairs), "again.tsv"))
    assert (again.pairs, again.dropped, again.tidied) == (table.pairs, (), 0)
    assert replace(again, path=table.path).corpus().sums == table.corpus().sums
