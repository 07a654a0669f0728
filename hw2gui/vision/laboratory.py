"""An experiment of question 2 carried out: its runs are found again, gone on with or begun, evaluated, and concluded from.

Nothing is trained twice: a run is a folder among the user's, known by its configuration, whoever began it. What is interrupted at any
moment goes on where it was. Torch is imported only where something is trained or evaluated.
"""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

from hw2gui import files
from hw2gui.errors import InputError, UserError
from hw2gui.session.codec import from_plain, to_plain
from hw2gui.training import runs
from hw2gui.training.events import EpochDone, Event, TimeLeft
from hw2gui.training.lock import is_locked
from hw2gui.training.luggage import check_here
from hw2gui.training.plots import Plot
from hw2gui.training.run_folder import RunFolder
from hw2gui.vision import models
from hw2gui.vision.compared import Compared, FinishedRun, changed_images, learning_curves
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.evaluation import RobustnessCurve
from hw2gui.vision.experiment_clock import Clock, Progress
from hw2gui.vision.experiments import Conclusion, Experiment, PlannedRun
from hw2gui.vision.finished import config_of, finished_run
from hw2gui.vision.inquiry import Inquiry
from hw2gui.vision.strip import AMOUNTS, Change
from hw2gui.vision.sweeping import data_sets

JOB = f"{__name__}:investigate"
"""The name of `investigate` for a `hw2gui.jobs.Job`; its argument is ``inquiry``."""

CURVES_FILE = "robustness.json"
"""In a run's folder: the accuracies of its model after each amount of a change."""


@dataclass(frozen=True)
class Row:
    """One run of an experiment as it is now: its folder ("" before it is begun), what has become of it, and its scores so far."""

    label: str
    seed: int
    parameters: int
    run: str
    status: str
    validation: float | None
    test: float | None


@dataclass(frozen=True)
class Standing:
    """What is there of an experiment: its runs, and what they show as far as all networks are trained."""

    inquiry: Inquiry
    rows: tuple[Row, ...]
    evaluated: int
    """How many runs are finished and have the curves that are asked of them."""
    conclusion: Conclusion | None

    @property
    def done(self) -> int:
        """How many runs are finished."""
        return sum(row.test is not None for row in self.rows)

    @property
    def complete(self) -> bool:
        """Whether all runs are trained and evaluated."""
        return self.evaluated == len(self.rows)


def standing(inquiry: Inquiry) -> Standing:
    """What is there of *inquiry* on the disk. Trains nothing."""
    experiment = inquiry.experiment
    known = _known_runs()
    rows, finished = [], []
    for planned in experiment.runs:
        run = known.get(planned.config)
        rows.append(_row(planned, run))
        done = _finished(planned, run, experiment.changes) if run is not None else None
        if done is not None and {curve.change for curve in done.curves} >= set(experiment.changes):
            finished.append(done)
    return Standing(inquiry, tuple(rows), len(finished), _concluded(experiment, finished))


def investigate(inquiry: Inquiry) -> Generator[Progress, None, Conclusion]:
    """Carry *inquiry* out: train and evaluate what is missing, one run after the other, then conclude.

    Raises what training raises: UnavailableError for data that are not there, a run in use, a full disk. It can be called again then,
    and after it was killed, and goes on where it was.
    """
    from hw2gui.training import compute

    with compute.computing(0):
        return (yield from _investigate(inquiry.experiment))


def _investigate(experiment: Experiment) -> Generator[Progress, None, Conclusion]:
    known = _known_runs()
    # Before a run is begun: where the data are missing none is, and no empty folder stays behind.
    check_here([data_sets(planned.config) for planned in experiment.runs if planned.config not in known])
    finished: list[FinishedRun] = []
    clock = Clock(experiment.runs)
    for planned in experiment.runs:
        run = known.get(planned.config) or _begun(experiment, planned)
        clock.turn(planned)
        if finished_run(planned.label, run) is None:
            yield from _trained(experiment, planned, run, finished, clock)
        done = finished_run(planned.label, run, (yield from _curves(planned, run, experiment.changes, clock)))
        if done is None:
            raise InputError(f"the run {run.name} did not reach its end ({run.state.status}): delete it, and begin again")
        finished.append(done)
        clock.finished(planned)
        yield clock.progress(f"{planned.label}, seed {planned.seed}: done", plot=_so_far(experiment, finished))
    return experiment.conclude(finished)


# -- runs on the disk -------------------------------------------------------------------------------------------------------------------


def _known_runs() -> Mapping[VisionConfig, RunFolder]:
    """The best run there is of each configuration: a finished one, else one that can be gone on with."""
    found: dict[VisionConfig, RunFolder] = {}
    for listed in runs.list_runs():
        if listed.header is None or listed.header.task != models.TASK or listed.state.status == "failed":
            continue
        run = RunFolder(listed.path, listed.header)
        try:
            config = config_of(run)
        except UserError:
            continue
        if config not in found or (listed.state.status == "finished" and found[config].state.status != "finished"):
            found[config] = run
    return found


def _begun(experiment: Experiment, planned: PlannedRun) -> RunFolder:
    from hw2gui.vision import train

    return train.begin(planned.config, title=f"{experiment.question} {planned.label}, seed {planned.seed}")


