"""What runs in a worker's process: answer one request after another.

A second thread reads the pipe all the time, so that a cancel or a command is seen at once, and so that the process ends
when its parent is gone (the pipe ends), whatever it is computing.
"""

from __future__ import annotations

import importlib
import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import NoReturn

from hw2gui import memory
from hw2gui.errors import UserError
from hw2gui.jobs.job import PACKAGES, Failure, as_failure, steps
from hw2gui.jobs.mailbox import Commands
from hw2gui.jobs.runner import report_callback_error
from hw2gui.jobs.wire import Kind, PipeEnd, pack, unpack, value_of

_WARM_UP_NICENESS = 10

REST_S = 20.0
"""A worker with nothing to do for so long gives the system what its last jobs needed."""

OUTBOX_BYTES = 64 * 2**20
"""So much may wait for a reader that is busy before the job itself has to wait."""


@dataclass(frozen=True)
class Setting:
    """How a worker's process is set up.

    *packages* are those whose functions may be run, *warm* the modules to import first, at low priority. *threads* is how many
    numpy and torch compute with unless a job says otherwise, *niceness* how far the process steps back for others (0 to 19).
    *alone*: it leads a process group of its own, which ends with it, and answers without waiting for the reader.
    """

    packages: tuple[str, ...] = PACKAGES
    warm: tuple[str, ...] = ()
    threads: int = 1
    niceness: int = 0
    alone: bool = False


_Inbox = SimpleQueue[tuple[int, memoryview, Commands]]


def serve(requests: PipeEnd, answers: PipeEnd, setting: Setting) -> NoReturn:
    """Answer the requests that come through *requests* until it ends."""
    # Ctrl+C in the terminal reaches every process of the group; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        if setting.alone:
            os.setsid()
        os.nice(setting.niceness)
    # Before torch or numpy are imported: more threads than free cores make both slower, several times over.
    os.environ["OMP_NUM_THREADS"] = str(setting.threads)
    post = Outbox(answers).put if setting.alone else answers.send_bytes
    inbox: _Inbox = SimpleQueue()
    threading.Thread(target=_read, args=(requests, inbox, setting.alone), name="requests", daemon=True).start()
    # A thread of its own, for on Linux niceness is a thread's and cannot be taken back. Waited for: two threads that
    # import the same packages at once may see them half made.
    warm_up = threading.Thread(target=_warm_up, args=(setting.warm,), name="warm-up", daemon=True)
    warm_up.start()
    warm_up.join()
    while True:
        number, pickled, commands = _next(inbox)
        try:
            _answer(number, pickled, setting.packages, commands, post)
        except OSError:
            _end(setting.alone)


def _next(inbox: _Inbox) -> tuple[int, memoryview, Commands]:
    """The next request, waited for."""
    try:
        return inbox.get(timeout=REST_S)
    except Empty:
        memory.give_back()
        return inbox.get()


def _read(requests: PipeEnd, inbox: _Inbox, alone: bool) -> None:
    newest: tuple[int, Commands] = (0, Commands())
    try:
        while True:
            kind, number, pickled = unpack(requests.recv_bytes())
            if kind is Kind.RUN:
                newest = (number, Commands())
                inbox.put((number, pickled, newest[1]))
            elif number == newest[0]:
                # The parent sends a request when the one before is answered, so that the newest is the only one not ended.
                if kind is Kind.CANCEL:
                    newest[1].cancel()
                else:
                    _hand_over(pickled, newest[1])
    except (EOFError, OSError):
        _end(alone)


def _hand_over(pickled: memoryview, commands: Commands) -> None:
    try:
        commands.put(value_of(pickled))
    except Exception:
        report_callback_error()  # a command that cannot be read must not make the process deaf for the next


def _end(alone: bool) -> NoReturn:
    """End the process, and with it whatever a job started."""
    if alone and sys.platform != "win32":
        os.killpg(os.getpid(), signal.SIGKILL)
    # Not sys.exit: the main thread may be deep in a computation, and nothing here is worth finishing.
    os._exit(0)


def _warm_up(modules: tuple[str, ...]) -> None:
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _WARM_UP_NICENESS)
    for module in modules:
        # Whoever needs it will hear why it cannot be imported.
        with suppress(ImportError):
            importlib.import_module(module)


class Outbox:
    """A thread that writes to the pipe, so that the job need not wait for its reader until a great deal has piled up."""

    def __init__(self, answers: PipeEnd) -> None:
        self._answers = answers
        self._waiting: deque[memoryview] = deque()
        self._bytes = 0
        self._changed = threading.Condition()
        threading.Thread(target=self._write, name="answers", daemon=True).start()

    def put(self, message: memoryview) -> None:
        """Send *message* soon; waits while `OUTBOX_BYTES` are on their way already."""
        with self._changed:
            while self._bytes > OUTBOX_BYTES:
                self._changed.wait()
            self._waiting.append(message)
            self._bytes += len(message)
            self._changed.notify_all()

    def _write(self) -> None:
        # When nobody reads any more the requests have ended as well, and with them the process.
        with suppress(OSError):
            while True:
                with self._changed:
                    while not self._waiting:
                        self._changed.wait()
                    message = self._waiting.popleft()
                self._answers.send_bytes(message)
                with self._changed:
                    self._bytes -= len(message)
                    self._changed.notify_all()


def _answer(number: int, pickled: memoryview, packages: tuple[str, ...], commands: Commands, post: Callable[[memoryview], None]) -> None:
    """Run one request to its end. Raises OSError when nobody listens any more."""
    try:
        with closing(steps(value_of(pickled), packages, commands)) as work:
            while not commands.cancelled:
                try:
                    message = pack(Kind.EVENT, number, next(work))
                except StopIteration as end:
                    message = pack(Kind.DONE, number, end.value)
                    break
                post(message)
            else:
                message = pack(Kind.STOPPED, number)
    except BaseException as error:
        message = pack(Kind.FAILED, number, _picklable(as_failure(error)))
    post(message)


def _picklable(error: Failure) -> Failure:
    """*error*, or its plain likeness if it holds what cannot be pickled or would not come back."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        kinds: list[type[UserError]] = [base for base in type(error).__mro__ if base.__module__ == UserError.__module__]
        return kinds[0](str(error))
    return error
