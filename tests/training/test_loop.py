"""The loop itself: what it says, and that the seed decides everything."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from hw2gui.errors import InputError, UnavailableError
from hw2gui.training import health
from hw2gui.training.config import TrainingConfig
from hw2gui.training.events import BatchesDone, EpochDone, Finished, Sample, Saved, Started, TimeLeft, Warned
from hw2gui.training.loop import CHUNK_S, NORM_EVERY
from hw2gui.training.weights import read_weights
from tests.training.conftest import CONFIG, PER_EPOCH, Trial, losses, results, same, trial_in
from tests.training.toy import CLASSES, EXAMPLES, Broken, Stubborn, Toy, Weak


def test_a_run_from_start_to_finish(trial: Trial) -> None:
    finished = trial.go()
    (started,) = trial.heard(Started)
    assert started == Started(str(trial.run.path), 0, 0, 3, PER_EPOCH, 6 * 12 + 12 + 24 + 12 * 3 + 3, "cpu", False)
    assert trial.events[0] == started
    assert trial.events[-1] == finished
    assert len(losses(trial.events)) == 3 * PER_EPOCH
    epochs = trial.heard(EpochDone)
    assert [(event.epoch, event.step) for event in epochs] == [(1, 10), (2, 20), (3, 30)]
    assert set(epochs[0].metrics) == {"train_loss", "validation_loss", "validation_accuracy"}
    assert [event.epoch for event in trial.heard(Sample)] == [1, 2, 3]
    assert isinstance(finished, Finished)
    assert (finished.reason, finished.step, finished.epoch, finished.chosen) == ("done", 30, 3, 3)
    assert finished.metrics == {
        **epochs[-1].metrics,
        "test_loss": finished.metrics["test_loss"],
        "test_accuracy": finished.metrics["test_accuracy"],
    }
    assert epochs[-1].metrics["validation_accuracy"] > 0.6  # it has learned; guessing gives about 0.5
    state = trial.run.state
    assert (state.status, state.step, state.epoch, state.chosen, dict(state.metrics)) == ("finished", 30, 3, 3, dict(finished.metrics))


def test_train_loss_is_the_mean_over_the_examples(tmp_path: Path) -> None:
    """Also where the last batch is smaller."""
    trial = trial_in(tmp_path / "run", replace(CONFIG, epochs=1, batch_size=16))
    trial.go()
    sizes = [16, 16, 8]
    expected = sum(loss * size for loss, size in zip(losses(trial.events), sizes, strict=True)) / EXAMPLES
    assert trial.heard(EpochDone)[0].metrics["train_loss"] == pytest.approx(expected, rel=1e-5)


def test_the_log_holds_what_the_events_said(trial: Trial) -> None:
    trial.go()
    metrics = trial.run.metrics()
    assert metrics.losses.tolist() == losses(trial.events)
    assert metrics.steps.tolist() == list(range(1, 31))
    assert metrics.norm_steps.tolist() == [NORM_EVERY] == [25]
    for event in trial.heard(EpochDone):
        assert {name: column[event.epoch - 1] for name, column in metrics.epoch_metrics.items()} == event.metrics
    assert dict(metrics.final) == trial.heard(Finished)[0].metrics


def test_the_epochs_are_read_without_the_steps(trial: Trial) -> None:
    trial.go()
    whole = trial.run.metrics()
    lines = trial.run.metrics_file.read_bytes().splitlines(keepends=True)
    steps = [number for number, line in enumerate(lines) if b"losses" in line]
    assert len(steps) > 1
    lines[steps[0]] = lines[steps[0]].replace(b"losses", b"losses damaged")  # whoever reads it refuses it
    trial.run.metrics_file.write_bytes(b"".join(lines))
    with pytest.raises(UnavailableError):
        trial.run.metrics()
    epochs = trial.run.metrics(steps=False)
    assert epochs.steps.size == epochs.rate_steps.size == 0
    assert (epochs.epochs.tolist(), epochs.epoch_steps.tolist()) == (whole.epochs.tolist(), whole.epoch_steps.tolist())
    assert {name: column.tolist() for name, column in epochs.epoch_metrics.items()} == {
        name: column.tolist() for name, column in whole.epoch_metrics.items()
    }
    assert (epochs.best_epoch, epochs.changes, epochs.final) == (whole.best_epoch, whole.changes, whole.final)


@pytest.mark.usefixtures("every_step")
def test_how_often_it_tells_changes_no_number(trial: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trial.go()
    assert len(trial.heard(BatchesDone)) == 30
    monkeypatch.setattr("hw2gui.training.loop.CHUNK_S", 1e9)
    other = trial_in(tmp_path / "other")
    other.go()
    assert len(other.heard(BatchesDone)) == 3  # an epoch's end tells at any rate
    same(results(trial.run), results(other.run))


def test_a_fast_run_does_not_flood(tmp_path: Path) -> None:
    """So many as promised, and one for each epoch's end."""
    trial = trial_in(tmp_path / "run", replace(CONFIG, epochs=10, batch_size=2))
    trial.go()
    seconds = trial.heard(BatchesDone)[-1].seconds
    assert len(trial.heard(BatchesDone)) <= seconds / CHUNK_S + 10 + 1


