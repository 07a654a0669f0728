"""The queue of a reproduction: what is waiting, what runs where there is a lane, what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from hw2gui.errors import UserError
from hw2gui.jobs import Commands, Failure, Job, Runner
from hw2gui.report import work as works
from hw2gui.report.plan import Plan, PlannedRun
from hw2gui.report.progress import QueueProgress, Reproduced
from hw2gui.report.under_way import UnderWay
from hw2gui.report.work import Measurement, Work
from hw2gui.training.controls import Stop
from hw2gui.training.events import Finished
from hw2gui.training.pace import time_words

TELL_S = 0.25
"""So often the queue says how far it is."""

Calls = SimpleQueue[Callable[[], None]]


class Queue:
    """What is not yet in *folder*, given to *runner*, *lanes* pieces at a time; *calls* are what the runner wants done here."""

    def __init__(self, plan: Plan, folder: Path, runner: Runner, lanes: int, calls: Calls) -> None:
        self._plan, self._folder, self._runner, self._lanes, self._calls = plan, folder, runner, lanes, calls
        self._left = works.left(plan, folder)
        self._waiting: list[Work] = list(self._left.todo)
        self._running: dict[str, UnderWay] = {}
        self._done = self._left.total - len(self._left.todo) - len(self._left.refused)
        self._work_done = 0.0
        self._failed: list[tuple[str, str]] = list(self._left.refused)
        self._said: list[str] = [f"{title}: {why}" for title, why in self._left.refused]
        self._pace: dict[str, float] = {}
        self._stopping = False
        if self._done:
            self._said.insert(0, f"{self._done} of {self._left.total} are done already in {folder}")

    def run(self, commands: Commands) -> Generator[QueueProgress, None, Reproduced]:
        """Everything, to the end or until stopped."""
        yield self._progress()
        told = time.monotonic()
        while self._running or (self._waiting and not self._stopping):
            self._start()
            if isinstance(commands.poll(), Stop) and not self._stopping:
                self._stop()
            call = _next(self._calls)
            if call is not None:
                call()
            if self._said or time.monotonic() - told >= TELL_S:
                told = time.monotonic()
                yield self._progress()
        yield self._progress()
        return Reproduced(str(self._folder), self._done, self._left.total, tuple(self._failed), self._stopping)

    def _start(self) -> None:
        """Give the free lanes away: a training as soon as there is one, a measurement once its run is done."""
        while not self._stopping and len(self._running) < self._lanes:
            ready = next((one for one in self._waiting if self._is_ready(one)), None)
            if ready is None:
                return
            self._waiting.remove(ready)
            try:
                self._submit(ready)
            except UserError as error:
                self._fail(ready, str(error))

    def _is_ready(self, work: Work) -> bool:
        if isinstance(work, PlannedRun):
            return True
        own = work.planned.identity
        ahead = [*self._waiting, *(running.work for running in self._running.values())]
        return not any(isinstance(other, PlannedRun) and other.identity == own for other in ahead)

    def _submit(self, work: Work) -> None:
        run = None
        if isinstance(work, PlannedRun):
            job: Job = works.training_job(work, self._folder)
        else:
            job, run = works.measuring_job(work, self._folder)
        running = UnderWay(work)
        self._running[work.name] = running

        def done(result: Any) -> None:
            if isinstance(work, Measurement) and run is not None:
                works.keep(work, self._folder, run, result)
            self._ended(work, result)

        running.handle = self._runner.submit(
            job, on_event=running.heard, on_done=partial(_guarded, self, work, done), on_error=partial(self._broke, work)
        )
        self._said.append(f"begun: {work.title}")

    def _ended(self, work: Work, result: Any) -> None:
        running = self._running.pop(work.name)
        if isinstance(result, Finished) and result.reason == "stopped":
            self._said.append(f"stopped after epoch {result.epoch}: {work.title}")
            return
        self._done += 1
        self._work_done += work.work
        self._pace[_kind(work)] = running.pace
        told = f" ({_metrics(result)})" if isinstance(result, Finished) else ""
        self._said.append(f"done in {time_words(running.seconds)}: {work.title}{told}")

    def _broke(self, work: Work, error: Failure) -> None:
        self._running.pop(work.name, None)
        self._fail(work, str(error))

    def _fail(self, work: Work, why: str) -> None:
        self._failed.append((work.title, why))
        self._said.append(f"{work.title}: {why}")
        if isinstance(work, PlannedRun):
            self._waiting = [one for one in self._waiting if not (isinstance(one, Measurement) and one.planned.identity == work.identity)]

    def _stop(self) -> None:
        self._stopping = True
        self._said.append("stopping: the trainings save what they have")
        for running in list(self._running.values()):
            if running.handle is None:
                continue
            if isinstance(running.work, PlannedRun):
                running.handle.send(Stop())
            else:
                running.handle.cancel()
                self._running.pop(running.work.name)

    def _progress(self) -> QueueProgress:
        said, self._said = tuple(self._said), []
        running = list(self._running.values())
        under_way = sum(one.work.work * one.share for one in running)
        ahead = sum(one.work for one in self._waiting) + sum(one.work.work for one in running) - under_way
        done = self._work_done + under_way
        share = 1.0 if not ahead else done / (done + ahead)
        for one in running:
            one.take_warnings(self._said)
        return QueueProgress(share, self._seconds_left(), self._done, self._left.total, tuple(one.told() for one in running), said)

    def _seconds_left(self) -> float | None:
        """What the running ones say, and the waiting ones at the pace of their kind, spread over the lanes."""
        running = list(self._running.values())
        paces = self._pace | {_kind(one.work): one.pace for one in running if one.can_tell}
        if not paces:
            return None if running or self._waiting else 0.0
        usual = sum(paces.values()) / len(paces)
        ahead = [paces.get(_kind(one), usual) * one.work for one in self._waiting]
        under_way = [paces.get(_kind(one.work), usual) * one.work.work * (1 - one.share) for one in running]
        lanes = min(self._lanes, max(1, len(running)))
        return max([sum((*ahead, *under_way)) / lanes, *under_way, 0.0])


def _next(calls: Calls) -> Callable[[], None] | None:
    try:
        return calls.get(timeout=TELL_S)
    except Empty:
        return None


def _guarded(queue: Queue, work: Work, done: Callable[[Any], None], result: Any) -> None:
    """What cannot be kept is a failure of this piece of work, not of the queue."""
    try:
        done(result)
    except UserError as error:
        queue._broke(work, error)


def _kind(work: Work) -> str:
    return f"measuring {work.what}" if isinstance(work, Measurement) else f"{work.task} {work.config.training.batch_size}"


def _metrics(finished: Finished) -> str:
    names = [name for name in finished.metrics if name.endswith(("_accuracy", "_error_rate"))]
    return ", ".join(f"{name.replace('_', ' ')} {finished.metrics[name]:.4f}" for name in names)
