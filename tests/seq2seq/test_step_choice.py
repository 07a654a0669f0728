from __future__ import annotations

import pytest

from hw2gui.errors import InputError
from hw2gui.seq2seq.step_choice import MOST_PRUNED, StepChoice, checked
from hw2gui.seq2seq.stepping import PRUNED


def test_what_cannot_be_is_refused() -> None:
    for wrong in (StepChoice(step=-1), StepChoice(kept=(0, -1, False)), StepChoice(layout="heap")):
        with pytest.raises(InputError):
            checked(wrong)


def test_no_more_of_the_pruned_than_are_kept() -> None:
    assert MOST_PRUNED == PRUNED
    assert checked(StepChoice(pruned=99)).pruned == PRUNED
    assert checked(StepChoice(pruned=-1)).pruned == 0
