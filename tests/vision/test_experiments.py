from __future__ import annotations

from dataclasses import replace

import pytest

from hw2gui.errors import InputError
from hw2gui.vision.compared import FinishedRun
from hw2gui.vision.evaluation import RobustnessCurve
from hw2gui.vision.experiments import Experiment, experiments
from hw2gui.vision.judgements import CHANGES
from hw2gui.vision.network import FULLY_CONNECTED, HOMEWORK
from hw2gui.vision.recipes import RECIPES


def finished(experiment: Experiment, tests: tuple[float, ...], curves: tuple[RobustnessCurve, ...] = ()) -> list[FinishedRun]:
    return [FinishedRun(run.label, run.config, (0.5, 0.9), test, curves) for run, test in zip(experiment.runs, tests, strict=True)]


def test_the_runs_differ_in_what_is_compared_alone() -> None:
    base = replace(RECIPES["fast"].config, data="strokes", limit=50)
    for experiment in experiments(base).values():
        assert len({run.label for run in experiment.runs}) == len(experiment.runs)
        for run in experiment.runs:
            assert replace(run.config, network=HOMEWORK, permutation=None) == replace(base, network=HOMEWORK)
    networks = [run.config.network for run in experiments(base)["parameters"].runs]
    assert [network.parameters for network in networks] == [420_906, 544_330, 421_250, 2_554_154]
    permuted = experiments(base)["permutation"].runs
    assert [run.config.permutation is None for run in permuted] == [True, False, True, False]
    assert permuted[1].config.permutation == permuted[3].config.permutation


def test_parameters_says_who_reaches_the_cnn() -> None:
    experiment = experiments()["parameters"]
    conclusion = experiment.conclude(finished(experiment, (0.95, 0.9, 0.9, 0.91)))
    assert "the CNN gets 95.00 % right with 420,906 parameters" in conclusion.sentence
    assert "784-600-120-10 with 544,330 (1.29×) 90.00 %" in conclusion.sentence
    assert conclusion.sentence.endswith("none of them reaches the CNN.")
    assert experiment.conclude(finished(experiment, (0.9, 0.9, 0.8, 0.95))).sentence.endswith("2 of them reach the CNN.")
    assert conclusion.plots[0].lines[0].x == (1.0, 2.0)
    assert conclusion.plots[1].lines[1].x == (float(FULLY_CONNECTED.parameters),)


def test_transformations_says_what_is_left() -> None:
    experiment = experiments()["transformations"]
    with pytest.raises(InputError, match="'CNN' is not evaluated yet"):
        experiment.conclude(finished(experiment, (0.9, 0.9, 0.9)))
    amounts = {"right": (-2.0, 0.0, 2.0), "rotation": (-15.0, 0.0, 15.0), "scale": (0.8, 1.0, 1.2)}
    curves = tuple(RobustnessCurve(change, amounts[change], (0.4, 0.8, 0.6)) for change in CHANGES)
    conclusion = experiment.conclude(finished(experiment, (0.9, 0.9, 0.9), curves))
    assert "shift (−2 to 2 pixels right): CNN 62 %" in conclusion.sentence
    assert "at worst 50 % of its accuracy is left" in conclusion.sentence
    assert len(conclusion.plots) == 3
    steady = tuple(replace(curve, accuracies=(0.8, 0.8, 0.8)) for curve in curves)
    assert "hardly minds them" in experiment.conclude(finished(experiment, (0.9, 0.9, 0.9), steady)).sentence


def test_permutation_says_what_it_costs() -> None:
    experiment = experiments()["permutation"]
    conclusion = experiment.conclude(finished(experiment, (0.95, 0.85, 0.9, 0.895)))
    assert "+5.00 points" in conclusion.sentence
    assert "−4.50" in conclusion.sentence
    assert "costs the CNN 10.00 points" in conclusion.sentence
    with pytest.raises(InputError, match="'CNN' is not trained yet"):
        experiment.conclude(finished(experiment, (0.95, 0.85, 0.9, 0.895))[1:])
