"""Run jobs here, in the caller's own thread: for tests, and for a command line that has nothing else to do."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import closing
from functools import partial
from typing import Any

from hw2gui.jobs.job import PACKAGES, Failure, Job, as_failure, check_name, steps
from hw2gui.jobs.runner import Deliver, Handle


class InlineRunner:
    """Runs each job whole, inside ``submit``; with *deliver*, inside the call that *deliver* makes.

    Only with a *deliver* that calls later (an event loop's) can a submitter hold the handle while the job runs, and cancel it.
    """

    def __init__(self, deliver: Deliver | None = None, *, packages: tuple[str, ...] = PACKAGES) -> None:
        self._deliver: Deliver = deliver or _at_once
        self._packages = packages
        self._waiting: dict[Handle, Hashable | None] = {}
        self._closed = False

    def submit(
        self,
        job: Job,
        *,
        on_done: Callable[[Any], None],
        on_error: Callable[[Failure], None],
        on_event: Callable[[Any], None] | None = None,
        replaces: Hashable | None = None,
    ) -> Handle:
        """See `hw2gui.jobs.runner.Runner.submit`."""
        check_name(job.function, self._packages)
        if self._closed:
            raise RuntimeError("the runner is closed")
        if replaces is not None:
            self._cancel([handle for handle, key in self._waiting.items() if key == replaces])
        handle = Handle(on_event, on_done, on_error, self._forget)
        self._waiting[handle] = replaces
        self._deliver(partial(self._run, job, handle))
        return handle

    def close(self) -> None:
        """Cancel what has not run yet."""
        self._closed = True
        self._cancel(list(self._waiting))

    def _run(self, job: Job, handle: Handle) -> None:
        try:
            with closing(steps(job, self._packages)) as work:
                while handle.active:
                    try:
                        event = next(work)
                    except StopIteration as end:
                        handle.deliver_result(end.value)
                    except (Exception, SystemExit) as error:
                        handle.deliver_error(as_failure(error))
                    else:
                        handle.deliver_event(event)
        finally:
            self._forget(handle)

    def _forget(self, handle: Handle) -> None:
        self._waiting.pop(handle, None)

    def _cancel(self, handles: list[Handle]) -> None:
        for handle in handles:
            handle.cancel()


def _at_once(call: Callable[[], None]) -> None:
    call()
