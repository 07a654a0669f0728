"""A user's own pairs from a table saved as text: what is in it, what was dropped and why, and a seeded split.

A row is a line. Columns are divided by tabs, commas or semicolons; between commas and semicolons a text may stand in double quotes.
"""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from hw2gui.datasets.arabic import scripts_in
from hw2gui.datasets.corpus import Pair, PairCorpus, split_by_source
from hw2gui.datasets.decoding import Encoding, is_control, read_text
from hw2gui.datasets.normalise import MAX_LENGTH, normalise
from hw2gui.errors import InputError, shortened

Delimiter = Literal["tab", "comma", "semicolon"]
Reason = Literal["columns", "quotes", "control", "empty", "long", "duplicate"]

MAX_ROWS = 200_000
"""Most rows of a table that are used."""

MAX_LINE = 10_000
FIRST_ROWS = 20

_CHARACTERS: dict[Delimiter, str] = {"tab": "\t", "semicolon": ";", "comma": ","}
_REASONS: dict[Reason, str] = {
    "columns": "with a wrong number of columns",
    "quotes": "with a quotation mark that is not closed",
    "control": "with a control character",
    "empty": "with an empty side",
    "long": "too long",
    "duplicate": "said before",
}
_HEADINGS = {
    *("source", "target", "src", "trg", "tgt", "input", "output", "from", "to", "text", "label", "name", "names", "original"),
    *("transliteration", "translation", "romanized", "romanised", "arabic", "english", "spanish", "ar", "en", "es"),
}
_SAMPLE = 1_000
_LISTED = 5
_CELL = 80


@dataclass(frozen=True)
class TableChoice:
    """How to read a table; None: found out from the file.

    Columns count from 0. *max_length* is the longest side in characters, *validation* and *test* are shares of the different sources,
    and with *normalise* both sides are tidied as typed text is (no diacritics, no tatweel, one space).
    """

    source_column: int = 0
    target_column: int = 1
    delimiter: Delimiter | None = None
    encoding: Encoding | None = None
    header: bool | None = None
    max_length: int = 50
    normalise: bool = True
    validation: float = 0.1
    test: float = 0.1
    seed: int = 42


class Dropped(NamedTuple):
    """A line that is not used: its number from 1, why, and what exactly was wrong."""

    line: int
    reason: Reason
    detail: str


@dataclass(frozen=True)
class Table:
    """What was found in a file: *first_rows* as they stand (long cells cut), the *pairs* to be used, and every line that was *dropped*.

    *columns* is the number most rows have, *rows* how many there are without heading and blank lines, *tidied* in how many used ones
    something was normalised.
    """

    path: Path
    choice: TableChoice
    encoding: Encoding
    delimiter: Delimiter
    heading: tuple[str, ...]
    columns: int
    rows: int
    first_rows: tuple[tuple[str, ...], ...]
    pairs: tuple[Pair, ...]
    dropped: tuple[Dropped, ...]
    tidied: int
    notes: tuple[str, ...]

    @property
    def drop_counts(self) -> Mapping[Reason, int]:
        """How many lines were dropped for each reason there was."""
        counts = Counter(one.reason for one in self.dropped)
        return {reason: counts[reason] for reason in _REASONS if counts[reason]}

    @property
    def report(self) -> tuple[str, ...]:
        """Sentences: how it was read, how many pairs there are, and what was dropped, with line numbers."""
        lines = [*self.notes, f"{len(self.pairs):,} pairs of {self.rows:,} rows are used"]
        if self.tidied:
            lines.append(f"{self.tidied:,} of them were tidied (spaces, diacritics, tatweel, invisible characters)")
        for reason, count in self.drop_counts.items():
            own = [one for one in self.dropped if one.reason == reason]
            listed = ", ".join(f"line {one.line:,}: {one.detail}" for one in own[:_LISTED])
            lines.append(f"{count:,} dropped, {_REASONS[reason]} ({listed}{', …' if count > _LISTED else ''})")
        return tuple(lines)

    def corpus(self) -> PairCorpus:
        """Its pairs in a seeded split, all targets of a source in the same. InputError when there are too few or the shares cannot be."""
        if len({pair.source for pair in self.pairs}) < 3:
            dropped = f" ({len(self.dropped):,} dropped)" if self.dropped else ""
            raise InputError(f"{self.path.name} has {len(self.pairs):,} usable pairs{dropped}: at least 3 different sources are needed")
        train, validation, test = split_by_source(self.pairs, self.choice.validation, self.choice.test, self.choice.seed)
        return PairCorpus(
            name="table",
            title=self.path.name,
            source_language=self._language(self.choice.source_column, [pair.source for pair in self.pairs]),
            target_language=self._language(self.choice.target_column, [pair.target for pair in self.pairs]),
            train=train,
            validation=validation,
            test=test,
            attribution=f"Pairs from {self.path.name}.",
            notes=self.report,
        )

    def _language(self, column: int, texts: Sequence[str]) -> str:
        if self.heading:
            return self.heading[column]
        return " and ".join(scripts_in(" ".join(texts[:_SAMPLE]))) or f"column {column + 1}"


