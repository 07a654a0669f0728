"""What a run measured, as columns: read whole, followed while it grows, written as CSV. Needs no torch."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from hw2gui import files
from hw2gui.arrays import Floats, Ints
from hw2gui.errors import UnavailableError
from hw2gui.training.events import Changed
from hw2gui.training.json_lines import Row, read_rows


@dataclass(frozen=True)
class Metrics:
    """Columns of equal length where they share a first one; NaN where an epoch lacks a metric.

    Every step: *steps*, *losses*. Where measured: *rate_steps*, *rates*, *seconds* (trained until then, pauses left out);
    *norm_steps*, *gradient_norms*; *dead_steps*, *dead_shares*. Every epoch: *epochs*, *epoch_steps* and the columns of
    *epoch_metrics* by name. *best_epoch* is the best so far by the task's own measure (0: none).
    *final* are the metrics of a finished run's chosen model.
    """

    steps: Ints
    losses: Floats
    rate_steps: Ints
    rates: Floats
    seconds: Floats
    norm_steps: Ints
    gradient_norms: Floats
    dead_steps: Ints
    dead_shares: Floats
    epochs: Ints
    epoch_steps: Ints
    epoch_metrics: Mapping[str, Floats]
    best_epoch: int
    changes: tuple[Changed, ...] = ()
    final: Mapping[str, float] = field(default_factory=dict)

    def last(self, name: str) -> float:
        """The latest value of an epoch's metric, NaN if there is none."""
        column = self.epoch_metrics.get(name)
        known = column[~np.isnan(column)] if column is not None else np.empty(0)
        return float(known[-1]) if len(known) else float("nan")


_OF_BATCHES = b'{"kind":"batches",'
"""How the lines begin that tell of batches: nearly all, and of a long run they take seconds to read."""


def read_metrics(folder: Path, *, steps: bool = True) -> Metrics:
    """The metrics of the run in *folder*; without *steps*, of its epochs alone, at once. Raises `UnavailableError` for a damaged log."""
    rows, changes = read_rows(folder / "metrics.jsonl", leave=None if steps else _OF_BATCHES), read_rows(folder / "changes.jsonl")
    try:
        return metrics_from(rows, changes)
    except (KeyError, TypeError, ValueError) as error:
        raise UnavailableError(f"The metrics in {folder} are damaged: delete metrics.jsonl there, or put it back from a copy.") from error


def metrics_from(rows: list[Row], changes: list[Row]) -> Metrics:
    """The columns of *rows* as the loop writes them."""
    batches = [row for row in rows if row["kind"] == "batches"]
    epochs = [row for row in rows if row["kind"] == "epoch"]
    final = [row["metrics"] for row in rows if row["kind"] == "final"]
    steps = [step for row in batches for step in range(row["step"] - len(row["losses"]) + 1, row["step"] + 1)]
    norm_steps, norms = _pairs(batches, "gradient_norms")
    dead_steps, dead = _pairs(batches, "dead_shares")
    names = list(dict.fromkeys(name for row in epochs for name in row["metrics"]))
    return Metrics(
        _ints(steps),
        _floats([loss for row in batches for loss in row["losses"]]),
        _ints([row["step"] for row in batches]),
        _floats([row["learning_rate"] for row in batches]),
        _floats([row["seconds"] for row in batches]),
        norm_steps,
        norms,
        dead_steps,
        dead,
        _ints([row["epoch"] for row in epochs]),
        _ints([row["step"] for row in epochs]),
        {name: _floats([row["metrics"].get(name, np.nan) for row in epochs]) for name in names},
        max((row["epoch"] for row in epochs if row["best"]), default=0),
        tuple(Changed(row["step"], row["name"], row["old"], row["new"]) for row in changes),
        final[-1] if final else {},
    )


def read_samples(folder: Path) -> list[Row]:
    """What the task showed after each epoch: rows with *epoch*, *step*, *name*, *payload*, in order. Raises `UnavailableError`."""
    return read_rows(folder / "samples.jsonl")


def export_csv(metrics: Metrics, path: Path, what: Literal["epochs", "batches"]) -> None:
    """Write one line per epoch, or per batch, to *path*. Raises `UnavailableError` if it cannot be written."""
    if what == "epochs":
        columns: dict[str, Any] = {"epoch": metrics.epochs, "step": metrics.epoch_steps, **metrics.epoch_metrics}
    else:
        rates = dict(zip(metrics.rate_steps.tolist(), metrics.rates.tolist(), strict=True))
        norms = dict(zip(metrics.norm_steps.tolist(), metrics.gradient_norms.tolist(), strict=True))
        columns = {
            "step": metrics.steps,
            "loss": metrics.losses,
            "learning_rate": [rates.get(step, "") for step in metrics.steps.tolist()],
            "gradient_norm": [norms.get(step, "") for step in metrics.steps.tolist()],
        }
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    plain = [column.tolist() if isinstance(column, np.ndarray) else column for column in columns.values()]
    writer.writerows([_blank(value) for value in row] for row in zip(*plain, strict=True))
    try:
        files.write_text(path, text.getvalue())
    except OSError as error:
        raise UnavailableError(f"{path} cannot be written ({error.strerror}): choose another place.") from error


def _blank(value: Any) -> Any:
    return "" if isinstance(value, float) and np.isnan(value) else value


def _pairs(rows: list[Row], name: str) -> tuple[Ints, Floats]:
    pairs = [pair for row in rows for pair in row.get(name, ())]
    return _ints([step for step, _ in pairs]), _floats([value for _, value in pairs])


def _ints(values: list[Any]) -> Ints:
    return np.array(values, dtype=np.int64)


def _floats(values: list[Any]) -> Floats:
    return np.array(values, dtype=np.float64)
