"""What the events tell is what the run's folder holds, also after a crash and a resume."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hw2gui.training.controls import SetDropout, SetLearningRate
from hw2gui.training.events import BatchesDone, Changed, EpochDone, Event, Started
from hw2gui.training.growing import GrowingMetrics
from hw2gui.training.metrics import Metrics
from tests.training.conftest import Trial


def grown(events: list[Event], known: Metrics | None = None) -> Metrics:
    growing = GrowingMetrics(known)
    for event in events:
        growing.add(event)
    return growing.metrics


def agree(told: Metrics, kept: Metrics) -> None:
    for name in (
        "steps",
        "losses",
        "rate_steps",
        "rates",
        "norm_steps",
        "gradient_norms",
        "dead_steps",
        "dead_shares",
        "epochs",
        "epoch_steps",
    ):
        np.testing.assert_array_equal(getattr(told, name), getattr(kept, name), err_msg=name)
    assert told.epoch_metrics.keys() == kept.epoch_metrics.keys()
    for name, column in kept.epoch_metrics.items():
        np.testing.assert_array_equal(told.epoch_metrics[name], column)
    assert told.best_epoch == kept.best_epoch
    assert [(change.step, change.name, change.new) for change in told.changes] == [
        (change.step, change.name, change.new) for change in kept.changes
    ]
    assert dict(told.final) == dict(kept.final)


def test_the_events_of_a_run_are_its_metrics(trial: Trial) -> None:
    trial.commands.put(SetLearningRate(0.003))
    trial.commands.put(SetDropout(0.4))
    finished = trial.go()
    agree(grown([*trial.events, finished]), trial.run.metrics())  # type: ignore[list-item]


def test_what_was_not_saved_is_told_again_and_counted_once(trial: Trial, every_step: None) -> None:
    trial.config = replace(trial.config, checkpoint_seconds=3600)
    trial.go(until=lambda event: isinstance(event, BatchesDone) and event.step == 14)
    assert trial.run.metrics().steps[-1] == 14
    known = trial.run.metrics()
    first = len(trial.events)
    finished = trial.go()
    agree(grown([*trial.events[first:], finished], known), trial.run.metrics())  # type: ignore[list-item]


def test_what_was_handed_out_does_not_change(trial: Trial) -> None:
    growing, seen = GrowingMetrics(), []
    trial.go()
    for event in trial.events:
        growing.add(event)
        if isinstance(event, EpochDone):
            metrics = growing.metrics
            seen.append((metrics, metrics.losses.copy(), metrics.epochs.copy()))
    for metrics, losses, epochs in seen:
        np.testing.assert_array_equal(metrics.losses, losses)
        np.testing.assert_array_equal(metrics.epochs, epochs)
    assert [metrics.epochs.size for metrics, _, _ in seen] == [1, 2, 3]


def test_changes_are_kept_by_a_resumed_run_and_forgotten_by_one_begun_anew() -> None:
    growing = GrowingMetrics()
    growing.add(Changed(3, "learning_rate", 0.1, 0.01))
    growing.add(Started("run", 5, 0, 2, 20, 100, "cpu", True))
    assert [change.step for change in growing.metrics.changes] == [3]
    growing.add(Started("run", 0, 0, 2, 20, 100, "cpu", False))
    assert growing.metrics.changes == ()
