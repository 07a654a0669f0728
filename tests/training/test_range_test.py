from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hw2gui.errors import InputError
from hw2gui.training.config import TrainingConfig
from hw2gui.training.growing import EMPTY
from hw2gui.training.range_test import configured, judge, judged, smoothed
from tests.training.conftest import CONFIG, trial_in


def test_the_steepest_fall_is_found_and_what_is_broken_cut() -> None:
    rates = np.logspace(-6, 0, 1200)
    losses = 2.3 - 2.0 / (1 + np.exp(-8 * (np.log10(rates) + 3))) + np.where(rates > 0.1, 50 * (rates - 0.1), 0)
    found = judge(rates, losses + np.random.default_rng(0).normal(0, 0.02, 1200))
    assert 3e-4 < found.steepest < 5e-3
    assert 0.1 < found.rates[-1] < 0.5
    assert "falls fastest at a rate of" in found.sentence


@pytest.mark.parametrize("steps", [430, 6875])
def test_the_steepest_fall_is_where_it_is_however_many_steps_there_are(steps: int) -> None:
    """The logistic fall below is steepest at 1e-3 exactly, far from where the loss breaks."""
    rates = np.logspace(-6, 0, steps)
    losses = 2.3 - 2.0 / (1 + np.exp(-4 * (np.log10(rates) + 3))) + np.where(rates > 0.1, 1e4 * (rates - 0.1), 0)
    found = judge(rates, losses)
    assert abs(np.log10(found.steepest) + 3) < 0.05
    assert found.rates[-1] < 0.3


def test_smoothing_keeps_a_constant_and_a_step_in_its_place() -> None:
    np.testing.assert_allclose(smoothed(np.full(50, 1.7)), 1.7)
    step = smoothed(np.r_[np.zeros(100), np.ones(100)])
    assert np.all(np.diff(step) >= 0)
    np.testing.assert_allclose(step + step[::-1], 1)


def test_a_run_as_a_range_test(tmp_path: Path) -> None:
    config = configured(replace(CONFIG, batch_size=2), 1e-5, 0.1)
    trial = trial_in(tmp_path / "range", config)
    trial.go()
    found = judged(config, trial.run.metrics())
    assert len(found.rates) == len(found.losses) <= 20
    assert found.rates[0] == pytest.approx(1e-5)
    ratios = np.array(found.rates[1:]) / np.array(found.rates[:-1])
    np.testing.assert_allclose(ratios, ratios[0])
    assert found.rates[0] <= found.steepest <= found.rates[-1]
    assert "test_accuracy" not in trial.run.metrics().final
    assert found.whole and "choose a rate" in found.sentence


def test_half_a_range_test_advises_nothing() -> None:
    """At half of its steps the loss falls still: where it is least is not known, nor where it falls fastest of all."""
    config = configured(TrainingConfig(), 1e-6, 1.0)
    steps, rates = np.arange(1, 101), np.logspace(-6, -3, 100)
    half = replace(EMPTY, steps=steps, losses=np.linspace(2.3, 2.0, 100), rate_steps=steps, rates=rates)
    found = judged(config, half)
    assert not found.whole and "So far, up to a rate of 1.0e-03" in found.sentence and "choose" not in found.sentence
    assert judged(config, replace(half, losses=np.r_[half.losses[:60], np.full(40, 1e3)])).whole  # it has broken
    assert judged(config, replace(half, rates=np.logspace(-6, 0, 100))).whole


def test_what_is_no_range_test() -> None:
    with pytest.raises(InputError, match="is no learning-rate range test"):
        judged(CONFIG, EMPTY)
    with pytest.raises(InputError, match="has done no step yet"):
        judged(configured(TrainingConfig()), EMPTY)
