"""The rate and the dropout that the bar shows and sets: of a run that trains, or of the one that goes on or begins next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hw2gui.session.store import Store
from hw2gui.training.desk import Desk
from hw2gui.training.gui.known_runs import KnownRuns
from hw2gui.training.gui.subject import Subject


class LiveValues:
    """What is set while nothing trains is kept until a run goes on. *store* has a state with ``setup``."""

    def __init__(self, subject: Subject, store: Store[Any], desk: Desk, known: KnownRuns) -> None:
        self._subject, self._store, self._desk, self._known = subject, store, desk, known
        self._kept: dict[str, float] = {}

    def set(self, what: str, value: float, targets: Sequence[str]) -> None:
        """Another rate or dropout for the trainings in *targets* from the next batch on; where there are none, to be kept."""
        if not targets:
            self._kept[what] = value
        for folder in targets:
            (self._desk.set_rate if what == "rate" else self._desk.set_dropout)(folder, value)

    def give(self, targets: Sequence[str]) -> None:
        """Set what was kept for the trainings in *targets*; it is kept no longer."""
        for what, value in self._kept.items() if targets else ():
            self.set(what, value, targets)
        self.drop()

    def drop(self) -> None:
        """Keep nothing."""
        self._kept = {}

    def now(self, folder: str) -> tuple[float, float]:
        """The rate and the dropout of the training in *folder*, as they were changed last."""
        row, setup = self._known.row_of(folder), self._store.state.setup
        rate = (row.training if row else setup.training).learning_rate
        own = row.described.dropout if row else None
        dropout = self._subject.dropout(setup) if own is None else own
        for change in self._desk.lives[folder].growing.metrics.changes:
            rate, dropout = (change.new, dropout) if change.name == "learning_rate" else (rate, change.new)
        return rate, dropout

    def next(self) -> tuple[float, float]:
        """The rate and the dropout that the selected run would go on with, or a new one begin with."""
        setup, selected = self._store.state.setup, self._known.selected
        training = selected[0].row.training if any(entry.can_resume for entry in selected) else setup.training
        return self._kept.get("rate", training.learning_rate), self._kept.get("dropout", self._subject.dropout(setup))
