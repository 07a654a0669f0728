"""Starting the window: logging, the one exception hook, signals and a clean end."""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType, TracebackType

from PySide6.QtCore import QSize, QSocketNotifier, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from hw2gui import memory, paths
from hw2gui.app import preload, zoom
from hw2gui.app.appearance import Appearance
from hw2gui.app.main_window import MainWindow, application
from hw2gui.app.settings import Settings
from hw2gui.errors import UserError

log = logging.getLogger("hw2gui")

LOG_BYTES = 1_000_000
SAME_ERROR_SECONDS = 5.0
"""The same error again within this time (one in a paint event comes back with every frame) is neither logged nor shown again."""

INTERRUPTED = 130

FRAME = QSize(16, 48)
"""What a window manager may put around a window, in logical pixels; nobody says how much before the window is there."""

PRELOAD_AFTER_MS = 1000
"""The window is up and the worker on its way before the code of the other tabs is loaded."""


def start_logging() -> None:
    """Log to :func:`hw2gui.paths.log_file`, at most two files of a megabyte; where that cannot be written, to stderr."""
    path = paths.log_file()
    handler: logging.Handler
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
        # A crash of a library leaves its traceback there as well. A descriptor of its own: the handler closes its when files rotate.
        faulthandler.enable(os.open(path, os.O_WRONLY | os.O_APPEND))
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    log.setLevel(logging.INFO)
    qInstallMessageHandler(_log_qt)


_LEVELS = {QtMsgType.QtWarningMsg: logging.WARNING, QtMsgType.QtCriticalMsg: logging.ERROR, QtMsgType.QtFatalMsg: logging.CRITICAL}


def _log_qt(kind: QtMsgType, _context: object, text: str) -> None:
    logging.getLogger("hw2gui.qt").log(_LEVELS.get(kind, logging.DEBUG), "%s", text)
    if kind is QtMsgType.QtFatalMsg:  # The program ends here.
        sys.stderr.write(f"hw2gui: {text}\n")


class ExceptionHook:
    """Anything unexpected goes to the log whole, and to the user as one sentence with the log's path; from whatever thread it comes."""

    def __init__(self, show: Callable[[str], None]) -> None:
        """*show* is called with the sentence; it may be called from any thread."""
        self._show = show
        self._last: tuple[object, ...] = ()
        self._last_time = -SAME_ERROR_SECONDS

    def install(self) -> None:
        """Take all that Python would print on stderr."""
        sys.excepthook = self.handle
        threading.excepthook = lambda what: self.handle(what.exc_type, what.exc_value or what.exc_type(), what.exc_traceback)

    @staticmethod
    def remove() -> None:
        """Give it back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    def handle(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log and show *error*, unless it is the one just shown. Never raises."""
        try:
            told = _for_the_user(error)
            if told is not None:
                self._show(str(told))
                return
            where = (kind, *_place(trace))
            now = time.monotonic()
            again = where == self._last and now - self._last_time < SAME_ERROR_SECONDS
            self._last, self._last_time = where, now
            if not again:
                log.critical("unexpected error", exc_info=(kind, error, trace))
                self._show(f"Something went wrong in the program ({kind.__name__}); your work is kept. Details: {paths.log_file()}")
        except Exception:
            log.exception("while an error was handled")
            sys.__excepthook__(kind, error, trace)


def _for_the_user(error: BaseException | None) -> UserError | None:
    """The sentence in *error*: what a listener of a state raises arrives wrapped in an error of the signal."""
    while error is not None and not isinstance(error, UserError):
        error = error.__cause__
    return error


def _place(trace: TracebackType | None) -> tuple[object, ...]:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return (trace.tb_frame.f_code, trace.tb_lineno) if trace is not None else ()


@contextmanager
def ending_on_signals(app: QApplication) -> Iterator[list[int]]:
    """Ctrl+C and a request to terminate end the program as if its window were closed; the signals that came are in the list given.

    Python looks at signals only between its own instructions, and Qt may be waiting in none: the system writes a byte to a socket
    that Qt listens to.
    """
    came: list[int] = []
    theirs, ours = socket.socketpair()
    with theirs, ours:
        for end in (theirs, ours):
            end.setblocking(False)
        notifier = QSocketNotifier(theirs.fileno(), QSocketNotifier.Type.Read)
        notifier.activated.connect(partial(_drain, theirs))
        before = signal.set_wakeup_fd(ours.fileno(), warn_on_full_buffer=False)

        def end_program(number: int, _frame: FrameType | None) -> None:
            came.append(number)
            app.quit()

        handlers = {number: signal.signal(number, end_program) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield came
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(before)
            notifier.setEnabled(False)


def _drain(end: socket.socket, *_: object) -> None:
    with suppress(BlockingIOError):
        end.recv(64)


def show(window: MainWindow) -> None:
    """Show *window* where it was left, or else at its own size; over the whole of a screen too small for that."""
    room = window.screen().availableGeometry().size() - FRAME
    if window.placed or window.size() == window.size().boundedTo(room):
        window.show()
        return
    window.resize(window.size().boundedTo(room))
    window.showMaximized()


def run(tab: str | None = None, session: Path | None = None) -> int:
    """Open the window and stay until it is closed. Raises :class:`UserError` when *session* cannot be opened."""
    settings = Settings()
    zoom.at_start(settings.zoom)
    app = application()
    app.setWindowIcon(QIcon(str(paths.resource("icons", "hw2gui.svg"))))
    start_logging()
    try:
        window = MainWindow(Appearance(app, settings.theme), settings, tab=tab, session=session)
    except UserError:
        raise
    except Exception:
        log.critical("the window could not be made", exc_info=True)
        raise
    hook = ExceptionHook(lambda text: window.services.deliver(partial(window.messages.show_message, text)))
    hook.install()
    window.offer_tour()
    try:
        with ending_on_signals(app) as signals:
            show(window)
            window.pages.all_made.connect(memory.set_aside)
            begin = partial(preload.begin, lambda: window.services.deliver(window.pages.make_ahead))
            window.services.later(PRELOAD_AFTER_MS, begin)
            code = app.exec()
    finally:
        hook.remove()
        qInstallMessageHandler(None)
    if window.restart_wanted:
        os.execv(sys.executable, [sys.executable, "-m", "hw2gui"])
    return INTERRUPTED if signal.SIGINT in signals else code
