"""The real window, offscreen, for measurements: what a user would wait for, events and painting included."""

from __future__ import annotations

import multiprocessing
import os
import tempfile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if multiprocessing.parent_process() is None:  # a spawned process imports this again, and shares the home
    HOME = tempfile.TemporaryDirectory(prefix="hw2gui-bench-", ignore_cleanup_errors=True)
    os.environ["HW2GUI_HOME"] = HOME.name

from hw2gui.app.appearance import Appearance
from hw2gui.app.main_window import MainWindow, application
from hw2gui.app.settings import Settings
from hw2gui.app.tour import settle


def open_window() -> MainWindow:
    """The window at 1280×800 on the convolution tab, everything it asked for there."""
    window = MainWindow(Appearance(application(), "light"), Settings(), remember=False)
    window.resize(1280, 800)
    window.show()
    window.show_tab("convolution")
    settle(window)
    return window


def resident_bytes() -> int:
    """Memory of this process that is really in use."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
