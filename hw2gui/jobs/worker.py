"""The warm worker: one process beside the window, with torch imported, that answers short requests.

Two threads here serve it: one writes (a large array must not hold up the window), one listens, starts the process, and starts
another when it dies. All state is guarded by one lock, which is never held while a callback runs.
"""

from __future__ import annotations

import atexit
import itertools
import threading
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from queue import SimpleQueue
from typing import Any

from hw2gui.errors import UnavailableError
from hw2gui.jobs.child import Setting
from hw2gui.jobs.job import PACKAGES, Failure, Job, check_name
from hw2gui.jobs.runner import Deliver, Handle, at_once, report_callback_error
from hw2gui.jobs.spawn import Child, how_it_ended, reaction, spawn
from hw2gui.jobs.wire import Kind, PipeEnd, pack, unpack

MOST_DEATHS = 3
"""So many times in a row, without an answer between, the process may die before it is left alone."""


@dataclass(eq=False)
class _Request:
    number: int
    message: memoryview
    handle: Handle
    key: Hashable | None
    commands: list[memoryview] = field(default_factory=list)


class WarmWorker:
    """Runs jobs one at a time, in the order submitted, in one spawned process.

    Callbacks are called through *deliver*, or on the listening thread without one. *warm* names modules the process imports
    before its first job, at low priority. Nothing runs until `start` or the first `submit`.

    When the process dies (killed, out of memory, a native crash) the job it was running fails with `UnavailableError`, a new
    process is started and goes on with the queue; after `MOST_DEATHS` in a row everything fails until `restart` is called.
    """

    def __init__(self, deliver: Deliver | None = None, *, packages: tuple[str, ...] = PACKAGES, warm: Sequence[str] = ("torch",)) -> None:
        self._deliver: Deliver = deliver or at_once
        self._setting = Setting(packages, tuple(warm))
        self._numbers = itertools.count(1)
        self._changed = threading.Condition()
        self._queue: deque[_Request] = deque()
        self._running: _Request | None = None
        self._child: Child | None = None
        self._deaths = 0
        self._closed = False
        self._outbox: SimpleQueue[tuple[PipeEnd, memoryview | None] | None] = SimpleQueue()
        self._writer = threading.Thread(target=self._write, name="worker requests", daemon=True)
        self._listener = threading.Thread(target=self._listen, name="worker answers", daemon=True)

    def start(self) -> None:
        """Start the process, without waiting for it."""
        with self._changed:
            if self._closed or self._listener.ident is not None:
                return
            self._writer.start()
            self._listener.start()
        # Else, at the interpreter's end, multiprocessing would kill the process and the listener start another.
        atexit.register(self.close)

    @property
    def pid(self) -> int | None:
        """The process's id while there is one."""
        child = self._child
        return child.process.pid if child else None

    def submit(
        self,
        job: Job,
        *,
        on_done: Callable[[Any], None],
        on_error: Callable[[Failure], None],
        on_event: Callable[[Any], None] | None = None,
        replaces: Hashable | None = None,
    ) -> Handle:
        """See `hw2gui.jobs.runner.Runner.submit`. Raises what pickle raises for arguments that cannot be pickled."""
        check_name(job.function, self._setting.packages)
        number = next(self._numbers)
        handle = Handle(on_event, on_done, on_error, self._withdraw, self._post)
        request = _Request(number, pack(Kind.RUN, number, job), handle, replaces)
        with self._changed:
            if self._closed:
                raise RuntimeError("the runner is closed")
            stale = [] if replaces is None else [earlier for earlier in self._unanswered() if earlier.key == replaces]
            self._queue.append(request)
            self._feed()
            self._changed.notify_all()
        for earlier in stale:
            earlier.handle.cancel()
        self.start()
        return handle

    def restart(self) -> None:
        """Start a new process in place of this one: the only way to stop a plain function that runs too long.

        The running job is cancelled; the queue goes on in the new process.
        """
        with self._changed:
            running, child = self._running, self._child
            self._deaths = 0
            if child:
                child.wanted_dead = True
            self._changed.notify_all()
        if running:
            running.handle.cancel()
        if child:
            child.process.kill()

    def close(self) -> None:
        """Cancel everything, end the process and the threads; takes milliseconds, whatever the process is doing."""
        with self._changed:
            self._closed = True
            pending = self._unanswered()
            child = self._child
            self._changed.notify_all()
        for request in pending:
            request.handle.cancel()
        if child:
            child.process.kill()
        atexit.unregister(self.close)
        if self._listener.ident is not None and threading.current_thread() is not self._listener:
            self._listener.join()
        self._outbox.put(None)
        if self._writer.ident is not None:
            self._writer.join()

    # Under the lock.

    def _unanswered(self) -> list[_Request]:
        return [*([self._running] if self._running else []), *self._queue]

    def _feed(self) -> None:
        """Send the next request if the process is there and free."""
        if self._child and not self._running and self._queue:
            self._running = self._queue.popleft()
            for message in (self._running.message, *self._running.commands):
                self._outbox.put((self._child.requests, message))

    # Without the lock.

    def _withdraw(self, handle: Handle) -> None:
        with self._changed:
            if self._running and self._running.handle is handle:
                if self._child:
                    self._outbox.put((self._child.requests, pack(Kind.CANCEL, self._running.number)))
                return
            self._queue = deque(request for request in self._queue if request.handle is not handle)
        handle.mark_over()

    def _post(self, handle: Handle, command: Any) -> None:
        with self._changed:
            for request in self._unanswered():
                if request.handle is handle:
                    message = pack(Kind.COMMAND, request.number, command)
                    if request is self._running and self._child:
                        self._outbox.put((self._child.requests, message))
                    else:
                        request.commands.append(message)

    def _write(self) -> None:
        while (item := self._outbox.get()) is not None:
            connection, message = item
            # A pipe that ended is the listener's to notice. Closed here, where no write can be under way.
            with suppress(OSError):
                if message is None:
                    connection.close()
                else:
                    connection.send_bytes(message)

    def _listen(self) -> None:
        while self._wait_until_wanted():
            try:
                child = spawn(self._setting, "hw2gui worker")
            except Exception as error:
                self._after_death(f"could not be started ({error})", wanted=False)
                continue
            with self._changed:
                self._child = child
                if self._closed:
                    child.process.kill()
                self._feed()
            self._receive(child)
            child.process.join(timeout=1)
            child.process.kill()
            child.process.join()
            child.answers.close()
            with self._changed:
                self._child = None
                self._outbox.put((child.requests, None))
            self._after_death(how_it_ended(child.process.exitcode), wanted=child.wanted_dead)

    def _wait_until_wanted(self) -> bool:
        """Whether to start a process: at once, or, after too many deaths, when asked to. False once closed."""
        while True:
            with self._changed:
                while self._deaths >= MOST_DEATHS and not self._queue and not self._closed:
                    self._changed.wait()
                if self._closed or self._deaths < MOST_DEATHS:
                    return not self._closed
                refused = list(self._queue)
                self._queue.clear()
            error = UnavailableError(
                f"The background worker is off because it ended {MOST_DEATHS} times in a row: free some memory and restart the worker."
            )
            for request in refused:
                self._call_back(partial(request.handle.deliver_error, error))

    def _receive(self, child: Child) -> None:
        """Handle the answers of *child* until there are no more."""
        with suppress(EOFError, OSError, MemoryError):
            while True:
                kind, number, pickled = unpack(child.answers.recv_bytes())
                request = self._running
                if not request or request.number != number:
                    continue
                if kind is not Kind.EVENT:
                    with self._changed:
                        self._deaths = 0
                        self._running = None
                        self._feed()
                    request.handle.mark_over()
                if request.handle.active:
                    self._call_back(reaction(kind, request.handle, pickled))

    def _after_death(self, how: str, *, wanted: bool) -> None:
        with self._changed:
            lost, self._running = self._running, None
            self._deaths += not wanted
        if lost:
            lost.handle.mark_over()
        if lost and not wanted:
            sentence = f"The background worker {how}, and with it the work you asked for; try again, with something smaller if it repeats."
            self._call_back(partial(lost.handle.deliver_error, UnavailableError(sentence)))

    def _call_back(self, call: Callable[[], None]) -> None:
        try:
            self._deliver(call)
        except Exception:
            report_callback_error()
