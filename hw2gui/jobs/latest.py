"""Ask again and again; only the newest question is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hw2gui.jobs.job import Failure, Job
from hw2gui.jobs.runner import Handle, Runner


class Latest:
    """One question whose terms keep changing, as under a slider: every `ask` makes the answers to earlier ones stale.

    Stale work is dropped from the runner's queue, a stale generator is stopped, and a stale answer is never applied.
    Use it from one thread, the one answers are delivered to.
    """

    def __init__(self, runner: Runner, on_error: Callable[[Failure], None]) -> None:
        self._runner = runner
        self._on_error = on_error
        self._newest: Handle | None = None
        self._generation = 0

    @property
    def pending(self) -> bool:
        """Whether an answer is still to come."""
        return self._newest is not None and self._newest.active

    def ask(self, job: Job, apply: Callable[[Any], None], on_event: Callable[[Any], None] | None = None) -> Handle:
        """Submit *job* in place of all earlier ones; *apply* is called with its result unless another `ask` comes first."""
        self.drop()
        self._generation += 1
        generation = self._generation
        handle = self._runner.submit(job, on_done=apply, on_error=self._on_error, on_event=on_event, replaces=self)
        # An inline runner may have answered already, and the answer have led to a newer question.
        if generation == self._generation:
            self._newest = handle
        return handle

    def drop(self) -> None:
        """Want no answer any more."""
        if self._newest is not None:
            self._newest.cancel()
        self._newest = None
