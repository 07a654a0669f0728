"""The folder of a reproduction: the runs in it that the plan asks for, found by their configuration, and what was measured of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hw2gui import files, paths
from hw2gui.errors import InputError, UnavailableError, UserError
from hw2gui.report.plan import Config, Plan, PlannedRun, identity
from hw2gui.seq2seq import models as seq2seq_models
from hw2gui.training.run_folder import RunFolder
from hw2gui.training.runs import list_runs
from hw2gui.vision import finished, models

MEASURED = "measured"
"""The folder inside a reproduction's where measurements on finished runs are kept."""


def default_folder(quick: bool) -> Path:
    """Where a reproduction goes unless told otherwise: among the user's runs, so that every tab finds its models and curves."""
    return paths.runs_folder() / ("reproduction-quick" if quick else "reproduction")


@dataclass(frozen=True)
class Found:
    """A planned run and its folder in the library; None: not begun."""

    planned: PlannedRun
    run: RunFolder | None

    @property
    def finished(self) -> bool:
        """Whether it is done and was tested."""
        return self.run is not None and is_done(self.run)


class Library:
    """The runs in *folder*, and in folders of it, read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._runs: dict[str, list[RunFolder]] = {}
        self.problems: list[str] = []
        for listed in list_runs(folder):
            if listed.header is None:
                self.problems.append(listed.problem)
                continue
            run = RunFolder(listed.path, listed.header)
            try:
                self._runs.setdefault(identity(config_of(run)), []).append(run)
            except UserError as error:
                self.problems.append(str(error))

    def __len__(self) -> int:
        return sum(map(len, self._runs.values()))

    def find(self, planned: PlannedRun) -> Found:
        """The run of *planned*: a finished one if there is any, else the one that is furthest."""
        candidates = self._runs.get(planned.identity, [])
        best = max(candidates, key=lambda run: (is_done(run), run.state.step), default=None)
        return Found(planned, best)

    def found(self, runs: tuple[PlannedRun, ...]) -> tuple[Found, ...]:
        """`find` for each."""
        return tuple(self.find(planned) for planned in runs)

    def is_quick(self) -> bool:
        """Whether what it holds is the small reproduction: more runs of that plan than of the full one."""
        held = {plan.quick: sum(self.find(run).run is not None for run in plan.runs()) for plan in (Plan(), Plan(quick=True))}
        return held[True] > held[False]

    def seeds(self, quick: bool) -> tuple[int, ...]:
        """The seeds of its runs that this plan could have asked for, in order; none where there are no such runs."""
        seeds = sorted({config_of(run).training.seed for runs in self._runs.values() for run in runs})
        return tuple(seed for seed in seeds if any(self.find(run).run is not None for run in Plan(quick, (seed,)).seeded_runs()))


def config_of(run: RunFolder) -> Config:
    """The configuration of *run*. InputError for a run of another kind."""
    if run.header.task == models.TASK:
        return finished.config_of(run)
    if run.header.task == seq2seq_models.TASK:
        return seq2seq_models.config_of(run)
    raise InputError(f"the run {run.name} is of another kind ({run.header.task}): it is left out")


def is_done(run: RunFolder) -> bool:
    """Whether *run* has all its epochs and was tested."""
    state = run.state
    return state.status == "finished" and any(name.startswith("test_") for name in state.metrics)


def fingerprint(run: RunFolder) -> str:
    """The sum of the weights a finished run stands for."""
    return hashlib.sha256(run.weights_file("chosen").read_bytes()).hexdigest()


def read_measured(folder: Path, run: RunFolder, what: str) -> Mapping[str, Any] | None:
    """What was measured of *run* under the name *what*; None where it was not, or of other weights, or is damaged."""
    try:
        kept = json.loads(_measured_file(folder, run, what).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(kept, dict) or kept.get("weights") != fingerprint(run) or not isinstance(kept.get("values"), dict):
        return None
    values: Mapping[str, Any] = kept["values"]
    return values


def keep_measured(folder: Path, run: RunFolder, what: str, values: Mapping[str, Any]) -> None:
    """Keep *values*. Raises `UnavailableError` where the folder cannot be written."""
    path = _measured_file(folder, run, what)
    try:
        files.write_json(path, {"run": run.path.name, "what": what, "weights": fingerprint(run), "values": values})
    except OSError as error:
        raise UnavailableError(f"{path} cannot be written ({files.reason(error)}): free some space, or choose another folder.") from error


def _measured_file(folder: Path, run: RunFolder, what: str) -> Path:
    return folder / MEASURED / f"{run.path.name}-{what}.json"
