"""Runs on their way: the place is asked whether it is there, data are packed, folders are made and read, and then they train."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hw2gui.jobs import Luggage
from hw2gui.training.desk import Desk
from hw2gui.training.gui.subject import Subject
from hw2gui.training.survey import Opened
from hw2gui.widgets.services import Services

MOST_AT_ONCE = 400

LUGGAGE = "hw2gui.training.luggage"


class Launch:
    """New runs, as (title, configuration), and runs to go on with, as (folder, configuration); on the cluster at *address*, or here.

    Nothing is made before it is known that the place answers and the data can be sent there.
    """

    def __init__(
        self,
        subject: Subject,
        services: Services,
        new: Sequence[tuple[str, Any]],
        again: Sequence[tuple[str, Any]] = (),
        *,
        address: str = "",
        turns: bool = True,
    ) -> None:
        self._subject, self._services = subject, services
        self._new, self._again = tuple(new), tuple(again)
        self._address, self._turns = address, turns
        self._luggage: tuple[Luggage, ...] = ()
        self._made: tuple[str, ...] = ()
        self.opened: tuple[Opened, ...] = ()
        self._done: Callable[[Launch], None]
        self._failed: Callable[[str], None]

    @property
    def new_folders(self) -> tuple[str, ...]:
        """Those that were made."""
        return self._made

    @property
    def folders(self) -> tuple[str, ...]:
        """All, those to go on with first."""
        return (*(folder for folder, _ in self._again), *self._made)

    def go(self, done: Callable[[Launch], None], failed: Callable[[str], None]) -> None:
        """Make everything ready; *done* is called when it is, *failed* with one sentence when it cannot be, and then nothing is made."""
        self._done, self._failed = done, failed
        runs = (*self._again, *self._new)
        sets = tuple(tuple(self._subject.data_sets(config)) for _, config in runs)
        if self._address:
            self._ask("Looking for the cluster", f"{LUGGAGE}:luggage_for", {"address": self._address, "data": sets}, self._packed)
        elif len(runs) > 1:
            # Else each of them would find out by itself, in a process of its own.
            self._ask("Looking for the data", f"{LUGGAGE}:check_here", {"data": sets}, lambda _: self._read())
        else:
            self._read()

    def _ask(self, what: str, function: str, arguments: dict[str, Any], then: Callable[[Any], None]) -> None:
        self._services.ask(f"begin {self._subject.key}", function, arguments, then, failed=self._failed, what=what)

    def _packed(self, things: tuple[Luggage, ...]) -> None:
        self._luggage = things
        self._read()

    def _read(self) -> None:
        """What was measured since, by a process that has died, is on the disk only."""
        folders = tuple(folder for folder, _ in self._again)
        if folders:
            self._ask("Reading the runs", "hw2gui.training.survey:opened_all", {"folders": folders}, self._take)
        else:
            self._make()

    def _take(self, opened: tuple[Opened, ...]) -> None:
        self.opened = opened
        self._make()

    def _make(self) -> None:
        if self._new:
            titles, configs = zip(*self._new, strict=True)
            self._ask("Beginning the run", self._subject.begin, {"configs": configs, "titles": titles}, self._ready)
        else:
            self._ready(())

    def _ready(self, folders: tuple[str, ...]) -> None:
        self._made = tuple(folders)
        self._done(self)

    def train(self, desk: Desk) -> None:
        """Let them train."""
        known = {opened.folder: opened.metrics for opened in self.opened}
        if not self._address:
            desk.train(self.folders, known, turns=self._turns)
            return
        # A run that waited its turn there would keep a machine: all are handed over, and the cluster decides.
        luggage = dict(zip(self.folders, self._luggage, strict=True))
        desk.train(self.folders, known, MOST_AT_ONCE, turns=False, runner=self._services.cluster(self._address), luggage=luggage)
