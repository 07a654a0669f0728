"""The tab without a window, on the shipped models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from hw2gui.seq2seq.gui.tab import Seq2SeqTab
from hw2gui.seq2seq.gui.type_page import TypePage
from hw2gui.seq2seq.state import Seq2SeqState, check
from hw2gui.session.store import Store
from tests.services import InlineServices


@dataclass
class Playground:
    """The tab, what it follows, and what it asks."""

    tab: Seq2SeqTab
    store: Store[Seq2SeqState]
    services: InlineServices

    @property
    def page(self) -> TypePage:
        found: TypePage = self.tab.page("type")
        return found

    def type(self, text: str) -> None:
        """Replace the text, key by key."""
        field = self.tab.text.text
        field.setFocus()
        field.selectAll()
        for letter in text:
            # QTest knows the keys of Latin letters alone; this is the event that an Arabic keyboard sends.
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(field, QKeyEvent(kind, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, letter))


@pytest.fixture
def services() -> InlineServices:
    return InlineServices()


@pytest.fixture
def playground(qtbot: Any) -> Iterator[Callable[..., Playground]]:
    """Opens the tab in a state."""
    opened: list[Playground] = []

    def start(**choices: Any) -> Playground:
        store = Store(Seq2SeqState(**choices), check)
        services = InlineServices()
        tab = Seq2SeqTab(store, services)
        qtbot.addWidget(tab)
        tab.resize(1264, 720)
        with qtbot.waitExposed(tab):
            tab.show()
        opened.append(Playground(tab, store, services))
        return opened[-1]

    yield start
    for one in opened:
        one.store.changed.disconnect()
        one.services.runner.close()
