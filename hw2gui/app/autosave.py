"""Nothing on screen is lost: the document is written shortly after every change and found again after a crash.

A clean end makes the program's slot (:mod:`hw2gui.app.slots`) the last session, ``last.json``; a crash leaves it, and the next program
that takes it recovers it.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from hw2gui import files, paths
from hw2gui.app import slots
from hw2gui.errors import UserError
from hw2gui.session.document import Document

DELAY_MS = 800
"""A burst of changes is written once, this long after it began."""

MOST_FAILED_STARTS = 2
"""So many starts in a row with the same session that did not get as far as the user's screen, and it is not tried again."""


class Found(Enum):
    """Where the restored session comes from."""

    NOTHING = "nothing"
    LAST = "the last session"
    CRASH = "what a crash left"


@dataclass(frozen=True)
class Restored:
    """What :meth:`Autosave.restore` found: from where, the tab that was in front, and a session that had to be set aside."""

    found: Found
    tab: str
    set_aside: Path | None = None


class Autosave(QObject):
    """Writes *document* to this program's slot."""

    failed = Signal(str)
    """The session cannot be kept, for another reason than the last one told: one sentence."""
    mended = Signal(str)
    """It is kept again: the sentence that was told of it last."""

    def __init__(self, document: Document, *, recover: bool = True, parent: QObject | None = None) -> None:
        """Without *recover*, what a crash left stays where it is, for a later start."""
        super().__init__(parent)
        self._document = document
        self._tab = next(iter(document.stores))
        self._folder = paths.sessions_folder()
        self._slot: slots.Slot | None = None
        self._problem = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.save)
        try:
            self._slot = slots.take(self._folder, recover=recover)
        except OSError as error:
            self._problem = self._not_kept(error)
        for store in document.stores.values():
            store.changed.connect(self._touch)

    @property
    def problem(self) -> str:
        """Why the session cannot be kept, as one sentence; empty when it can."""
        return self._problem

    def restore(self) -> Restored:
        """Read what a crash left, or else the last session, into the document. What cannot be read is set aside and not lost."""
        candidates = [(self._folder / "last.json", Found.LAST)]
        failed_starts = 0
        if self._slot is not None:
            failed_starts = self._slot.begin_start()
            if self._slot.was_left:
                candidates.insert(0, (self._slot.path, Found.CRASH))
        aside = None
        for path, found in candidates:
            if not path.exists():
                continue
            if failed_starts >= MOST_FAILED_STARTS and self._slot is not None:
                # It may be what the program ended of.
                aside, failed_starts = _set_aside(path), 0
                self._slot.end_start()
                self._slot.begin_start()
                continue
            try:
                self._tab = self._document.open(path)
            except UserError:
                aside = _set_aside(path)
            else:
                return Restored(found, self._tab, aside)
        return Restored(Found.NOTHING, self._tab, aside)

    def started(self) -> None:
        """The program is on the screen: the session it began with did it no harm."""
        if self._slot is not None:
            self._slot.end_start()

    def set_tab(self, key: str) -> None:
        """The tab in front, kept with the rest."""
        if key != self._tab:
            self._tab = key
            self._touch()

    def save(self) -> None:
        """Write now. A full disk or a read-only folder is told by :attr:`failed`, once, not raised."""
        if self._slot is None:
            return
        try:
            self._document.save(self._slot.path, self._tab)
        except UserError as error:
            told, self._problem = self._problem, self._not_kept(error.__cause__)
            if self._problem != told:
                self.failed.emit(self._problem)
        else:
            told, self._problem = self._problem, ""
            if told:
                self.mended.emit(told)

    def close(self) -> None:
        """A clean end: the slot becomes the last session."""
        self._timer.stop()
        if self._slot is None:
            return
        self.save()
        self.started()
        with contextlib.suppress(OSError):
            self._slot.path.replace(self._folder / "last.json")
        self._slot.release()
        self._slot = None

    def _not_kept(self, error: BaseException | None) -> str:
        why = files.reason(error) if isinstance(error, OSError) else str(error)
        return f"What you do is not kept for the next start ({why}: {self._folder}): use File, Save session as."

    def _touch(self, *_: object) -> None:
        if not self._timer.isActive() and self._slot is not None:
            self._timer.start()


def _set_aside(path: Path) -> Path:
    """Give the session another name, under which it is not restored but can be opened by hand."""
    aside = path.with_name(f"{path.stem}-unread.hw2")
    try:
        return path.replace(aside)
    except OSError:
        return path
