from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hw2gui.app.bridge import Bridge
from hw2gui.jobs import InlineRunner, ProcessRunner, RelayRunner
from hw2gui.session.store import Store
from hw2gui.training.config import TrainingConfig
from hw2gui.training.gui.run_buttons import RunAction
from hw2gui.training.gui.section import FieldsSection
from hw2gui.training.gui.subject import Subject
from hw2gui.training.gui.training_room import TrainingRoom
from hw2gui.training.score import Score
from tests.jobs.conftest import PACKAGES
from tests.services import InlineServices
from tests.training.gui import toy_room
from tests.training.gui.toy_room import ToyState

LEFT = Qt.MouseButton.LeftButton

SUBJECT = Subject(
    key="toy",
    train=f"{toy_room.__name__}:train_run",
    begin=f"{toy_room.__name__}:begin_all",
    survey=f"{toy_room.__name__}:survey",
    score=Score("accuracy", "Accuracy", more=True),
    title=lambda setup: setup.kind,
    dropout=lambda setup: 0.2,
    rates=(0.02,),
)


class ProcessServices(InlineServices):
    """Questions are answered at once; trainings have processes of their own, and their answers come by the window's bridge."""

    def __init__(self) -> None:
        super().__init__(InlineRunner(packages=PACKAGES))
        self.inline = self.runner
        self.bridge = Bridge()
        self.processes = ProcessRunner(self.bridge.deliver, most=8, packages=PACKAGES)
        self.clusters: dict[str, RelayRunner] = {}
        self.actions: list[Callable[[], None]] = []
        self.runner = self.processes  # type: ignore[assignment]

    def ask(self, *arguments: Any, **others: Any) -> None:
        outside, self.runner = self.runner, self.inline
        try:
            super().ask(*arguments, **others)
        finally:
            self.runner = outside

    def cluster(self, address: str) -> RelayRunner:  # type: ignore[override]
        if address not in self.clusters:
            self.clusters[address] = RelayRunner(self.processes, address, most=64, packages=PACKAGES)
        return self.clusters[address]

    def message(self, text: str, kind: str = "error", action: tuple[str, Callable[[], None]] | None = None) -> None:
        super().message(text, kind, action)
        if action:
            self.actions.append(action[1])

    def later(self, milliseconds: int, act: Callable[[], None]) -> None:
        QTimer.singleShot(milliseconds, self.bridge, act)

    def close(self) -> None:
        self.bridge.close()
        for cluster in self.clusters.values():
            cluster.close()
        self.processes.close()
        self.inline.close()


@dataclass
class Studio:
    """The room, what it follows and what it asks."""

    room: TrainingRoom
    store: Store[ToyState]
    services: ProcessServices
    used: list[str]
    qtbot: Any

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=180_000)

    def click(self, button: QWidget) -> None:
        assert button.isEnabled(), "a button that cannot be pressed"
        QTest.mouseClick(button, LEFT)

    def settle(self, **training: Any) -> None:
        setup = self.store.state.setup
        self.store.change("Settings", setup=replace(setup, training=replace(setup.training, **training)))

    @property
    def status(self) -> str:
        return self.room.table.text(0, "status")

    @property
    def folder(self) -> Path:
        return Path(self.room.table.model.entries[0].row.folder)


@pytest.fixture
def studio(qtbot: Any) -> Iterator[Studio]:
    store = Store(ToyState(), toy_room.check)
    services = ProcessServices()
    used: list[str] = []
    head = FieldsSection(TrainingConfig, ("seed",), ("training",))
    room = TrainingRoom(SUBJECT, store, services, head, (), (RunAction("Use", "Use it", used.append),))
    holder = QWidget()
    QVBoxLayout(holder).addWidget(room)
    qtbot.addWidget(holder)
    holder.resize(1264, 720)
    store.changed.connect(lambda before, after: room.show_state())
    with qtbot.waitExposed(holder):
        holder.show()
    room.show_state()
    room.refresh()
    yield Studio(room, store, services, used, qtbot)
    services.close()
    store.changed.disconnect()
