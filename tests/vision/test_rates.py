from __future__ import annotations

from dataclasses import replace

import pytest

from hw2gui.training.config import TrainingConfig
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.rates import RacedRun, planned, plot, sentence

HOMEWORK = VisionConfig()


def raced(rate: float, seed: int, last: float, base: VisionConfig = HOMEWORK) -> RacedRun:
    config = replace(base, training=replace(base.training, learning_rate=rate, seed=seed))
    return RacedRun(config, (*(0.5 for _ in range(config.training.epochs - 1)), last))


def test_a_run_for_each_rate_and_seed() -> None:
    found = planned(HOMEWORK, seeds=(1, 2))
    assert [(run.config.training.learning_rate, run.config.training.seed) for run in found] == [
        (1e-5, 1), (1e-5, 2), (5e-4, 1), (5e-4, 2), (1e-2, 1), (1e-2, 2),
    ]  # fmt: skip
    assert len({run.label for run in found}) == 6


def test_the_plot_has_a_colour_for_each_rate_and_the_reports_values() -> None:
    found = plot([raced(5e-4, 1, 0.98), raced(5e-4, 2, 0.99), raced(1e-5, 1, 0.95)])
    assert [(line.label, line.group, line.thin) for line in found.lines] == [
        ("0.0005, seed 1", 0, True), ("0.0005, seed 2", 0, True), ("0.0005", 0, False), ("0.00001", 1, False),
    ]  # fmt: skip
    assert found.lines[2].y[-1] == pytest.approx(0.985)
    assert [(level.value, level.group) for level in found.levels] == [(0.9843, 0), (0.9559, 1)]


def test_the_reports_values_stand_beside_no_other_protocol() -> None:
    other = VisionConfig(TrainingConfig(batch_size=128, epochs=2))
    found = plot([raced(5e-4, 1, 0.98, other)])
    assert found.levels == ()
    assert "the report's" not in found.note


def test_the_sentence() -> None:
    runs = [raced(5e-4, 1, 0.98), raced(5e-4, 2, 0.99), raced(1e-2, 1, 0.1), replace(raced(1e-5, 1, 0.95), validation=(0.9,))]
    found = sentence(runs)
    assert "0.0005: 0.9850 ± 0.0071 (2 seeds), the report's 0.9843" in found
    assert "0.01: 0.1000, the report's 0.9298" in found
    assert "0.00001" not in found
    assert found.endswith("Best: 0.0005. 1 collapsed: accuracy at chance, loss at ln 10 = 2.303.")
    assert sentence(runs[3:]) == "No run is finished yet."
