"""The window with its real tabs, one after the other in all the states of their tours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtWidgets import QAbstractScrollArea, QAbstractSpinBox, QApplication, QWidget

from hw2gui.app.appearance import Appearance
from hw2gui.app.main_window import MainWindow
from hw2gui.app.settings import Settings
from hw2gui.app.tabs import TABS
from hw2gui.app.tour import show
from hw2gui.jobs import Deliver, WarmWorker
from hw2gui.names import load
from hw2gui.widgets.tour import Stop

KEYS = tuple(spec.key for spec in TABS)


def stops(key: str) -> tuple[Stop, ...]:
    """The tour of the tab *key*."""
    found: tuple[Stop, ...] = load(next(spec.tour for spec in TABS if spec.key == key))
    return found


def late_worker(deliver: Deliver) -> WarmWorker:
    """A worker that loads torch only when it is asked for it."""
    return WarmWorker(deliver, warm=())


def open_whole(qtbot: Any, application: QApplication, theme: Any = "light", **options: Any) -> MainWindow:
    """The program's window as a user has it, remembering nothing unless told to."""
    appearance = Appearance(application, theme)
    window = MainWindow(appearance, Settings(), **{"remember": False, "make_worker": late_worker, **options})
    appearance.setParent(window)
    qtbot.addWidget(window)
    window.resize(1280, 720)
    with qtbot.waitExposed(window):
        window.show()
    return window


def walk(window: MainWindow, key: str) -> Iterator[Stop]:
    """Every state of the tab's tour, on screen."""
    for stop in stops(key):
        show(window, key, stop)
        yield stop


def controls(root: QWidget) -> list[QWidget]:
    """What takes the focus below *root* and is in sight; the insides of spin boxes and scroll areas belong to these."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() != widget.focusPolicy().NoFocus
        and not isinstance(widget.parent(), QAbstractSpinBox)
        and not (isinstance(widget.parent(), QAbstractScrollArea) and widget.parent().viewport() is widget)
    ]
