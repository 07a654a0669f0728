"""A tab's state and what it gives its pages, without the tab."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from hw2gui.seq2seq import data_choice, measure_choice
from hw2gui.seq2seq.config import Seq2SeqConfig
from hw2gui.seq2seq.data_choice import DataChoice
from hw2gui.seq2seq.measure_choice import MeasureChoice
from hw2gui.seq2seq.results import AttentionOverride
from hw2gui.session.store import Store
from tests.app.whole import controls
from tests.services import InlineServices


@dataclass(frozen=True)
class Chosen:
    page: str = "measure"
    model: str = "ar-en"
    epoch: int | None = None
    text: str = ""
    reference: str = ""
    prefix: str = "left over"
    override: AttentionOverride = field(default_factory=AttentionOverride)
    chosen: int = 3
    pinned: object = None
    setup: Seq2SeqConfig = field(default_factory=Seq2SeqConfig)
    measure: MeasureChoice = field(default_factory=MeasureChoice)
    data: DataChoice = field(default_factory=DataChoice)


@dataclass
class Given:
    store: Store[Chosen]
    services: InlineServices


def on_screen(page: Any, store: Store[Chosen], qtbot: QtBot) -> Iterator[Any]:
    """*page*, shown and following *store*, until a fixture that yields from this ends."""
    qtbot.addWidget(page)
    store.changed.connect(page.show_state)
    page.resize(1200, 700)
    page.show()
    yield page
    store.changed.disconnect(page.show_state)


def click(widget: Any) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def check(state: Chosen) -> Chosen:
    return replace(state, measure=measure_choice.checked(state.measure), data=data_choice.checked(state.data))


def silent_controls(page: QWidget) -> list[str]:
    """The controls that do not say what they are called, or what they do."""
    found = []
    for widget in controls(page):
        if isinstance(widget, QLabel | QScrollArea):
            continue
        name = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
        if not name or not (widget.toolTip() or widget.accessibleDescription()):
            found.append(f"{type(widget).__name__} '{name}' in {type(widget.parent()).__name__}")
    return found
