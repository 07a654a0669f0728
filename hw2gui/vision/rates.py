"""The learning-rate race of question 2: several rates, several seeds each, and what their curves come to beside the report's."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hw2gui.training.fields import number_words
from hw2gui.training.plots import Level, Line, Plot, mean_and_band
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.experiments import PlannedRun
from hw2gui.vision.network import CLASS_COUNT
from hw2gui.vision.report_reference import LEARNING_RATES, TITLE, reference

CHANCE_LOSS = math.log(CLASS_COUNT)
"""The loss of a network that has learnt nothing: ln 10."""

COLLAPSED_ACCURACY = 0.15
"""A run that ends below is called collapsed: chance is 0.1."""


def planned(base: VisionConfig, rates: Sequence[float] = LEARNING_RATES, seeds: Sequence[int] = (42,)) -> tuple[PlannedRun, ...]:
    """A run for each rate and seed, rates in the order given."""
    return tuple(
        PlannedRun(f"{number_words(rate)}, seed {seed}", replace(base, training=replace(base.training, learning_rate=rate, seed=seed)))
        for rate in rates
        for seed in seeds
    )


@dataclass(frozen=True)
class RacedRun:
    """A run so far: accuracy on validation after each epoch, and on test once it is done."""

    config: VisionConfig
    validation: tuple[float, ...]
    test: float | None = None

    @property
    def rate(self) -> float:
        """Its learning rate."""
        return self.config.training.learning_rate

    @property
    def finished(self) -> bool:
        """Whether all its epochs are done."""
        return len(self.validation) == self.config.training.epochs

    @property
    def collapsed(self) -> bool:
        """Whether it has learnt nothing."""
        return bool(self.validation) and self.validation[-1] < COLLAPSED_ACCURACY


def plot(runs: Sequence[RacedRun]) -> Plot:
    """A colour for each rate: its seeds as thin lines, their mean with the band; the report's value where the protocol is the report's."""
    lines: list[Line] = []
    levels: list[Level] = []
    for group, rate in enumerate(dict.fromkeys(run.rate for run in runs)):
        own = [run for run in runs if run.rate == rate]
        seeds = tuple(
            Line(f"{number_words(rate)}, seed {run.config.training.seed}", _epochs(run), run.validation, group, thin=True) for run in own
        )
        lines += seeds if len(seeds) > 1 else ()
        lines.append(
            mean_and_band(number_words(rate), seeds, group) if len(seeds) > 1 else replace(seeds[0], label=number_words(rate), thin=False)
        )
        value = reference(own[0].config)
        if value is not None and all(reference(run.config) == value for run in own):
            levels.append(Level(f"{TITLE} {value:.4f} at {number_words(rate)}", value, group))
    return Plot(
        "Validation accuracy by learning rate", "epoch", "accuracy on validation images", tuple(lines), tuple(levels), sentence(runs)
    )


def sentence(runs: Sequence[RacedRun]) -> str:
    """What the finished runs come to: mean and spread of each rate, the best rate, and which collapsed."""
    parts = []
    means: dict[float, float] = {}
    for rate in dict.fromkeys(run.rate for run in runs):
        last = [run.validation[-1] for run in runs if run.rate == rate and run.finished]
        if not last:
            continue
        means[rate] = statistics.fmean(last)
        spread = f" ± {statistics.stdev(last):.4f} ({len(last)} seeds)" if len(last) > 1 else ""
        value = reference(next(run.config for run in runs if run.rate == rate))
        beside = f", {TITLE} {value:.4f}" if value is not None else ""
        parts.append(f"{number_words(rate)}: {means[rate]:.4f}{spread}{beside}")
    if not parts:
        return "No run is finished yet."
    best = max(means, key=means.__getitem__)
    collapsed = [run for run in runs if run.finished and run.collapsed]
    fate = f" {len(collapsed)} collapsed: accuracy at chance, loss at ln 10 = {CHANCE_LOSS:.3f}." if collapsed else ""
    return f"Validation accuracy after the last epoch, by learning rate: {'; '.join(parts)}. Best: {number_words(best)}.{fate}"


def _epochs(run: RacedRun) -> tuple[float, ...]:
    return tuple(float(epoch) for epoch in range(1, len(run.validation) + 1))
