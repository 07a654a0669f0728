"""Grids of settings: every combination once, refused in one sentence, and what their runs come to."""

from __future__ import annotations

import itertools
import math
import statistics
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.errors import InputError
from hw2gui.seq2seq import sweeping as pairs
from hw2gui.seq2seq.config import Seq2SeqConfig
from hw2gui.session.codec import to_plain
from hw2gui.training.config import TrainingConfig
from hw2gui.training.desk import Live
from hw2gui.training.events import Finished, TimeLeft
from hw2gui.training.run_folder import State
from hw2gui.training.score import Score
from hw2gui.training.survey import RunRow
from hw2gui.training.sweep import (
    Axis,
    Sweep,
    examples,
    find_setting,
    identity,
    parse_axis,
    parse_seeds,
    settings_of,
    sweep_of,
    words,
)
from hw2gui.training.sweep_results import best, results, sentence, table
from hw2gui.training.sweep_runs import plan, seconds_left
from hw2gui.vision import sweeping
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.network import BEST
from hw2gui.writers import write

ACCURACY = Score("accuracy", "Accuracy", more=True)
ERRORS = Score("error_rate", "Error rate", more=False)


def grid(*axes: str, base: object = None, seeds: tuple[int, ...] = (42,)) -> Sweep:
    config = base or VisionConfig()
    settings = (sweeping if isinstance(config, VisionConfig) else pairs).settings(config)
    return sweep_of(config, [parse_axis(axis) for axis in axes], seeds, settings)


def row(
    config: object, value: float | None = None, status: str = "finished", step: int = 9, name: str = "accuracy", test: float = 0.5
) -> RunRow:
    metrics = {} if value is None else {f"validation_{name}": value, f"test_{name}": test}
    folder = f"/runs/{abs(hash(identity(config)))}-{step}"
    return RunRow(folder, "run", State(status, step), identity=identity(to_plain(config)), metrics=metrics, resumable=status != "finished")


@given(
    rates=st.lists(st.floats(1e-9, 50), min_size=1, max_size=4, unique=True),
    batches=st.lists(st.integers(1, 65_536), min_size=1, max_size=4, unique=True),
    seeds=st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=3, unique=True),
)
def test_every_combination_is_there_once_with_every_seed(rates: list[float], batches: list[int], seeds: list[int]) -> None:
    sweep = grid(f"lr={','.join(map(repr, rates))}", f"batch={' '.join(map(str, batches))}", seeds=tuple(seeds))
    assert [cell.values for cell in sweep.cells] == list(itertools.product(rates, batches))
    told = {(one.config.training.learning_rate, one.config.training.batch_size, one.config.training.seed) for one in sweep.runs()}
    assert told == set(itertools.product(rates, batches, seeds)) and sweep.count == len(told) == len(sweep.runs())
    assert {one.config.training.threads for one in sweep.runs()} == {1}
    assert len({one.identity for one in sweep.runs()}) == sweep.count


@pytest.mark.parametrize("config", [VisionConfig(), Seq2SeqConfig()])
def test_every_setting_of_the_forms_can_be_swept_over_at_its_ends(config: VisionConfig | Seq2SeqConfig) -> None:
    settings = (sweeping if isinstance(config, VisionConfig) else pairs).settings(config)
    assert {"learning_rate", "batch_size", "dropout", "optimizer", "weight_decay", "limit"} <= set(settings)
    assert not {"seed", "device", "threads", "test"} & set(settings)
    for setting in settings.values():
        ends = setting.spec.choices or (
            ("on", "off") if setting.kind is bool else (f"{setting.spec.minimum:g}", f"{setting.spec.maximum:.9g}")
        )
        for text in ends:
            setting.value(text)
        with pytest.raises(InputError, match=setting.spec.label):
            setting.value("nonsense")


