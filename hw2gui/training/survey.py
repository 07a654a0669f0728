"""The runs of one task as rows of a table, and one run's curves: read from the disk in the worker, so that the window never waits."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from hw2gui import files
from hw2gui.errors import UserError
from hw2gui.session.codec import from_plain
from hw2gui.training.config import TrainingConfig
from hw2gui.training.events import COLLAPSED, Sample
from hw2gui.training.metrics import Metrics, export_csv, read_metrics, read_samples
from hw2gui.training.run_folder import RunFolder, State
from hw2gui.training.runs import list_runs, size_of
from hw2gui.training.sweep import identity

_TAIL = 1 << 16
"""Bytes at the end of a log that hold its last line for certain."""


@dataclass(frozen=True)
class Described:
    """What only the subject knows of a run: its model and data in a few words, and the report's value where the protocol is
    the report's.
    """

    model: str = ""
    data: str = ""
    reference: float | None = None
    chance_loss: float | None = None
    """The loss of guessing, where that is known."""
    dropout: float | None = None


@dataclass(frozen=True)
class RunRow:
    """One run in the table. *problem* says why it cannot be opened; *size* is in bytes, *seconds* of training without pauses.

    *likeness* is the whole configuration but for learning rate and seed: runs with the same are seeds and rates of one race.
    """

    folder: str
    name: str
    state: State
    created: str = ""
    training: TrainingConfig = field(default_factory=TrainingConfig)
    described: Described = field(default_factory=Described)
    likeness: str = ""
    identity: str = ""
    """As `hw2gui.training.sweep.identity` tells it of the configuration."""
    metrics: Mapping[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    size: int = 0
    problem: str = ""
    resumable: bool = False
    collapsed: bool = False
    """Its last epoch's loss was that of guessing."""


@dataclass(frozen=True)
class Opened:
    """A run's curves and samples."""

    folder: str
    metrics: Metrics
    samples: tuple[Sample, ...]


def survey(task: str, describe: Callable[[RunFolder], Described], *folders: Path) -> tuple[RunRow, ...]:
    """The runs of *task* in *folders* (default: the user's), the newest first, and last those that cannot be opened; *describe* may raise
    `UserError`.
    """
    return tuple(
        row_of(listed.path, describe) if listed.header else RunRow(str(listed.path), listed.name, listed.state, problem=listed.problem)
        for listed in list_runs(*folders)
        if listed.header is None or listed.header.task == task
    )


def row_of(path: Path, describe: Callable[[RunFolder], Described]) -> RunRow:
    """The run in *path* as a row."""
    try:
        run = RunFolder.open(path)
        config = dict(run.header.config)
        training = from_plain(TrainingConfig, config.get("training"), f"{path.name}/config.json")
        described = describe(run)
        state = run.state
        last, seconds = _last_epoch(path)
    except UserError as error:
        return RunRow(str(path), path.name, State("interrupted"), problem=str(error))
    metrics = dict(state.metrics) or last
    chance, loss = described.chance_loss, metrics.get("train_loss")
    return RunRow(
        str(path),
        run.name,
        state,
        run.header.created,
        training,
        described,
        _likeness(config),
        identity(config),
        metrics,
        seconds,
        size_of(path),
        resumable=state.status != "finished" and (run.checkpoint_file.exists() or not run.epochs_kept),
        collapsed=bool(chance and loss is not None and abs(loss / chance - 1) < COLLAPSED),
    )


def opened(folder: str) -> Opened:
    """All that the run in *folder* has measured and shown. Raises `UnavailableError` for a damaged log."""
    path = Path(folder)
    samples = tuple(Sample(row["epoch"], row["step"], row["name"], row["payload"]) for row in read_samples(path))
    return Opened(folder, read_metrics(path), samples)


def opened_all(folders: tuple[str, ...]) -> tuple[Opened, ...]:
    """Several of them."""
    return tuple(opened(folder) for folder in folders)


def _likeness(config: dict[str, Any]) -> str:
    training = {name: value for name, value in config.get("training", {}).items() if name not in ("learning_rate", "seed")}
    return json.dumps({**config, "training": training}, sort_keys=True)


def _last_epoch(path: Path) -> tuple[dict[str, float], float]:
    """The metrics of the last epoch that is done, and the seconds trained, from the end of the log."""
    log = path / "metrics.jsonl"
    try:
        stat = log.stat()
    except OSError:
        return {}, 0.0
    return _read_end(log, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=1024)
def _read_end(log: Path, _changed: int, size: int) -> tuple[dict[str, float], float]:
    try:
        files.check_ordinary(log)
        with log.open("rb") as file:
            file.seek(max(0, size - _TAIL))
            lines = file.read(_TAIL).split(b"\n")[:-1]
    except OSError:
        return {}, 0.0
    metrics: dict[str, float] = {}
    seconds = 0.0
    for line in reversed(lines):
        try:
            row = json.loads(line)
            seconds = max(seconds, float(row.get("seconds", 0.0)))
            if row.get("kind") == "epoch" and not metrics:
                metrics = {name: float(value) for name, value in row["metrics"].items()}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            break  # the first of them may be cut; a damaged log is told of when it is opened
        if metrics and seconds:
            break
    return metrics, seconds


def save_metrics(folder: str, path: str, what: Literal["epochs", "batches"]) -> None:
    """Write the numbers of the run in *folder* to *path* as CSV. Raises `UnavailableError`."""
    export_csv(read_metrics(Path(folder)), Path(path), what)
