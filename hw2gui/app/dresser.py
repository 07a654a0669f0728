"""What the window adds to every page: help on its panels, covered answers, text fields that leave it its keys and dropped sessions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from hw2gui.app.lesson import state as lesson
from hw2gui.app.pages import one_shot
from hw2gui.app.sessions import Drops
from hw2gui.widgets.line_keys import LineKeys

if TYPE_CHECKING:
    from hw2gui.app.main_window import MainWindow


class Dresser(QObject):
    """Looks through a tab when its page is made, and again after each change of its state: parts of a page are made late.

    Only what may have grown is looked through, for there are hundreds of widgets in a tab, and a state may change with every key.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._changed: set[str] = set()
        self._soon = one_shot(self, 0, self._dress_changed)
        self.drops, self._lines = Drops(window), LineKeys(window)
        self._watch(window)
        window.pages.made.connect(self._dress)
        for key, store in window.document.stores.items():
            store.changed.connect(partial(self._dress_later, key))

    def stop(self) -> None:
        """Look through nothing more."""
        self._soon.stop()

    def _dress(self, key: str) -> None:
        """Look through the tab *key*, or through the questions if it is the lesson's."""
        if key == lesson.KEY:
            if self._window.desk.panel is not None:
                self._watch(self._window.desk.panel)
        elif self._window.pages.is_made(key):
            page = self._window.page(key)
            self._window.desk.dress(key, page)
            self._window.help.dress(next(spec for spec in self._window.tabs if spec.key == key), page)
            self._watch(page)
        self._cancel_last()

    def _watch(self, root: QWidget) -> None:
        """Look after the text fields below *root*, also once more."""
        self.drops.watch(root)
        for line in root.findChildren(QLineEdit):
            self._lines.watch(line)

    def _dress_later(self, key: str, *_: object) -> None:
        self._changed.add(key)
        self._soon.start()

    def _dress_changed(self) -> None:
        changed, self._changed = self._changed, set()
        for key in changed:
            self._dress(key)

    def _cancel_last(self) -> None:
        """Who walks with Tab comes from the tabs to their page, and to the status bar's Cancel last: pages are made after it."""
        window, cancel = self._window, self._window.busy.cancel
        last = window.previousInFocusChain()
        while last is not None and last is not window and not last.focusPolicy() & Qt.FocusPolicy.TabFocus:
            last = last.previousInFocusChain()
        if last is not None and last not in (window, cancel):
            QWidget.setTabOrder(last, cancel)
