"""The claims of question 2 as experiments: which networks to train, and what their finished runs come to, in a plot and a sentence.

2.1 a CNN needs fewer parameters than a fully connected network; 2.2 convolution and pooling cope with shift, rotation and scale;
2.3 without spatial structure the CNN's advantage is gone. Every sentence is computed from the runs and says what they show, whichever way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hw2gui.errors import InputError
from hw2gui.training.plots import Level, Line, Plot
from hw2gui.vision.augmentation import NONE
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.evaluation import RobustnessCurve
from hw2gui.vision.network import FULLY_CONNECTED, FULLY_CONNECTED_WIDE, HOMEWORK, HOMEWORK_SUBSAMPLED, Network, fully_connected_like
from hw2gui.vision.recipes import RECIPES
from hw2gui.vision.strip import Change

Key = Literal["parameters", "transformations", "permutation"]

CHANGES: tuple[Change, ...] = ("right", "rotation", "scale")
"""What the test images undergo in 2.2."""

PERMUTATION_SEED = 42

CNN = "CNN"
CNN_SUBSAMPLED = "CNN, subsampling for pooling"
DENSE = "fully connected"
DENSE_ALIKE = "fully connected, as many parameters"
DENSE_WIDE = "fully connected, as many units"
PERMUTED = ", pixels permuted"


@dataclass(frozen=True)
class PlannedRun:
    """A training to be done, and its name in the plot."""

    label: str
    config: VisionConfig


@dataclass(frozen=True)
class FinishedRun:
    """A training that is done: accuracy on validation after each epoch, on test at the end, and after each change where that is asked."""

    label: str
    config: VisionConfig
    validation: tuple[float, ...]
    test: float
    curves: tuple[RobustnessCurve, ...] = ()


@dataclass(frozen=True)
class Conclusion:
    """What the runs show: plots, and a sentence."""

    plots: tuple[Plot, ...]
    sentence: str


@dataclass(frozen=True)
class Experiment:
    """One of the homework's claims. ``changes`` are those whose robustness curves its finished runs need."""

    key: Key
    question: str
    title: str
    claim: str
    runs: tuple[PlannedRun, ...]
    changes: tuple[Change, ...]
    _judge: Callable[[Sequence[FinishedRun]], Conclusion]

    def conclude(self, finished: Sequence[FinishedRun]) -> Conclusion:
        """What *finished*, one for each planned run, comes to. InputError while some are missing."""
        by_label = {run.label: run for run in finished}
        missing = [planned.label for planned in self.runs if planned.label not in by_label]
        if missing:
            raise InputError(f"'{missing[0]}' is not trained yet: finish the experiment's runs first")
        ordered = [by_label[planned.label] for planned in self.runs]
        for run in ordered:
            if not run.validation or {curve.change for curve in run.curves} < set(self.changes):
                raise InputError(f"'{run.label}' is not evaluated yet: finish the experiment's runs first")
        return self._judge(ordered)


def experiments(base: VisionConfig = RECIPES["fast"].config) -> dict[Key, Experiment]:
    """The three, trained as *base* says, but with their own networks; 2.3 without augmentation, for permuted pixels cannot be moved."""
    still = replace(base, augmentation=NONE)

    def planned(label: str, network: Network) -> PlannedRun:
        return PlannedRun(label, replace(base, network=network, permutation=None))

    def permuted(label: str, network: Network, permutation: int | None) -> PlannedRun:
        return PlannedRun(label, replace(still, network=network, permutation=permutation))

    found = (
        Experiment(
            "parameters",
            "2.1",
            "CNN against fully connected networks",
            "A CNN has fewer parameters than a fully connected network.",
            (
                planned(CNN, HOMEWORK),
                planned(DENSE, FULLY_CONNECTED),
                planned(DENSE_ALIKE, fully_connected_like(HOMEWORK)),
                planned(DENSE_WIDE, FULLY_CONNECTED_WIDE),
            ),
            (),
            _parameters,
        ),
        Experiment(
            "transformations",
            "2.2",
            "Accuracy against shift, rotation and scale",
            "Convolution and pooling recognise a character regardless of shift, rotation and scale.",
            (planned(CNN, HOMEWORK), planned(CNN_SUBSAMPLED, HOMEWORK_SUBSAMPLED), planned(DENSE, FULLY_CONNECTED)),
            CHANGES,
            _transformations,
        ),
        Experiment(
            "permutation",
            "2.3",
            "One fixed permutation of all pixels",
            "Without spatial structure a CNN has no advantage.",
            (
                permuted(CNN, HOMEWORK, None),
                permuted(CNN + PERMUTED, HOMEWORK, PERMUTATION_SEED),
                permuted(DENSE, FULLY_CONNECTED, None),
                permuted(DENSE + PERMUTED, FULLY_CONNECTED, PERMUTATION_SEED),
            ),
            (),
            _permutation,
        ),
    )
    return {experiment.key: experiment for experiment in found}


