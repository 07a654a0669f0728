"""The claims of question 2 as experiments: which networks to train, and what their finished runs come to, in plots, a table and a sentence.

2.1 a CNN needs fewer parameters than a fully connected network; 2.2 convolution and pooling cope with shift, rotation and scale;
2.3 without spatial structure the CNN's advantage is gone. Every sentence is computed from the runs and says what they show, whichever way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hw2gui.errors import InputError
from hw2gui.training.config import TrainingConfig
from hw2gui.training.plots import Plot
from hw2gui.vision.augmentation import NONE
from hw2gui.vision.compared import Compared, FinishedRun, conditions
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.judgements import CHANGE_NAMES, CHANGES, judge_parameters, judge_permutation, judge_transformations
from hw2gui.vision.network import FULLY_CONNECTED, FULLY_CONNECTED_WIDE, HOMEWORK, HOMEWORK_SUBSAMPLED, Network, fully_connected_like
from hw2gui.vision.strip import Change
from hw2gui.writers import Table

Key = Literal["parameters", "transformations", "permutation"]

PERMUTATION_SEED = 42

PROTOCOL = VisionConfig(TrainingConfig(epochs=5, batch_size=128, learning_rate=4e-3, schedule="one-cycle", threads=0))
"""How all networks of an experiment are trained alike, in seconds each. What is kept of a reproduction was made so."""

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
        how = conditions(compared)
        if len(compared[0].runs) > 1:
            measure = "Mean ± standard deviation" if "±" in sentence else "Mean"
            sentence += f" ({measure} of {len(compared[0].runs)} seeds.)"
        plots = tuple(replace(plot, note=f"{sentence} {how}") for plot in plots)
        return Conclusion(plots, sentence, self._table(compared, how), how)

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

    def _table(self, compared: Sequence[Compared], how: str) -> Table:
        changes = tuple(f"left after {CHANGE_NAMES[change]}" for change in self.changes)
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
        return Table(f"{self.question} {self.title}", header, numeric, rows, notes=(self.conclusion_note, how))

    @property
    def conclusion_note(self) -> str:
        """What the columns of the table are."""
        left = "; left after a change: share of the unchanged test accuracy, on the mean over all amounts" if self.changes else ""
        return f"Accuracies after the last epoch, mean over seeds; spread: standard deviation{left}."


def experiments(base: VisionConfig = PROTOCOL, seeds: Sequence[int] = ()) -> dict[Key, Experiment]:
    """The three, trained as *base* says, but with their own networks; 2.3 without augmentation, for permuted pixels cannot be moved.

    Every network is trained with each of *seeds* (default: that of *base*).
    """
    still = replace(base, augmentation=NONE)
    own = tuple(seeds) or (base.training.seed,)

    def planned(*networks: tuple[str, Network]) -> tuple[PlannedRun, ...]:
        return _planned(base, own, networks, (("", None),))

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
            judge_parameters,
        ),
        Experiment(
            "transformations",
            "2.2",
            "Accuracy against shift, rotation and scale",
            "Convolution and pooling recognise a character regardless of shift, rotation and scale.",
            planned((CNN, HOMEWORK), (CNN_SUBSAMPLED, HOMEWORK_SUBSAMPLED), (DENSE, FULLY_CONNECTED)),
            CHANGES,
            judge_transformations,
        ),
        Experiment(
            "permutation",
            "2.3",
            "One fixed permutation of all pixels",
            "Without spatial structure a CNN has no advantage.",
            _planned(still, own, ((CNN, HOMEWORK), (DENSE, FULLY_CONNECTED)), (("", None), (PERMUTED, PERMUTATION_SEED))),
            (),
            judge_permutation,
        ),
    )
    return {experiment.key: experiment for experiment in found}


def _planned(
    base: VisionConfig, seeds: Sequence[int], networks: Sequence[tuple[str, Network]], orders: Sequence[tuple[str, int | None]]
) -> tuple[PlannedRun, ...]:
    """Each of *networks* with each of *seeds*, its pixels in each of *orders* (suffix of the label, seed of the permutation)."""
    return tuple(
        PlannedRun(label + suffix, _seeded(replace(base, network=network, permutation=order), seed))
        for seed in seeds
        for label, network in networks
        for suffix, order in orders
    )


def _seeded(config: VisionConfig, seed: int) -> VisionConfig:
    return replace(config, training=replace(config.training, seed=seed))
