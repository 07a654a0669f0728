"""What a long shake must not do: raise, hang, warn, or grow. Watches the window's own process while events rain on it."""

from __future__ import annotations

import faulthandler
import gc
import os
import re
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QObject, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

BEAT_MS = 5
HANG_MS = 100.0
"""The window must answer within this; a longer gap between two of its timer's ticks is a hang."""

_FRAME = re.compile(r'  File "([^"]+)", line (\d+) in (\S+)')

IGNORED = ("This plugin does not support",)  # what the offscreen platform says of raise() and size hints


@dataclass(frozen=True)
class Size:
    """What a process holds at a moment."""

    resident_mb: float
    threads: int
    processes: int
    files: int
    timers: int
    widgets: int
    children_mb: dict[str, float]
    """What each process it started holds, by its id; memory they share is counted once for each."""


def size() -> Size:
    """What this process holds now, garbage collected first."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    gc.unfreeze()
    gc.collect()
    QCoreApplication.sendPostedEvents(None, 52)  # DeferredDelete
    children = [child for task in Path(f"/proc/{os.getpid()}/task").glob("*/children") for child in task.read_text().split()]
    timers = sum(1 for thing in gc.get_objects() if type(thing) is QTimer)
    gc.freeze()
    return Size(
        _resident_mb("self"),
        threading.active_count(),
        len(children),
        len(os.listdir("/proc/self/fd")),
        timers,
        len(app.allWidgets()),
        {child: _resident_mb(child) for child in children},
    )


def _resident_mb(process: str) -> float:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except OSError:  # it has just ended
        return 0.0
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)


@dataclass
class Found:
    """What was seen; empty lists are what one hopes for."""

    exceptions: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    hangs: list[tuple[float, float, str, str]] = field(default_factory=list)
    """Milliseconds on the clock, milliseconds of this thread's own computing, what was done last, where it was."""
    longest_ms: float = 0.0

    def as_data(self) -> dict[str, object]:
        """As plain values."""
        return asdict(self)


class Watch(QObject):
    """Listens to exceptions and Qt's warnings, and measures the gaps between ticks of a timer; use as a context."""

    def __init__(self) -> None:
        super().__init__()
        self.found = Found()
        self.doing = ""
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._tick)
        self._last = time.perf_counter()
        self._computed = time.thread_time()
        self._where = ""
        self._stop = threading.Event()
        self._main = threading.get_ident()

    def __enter__(self) -> Watch:
        sys.excepthook = self._exception
        threading.excepthook = lambda what: self._exception(what.exc_type, what.exc_value or what.exc_type(), what.exc_traceback)
        qInstallMessageHandler(self._warning)
        self.forget_gap()
        self._timer.start()
        self._thread = threading.Thread(target=self._look, name="watch", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.stop()
        self._stop.set()
        self._thread.join()
        qInstallMessageHandler(None)
        sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__

    def forget_gap(self) -> None:
        """Begin counting anew: what came before was ours."""
        self._last, self._computed, self._where = time.perf_counter(), time.thread_time(), ""

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is done within is the watcher's own, and no part of a gap."""
        clock, computed = time.perf_counter(), time.thread_time()
        yield
        self._last += time.perf_counter() - clock
        self._computed += time.thread_time() - computed

    def _tick(self) -> None:
        now, computed = time.perf_counter(), time.thread_time()
        gap, own = (now - self._last) * 1000, (computed - self._computed) * 1000
        self.found.longest_ms = max(self.found.longest_ms, round(gap, 1))
        if gap > HANG_MS:
            self.found.hangs.append((round(gap, 1), round(own, 1), self.doing, self._where))
        self._last, self._computed, self._where = now, computed, ""

    def _look(self) -> None:
        """From another thread: where the window's thread is when it is late. A frame taken as an object would keep its painter alive."""
        with tempfile.TemporaryFile("w+") as stream:
            while not self._stop.wait(0.01):
                if time.perf_counter() - self._last > 0.7 * HANG_MS / 1000 and not self._where:
                    stream.seek(0)
                    stream.truncate()
                    faulthandler.dump_traceback(stream)
                    stream.seek(0)
                    self._where = self._own_part(stream.read())

    def _own_part(self, dump: str) -> str:
        """The innermost lines of the window's thread that are ours."""
        part = next((part for part in dump.split("\n\n") if f"{self._main:016x}" in part.partition("\n")[0]), "")
        lines = _FRAME.findall(part)
        own = [f"{Path(file).name}:{line} {name}" for file, line, name in lines if "hw2gui" in file]
        return " < ".join(own[:5]) or (f"{Path(lines[0][0]).name}:{lines[0][1]}" if lines else "?")

    def _exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        frames = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(trace)[-4:]]
        cause = f" from {error.__cause__!r}" if error.__cause__ else ""
        traceback.print_exception(kind, error, trace)  # at once: a crash may follow
        self.found.exceptions[f"{kind.__name__}: {str(error)[:300]}{cause[:300]} at {' > '.join(frames)} after {self.doing}"] += 1

    def _warning(self, kind: QtMsgType, _context: object, text: str) -> None:
        if kind is not QtMsgType.QtDebugMsg and not text.startswith(IGNORED):
            if not self.found.warnings[text[:300]]:
                sys.stderr.write(f"Qt: {text} (after {self.doing})\n")
            self.found.warnings[text[:300]] += 1
