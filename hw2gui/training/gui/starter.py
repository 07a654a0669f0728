"""Begins trainings: one run, a race of several, a sweep, a range test; and goes on with runs that were stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from hw2gui.session.store import Store
from hw2gui.training import range_test
from hw2gui.training.desk import Desk
from hw2gui.training.fields import number_words
from hw2gui.training.gui.launch import Launch
from hw2gui.training.gui.run_entry import Entry
from hw2gui.training.gui.subject import Subject
from hw2gui.training.room import Room
from hw2gui.training.survey import Opened
from hw2gui.training.sweep import Sweep
from hw2gui.training.sweep_runs import plan
from hw2gui.widgets.services import Services


class Starter(QObject):
    """One beginning at a time, and none while *desk* trains. *store* has a state with ``setup`` (the next run's) and ``room``."""

    changed = Signal()
    """A beginning has begun, or came to nothing."""
    begun = Signal()
    """New runs train."""
    read = Signal(object)
    """What the disk holds of runs that are about to go on (`Opened`, each)."""

    def __init__(self, subject: Subject, store: Store[Any], services: Services, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._subject = subject
        self._store = store
        self._services = services
        self._desk = desk
        self.busy = False
        """Whether folders are being made."""
        self.failure = ""
        """Why the latest new run never came to train: its data are missing, or its device."""
        self._fresh: set[str] = set()

    def start(self) -> None:
        """Begin a new run with the chosen settings."""
        setup = self._store.state.setup
        self._begin([setup], [self._subject.title(setup)])

    def start_race(self) -> None:
        """Begin a run for each rate and seed."""
        racers = race_configs(self._store.state.setup, self._store.state.room)
        titles = [f"race {number_words(racer.training.learning_rate)} seed {racer.training.seed}" for racer in racers]
        self._begin(racers, titles, self._store.state.room.cluster)

    def start_sweep(self, sweep: Sweep, entries: Sequence[Entry], refuse: Callable[[str], None]) -> None:
        """Train what of *sweep* has not finished among *entries*; *refuse* says in place why it cannot be."""
        left = plan(sweep, [entry.latest for entry in entries])
        if not (left.new or left.again):
            done = f"All {left.done} runs of this sweep have finished" if left.done else "The runs of this sweep are trained elsewhere"
            self._services.status(f"{done}: there is nothing to do.")
            return
        new = [(run.title, run.config) for run in left.new]
        again = [(folder, run.config) for folder, run in left.again]
        address = self._store.state.room.cluster
        self._launch(Launch(self._subject, self._services, new, again, address=address, turns=False), refuse, show=False)

    def start_range_test(self) -> None:
        """Begin a range test of the chosen settings."""
        setup = self._store.state.setup
        self._begin([replace(setup, training=range_test.configured(setup.training))], ["range test"])

    def start_again(self, entries: Sequence[Entry]) -> None:
        """Resume those of *entries* that can be."""
        folders = tuple(entry.row.folder for entry in entries if entry.can_resume)
        if not folders or self._desk.under_way:
            return

        def go(found: tuple[Opened, ...]) -> None:
            self._desk.train(folders, {opened.folder: opened.metrics for opened in found})
            self.read.emit(found)

        # What was measured since, by a process that has died, is on the disk only.
        self._services.ask(
            f"resume {self._subject.key}",
            "hw2gui.training.survey:opened_all",
            {"folders": folders},
            go,
            what="Reading the run",
        )

    def ended(self, folder: str) -> bool:
        """The training in *folder* has ended; whether it was a new run's that never came to train."""
        fresh = folder in self._fresh
        self._fresh.discard(folder)
        live = self._desk.lives[folder]
        if not fresh or live.outcome is not None or live.started is not None or not live.sentence:
            return False
        self.failure = live.sentence
        return True

    def _begin(self, configs: Sequence[Any], titles: Sequence[str], address: str = "") -> None:
        new = list(zip(titles, configs, strict=True))
        self._launch(Launch(self._subject, self._services, new, address=address), self._services.message)

    def _launch(self, launch: Launch, refuse: Callable[[str], None], *, show: bool = True) -> None:
        if self.busy or self._desk.under_way:
            return
        self.busy = True
        self.changed.emit()

        def go(ready: Launch) -> None:
            self.busy, self.failure = False, ""
            self._fresh.update(ready.new_folders)
            # The buttons are for those shown, or for all: of a sweep none is.
            self._store.move(room=replace(self._store.state.room, shown=ready.folders if show else ()))
            ready.train(self._desk)
            self.begun.emit()

        def failed(why: str) -> None:
            self.busy = False
            self.changed.emit()
            refuse(why)

        launch.go(go, failed)


def race_configs(setup: Any, room: Room) -> list[Any]:
    """A configuration for each rate and seed of the race: the rates one after the other, with their seeds."""
    seeds = [setup.training.seed + number for number in range(room.seeds)]
    # Side by side on one thread each: more threads than cores would cost all of them.
    racers = [replace(setup.training, learning_rate=rate, seed=seed, threads=1) for rate in room.rates for seed in seeds]
    return [replace(setup, training=training) for training in racers]
