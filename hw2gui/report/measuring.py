"""What is measured of finished runs, as jobs: plain functions and generators that answer plain JSON values. Torch is imported by them."""

from __future__ import annotations

import math
from collections.abc import Generator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from hw2gui.jobs import Job, Luggage
from hw2gui.report.library import config_of
from hw2gui.seq2seq import evaluation
from hw2gui.steps import retold
from hw2gui.training.run_folder import RunFolder
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.judgements import CHANGES
from hw2gui.vision.results import Progress

BEAMS_NAME = "beams"
ROBUSTNESS_NAME = "robustness"

EXAMPLES = 8
"""Test sentences whose outputs stand in the document."""

TEST_IMAGES = 10_000


def beams_job(run: RunFolder, beams: tuple[int, ...], luggage: Luggage) -> Job:
    """`measure_beams` of *run*."""
    return Job(f"{__name__}:measure_beams", {"run": str(run.path), "beams": beams}, luggage)


def robustness_job(run: RunFolder, luggage: Luggage) -> Job:
    """`measure_robustness` of *run*."""
    return Job(f"{__name__}:measure_robustness", {"run": str(run.path)}, luggage)


def measure_beams(run: str, beams: tuple[int, ...]) -> Generator[evaluation.Progress, None, dict[str, Any]]:
    """The scores of a character model on its test pairs for each beam size, with some outputs to read.

    ``standard_error`` is s/√n of the error rates over the pairs, s their sample standard deviation: how much a mean over other sentences
    of the kind would vary.
    """
    from hw2gui.seq2seq import answers

    found = yield from answers.evaluate(run, "test", beams, fresh=True)
    rows = found.as_json()
    for row, one in zip(rows, found.beams, strict=True):
        rates = np.asarray(one.own.rate, dtype=np.float64)
        row["standard_error"] = float(rates.std(ddof=1) / math.sqrt(len(rates))) if len(rates) > 1 else 0.0
    chosen = [index * len(found.sources) // EXAMPLES for index in range(min(EXAMPLES, len(found.sources)))]
    widest = found.beams[-1]
    shown = [
        {
            "source": found.sources[index],
            "reference": found.references[index][0],
            "greedy": found.beams[0].outputs[index],
            "beam": widest.outputs[index],
        }
        for index in chosen
    ]
    return {"beams": rows, "examples": shown, "widest": widest.beam}


def measure_robustness(run: str) -> Generator[Progress, None, dict[str, Any]]:
    """The accuracy of a character network on its test images after each amount of each change of 2.2."""
    from hw2gui.vision import answers

    config = config_of(RunFolder.open(Path(run)))
    assert isinstance(config, VisionConfig)
    curves: dict[str, Any] = {}
    for number, change in enumerate(CHANGES):
        work = answers.robustness(run, change, config.data, "test", config.limit or TEST_IMAGES)
        curve = yield from retold(work, partial(_part_done, number, change))
        curves[change] = {"amounts": list(curve.amounts), "accuracies": list(curve.accuracies)}
    return curves


def _part_done(number: int, change: str, step: Progress) -> Progress:
    return Progress((number + step.share) / len(CHANGES), change)
