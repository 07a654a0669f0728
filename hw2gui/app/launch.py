"""Starting the window: logging, the one exception hook, interrupt and a clean end."""

from __future__ import annotations

import logging
import logging.handlers
import signal
import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QTimer

from hw2gui import paths
from hw2gui.app.appearance import Appearance
from hw2gui.app.main_window import MainWindow, application
from hw2gui.app.settings import Settings
from hw2gui.errors import UserError

LOG_BYTES = 1_000_000


def start_logging() -> None:
    """Log to :func:`hw2gui.paths.log_file`, at most two files of a megabyte; a folder that cannot be written leaves the program without log."""
    path = paths.log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True)
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger("hw2gui").setLevel(logging.INFO)


def install_exception_hook(window: MainWindow) -> None:
    """Anything unexpected goes to the log whole, and to the message bar as one sentence with the log's path."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        if isinstance(error, UserError):
            window.messages.show_message(str(error))
            return
        logging.getLogger("hw2gui").critical("unexpected error", exc_info=(kind, error, trace))
        window.messages.show_message(f"Something went wrong in the program ({kind.__name__}); your work is kept. Details: {paths.log_file()}")

    sys.excepthook = hook


def run(tab: str | None = None, session: Path | None = None) -> int:
    """Open the window and stay until it is closed. Raises :class:`UserError` when *session* cannot be opened."""
    app = application()
    start_logging()
    settings = Settings()
    window = MainWindow(Appearance(app, settings.theme), settings, tab=tab, session=session)
    install_exception_hook(window)
    signal.signal(signal.SIGINT, lambda *_: window.close())
    # Python sees a signal only between its own instructions; a slow timer gives it the chance.
    heartbeat = QTimer(window)
    heartbeat.start(250)
    window.show()
    return app.exec()
