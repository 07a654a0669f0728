"""Networks beside each other: the finished runs of each, over several seeds, as means, spreads and lines of a plot."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hw2gui.training.fields import number_words
from hw2gui.training.plots import Line, Plot, mean_and_band
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.data import words
from hw2gui.vision.evaluation import RobustnessCurve
from hw2gui.vision.network import Network
from hw2gui.vision.strip import Change

CHANGED_IMAGES = 2000
"""The changed test images are as many at most where a run is limited to some of the images; else all of them."""


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


def learning_curves(title: str, compared: Sequence[Compared], note: str = "") -> Plot:
    """Validation accuracy over epochs, a colour for each network."""
    lines = tuple(line for one in compared for line in one.lines())
    return Plot(title, "epoch", "accuracy on validation images", lines, note=note)


def changed_images(config: VisionConfig) -> int | None:
    """How many test images a run's robustness is measured on; None: all."""
    return min(config.limit, CHANGED_IMAGES) if config.limit is not None else None


def conditions(compared: Sequence[Compared]) -> str:
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
        f"Data: {words(config.data)}, {images}; {training.epochs} epochs, batches of {training.batch_size}, {training.optimizer} {rate} "
        f"{number_words(training.learning_rate)}; seed{'s' if len(compared[0].runs) > 1 else ''} {seeds}."
    )
