"""Reproduce the report: everything its figures need, trained and measured on the cores given; what is done is not done again.

A generator of events, for a shell and for the window alike. Killed at any moment it loses at most what was trained since the last
checkpoints (half a minute); begun again it goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue

from hw2gui.errors import InputError
from hw2gui.jobs import Commands, ProcessRunner, Runner
from hw2gui.report.library import default_folder
from hw2gui.report.plan import SEEDS, Plan
from hw2gui.report.progress import QueueProgress, Reproduced
from hw2gui.report.queue import Queue
from hw2gui.training.config import MOST_JOBS, free_cores


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
        # Kept: of the quick version half the time would go into starting processes and drawing the same characters anew.
        runner = ProcessRunner(calls.put, most=lanes, kept=True)
    with closing(runner):
        return (yield from Queue(plan, place, runner, lanes, calls).run(commands or Commands()))
