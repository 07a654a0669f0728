"""A training followed from a shell."""

from __future__ import annotations

import math
import os
import signal
from argparse import Namespace
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

from hw2gui.errors import UnavailableError
from hw2gui.jobs import Commands
from hw2gui.training import train_command
from hw2gui.training.controls import Stop
from hw2gui.training.events import BatchesDone, EpochDone, Event, Finished, Reason, Started, TimeLeft, Warned
from hw2gui.training.lock import Lock
from hw2gui.training.pace import time_left, time_words
from hw2gui.training.run_folder import RunFolder

FINISHED = Finished("done", 40, 2, 2, {"validation_loss": 0.5})


def _train(_folder: str, _commands: Commands) -> Generator[Event, None, Finished]:
    yield Started("run", 0, 0, 2, 20, 100, "cpu", False)
    yield BatchesDone(30, 2, (0.7, 0.25), 0.1, (), (), 3.0)
    yield TimeLeft(240.0, 12.0)
    yield EpochDone(2, 40, {"validation_loss": 0.5}, 4.0, True)
    yield Warned(40, "disk", "There is no room.")
    return FINISHED


def test_epochs_warnings_and_how_far_it_is_are_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(train_command, "STATUS_S", 0.0)
    assert train_command.follow(_train, Path("run")) == FINISHED
    out, errors = capsys.readouterr()
    assert out == ""
    assert errors.splitlines() == [
        "epoch 2 of 2, step 10 of 20, loss 0.2500, 12 steps a second, about 4 min left",
        "epoch 2: validation loss 0.5000, 4 s",
        "There is no room.",
    ]


def test_a_quick_training_tells_no_more_than_its_epochs(capsys: pytest.CaptureFixture[str]) -> None:
    train_command.follow(_train, Path("run"))
    assert "left" not in capsys.readouterr().err


def test_interrupting_stops_it_and_gives_the_signal_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    heard: list[object] = []

    def train(_folder: str, commands: Commands) -> Generator[Event, None, Finished]:
        os.kill(os.getpid(), signal.SIGINT)
        heard.append(commands.wait(10))
        assert signal.getsignal(signal.SIGINT) is before  # another one ends it at once
        yield Warned(1, "disk", "")
        return FINISHED

    train_command.follow(train, Path("run"))
    assert isinstance(heard[0], Stop)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize(("reason", "code"), [("done", 0), ("stopped", 130)])
def test_a_script_can_tell_a_stopped_training_from_a_finished_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], reason: Reason, code: int
) -> None:
    def train(_folder: str, _commands: Commands) -> Generator[Event, None, Finished]:
        yield Warned(1, "disk", "There is no room.")
        return replace(FINISHED, reason=reason)

    arguments = Namespace(resume=False, out=str(tmp_path / "run"), json=False)
    begin = lambda _: RunFolder.create(tmp_path / "run", "toy", {})  # noqa: E731
    assert train_command.train_or_resume(arguments, begin, train, lambda _: 7) == code
    assert capsys.readouterr().out == f"{reason} after epoch 2: validation loss 0.5000\n{tmp_path / 'run'}\n"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.3, "less than a second"), (12.4, "12 s"), (600, "10 min"), (7380, "2 h 03 min"), (math.nan, "an unknown time")],
)
def test_time_in_words(seconds: float, words: str) -> None:
    assert time_words(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (math.nan, ""), (0.0, ", less than a second left"), (1.2, ", about 1 s left"), (600, ", about 10 min left")],
)
def test_the_time_left_ends_a_sentence_and_is_never_nothing(seconds: float | None, words: str) -> None:
    assert time_left(seconds) == words


@pytest.mark.parametrize("begun", [False, True])
def test_nothing_is_left_of_a_run_that_never_began(tmp_path: Path, begun: bool) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    if begun:
        (folder / "state.json").write_text("{}")

    def train(_folder: str, _commands: Commands) -> Generator[Event, None, Finished]:
        raise UnavailableError("There are no data.")
        yield Warned(1, "disk", "")

    with pytest.raises(UnavailableError, match="no data"):
        train_command.follow(train, folder)
    assert folder.exists() is begun


def test_what_another_program_is_just_beginning_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    mine = Lock(folder / "lock")
    mine.acquire()

    def train(_folder: str, _commands: Commands) -> Generator[Event, None, Finished]:
        raise UnavailableError("The run is being trained by another program.")
        yield Warned(1, "disk", "")

    try:
        with pytest.raises(UnavailableError, match="another program"):
            train_command.follow(train, folder)
        assert (folder / "config.json").exists()
    finally:
        mine.release()
