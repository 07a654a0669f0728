"""Widgets that are made part by part, so that making one holds up the window for a few milliseconds at a time."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget, QWidget


class Staged(QWidget):
    """A widget whose ``__init__`` keeps what it is given and ends with :meth:`build`.

    Made *whole*, it is as any widget. Else whoever made it calls :meth:`step` until there is nothing left, and :meth:`come_alive` when
    it is first to be seen: until then it follows nothing and asks for nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self._left: Iterator[None] = iter(())
        self._alive = False

    def build(self, *, whole: bool) -> None:
        """Begin; *whole*: at once, to the end."""
        self._left = self.parts()
        if whole:
            self.come_alive()

    def parts(self) -> Iterator[None]:
        """Make one part after another: nothing that is yielded means anything."""
        raise NotImplementedError

    def live(self) -> None:
        """Follow the store, and show what is in it."""
        raise NotImplementedError

    def ahead(self) -> Iterator[None]:
        """Make, part by part, what is else made when it is first shown."""
        yield from ()

    @property
    def alive(self) -> bool:
        """Whether it follows its store."""
        return self._alive

    def step(self) -> bool:
        """Make the next part; False when there was none left."""
        return next(self._left, self) is None

    def come_alive(self) -> None:
        """Make what is left, and follow the store from now on."""
        for _ in self._left:
            pass
        if not self._alive:
            self._alive = True
            self.live()


class PageStack(QStackedWidget):
    """Pages that give way down to their least height: what stands above them (a keyboard) must not push them out of sight."""

    def hasHeightForWidth(self) -> bool:
        """The height is what is left, whatever the width."""
        return False

    def sizeHint(self) -> QSize:
        """No more than need be."""
        return self.minimumSizeHint()
