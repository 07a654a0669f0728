"""A process for each job: for work that takes minutes, must be cancellable at any moment, and may die without harm to anything else.

One thread here serves each process: it starts it, listens, and ends it. All state is guarded by one lock, which is never held
while a callback runs.
"""

from __future__ import annotations

import atexit
import itertools
import threading
from collections import deque
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from hw2gui.errors import UnavailableError
from hw2gui.jobs.child import Setting
from hw2gui.jobs.job import PACKAGES, Job
from hw2gui.jobs.requests import Request
from hw2gui.jobs.runner import Deliver, Handle, at_once, report_callback_error
from hw2gui.jobs.spawn import Child, how_it_ended, reaction, spawn
from hw2gui.jobs.threaded import Last, ThreadedRunner
from hw2gui.jobs.wire import Kind, pack, unpack

GRACE_S = 0.05
"""So long a cancelled job may take to stop by itself; then its process is killed."""


@dataclass(eq=False)
class _Work(Request):
    """A job from its submission until its process has ended."""

    number: int
    message: memoryview
    mail: _Mail
    unsent: list[memoryview] = field(default_factory=list)
    child: Child | None = None
    connected: bool = False
    cancelled: bool = False
    axe: threading.Timer | None = None

    def tell(self, message: memoryview) -> None:
        """Send *message*, now or when the process is there. Under the runner's lock; a process always reads."""
        if self.connected and self.child:
            with suppress(OSError):
                self.child.requests.send_bytes(message)
        else:
            self.unsent.append(message)


