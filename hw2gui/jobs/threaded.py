"""What runners have in common that keep a thread for each job they run: a process's, or a cluster's."""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from hw2gui.jobs.job import as_failure
from hw2gui.jobs.requests import Request, Submitting
from hw2gui.jobs.runner import Handle

Last = Callable[[], None]
"""Tells a submitter the end of its job."""


W = TypeVar("W", bound=Request)


class ThreadedRunner(Submitting[W]):
    """Runs at most *most* jobs at a time, in the order submitted. No lock is held while a callback runs."""

    def __init__(self, most: int, packages: tuple[str, ...], name: str) -> None:
        super().__init__(most, packages)
        self._name = name
        self._threads: list[threading.Thread] = []

    @property
    def most(self) -> int:
        """So many run at a time."""
        return self._requests.most

    def close(self) -> None:
        """Cancel everything and wait until nothing of it runs."""
        for work in self._requests.close():
            self._hurry(work)
        # Also those whose jobs have ended: what they told last may still be on its way.
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join()

    # What a runner does its own way.

    @abstractmethod
    def _serve(self, work: W) -> Last | None:
        """Run *work*, on its thread; answers how to tell its end, None where nobody wants to know."""

    @abstractmethod
    def _stop(self, work: W) -> None:
        """End *work*, which runs, soon. Under the lock."""

    @abstractmethod
    def _tell(self, work: W, command: Any) -> Callable[[], None]:
        """Make ready to tell *work* something, as pickle lets one; what is answered tells it, under the lock."""

    @abstractmethod
    def _deliver_last(self, work: W, last: Last) -> None:
        """Have *last* called where answers are wanted."""

    def _hurry(self, work: W) -> None:
        """The runner is being closed: end *work* now."""

    def _let_go(self) -> None:
        """A job has ended, and the next may have begun."""

    # The same for all.

    def _added(self, request: W) -> None:
        self._start()

    def _start(self) -> None:
        """Start what may run now."""
        with self._requests.lock:
            while (work := self._requests.take()) is not None:
                thread = threading.Thread(target=self._run, args=(work,), name=self._name, daemon=True)
                self._threads = [*(one for one in self._threads if one.is_alive()), thread]
                thread.start()

    def _withdraw(self, handle: Handle) -> None:
        with self._requests.lock:
            if work := self._requests.withdraw(handle):
                self._stop(work)

    def _post(self, handle: Handle, command: Any) -> None:
        work = self._requests.find(handle)
        if work is not None:
            tell = self._tell(work, command)
            with self._requests.lock:
                tell()

    def _run(self, work: W) -> None:
        try:
            last = self._serve(work)
        except Exception as error:
            last = partial(work.handle.deliver_error, as_failure(error))
        self._requests.end(work)
        if last is not None and work.handle.active:
            self._deliver_last(work, last)
        self._start()
        self._let_go()
