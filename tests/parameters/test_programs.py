"""The programs of the parameters tab count what the table counts."""

from __future__ import annotations

import pytest

from hw2gui.parameters.analysis import analyse
from hw2gui.parameters.programs import programs
from hw2gui.parameters.state import ParametersState, with_preset
from tests.programs import run


@pytest.mark.parametrize("preset", ["cnn", "question1", "seq2seq", "lenet5"])
def test_the_counts_are_the_tables(preset: str) -> None:
    state = with_preset(ParametersState(), preset)
    names = run(dict(programs(state))["PyTorch: its counts"])
    assert names["total"] == analyse(state.architecture).totals.parameters
