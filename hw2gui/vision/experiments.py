"""The claims of question 2 as experiments: which networks to train, and what their finished runs come to, in plots, a table and a sentence.

2.1 a CNN needs fewer parameters than a fully connected network; 2.2 convolution and pooling cope with shift, rotation and scale;
2.3 without spatial structure the CNN's advantage is gone. Every sentence is computed from the runs and says what they show, whichever way.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hw2gui.errors import InputError
from hw2gui.training.plots import Level, Line, Plot, mean_and_band
from hw2gui.vision.augmentation import NONE
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.evaluation import RobustnessCurve
from hw2gui.vision.network import FULLY_CONNECTED, FULLY_CONNECTED_WIDE, HOMEWORK, HOMEWORK_SUBSAMPLED, Network, fully_connected_like
from hw2gui.vision.recipes import RECIPES
from hw2gui.vision.strip import UNITS, Change
from hw2gui.writers import Table

Key = Literal["parameters", "transformations", "permutation"]

CHANGES: tuple[Change, ...] = ("right", "rotation", "scale")
"""What the test images undergo in 2.2."""

CHANGED_IMAGES = 2000
"""The changed test images are as many at most where a run is limited to some of the images; else all of them."""

PERMUTATION_SEED = 42

CNN = "CNN"
CNN_SUBSAMPLED = "CNN, subsampling for pooling"
DENSE = "fully connected"
DENSE_ALIKE = "fully connected, as many parameters"
DENSE_WIDE = "fully connected, as many units"
PERMUTED = ", pixels permuted"


@dataclass(frozen=True)
class PlannedRun:
    """A training to be done, and its name in the plot; trainings that differ in their seed alone share it."""

    label: str
    config: VisionConfig

    @property
    def seed(self) -> int:
        """Of its random numbers."""
        return self.config.training.seed


@dataclass(frozen=True)
class FinishedRun:
    """A training that is done: accuracy on validation after each epoch, on test at the end, and after each change where that is asked."""

    label: str
    config: VisionConfig
    validation: tuple[float, ...]
    test: float
    curves: tuple[RobustnessCurve, ...] = ()

    @property
    def seed(self) -> int:
        """Of its random numbers."""
        return self.config.training.seed


@dataclass(frozen=True)
class Conclusion:
    """What the runs show: plots, a sentence, the numbers as a table, and in words how they were trained."""

    plots: tuple[Plot, ...]
    sentence: str
    table: Table
    conditions: str


@dataclass(frozen=True)
class Experiment:
    """One of the homework's claims. ``changes`` are those whose robustness curves its finished runs need."""

    key: Key
    question: str
    title: str
    claim: str
    runs: tuple[PlannedRun, ...]
    """All networks with the first seed, then all with the next: what is done of them can be compared."""
    changes: tuple[Change, ...]
    _judge: Callable[[Sequence[Compared]], tuple[tuple[Plot, ...], str]]

    def conclude(self, finished: Sequence[FinishedRun]) -> Conclusion:
        """What *finished* comes to, on the seeds with which all networks are trained. InputError while there is none."""
        compared = self.compared(finished)
        plots, sentence = self._judge(compared)
        conditions = _conditions(compared)
        if len(compared[0].runs) > 1:
            measure = "Mean ± standard deviation" if "±" in sentence else "Mean"
            sentence += f" ({measure} of {len(compared[0].runs)} seeds.)"
        plots = tuple(replace(plot, note=f"{sentence} {conditions}") for plot in plots)
        return Conclusion(plots, sentence, self._table(compared, conditions), conditions)

    def compared(self, finished: Sequence[FinishedRun]) -> list[Compared]:
        """*finished* by network, on the seeds with which all are trained. InputError while there is none."""
        groups = {planned.label: [run for run in finished if run.label == planned.label] for planned in self.runs}
        missing = [label for label, runs in groups.items() if not runs]
        if missing:
            raise InputError(f"'{missing[0]}' is not trained yet: finish the experiment's runs first")
        for run in finished:
            if not run.validation or {curve.change for curve in run.curves} < set(self.changes):
                raise InputError(f"'{run.label}' is not evaluated yet: finish the experiment's runs first")
        seeds = set.intersection(*({run.seed for run in runs} for runs in groups.values()))
        if not seeds:
            raise InputError("no seed is trained with all networks yet: finish the experiment's runs first")
        return [Compared(label, tuple(run for run in runs if run.seed in seeds), at) for at, (label, runs) in enumerate(groups.items())]

    def _table(self, compared: Sequence[Compared], conditions: str) -> Table:
        changes = tuple(f"left after {_NAMES[change]}" for change in self.changes)
        header = ("", "network", "parameters", "seeds", "validation", "test", "spread of test", *changes)
        rows = tuple(
            (
                one.label,
                one.network.title,
                f"{one.network.parameters}",
                f"{len(one.runs)}",
                f"{one.validation:.4f}",
                f"{one.test:.4f}",
                f"{one.deviation:.4f}" if len(one.runs) > 1 else "",
                *(f"{one.curve(change).kept:.4f}" for change in self.changes),
            )
            for one in compared
        )
        numeric = (False, False, *(True,) * (len(header) - 2))
        return Table(f"{self.question} {self.title}", header, numeric, rows, notes=(self.conclusion_note, conditions))

    @property
    def conclusion_note(self) -> str:
        """What the columns of the table are."""
        left = "; left after a change: share of the unchanged test accuracy, on the mean over all amounts" if self.changes else ""
        return f"Accuracies after the last epoch, mean over seeds; spread: standard deviation{left}."


