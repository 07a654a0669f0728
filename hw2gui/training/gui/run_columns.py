"""What is told of runs in columns, on the screen and in files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hw2gui.training.fields import number_words
from hw2gui.training.gui.run_entry import Entry
from hw2gui.training.runs import size_text
from hw2gui.training.score import Score, score_text
from hw2gui.writers import Table

TEST_TIP = (
    "The test data are read once, at the end, for the run that validation has chosen: whoever compares the test scores of many runs"
    " chooses by them, and the best of many flatters itself"
)


@dataclass(frozen=True)
class RunColumn:
    """A column: *text* of an entry, and *key* to sort by."""

    name: str
    title: str
    tip: str
    width: int
    text: Callable[[Entry], str]
    key: Callable[[Entry], Any]
    numeric: bool = True


def columns(score: Score) -> tuple[RunColumn, ...]:
    """The columns of the table, in order."""
    validation, test = f"validation_{score.metric}", f"test_{score.metric}"
    title = score.title.lower()
    return (
        RunColumn(
            "name", "run", "Its name; F2 or a double click renames it", 132, lambda e: e.row.name, lambda e: e.row.name.lower(), False
        ),
        RunColumn("status", "status", "What it is doing, or how it ended", 120, lambda e: e.status, lambda e: e.status, False),
        RunColumn(
            "rate",
            "rate",
            "Learning rate (its highest)",
            54,
            lambda e: number_words(e.row.training.learning_rate),
            lambda e: e.row.training.learning_rate,
        ),
        RunColumn("epochs", "epochs", "Done of those wanted", 54, lambda e: f"{e.epoch}/{e.row.training.epochs}", lambda e: e.epoch),
        RunColumn(
            "validation",
            "validation",
            f"Validation {title} of the last epoch, or of the chosen one",
            70,
            lambda e: score_text(e.metric(validation)),
            lambda e: e.metric(validation),
        ),
        RunColumn(
            "test",
            "test",
            f"Test {title} of the runs selected. {TEST_TIP}",
            52,
            lambda e: score_text(e.metric(test)),
            lambda e: e.metric(test),
        ),
        RunColumn(
            "time", "time", "Spent training, pauses left out", 64, lambda e: duration(e.seconds) if e.seconds else "", lambda e: e.seconds
        ),
        RunColumn("batch", "batch", "Batch size", 44, lambda e: str(e.row.training.batch_size), lambda e: e.row.training.batch_size),
        RunColumn("seed", "seed", "Start of the random numbers", 40, lambda e: str(e.row.training.seed), lambda e: e.row.training.seed),
        RunColumn("model", "network", "What is trained", 84, lambda e: e.row.described.model, lambda e: e.row.described.model, False),
        RunColumn("data", "data", "What it is trained on", 84, lambda e: e.row.described.data, lambda e: e.row.described.data, False),
        RunColumn("size", "size", "Of the run's folder", 58, lambda e: size_text(e.row.size), lambda e: e.row.size),
        RunColumn(
            "created",
            "begun",
            "When it was begun, by this computer's clock",
            84,
            lambda e: _local(e.row.created),
            lambda e: e.row.created,
            False,
        ),
    )


def table_of(entries: Sequence[Entry], score: Score, tested: Collection[str] | None) -> Table:
    """The runs as a table to be written, in the order given: test scores of the folders *tested*, or (None) no such column."""
    shown = [column for column in columns(score) if tested is not None or column.name != "test"]
    known = tested or ()
    return Table(
        "Runs",
        tuple(column.title for column in shown),
        tuple(column.numeric for column in shown),
        tuple(
            tuple("" if column.name == "test" and entry.row.folder not in known else column.text(entry) for column in shown)
            for entry in entries
        ),
    )


def duration(seconds: float) -> str:
    """As 3:07 min, or 42 s."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02d} h"
    return f"{minutes}:{rest:02d} min" if minutes else f"{rest} s"


def _local(created: str) -> str:
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return ""
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone().strftime("%m-%d %H:%M")
