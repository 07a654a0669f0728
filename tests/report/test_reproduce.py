"""The queue: everything once, what is done not again, stopped and gone on with."""

from __future__ import annotations

from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from hw2gui.errors import InputError
from hw2gui.jobs import Commands, InlineRunner, Job
from hw2gui.report import work
from hw2gui.report.library import Library, default_folder, keep_measured, read_measured
from hw2gui.report.plan import Plan
from hw2gui.report.progress import QueueProgress, Reproduced
from hw2gui.report.queue import Queue
from hw2gui.report.reproduce import reproduce
from hw2gui.steps import finish
from hw2gui.training.controls import Stop
from hw2gui.training.runs import find_run, list_runs
from hw2gui.vision import train
from tests.report.plans import SmallPlan, finished


def run(folder: Path, commands: Commands | None = None, plan: Plan | None = None) -> tuple[list[QueueProgress], Reproduced]:
    calls: SimpleQueue[Any] = SimpleQueue()
    runner = InlineRunner(calls.put)
    steps = Queue(plan or SmallPlan(seeds=(1, 2)), folder, runner, 1, calls).run(commands or Commands())
    events: list[QueueProgress] = []
    return events, finish(steps, events.append)


def test_everything_is_trained_once(tmp_path: Path) -> None:
    events, outcome = run(tmp_path)
    assert (outcome.done, outcome.total, outcome.failed, outcome.stopped) == (2, 2, (), False)
    assert events[-1].share == 1.0 and events[-1].seconds_left == 0.0
    assert [found.finished for found in Library(tmp_path).found(SmallPlan(seeds=(1, 2)).runs())] == [True, True]
    said = [line for event in events for line in event.said]
    assert sum(line.startswith("begun") for line in said) == 2 and any("test accuracy" in line for line in said)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    _, again = run(tmp_path)
    assert (again.done, again.total) == (2, 2)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_run_left_half_way_is_gone_on_with(tmp_path: Path) -> None:
    planned = SmallPlan(seeds=(1,)).runs()[0]
    job = work.training_job(planned, tmp_path)
    steps = train.train(**job.arguments)
    for _ in steps:
        if Library(tmp_path).find(planned).run.state.epoch == 1:
            break
    steps.close()  # as if killed: the checkpoint is what there is
    first = Library(tmp_path).find(planned).run.weights_file(1)
    written = first.stat().st_mtime_ns
    _, outcome = run(tmp_path, plan=SmallPlan(seeds=(1,)))
    assert outcome.done == 1 and len(Library(tmp_path)) == 1
    assert first.stat().st_mtime_ns == written, "the first epoch is not trained again"


def test_stop_saves_and_the_same_call_goes_on(tmp_path: Path) -> None:
    commands = Commands()
    commands.put(Stop())
    _, outcome = run(tmp_path, commands)
    assert outcome.stopped and outcome.done < 2 and "goes on from here" in outcome.sentence
    _, outcome = run(tmp_path)
    assert not outcome.stopped and outcome.done == 2


def test_what_fails_is_told_and_the_rest_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = work.training_job

    def broken(planned: Any, folder: Path) -> Job:
        if planned.config.training.seed == 1:
            raise InputError("The first cannot be begun.")
        return real(planned, folder)

    monkeypatch.setattr(work, "training_job", broken)
    _, outcome = run(tmp_path)
    assert outcome.done == 1 and outcome.failed == (("small network, seed 1", "The first cannot be begun."),)


def test_missing_data_is_refused_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.delenv("HW2GUI_DATA", raising=False)
    left = work.left(Plan(seeds=(1,)), tmp_path)
    assert not left.todo and left.total == len(left.refused)
    sentences = dict(left.refused).values()
    assert any("hw2gui data fetch kmnist" in sentence for sentence in sentences)
    assert any("train-eng-spa.txt" in sentence for sentence in sentences)


def test_runs_are_found_whatever_they_were_computed_on(tmp_path: Path) -> None:
    plan = Plan(seeds=(42,))
    planned = plan.pair_runs(True)[0]
    finished(tmp_path, planned, {"validation_error_rate": 0.35, "test_error_rate": 0.36}, device="cuda", threads=3, keep_epochs=False)
    library = Library(tmp_path)
    assert library.find(planned).finished and not library.find(plan.pair_runs(False)[0]).finished
    assert not library.is_quick() and library.seeds(False) == (42,)


def test_a_measurement_is_of_the_weights_it_was_made_of(tmp_path: Path) -> None:
    planned = Plan(seeds=(42,)).pair_runs(True)[0]
    run = finished(tmp_path, planned, {"test_error_rate": 0.36})
    assert read_measured(tmp_path, run, "beams") is None
    keep_measured(tmp_path, run, "beams", {"beams": []})
    assert read_measured(tmp_path, run, "beams") == {"beams": []}
    run.epoch_file(50).write_bytes(b"others")
    assert read_measured(tmp_path, run, "beams") is None


@pytest.mark.parametrize("arguments", [{"jobs": -1}, {"jobs": 1000}, {"seeds": ()}])
def test_what_cannot_be_is_refused(arguments: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(InputError):
        next(reproduce(True, str(tmp_path), **arguments))


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is a file"):
        next(reproduce(True, str(tmp_path / "file")))


def test_a_reproduction_among_the_users_runs_is_seen_in_every_list(home: Path) -> None:
    planned = Plan(seeds=(42,)).rate_runs()[0]
    run = finished(default_folder(False), planned, {"validation_accuracy": 0.9, "test_accuracy": 0.9})
    assert [listed.path for listed in list_runs()] == [run.path]
    assert find_run(run.path.name).path == run.path