def read_table(path: Path, choice: TableChoice | None = None) -> Table:
    """Read the pairs of a table saved as text (TSV, or CSV with commas or semicolons), saying what was dropped.

    InputError, one sentence, for a file that is no such table or larger than 32 MiB, and for an impossible choice. Of more than
    :data:`MAX_ROWS` rows the first are used, and a note says so.
    """
    choice = choice or TableChoice()
    _check(choice)
    text = read_text(path, choice.encoding)
    numbered = [(number, line) for number, line in enumerate(text.lines, start=1) if line.strip(" ")]
    delimiter = choice.delimiter or _find_delimiter(path, [line for _, line in numbered[:_SAMPLE]])
    columns = _usual_columns(path, [line for _, line in numbered[:_SAMPLE]], delimiter, choice)
    heading = _heading(numbered[0][1], delimiter, columns, choice)
    rows = numbered[1:] if heading else numbered
    of, to = choice.source_column + 1, choice.target_column + 1
    notes = [text.note, f"columns are divided by {delimiter}s: {of} is read as source, {to} as target"]
    if heading:
        notes.append("the first line is a heading")
    if len(rows) > MAX_ROWS:
        notes.append(f"of {len(rows):,} rows the first {MAX_ROWS:,} are read")
    pairs, dropped, tidied = _pairs(rows[:MAX_ROWS], delimiter, columns, choice)
    first = tuple(tuple(_short(cell) for cell in _cells(line, delimiter) or (line,)) for _, line in rows[:FIRST_ROWS])
    return Table(
        path, choice, text.encoding, delimiter, heading, columns, len(rows), first, tuple(pairs), tuple(dropped), tidied, tuple(notes)
    )


def open_table(path: Path, choice: TableChoice | None = None) -> PairCorpus:
    """The pairs of a table in a seeded split; InputError as :func:`read_table` and :meth:`Table.corpus` have it."""
    return read_table(path, choice).corpus()


def _check(choice: TableChoice) -> None:
    if choice.source_column == choice.target_column or min(choice.source_column, choice.target_column) < 0:
        raise InputError("source and target must be two different columns of the table: choose another column for one of them")
    if not 1 <= choice.max_length <= MAX_LENGTH:
        raise InputError(f"the longest text of a table can be set from 1 to {MAX_LENGTH} characters, not to {choice.max_length:,}")
    if choice.delimiter is not None and choice.delimiter not in _CHARACTERS:
        raise InputError(
            f"columns can be divided by {', '.join(get_args(Delimiter))}: '{shortened(str(choice.delimiter))}' is none of them"
        )


def _find_delimiter(path: Path, lines: list[str]) -> Delimiter:
    """The first of tab, semicolon and comma that divides at least half of the lines; if none, the one that divides most."""
    divided: dict[Delimiter, int] = {key: sum(character in line for line in lines) for key, character in _CHARACTERS.items()}
    found = next((key for key, count in divided.items() if 2 * count >= len(lines)), max(_CHARACTERS, key=lambda key: divided[key]))
    if not divided[found]:
        raise InputError(f"{path.name} has one column only: choose a table whose two columns are divided by tabs, commas or semicolons")
    return found


