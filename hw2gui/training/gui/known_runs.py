"""What is known of a subject's runs: what the disk holds, what was read of those shown, and what those under way have told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from hw2gui.session.store import Store
from hw2gui.training.desk import Desk
from hw2gui.training.events import Sample
from hw2gui.training.gui.lines import Shown, coloured
from hw2gui.training.gui.run_entry import ELSEWHERE, Entry
from hw2gui.training.gui.subject import Subject
from hw2gui.training.metrics import Metrics
from hw2gui.training.runs import Space
from hw2gui.training.survey import Opened, RunRow
from hw2gui.widgets.services import Services


class KnownRuns(QObject):
    """Follows the folders on the disk and the trainings of *desk*. *store* has a state with a ``room``, whose ``shown`` never names
    a run that is gone.
    """

    changed = Signal()
    """More is known, or other runs are there."""
    surveyed = Signal()
    """The folders were looked at."""

    def __init__(self, subject: Subject, store: Store[Any], services: Services, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._subject = subject
        self._store = store
        self._services = services
        self._desk = desk
        self._rows: tuple[RunRow, ...] = ()
        self._opened: dict[str, Opened] = {}
        self.space: Space | None = None
        """What all the user's runs, of whatever subject, take and leave; None until it was looked at."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All runs, with what those under way have told."""
        return tuple(Entry(row, self._desk.lives.get(row.folder), self._desk.turn(row.folder)) for row in self._rows)

    @property
    def selected(self) -> tuple[Entry, ...]:
        """Those the user chose to see."""
        return tuple(entry for entry in self.entries if entry.row.folder in self._shown)

    @property
    def elsewhere(self) -> bool:
        """Whether another program trains one of them."""
        return any(entry.status.endswith(ELSEWHERE) for entry in self.entries)

    @property
    def curves(self) -> tuple[Shown, ...]:
        """The selected runs whose metrics are known, with their colours."""
        found = []
        for entry in self.selected:
            metrics = self._metrics_of(entry.row.folder)
            if metrics is not None:
                per_epoch = entry.live.per_epoch if entry.live else 0
                if not per_epoch and metrics.epochs.size:
                    per_epoch = int(metrics.epoch_steps[0] // metrics.epochs[0])
                found.append((entry.row, metrics, per_epoch))
        return coloured(found)

    def row_of(self, folder: str) -> RunRow | None:
        """What the disk holds of the run in *folder*."""
        return next((row for row in self._rows if row.folder == folder), None)

    def samples_of(self, folder: str) -> tuple[Sample, ...]:
        """The samples taken so far; of a run that was resumed also those from before."""
        read = self._opened[folder].samples if folder in self._opened else ()
        live = self._desk.lives.get(folder)
        if live is None:
            return read
        begun = live.started.epoch if live.started else 0
        return tuple(sample for sample in read if sample.epoch <= begun) + tuple(live.growing.samples)

    def _metrics_of(self, folder: str) -> Metrics | None:
        """As the run told them, or as they were read."""
        live = self._desk.lives.get(folder)
        if live is not None:
            return live.growing.metrics
        return self._opened[folder].metrics if folder in self._opened else None

    @property
    def _shown(self) -> tuple[str, ...]:
        shown: tuple[str, ...] = self._store.state.room.shown
        return shown

    def refresh(self) -> None:
        """Look again which runs there are."""
        self._services.ask(f"survey {self._subject.key}", self._subject.survey, {}, self._take_rows, what="Looking for runs")
        self._services.ask(f"space {self._subject.key}", "hw2gui.training.runs:space", {}, self._take_space, what="Looking for runs")

    def look_again(self) -> None:
        """See how far another program is that trains here."""
        entries = {entry.row.folder: entry for entry in self.entries}
        self._opened = {
            folder: opened
            for folder, opened in self._opened.items()
            if folder in entries and not entries[folder].status.endswith(ELSEWHERE)
        }
        self.refresh()

    def take(self, found: Sequence[Opened]) -> None:
        """Keep what was read of runs."""
        self._opened.update({opened.folder: opened for opened in found})
        self.changed.emit()

    def forget(self, folders: Sequence[str]) -> None:
        """These are no longer where they were."""
        for folder in folders:
            self._desk.lives.pop(folder, None)
            self._opened.pop(folder, None)
        self.refresh()

    def open_shown(self) -> None:
        """Read what is shown and was neither read nor told yet."""
        there = {row.folder for row in self._rows}
        for folder in self._shown:
            if folder in there and folder not in self._opened and folder not in self._desk.lives:
                self._services.ask(
                    f"open {folder}",
                    "hw2gui.training.survey:opened",
                    {"folder": folder},
                    lambda opened: self.take((opened,)),
                    what="Reading the run",
                )

    def _take_space(self, space: Space) -> None:
        self.space = space
        self.changed.emit()

    def _take_rows(self, rows: tuple[RunRow, ...]) -> None:
        self._rows = rows
        there = {row.folder for row in rows}
        shown = tuple(folder for folder in self._shown if folder in there)
        self._opened = {folder: opened for folder, opened in self._opened.items() if folder in shown}
        if shown != self._shown:
            self._store.move(room=replace(self._store.state.room, shown=shown))
        self.open_shown()
        self.changed.emit()
        self.surveyed.emit()