class ProcessRunner(ThreadedRunner[_Work]):
    """Runs each job in a spawned process of its own, at most *most* at a time, started in the order submitted.

    Callbacks are called through *deliver*, or on a thread of the job's own without one. What piles up while the receiver is busy
    comes in one call, and the job does not wait for it. *threads* and *niceness* are those of the processes (see `Setting`).
    *kept*: a process that has done its job takes the next one, so that torch is imported and the data are read once; one whose job
    failed or was cancelled ends.

    Cancelling ends a job within 0.1 s: it is asked to stop, and after `GRACE_S` its process is killed with all it started. A process
    that dies by itself is an `UnavailableError`. The processes end with this one, however it ends.
    """

    def __init__(
        self,
        deliver: Deliver | None = None,
        *,
        most: int = 1,
        packages: tuple[str, ...] = PACKAGES,
        threads: int = 1,
        niceness: int = 0,
        kept: bool = False,
    ) -> None:
        super().__init__(most, packages, "job process")
        self._deliver: Deliver = deliver or at_once
        self._setting = Setting(packages, threads=threads, niceness=niceness, alone=True)
        self._numbers = itertools.count(1)
        self._kept = kept
        self._idle: list[Child] = []

    @property
    def pids(self) -> tuple[int, ...]:
        """The ids of the processes there are."""
        children = [*(work.child for work in self._requests.all if work.child), *self._idle]
        return tuple(child.process.pid for child in children if child.process.pid is not None)

    def close(self) -> None:
        """Cancel everything and end all processes and threads; takes milliseconds, whatever they are doing."""
        with self._requests.lock:
            self._kept = False
        super().close()
        for child in self._idle:
            child.end()
        self._idle = []
        atexit.unregister(self.close)

    def _accept(self, job: Job, handle: Handle, key: Hashable | None) -> _Work:
        number = next(self._numbers)
        if number == 1:
            # Else, at the interpreter's end, the threads here would stop and leave their processes to notice.
            atexit.register(self.close)
        return _Work(handle, key, number, pack(Kind.RUN, number, job), _Mail(self._deliver))

    def _stop(self, work: _Work) -> None:
        work.cancelled = True
        if work.child:
            work.tell(pack(Kind.CANCEL, work.number))
            work.axe = threading.Timer(GRACE_S, work.child.kill)
            work.axe.start()

    def _hurry(self, work: _Work) -> None:
        with self._requests.lock:
            child = work.child
        if child:
            child.kill()

    def _tell(self, work: _Work, command: Any) -> Callable[[], None]:
        return partial(work.tell, pack(Kind.COMMAND, work.number, command))

    def _deliver_last(self, work: _Work, last: Last) -> None:
        work.mail.post(last)

    # On the job's own thread.

    def _serve(self, work: _Work) -> Last:
        """Run *work* in a process from its start to its end; answers how to tell its submitter the end."""
        try:
            child = self._take_idle() or spawn(self._setting, "hw2gui job")
        except Exception as error:
            sentence = f"A process for this work could not be started ({error}): free some memory and try again."
            return partial(work.handle.deliver_error, UnavailableError(sentence))
        with self._requests.lock:
            work.child = child
            wanted = not work.cancelled
        done = False
        try:
            last, done = self._converse(work, child) if wanted else (None, False)
            if not (last or work.cancelled):
                child.process.join(timeout=1)  # it has closed its pipe and is about to be gone: how, it says then
            died = child.process.exitcode
        finally:
            if not (done and self._keep(work, child)):
                self._end(work, child)
        sentence = f"The process of this work {how_it_ended(died)}; what it had saved is kept: go on from there, or try something smaller."
        return last or partial(work.handle.deliver_error, UnavailableError(sentence))

    def _take_idle(self) -> Child | None:
        """A process kept from an earlier job."""
        while True:
            with self._requests.lock:
                if not self._idle:
                    return None
                child = self._idle.pop()
            if child.process.is_alive() and not child.answers.poll():  # an idle one says nothing: there is only its end to be read
                return child
            child.end()

    def _keep(self, work: _Work, child: Child) -> bool:
        """Keep the process of *work*, which is done, for another job, unless somebody wants its end."""
        with self._requests.lock:
            if not self._kept or work.cancelled:
                return False
            work.connected, work.child = False, None
            self._idle.append(child)
            return True

    def _end(self, work: _Work, child: Child) -> None:
        """Its process has answered, is dead, or is wanted dead; whatever it started goes with it."""
        child.kill()
        child.process.join()
        with self._requests.lock:
            work.connected = False
            if work.axe:
                work.axe.cancel()
        if work.axe:
            work.axe.join()
        child.close()

    def _converse(self, work: _Work, child: Child) -> tuple[Last | None, bool]:
        """Send the job, pass on its events, and answer its last message (None if it dies without one) and whether that is a result."""
        with suppress(EOFError, OSError, MemoryError):
            child.requests.send_bytes(work.message)
            work.message = memoryview(b"")
            with self._requests.lock:
                work.connected = True
                for message in work.unsent:
                    work.tell(message)
            while True:
                kind, _, pickled = unpack(child.answers.recv_bytes())
                if kind is Kind.STOPPED:
                    return None, False
                call = reaction(kind, work.handle, pickled)
                if kind is not Kind.EVENT:
                    return call, kind is Kind.DONE
                if work.handle.active:
                    work.mail.post(call)
        return None, False


class _Mail:
    """Calls on their way to one receiver: while it has not come to the first, the next ones join it."""

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._lock = threading.Lock()
        self._calls: deque[Callable[[], None]] = deque()
        self._under_way = False

    def post(self, call: Callable[[], None]) -> None:
        """Have *call* made, after the earlier ones."""
        with self._lock:
            self._calls.append(call)
            if self._under_way:
                return
            self._under_way = True
        self._hand_over()

    def _hand_over(self) -> None:
        try:
            self._deliver(self._empty)
        except Exception:
            report_callback_error()

    def _empty(self) -> None:
        """Make the calls there are now; those that come meanwhile are for the next time, or the receiver would do nothing else."""
        with self._lock:
            calls = list(self._calls)
            self._calls.clear()
        try:
            while calls:
                calls.pop(0)()
        finally:
            with self._lock:
                self._calls.extendleft(reversed(calls))
                self._under_way = bool(self._calls)
                more = self._under_way
            if more:
                self._hand_over()
