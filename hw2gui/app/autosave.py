"""Nothing on screen is lost: the document is written shortly after every change and found again after a crash.

Each running program owns one slot, ``slot-K.json`` beside ``slot-K.lock``. A clean end moves the slot to ``last.json``; a slot whose lock is free
but whose file is there was left by a crash, and the next program that takes the slot recovers it.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QTimer

from hw2gui import paths
from hw2gui.errors import UserError
from hw2gui.session.document import Document

SLOTS = 16
DELAY_MS = 800
"""A burst of changes is written once, this long after it began."""


class Restored(Enum):
    """What :meth:`Autosave.restore` found."""

    NOTHING = "nothing"
    LAST = "last session"
    CRASH = "after a crash"
    DAMAGED = "damaged"


class Autosave(QObject):
    """Writes *document* to this program's slot."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._tab = next(iter(document.stores))
        self._lock, self._slot, self.crashed = _take_slot(paths.sessions_folder())
        self.problem: str | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.save)
        for store in document.stores.values():
            store.changed.connect(self._touch)

    def restore(self) -> tuple[Restored, str]:
        """Read what a crash left, or else the last session, into the document; answer what was found and the tab in front."""
        last = paths.sessions_folder() / "last.json"
        for path, found in ((self._slot, Restored.CRASH), (last, Restored.LAST)):
            if path is not None and path.exists() and (found is Restored.LAST or self.crashed):
                try:
                    self._tab = self._document.open(path)
                    return found, self._tab
                except UserError:
                    path.replace(path.with_suffix(".damaged.json"))
                    return Restored.DAMAGED, self._tab
        return Restored.NOTHING, self._tab

    def set_tab(self, key: str) -> None:
        """The tab in front, kept with the rest."""
        if key != self._tab:
            self._tab = key
            self._touch()

    def save(self) -> None:
        """Write now. A full disk or a read-only folder is remembered in :attr:`problem`, not raised."""
        if self._slot is None:
            return
        try:
            self._document.save(self._slot, self._tab)
            self.problem = None
        except UserError as error:
            self.problem = str(error)

    def close(self) -> None:
        """A clean end: the slot becomes the last session."""
        self._timer.stop()
        if self._slot is None:
            return
        self.save()
        if self._slot.exists():
            self._slot.replace(self._slot.with_name("last.json"))
        if self._lock is not None:
            self._lock.unlock()
        self._slot = None

    def _touch(self, *_: object) -> None:
        if not self._timer.isActive() and self._slot is not None:
            self._timer.start()


def _take_slot(folder: Path) -> tuple[QLockFile | None, Path | None, bool]:
    """This program's lock and slot, and whether a crash left something in it; slots left by a crash come first."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None, None, False
    slots = [folder / f"slot-{number}.json" for number in range(SLOTS)]
    for slot in sorted(slots, key=lambda path: (not path.exists(), path.name)):
        lock = QLockFile(str(slot.with_suffix(".lock")))
        lock.setStaleLockTime(0)
        if lock.tryLock(0):
            return lock, slot, slot.exists()
    return None, None, False
