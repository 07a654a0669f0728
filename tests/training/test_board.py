"""Event files for TensorBoard: what is read back from them is what the run logged, also after a resume."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hw2gui import cli
from hw2gui.errors import UnavailableError
from hw2gui.training.events import EpochDone
from tests.training.conftest import CONFIG, trial_in

WANTED = replace(CONFIG, tensorboard=True)


def read_back(folder: Path) -> Any:
    """The scalars in the event files of *folder*, by tag."""
    pytest.importorskip("tensorboard", reason="the extra 'tensorboard' is not installed")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(folder), size_guidance={"scalars": 0}).Reload()
    return {tag: [(one.step, one.value) for one in events.Scalars(tag)] for tag in events.Tags()["scalars"]}


def test_the_events_say_what_the_run_logged(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard", reason="the extra 'tensorboard' is not installed")
    trial = trial_in(tmp_path / "run", WANTED)
    trial.go(until=lambda event: isinstance(event, EpochDone) and event.epoch == 2)  # as if killed
    trial.go()
    told, metrics = read_back(tmp_path / "run" / "tensorboard"), trial.run.metrics()
    for name, column in metrics.epoch_metrics.items():
        assert told[f"epoch/{name}"] == [(epoch, pytest.approx(value)) for epoch, value in zip(metrics.epochs, column, strict=True)]
    assert told["batch/learning_rate"] == [
        (step, pytest.approx(rate)) for step, rate in zip(metrics.rate_steps.tolist(), metrics.rates.tolist(), strict=True)
    ]
    assert {"batch/loss", "batch/gradient_norm"} <= set(told)


def test_without_the_extra_it_is_refused_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hw2gui.training.board.find_spec", lambda name: None)
    with pytest.raises(UnavailableError, match=r"pip install 'hw2gui\[tensorboard\]'"):
        trial_in(tmp_path / "run", WANTED).go()


@pytest.mark.parametrize("subject", ["cnn", "seq2seq"])
def test_from_a_shell(subject: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tensorboard", reason="the extra 'tensorboard' is not installed")
    small = {"cnn": ["--network", "dense", "--data", "strokes"], "seq2seq": ["--data", "toy-reverse", "--hidden", "8"]}[subject]
    assert cli.main(["train", subject, *small, "--limit", "40", "--epochs", "1", "--tensorboard", "--out", str(tmp_path / "run")]) == 0
    told = read_back(tmp_path / "run" / "tensorboard")
    assert [step for step, _ in told["epoch/train_loss"]] == [1] and len(told["batch/loss"]) > 0
