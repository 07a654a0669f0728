"""Several trainings at once: side by side where there are cores, taking turns by epoch where there are not. Needs no torch."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Literal, TypeVar

from hw2gui.jobs import Failure, Handle, Job, Runner
from hw2gui.training.controls import Command, Pause, Resume, RunEpoch, Stop
from hw2gui.training.events import EpochDone, Paused, Started

K = TypeVar("K", bound=Hashable)
Turn = Literal["waiting", "running", "held", "ended"]


@dataclass(eq=False)
class _Runner:
    job: Job
    order: int
    handle: Handle | None = None
    epoch: int = 0
    turn: Turn = "waiting"
    held: bool = False


class Race(Generic[K]):
    """Runs *jobs*, trainings by their keys, at most *lanes* of them computing at any moment.

    Where lanes are short the run that has come least far goes next (the first named among equals), for one epoch; then it pauses, in
    memory, and another goes on: all curves grow together. The last *lanes* runs go on without pausing.

    Without *turns* each run goes on to its end, and the next begins when a lane is free: for more runs than can be held in memory.

    With turns each job keeps its process while it waits, so *runner* must admit as many at once as there are jobs. *on_event*, *on_done*
    and *on_error* get the key first; the pauses between turns are among the events. Use it from one thread, the one answers come to.
    """

    def __init__(
        self,
        runner: Runner,
        jobs: Mapping[K, Job],
        *,
        lanes: int,
        turns: bool = True,
        on_event: Callable[[K, Any], None],
        on_done: Callable[[K, Any], None],
        on_error: Callable[[K, Failure], None],
    ) -> None:
        if lanes < 1:
            raise ValueError(f"a race needs at least one lane, not {lanes}")
        self._runner = runner
        self._lanes = lanes
        self._turns = turns
        self._runs = {key: _Runner(job, order) for order, (key, job) in enumerate(jobs.items())}
        self._on_event, self._on_done, self._on_error = on_event, on_done, on_error

    def start(self) -> None:
        """Let the first ones go."""
        self._go_on()

    def turn(self, key: K) -> Turn:
        """Whether a run is computing, waits for its turn, is held by the user, or has ended."""
        return self._runs[key].turn

    @property
    def over(self) -> bool:
        """Whether all have ended."""
        return all(run.turn == "ended" for run in self._runs.values())

    def hold(self, key: K) -> None:
        """Let a run wait until `release`; its lane is another's meanwhile."""
        run = self._runs[key]
        run.held = True
        if run.turn == "running" and run.handle:
            run.handle.send(Pause())
        elif run.turn == "waiting":
            run.turn = "held"

    def release(self, key: K) -> None:
        """Let a run that is held take its turns again."""
        run = self._runs[key]
        run.held = False
        if run.turn == "held":
            run.turn = "waiting"
        self._go_on()

    def send(self, key: K, command: Command) -> None:
        """Tell a run something (a learning rate, Stop); to pause and go on there are `hold` and `release`."""
        run = self._runs[key]
        if run.handle:
            run.handle.send(command)
        elif isinstance(command, Stop):
            run.turn = "ended"  # it never began
            self._go_on()

    def cancel(self, key: K) -> Handle | None:
        """Cancel a run: it is gone when the handle is over. None: it never began."""
        run = self._runs[key]
        run.turn = "ended"
        if run.handle:
            run.handle.cancel()
        self._go_on()
        return run.handle

    def close(self) -> None:
        """Cancel all runs."""
        for run in self._runs.values():
            run.turn = "ended"
            if run.handle:
                run.handle.cancel()

    def _go_on(self) -> None:
        """Give the free lanes away."""
        while sum(run.turn == "running" for run in self._runs.values()) < self._lanes:
            waiting = [(run.epoch, run.order, key) for key, run in self._runs.items() if run.turn == "waiting"]
            if not waiting:
                return
            self._give_turn(min(waiting, key=lambda one: one[:2])[2])

    def _give_turn(self, key: K) -> None:
        run = self._runs[key]
        run.turn = "running"
        if run.handle is None:
            run.handle = self._runner.submit(
                run.job,
                on_event=partial(self._heard, key),
                on_done=partial(self._ended, key, self._on_done),
                on_error=partial(self._ended, key, self._on_error),
            )
        left = sum(other.turn != "ended" for other in self._runs.values())
        run.handle.send(RunEpoch() if self._turns and left > self._lanes else Resume())

    def _heard(self, key: K, event: Any) -> None:
        run = self._runs[key]
        if isinstance(event, Started | EpochDone):
            run.epoch = event.epoch
        if isinstance(event, Paused) and run.turn == "running":
            run.turn = "held" if run.held else "waiting"
        self._on_event(key, event)
        self._go_on()

    def _ended(self, key: K, tell: Callable[[K, Any], None], outcome: Any) -> None:
        self._runs[key].turn = "ended"
        tell(key, outcome)
        self._go_on()
