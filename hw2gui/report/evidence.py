"""What the items rest on: the finished trainings of a reproduction by what they are for, and what was measured of them. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from hw2gui import paths
from hw2gui.datasets import registry
from hw2gui.report import measuring
from hw2gui.report.items import RunRow
from hw2gui.report.library import default_folder
from hw2gui.report.plan import Plan, PlannedRun
from hw2gui.report.records import Record, Records
from hw2gui.training.plots import Plot, mean_and_band
from hw2gui.vision.compared import Compared, FinishedRun
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.evaluation import RobustnessCurve
from hw2gui.vision.experiments import Conclusion, Key
from hw2gui.vision.judgements import CHANGES


class Evidence:
    """What the items are computed from: *records*, looked up by item."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.plan: Plan = records.plan
        self.quick = records.plan.quick

    @property
    def shipped(self) -> bool:
        """Whether this is the reproduction that comes with the program."""
        return self.records.own

    @cached_property
    def rates(self) -> dict[float, tuple[Record, ...]]:
        """2.4: the trainings of each rate."""
        found: dict[float, list[Record]] = {}
        for one in self._found(self.plan.rate_runs()):
            found.setdefault(one.config.training.learning_rate, []).append(one)
        return {rate: tuple(runs) for rate, runs in found.items()}

    @cached_property
    def plain(self) -> tuple[Record, ...]:
        """3.1a."""
        return self._found(self.plan.pair_runs(False))

    @cached_property
    def attention(self) -> tuple[Record, ...]:
        """3.1b."""
        return self._found(self.plan.pair_runs(True))

    def experiment_runs(self, key: Key) -> tuple[FinishedRun, ...]:
        """Those of an experiment that are finished (and, where that is asked, measured)."""
        experiment, made = self.plan.experiment(key), []
        for planned in experiment.runs:
            found = self.records.find(planned.config)
            if found is None:
                continue
            curves = _curves(found) if experiment.changes else ()
            if curves or not experiment.changes:
                made.append(
                    FinishedRun(planned.label, planned.config, found.column("validation_accuracy"), found.final["test_accuracy"], curves)
                )
        return tuple(made)

    def compared(self, key: Key) -> Sequence[Compared]:
        """The networks of an experiment in its order, each with its seeds. InputError while no seed is trained with all networks."""
        return self.plan.experiment(key).compared(self.experiment_runs(key))

    def conclude(self, key: Key) -> Conclusion:
        """What the experiment comes to. InputError as for `compared`."""
        return self.plan.experiment(key).conclude(self.experiment_runs(key))

    def beams(self, record: Record) -> Mapping[str, Any] | None:
        """The scores by beam size of a character model."""
        return record.measured.get(measuring.BEAMS_NAME)

    def missing(self, what: str, *data: str) -> str:
        """The sentence for an item that has no runs yet."""
        quick = " --quick" if self.quick else ""
        lacking = [registry.find(name) for name in data if not registry.is_present(registry.find(name))]
        fetch = " ".join(f"{dataset.title} is not on this computer: {dataset.how_to_get}." for dataset in lacking)
        then = f"{fetch} Then train" if fetch else "Train"
        usual = self.records.folder == str(default_folder(self.quick))
        place = "" if usual else f" --out {self.records.folder}"
        return f"{then} {what}: Reproduce below, or hw2gui reproduce{quick}{place}."

    @property
    def characters(self) -> str:
        """The character set of the plan."""
        return "strokes" if self.quick else "kmnist"

    @property
    def characters_to_get(self) -> tuple[str, ...]:
        """What to fetch before Question 2 can be trained."""
        return () if self.quick else ("kmnist",)

    def rows(self) -> tuple[RunRow, ...]:
        """Every finished training of the plan."""
        return tuple(_row(planned, found) for planned in self.plan.runs() if (found := self.records.find(planned.config)) is not None)

    def _found(self, planned: tuple[PlannedRun, ...]) -> tuple[Record, ...]:
        return tuple(found for one in planned if (found := self.records.find(one.config)) is not None)


def among_the_users(record: Record) -> bool:
    """Whether the training's folder is one that the lists of the other tabs name."""
    return record.path is not None and record.path.is_relative_to(Path(paths.runs_folder()))


def seeds_plot(title: str, y_label: str, runs: tuple[Record, ...], name: str, note: str = "") -> Plot:
    """A metric over the epochs: a thin line for each seed, and their mean with the band from the least to the greatest."""
    if len(runs) == 1:
        return Plot(title, "epoch", y_label, (runs[0].line(name),), note=note)
    lines = tuple(one.line(name, thin=True) for one in runs)
    return Plot(title, "epoch", y_label, (*lines, mean_and_band(f"mean of {len(runs)} seeds", lines, 0)), note=note)


def seed_words(runs: Sequence[Record]) -> str:
    """Their seeds, for a caption."""
    return f"seed{'s' if len(runs) > 1 else ''} {', '.join(str(one.seed) for one in runs)}"


def vision_config(record: Record) -> VisionConfig:
    """Its settings, which are a character network's."""
    assert isinstance(record.config, VisionConfig)
    return record.config


def _curves(record: Record) -> tuple[RobustnessCurve, ...]:
    values = record.measured.get(measuring.ROBUSTNESS_NAME)
    if values is None or not all(change in values for change in CHANGES):
        return ()
    return tuple(RobustnessCurve(change, tuple(values[change]["amounts"]), tuple(values[change]["accuracies"])) for change in CHANGES)


def _row(planned: PlannedRun, one: Record) -> RunRow:
    names = ("validation_accuracy", "test_accuracy", "validation_error_rate", "test_error_rate")
    told = [f"{name.replace('_', ' ')} {one.final[name]:.4f}" for name in names if name in one.final]
    return RunRow(planned.title, one.name, one.device, one.epochs, one.minutes, ", ".join(told), one.created)
