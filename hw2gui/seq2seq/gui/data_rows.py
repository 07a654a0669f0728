"""The rows of the data page's table: pairs, the first rows of a file, lines that are not used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hw2gui.datasets.tsv import TableChoice
from hw2gui.seq2seq import measure_view
from hw2gui.seq2seq.data_view import CorpusView, TableView
from hw2gui.widgets.table_cells import Cell, Column

SETS = (Column("sets of pairs", "The sets of pairs there are", 100, numeric=False),)
PAIRS = (
    Column("№", "The pair's number in its part", 40),
    Column("source", "What is read", 120, numeric=False),
    Column("target", "What it should become", 120, numeric=False),
    Column("training also lists", "Other targets that training lists for the same source", 130, numeric=False),
)
DROPPED = (
    Column("line", "Its number in the file", 40),
    Column("why", "The kind of fault", 70, numeric=False),
    Column("what", "What exactly is wrong", 200, numeric=False),
)
REASONS = {
    "columns": "number of columns",
    "quotes": "open quotation mark",
    "control": "control character",
    "empty": "empty side",
    "long": "too long",
    "duplicate": "said before",
}


class SetRows:
    """The sets: their titles, and whether they are here."""

    def __init__(self, entries: Sequence[tuple[str, str]]) -> None:
        self._entries = entries

    @property
    def count(self) -> int:
        """How many."""
        return len(self._entries)

    def cell(self, row: int, column: int) -> Cell:
        """One cell."""
        title, state = self._entries[row]
        return Cell(title, below=state)

    def total(self, column: int) -> Cell:
        """There is no line of totals."""
        return Cell("")


class PairRows:
    """Pairs of the part looked at."""

    def __init__(self, view: CorpusView | None) -> None:
        self._rows = view.rows if view is not None else ()

    @property
    def count(self) -> int:
        """How many."""
        return len(self._rows)

    def cell(self, row: int, column: int) -> Cell:
        """One cell."""
        pair = self._rows[row]
        if column == 0:
            return Cell(f"{pair.index + 1:,}", muted=True)
        if column in (1, 2):
            text = pair.source if column == 1 else pair.target
            return Cell(text, below=measure_view.hint(text))
        others = Cell(" / ".join(pair.others), muted=True)
        return replace(others, text="stands in train word for word", short="in train") if pair.known and not pair.others else others

    def total(self, column: int) -> Cell:
        """There is no line of totals."""
        return Cell("")


class FirstRows:
    """The first rows of a file as they stand."""

    def __init__(self, view: TableView) -> None:
        self._rows = view.first_rows

    @property
    def count(self) -> int:
        """How many."""
        return len(self._rows)

    def cell(self, row: int, column: int) -> Cell:
        """One cell."""
        cells = self._rows[row]
        return Cell(cells[column] if column < len(cells) else "")

    def total(self, column: int) -> Cell:
        """There is no line of totals."""
        return Cell("")


class DroppedRows:
    """Lines that are not used."""

    def __init__(self, view: TableView) -> None:
        self._dropped = view.dropped

    @property
    def count(self) -> int:
        """How many."""
        return len(self._dropped)

    def cell(self, row: int, column: int) -> Cell:
        """One cell."""
        line = self._dropped[row]
        return Cell((f"{line.line:,}", REASONS[line.reason], line.detail)[column])

    def total(self, column: int) -> Cell:
        """There is no line of totals."""
        return Cell("")


def first_columns(view: TableView, reading: TableChoice) -> tuple[Column, ...]:
    """The file's columns, those that are read named so."""
    roles = {reading.source_column: "source", reading.target_column: "target"}
    return tuple(
        Column(
            f"{view.heading[at] if view.heading else f'column {at + 1}'}{f' → {roles[at]}' if at in roles else ''}",
            f"Column {at + 1}",
            100,
            numeric=False,
        )
        for at in range(view.columns)
    )