@dataclass(frozen=True)
class Compared:
    """The runs of one network, one for each seed; *group* is its colour."""

    label: str
    runs: tuple[FinishedRun, ...]
    group: int

    @property
    def network(self) -> Network:
        """The network."""
        return self.runs[0].config.network

    @property
    def test(self) -> float:
        """Mean accuracy on test images."""
        return statistics.fmean(run.test for run in self.runs)

    @property
    def deviation(self) -> float:
        """Standard deviation of the accuracy on test images over seeds; 0 for one."""
        return statistics.stdev(run.test for run in self.runs) if len(self.runs) > 1 else 0.0

    @property
    def validation(self) -> float:
        """Mean accuracy on validation images after the last epoch."""
        return statistics.fmean(run.validation[-1] for run in self.runs)

    @property
    def said(self) -> str:
        """``95.00 %``, with several seeds ``95.00 ± 0.12 %``."""
        spread = f" ± {100 * self.deviation:.2f}" if len(self.runs) > 1 else ""
        return f"{100 * self.test:.2f}{spread} %"

    def curve(self, change: Change) -> RobustnessCurve:
        """Accuracy after each amount of *change*, mean over seeds."""
        curves = self._curves(change)
        means = tuple(statistics.fmean(values) for values in zip(*(curve.accuracies for curve in curves), strict=True))
        return replace(curves[0], accuracies=means)

    def lines(self, change: Change | None = None) -> tuple[Line, ...]:
        """Validation accuracy over epochs, or accuracy against *change*; of several seeds a thin line each, and their mean and band."""
        if change is None:
            named = f"{self.label} ({self.network.parameters:,})"
            points = [(tuple(map(float, range(1, len(run.validation) + 1))), run.validation) for run in self.runs]
        else:
            named = self.label
            points = [(curve.amounts, curve.accuracies) for curve in self._curves(change)]
        if len(points) == 1:
            return (Line(named, *points[0], self.group),)
        seeds = tuple(Line(f"{named}, seed {run.seed}", *xy, self.group, thin=True) for run, xy in zip(self.runs, points, strict=True))
        return (*seeds, mean_and_band(named, seeds, self.group))

    def _curves(self, change: Change) -> list[RobustnessCurve]:
        return [next(curve for curve in run.curves if curve.change == change) for run in self.runs]


def experiments(base: VisionConfig = RECIPES["fast"].config, seeds: Sequence[int] = ()) -> dict[Key, Experiment]:
    """The three, trained as *base* says, but with their own networks; 2.3 without augmentation, for permuted pixels cannot be moved.

    Every network is trained with each of *seeds* (default: that of *base*).
    """
    still = replace(base, augmentation=NONE)
    own = tuple(seeds) or (base.training.seed,)

    def planned(*networks: tuple[str, Network]) -> tuple[PlannedRun, ...]:
        return tuple(
            PlannedRun(label, _seeded(replace(base, network=network, permutation=None), seed))
            for seed in own
            for label, network in networks
        )

    def permuted(*networks: tuple[str, Network]) -> tuple[PlannedRun, ...]:
        return tuple(
            PlannedRun(label + suffix, _seeded(replace(still, network=network, permutation=order), seed))
            for seed in own
            for label, network in networks
            for suffix, order in (("", None), (PERMUTED, PERMUTATION_SEED))
        )

    found = (
        Experiment(
            "parameters",
            "2.1",
            "CNN against fully connected networks",
            "A CNN has fewer parameters than a fully connected network.",
            planned(
                (CNN, HOMEWORK),
                (DENSE, FULLY_CONNECTED),
                (DENSE_ALIKE, fully_connected_like(HOMEWORK)),
                (DENSE_WIDE, FULLY_CONNECTED_WIDE),
            ),
            (),
            _parameters,
        ),
        Experiment(
            "transformations",
            "2.2",
            "Accuracy against shift, rotation and scale",
            "Convolution and pooling recognise a character regardless of shift, rotation and scale.",
            planned((CNN, HOMEWORK), (CNN_SUBSAMPLED, HOMEWORK_SUBSAMPLED), (DENSE, FULLY_CONNECTED)),
            CHANGES,
            _transformations,
        ),
        Experiment(
            "permutation",
            "2.3",
            "One fixed permutation of all pixels",
            "Without spatial structure a CNN has no advantage.",
            permuted((CNN, HOMEWORK), (DENSE, FULLY_CONNECTED)),
            (),
            _permutation,
        ),
    )
    return {experiment.key: experiment for experiment in found}


