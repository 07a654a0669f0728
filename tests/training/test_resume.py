"""However a run is interrupted, it ends as if it had not been."""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from hw2gui.errors import InputError, UnavailableError
from hw2gui.jobs import Job, ProcessRunner
from hw2gui.session.codec import to_plain
from hw2gui.training.checkpoint import Progress
from hw2gui.training.config import TrainingConfig
from hw2gui.training.controls import SetDropout, SetLearningRate, Stop
from hw2gui.training.events import BatchesDone, Changed, EpochDone, Finished, Saved, Started, Warned
from hw2gui.training.randomness import RandomState, seed_everything
from hw2gui.training.run_folder import RunFolder
from tests.jobs.conftest import PACKAGES, wait
from tests.training.conftest import CONFIG, Trial, results, same, trial_in
from tests.training.toy import Toy


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """The results of CONFIG when nothing interrupts it."""
    trial = trial_in(tmp_path_factory.mktemp("unbroken") / "run")
    trial.go()
    return results(trial.run)


@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize("step", [0, 1, 7, 10, 11, 20, 29])
@pytest.mark.parametrize("saving", ["at epochs", "at every batch"])
def test_killed_at_any_step(trial: Trial, unbroken: dict, monkeypatch: pytest.MonkeyPatch, step: int, saving: str) -> None:
    """What came after the last checkpoint is done again, what came before is not."""
    if saving == "at every batch":
        monkeypatch.setattr("hw2gui.training.saver.Saver.due", True)
    if step == 0:
        trial.go(until=lambda event: isinstance(event, Started))
    else:
        trial.go(until=lambda event: isinstance(event, BatchesDone) and event.step == step)
    assert trial.run.state.status == ("new" if step == 0 else "interrupted")
    trial.go()
    if step:
        # Killed while a batch was being told: that batch is not saved yet.
        assert trial.heard(Started)[1].step == (step - 1 if saving == "at every batch" else (step - 1) // 10 * 10)
    same(unbroken, results(trial.run))


@pytest.mark.parametrize("epoch", [1, 2])
def test_killed_at_an_epochs_end(trial: Trial, unbroken: dict, epoch: int) -> None:
    trial.go(until=lambda event: isinstance(event, EpochDone) and event.epoch == epoch)
    trial.go()
    assert trial.heard(Started)[1] == replace(trial.heard(Started)[0], step=10 * epoch, epoch=epoch, resumed=True)
    same(unbroken, results(trial.run))


def test_killed_between_the_last_epoch_and_the_test(trial: Trial, unbroken: dict) -> None:
    trial.go(until=lambda event: isinstance(event, EpochDone) and event.epoch == 3)
    finished = trial.go()
    assert isinstance(finished, Finished)
    assert finished.reason == "done"
    same(unbroken, results(trial.run))


def test_what_a_killed_training_left_half_written_goes_when_it_is_taken_up(trial: Trial) -> None:
    trial.go(until=lambda event: isinstance(event, EpochDone))
    for name in ("checkpoint-0123456789ab.safetensors", "epoch-002-0123456789ab.safetensors", "name-0123456789ab.txt"):
        (trial.run.path / f".{name}").write_bytes(b"half")
    trial.go()
    assert [path.name for path in trial.run.path.glob(".*")] == [".name-0123456789ab.txt"], "a name may be given while it trains"


@pytest.mark.usefixtures("every_step")
def test_stopped_again_and_again(trial: Trial, unbroken: dict) -> None:
    """Stop keeps the model of that very step."""
    stops = iter((3, 10, 17, 25))
    for stop in stops:
        finished = trial.go(
            then=lambda event, stop=stop: trial.commands.put(Stop()) if isinstance(event, BatchesDone) and event.step == stop else None
        )
        assert isinstance(finished, Finished)
        assert (finished.reason, finished.step) == ("stopped", stop)
        assert trial.run.state.status == "stopped"
        assert trial.run.weights().step == stop
    trial.go()
    same(unbroken, results(trial.run))


@pytest.mark.parametrize("schedule", ["one-cycle", "cosine", "step"])
@pytest.mark.usefixtures("every_step")
def test_schedules_and_other_optimizers_go_on(tmp_path: Path, schedule: str) -> None:
    config = replace(CONFIG, schedule=schedule, optimizer="sgd", weight_decay=0.01, decay_every=1, keep_epochs=False)
    whole, broken = trial_in(tmp_path / "whole", config), trial_in(tmp_path / "broken", config)
    whole.go()
    broken.go(until=lambda event: isinstance(event, BatchesDone) and event.step == 14)
    broken.go()
    same(results(whole.run), results(broken.run))
    assert whole.run.metrics().rates.tolist() == broken.run.metrics().rates.tolist()


@pytest.mark.usefixtures("every_step")
def test_changes_by_hand_are_repeated_at_their_steps(tmp_path: Path) -> None:
    """Killed before a checkpoint saw them; and one made anew after the crash takes the place of those of its kind still to come."""

    def change(trial: Trial, *plan: tuple[int, object]):
        def then(event):
            if isinstance(event, BatchesDone):
                for step, command in plan:
                    if step == event.step:
                        trial.commands.put(command)

        return then

    plan = [(4, SetLearningRate(0.001)), (13, SetDropout(0.6)), (13, SetLearningRate(0.05)), (15, SetLearningRate(0.01))]
    whole = trial_in(tmp_path / "whole")
    whole.go(then=change(whole, *plan))
    assert [(event.step, event.name, event.old, event.new) for event in whole.heard(Changed)] == [
        (4, "learning_rate", 0.02, 0.001),
        (13, "dropout", None, 0.6),
        (13, "learning_rate", 0.001, 0.05),
        (15, "learning_rate", 0.05, 0.01),
    ]
    assert whole.run.metrics().rates[[3, 4, 12, 13, 14, 15]].tolist() == [0.02, 0.001, 0.001, 0.05, 0.05, 0.01]

    broken = trial_in(tmp_path / "broken")
    broken.go(then=change(broken, *plan), until=lambda event: isinstance(event, BatchesDone) and event.step == 18)
    broken.events.clear()
    broken.go()
    assert broken.heard(Started)[0].step == 10
    assert [(event.step, event.new, event.replayed) for event in broken.heard(Changed)] == [
        (13, 0.6, True),
        (13, 0.05, True),
        (15, 0.01, True),
    ]
    same(results(whole.run), results(broken.run))
    assert whole.run.changes_file.read_text() == broken.run.changes_file.read_text()

    other = trial_in(tmp_path / "other")
    other.go(then=change(other, *plan), until=lambda event: isinstance(event, BatchesDone) and event.step == 18)
    other.events.clear()
    other.go(then=change(other, (12, SetLearningRate(0.03))))
    assert [(event.step, event.new) for event in other.heard(Changed)] == [(12, 0.03), (13, 0.6)]
    assert [(change.step, change.new) for change in other.run.metrics().changes] == [(4, 0.001), (12, 0.03), (13, 0.6)]


def test_killed_for_real(tmp_path: Path) -> None:
    """kill -9 of the training's own process, at whatever moment; then resumed by another."""
    config = replace(CONFIG, epochs=12, checkpoint_seconds=0.1)
    whole = trial_in(tmp_path / "whole", config)
    whole.go()
    run = RunFolder.create(tmp_path / "run", "toy", to_plain(config))
    runner = ProcessRunner(packages=PACKAGES)
    job = Job("tests.training.toy:train_toy", {"folder": str(run.path)})
    errors: list[Exception] = []
    first: list[object] = []
    runner.submit(job, on_event=first.append, on_done=first.append, on_error=errors.append)
    wait(lambda: any(isinstance(event, EpochDone) and event.epoch == 2 for event in first), seconds=60)
    assert run.state.status == "running"
    os.kill(runner.pids[0], signal.SIGKILL)
    wait(lambda: errors)
    assert isinstance(errors[0], UnavailableError)
    assert "was killed" in str(errors[0])
    assert run.state.status == "interrupted"
    second: list[object] = []
    runner.submit(job, on_event=second.append, on_done=second.append, on_error=errors.append)
    wait(lambda: len(errors) > 1 or isinstance(second[-1:] and second[-1], Finished), seconds=60)
    runner.close()
    assert second[0].resumed
    assert second[0].step >= 20
    same(results(whole.run), results(run))


def test_two_programs_on_one_run(trial: Trial) -> None:
    """The second is refused and harms nothing; when the first has ended, it may."""
    refused: list[UnavailableError] = []

    def intrude(event: object) -> None:
        if isinstance(event, EpochDone) and event.epoch == 1:
            assert trial.run.state.status == "running"
            with pytest.raises(UnavailableError, match="is being trained by another program") as raised:
                Trial(RunFolder.open(trial.run.path), trial.config).go()
            refused.append(raised.value)

    trial.go(then=intrude)
    assert refused
    assert trial.run.state.status == "finished"


def damage_nothing(path: Path) -> None:
    path.unlink()


def damage_cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def damage_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-50] ^= 1
    path.write_bytes(content)


