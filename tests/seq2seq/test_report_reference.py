from __future__ import annotations

from dataclasses import replace

import pytest

from hw2gui.errors import InputError
from hw2gui.seq2seq.config import Seq2SeqConfig
from hw2gui.seq2seq.network import ModelConfig
from hw2gui.seq2seq.report_reference import reference

HOMEWORK = Seq2SeqConfig(data="spa-eng")


def test_the_reports_values_stand_beside_its_own_protocol() -> None:
    with_attention, without = reference(HOMEWORK), reference(replace(HOMEWORK, model=ModelConfig(attention=False)))
    assert with_attention is not None and without is not None
    assert (with_attention.validation, with_attention.test) == (0.3523, 0.3629)
    assert (without.validation, without.test) == (0.4995, 0.5001)
    other_seed = replace(HOMEWORK, training=replace(HOMEWORK.training, seed=1, threads=2, test="never"))
    assert reference(other_seed) == with_attention


@pytest.mark.parametrize(
    "other",
    [
        Seq2SeqConfig(),
        replace(HOMEWORK, model=ModelConfig(hidden=192)),
        replace(HOMEWORK, model=ModelConfig(input_feeding=True)),
        replace(HOMEWORK, training=replace(HOMEWORK.training, epochs=49)),
        replace(HOMEWORK, training=replace(HOMEWORK.training, learning_rate=1e-3)),
        replace(HOMEWORK, training=replace(HOMEWORK.training, label_smoothing=0.1)),
        replace(HOMEWORK, limit=100),
        replace(HOMEWORK, noise=0.1),
        replace(HOMEWORK, buckets=True),
        replace(HOMEWORK, max_length=40),
    ],
)
def test_they_stand_nowhere_else(other: Seq2SeqConfig) -> None:
    assert reference(other) is None


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"max_length": 0}, {"noise": 1.0}])
def test_impossible_configurations_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(InputError):
        Seq2SeqConfig(**wrong)
