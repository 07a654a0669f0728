"""Runs on the disk as the experiments and the race read them. Torch-free."""

from __future__ import annotations

import numpy as np

from hw2gui.session.codec import from_plain
from hw2gui.training.metrics import Metrics
from hw2gui.training.run_folder import RunFolder
from hw2gui.training.survey import Described, RunRow
from hw2gui.training.survey import survey as survey_of
from hw2gui.vision import data, models
from hw2gui.vision.compared import FinishedRun
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.evaluation import RobustnessCurve
from hw2gui.vision.rates import CHANCE_LOSS
from hw2gui.vision.report_reference import reference


def config_of(run: RunFolder) -> VisionConfig:
    """The configuration *run* was begun with; InputError where it is no character network's."""
    return from_plain(VisionConfig, run.header.config, f"{run.path.name}/config.json")


def describe(run: RunFolder) -> Described:
    """What the table of runs says of *run*. InputError where it is no character network's."""
    config = config_of(run)
    extras = [
        "augmented" if config.augmentation.active else "",
        "permuted" if config.permutation is not None else "",
        f"first {config.limit:,}" if config.limit is not None else "",
    ]
    words = ", ".join([data.words(config.data), *filter(None, extras)])
    return Described(config.network.title, words, reference(config), CHANCE_LOSS, config.network.dropout)


def survey() -> tuple[RunRow, ...]:
    """The user's runs of character networks, for the table."""
    return survey_of(models.TASK, describe)


def finished_run(label: str, run: RunFolder, curves: tuple[RobustnessCurve, ...] = ()) -> FinishedRun | None:
    """*run* as an experiment's run called *label*; None until it is finished and its test images were looked at."""
    measured = run.metrics(steps=False)
    test = measured.final.get("test_accuracy")
    return None if test is None else FinishedRun(label, config_of(run), _validation(measured), float(test), curves)


def _validation(metrics: Metrics) -> tuple[float, ...]:
    column = metrics.epoch_metrics.get("validation_accuracy", np.empty(0))
    return tuple(float(value) for value in column if not np.isnan(value))
