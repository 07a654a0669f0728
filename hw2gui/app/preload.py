"""Loading the code of what is not shown yet, beside the window, so that opening a tab or a page for the first time is as quick as later."""

from __future__ import annotations

import importlib
import logging
import pkgutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from hw2gui.app.tabs import TABS, TabSpec
from hw2gui.names import load

log = logging.getLogger(__name__)

BREATH_S = 0.02
"""Between two modules, for the window's own thread."""


def modules(tabs: Sequence[TabSpec] = TABS) -> Iterator[str]:
    """The names of all modules that the tabs show something with, in the order of the tabs."""
    for spec in tabs:
        package = importlib.import_module(spec.widget.partition(":")[0].rpartition(".")[0])
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            yield found.name


def preload(tabs: Sequence[TabSpec] = TABS) -> None:
    """Import them, and have the tabs warm up, a breath between each. What fails is left to whoever asks for it, and is logged."""
    for name in modules(tabs):
        _try(partial(importlib.import_module, name), name)
    for spec in tabs:
        if spec.warm:
            _try(partial(_warm, spec.warm), spec.warm)


def _warm(path: str) -> None:
    load(path)()


def _try(act: Callable[[], object], name: str) -> None:
    try:
        act()
    except Exception:
        log.exception("%s could not be loaded ahead", name)
    time.sleep(BREATH_S)


def begin(done: Callable[[], None] = lambda: None) -> None:
    """`preload` in a thread of its own, which ends with the program; *done* is called in that thread when all is loaded."""

    def work() -> None:
        preload()
        done()

    threading.Thread(target=work, name="preload", daemon=True).start()
