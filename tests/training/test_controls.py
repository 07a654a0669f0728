"""What a running training can be told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from hw2gui.errors import InputError
from hw2gui.jobs import Job, ProcessRunner
from hw2gui.session.codec import to_plain
from hw2gui.training.controls import Pause, Resume, RunEpoch, SetDropout, SetLearningRate, StepOnce, Stop
from hw2gui.training.events import BatchesDone, Changed, EpochDone, Event, Finished, Paused, Resumed
from hw2gui.training.run_folder import RunFolder
from tests.jobs.conftest import PACKAGES
from tests.training.conftest import CONFIG, Trial, results, same, trial_in

pytestmark = pytest.mark.usefixtures("every_step")


def answering(trial: Trial, answers: dict[type[Event], list[object]]) -> Callable[[Event], None]:
    """Send the next answer to each kind of event."""

    def then(event: Event) -> None:
        queue = answers.get(type(event))
        if queue:
            trial.commands.put(queue.pop(0))

    return then


def test_pausing_saves_and_changes_no_number(trial: Trial, tmp_path: Path) -> None:
    whole = trial_in(tmp_path / "whole")
    whole.go()

    def then(event: Event) -> None:
        if isinstance(event, BatchesDone) and event.step == 7 and not trial.heard(Paused):
            trial.commands.put(Pause())
        if isinstance(event, Paused):
            assert trial.run.state.status == "paused"
            assert trial.run.weights("last").step == 7
            trial.commands.put(Resume())

    finished = trial.go(then=then)
    assert trial.heard(Paused) == [Paused(7, 0)]
    assert trial.heard(Resumed) == [Resumed(7, 0)]
    assert finished.reason == "done"
    same(results(whole.run), results(trial.run))


def test_one_batch_at_a_time(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is told at once, however rarely batches are told of otherwise; at an epoch's end it is evaluated before the pause."""
    monkeypatch.setattr("hw2gui.training.loop.CHUNK_S", 1e9)
    trial.commands.put(Pause())
    finished = trial.go(then=answering(trial, {Paused: [StepOnce()] * 12 + [Stop()]}))
    assert [event.step for event in trial.heard(Paused)] == list(range(13))
    assert [event.losses for event in trial.heard(BatchesDone)] == [(pytest.approx(loss),) for loss in trial.run.metrics().losses]
    kinds = [type(event) for event in trial.events if isinstance(event, BatchesDone | EpochDone | Paused)]
    assert kinds[19:24] == [BatchesDone, EpochDone, Paused, BatchesDone, Paused]
    assert (finished.reason, finished.step) == ("stopped", 12)


def test_an_epoch_at_a_time(trial: Trial) -> None:
    """The last one ends the run instead of pausing."""
    trial.commands.put(RunEpoch())
    finished = trial.go(then=answering(trial, {Paused: [RunEpoch(), RunEpoch()]}))
    assert [(event.step, event.epoch) for event in trial.heard(Paused)] == [(10, 1), (20, 2)]
    assert finished.reason == "done"


def test_resume_takes_back_what_was_to_pause(trial: Trial) -> None:
    trial.commands.put(RunEpoch())
    trial.commands.put(Resume())
    assert trial.go().reason == "done"
    assert trial.heard(Paused) == []


def test_changes_while_paused_hold_from_the_next_batch(trial: Trial) -> None:
    trial.commands.put(Pause())
    trial.go(then=answering(trial, {Paused: [SetLearningRate(0.5)], Changed: [SetDropout(0.0), Resume()]}))
    assert trial.heard(Changed) == [Changed(0, "learning_rate", 0.02, 0.5), Changed(0, "dropout", None, 0.0)]
    assert set(trial.run.metrics().rates) == {0.5}


def test_dropout_reaches_the_network(tmp_path: Path) -> None:
    """With none left, two runs that differ in nothing but their dropout are the same."""
    from tests.training.toy import Toy

    class Other(Toy):
        def build(self):
            model = super().build()
            model[2].p = 0.9
            return model

    pair = [trial_in(tmp_path / kind.__name__, CONFIG, kind) for kind in (Toy, Other)]
    for one in pair:
        one.commands.put(SetDropout(0.0))
        one.go()
    assert results(pair[0].run)["losses"] == results(pair[1].run)["losses"]


def test_stop_while_paused(trial: Trial) -> None:
    finished = trial.go(then=answering(trial, {BatchesDone: [Pause()], Paused: [Stop()]}))
    assert (finished.reason, finished.step) == ("stopped", 1)
    assert trial.run.state.status == "stopped"


def test_commands_before_the_first_batch(trial: Trial) -> None:
    trial.commands.put(Stop())
    finished = trial.go()
    assert (finished.reason, finished.step) == ("stopped", 0)
    assert trial.run.weights().step == 0


def test_what_is_no_command_is_a_fault(trial: Trial) -> None:
    trial.commands.put("faster")
    with pytest.raises(TypeError, match="no command of a training"):
        trial.go()


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), 1e9])
def test_learning_rates_that_cannot_be(value: float) -> None:
    with pytest.raises(InputError, match="The learning rate is"):
        SetLearningRate(value)


@pytest.mark.parametrize("value", [1.0, -0.1, float("nan")])
def test_dropouts_that_cannot_be(value: float) -> None:
    with pytest.raises(InputError, match="The dropout is"):
        SetDropout(value)


def test_cancel_ends_a_run_wherever_it_is_and_leaves_it_to_be_resumed(tmp_path: Path) -> None:
    """In a process of its own: paused, then cancelled; then trained on here."""
    run = RunFolder.create(tmp_path / "run", "toy", to_plain(CONFIG))
    runner = ProcessRunner(packages=PACKAGES)
    paused, wrong = threading.Event(), []
    handle = runner.submit(
        Job("tests.training.toy:train_toy", {"folder": str(run.path)}),
        on_event=lambda event: paused.set() if isinstance(event, Paused) else None,
        on_done=wrong.append,
        on_error=wrong.append,
    )
    handle.send(RunEpoch())
    assert paused.wait(60)
    assert run.state.status == "paused"
    handle.cancel()
    assert handle.join(10)
    runner.close()
    assert wrong == []
    assert run.state.status == "interrupted"
    finished = Trial(run, CONFIG).go()
    assert isinstance(finished, Finished)
    whole = trial_in(tmp_path / "whole")
    whole.go()
    same(results(whole.run), results(run))