@pytest.mark.parametrize(
    "change",
    [{}, {"optimizer": "sgd", "clip": 0.1}, {"optimizer": "adamw", "weight_decay": 0.1, "schedule": "one-cycle"}, {"label_smoothing": 0.1}],
)
def test_same_seed_same_numbers(tmp_path: Path, change: dict[str, object]) -> None:
    """To the last bit, whatever the caller's random numbers were; another seed gives others."""
    config = replace(CONFIG, epochs=2, **change)
    random.seed(1)
    first, second, third = (
        trial_in(tmp_path / "1", config),
        trial_in(tmp_path / "2", config),
        trial_in(tmp_path / "3", replace(config, seed=43)),
    )
    first.go()
    random.seed(2)
    np.random.seed(3)  # noqa: NPY002
    torch.manual_seed(4)
    second.go()
    third.go()
    same(results(first.run), results(second.run))
    assert results(third.run)["losses"] != results(first.run)["losses"]


def test_the_callers_random_numbers_and_threads_are_left_alone(trial: Trial) -> None:
    def draw() -> tuple[float, float, float]:
        return random.random(), float(np.random.rand()), float(torch.rand(1))  # noqa: NPY002

    def seed() -> None:
        random.seed(5), np.random.seed(5), torch.manual_seed(5)  # noqa: NPY002

    seed()
    undisturbed = [draw() for _ in range(50)]
    seed()
    threads, drawn = torch.get_num_threads(), [draw()]
    trial.go(then=lambda _: drawn.append(draw()))
    drawn.append(draw())
    assert drawn == undisturbed[: len(drawn)]
    assert torch.get_num_threads() == threads


def test_two_runs_interleaved_in_one_process_do_not_disturb_each_other(tmp_path: Path) -> None:
    from hw2gui.training.loop import train

    alone = trial_in(tmp_path / "alone")
    alone.go()
    pair = [trial_in(tmp_path / name) for name in ("left", "right")]
    works = [train(Toy(one.config), one.config, one.run) for one in pair]
    while works:
        for work in list(works):
            if next(work, None) is None:
                works.remove(work)
    for one in pair:
        same(results(alone.run), results(one.run))


