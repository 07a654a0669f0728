"""Run jobs here, in the caller's own thread: for tests, and for a command line that has nothing else to do."""

from __future__ import annotations

import pickle
from collections.abc import Hashable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from hw2gui.jobs.job import PACKAGES, Job, as_failure, steps
from hw2gui.jobs.mailbox import Commands
from hw2gui.jobs.requests import Request, Submitting
from hw2gui.jobs.runner import Deliver, Handle, at_once

MOST = 2**31
"""Which runs when is decided by whoever makes the calls."""


@dataclass(eq=False)
class _Work(Request):
    job: Job
    commands: Commands = field(default_factory=Commands)


class InlineRunner(Submitting[_Work]):
    """Runs each job whole, inside ``submit``; with *deliver*, inside the call that *deliver* makes.

    Only with a *deliver* that calls later (an event loop's) can a submitter hold the handle while the job runs, and cancel it.
    """

    def __init__(self, deliver: Deliver | None = None, *, packages: tuple[str, ...] = PACKAGES) -> None:
        super().__init__(MOST, packages)
        self._deliver: Deliver = deliver or at_once

    def close(self) -> None:
        """Cancel what has not run yet."""
        self._requests.close()

    def _accept(self, job: Job, handle: Handle, key: Hashable | None) -> _Work:
        return _Work(handle, key, job)

    def _added(self, request: _Work) -> None:
        self._deliver(partial(self._run, request))

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
