"""From other threads to the window's."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal


class Bridge(QObject):
    """The one way from other threads to the window's: calls handed to it run in the window's thread, in order."""

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = True
        self._arrived.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def deliver(self, call: Callable[[], None]) -> None:
        """Run *call* in the window's thread soon. May be called from any thread."""
        if self._open:
            self._arrived.emit(call)

    def close(self) -> None:
        """Nothing more is delivered."""
        self._open = False

    def _run(self, call: Callable[[], None]) -> None:
        if self._open:
            call()
