"""The learning-rate range test: the rate rises by equal factors over an epoch; the loss tells where training works and where it breaks.

After Smith, Cyclical learning rates for training neural networks, 2017 (arXiv:1506.01186).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hw2gui.arrays import Floats
from hw2gui.errors import InputError
from hw2gui.training.config import TrainingConfig
from hw2gui.training.metrics import Metrics

SMOOTHING = 0.98
"""What a loss counts in the smoothed one of the next step, and of the step before, in shares of what it counts in its own."""

BROKEN = 4.0
"""The test ends, for the plot, where the smoothed loss is so many times its least."""

FEWEST_STEPS = 20


def configured(base: TrainingConfig, lowest: float = 1e-6, highest: float = 1.0) -> TrainingConfig:
    """*base* as a range test: one epoch from the *lowest* rate to the *highest*; the test data are not looked at."""
    return replace(base, epochs=1, schedule="range", first_rate=lowest, learning_rate=highest, test="never", keep_epochs=False)


@dataclass(frozen=True)
class RangeTest:
    """Smoothed losses over rates, and the rate at which the loss fell fastest (by the logarithm of the rate).

    *whole*: it has come to its highest rate, or to where training breaks; what a part says may be said otherwise by the rest.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    steepest: float
    whole: bool = True

    @property
    def sentence(self) -> str:
        """What it comes to."""
        if not self.whole:
            told = f"So far, up to a rate of {self.rates[-1]:.1e}, the loss falls fastest at {self.steepest:.1e}"
            return f"{told}: which rate to take is told when the test is at its end."
        least = self.rates[int(np.argmin(self.losses))]
        told = f"The loss falls fastest at a rate of {self.steepest:.1e} and is least at {least:.1e}"
        return f"{told}: choose a rate about the first, below the second."


def judged(training: TrainingConfig, metrics: Metrics) -> RangeTest:
    """The range test that a run with these settings was. InputError where it was none or has done too few steps."""
    if training.schedule != "range":
        raise InputError("This run is no learning-rate range test: start one.")
    if not len(metrics.steps):
        raise InputError("The range test has done no step yet: let it run.")
    # The log names the rate of some steps only; between them it rises by equal factors.
    rates = np.exp(np.interp(metrics.steps, [1, *metrics.rate_steps], np.log([training.first_rate, *metrics.rates])))
    found = judge(rates, metrics.losses)
    broken = len(found.rates) < len(rates)
    return replace(found, whole=broken or bool(rates[-1] >= training.learning_rate * (1 - 1e-6)))


def judge(rates: Floats, losses: Floats) -> RangeTest:
    """Cut *losses* (steps,) at *rates* (steps,) where training breaks, smooth them, and find the steepest fall.

    InputError for fewer than `FEWEST_STEPS` steps.
    """
    if len(losses) < FEWEST_STEPS:
        raise InputError(
            f"The range test has done {len(losses)} steps: let it do {FEWEST_STEPS} at least, with more data or smaller batches."
        )
    # By the past alone: what comes after the break must not hide the best before it.
    past = _past_mean(losses)
    broken = np.flatnonzero(past > BROKEN * np.minimum.accumulate(past))
    end = max(int(broken[0]) if len(broken) else len(past), FEWEST_STEPS)
    smooth = smoothed(losses[:end])
    # Over a tenth of the curve, or noise decides.
    span = max(2, end // 10)
    fall = (smooth[span:end] - smooth[: end - span]) / np.log(rates[span:end] / rates[: end - span])
    steepest = rates[int(np.argmin(fall)) + span // 2]
    return RangeTest(tuple(map(float, rates[:end])), tuple(map(float, smooth[:end])), float(steepest))


def smoothed(values: Floats) -> Floats:
    """The mean of *values* around each step, weighted by `SMOOTHING` to the power of the steps between; at the ends, of what there is.

    Both sides count, or the curve would lag: by 50 steps, which of an epoch of 430 from 1e-6 to 1 are a factor of 5 in the rate.
    """
    both = _past_sum(values) + _past_sum(values[::-1])[::-1] - values
    weights = _past_weights(len(values))
    found: Floats = both / (weights + weights[::-1] - 1)
    return found


def _past_mean(values: Floats) -> Floats:
    found: Floats = _past_sum(values) / _past_weights(len(values))
    return found


def _past_sum(values: Floats) -> Floats:
    total, found = 0.0, np.empty(len(values))
    for step, value in enumerate(values.tolist()):
        total = SMOOTHING * total + value
        found[step] = total
    return found


def _past_weights(count: int) -> Floats:
    """What `_past_sum` makes of so many ones: a geometric series."""
    weights: Floats = (1 - SMOOTHING ** np.arange(1, count + 1, dtype=np.float64)) / (1 - SMOOTHING)
    return weights