def _row(planned: PlannedRun, run: RunFolder | None) -> Row:
    parameters = planned.config.network.parameters
    if run is None:
        return Row(planned.label, planned.seed, parameters, "", "not trained", None, None)
    state = run.state
    metrics = state.metrics
    test = metrics.get("test_accuracy") if state.status == "finished" else None
    status = "training" if is_locked(run.lock_file) else state.status
    return Row(planned.label, planned.seed, parameters, str(run.path), status, metrics.get("validation_accuracy"), test)


def _finished(planned: PlannedRun, run: RunFolder, changes: Sequence[Change]) -> FinishedRun | None:
    """*run* as finished, with those curves that are there."""
    try:
        kept = _read_curves(run)
        return finished_run(planned.label, run, tuple(kept[change] for change in changes if change in kept))
    except UserError:
        return None


def _concluded(experiment: Experiment, finished: Sequence[FinishedRun]) -> Conclusion | None:
    try:
        return experiment.conclude(finished)
    except InputError:
        return None


# -- training and evaluating ------------------------------------------------------------------------------------------------------------


def _trained(
    experiment: Experiment, planned: PlannedRun, run: RunFolder, before: Sequence[FinishedRun], clock: Clock
) -> Generator[Progress, None, None]:
    """Train *run* to its end, or what is left of it."""
    from hw2gui.vision import train

    epochs = planned.config.training.epochs
    name = f"{planned.label}, seed {planned.seed}"
    steps: Generator[Event, None, object] = train.train(str(run.path))
    epoch = run.state.epoch
    yield clock.progress(f"{name}: epoch {min(epoch + 1, epochs)} of {epochs}")
    try:
        for event in steps:
            if isinstance(event, EpochDone):
                epoch = event.epoch
                validation = tuple(map(float, run.metrics(steps=False).epoch_metrics["validation_accuracy"]))
                so_far = FinishedRun(planned.label, planned.config, validation, float("nan"))
                clock.part(epoch / epochs / (2 if experiment.changes else 1))
                yield clock.progress(
                    f"{name}: epoch {epoch} of {epochs}, validation {validation[-1]:.4f}", plot=_so_far(experiment, [*before, so_far])
                )
            elif isinstance(event, TimeLeft):
                clock.left_of_run = event.seconds
                yield clock.progress(f"{name}: epoch {min(epoch + 1, epochs)} of {epochs}, {event.steps_per_second:.0f} steps a second")
    finally:
        steps.close()


def _so_far(experiment: Experiment, finished: Sequence[FinishedRun]) -> Plot:
    """The learning curves of what is trained, each network in the colour it will keep."""
    labels = list(dict.fromkeys(planned.label for planned in experiment.runs))
    groups = [(at, [run for run in finished if run.label == label]) for at, label in enumerate(labels)]
    return learning_curves(experiment.title, [Compared(own[0].label, tuple(own), at) for at, own in groups if own])


def _curves(
    planned: PlannedRun, run: RunFolder, changes: Sequence[Change], clock: Clock
) -> Generator[Progress, None, tuple[RobustnessCurve, ...]]:
    """The run's accuracy against each of *changes*, from its folder or measured now and kept there."""
    kept = _read_curves(run)
    for at, change in enumerate(changes):
        if change not in kept:
            from hw2gui.vision import answers, results

            config = planned.config
            begun = time.monotonic()
            steps = answers.robustness(str(run.path), change, config.data, "test", changed_images(config))
            for event in _told(steps, kept, change):
                assert isinstance(event, results.Progress)
                spent = time.monotonic() - begun
                rest = spent * (1 - event.share) / max(event.share, 1e-6)
                clock.left_of_run = rest + (len(changes) - at - 1) * (spent + rest)
                clock.part(0.5 + 0.5 * (at + event.share) / len(changes))
                yield clock.progress(f"{planned.label}, seed {planned.seed}: test images changed ({change})")
            files.write_json(run.path / CURVES_FILE, {"curves": [to_plain(curve) for curve in kept.values()]})
    return tuple(kept[change] for change in changes)


def _told(
    steps: Generator[object, None, RobustnessCurve], kept: dict[Change, RobustnessCurve], change: Change
) -> Generator[object, None, None]:
    """The events of *steps*, at most ten a second; its curve is put into *kept*."""
    told = 0.0
    while True:
        try:
            event = next(steps)
        except StopIteration as end:
            kept[change] = end.value
            return
        if time.monotonic() - told > 0.1:
            told = time.monotonic()
            yield event


def _read_curves(run: RunFolder) -> dict[Change, RobustnessCurve]:
    """The curves kept in *run*'s folder; those that are damaged, or of other amounts, are measured again."""
    try:
        plain = json.loads((run.path / CURVES_FILE).read_text("utf-8"))["curves"]
        found = [from_plain(RobustnessCurve, one, CURVES_FILE) for one in plain]
    except (OSError, ValueError, KeyError, TypeError, RecursionError, UserError):
        return {}
    return {
        curve.change: curve for curve in found if curve.amounts == AMOUNTS[curve.change] and len(curve.accuracies) == len(curve.amounts)
    }
