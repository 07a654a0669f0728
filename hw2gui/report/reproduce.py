"""Reproduce the report: everything its figures need, trained and measured on the cores given; what is done is not done again.

A generator of events, for a shell and for the window alike. Killed at any moment it loses at most what was trained since the last
checkpoints (half a minute); begun again it goes on.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from hw2gui.errors import InputError, UserError
from hw2gui.jobs import Commands, Failure, Handle, Job, ProcessRunner, Runner
from hw2gui.report import work as works
from hw2gui.report.library import default_folder
from hw2gui.report.plan import SEEDS, Plan, PlannedRun
from hw2gui.report.work import Measurement, Work
from hw2gui.training.config import free_cores
from hw2gui.training.controls import Stop
from hw2gui.training.events import EpochDone, Finished, Started, TimeLeft, Warned
from hw2gui.training.pace import time_words

MOST_JOBS = 256
TELL_S = 0.25
"""So often the queue says how far it is."""


@dataclass(frozen=True)
class Working:
    """One piece of work under way: how far it is, 0 to 1, and in words."""

    title: str
    share: float
    words: str


@dataclass(frozen=True)
class QueueProgress:
    """How far everything is: by work done, 0 to 1; *seconds_left* is None until it can be told. *said*: what has just happened."""

    share: float
    seconds_left: float | None
    done: int
    total: int
    working: tuple[Working, ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reproduced:
    """What came of it: how much of all is done now, what failed and why, and whether it was stopped before the end."""

    folder: str
    done: int
    total: int
    failed: tuple[tuple[str, str], ...]
    stopped: bool

    @property
    def sentence(self) -> str:
        """In words."""
        failed = f" {len(self.failed)} could not be done: {self.failed[0][1]}" if self.failed else ""
        rest = " Stopped: the same command goes on from here." if self.stopped else ""
        return f"{self.done} of {self.total} trainings and measurements are done.{failed}{rest}"


def default_jobs() -> int:
    """How many pieces of work run side by side unless told otherwise: one for each core but one."""
    return free_cores()


def reproduce(
    quick: bool = False,
    folder: str = "",
    jobs: int = 0,
    ray: str = "",
    seeds: tuple[int, ...] = SEEDS,
    commands: Commands | None = None,
) -> Generator[QueueProgress, None, Reproduced]:
    """Train and measure what is not yet in *folder*, *jobs* pieces side by side (0: one for each core but one), or on the Ray cluster
    at the address *ray*.

    Listens to `Stop`: the trainings save and end. InputError and UnavailableError where it cannot begin.
    """
    plan = Plan(quick, seeds)
    if not 0 <= jobs <= MOST_JOBS:
        raise InputError(f"{jobs} jobs side by side: give 1 to {MOST_JOBS}, or 0 for one on each core but one.")
    place = Path(folder) if folder else default_folder(quick)
    if place.exists() and not place.is_dir():
        raise InputError(f"{place} is a file: give a folder for the runs.")
    lanes = jobs or default_jobs()
    runner: Runner
    calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
    if ray:
        from hw2gui.jobs.cluster import RayRunner

        # Where and when each runs is the cluster's business: it is handed all there is.
        runner, lanes = RayRunner(ray, calls.put, most=MOST_JOBS), MOST_JOBS
    else:
        runner = ProcessRunner(calls.put, most=lanes)
    with closing(runner):
        return (yield from _Queue(plan, place, runner, lanes, calls).run(commands or Commands()))


class _Queue:
    """One call of `reproduce`."""

    def __init__(self, plan: Plan, folder: Path, runner: Runner, lanes: int, calls: SimpleQueue[Callable[[], None]]) -> None:
        self._plan, self._folder, self._runner, self._lanes, self._calls = plan, folder, runner, lanes, calls
        self._left = works.left(plan, folder)
        self._waiting: list[Work] = list(self._left.todo)
        self._running: dict[str, _Running] = {}
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
        running = _Running(work)
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
        paces = self._pace | {_kind(one.work): one.pace for one in running if one.share > 0.02}
        if not paces:
            return None if running or self._waiting else 0.0
        usual = sum(paces.values()) / len(paces)
        ahead = [paces.get(_kind(one), usual) * one.work for one in self._waiting]
        under_way = [paces.get(_kind(one.work), usual) * one.work.work * (1 - one.share) for one in running]
        lanes = min(self._lanes, max(1, len(running)))
        return max([sum((*ahead, *under_way)) / lanes, *under_way, 0.0])


def _next(calls: SimpleQueue[Callable[[], None]]) -> Callable[[], None] | None:
    try:
        return calls.get(timeout=TELL_S)
    except Empty:
        return None


def _guarded(queue: _Queue, work: Work, done: Callable[[Any], None], result: Any) -> None:
    """What cannot be kept is a failure of this piece of work, not of the queue."""
    try:
        done(result)
    except UserError as error:
        queue._broke(work, error)


class _Running:
    """A piece of work under way."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.handle: Handle | None = None
        self.share = 0.0
        self._words = "starting"
        self._warnings: list[str] = []
        self._begun = time.monotonic()
        self._first_share = 0.0
        self._epochs = 1
        self._per_epoch = 1

    def heard(self, event: Any) -> None:
        """Follow the job's events."""
        if isinstance(event, Started):
            self._epochs, self._per_epoch = event.epochs, event.steps_per_epoch
            self._begun = time.monotonic()
            self.share = self._first_share = event.step / (event.epochs * event.steps_per_epoch)
            self._words = f"{'resumed' if event.resumed else 'training'} on {event.device}"
        elif isinstance(event, EpochDone):
            self._words = f"epoch {event.epoch} of {self._epochs}: {_brief(event.metrics)}"
            self.share = event.step / (self._epochs * self._per_epoch)
        elif isinstance(event, TimeLeft) and math.isfinite(event.seconds):
            whole = self.seconds + event.seconds
            self.share = max(self.share, self._first_share + (1 - self._first_share) * self.seconds / whole) if whole > 0 else self.share
        elif isinstance(event, Warned):
            self._warnings.append(f"{self.work.title}: {event.sentence}")
        else:
            share = getattr(event, "share", None)
            if share is None and getattr(event, "total", None):
                share = None if isinstance(self.work, PlannedRun) else event.done / event.total
            if share is not None:
                self.share, self._words = float(share), "measuring"

    def take_warnings(self, into: list[str]) -> None:
        """Move what it warned of to what is said next."""
        into.extend(self._warnings)
        self._warnings.clear()

    def told(self) -> Working:
        """For whoever watches."""
        return Working(self.work.title, self.share, self._words)

    @property
    def seconds(self) -> float:
        """Since it began here."""
        return time.monotonic() - self._begun

    @property
    def pace(self) -> float:
        """Seconds a unit of work, by what it has done here."""
        done = (self.share if self.share < 1 else 1.0) - self._first_share
        return self.seconds / (self.work.work * done) if done > 0 else self.seconds / self.work.work


def _kind(work: Work) -> str:
    return f"measuring {work.what}" if isinstance(work, Measurement) else f"{work.task} {work.config.training.batch_size}"


def _brief(metrics: Any) -> str:
    for name in ("validation_accuracy", "validation_error_rate", "validation_loss"):
        if name in metrics:
            return f"{name.replace('_', ' ')} {metrics[name]:.4f}"
    return ""


def _metrics(finished: Finished) -> str:
    names = [name for name in finished.metrics if name.endswith(("_accuracy", "_error_rate"))]
    return ", ".join(f"{name.replace('_', ' ')} {finished.metrics[name]:.4f}" for name in names)
