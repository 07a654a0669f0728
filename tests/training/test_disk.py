"""A disk that is full, on a real one of 300 KB where one can be had, else played."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from hw2gui import files
from hw2gui.errors import UnavailableError
from hw2gui.training.controls import SetLearningRate, Stop
from hw2gui.training.events import EpochDone, Event, Finished, Warned
from tests.training.conftest import CONFIG, results, same, trial_in

LONG = replace(CONFIG, epochs=5)


@dataclass
class RealDisk:
    folder: Path

    def fill(self) -> None:
        with (self.folder / "ballast").open("wb", buffering=0) as ballast, suppress(OSError):
            while True:
                ballast.write(bytes(4096))
        assert shutil.disk_usage(self.folder).free == 0

    def make_room(self) -> None:
        (self.folder / "ballast").unlink()


@dataclass
class PlayedDisk:
    """Writes half of what it is given, then refuses, as a full disk does."""

    folder: Path
    full: bool = False

    def fill(self) -> None:
        self.full = True

    def make_room(self) -> None:
        self.full = False

    def play(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write, write_bytes = os.write, files.write_bytes

        def some(file: int, content: memoryview) -> int:
            if self.full and len(content) > 1:
                return write(file, content[: len(content) // 2])
            if self.full:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return write(file, content)

        def none(path: Path, content: bytes) -> None:
            if self.full:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            write_bytes(path, content)

        monkeypatch.setattr("hw2gui.training.json_lines.os.write", some)
        monkeypatch.setattr(files, "write_bytes", none)


@pytest.fixture(params=["real", "played"])
def disk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RealDisk | PlayedDisk]:
    monkeypatch.setattr("hw2gui.training.saver.RETRY_S", 0.01)
    folder = tmp_path / "disk"
    folder.mkdir()
    if request.param == "played":
        played = PlayedDisk(folder)
        played.play(monkeypatch)
        yield played
        return
    mount = shutil.which("mount")
    if not mount or subprocess.run([mount, "-t", "tmpfs", "-o", "size=300k", "tmpfs", folder], capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be made by root on Linux only")
    yield RealDisk(folder)
    subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture
def unbroken(tmp_path: Path) -> dict:
    trial = trial_in(tmp_path / "unbroken", LONG)
    trial.go()
    return results(trial.run)


def at(epoch: int, event: Event) -> bool:
    return isinstance(event, EpochDone) and event.epoch == epoch


def test_room_made_while_it_trains(disk: RealDisk | PlayedDisk, unbroken: dict) -> None:
    """Told once; training goes on; in the end nothing is missing, not even the weights of the epochs that could not be written."""
    trial = trial_in(disk.folder / "run", LONG)

    def then(event: Event) -> None:
        if at(1, event):
            disk.fill()
        if at(3, event):
            assert max(trial.run.epochs_kept) == 1
            assert trial.run.metrics().epochs.tolist() in ([1], [1, 2], [1, 2, 3])  # a log's last page may have room; no half line
            disk.make_room()

    finished = trial.go(then=then)
    assert finished.reason == "done"
    (warned,) = trial.heard(Warned)
    assert warned.kind == "disk"
    assert warned.sentence.startswith("The disk is full: make room")
    same(unbroken, results(trial.run))


def test_room_made_at_the_very_end(disk: RealDisk | PlayedDisk, unbroken: dict) -> None:
    """The model waits in memory until it can be saved."""
    trial = trial_in(disk.folder / "run", LONG)
    later = threading.Timer(0.2, disk.make_room)

    def then(event: Event) -> None:
        if at(4, event):
            disk.fill()
        if at(5, event):
            later.start()

    assert trial.go(then=then).reason == "done"
    later.join()
    same(unbroken, results(trial.run))


@pytest.mark.parametrize("given_up", ["after long", "by the user"])
def test_no_room_to_the_end(disk: RealDisk | PlayedDisk, unbroken: dict, monkeypatch: pytest.MonkeyPatch, given_up: str) -> None:
    """One sentence; what was saved is kept, and with room the run goes on from there."""
    trial = trial_in(disk.folder / "run", LONG)
    if given_up == "after long":
        monkeypatch.setattr("hw2gui.training.saver.PATIENCE_S", 0.05)

    def then(event: Event) -> None:
        if at(2, event):
            disk.fill()
        if at(5, event) and given_up == "by the user":
            trial.commands.put(SetLearningRate(0.1))  # no answer to this question
            trial.commands.put(Stop())

    with pytest.raises(UnavailableError, match="could not be written to the end: the model of step 20 is kept"):
        trial.go(then=then)
    assert trial.run.weights().step == 20
    disk.make_room()
    trial.events.clear()
    assert trial.go().reason == "done"
    same(unbroken, results(trial.run))


def test_full_from_the_start(disk: RealDisk | PlayedDisk) -> None:
    trial = trial_in(disk.folder / "run", LONG)
    disk.fill()
    with pytest.raises(UnavailableError, match=r"cannot be written \(No space left"):
        trial.go()
    assert trial.events == []


def test_folder_that_has_gone_is_not_made_again(disk: RealDisk | PlayedDisk) -> None:
    trial = trial_in(disk.folder / "run", LONG)

    def then(event: Event) -> None:
        if at(2, event):
            trial.run.path.rename(disk.folder / "elsewhere")
        if at(4, event):
            assert not trial.run.path.exists()
            (disk.folder / "elsewhere").rename(trial.run.path)

    finished = trial.go(then=then)
    assert isinstance(finished, Finished)
    (warned,) = trial.heard(Warned)
    assert "cannot be written (the folder has gone)" in warned.sentence
    assert trial.run.epochs_kept == (0, 1, 2, 3, 4, 5)
