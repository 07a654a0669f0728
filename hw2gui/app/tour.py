"""The tour: every tab in its interesting states, rendered to pictures without a screen, exactly as the window shows them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop
from PySide6.QtWidgets import QApplication

from hw2gui import files
from hw2gui.app.appearance import Appearance, Choice
from hw2gui.app.main_window import MainWindow, application
from hw2gui.app.settings import Settings
from hw2gui.app.tabs import TABS, TabSpec
from hw2gui.errors import InputError, UnavailableError
from hw2gui.names import load
from hw2gui.widgets.tour import Stop

WAIT_SECONDS = 60.0
"""The longest wait for what a stop computes."""


def render(
    folder: Path,
    themes: Sequence[Choice],
    size: tuple[int, int],
    tab: str | None = None,
    only: str | None = None,
    tabs: Sequence[TabSpec] = TABS,
) -> Iterator[Path]:
    """Render all stops (of *tab* only, and the one named *only*, if given) and yield the pictures' paths as they are written.

    The session and the settings of the user are neither read nor changed. Raises :class:`InputError` when there is no such stop and
    :class:`UnavailableError` when *folder* cannot be written or something never gets ready.
    """
    stops = [(number, key, stop) for number, (key, stop) in enumerate(_stops(tabs, tab), 1) if only in (None, stop.name)]
    if not stops:
        raise InputError(f"There is no stop '{only}': use one of {', '.join(stop.name for _, stop in _stops(tabs, tab))}.")
    _make(folder)
    app = application()
    for choice in themes:
        appearance = Appearance(app, choice)
        window = MainWindow(appearance, Settings(), remember=False, tabs=tabs)
        window.resize(*size)
        window.show()
        window.services.start()
        try:
            for number, key, stop in stops:
                show(window, key, stop)
                path = folder / f"{number:02d}-{key}-{stop.name}-{choice}.png"
                _save(window, path)
                yield path
        finally:
            window.close()
            window.deleteLater()
            appearance.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _stops(tabs: Sequence[TabSpec], tab: str | None) -> list[tuple[str, Stop]]:
    return [(spec.key, stop) for spec in tabs if tab in (None, spec.key) for stop in load(spec.tour)]


def show(window: MainWindow, key: str, stop: Stop) -> None:
    """Bring the window into the state of *stop* and wait until everything it asks for is there."""
    window.show_tab(key)
    page = window.page(key)
    window.document.stores[key].reset(stop.state())
    settle(window)
    page.home()  # type: ignore[attr-defined]  # every tab has it; Qt says QWidget
    settle(window)
    if stop.then is not None:
        stop.then(page)
        settle(window)
    window.messages.dismiss()


def settle(window: MainWindow) -> None:
    """Process events until no request is on its way. Raises :class:`UnavailableError` after :data:`WAIT_SECONDS`."""
    end = time.monotonic() + WAIT_SECONDS
    quiet = 0
    while quiet < 3:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        time.sleep(0.005)
        quiet = quiet + 1 if window.services.idle else 0
        if time.monotonic() > end:
            raise UnavailableError(f"The background worker was not done within {WAIT_SECONDS:g} s: try again later.")


def _make(folder: Path) -> None:
    """Before the first picture, which takes its time."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnavailableError(f"{folder} cannot be made ({files.reason(error)}): choose another folder.") from error


def _save(window: MainWindow, path: Path) -> None:
    picture = window.grab()
    try:
        with files.replacing(path) as temporary:
            if not picture.save(str(temporary), "PNG"):
                raise OSError("Qt could not write the picture")
    except OSError as error:
        raise UnavailableError(f"{path} cannot be written ({files.reason(error)}): choose another folder.") from error
