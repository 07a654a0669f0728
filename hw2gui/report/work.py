"""The pieces of work of a reproduction: trainings to begin or go on with, and measurements to make once they are done. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hw2gui.errors import UserError
from hw2gui.jobs import Job, Luggage
from hw2gui.report import measuring
from hw2gui.report.library import Found, Library, config_of, keep_measured, read_measured
from hw2gui.report.plan import BEAMS, Config, Plan, PlannedRun, identity
from hw2gui.seq2seq import train as seq2seq_train
from hw2gui.seq2seq.sweeping import data_sets as pair_sets
from hw2gui.training.luggage import luggage
from hw2gui.training.run_folder import RunFolder
from hw2gui.training.runs import new_folder
from hw2gui.vision import train as vision_train
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.sweeping import data_sets as vision_sets

_MEASURING_BEAMS = 2_000.0
_MEASURING_ROBUSTNESS = 20_000.0
"""About how much work a measurement is, in the unit of a planned run."""


@dataclass(frozen=True)
class Measurement:
    """One measurement on the run of *planned*, kept under the name *what*."""

    planned: PlannedRun
    what: str
    work: float

    @property
    def name(self) -> str:
        """Its name in the queue."""
        return f"{self.planned.name} {self.what}"

    @property
    def title(self) -> str:
        """What to call it."""
        return f"{self.what} of the {self.planned.title}"


Work = PlannedRun | Measurement


@dataclass(frozen=True)
class Left:
    """What is still to be done, in order, of how much in all; *refused*: what cannot be done here, with the sentence why."""

    todo: tuple[Work, ...]
    total: int
    refused: tuple[tuple[str, str], ...]


def left(plan: Plan, folder: Path) -> Left:
    """What of *plan* is not in *folder* yet. Long trainings come first, so that none runs alone at the end."""
    library = Library(folder)
    runs, measurements = plan.runs(), measurements_of(plan)
    trainings: list[Work] = [found.planned for found in library.found(runs) if not found.finished]
    trainings.sort(key=lambda run: -run.work)
    measure: list[Work] = [one for one in measurements if not _is_measured(library.find(one.planned), folder, one.what)]
    todo: list[Work] = []
    refused: dict[str, str] = {}
    for work in (*trainings, *measure):
        config = (work if isinstance(work, PlannedRun) else work.planned).config
        try:
            luggage_of(config)
        except UserError as error:
            refused[work.title] = str(error)
        else:
            todo.append(work)
    return Left(tuple(todo), len(runs) + len(measurements), tuple(refused.items()))


def measurements_of(plan: Plan) -> tuple[Measurement, ...]:
    """Beam sizes for every character model; shift, rotation and scale for the networks of 2.2."""
    scale = 0.05 if plan.quick else 1.0
    beams = tuple(
        Measurement(run, measuring.BEAMS_NAME, _MEASURING_BEAMS * scale) for attention in (False, True) for run in plan.pair_runs(attention)
    )
    wanted = {identity(one.config) for one in plan.experiment("transformations").runs}
    moved = tuple(
        Measurement(run, measuring.ROBUSTNESS_NAME, _MEASURING_ROBUSTNESS * scale) for run in plan.runs() if run.identity in wanted
    )
    return (*beams, *moved)


def luggage_of(config: Config, argument: str = "folder") -> Luggage:
    """What a training or a measurement takes along. InputError and UnavailableError where its data are not there."""
    names = vision_sets(config) if isinstance(config, VisionConfig) else pair_sets(config)
    return luggage(names, argument)


def training_job(planned: PlannedRun, folder: Path) -> Job:
    """The job that trains *planned*: its run is begun in *folder*, or gone on with where there is one."""
    run = Library(folder).find(planned).run
    title = planned.name
    if run is None and isinstance(planned.config, VisionConfig):
        run = vision_train.begin(planned.config, new_folder(title, folder))
    elif run is None:
        assert not isinstance(planned.config, VisionConfig)
        run = seq2seq_train.begin(planned.config, new_folder(title, folder))
    function = vision_train.JOB if isinstance(planned.config, VisionConfig) else seq2seq_train.JOB
    return Job(function, {"folder": str(run.path)}, luggage_of(config_of(run)))


def measuring_job(measurement: Measurement, folder: Path) -> tuple[Job, RunFolder]:
    """The job that makes *measurement*, and the run it is made of. InputError while that is not finished."""
    found = Library(folder).find(measurement.planned)
    if not found.finished or found.run is None:
        raise UserError(f"The {measurement.planned.title} is not finished: it cannot be measured yet.")
    things = luggage_of(measurement.planned.config, "run")
    if measurement.what == measuring.BEAMS_NAME:
        return measuring.beams_job(found.run, BEAMS, things), found.run
    return measuring.robustness_job(found.run, things), found.run


def keep(measurement: Measurement, folder: Path, run: RunFolder, values: dict[str, object]) -> None:
    """Keep what a measuring job answered."""
    keep_measured(folder, run, measurement.what, values)


def _is_measured(found: Found, folder: Path, what: str) -> bool:
    return found.finished and found.run is not None and read_measured(folder, found.run, what) is not None
