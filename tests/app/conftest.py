from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from hw2gui.app import zoom
from hw2gui.app.appearance import Appearance
from hw2gui.app.main_window import MainWindow
from hw2gui.app.settings import Settings
from tests.app.demo import TABS, quick_worker

Open = Callable[..., MainWindow]
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def at_100_percent() -> Iterator[None]:
    """The zoom is the whole program's: nobody leaves another one behind."""
    yield
    if zoom.current() != 100:
        zoom.set_live(100)


@pytest.fixture
def open_window(qtbot: Any, qapp: QApplication) -> Iterator[Open]:
    """Open the window with two small tabs; as often as one likes, one after the other or at the same time."""
    windows: list[MainWindow] = []
    appearance = Appearance(qapp, "light")

    def make(*, show: bool = False, **options: Any) -> MainWindow:
        window = MainWindow(appearance, Settings(), **{"tabs": TABS, "make_worker": quick_worker, **options})
        windows.append(window)
        qtbot.addWidget(window)
        if show:
            with qtbot.waitExposed(window):
                window.show()
        return window

    yield make
    for window in windows:
        window.close()
    appearance.deleteLater()
    windows.clear()
