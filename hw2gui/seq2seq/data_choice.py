"""What the user chose on the data page: which pairs, which part of them, and how a table of their own is read. Part of the tab's state."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from hw2gui.datasets.characters import Split
from hw2gui.datasets.normalise import MAX_LENGTH
from hw2gui.datasets.tsv import TableChoice
from hw2gui.errors import InputError
from hw2gui.seq2seq.config import DEFAULT_DATA, TABLE

Look = Literal["pairs", "rows", "dropped"]

LARGEST_COLUMN = 99


@dataclass(frozen=True)
class DataChoice:
    """``name`` is a set of pairs by its name in the registry, or ``table:PATH``; ``table`` is the user's file, "" while there is none.

    ``look``: its pairs, or of a table its first rows as they stand or the lines that are not used.
    """

    name: str = DEFAULT_DATA
    table: str = ""
    reading: TableChoice = field(default_factory=TableChoice)
    part: Split = "train"
    look: Look = "pairs"
    text: str = ""

    @property
    def of_table(self) -> bool:
        """Whether the user's table is looked at."""
        return self.name.startswith(TABLE)


def checked(choice: DataChoice) -> DataChoice:
    """*choice* within its ranges. InputError for what cannot be."""
    reading = choice.reading
    if not all(0 <= column <= LARGEST_COLUMN for column in (reading.source_column, reading.target_column)):
        raise InputError(f"The columns of a table are counted from 1 to {LARGEST_COLUMN + 1}.")
    if reading.source_column == reading.target_column:
        raise InputError("Source and target must be two different columns: choose another one for one of them.")
    if not 1 <= reading.max_length <= MAX_LENGTH:
        raise InputError(f"The longest text of a table can have 1 to {MAX_LENGTH} characters.")
    if not (0 < reading.validation < 1 and 0 < reading.test < 1 and reading.validation + reading.test < 1):
        raise InputError("The shares for validation and test lie above 0 and leave something to train on: 10 % each is usual.")
    if not 0 <= reading.seed < 2**53:
        raise InputError("The seed of the split must be a whole number from 0.")
    return choice if choice.of_table or choice.look == "pairs" else replace(choice, look="pairs")
