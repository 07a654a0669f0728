"""The interface of everything that runs jobs, and the handle by which a submitted job is held."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Hashable
from typing import Any, Literal, Protocol

from hw2gui.jobs.job import Failure, Job

Deliver = Callable[[Callable[[], None]], None]
"""Takes a call and makes it, now or later, on the thread that wants the answers. Calls must be made in the order given."""


class Handle:
    """A submitted job, as its submitter sees it.

    While active it delivers any number of events, then either the result or the error, once. Cancelling ends it in silence:
    **once `cancel` has returned, none of its callbacks begins.** If one is running on another thread, `cancel` waits for it
    (so a callback must never wait for a thread that cancels); from inside a callback it returns at once.
    The work itself may run on a little after that; `join` waits until nothing of it does.
    """

    def __init__(
        self,
        on_event: Callable[[Any], None] | None,
        on_done: Callable[[Any], None],
        on_error: Callable[[Failure], None],
        withdraw: Callable[[Handle], None],
        post: Callable[[Handle, Any], None],
    ) -> None:
        self._on_event = on_event
        self._on_done = on_done
        self._on_error = on_error
        self._withdraw = withdraw
        self._post = post
        self._lock = threading.RLock()
        self._over = threading.Event()
        self._state: Literal["active", "done", "failed", "cancelled"] = "active"

    @property
    def state(self) -> Literal["active", "done", "failed", "cancelled"]:
        """Active until the result or the error is delivered, or until cancelled."""
        return self._state

    @property
    def active(self) -> bool:
        """Whether anything may still be delivered."""
        return self._state == "active"

    def cancel(self) -> None:
        """Want no answer any more. Queued work is dropped; a running generator stops at its next event.

        A running plain function cannot be interrupted, but by a runner that gives each job its own process: elsewhere its
        answer is thrown away when it comes.
        """
        with self._lock:
            if not self.active:
                return
            self._state = "cancelled"
        self._withdraw(self)

    def send(self, command: Any) -> None:
        """Tell the job something: it reads it from its parameter ``commands``, see `hw2gui.jobs.mailbox.Commands`.

        A job that has ended hears nothing more. Raises what pickle raises for a command that cannot be pickled.
        """
        if self.active:
            self._post(self, command)

    @property
    def over(self) -> bool:
        """Whether nothing of the job runs any more and nothing will: its files can be moved."""
        return self._over.is_set()

    def join(self, seconds: float | None = None) -> bool:
        """Wait until the job is `over`, at most so many *seconds*; answers whether it is."""
        return self._over.wait(seconds)

    # For runners: each does nothing once the handle has ended.

    def deliver_event(self, event: Any) -> None:
        """Hand *event* to the submitter."""
        with self._lock:
            if self.active and self._on_event is not None:
                self._on_event(event)

    def deliver_result(self, result: Any) -> None:
        """End with *result*."""
        with self._lock:
            if self.active:
                self._state = "done"
                self._on_done(result)

    def deliver_error(self, error: Failure) -> None:
        """End with *error*."""
        with self._lock:
            if self.active:
                self._state = "failed"
                self._on_error(error)

    def mark_over(self) -> None:
        """Nothing of the job runs any more."""
        self._over.set()


class Runner(Protocol):
    """Something that runs jobs, and starts them in the order submitted. The runners here run one at a time unless told otherwise."""

    def submit(
        self,
        job: Job,
        *,
        on_done: Callable[[Any], None],
        on_error: Callable[[Failure], None],
        on_event: Callable[[Any], None] | None = None,
        replaces: Hashable | None = None,
    ) -> Handle:
        """Run *job* when its turn comes and call back with its events and then its result or error.

        *replaces* is a key: earlier jobs with the same key that have not ended are cancelled, for their answers are stale.
        The arguments are captured now where they cross to another process; do not change them afterwards.

        Raises ValueError for a function the runner does not admit and RuntimeError on a closed runner.
        """
        ...

    def close(self) -> None:
        """Cancel everything and free what is held. Closing twice does no harm."""
        ...


def report_callback_error() -> None:
    """Give the exception being handled to the thread exception hook: a callback's fault is not the job's."""
    threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), threading.current_thread())))


def at_once(call: Callable[[], None]) -> None:
    """Deliver by calling, on this thread."""
    call()