def changed_images(config: VisionConfig) -> int | None:
    """How many test images a run's robustness is measured on; None: all."""
    return min(config.limit, CHANGED_IMAGES) if config.limit is not None else None


def learning_curves(title: str, compared: Sequence[Compared], note: str = "") -> Plot:
    """Validation accuracy over epochs, a colour for each network."""
    lines = tuple(line for one in compared for line in one.lines())
    return Plot(title, "epoch", "accuracy on validation images", lines, note=note)


def _seeded(config: VisionConfig, seed: int) -> VisionConfig:
    return replace(config, training=replace(config.training, seed=seed))


def _parameters(compared: Sequence[Compared]) -> tuple[tuple[Plot, ...], str]:
    cnn, *dense = compared
    own = cnn.network.parameters
    parts = []
    for one in dense:
        count = one.network.parameters
        parts.append(f"{one.network.title} with {count:,} ({count / own:.2f}×) {one.said}")
    better = [one for one in dense if one.test >= cnn.test]
    verdict = "none of them reaches the CNN"
    if better:
        verdict = f"{len(better)} of them reach{'es' if len(better) == 1 else ''} the CNN"
    sentence = f"On test images the CNN gets {cnn.said} right with {own:,} parameters; {'; '.join(parts)}: {verdict}."
    sizes = Plot(
        "Test accuracy against parameters",
        "parameters",
        "accuracy on test images",
        tuple(_point(one) for one in compared),
        log_x=True,
    )
    return (learning_curves("CNN against fully connected networks", compared), sizes), sentence


def _point(one: Compared) -> Line:
    """A network by its size: the mean, and the band from the least to the greatest."""
    tests = [run.test for run in one.runs]
    point = Line(one.label, (float(one.network.parameters),), (one.test,), one.group)
    return replace(point, low=(min(tests),), high=(max(tests),)) if len(tests) > 1 else point


def _transformations(compared: Sequence[Compared]) -> tuple[tuple[Plot, ...], str]:
    plots, parts = [], []
    for change in CHANGES:
        first = compared[0].curve(change)
        kept = ", ".join(f"{one.label} {100 * one.curve(change).kept:.0f} %" for one in compared)
        parts.append(f"{_NAMES[change]} ({first.amounts[0]:g} to {first.amounts[-1]:g} {first.unit}): {kept}")
        lines = tuple(line for one in compared for line in one.lines(change))
        chance = (Level("chance", 0.1, len(compared)),)
        plots.append(
            Plot(f"Accuracy against {_NAMES[change]}", UNITS[change].replace("×", "factor"), "accuracy on test images", lines, chance)
        )
    curves = [compared[0].curve(change) for change in CHANGES]
    least = min(min(curve.accuracies) / curve.unchanged for curve in curves)
    verdict = f"the CNN is not indifferent to them: at worst {100 * least:.0f} % of its accuracy is left"
    if least > 0.95:
        verdict = "the CNN hardly minds them"
    sentence = f"Of the accuracy on unchanged test images there is left, on the mean over the changes, with {'; '.join(parts)}; {verdict}."
    return tuple(plots), sentence


_NAMES: dict[Change, str] = {"right": "shift", "down": "shift", "rotation": "rotation", "scale": "scale", "thickness": "thickness"}


def _permutation(compared: Sequence[Compared]) -> tuple[tuple[Plot, ...], str]:
    cnn, cnn_permuted, dense, dense_permuted = compared
    before, after = 100 * (cnn.test - dense.test), 100 * (cnn_permuted.test - dense_permuted.test)
    sentence = (
        f"With the pixels in their places the CNN is {before:+.2f} points from the fully connected network ({cnn.said} against "
        f"{dense.said} on test images); with one fixed permutation of them {after:+.2f} ({cnn_permuted.said} against "
        f"{dense_permuted.said}): the permutation costs the CNN {100 * (cnn.test - cnn_permuted.test):.2f} points, "
        f"the fully connected network, which knows no places, {100 * (dense.test - dense_permuted.test):.2f}."
    )
    return (learning_curves("One fixed permutation of all pixels", compared),), sentence


def _conditions(compared: Sequence[Compared]) -> str:
    """How the runs were trained, in words."""
    config = compared[0].runs[0].config
    training = config.training
    images = f"the first {config.limit:,} images of each split" if config.limit is not None else "all images"
    rate = "at" if training.schedule == "constant" else f"with a {training.schedule} rate up to"
    few = changed_images(config)
    if few is not None and compared[0].runs[0].curves:
        images += f" (of the changed test images the first {few:,})"
    seeds = ", ".join(str(run.seed) for run in compared[0].runs)
    return (
        f"Data: {config.data}, {images}; {training.epochs} epochs, batches of {training.batch_size}, {training.optimizer} {rate} "
        f"{training.learning_rate:g}; seed{'s' if len(compared[0].runs) > 1 else ''} {seeds}."
    )
