"""What runs in the warm worker's process: import torch quietly, then answer one request after another.

A second thread reads the pipe all the time, so that a cancel is seen between two events, and so that the process ends at once
when its parent is gone (the pipe ends), whatever it is computing.
"""

from __future__ import annotations

import importlib
import os
import pickle
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import closing, suppress
from queue import SimpleQueue

from hw2gui.errors import UserError
from hw2gui.jobs.job import Failure, as_failure, steps
from hw2gui.jobs.wire import Kind, PipeEnd, pack, unpack, value_of

_WARM_UP_NICENESS = 10


def serve(requests: PipeEnd, answers: PipeEnd, packages: tuple[str, ...], warm: Sequence[str]) -> None:
    """Answer the requests that come through *requests* until it ends. *warm* names the modules to import first."""
    # Ctrl+C in the terminal reaches every process of the group; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Before torch or numpy are imported: more threads than free cores make both slower, several times over.
    os.environ["OMP_NUM_THREADS"] = "1"
    inbox: SimpleQueue[tuple[int, memoryview]] = SimpleQueue()
    cancelled: set[int] = set()
    threading.Thread(target=_read, args=(requests, inbox, cancelled), name="requests", daemon=True).start()
    # A thread of its own, for on Linux niceness is a thread's and cannot be taken back. Waited for: two threads that
    # import the same packages at once may see them half made.
    warm_up = threading.Thread(target=_warm_up, args=(warm,), name="warm-up", daemon=True)
    warm_up.start()
    warm_up.join()
    while True:
        number, pickled = inbox.get()
        try:
            _answer(number, pickled, packages, answers, cancelled)
        except OSError:
            os._exit(0)
        cancelled.discard(number)


def _read(requests: PipeEnd, inbox: SimpleQueue[tuple[int, memoryview]], cancelled: set[int]) -> None:
    try:
        while True:
            kind, number, pickled = unpack(requests.recv_bytes())
            if kind is Kind.CANCEL:
                cancelled.add(number)
            else:
                inbox.put((number, pickled))
    except (EOFError, OSError):
        # Not sys.exit: the main thread may be deep in a computation, and nothing here is worth finishing.
        os._exit(0)


def _warm_up(modules: Sequence[str]) -> None:
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _WARM_UP_NICENESS)
    for module in modules:
        # Whoever needs it will hear why it cannot be imported.
        with suppress(ImportError):
            importlib.import_module(module)


def _answer(number: int, pickled: memoryview, packages: tuple[str, ...], answers: PipeEnd, cancelled: set[int]) -> None:
    """Run one request to its end. Raises OSError when nobody listens any more."""
    try:
        with closing(steps(value_of(pickled), packages)) as work:
            while number not in cancelled:
                try:
                    message = pack(Kind.EVENT, number, next(work))
                except StopIteration as end:
                    message = pack(Kind.DONE, number, end.value)
                    break
                answers.send_bytes(message)
            else:
                message = pack(Kind.STOPPED, number)
    except BaseException as error:
        message = pack(Kind.FAILED, number, _picklable(as_failure(error)))
    answers.send_bytes(message)


def _picklable(error: Failure) -> Failure:
    """*error*, or its plain likeness if it holds what cannot be pickled or would not come back."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        kinds: list[type[UserError]] = [base for base in type(error).__mro__ if base.__module__ == UserError.__module__]
        return kinds[0](str(error))
    return error