def damage_foreign(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + bytes(1000))


def damage_newer(path: Path) -> None:
    content = path.read_bytes()
    assert content.count(b'"version":"1"') == 1
    path.write_bytes(content.replace(b'"version":"1"', b'"version":"2"'))


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (damage_cut, "is damaged"),
        (damage_bit, "is damaged"),
        (damage_foreign, "is damaged"),
        (damage_newer, "was written by a newer version"),
    ],
)
def test_damaged_checkpoint_is_told_and_nothing_is_touched(trial: Trial, damage, told: str) -> None:
    trial.go(until=lambda event: isinstance(event, EpochDone) and event.epoch == 2)
    damage(trial.run.checkpoint_file)
    before = {file.name: file.read_bytes() for file in trial.run.path.iterdir()}
    with pytest.raises(UnavailableError, match=told) as raised:
        trial.go()
    assert str(trial.run.checkpoint_file) in str(raised.value)
    assert {file.name: file.read_bytes() for file in trial.run.path.iterdir()} == before
    assert trial.run.weights(2).epoch == 2  # what was kept can still be used


def test_lost_checkpoint_never_overwrites_what_was_kept(trial: Trial) -> None:
    trial.go(until=lambda event: isinstance(event, EpochDone) and event.epoch == 2)
    trial.run.checkpoint_file.unlink()
    with pytest.raises(InputError, match="no checkpoint any more"):
        trial.go()
    assert trial.run.epochs_kept == (0, 1, 2)


