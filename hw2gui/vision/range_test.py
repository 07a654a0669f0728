"""The learning-rate range test: the rate rises by equal factors over an epoch; the loss tells where training works and where it breaks.

After Smith, Cyclical learning rates for training neural networks, 2017 (arXiv:1506.01186).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hw2gui.errors import InputError
from hw2gui.training.run_folder import RunFolder
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.finished import config_of
from hw2gui.vision.plots import Line, Plot

Reals = NDArray[np.float64]

SMOOTHING = 0.98
"""Share of the past in the smoothed loss, from step to step."""

BROKEN = 4.0
"""The test ends, for the plot, where the smoothed loss is so many times its least."""

FEWEST_STEPS = 20


def configured(base: VisionConfig, lowest: float = 1e-6, highest: float = 1.0) -> VisionConfig:
    """*base* as a range test: one epoch from the *lowest* rate to the *highest*; the test images are not looked at."""
    training = replace(base.training, epochs=1, schedule="range", first_rate=lowest, learning_rate=highest, test="never", keep_epochs=False)
    return replace(base, training=training)


@dataclass(frozen=True)
class RangeTest:
    """Smoothed losses over rates, and the rate at which the loss fell fastest (by the logarithm of the rate)."""

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    steepest: float

    @property
    def sentence(self) -> str:
        """What it comes to."""
        least = self.rates[int(np.argmin(self.losses))]
        told = f"The loss falls fastest at a rate of {self.steepest:.1e} and is least at {least:.1e}"
        return f"{told}: choose a rate about the first, below the second."

    @property
    def plot(self) -> Plot:
        """The curve."""
        line = Line("smoothed training loss", self.rates, self.losses)
        return Plot("Learning-rate range test", "learning rate", "loss", (line,), note=self.sentence, log_x=True)


def judged(run: RunFolder) -> RangeTest:
    """The range test that *run* was. InputError where it was none or has done too few steps."""
    training = config_of(run).training
    if training.schedule != "range":
        raise InputError(f"the run {run.name} is no learning-rate range test: start one")
    measured = run.metrics()
    if not len(measured.steps):
        raise InputError(f"the range test {run.name} has done no step yet: let it run")
    # The log names the rate of some steps only; between them it rises by equal factors.
    rates = np.exp(np.interp(measured.steps, [1, *measured.rate_steps], np.log([training.first_rate, *measured.rates])))
    return judge(rates, measured.losses)


def judge(rates: Reals, losses: Reals) -> RangeTest:
    """Smooth *losses* (steps,) at *rates* (steps,), cut them where training breaks, and find the steepest fall."""
    if len(losses) < FEWEST_STEPS:
        raise InputError(
            f"the range test has done {len(losses)} steps: let it do {FEWEST_STEPS} at least, with more images or smaller batches"
        )
    smooth = smoothed(losses)
    broken = np.flatnonzero(smooth > BROKEN * np.minimum.accumulate(smooth))
    end = int(broken[0]) if len(broken) else len(smooth)
    end = max(end, FEWEST_STEPS)
    # Over a tenth of the curve, or noise decides.
    span = max(2, end // 10)
    fall = (smooth[span:end] - smooth[: end - span]) / np.log(rates[span:end] / rates[: end - span])
    steepest = rates[int(np.argmin(fall)) + span // 2]
    return RangeTest(tuple(map(float, rates[:end])), tuple(map(float, smooth[:end])), float(steepest))


def smoothed(values: Reals) -> Reals:
    """The exponential mean of *values*, without the pull to 0 at its beginning."""
    mean, found = 0.0, np.empty(len(values))
    for step, value in enumerate(values, start=1):
        mean = SMOOTHING * mean + (1 - SMOOTHING) * float(value)
        found[step - 1] = mean / (1 - SMOOTHING**step)
    return found
