"""The runs of a sweep on the disk: which have finished, which go on, which are begun; and how long it will take. Needs no torch."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hw2gui.training.desk import Live
from hw2gui.training.run_folder import RunFolder
from hw2gui.training.runs import new_folder
from hw2gui.training.score import Score
from hw2gui.training.survey import Described, RunRow, survey
from hw2gui.training.sweep import Planned, Setting, Sweep
from hw2gui.training.sweep_results import by_identity, is_finished


@dataclass(frozen=True)
class Trainable:
    """A kind of training as sweeps see it: its *task* and *job* by name, how a run is begun and described, what it is judged by, the
    settings of a configuration, and the data sets it reads.
    """

    task: str
    job: str
    begin: Callable[[Any, Path], RunFolder]
    describe: Callable[[RunFolder], Described]
    score: Score
    settings: Callable[[Any], dict[str, Setting]]
    data_sets: Callable[[Any], Iterable[str]]

    def rows(self, folder: Path | None = None) -> tuple[RunRow, ...]:
        """The runs of this kind in *folder* (default: the user's)."""
        return survey(self.task, self.describe, *([folder] if folder else []))


@dataclass(frozen=True)
class Plan:
    """What is left of a sweep: runs to begin, and those to go on with, by their folders; *done* have finished."""

    new: tuple[Planned, ...]
    again: tuple[tuple[str, Planned], ...]
    done: int
    elsewhere: int
    """Runs that another program trains now: they are left to it."""


def plan(sweep: Sweep, rows: Sequence[RunRow]) -> Plan:
    """What is left to be done, given the runs there are: what has finished is not run again, what was begun goes on."""
    known = by_identity(rows)
    new, again, done, elsewhere = [], [], 0, 0
    for run in sweep.runs():
        row = known.get(run.identity)
        if is_finished(row):
            done += 1
        elif row is not None and row.state.status in ("running", "paused"):
            elsewhere += 1
        elif row is not None and row.resumable:
            again.append((row.folder, run))
        else:
            new.append(run)
    return Plan(tuple(new), tuple(again), done, elsewhere)


def begin(trainable: Trainable, new: Sequence[Planned], parent: Path | None = None) -> list[str]:
    """Make the folders of runs to begin; answers them. InputError and UnavailableError as the kind of training says."""
    return [str(trainable.begin(run.config, new_folder(run.title, parent)).path) for run in new]


def kind_of(config: Any) -> Any:
    """What decides how long a run takes: all but rate and seed."""
    return replace(config, training=replace(config.training, learning_rate=1.0, seed=0))


def seconds_left(lives: Mapping[str, Live], running: Sequence[str], waiting: Sequence[str], kinds: Mapping[str, Any], lanes: int) -> float:
    """What the *running* say, and the *waiting* as long as those of their kind (else all) took, over the *lanes*. NaN: nobody can tell yet.

    *kinds* tells of each folder what decides how long it takes (its batch size, its width), as anything that can be compared.
    """
    left: dict[str, float] = {}
    whole: dict[Any, list[float]] = {}
    for folder, live in lives.items():
        if folder in running and live.left is not None and math.isfinite(live.left.seconds):
            left[folder] = live.left.seconds
            whole.setdefault(kinds.get(folder), []).append(live.seconds + live.left.seconds)
        elif live.outcome is not None and live.outcome.reason == "done" and live.seconds > 0:
            whole.setdefault(kinds.get(folder), []).append(live.seconds)
    if not whole:
        return math.nan if running or waiting else 0.0
    usual = statistics.fmean([seconds for one in whole.values() for seconds in one])

    def expected(folder: str) -> float:
        known = whole.get(kinds.get(folder))
        return statistics.fmean(known) if known else usual

    ahead = [left.get(folder, expected(folder)) for folder in running] + [expected(folder) for folder in waiting]
    return max([sum(ahead) / max(1, min(lanes, len(ahead))), *left.values()]) if ahead else 0.0
