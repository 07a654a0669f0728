"""What stands below the curves."""

from __future__ import annotations

import re

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from hw2gui.training.config import TrainingConfig
from hw2gui.training.gui.charts import smoothing_words


@given(st.floats(0.01, 0.9), st.integers(2, 100))
def test_the_least_loss_of_smoothed_labels_is_what_the_perfect_prediction_costs(share: float, classes: int) -> None:
    wanted = torch.full((1, classes), share / classes, dtype=torch.float64)
    wanted[0, 0] += 1 - share
    least = functional.cross_entropy(wanted.log(), torch.tensor([0]), label_smoothing=share)
    found = re.search(r"cannot fall below ([\d.]+)\.$", smoothing_words(TrainingConfig(label_smoothing=share), classes))
    assert found is not None
    assert float(found[1]) == pytest.approx(float(least), abs=5.1e-4)


def test_labels_that_are_not_smoothed_need_no_words() -> None:
    assert smoothing_words(TrainingConfig(), 10) == ""


def test_without_a_number_of_classes_no_number_is_told() -> None:
    assert smoothing_words(TrainingConfig(label_smoothing=0.1), None) == (
        " The training labels are smoothed by 0.1, those of validation are not: the training loss ends higher for it."
    )
