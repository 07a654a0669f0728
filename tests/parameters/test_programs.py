"""The programs of the parameters tab count what the table counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hw2gui.parameters.analysis import analyse
from hw2gui.parameters.programs import programs
from hw2gui.parameters.state import ParametersState, with_preset
from tests.programs import run


@pytest.mark.parametrize("without_biases", [False, True])
@pytest.mark.parametrize("preset", ["cnn", "question1", "seq2seq", "lenet5", "resnet"])
def test_the_counts_are_the_tables(preset: str, without_biases: bool) -> None:
    state = replace(with_preset(ParametersState(), preset), ignore_biases=without_biases)
    names = run(dict(programs(state))["PyTorch: its counts"])
    assert names["total"] == analyse(state.architecture, ignore_biases=without_biases).totals.parameters


def test_beside_each_other_both_networks_are_counted() -> None:
    state = replace(with_preset(ParametersState(), "question1"), page="twins", second="same-output")
    assert [run(source)["total"] for _, source in programs(state)] == [457, 113_328]
