"""A tab that knows just enough to be a tab, and work for its worker that needs no torch."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from hw2gui.app.tabs import TabSpec
from hw2gui.errors import InputError
from hw2gui.jobs import Deliver, WarmWorker
from hw2gui.session.store import Store
from hw2gui.widgets.badge import Badge
from hw2gui.widgets.fields import WholeField
from hw2gui.widgets.services import Services
from hw2gui.widgets.setting import Setting
from hw2gui.widgets.staged import Staged
from hw2gui.widgets.tour import Stop


@dataclass(frozen=True)
class DemoState:
    size: int = 1
    note: str = ""


def check(state: DemoState) -> DemoState:
    if state.size == 13:
        raise InputError("13 is refused here: use another number.")
    return state


class DemoTab(QWidget):
    """A number, a note, and a badge that the worker fills."""

    def __init__(self, store: Store[DemoState], services: Services) -> None:
        super().__init__()
        self.store, self.services = store, services
        self.size_field = WholeField("Size", "How large")
        self.size_field.edited.connect(lambda value: store.change("Size & shape", size=value))
        self.note = QLineEdit()
        self.note.setAccessibleName("Note")
        self.badge = Badge("Square")
        column = QVBoxLayout(self)
        for widget in (self.size_field, self.note, self.badge):
            column.addWidget(widget)
        store.changed.connect(self._follow)
        self._follow(store.state, store.state)

    def home(self) -> None:
        """Nothing is zoomed."""

    def square(self, seconds: float = 0.0) -> None:
        """Ask the worker."""
        self.badge.show_verdict("waiting", "asking")
        self.services.ask(
            "square",
            "tests.app.demo:squared",
            {"size": self.store.state.size, "seconds": seconds},
            lambda answer: self.badge.show_verdict("good", str(answer)),
            failed=lambda why: self.badge.show_verdict("note", why),
            what="Squaring",
        )

    def _follow(self, _: DemoState, now: DemoState) -> None:
        self.size_field.show_value(now.size, 0, 99)
        self.note.setText(now.note)


class OtherTab(DemoTab):
    pass


class PartsTab(Staged):
    """Made of three parts, of which one may be broken."""

    last: PartsTab | None = None
    broken = False

    def __init__(self, store: Store[DemoState], services: Services, *, whole: bool = True) -> None:
        super().__init__()
        self.store = store
        self.made: list[object] = []
        self.shown: list[DemoState] = []
        PartsTab.last = self
        self.build(whole=whole)

    def parts(self) -> Iterator[None]:
        for number in (1, 2, 3):
            if self.broken and number == 2:
                raise RuntimeError("the second part")
            self.made.append(number)
            yield

    def live(self) -> None:
        self.store.changed.connect(lambda _, now: self.shown.append(now))
        self.shown.append(self.store.state)

    def ahead(self) -> Iterator[None]:
        self.made.append("ahead")
        yield


def squared(size: int, seconds: float = 0.0) -> int:
    time.sleep(seconds)
    if size == 7:
        raise InputError("7 cannot be squared: use another number.")
    if size == 8:
        raise RuntimeError("shapes do not match")
    return size * size


@dataclass(frozen=True)
class Tick:
    number: int
    share: float | None = None


def ticking(file: str, seconds: float = 10.0) -> Iterator[Tick]:
    """Tick every 20 ms; whether it was stopped is written to *file*."""
    try:
        steps = round(seconds / 0.02)
        for number in range(steps):
            yield Tick(number, number / steps)
            time.sleep(0.02)
    finally:
        Path(file).write_text("stopped")


SETTINGS = (Setting("size", "Size"), Setting("note", "Note"))


def spec(key: str, widget: str) -> TabSpec:
    return TabSpec(
        key=key,
        title=key.capitalize(),
        state="tests.app.demo:DemoState",
        check="tests.app.demo:check",
        widget=f"tests.app.demo:{widget}",
        tour="tests.app.demo:STOPS",
        hint=f"The tab {key}",
        settings="tests.app.demo:SETTINGS",
    )


TABS = (spec("demo", "DemoTab"), spec("other", "OtherTab"))
STOPS = (
    Stop("start", "As it begins", DemoState),
    Stop("large", "Large", lambda: DemoState(size=9), lambda tab: tab.square()),
)


def quick_worker(deliver: Deliver) -> WarmWorker:
    """A worker that may run the functions of the tests, and does not load torch."""
    return WarmWorker(deliver, packages=("hw2gui", "tests"), warm=())