@pytest.mark.parametrize(
    ("axes", "sentence"),
    [
        (("lr=1e-3,0.001",), "named twice"),
        (("lr=1e-3", "rate=2"), "swept over twice"),
        (("lr=",), "no values"),
        (("lr",), "names no values"),
        (("lr=0",), "give a number from 1e-10 to 100"),
        (("lr=inf",), "give a number"),
        (("lr=nan",), "give a number"),
        (("batch=8.5",), "whole number"),
        (("batch=1e400",), "whole number"),
        (("banana=1",), "no setting 'banana'"),
        (("optimizer=lion",), "one of sgd, adam, adamw"),
        (("schedule=range",), "one of constant, one-cycle, cosine, step"),
        (("rise=0.1,0.2",), "under the schedule one-cycle only"),
        ((f"epochs={','.join(map(str, range(1, 402)))}",), "401 × 1 are 401 runs"),
        (tuple(f"{name}=1" for name in ("epochs", "batch", "lr", "clip", "shift", "bend", "limit")), "at most 6"),
    ],
)
def test_bad_grids_are_refused_in_one_sentence(axes: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as refused:
        grid(*axes)
    assert "\n" not in str(refused.value)


def test_combinations_no_network_can_have_are_refused_and_those_possible_together_are_not() -> None:
    base = Seq2SeqConfig()
    with pytest.raises(InputError, match="attention is off"):
        grid("attention=on,off", "input_feeding=on", base=base)
    plain = replace(base, model=replace(base.model, attention=False))
    (cell,) = grid("input_feeding=on", "attention=on", base=plain).cells
    assert cell.configs[0].model.input_feeding and cell.configs[0].model.attention
    with pytest.raises(InputError, match="even number"):
        grid("hidden=31", base=base)


def test_a_range_test_is_no_base_for_a_sweep() -> None:
    base = VisionConfig(training=TrainingConfig(schedule="range"))
    with pytest.raises(InputError, match="meant to break"):
        grid("lr=1e-3", base=base)
    assert grid("lr=1e-3", "schedule=cosine", base=base).count == 1


def test_a_network_by_its_name_does_not_undo_another_setting() -> None:
    (cell,) = grid("dropout=0.11", "network=best").cells
    assert cell.configs[0].network == replace(BEST, dropout=0.11)
    (cell,) = grid("rise=0.5", "schedule=one-cycle").cells
    assert (cell.configs[0].training.schedule, cell.configs[0].training.rise) == ("one-cycle", 0.5)


def test_names_and_seeds_as_one_types_them() -> None:
    settings = settings_of(Seq2SeqConfig())
    assert find_setting(" weight-decay", settings).name == "weight_decay"
    assert parse_axis("lr = 1e-3, 2e-3;3e-3") == Axis("lr", ("1e-3", "2e-3", "3e-3"))
    assert parse_seeds("42, 43") == (42, 43)
    for text in ("x", "", "1,1", "-1", str(2**32)):
        with pytest.raises(InputError):
            parse_seeds(text)


def test_identity_is_what_is_trained_not_where() -> None:
    config = Seq2SeqConfig()
    noted = replace(config, sentences=True, training=replace(config.training, threads=3, device="auto", keep_epochs=False))
    assert identity(noted) == identity(to_plain(config)) == identity(config)
    assert identity(config) != identity(replace(config, training=replace(config.training, seed=43)))


def test_finished_cells_are_not_run_again_and_begun_ones_go_on() -> None:
    sweep = grid("lr=1e-3,2e-3", seeds=(1, 2))
    configs = [run.config for run in sweep.runs()]
    rows = [
        row(configs[0], 0.9),
        row(configs[0], status="interrupted", step=3),
        row(configs[1], status="interrupted", step=5),
        row(configs[2], status="running"),
    ]
    left = plan(sweep, rows)
    assert (left.done, left.elsewhere) == (1, 1)
    assert left.again == ((rows[2].folder, sweep.runs()[1]),) and left.new == (sweep.runs()[3],)


@given(st.lists(st.lists(st.floats(0, 1), min_size=2, max_size=2), min_size=2, max_size=5), st.booleans())
def test_the_best_is_chosen_by_the_mean_on_validation_alone(values: list[list[float]], more: bool) -> None:
    score = ACCURACY if more else ERRORS
    sweep = grid(f"batch={','.join(str(8 + at) for at in range(len(values)))}", seeds=(1, 2))
    rows = [
        row(config, value, name=score.metric, test=1 - value)
        for cell, own in zip(sweep.cells, values, strict=True)
        for config, value in zip(cell.configs, own, strict=True)
    ]
    found = results(sweep, rows, score)
    chosen = best(found, score)
    means = [statistics.fmean(own) for own in values]
    assert chosen is found[means.index(max(means) if more else min(means))]
    assert [one.spread for one in found] == [statistics.stdev(own) for own in values]
    written = table(sweep, found, score)
    tested = [cells[-2] for cells in written.rows if cells[-2]]
    assert tested == [f"{statistics.fmean(chosen.test):.4f}"], "no other cell's test score is told"


def test_a_cell_without_all_its_seeds_is_not_the_best_and_broken_runs_say_why() -> None:
    sweep = grid("lr=1e-3,2e-3", seeds=(1, 2))
    (first, second), (third, fourth) = (cell.configs for cell in sweep.cells)
    broken = replace(row(fourth, status="failed"), state=State("failed", 3, sentence="The loss is nan at step 3."))
    rows = [row(first, 0.5), row(second, 0.7), row(third, 0.99), broken]
    found = results(sweep, rows, ACCURACY)
    assert best(found, ACCURACY) is found[0] and math.isnan(found[1].spread)
    shown = table(sweep, found, ACCURACY)
    assert shown.rows[1] == ("0.002", "1 of 2", "0.9900", "", "", "The loss is nan at step 3.")
    assert sentence(sweep, found, ACCURACY).startswith("Best by validation (highest mean accuracy): learning rate 0.001, 0.6000 ± 0.1414")
    assert best(results(sweep, rows[2:], ACCURACY), ACCURACY) is None
    for form in ("csv", "markdown", "latex"):
        assert "0.6000" in write(table(sweep, found, ACCURACY, plain=form == "csv"), form)


def test_time_left_by_those_of_a_kind() -> None:
    slow, fast, new = Live("slow"), Live("fast"), Live("new")
    assert math.isnan(seconds_left({"new": new}, ["new"], [], {}, 1))
    slow.seconds, slow.left = 10.0, TimeLeft(30.0, 1.0)
    fast.seconds, fast.outcome = 4.0, Finished("done", 1, 1, 1, {}, "")
    lives = {"slow": slow, "fast": fast, "new": new}
    kinds = {"slow": 8, "fast": 32, "wait": 8, "again": 32}
    assert seconds_left(lives, ["slow"], ["wait", "again"], kinds, 1) == pytest.approx(30 + 40 + 4)
    assert seconds_left(lives, ["slow"], ["again"], kinds, 2) == pytest.approx(30)
    assert seconds_left(lives, [], [], kinds, 2) == 0.0


def test_training_settings_have_one_name_each() -> None:
    assert set(settings_of(VisionConfig())) >= {"momentum", "clip"} and isinstance(VisionConfig().training, TrainingConfig)
    assert Path(grid("lr=1e-3").runs()[0].title).name == "sweep lr=0.001 seed 42"


@pytest.mark.parametrize("config", [VisionConfig(), Seq2SeqConfig()])
def test_what_a_new_row_proposes_can_be_swept_over(config: VisionConfig | Seq2SeqConfig) -> None:
    settings = (sweeping if isinstance(config, VisionConfig) else pairs).settings(config)
    for setting in settings.values():
        texts = examples(setting, config)
        assert len({setting.value(text) for text in texts}) == len(texts) >= 2, setting.name
        if setting.get(config) is None and not setting.spec.choices:
            assert texts == ("1000", "2000"), setting.name


def test_values_are_written_as_one_writes_them() -> None:
    assert [words(value) for value in (True, False, 128.0, 1e-5, 7, "adam")] == ["on", "off", "128", "0.00001", "7", "adam"]