@pytest.mark.parametrize("schedule", ["constant", "one-cycle"])
def test_it_is_the_plain_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, schedule: str) -> None:
    """The first epoch equals the textbook's loop, written out; with a schedule, PyTorch's own."""
    monkeypatch.setattr("hw2gui.training.loop.NORM_EVERY", PER_EPOCH)
    trial = trial_in(tmp_path / "run", replace(CONFIG, schedule=schedule))
    trial.go(until=lambda event: isinstance(event, EpochDone))
    from hw2gui.training.randomness import seed_everything, seed_for

    torch_state = torch.get_rng_state()
    seed_everything(CONFIG.seed)
    task = Toy(CONFIG)
    model = task.build()
    optimizer = torch.optim.Adam(model.parameters(), lr=CONFIG.learning_rate, fused=True)
    after_batch = lambda: None  # noqa: E731
    if schedule == "one-cycle":
        rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, CONFIG.learning_rate, total_steps=3 * PER_EPOCH, pct_start=CONFIG.rise)
        after_batch = rates.step
    order = torch.Generator().manual_seed(seed_for(CONFIG.seed, "order", 1))
    expected = []
    for batch in task.plan(1, order):
        loss = task.loss(model, batch)
        optimizer.zero_grad()
        loss.backward()
        if len(expected) == PER_EPOCH - 1:
            norm = torch.nn.utils.clip_grad_norm_(model.parameters(), math.inf).item()
        optimizer.step()
        after_batch()
        expected.append(loss.item())
    torch.set_rng_state(torch_state)
    np.testing.assert_allclose(losses(trial.events), expected, rtol=1e-5)
    assert trial.heard(BatchesDone)[-1].gradient_norms[-1] == (PER_EPOCH, pytest.approx(norm, rel=1e-5))
    for name, array in trial.run.weights(1).arrays.items():
        np.testing.assert_allclose(array, model.state_dict()[name].numpy(), rtol=0 if schedule == "constant" else 1e-4, atol=0)


def test_the_best_epoch_is_kept_and_tested(tmp_path: Path) -> None:
    config = replace(CONFIG, epochs=6, chosen="best", keep_epochs=False, learning_rate=0.1)
    trial = trial_in(tmp_path / "run", config)
    finished = trial.go()
    accuracies = [event.metrics["validation_accuracy"] for event in trial.heard(EpochDone)]
    best = accuracies.index(max(accuracies)) + 1  # the first of equals
    assert finished is not None
    assert finished.chosen == best
    assert trial.run.metrics().best_epoch == best
    assert set(trial.run.epochs_kept) == {best, 6}
    assert trial.run.weights().epoch == best
    task = Toy(config)
    model = task.build().eval()
    model.load_state_dict({name: torch.from_numpy(array.copy()) for name, array in trial.run.weights().arrays.items()})
    with torch.no_grad():
        assert finished.metrics["test_loss"] == pytest.approx(task.evaluate(model, "test")["loss"])


@pytest.mark.parametrize(("when", "looks"), [("end", 1), ("every epoch", 3), ("never", 0)])
def test_when_the_test_data_are_looked_at(tmp_path: Path, when: str, looks: int) -> None:
    looked: list[str] = []

    class Watched(Toy):
        def evaluate(self, model, split):
            looked.append(split)
            return super().evaluate(model, split)

    finished = trial_in(tmp_path / "run", replace(CONFIG, test=when), Watched).go()
    assert looked.count("test") == looks
    assert ("test_loss" in finished.metrics) == (looks > 0)


def test_every_epochs_weights_and_the_untrained_ones(trial: Trial) -> None:
    trial.go()
    assert trial.run.epochs_kept == (0, 1, 2, 3)
    assert [trial.run.weights(epoch).step for epoch in range(4)] == [0, 10, 20, 30]
    assert trial.run.weights(2).metrics == trial.heard(EpochDone)[1].metrics
    saved = [file for event in trial.heard(Saved) for file in event.files]
    assert saved.count("epoch-002.safetensors") == 1


def test_lost_numbers_end_the_run_with_the_last_good_model(tmp_path: Path) -> None:
    trial = trial_in(tmp_path / "run", replace(CONFIG, checkpoint_seconds=3600), Weak)
    with pytest.raises(
        UnavailableError, match=r"The loss is nan at step 8: the learning rate 0.02 .* the model of step 0 is kept"
    ) as raised:
        trial.go()
    finished = trial.events[-1]
    assert isinstance(finished, Finished)
    assert (finished.reason, finished.sentence) == ("failed", str(raised.value))
    assert trial.run.metrics().steps.tolist() == list(range(1, 8))
    assert (trial.run.state.status, trial.run.state.sentence) == ("failed", str(raised.value))
    weights = trial.run.weights()
    assert weights.step == 0
    assert all(np.isfinite(array).all() for array in weights.arrays.values())


