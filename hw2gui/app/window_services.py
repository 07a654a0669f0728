"""The window's side of :class:`hw2gui.widgets.services.Services`: requests to the worker, messages, files, the clipboard."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from hw2gui.errors import UserError
from hw2gui.jobs import Handle, Job, WarmWorker
from hw2gui.widgets.message_bar import MessageBar

log = logging.getLogger(__name__)

BUSY_AFTER_MS = 300
"""Work that takes longer than this is shown, with Cancel."""

STATUS_MS = 6000


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


class _Request:
    """One request on its way: its handle and when it became visible."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.handle: Handle | None = None
        self.shown = False


class WindowServices(QObject):
    """Requests by key: the newest of each key counts, older ones are dropped wherever they are."""

    busy_changed = Signal(str)
    """What the program is busy with for longer than 0.3 s; empty when nothing."""

    def __init__(self, window: QWidget, messages: MessageBar, status: Callable[[str, int], None]) -> None:
        super().__init__(window)
        self._window = window
        self._messages = messages
        self._status = status
        self._bridge = Bridge(self)
        self._worker = WarmWorker(deliver=self._bridge.deliver)
        self._requests: dict[str, _Request] = {}

    # -- work ---------------------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the worker process now, so that it is warm when it is needed."""
        self._worker.start()

    @property
    def idle(self) -> bool:
        """Whether no request is on its way."""
        return not self._requests

    def ask(
        self,
        key: str,
        function: str,
        arguments: Mapping[str, Any],
        done: Callable[[Any], None],
        *,
        failed: Callable[[str], None] | None = None,
        progress: Callable[[Any], None] | None = None,
        what: str = "",
    ) -> None:
        """See :class:`hw2gui.widgets.services.Services`."""
        self.forget(key)
        request = _Request(what or "Working")
        self._requests[key] = request

        def finish(then: Callable[[], None]) -> None:
            if self._requests.get(key) is request:
                del self._requests[key]
                self._show_busy()
                then()

        def on_event(event: Any) -> None:
            if progress is not None and self._requests.get(key) is request:
                progress(event)

        def on_error(error: Exception) -> None:
            if not isinstance(error, UserError):
                log.error("request %s (%s) failed: %s", key, function, error)
            finish(lambda: (failed or self.message)(str(error)))

        request.handle = self._worker.submit(
            Job(function, dict(arguments)),
            on_event=on_event,
            on_done=lambda result: finish(lambda: done(result)),
            on_error=on_error,
            replaces=key,
        )
        QTimer.singleShot(BUSY_AFTER_MS, self, lambda: self._became_slow(key, request))

    def forget(self, key: str) -> None:
        """Drop the request under *key*, wherever it is."""
        request = self._requests.pop(key, None)
        if request is not None and request.handle is not None:
            request.handle.cancel()
            self._show_busy()

    def cancel_all(self) -> None:
        """Cancel what is shown as busy: dropped where it waits, stopped where it runs."""
        for key in list(self._requests):
            self.forget(key)

    def _became_slow(self, key: str, request: _Request) -> None:
        if self._requests.get(key) is request:
            request.shown = True
            self._show_busy()

    def _show_busy(self) -> None:
        names = [request.what for request in self._requests.values() if request.shown]
        self.busy_changed.emit(", ".join(dict.fromkeys(names)))

    def close(self) -> None:
        """End the worker; nothing is delivered after this."""
        self._bridge.close()
        self._requests.clear()
        self._worker.close()

    # -- the rest -----------------------------------------------------------------------------------------------------------------

    def message(self, text: str, kind: Literal["info", "error"] = "error", action: tuple[str, Callable[[], None]] | None = None) -> None:
        """Show one sentence in the message bar."""
        self._messages.show_message(text, kind, action)

    def status(self, text: str) -> None:
        """Show a hint in the status line for a few seconds."""
        self._status(text, STATUS_MS)

    def choose_file(self, title: str, suggestion: str, kinds: str, *, save: bool) -> Path | None:
        """Ask for a file with the system's own dialog."""
        ask = QFileDialog.getSaveFileName if save else QFileDialog.getOpenFileName
        name, _ = ask(self._window, title, suggestion, kinds)
        return Path(name) if name else None

    def copy(self, text: str, what: str) -> None:
        """Put *text* on the clipboard and say so."""
        QGuiApplication.clipboard().setText(text)
        self.status(f"Copied: {what}")
