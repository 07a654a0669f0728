from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hw2gui.jobs import Commands
from hw2gui.session.codec import to_plain
from hw2gui.training.config import TrainingConfig
from hw2gui.training.events import BatchesDone, Event, Finished
from hw2gui.training.loop import train
from hw2gui.training.run_folder import RunFolder
from tests.training.toy import Toy

CONFIG = TrainingConfig(epochs=3, batch_size=4, learning_rate=0.02)
PER_EPOCH = 10


@dataclass
class Trial:
    """A run and what its trainings said; `go` trains once, until its end or until *until* is true of an event (as if killed there)."""

    run: RunFolder
    config: TrainingConfig
    kind: type[Toy] = Toy
    commands: Commands = field(default_factory=Commands)
    events: list[Event] = field(default_factory=list)

    def go(self, until: Callable[[Event], bool] = lambda _: False, then: Callable[[Event], None] = lambda _: None) -> Finished | None:
        work = train(self.kind(self.config), self.config, self.run, self.commands)
        while True:
            try:
                event = next(work)
            except StopIteration as end:
                return end.value
            self.events.append(event)
            then(event)
            if until(event):
                work.close()
                return None

    def heard(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


def trial_in(folder: Path, config: TrainingConfig = CONFIG, kind: type[Toy] = Toy) -> Trial:
    return Trial(RunFolder.create(folder, "toy", to_plain(config)), config, kind)


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    return trial_in(tmp_path / "run")


@pytest.fixture(autouse=True)
def no_power_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's folder need not survive one, and waiting for the disk would be most of the tests' time."""
    monkeypatch.setattr("os.fsync", lambda _: None)


@pytest.fixture
def every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell of, and save, every single batch."""
    monkeypatch.setattr("hw2gui.training.loop.CHUNK_S", 0.0)


def results(run: RunFolder) -> dict[str, Any]:
    """Everything of a run that its seed decides, to be compared to the last bit."""
    metrics = run.metrics()
    weights = {epoch: run.weights(epoch).arrays for epoch in run.epochs_kept}
    return {
        "steps": metrics.steps.tolist(),
        "losses": metrics.losses.tolist(),
        "norms": list(zip(metrics.norm_steps.tolist(), metrics.gradient_norms.tolist(), strict=True)),
        "epochs": {name: column.tolist() for name, column in metrics.epoch_metrics.items()},
        "final": dict(metrics.final),
        "best": metrics.best_epoch,
        "samples": run.samples_file.read_text(),
        "weights": {epoch: {name: array.tobytes() for name, array in arrays.items()} for epoch, arrays in weights.items()},
        "last": {name: array.tobytes() for name, array in run.weights("last").arrays.items()},
    }


def losses(events: Iterable[Event]) -> list[float]:
    return [loss for event in events if isinstance(event, BatchesDone) for loss in event.losses]


def same(first: dict[str, Any], second: dict[str, Any]) -> None:
    """Fail with what differs."""
    for name, value in first.items():
        assert value == second[name], name
    assert np.isfinite(first["losses"]).all()


@pytest.fixture
def done(trial: Trial) -> RunFolder:
    trial.go()
    return trial.run
