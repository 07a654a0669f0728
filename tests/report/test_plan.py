from __future__ import annotations

from dataclasses import replace

import pytest

from hw2gui.errors import InputError
from hw2gui.report.plan import Plan, identity, parse_seeds
from hw2gui.seq2seq import report_reference as seq2seq_reference
from hw2gui.seq2seq.config import Alphabets, Seq2SeqConfig
from hw2gui.vision import report_reference as vision_reference
from hw2gui.vision.config import VisionConfig


@pytest.mark.parametrize("quick", [False, True])
def test_every_training_is_planned_once_under_a_name_of_its_own(quick: bool) -> None:
    plan = Plan(quick, (1, 2, 3))
    runs = plan.runs()
    shared = 7 if quick else 3 * 7  # networks of the experiments, some of which two of them need
    assert len(runs) == 3 * 3 + 2 * 3 + shared
    assert len({run.identity for run in runs}) == len({run.name for run in runs}) == len(runs)


def test_the_full_plan_is_the_reports_protocol_and_the_quick_one_is_not() -> None:
    for run in Plan(seeds=(7,)).seeded_runs():
        module = vision_reference if run.task == "cnn" else seq2seq_reference
        assert module.reference(run.config) is not None
    for run in Plan(True, (7,)).seeded_runs():
        module = vision_reference if run.task == "cnn" else seq2seq_reference
        assert module.reference(run.config) is None


def test_where_and_how_a_run_was_kept_makes_it_no_other_run() -> None:
    plan = Plan(seeds=(42,))
    cnn, pairs = plan.rate_runs()[0].config, plan.pair_runs(True)[0].config
    assert isinstance(cnn, VisionConfig) and isinstance(pairs, Seq2SeqConfig)
    elsewhere = replace(cnn.training, device="cuda", threads=4, keep_epochs=False, checkpoint_seconds=5.0, tensorboard=True)
    assert identity(replace(cnn, training=elsewhere)) == identity(cnn)
    assert identity(replace(pairs, alphabets=Alphabets("ab", "cd"), sentences=True)) == identity(pairs)
    for changed in (replace(cnn.training, seed=1), replace(cnn.training, learning_rate=1e-3), replace(cnn.training, epochs=3)):
        assert identity(replace(cnn, training=changed)) != identity(cnn)
    assert identity(replace(pairs, data="toy-copy")) != identity(pairs)


@pytest.mark.parametrize("text", ["", "a", "1,,2", "1.5"])
def test_what_is_no_list_of_seeds_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="whole numbers"):
        parse_seeds(text)


@pytest.mark.parametrize("seeds", [(), (1, 1), (-1,), tuple(range(21))])
def test_seeds_that_cannot_be_are_refused(seeds: tuple[int, ...]) -> None:
    with pytest.raises(InputError):
        Plan(seeds=seeds)
