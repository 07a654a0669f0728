"""Run jobs here, in the caller's own thread: for tests, and for a command line that has nothing else to do."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Hashable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from hw2gui.jobs.job import PACKAGES, Failure, Job, as_failure, check_name, steps
from hw2gui.jobs.mailbox import Commands
from hw2gui.jobs.runner import Deliver, Handle, at_once


@dataclass(eq=False)
class _Unfinished:
    key: Hashable | None
    commands: Commands = field(default_factory=Commands)
    running: bool = False


class InlineRunner:
    """Runs each job whole, inside ``submit``; with *deliver*, inside the call that *deliver* makes.

    Only with a *deliver* that calls later (an event loop's) can a submitter hold the handle while the job runs, and cancel it.
    """

    def __init__(self, deliver: Deliver | None = None, *, packages: tuple[str, ...] = PACKAGES) -> None:
        self._deliver: Deliver = deliver or at_once
        self._packages = packages
        self._unfinished: dict[Handle, _Unfinished] = {}
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
            self._cancel([handle for handle, one in self._unfinished.items() if one.key == replaces])
        handle = Handle(on_event, on_done, on_error, self._withdraw, self._post)
        self._unfinished[handle] = _Unfinished(replaces)
        self._deliver(partial(self._run, job, handle))
        return handle

    def close(self) -> None:
        """Cancel what has not run yet."""
        self._closed = True
        self._cancel(list(self._unfinished))

    def _run(self, job: Job, handle: Handle) -> None:
        if handle not in self._unfinished:
            return
        this = self._unfinished[handle]
        this.running = True
        try:
            with closing(steps(job, self._packages, this.commands)) as work:
                while handle.active:
                    try:
                        event = next(work)
                    except StopIteration as end:
                        handle.mark_over()
                        handle.deliver_result(end.value)
                    except (Exception, SystemExit) as error:
                        handle.mark_over()
                        handle.deliver_error(as_failure(error))
                    else:
                        handle.deliver_event(event)
        finally:
            self._forget(handle)

    def _withdraw(self, handle: Handle) -> None:
        this = self._unfinished[handle]
        this.commands.cancel()
        if not this.running:
            self._forget(handle)

    def _forget(self, handle: Handle) -> None:
        del self._unfinished[handle]
        handle.mark_over()

    def _post(self, handle: Handle, command: Any) -> None:
        pickle.dumps(command)  # what could not go to another process is refused here as well
        if handle in self._unfinished:
            self._unfinished[handle].commands.put(command)

    def _cancel(self, handles: list[Handle]) -> None:
        for handle in handles:
            handle.cancel()
