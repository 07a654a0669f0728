"""The trainings under way: begun alone or as a race, watched, told to wait, step, go on, stop or end. Needs no torch and no Qt."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hw2gui import paths
from hw2gui.jobs import Failure, Handle, Job, Luggage, Runner, WorkerError
from hw2gui.training.config import free_cores
from hw2gui.training.controls import Command, SetDropout, SetLearningRate, StepOnce, Stop
from hw2gui.training.events import BatchesDone, EpochDone, Finished, Paused, Resumed, Saved, Started, TimeLeft, Warned
from hw2gui.training.growing import GrowingMetrics
from hw2gui.training.metrics import Metrics
from hw2gui.training.race import Race, Turn

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Live:
    """A training as far as it has told. *outcome* is None while it goes on; *sentence* is the last thing the user should know of it."""

    folder: str
    growing: GrowingMetrics = field(default_factory=GrowingMetrics)
    started: Started | None = None
    step: int = 0
    epoch: int = 0
    seconds: float = 0.0
    left: TimeLeft | None = None
    paused: bool = False
    last_metrics: Mapping[str, float] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    collapsed: bool = False
    unsaved: bool = False
    """Whether the disk has refused what was to be saved, and has not taken it since."""
    stopping: bool = False
    outcome: Finished | None = None
    sentence: str = ""

    @property
    def waits_for_room(self) -> bool:
        """Whether it does nothing any more but try to save what it has trained."""
        total = self.per_epoch * self.started.epochs if self.started else 0
        return self.unsaved and (self.stopping or self.step >= total > 0)

    @property
    def per_epoch(self) -> int:
        """Steps an epoch, 0 while it is not known."""
        return self.started.steps_per_epoch if self.started else 0

    def hear(self, event: Any) -> None:
        """Take *event*."""
        self.growing.add(event)
        match event:
            case Started():
                self.started, self.step, self.epoch = event, event.step, event.epoch
            case BatchesDone():
                self.step, self.seconds = event.step, event.seconds
            case EpochDone():
                self.step, self.epoch, self.seconds, self.last_metrics = event.step, event.epoch, event.seconds, event.metrics
            case TimeLeft():
                self.left = event
            case Saved():
                self.unsaved = False
            case Paused() | Resumed():
                self.paused = isinstance(event, Paused)
            case Warned():
                self.warnings.append(event.sentence)
                self.sentence = event.sentence
                self.collapsed |= event.kind == "collapsed"
                self.unsaved |= event.kind == "disk"


class Desk:
    """Runs trainings by the folders of their runs on *runner*, each as the job *function* with the argument ``folder``.

    *told* is called with the folder after everything a training says, with the event, or None when it has ended. Use it from the thread
    that answers come to.
    """

    def __init__(self, runner: Runner, function: str, told: Callable[[str, Any], None]) -> None:
        self._runner = runner
        self._function = function
        self._told = told
        self._races: dict[str, Race[str]] = {}
        self.lives: dict[str, Live] = {}

    @property
    def under_way(self) -> tuple[str, ...]:
        """The folders of the trainings that have not ended."""
        return tuple(folder for folder in self._races if self.turn(folder) not in (None, "ended"))

    def turn(self, folder: str) -> Turn | None:
        """Whether the training in *folder* computes, waits for its turn, is held or has ended; None: it was not begun here."""
        race = self._races.get(folder)
        return race.turn(folder) if race else None

    def train(
        self,
        folders: Sequence[str],
        known: Mapping[str, Metrics] | None = None,
        lanes: int = 0,
        *,
        turns: bool = True,
        runner: Runner | None = None,
        luggage: Mapping[str, Luggage] | None = None,
    ) -> None:
        """Train the runs in *folders*, at most *lanes* (0: the free cores) at a time; *known* is what resumed ones have measured.

        *turns* as in `Race`. Another *runner* than the desk's takes the *luggage* of each run along.
        """
        things = luggage or {}
        for folder in folders:
            self.lives[folder] = Live(folder, GrowingMetrics((known or {}).get(folder)))
        race = Race(
            runner or self._runner,
            {folder: Job(self._function, {"folder": folder}, things.get(folder, Luggage())) for folder in folders},
            lanes=lanes or free_cores(),
            turns=turns,
            on_event=self._heard,
            on_done=self._done,
            on_error=self._failed,
        )
        self._races.update(dict.fromkeys(folders, race))
        race.start()

    def hold(self, folder: str) -> None:
        """Let it wait after its batch."""
        self._races[folder].hold(folder)

    def release(self, folder: str) -> None:
        """Let it go on."""
        self._races[folder].release(folder)

    def step(self, folder: str) -> None:
        """Do one batch and wait again."""
        race = self._races[folder]
        race.hold(folder)
        race.send(folder, StepOnce())

    def stop(self, folder: str) -> None:
        """Finish cleanly: saved, and to be resumed."""
        self.lives[folder].stopping = True
        self._send(folder, Stop())

    def set_rate(self, folder: str, rate: float) -> None:
        """From the next batch on, this is the (highest) learning rate. Raises InputError."""
        self._send(folder, SetLearningRate(rate))

    def set_dropout(self, folder: str, share: float) -> None:
        """From the next batch on, every dropout drops this share. Raises InputError."""
        self._send(folder, SetDropout(share))

    def cancel(self, folder: str) -> Handle | None:
        """End it now; its folder is free once the handle is over. None: it never began."""
        live = self.lives[folder]
        live.sentence, live.paused = "Cancelled.", False
        return self._races[folder].cancel(folder)

    def close(self) -> None:
        """End all of them."""
        for race in set(self._races.values()):
            race.close()

    def _send(self, folder: str, command: Command) -> None:
        self._races[folder].send(folder, command)
        if self.turn(folder) == "ended":
            self._told(folder, None)  # it never began

    def _heard(self, folder: str, event: Any) -> None:
        self.lives[folder].hear(event)
        self._told(folder, event)

    def _done(self, folder: str, outcome: Finished) -> None:
        live = self.lives[folder]
        live.growing.add(outcome)
        live.outcome, live.paused = outcome, False
        live.sentence = outcome.sentence or (live.warnings[-1] if live.collapsed and live.warnings else "")
        live.last_metrics = {**live.last_metrics, **outcome.metrics}
        self._told(folder, None)

    def _failed(self, folder: str, error: Failure) -> None:
        live = self.lives[folder]
        live.paused = False
        live.sentence = str(error)
        if isinstance(error, WorkerError):
            log.error("training in %s failed: %s\n%s", folder, error, error.traceback)
            live.sentence = f"Training: something went wrong in the program ({error.kind}). Details: {paths.log_file()}"
        self._told(folder, None)