def _usual_columns(path: Path, lines: list[str], delimiter: Delimiter, choice: TableChoice) -> int:
    """The number of columns that most rows have, of those with more than one."""
    counts = Counter(len(cells) for line in lines if (cells := _cells(line, delimiter)) and len(cells) > 1)
    if not counts:
        raise InputError(f"{path.name} has no two columns separated by {delimiter}s: choose what divides them, or another table")
    usual = max(counts, key=lambda columns: (counts[columns], -columns))
    wanted = max(choice.source_column, choice.target_column)
    if wanted >= usual:
        raise InputError(f"{path.name} has {usual} columns, so there is no column {wanted + 1:,}: choose one of those there are")
    return usual


def _heading(line: str, delimiter: Delimiter, columns: int, choice: TableChoice) -> tuple[str, ...]:
    """The cells of the first line if they name the columns, else none."""
    cells = _cells(line, delimiter)
    if choice.header is False or cells is None or len(cells) != columns:
        return ()
    named = all(cells[column].strip().lower() in _HEADINGS for column in (choice.source_column, choice.target_column))
    return tuple(_short(cell.strip()) or f"column {at}" for at, cell in enumerate(cells, start=1)) if choice.header or named else ()


def _cells(line: str, delimiter: Delimiter) -> list[str] | None:
    """The cells of a line; None if a quotation mark in it is not closed."""
    character = _CHARACTERS[delimiter]
    if delimiter == "tab" or '"' not in line:
        return line.split(character)
    try:
        return next(csv.reader([line], delimiter=character, strict=True))
    except csv.Error:
        return None


def _pairs(
    rows: Sequence[tuple[int, str]], delimiter: Delimiter, columns: int, choice: TableChoice
) -> tuple[list[Pair], list[Dropped], int]:
    """The pairs to use, the lines to drop, and how many of the used ones were tidied."""
    lines: dict[Pair, int] = {}
    dropped: list[Dropped] = []
    tidied = 0
    for number, line in rows:
        try:
            source, target = _sides(line, delimiter, columns, choice)
        except _Refused as refusal:
            dropped.append(Dropped(number, refusal.reason, refusal.detail))
            continue
        pair = Pair(*(_tidy(side, choice) for side in (source, target)))
        problem = next(_problems(pair, choice.max_length), None)
        if problem is None and pair in lines:
            problem = "duplicate", f"as line {lines[pair]:,}"
        if problem is not None:
            dropped.append(Dropped(number, *problem))
            continue
        lines[pair] = number
        tidied += pair != (source, target)
    return list(lines), dropped, tidied


class _Refused(Exception):  # noqa: N818 - it is an answer, and never leaves this module
    """A line whose sides cannot be told."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason: Reason = reason
        self.detail = detail


def _sides(line: str, delimiter: Delimiter, columns: int, choice: TableChoice) -> tuple[str, str]:
    if len(line) > MAX_LINE:
        raise _Refused("long", f"a line of {len(line):,} characters")
    cells = _cells(line, delimiter)
    if cells is None:
        raise _Refused("quotes", "a quotation mark")
    if len(cells) != columns:
        raise _Refused("columns", f"{len(cells)} instead of {columns}")
    source, target = cells[choice.source_column], cells[choice.target_column]
    control = next((character for character in source + target if is_control(character)), None)
    if control is not None:
        raise _Refused("control", f"U+{ord(control):04X}")
    return source, target


def _problems(pair: Pair, max_length: int) -> Iterator[tuple[Reason, str]]:
    for side, text in zip(("source", "target"), pair, strict=True):
        if not text:
            yield "empty", side
        if len(text) > max_length:
            yield "long", f"{side} of {len(text):,} characters"


def _tidy(text: str, choice: TableChoice) -> str:
    # What is longer than the longest that can be allowed need not be told exactly.
    return normalise(text, limit=MAX_LINE).text if choice.normalise else unicodedata.normalize("NFC", text.strip())


def _short(cell: str) -> str:
    return cell if len(cell) <= _CELL else f"{cell[: _CELL - 1]}…"
