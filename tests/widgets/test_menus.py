from __future__ import annotations

import gc
import weakref

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from hw2gui.widgets.menus import empty


class Held:
    """What an action's slot holds."""


def fill(menu: QMenu) -> weakref.ref[Held]:
    empty(menu)
    held = Held()
    below = menu.addMenu("Below")
    below.addAction("Act").triggered.connect(lambda _=False, held=held: None)
    menu.addAction("Plain")
    return weakref.ref(held)


def test_a_menu_filled_a_hundred_times_holds_what_it_was_filled_with_last(qtbot: QtBot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    earlier = [fill(menu) for _ in range(99)]
    last = fill(menu)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert [action.text() for action in menu.actions()] == ["Below", "Plain"]
    assert len(menu.findChildren(QMenu)) == 1
    assert not any(held() for held in earlier)
    assert last() is not None
    gc.collect()
    gone = [one for one in gc.get_objects() if isinstance(one, QMenu | QAction) and not isValid(one)]
    assert len(gone) < 10
