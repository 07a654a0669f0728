"""The vision tab without a window, and a small run to look into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from hw2gui.datasets import strokes
from hw2gui.session.store import Store
from hw2gui.vision import answers, trials
from hw2gui.vision.gui.tab import VisionTab
from hw2gui.vision.pen import drawn
from hw2gui.vision.state import VisionState, check
from tests.services import InlineServices


@dataclass
class Laboratory:
    """The tab, what it follows, and what it asks."""

    tab: VisionTab
    store: Store[VisionState]
    services: InlineServices

    def stroke(self, points: list[tuple[float, float]], button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        """Draw through *points* (shares of the pad) with real mouse events."""
        pad = self.tab.draw.pad
        square = pad._square()
        places = [QPoint(int(square.x() + x * square.width()), int(square.y() + y * square.height())) for x, y in points]
        QTest.mousePress(pad, button, pos=places[0])
        for place in places[1:]:
            QTest.mouseMove(pad, place)
        QTest.mouseRelease(pad, button, pos=places[-1])

    def character(self, label: int) -> None:
        for stroke in drawn(label).strokes:
            self.stroke(list(stroke.points))


@pytest.fixture
def laboratory(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Laboratory]:
    """Without published data; the strip and the neighbours are asked for by the tests themselves."""
    monkeypatch.delenv("HW2GUI_DATA", raising=False)
    monkeypatch.setattr("hw2gui.vision.gui.tab.SUPPORT_AFTER_MS", 100_000)
    monkeypatch.setattr("hw2gui.vision.tasks.NEAREST_OF", 60)
    store = Store(VisionState(), check)
    services = InlineServices()
    tab = VisionTab(store, services)
    qtbot.addWidget(tab)
    tab.resize(1264, 720)
    with qtbot.waitExposed(tab):
        tab.show()
    yield Laboratory(tab, store, services)
    store.changed.disconnect()
    services.runner.close()


@pytest.fixture
def short_sets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Makes the built-in set's splits as short as one says; what was computed from other lengths is forgotten, before and after."""

    def forget() -> None:
        trials._kept.clear()
        answers._published.cache_clear()

    def shorten(count: int) -> None:
        forget()
        monkeypatch.setattr(strokes, "SPLITS", {name: (seed, count) for name, (seed, _) in strokes.SPLITS.items()})

    yield shorten
    forget()


@pytest.fixture
def small_run(home: Path) -> Path:
    """A homework network trained for two epochs on 300 built-in characters."""
    from dataclasses import replace

    from hw2gui.jobs import InlineRunner, Job
    from hw2gui.vision import recipes, train

    config = recipes.find("fast").config
    config = replace(config, data="strokes:300", training=replace(config.training, epochs=2, batch_size=32, threads=1))
    run = train.begin(config, title="small")
    failed: list[Exception] = []
    runner = InlineRunner()
    runner.submit(Job(train.JOB, {"folder": str(run.path)}), on_done=lambda _: None, on_error=failed.append)
    runner.close()
    assert not failed
    return run.path
