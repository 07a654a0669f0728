"""What the items rest on: the finished runs of a reproduction by what they are for, and what was measured of them. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from hw2gui.datasets import registry
from hw2gui.report import measuring
from hw2gui.report.items import RunRow
from hw2gui.report.library import Found, Library, config_of, is_done, read_measured
from hw2gui.report.plan import QUICK_SEEDS, SEEDS, Plan, PlannedRun
from hw2gui.seq2seq.config import Seq2SeqConfig
from hw2gui.training.metrics import Metrics
from hw2gui.training.plots import Line, Plot, mean_and_band
from hw2gui.training.run_folder import RunFolder
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.evaluation import RobustnessCurve
from hw2gui.vision.experiments import CHANGES, FinishedRun, Key
from hw2gui.vision.finished import finished_run


@dataclass(frozen=True, eq=False)
class Trained:
    """A finished run: its settings, what was measured after each epoch, and at the end."""

    planned: PlannedRun
    run: RunFolder
    metrics: Metrics

    @property
    def seed(self) -> int:
        """Its seed."""
        return self.planned.config.training.seed

    @property
    def final(self) -> Mapping[str, float]:
        """The metrics of the model it stands for."""
        return self.run.state.metrics

    @property
    def device(self) -> str:
        """Where it was computed."""
        return config_of(self.run).training.device

    @property
    def minutes(self) -> float:
        """How long it was trained, pauses left out."""
        seconds = self.metrics.seconds
        return float(seconds[-1]) / 60 if len(seconds) else float("nan")

    def column(self, name: str) -> tuple[float, ...]:
        """A metric after each epoch."""
        found = self.metrics.epoch_metrics.get(name, np.empty(0))
        return tuple(float(value) for value in found if not np.isnan(value))

    def line(self, name: str, group: int = 0, *, thin: bool = False) -> Line:
        """A metric over the epochs."""
        y = self.column(name)
        return Line(f"seed {self.seed}", tuple(float(epoch) for epoch in range(1, len(y) + 1)), y, group, thin=thin)


class Evidence:
    """Read once from *folder*; where that is empty, *quick* says which version it is for."""

    def __init__(self, folder: Path, quick: bool = False) -> None:
        self.folder = folder
        self.library = Library(folder)
        self.quick = self.library.is_quick() if len(self.library) else quick
        self.plan = Plan(self.quick, self.library.seeds(self.quick) or (QUICK_SEEDS if self.quick else SEEDS))

    @cached_property
    def rates(self) -> dict[float, tuple[Trained, ...]]:
        """2.4: the finished runs of each rate."""
        found: dict[float, list[Trained]] = {}
        for one in self._trained(self.plan.rate_runs()):
            found.setdefault(one.planned.config.training.learning_rate, []).append(one)
        return {rate: tuple(runs) for rate, runs in found.items()}

    @cached_property
    def plain(self) -> tuple[Trained, ...]:
        """3.1a."""
        return self._trained(self.plan.pair_runs(False))

    @cached_property
    def attention(self) -> tuple[Trained, ...]:
        """3.1b."""
        return self._trained(self.plan.pair_runs(True))

    def experiment_runs(self, key: Key) -> tuple[tuple[FinishedRun, RunFolder], ...]:
        """Those of an experiment that are finished (and, where that is asked, measured)."""
        experiment, made = self.plan.experiment(key), []
        for planned in experiment.runs:
            found = self.find(planned.config)
            if not found.finished or found.run is None:
                continue
            curves = self._curves(found.run) if experiment.changes else ()
            one = finished_run(planned.label, found.run, curves)
            if one is not None and (curves or not experiment.changes):
                made.append((one, found.run))
        return tuple(made)

    def beams(self, trained: Trained) -> Mapping[str, Any] | None:
        """The scores by beam size of a character model."""
        return read_measured(self.folder, trained.run, measuring.BEAMS_NAME)

    def find(self, config: VisionConfig | Seq2SeqConfig) -> Found:
        """The run of *config*."""
        return self.library.find(PlannedRun("", "", "experiments", config, 0))

    def how_to_get(self, *names: str) -> str:
        """What is missing of the data sets *names*, with what to do; empty where all are there."""
        missing = [registry.find(name) for name in names if not registry.is_present(registry.find(name))]
        return " ".join(f"{dataset.title} is not on this computer: {dataset.how_to_get}." for dataset in missing)

    def missing(self, what: str, *data: str) -> str:
        """The sentence for an item that has no runs yet."""
        quick = " --quick" if self.quick else ""
        return f"{self.how_to_get(*data)} Then train {what}: Reproduce below, or hw2gui reproduce{quick} --out {self.folder}.".strip()

    @property
    def data_names(self) -> tuple[str, ...]:
        """The data sets of the plan."""
        return self.plan.data

    def rows(self) -> tuple[RunRow, ...]:
        """Every finished run of the plan."""
        return tuple(_row(one) for one in self._trained(self.plan.runs()))

    def runs(self) -> tuple[RunFolder, ...]:
        """Their folders."""
        return self.library.finished_runs(self.plan.runs())

    def _trained(self, planned: tuple[PlannedRun, ...]) -> tuple[Trained, ...]:
        done = [(found.planned, found.run) for found in self.library.found(planned) if found.run is not None and is_done(found.run)]
        return tuple(Trained(one, run, _metrics(self._cache, run)) for one, run in done)

    @cached_property
    def _cache(self) -> dict[Path, Metrics]:
        return {}

    def _curves(self, run: RunFolder) -> tuple[RobustnessCurve, ...]:
        values = read_measured(self.folder, run, measuring.ROBUSTNESS_NAME)
        if values is None or not all(change in values for change in CHANGES):
            return ()
        return tuple(RobustnessCurve(change, tuple(values[change]["amounts"]), tuple(values[change]["accuracies"])) for change in CHANGES)


def seeds_plot(title: str, y_label: str, runs: tuple[Trained, ...], name: str, note: str = "") -> Plot:
    """A metric over the epochs: a thin line for each seed, and their mean with the band from the least to the greatest."""
    if len(runs) == 1:
        return Plot(title, "epoch", y_label, (runs[0].line(name),), note=note)
    lines = tuple(one.line(name, thin=True) for one in runs)
    return Plot(title, "epoch", y_label, (*lines, mean_and_band(f"mean of {len(runs)} seeds", lines, 0)), note=note)


def _metrics(cache: dict[Path, Metrics], run: RunFolder) -> Metrics:
    if run.path not in cache:
        cache[run.path] = run.metrics()
    return cache[run.path]


def _row(one: Trained) -> RunRow:
    names = ("validation_accuracy", "test_accuracy", "validation_error_rate", "test_error_rate")
    told = [f"{name.replace('_', ' ')} {one.final[name]:.4f}" for name in names if name in one.final]
    epochs = len(one.metrics.epochs)
    return RunRow(one.planned.title, one.run.path.name, one.device, epochs, one.minutes, ", ".join(told), one.run.header.created)
