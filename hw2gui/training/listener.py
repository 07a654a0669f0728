"""Between two batches: do what the user says, and again what the user said before a crash."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Literal

from hw2gui.jobs import Commands
from hw2gui.training.controls import Pause, Resume, RunEpoch, SetDropout, SetLearningRate, StepOnce, Stop
from hw2gui.training.events import Changed, Event, Paused, Resumed
from hw2gui.training.lock import Lock
from hw2gui.training.pace import Pace
from hw2gui.training.saver import Saver
from hw2gui.training.session import Session

ALIVE_S = 5.0
"""A paused run shows so often that it is alive."""

Events = Generator[Event, None, None]


class StoppedError(Exception):
    """The user said Stop."""


class Listener:
    """Obeys *commands*. *tell* tells of the batches done so far, which everything here comes after."""

    def __init__(self, session: Session, commands: Commands, saver: Saver, pace: Pace, lock: Lock, tell: Callable[[], Events]) -> None:
        self._session = session
        self._commands = commands
        self._saver = saver
        self._pace = pace
        self._lock = lock
        self._tell = tell
        self._paused = False
        self._pause_step = self._pause_epoch = -1

    @property
    def wanted(self) -> bool:
        """Whether `listen` has anything to do; cheap enough to be asked before every batch."""
        return self._paused or self._commands.waiting or self._change_due

    def batch_done(self) -> None:
        """Pause now if it was to be this batch alone."""
        if self._session.at.step == self._pause_step:
            self._paused = True

    def epoch_done(self) -> None:
        """Pause now if it was to be this epoch alone."""
        if self._session.at.epoch == self._pause_epoch:
            self._paused = True

    def listen(self) -> Events:
        """Obey until it is time for the next batch. Raises `StoppedError`, and `CancelledError` while waiting."""
        yield from self._tell()
        while self._change_due:
            row = self._session.recorder.changes[self._session.at.changes]
            yield from self._change(row["name"], row["new"], replayed=True)
        while True:
            if self._paused:
                yield from self._pause()
            command = self._commands.poll()
            if command is None:
                return
            yield from self._obey(command)

    @property
    def _change_due(self) -> bool:
        at, changes = self._session.at, self._session.recorder.changes
        return at.changes < len(changes) and changes[at.changes]["step"] <= at.step

    def _pause(self) -> Events:
        at = self._session.at
        if self._saver.saved_step != at.step:
            yield from self._saver.save("paused")
        else:
            yield from self._saver.attempt(lambda: self._session.recorder.state("paused"))
        yield Paused(at.step, at.epoch)
        while self._paused:
            command = self._commands.wait(ALIVE_S)
            self._lock.touch()
            if command is not None:
                yield from self._obey(command)
        yield from self._saver.attempt(lambda: self._session.recorder.state("running"))
        self._pace.rest()
        yield Resumed(at.step, at.epoch)

    def _obey(self, command: object) -> Events:
        at = self._session.at
        match command:
            case Pause():
                self._paused = True
            case Resume() | StepOnce() | RunEpoch():
                self._paused = False
                self._pause_step = at.step + 1 if isinstance(command, StepOnce) else -1
                self._pause_epoch = at.epoch + 1 if isinstance(command, RunEpoch) else -1
            case SetLearningRate(value):
                yield from self._change("learning_rate", value)
            case SetDropout(value):
                yield from self._change("dropout", value)
            case Stop():
                raise StoppedError
            case _:
                raise TypeError(f"{command!r} is no command of a training")

    def _change(self, name: Literal["learning_rate", "dropout"], value: float, *, replayed: bool = False) -> Events:
        session, at = self._session, self._session.at
        if name == "learning_rate":
            old: float | None = session.config.learning_rate if at.peak is None else at.peak
            at.peak = value
        else:
            old = at.dropout
            at.dropout = value
            session.task.set_dropout(session.model, value)
        event = Changed(at.step, name, old, value, replayed)
        if replayed:
            at.changes += 1
        else:
            yield from self._saver.attempt(lambda: session.recorder.change(event))
        yield event