def _parameters(runs: Sequence[FinishedRun]) -> Conclusion:
    cnn, *dense = runs
    own = cnn.config.network.parameters
    parts = []
    for run in dense:
        count = run.config.network.parameters
        parts.append(f"{run.config.network.title} with {count:,} ({count / own:.2f}×) {_percent(run.test)}")
    better = [run for run in dense if run.test >= cnn.test]
    verdict = "none of them reaches the CNN" if not better else f"{len(better)} of them reach the CNN"
    sentence = f"On test images the CNN gets {_percent(cnn.test)} right with {own:,} parameters; {'; '.join(parts)}: {verdict}."
    sizes = Plot(
        "Test accuracy against parameters",
        "parameters",
        "accuracy",
        tuple(Line(run.label, (float(run.config.network.parameters),), (run.test,), group) for group, run in enumerate(runs)),
        note=sentence,
        log_x=True,
    )
    return Conclusion((_learning_curves("CNN against fully connected networks", runs, sentence), sizes), sentence)


def _transformations(runs: Sequence[FinishedRun]) -> Conclusion:
    plots, parts = [], []
    for change in CHANGES:
        curves = [next(curve for curve in run.curves if curve.change == change) for run in runs]
        kept = ", ".join(f"{run.label} {100 * curve.kept:.0f} %" for run, curve in zip(runs, curves, strict=True))
        parts.append(f"{_NAMES[change]} ({curves[0].amounts[0]:g} to {curves[0].amounts[-1]:g} {curves[0].unit}): {kept}")
        lines = tuple(
            Line(run.label, curve.amounts, curve.accuracies, group) for group, (run, curve) in enumerate(zip(runs, curves, strict=True))
        )
        chance = (Level("chance", 0.1, len(runs)),)
        plots.append(Plot(f"Accuracy against {_NAMES[change]}", curves[0].unit, "accuracy on test images", lines, chance))
    least = min(min(curve.accuracies) / curve.unchanged for curve in runs[0].curves)
    verdict = f"the CNN is not indifferent to them: at worst {100 * least:.0f} % of its accuracy is left"
    if least > 0.95:
        verdict = "the CNN hardly minds them"
    sentence = f"Of the accuracy on unchanged test images there is left, on the mean over the changes, with {'; '.join(parts)}; {verdict}."
    return Conclusion(tuple(replace(plot, note=sentence) for plot in plots), sentence)


_NAMES: dict[Change, str] = {"right": "shift", "down": "shift", "rotation": "rotation", "scale": "scale", "thickness": "thickness"}


def _permutation(runs: Sequence[FinishedRun]) -> Conclusion:
    cnn, cnn_permuted, dense, dense_permuted = (run.test for run in runs)
    before, after = 100 * (cnn - dense), 100 * (cnn_permuted - dense_permuted)
    sentence = (
        f"With the pixels in their places the CNN is {before:+.2f} points from the fully connected network ({_percent(cnn)} against "
        f"{_percent(dense)} on test images); with one fixed permutation of them {after:+.2f} ({_percent(cnn_permuted)} against "
        f"{_percent(dense_permuted)}): the permutation costs the CNN {100 * (cnn - cnn_permuted):.2f} points, "
        f"the fully connected network, which knows no places, {100 * (dense - dense_permuted):.2f}."
    )
    return Conclusion((_learning_curves("One fixed permutation of all pixels", runs, sentence),), sentence)


def _learning_curves(title: str, runs: Sequence[FinishedRun], note: str) -> Plot:
    lines = tuple(
        Line(
            f"{run.label} ({run.config.network.parameters:,})",
            tuple(float(epoch) for epoch in range(1, len(run.validation) + 1)),
            run.validation,
            group,
        )
        for group, run in enumerate(runs)
    )
    return Plot(title, "epoch", "accuracy on validation images", lines, note=note)


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"
