"""The window's side of :class:`hw2gui.widgets.services.Services`: requests to the worker, messages, files, the clipboard."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from hw2gui import paths
from hw2gui.app.bridge import Bridge
from hw2gui.app.file_dialogs import FileDialogs
from hw2gui.jobs import Deliver, Handle, Job, ProcessRunner, RelayRunner, Runner, WarmWorker, WorkerError
from hw2gui.jobs.job import Failure
from hw2gui.widgets.message_bar import MessageBar

log = logging.getLogger(__name__)

BUSY_EVERY_MS = 100
BUSY_AFTER_MS = 300
"""Work that takes longer than this is shown, with Cancel."""

GRACE_MS = 1500
"""How long cancelled work may take to stop by itself."""

STATUS_MS = 6000

MOST_TRAININGS = 64
"""So many processes may wait for their turns; whoever begins them says how many compute."""

MOST_ON_A_CLUSTER = 256
"""So many jobs are handed to a cluster at once; where and when each runs is its business."""


class _Request:
    """One request on its way."""

    def __init__(self, what: str, cancelled: Callable[[], None], alone: bool) -> None:
        self.what = what
        self.alone = alone
        self.progress = ""
        self.cancelled = cancelled
        self.handle: Handle | None = None
        self.begun = time.monotonic()

    @property
    def slow(self) -> bool:
        """Whether the user should be told."""
        return time.monotonic() - self.begun >= BUSY_AFTER_MS / 1000


class WindowServices(QObject):
    """Requests by key: the newest of each key counts, older ones are dropped wherever they are."""

    busy_changed = Signal(str)
    """What the program is busy with for longer than 0.3 s; empty when nothing."""

    show_asked = Signal(str, object, str)
    """A tab's key, a state of it, and what the step is called: see :meth:`show`."""

    def __init__(
        self,
        window: QWidget,
        messages: MessageBar,
        status: Callable[[str, int], None],
        make_worker: Callable[[Deliver], WarmWorker] = WarmWorker,
    ) -> None:
        super().__init__(window)
        self._messages = messages
        self._status = status
        self._files = FileDialogs(window)
        self._bridge = Bridge(self)
        self._worker = make_worker(self._bridge.deliver)
        self._alone = ProcessRunner(self._bridge.deliver, most=2)
        self._trainings = ProcessRunner(self._bridge.deliver, most=MOST_TRAININGS)
        self._clusters: dict[str, RelayRunner] = {}
        self._requests: dict[str, _Request] = {}
        self._dropped: list[Handle] = []
        self._told = ""
        self._chosen = ""
        """The name of the file chosen last."""
        self._closed = False
        self._busy = self._timer(BUSY_EVERY_MS, self._show_busy)
        self._grace = self._timer(GRACE_MS, self._stop)
        self._grace.setSingleShot(True)

    def _timer(self, milliseconds: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(milliseconds)
        timer.timeout.connect(act)
        return timer

    # -- work ---------------------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the worker process now, so that it is warm when it is needed."""
        self._worker.start()

    def deliver(self, call: Callable[[], None]) -> None:
        """Run *call* in the window's thread soon. May be called from any thread."""
        self._bridge.deliver(call)

    @property
    def idle(self) -> bool:
        """Whether no request is on its way."""
        return not self._requests

    @property
    def training(self) -> bool:
        """Whether a training runs, or waits for its turn."""
        return bool(self._trainings.pids)

    def ask(
        self,
        key: str,
        function: str,
        arguments: Mapping[str, Any],
        done: Callable[[Any], None],
        *,
        failed: Callable[[str], None] | None = None,
        progress: Callable[[Any], None] | None = None,
        cancelled: Callable[[], None] | None = None,
        what: str = "",
        alone: bool = False,
    ) -> None:
        """See :class:`hw2gui.widgets.services.Services`."""
        if self._closed:
            return
        self.forget(key)
        what = what or "Working"
        request = _Request(what, cancelled or partial(failed or self.status, f"{what}: cancelled."), alone)

        def finish(then: Callable[[], None]) -> None:
            if self._requests.get(key) is request:
                del self._requests[key]
                self._show_busy()
                then()

        def on_event(event: Any) -> None:
            if self._requests.get(key) is request:
                request.progress = _how_far(event, time.monotonic() - request.begun)
                if progress is not None:
                    progress(event)

        def on_error(error: Failure) -> None:
            finish(partial(failed or self.message, _sentence(error, what, function)))

        runner: Runner = self._alone if alone else self._worker
        request.handle = runner.submit(
            Job(function, dict(arguments)),
            on_event=on_event,
            on_done=lambda result: finish(partial(done, result)),
            on_error=on_error,
            replaces=key,
        )
        self._requests[key] = request
        self._busy.start()

    @property
    def runner(self) -> Runner:
        """See :class:`hw2gui.widgets.services.Services`."""
        return self._trainings

    def cluster(self, address: str) -> Runner:
        """See :class:`hw2gui.widgets.services.Services`."""
        if address not in self._clusters:
            self._clusters[address] = RelayRunner(self._trainings, address, most=MOST_ON_A_CLUSTER)
        return self._clusters[address]

    def tell(self, key: str, command: Any) -> None:
        """Send *command* to the work that runs under *key*."""
        request = self._requests.get(key)
        if request is not None and request.handle is not None:
            request.handle.send(command)

    def later(self, milliseconds: int, act: Callable[[], None]) -> None:
        """Do *act* after a while, unless the window is closed by then."""
        QTimer.singleShot(milliseconds, self, act)

    def forget(self, key: str) -> None:
        """Drop the request under *key*, wherever it is; nothing of it is delivered."""
        request = self._requests.pop(key, None)
        if request is not None and request.handle is not None:
            request.handle.cancel()
            if not request.alone:
                self._dropped = [handle for handle in (*self._dropped, request.handle) if not handle.over]
            self._show_busy()

    def cancel_all(self) -> None:
        """The user cancels: requests are dropped where they wait and stopped where they run, and those who wait for them are told.

        What cannot be stopped within a second and a half loses its process; another is started.
        """
        requests = list(self._requests.values())
        for key in list(self._requests):
            self.forget(key)
        if self._dropped:
            self._grace.start()
        for request in requests:
            request.cancelled()

    def _stop(self) -> None:
        if not all(handle.over for handle in self._dropped):
            log.info("the worker did not stop what was cancelled; it is replaced")
            self._worker.restart()

    def _show_busy(self) -> None:
        text = ", ".join(dict.fromkeys(request.what + request.progress for request in self._requests.values() if request.slow))
        if text != self._told:
            self._told = text
            self.busy_changed.emit(text)
        if not self._requests:
            self._busy.stop()

    def close(self) -> None:
        """End the worker; nothing is delivered after this, and nothing more is asked."""
        self._closed = True
        self._busy.stop()
        self._grace.stop()
        self._bridge.close()
        self._requests.clear()
        self._worker.close()
        self._alone.close()
        for cluster in self._clusters.values():
            cluster.close()
        self._trainings.close()

    # -- the rest -----------------------------------------------------------------------------------------------------------------

    def message(self, text: str, kind: Literal["info", "error"] = "error", action: tuple[str, Callable[[], None]] | None = None) -> None:
        """Show one sentence in the message bar."""
        self._messages.show_message(text, kind, action)

    def unsay(self, text: str) -> None:
        """Take the sentence away, if it is the one that is shown."""
        if text and self._messages.text == text:
            self._messages.dismiss()

    def status(self, text: str) -> None:
        """Show a hint in the status line for a few seconds."""
        self._status(text, STATUS_MS)

    def choose_file(self, title: str, suggestion: str, kinds: str, *, save: bool) -> Path | None:
        """See `FileDialogs.choose_file`. What the message bar says of the file chosen last is not the news any more."""
        chosen = self._files.choose_file(title, suggestion, kinds, save=save)
        if chosen is not None:
            if self._chosen and self._chosen in self._messages.text:
                self._messages.dismiss()
            self._chosen = chosen.name
        return chosen

    def choose_folder(self, title: str) -> Path | None:
        """See `FileDialogs.choose_folder`."""
        return self._files.choose_folder(title)

    def copy(self, text: str, what: str) -> None:
        """Put *text* on the clipboard and say so."""
        QGuiApplication.clipboard().setText(text)
        self.status(f"Copied: {what}")

    def show(self, tab: str, state: Any, step: str) -> None:
        """Bring the tab *tab* to the front in *state*."""
        self.show_asked.emit(tab, state, step)


def _how_far(event: Any, seconds: float) -> str:
    """How much of the work is done, and the time left, of an event that tells its share (or its bytes done of a total)."""
    share = getattr(event, "share", None)
    if share is None and getattr(event, "total", None):
        share = event.done / event.total
    if share is None:
        return ""
    left = getattr(event, "seconds_left", None)
    if left is None and share > 0.02:
        left = seconds * (1 - share) / share
    return f" {100 * share:.0f} %" + (f", {left:.0f} s left" if left is not None and left >= 1 else "")


def _sentence(error: Failure, what: str, function: str) -> str:
    """What to tell the user; a fault of the program goes to the log whole."""
    if not isinstance(error, WorkerError):
        return str(error)
    log.error("%s failed: %s\n%s", function, error, error.traceback)
    return f"{what}: something went wrong in the program ({error.kind}). Details: {paths.log_file()}"
