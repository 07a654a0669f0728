"""The jobs that a runner was given and that have not ended: which wait, which run, which are stale. Every runner keeps its own
here, but the warm worker, whose queue belongs to its pipe.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from hw2gui.jobs.job import Failure, Job, check_name
from hw2gui.jobs.runner import Handle


@dataclass(eq=False)
class Request:
    """A job from its submission until nothing of it runs any more; *key* makes it stale when another of the same is submitted."""

    handle: Handle
    key: Hashable | None


R = TypeVar("R", bound=Request)


class Requests(Generic[R]):
    """In the order submitted, at most *most* of them running. Safe to use from any thread; what changes several things holds `lock`."""

    def __init__(self, most: int) -> None:
        if most < 1:
            raise ValueError(f"at least one job must be allowed to run, not {most}")
        self.most = most
        self.lock = threading.RLock()
        self.closed = False
        self.waiting: list[R] = []
        self.running: list[R] = []

    def add(self, request: R) -> None:
        """Let *request* wait for its turn, and cancel those of its key: nobody wants their answers. RuntimeError once closed."""
        with self.lock:
            if self.closed:
                raise RuntimeError("the runner is closed")
            stale = [] if request.key is None else [one for one in self.all if one.key == request.key]
            self.waiting.append(request)
        for one in stale:
            one.handle.cancel()

    def take(self) -> R | None:
        """The next to run, which then counts as running; None where none may."""
        with self.lock:
            if self.closed or not self.waiting or len(self.running) >= self.most:
                return None
            self.running.append(self.waiting.pop(0))
            return self.running[-1]

    def run(self, request: R) -> None:
        """Let *request* run now, out of turn."""
        with self.lock:
            self.waiting.remove(request)
            self.running.append(request)

    @property
    def all(self) -> tuple[R, ...]:
        """Those that run and those that wait, each in its order."""
        with self.lock:
            return (*self.running, *self.waiting)

    def find(self, handle: Handle) -> R | None:
        """The request of *handle*; None once it has ended."""
        return next((one for one in self.all if one.handle is handle), None)

    def withdraw(self, handle: Handle) -> R | None:
        """The request of *handle* if it runs; if it only waits it is forgotten, and nothing of it will ever run."""
        with self.lock:
            for one in self.running:
                if one.handle is handle:
                    return one
            self.waiting = [one for one in self.waiting if one.handle is not handle]
        handle.mark_over()
        return None

    def end(self, request: R) -> None:
        """Nothing of *request* runs any more, nor will."""
        with self.lock:
            self.running = [one for one in self.running if one is not request]
            self.waiting = [one for one in self.waiting if one is not request]
        request.handle.mark_over()

    def close(self) -> tuple[R, ...]:
        """Take no more, and cancel all: those that wait first, or they would begin. Answers those that were running."""
        with self.lock:
            self.closed = True
            running, waiting = tuple(self.running), tuple(self.waiting)
        for one in (*waiting, *running):
            one.handle.cancel()
        return running


class Submitting(ABC, Generic[R]):
    """How a runner takes a job; what becomes of it then is each runner's own. *packages*: whose functions it admits."""

    def __init__(self, most: int, packages: tuple[str, ...]) -> None:
        self._requests: Requests[R] = Requests(most)
        self._packages = packages

    def submit(
        self,
        job: Job,
        *,
        on_done: Callable[[Any], None],
        on_error: Callable[[Failure], None],
        on_event: Callable[[Any], None] | None = None,
        replaces: Hashable | None = None,
    ) -> Handle:
        """See `hw2gui.jobs.runner.Runner.submit`. Raises what pickle raises where the arguments cannot be pickled and must be."""
        check_name(job.function, self._packages)
        handle = Handle(on_event, on_done, on_error, self._withdraw, self._post)
        request = self._accept(job, handle, replaces)
        self._requests.add(request)
        self._added(request)
        return handle

    @abstractmethod
    def _accept(self, job: Job, handle: Handle, key: Hashable | None) -> R:
        """The request; its arguments are captured."""

    @abstractmethod
    def _added(self, request: R) -> None:
        """*request* waits for its turn: go on."""

    @abstractmethod
    def _withdraw(self, handle: Handle) -> None:
        """*handle* was cancelled."""

    @abstractmethod
    def _post(self, handle: Handle, command: Any) -> None:
        """*handle*'s job is to be told *command*."""