def test_checkpoint_of_another_network_or_optimizer(trial: Trial, tmp_path: Path) -> None:
    trial.go(until=lambda event: isinstance(event, EpochDone))

    class Wider(Toy):
        def build(self):
            return torch.nn.Linear(6, 3)

    trial.kind = Wider
    with pytest.raises(UnavailableError, match="those of another network"):
        trial.go()


def test_other_data_are_noticed(trial: Trial) -> None:
    trial.go(until=lambda event: isinstance(event, EpochDone))
    assert RunFolder.open(trial.run.path).header.data == {"noise": "made with seed 7"}

    trial.kind = type("Elsewhere", (Toy,), {"data": {"noise": "made with seed 8"}})
    with pytest.raises(InputError, match="The data of noise are not those"):
        trial.go()


def test_other_versions_are_told(trial: Trial) -> None:
    trial.go(until=lambda event: isinstance(event, EpochDone))
    plain = json.loads((trial.run.path / "config.json").read_text())
    plain["versions"]["torch"] = "1.0"
    (trial.run.path / "config.json").write_text(json.dumps(plain))
    again = Trial(RunFolder.open(trial.run.path), trial.config)
    again.go()
    (warned,) = again.heard(Warned)
    assert warned.kind == "versions"
    assert "torch 1.0, now 2." in warned.sentence


def test_torn_last_line_is_as_if_never_written(trial: Trial, unbroken: dict) -> None:
    trial.go(until=lambda event: isinstance(event, EpochDone) and event.epoch == 1)
    with trial.run.metrics_file.open("ab") as log:
        log.write(b'{"kind":"batches","step":15,"loss')
    assert trial.run.metrics().steps.tolist() == list(range(1, 11))
    trial.go()
    same(unbroken, results(trial.run))


def test_a_checkpoint_holds_all_random_states() -> None:
    seed_everything(3)
    np.random.standard_normal()  # noqa: NPY002 (leaves half a pair behind)
    state = RandomState.now()
    arrays, plain = state.to_plain()

    def draw() -> list[float]:
        import random

        return [float(torch.randn(1)), float(np.random.standard_normal()), random.gauss(), random.random(), float(np.random.rand())]  # noqa: NPY002

    expected = draw()
    RandomState.from_plain(arrays, json.loads(json.dumps(plain))).restore()
    assert draw() == expected


def test_progress_is_plain() -> None:
    from dataclasses import asdict

    assert Progress(**json.loads(json.dumps(asdict(Progress(best_value=0.1, loss_sum=1 / 3))))) == Progress(best_value=0.1, loss_sum=1 / 3)
    assert sys.float_info.dig == 15


def test_saved_is_said_when_it_is(trial: Trial) -> None:
    def look(event: object) -> None:
        if isinstance(event, Saved):
            assert {"checkpoint.safetensors"} <= set(event.files)
            assert all((trial.run.path / name).exists() for name in event.files)
            assert trial.run.weights("last").step == event.step

    trial.go(then=look)
    assert [event.step for event in trial.heard(Saved)] == [0, 10, 20, 30]


def test_config_is_whole_in_the_folder(trial: Trial) -> None:
    from hw2gui.session.codec import from_plain

    assert from_plain(TrainingConfig, RunFolder.open(trial.run.path).header.config) == CONFIG
