"""Sessions in the window: what was on screen comes back, files are opened, saved and dropped, and everything can start anew."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from hw2gui.app.autosave import Autosave, Found
from hw2gui.app.lesson.desk import LOCKED
from hw2gui.errors import UserError
from hw2gui.names import load

if TYPE_CHECKING:
    from hw2gui.app.main_window import MainWindow

SUFFIX = ".hw2"
KINDS = f"hw2gui session (*{SUFFIX});;All files (*)"


class Sessions(QObject):
    """Moves the document of *window* to files and back. With *autosave* None nothing is kept between starts."""

    def __init__(self, window: MainWindow, autosave: Autosave | None) -> None:
        super().__init__(window)
        self._window = window
        self.autosave = autosave
        self.first_start = False
        """Whether nothing was kept by an earlier start."""

    def restore(self) -> str | None:
        """Bring back what was kept, tell what is worth telling, and answer the tab that was in front."""
        autosave, messages = self.autosave, self._window.messages
        if autosave is None:
            return None
        restored = autosave.restore()
        autosave.failed.connect(messages.show_message)
        autosave.mended.connect(self._window.services.unsay)
        aside = f" What could not be read is kept as {restored.set_aside}." if restored.set_aside else ""
        if restored.found is Found.CRASH:
            text = f"The program ended unexpectedly last time; everything that was on screen is back.{aside}"
            messages.show_message(text, "info", ("Start anew", self.start_anew))
        elif aside:
            now = "this is the one before" if restored.found is Found.LAST else "this is a fresh start"
            messages.show_message(f"The last session could not be read; {now}.{aside}")
        elif autosave.problem:
            messages.show_message(autosave.problem)
        self.first_start = restored.found is Found.NOTHING and not aside
        return None if restored.found is Found.NOTHING else restored.tab

    def open(self, path: Path) -> None:
        """Show what the session file *path* holds, as a step that can be undone; a file that is none changes nothing and says so."""
        window = self._window
        try:
            with window.desk.opening():
                tab = window.document.open(path, step=f"Open {path.stem}")
        except UserError as error:
            window.messages.show_message(str(error))
            return
        window.messages.dismiss()
        self.name(path)
        window.show_tab(tab)
        window.services.status(f"{path.name} is open; Undo in a tab brings back what was there")

    def ask_and_open(self) -> None:
        """Ask for a session file and open it."""
        path = self._window.services.choose_file("Open a session", "", KINDS, save=False)
        if path is not None:
            self.open(path)

    def ask_and_save(self) -> None:
        """Ask for a file and write the session to it."""
        window = self._window
        path = window.services.choose_file("Save the session", f"session{SUFFIX}", KINDS, save=True)
        if path is None:
            return
        try:
            window.document.save(path, window.front)
        except UserError as error:
            window.messages.show_message(str(error))
            return
        self.name(path)
        window.services.status(f"Session saved to {path}")

    def start_anew(self) -> None:
        """All tabs as at the first start; each can be undone. Notes and guesses stay."""
        window = self._window
        if window.desk.store.state.locked:
            window.services.status(LOCKED)
            return
        for spec in window.tabs:
            window.document.stores[spec.key].replace("Start anew", load(spec.state)())
        self.name(None)
        window.services.status("Everything is as at the first start; Undo in a tab brings back what was there")

    @property
    def recent(self) -> list[str]:
        """The session files opened and saved last, the latest first; none in a window that remembers nothing."""
        return self._window.settings.recent_sessions if self.autosave is not None else []

    def name(self, session: Path | None) -> None:
        """Say in the window's title which file is open, and remember it."""
        if session is not None and self.autosave is not None:
            path = str(session.absolute())
            settings = self._window.settings
            settings.recent_sessions = [path, *(each for each in settings.recent_sessions if each != path)]
        self._window.setWindowTitle(f"{session.stem} — hw2gui" if session is not None else "hw2gui")


class Drops(QObject):
    """A session dropped on *window* is opened, and any file that a tab opens, also where a text field would have taken its name for text.

    Fields are told one by one, by `watch`: a filter of the whole program would see every event there is.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def watch(self, root: QWidget) -> None:
        """Look after the text fields below *root*, also once more."""
        for field in root.findChildren(QLineEdit):
            field.installEventFilter(self)
        for text in root.findChildren(QPlainTextEdit):
            text.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whether *event* was of a file that is opened."""
        return isinstance(event, QDropEvent) and self.take(event)

    def take(self, event: QDropEvent) -> bool:
        """Accept what is dragged, if it is a session or a tab opens it, and open it once it is dropped."""
        act = self._opens(event)
        if act is None:
            return False
        # Never as a move: whoever has the file would take it away.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if event.type() == QEvent.Type.Drop:
            # Not within the drag: its source waits until this is done, and a dialog may be asked for.
            self._window.services.later(0, act)
        return True

    def _opens(self, event: QDropEvent) -> Callable[[], None] | None:
        """What opens the first file among what is dragged that can be opened: a session before others."""
        dragged = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        for path in dragged:
            if path.suffix.lower() == SUFFIX:
                return partial(self._window.sessions.open, path)
        for path in dragged:
            for spec in self._window.tabs:
                if path.suffix.lower() in spec.files:
                    return partial(self._open_in, spec.key, path)
        return None

    def _open_in(self, key: str, path: Path) -> None:
        window = self._window
        if window.desk.store.state.locked:
            window.services.status(LOCKED)
            return
        window.messages.dismiss()  # what was said of another file
        window.show_tab(key)
        page: Any = window.page(key)
        page.open_file(path)
