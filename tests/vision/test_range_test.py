from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hw2gui.errors import InputError
from hw2gui.training.config import TrainingConfig
from hw2gui.vision import train
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.network import Convolution, Network
from hw2gui.vision.range_test import configured, judge, judged, smoothed
from hw2gui.vision.results import outcome

SMALL = VisionConfig(TrainingConfig(batch_size=8, seed=1), Network((Convolution(4, 3),), (20,)), data="strokes", limit=320)


def test_the_steepest_fall_is_found_and_what_is_broken_cut() -> None:
    rates = np.logspace(-6, 0, 1200)
    losses = 2.3 - 2.0 / (1 + np.exp(-8 * (np.log10(rates) + 3))) + np.where(rates > 0.1, 50 * (rates - 0.1), 0)
    found = judge(rates, losses + np.random.default_rng(0).normal(0, 0.02, 1200))
    assert 3e-4 < found.steepest < 5e-3
    assert 0.1 < found.rates[-1] < 0.5
    assert "falls fastest at a rate of" in found.sentence
    assert found.plot.log_x
    assert found.plot.lines[0].x == found.rates


def test_smoothing_keeps_a_constant_and_lags_a_step() -> None:
    np.testing.assert_allclose(smoothed(np.full(50, 1.7)), 1.7)
    step = smoothed(np.r_[np.zeros(100), np.ones(100)])
    assert np.all(np.diff(step) >= 0)
    assert 0 < step[105] < step[199] < 1


def test_a_run_as_a_range_test(tmp_path: Path) -> None:
    run = train.begin(configured(SMALL, 1e-5, 0.1), tmp_path / "range")
    outcome(train.train(str(run.path)))
    found = judged(run)
    assert len(found.rates) == len(found.losses) <= 40
    assert found.rates[0] == pytest.approx(1e-5)
    ratios = np.array(found.rates[1:]) / np.array(found.rates[:-1])
    np.testing.assert_allclose(ratios, ratios[0])
    assert found.rates[0] <= found.steepest <= found.rates[-1]
    assert "test_accuracy" not in run.metrics().final


def test_what_is_no_range_test(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no learning-rate range test"):
        judged(train.begin(SMALL, tmp_path / "other"))
    with pytest.raises(InputError, match="has done no step yet"):
        judged(train.begin(configured(SMALL), tmp_path / "new"))
