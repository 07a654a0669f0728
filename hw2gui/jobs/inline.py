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
from hw2gui.jobs.requests import Request, Requests
from hw2gui.jobs.runner import Deliver, Handle, at_once

MOST = 2**31
"""Which runs when is decided by whoever makes the calls."""


@dataclass(eq=False)
class _Work(Request):
    job: Job
    commands: Commands = field(default_factory=Commands)


class InlineRunner:
    """Runs each job whole, inside ``submit``; with *deliver*, inside the call that *deliver* makes.

    Only with a *deliver* that calls later (an event loop's) can a submitter hold the handle while the job runs, and cancel it.
    """

    def __init__(self, deliver: Deliver | None = None, *, packages: tuple[str, ...] = PACKAGES) -> None:
        self._deliver: Deliver = deliver or at_once
        self._packages = packages
        self._requests: Requests[_Work] = Requests(MOST)

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
        handle = Handle(on_event, on_done, on_error, self._withdraw, self._post)
        self._requests.add(work := _Work(handle, replaces, job))
        self._deliver(partial(self._run, work))
        return handle

    def close(self) -> None:
        """Cancel what has not run yet."""
        self._requests.close()

    def _run(self, this: _Work) -> None:
        if this not in self._requests.waiting:
            return
        self._requests.run(this)
        handle = this.handle
        try:
            with closing(steps(this.job, self._packages, this.commands)) as work:
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
            self._requests.end(this)

    def _withdraw(self, handle: Handle) -> None:
        if this := self._requests.withdraw(handle):
            this.commands.cancel()

    def _post(self, handle: Handle, command: Any) -> None:
        pickle.dumps(command)  # what could not go to another process is refused here as well
        if this := self._requests.find(handle):
            this.commands.put(command)