@pytest.mark.usefixtures("every_step")
def test_weights_that_are_no_numbers_are_never_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A learning rate beyond all reason: whichever is noticed first, the loss or the weights, what is on the disk is sound."""
    trial = trial_in(tmp_path / "run", replace(CONFIG, optimizer="sgd", learning_rate=100, checkpoint_seconds=0.1, momentum=0.99))
    monkeypatch.setattr("hw2gui.training.saver.Saver.due", True)

    class Exploding(Toy):
        def loss(self, model, batch):
            return super().loss(model, batch) * 1e30

    trial.kind = Exploding
    with pytest.raises(UnavailableError, match=r"(no numbers any more|The loss is)"):
        trial.go()
    assert all(np.isfinite(array).all() for array in trial.run.weights().arrays.values())


def test_a_collapse_is_named_once(tmp_path: Path) -> None:
    trial = trial_in(tmp_path / "run", CONFIG, Stubborn)
    trial.go()
    (warned,) = trial.heard(Warned)
    assert (warned.kind, warned.step) == ("collapsed", PER_EPOCH)
    assert f"is {math.log(CLASSES):.3f}, about that of guessing" in warned.sentence


def test_a_collapse_names_the_rate_that_was_chosen_and_not_the_last_one_of_the_schedule(tmp_path: Path) -> None:
    trial = trial_in(tmp_path / "run", replace(CONFIG, schedule="one-cycle", rise=0.3, epochs=1, learning_rate=0.25), Stubborn)
    trial.go()
    (warned,) = trial.heard(Warned)
    assert "a smaller learning rate than 0.25," in warned.sentence


def test_a_step_is_no_longer_than_clipping_allows(tmp_path: Path) -> None:
    config = replace(CONFIG, epochs=1, batch_size=4096, optimizer="sgd", momentum=0.0, learning_rate=0.5, clip=1e-3)
    trial = trial_in(tmp_path / "run", config)
    trial.go()
    first, last = (read_weights(trial.run.epoch_file(epoch)).arrays for epoch in (0, 1))
    trained = [name for name in first if not name.startswith("3.") or name.endswith(("weight", "bias"))]  # 3 keeps running means too
    length = math.sqrt(sum(float(np.square(last[name].astype(float) - first[name]).sum()) for name in trained))
    assert length == pytest.approx(0.5 * 1e-3, rel=1e-2)


def test_a_rate_that_still_rises_has_not_collapsed_after_one_epoch(tmp_path: Path) -> None:
    trial = trial_in(tmp_path / "run", replace(CONFIG, schedule="one-cycle", rise=0.5, epochs=4), Stubborn)
    trial.go()
    (warned,) = trial.heard(Warned)
    assert warned.step == 2 * PER_EPOCH  # by then it is at its peak


def test_a_fault_of_the_task_is_noted_and_raised(tmp_path: Path) -> None:
    trial = trial_in(tmp_path / "run", CONFIG, Broken)
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        trial.go()
    assert trial.run.state.status == "failed"
    assert "RuntimeError: mat1" in trial.run.state.sentence


def test_what_the_user_can_mend_is_noted_in_its_own_words(tmp_path: Path) -> None:
    class Refusing(Toy):
        def loss(self, model, batch):
            raise InputError("Take a smaller batch.")

    trial = trial_in(tmp_path / "run", CONFIG, Refusing)
    with pytest.raises(InputError):
        trial.go()
    assert (trial.run.state.status, trial.run.state.sentence) == ("failed", "Take a smaller batch.")


def test_the_last_epoch_stands_for_the_run_where_the_best_is_not_asked_for(tmp_path: Path) -> None:
    trial = trial_in(tmp_path / "run", replace(CONFIG, epochs=6, learning_rate=0.1))
    trial.go()
    assert trial.run.metrics().best_epoch < trial.run.state.chosen == trial.run.weights().epoch == 6


def test_dead_units_and_time_left_are_told(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hw2gui.training.loop.DEAD_EVERY", 15)
    monkeypatch.setattr("hw2gui.training.loop.TIME_LEFT_S", 0.0)
    trial.go()
    metrics = trial.run.metrics()
    assert metrics.dead_steps.tolist() == [15, 30]
    assert ((metrics.dead_shares >= 0) & (metrics.dead_shares <= 1)).all()
    left = trial.heard(TimeLeft)
    assert left[0].seconds > 0
    assert all(event.steps_per_second > 0 for event in left)
    assert left[-1].seconds < left[0].seconds


def test_looking_for_dead_units_changes_no_number(trial: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trial.go()
    monkeypatch.setattr("hw2gui.training.loop.DEAD_EVERY", 3)
    other = trial_in(tmp_path / "other")
    other.go()
    same(results(trial.run), results(other.run))


def test_dead_relu_share_counts_units_that_are_zero_everywhere() -> None:
    model = torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(16, 4), torch.nn.ReLU())
    with torch.no_grad():
        model[0].weight.fill_(1.0)
        model[0].bias.copy_(torch.tensor([0.0, -1e6, 0.0, 0.0]))  # one map of four is dead
        model[3].weight.fill_(0.0)
        model[3].bias.copy_(torch.tensor([-1.0, -1.0, 1.0, 0.0]))  # three units of four are
    assert health.dead_relu_share(model, lambda: model(torch.rand(5, 1, 4, 4))) == pytest.approx(4 / 8)
    assert health.dead_relu_share(torch.nn.Linear(2, 2), lambda: None) is None
    assert not model[1]._forward_hooks


def test_finished_run_is_not_trained_again(trial: Trial) -> None:
    trial.go()
    before = results(trial.run)
    with pytest.raises(InputError, match="has finished its 3 epochs"):
        trial.go()
    assert trial.run.state.status == "finished"
    same(before, results(trial.run))


def test_more_epochs_go_on_as_if_they_had_been_asked_for(trial: Trial, tmp_path: Path) -> None:
    trial.go()
    trial.config = replace(CONFIG, epochs=5)
    trial.go()
    longer = trial_in(tmp_path / "longer", replace(CONFIG, epochs=5))
    longer.go()
    same(results(longer.run), results(trial.run))


def test_device_that_is_not_there(tmp_path: Path) -> None:
    missing = next(name for name, found in (("mps", torch.backends.mps.is_available()), ("cuda", torch.cuda.is_available())) if not found)
    trial = trial_in(tmp_path / "run", replace(CONFIG, device=missing))
    with pytest.raises(UnavailableError, match="choose the device cpu or auto"):
        trial.go()
    assert trial.run.state.status == "new"


def test_auto_takes_what_there_is(tmp_path: Path) -> None:
    from hw2gui.training.compute import pick_device

    device = pick_device("auto")
    assert device.type == ("cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu")


def test_tensorboard_missing_is_said_before_anything_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hw2gui.training.board.find_spec", lambda _: None)
    trial = trial_in(tmp_path / "run", replace(CONFIG, tensorboard=True))
    with pytest.raises(UnavailableError, match="pip install 'hw2gui\\[tensorboard\\]'"):
        trial.go()
    assert trial.events == []


def test_tensorboard_files_hold_the_metrics(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard", reason="the extra tensorboard is not installed")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    trial = trial_in(tmp_path / "run", replace(CONFIG, tensorboard=True))
    trial.go()
    read = EventAccumulator(str(trial.run.path / "tensorboard"))
    read.Reload()
    assert [point.value for point in read.Scalars("epoch/validation_loss")] == pytest.approx(
        trial.run.metrics().epoch_metrics["validation_loss"].tolist()
    )


def test_settings_reach_torch(tmp_path: Path) -> None:
    seen: list[int] = []

    class Counting(Toy):
        def loss(self, model, batch):
            seen.append(torch.get_num_threads())
            return super().loss(model, batch)

    trial_in(tmp_path / "run", TrainingConfig(epochs=1, batch_size=40, threads=2), Counting).go()
    assert seen == [2]
