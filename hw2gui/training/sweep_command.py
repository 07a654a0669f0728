"""The options of ``hw2gui train …`` that make many runs of one, here or on a Ray cluster, and the following of them in a shell."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing, redirect_stdout, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from hw2gui.errors import InputError
from hw2gui.training.config import MOST_JOBS
from hw2gui.training.in_a_shell import STATUS_S, on_interrupt

if TYPE_CHECKING:
    from hw2gui.jobs import Runner
    from hw2gui.training.desk import Desk
    from hw2gui.training.sweep import Sweep
    from hw2gui.training.sweep_results import CellResult
    from hw2gui.training.sweep_runs import Trainable

LOOK_S = 0.2
FORMATS = ("table", "csv", "markdown", "latex")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the group of options."""
    group = parser.add_argument_group(
        "sweeps", "Many runs: every combination of the values, with every seed. The same command goes on where it was; what is done stays."
    )
    group.add_argument("--sweep", metavar="NAME=V,V…", action="append", default=[], help="try these values of a setting; may be repeated")
    group.add_argument("--seeds", metavar="S,S…", help="every combination with each of these seeds")
    group.add_argument("--jobs", type=int, metavar="N", default=0, help="runs side by side (default: one for each core but one)")
    group.add_argument("--ray", metavar="ADDRESS", default="", help="run on the Ray cluster there: host:port, ray://host:port, auto")
    group.add_argument("--format", choices=FORMATS, help="how the cells are printed (default: table)")


def is_wanted(arguments: argparse.Namespace) -> bool:
    """Whether many runs, or runs elsewhere, are asked for. InputError for options that would do nothing, lest a single run be trained."""
    if arguments.sweep or arguments.seeds is not None or arguments.ray:
        return True
    idle = [f"--{name}" for name in ("jobs", "format") if getattr(arguments, name)]
    if idle:
        raise InputError(f"{idle[0]} is for many runs: ask for them with --sweep or --seeds, or leave it out.")
    return False


def run(arguments: argparse.Namespace, trainable: Trainable, config: Any) -> int:
    """Carry out the sweep around *config* that *arguments* ask for; --out names the folder of its runs (default: the user's runs)."""
    from hw2gui.training import sweep_results
    from hw2gui.training.sweep import parse_axis, parse_seeds, sweep_of
    from hw2gui.writers import write

    if arguments.resume:
        raise InputError("A sweep goes on by itself: give the same command again, without --resume.")
    if not 0 <= arguments.jobs <= MOST_JOBS:
        raise InputError(f"{arguments.jobs} jobs side by side: give 1 to {MOST_JOBS}, or 0 for one on each core but one.")
    parent = Path(arguments.out) if arguments.out else None
    if parent is not None and (parent.is_file() or (parent / "config.json").exists()):
        raise InputError(f"{parent} is not a folder of runs: name another with --out, or leave it out.")
    seeds = parse_seeds(arguments.seeds) if arguments.seeds is not None else (config.training.seed,)
    sweep = sweep_of(config, [parse_axis(text) for text in arguments.sweep], seeds, trainable.settings(config))
    with redirect_stdout(sys.stderr):  # Ray says on the standard output what it has to say of its nodes
        stopped = _Shell(trainable, sweep, parent, arguments.jobs, arguments.ray).run()
    found = sweep_results.results(sweep, trainable.rows(parent), trainable.score)
    if arguments.json:
        print(json.dumps(as_json(sweep, found, trainable, stopped), ensure_ascii=False, indent=1))
    else:
        table = sweep_results.table(sweep, found, trainable.score, plain=arguments.format == "csv")
        print(write(table, arguments.format or "table"), end="")
    if stopped:
        print("Stopped: the same command goes on from here.", file=sys.stderr)
    return 130 if stopped else 0 if all(one.whole for one in found) else 1


def as_json(sweep: Sweep, found: tuple[CellResult, ...], trainable: Trainable, stopped: bool) -> Mapping[str, Any]:
    """The cells for a program; of the best one alone the test score."""
    from hw2gui.training.sweep_results import best

    chosen = best(found, trainable.score)

    def cell(one: CellResult) -> dict[str, Any]:
        values = {setting.name: value for setting, value in zip(sweep.settings, one.cell.values, strict=True)}
        numbers = {"mean": one.mean, "spread": one.spread}
        return {
            "values": values,
            "runs": [row.folder if row else None for row in one.rows],
            "validation": list(one.validation),
            **{name: None if math.isnan(number) else number for name, number in numbers.items()},
        }

    return {
        "score": trainable.score.metric,
        "seeds": list(sweep.seeds),
        "cells": [cell(one) for one in found],
        "best": {**cell(chosen), "test": list(chosen.test)} if chosen else None,
        "stopped": stopped,
    }


class _Shell:
    """One sweep, followed to its end or until Ctrl+C."""

    def __init__(self, trainable: Trainable, sweep: Sweep, parent: Path | None, jobs: int, ray: str) -> None:
        self._trainable, self._sweep, self._parent, self._ray = trainable, sweep, parent, ray
        self._lanes = jobs or _cores()
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._done = 0
        self._stopping = False
        self._terminal = sys.stderr.isatty()
        self._told = 0.0
        self._kinds: dict[str, Any] = {}

    def run(self) -> bool:
        """Train what is left; answers whether it was stopped."""
        from hw2gui.training import sweep_runs
        from hw2gui.training.desk import Desk
        from hw2gui.training.luggage import check_here, luggage
        from hw2gui.training.survey import opened

        left = sweep_runs.plan(self._sweep, self._trainable.rows(self._parent))
        self._done = left.done
        if left.done:
            self._say(f"{left.done} of {self._sweep.count} runs have finished already")
        if left.elsewhere:
            self._say(f"{left.elsewhere} runs are being trained by another program: they are left to it")
        if not (left.new or left.again):
            return False
        configs = [run.config for run in (*(run for _, run in left.again), *left.new)]
        # Before a run is begun: where the data are missing, or cannot be sent, nothing is.
        sets = [tuple(self._trainable.data_sets(config)) for config in configs]
        check_here(sets)
        things = [luggage(names) for names in sets] if self._ray else []
        with closing(self._runner()) as runner:
            folders = [*(folder for folder, _ in left.again), *sweep_runs.begin(self._trainable, left.new, self._parent)]
            self._kinds = dict(zip(folders, map(sweep_runs.kind_of, configs), strict=True))
            desk = Desk(runner, self._trainable.job, lambda folder, event: self._heard(desk, folder, event))
            known = {folder: opened(folder).metrics for folder, _ in left.again}
            desk.train(folders, known, self._lanes, turns=False, luggage=dict(zip(folders, things, strict=False)))
            self._follow(desk)
        return self._stopping

    def _runner(self) -> Runner:
        from hw2gui.jobs import ProcessRunner

        if not self._ray:
            return ProcessRunner(self._calls.put, most=self._lanes)
        from hw2gui.jobs.cluster import RayRunner

        # Where and when each runs is the cluster's business: it is handed all there is.
        self._lanes = MOST_JOBS
        return RayRunner(self._ray, self._calls.put, most=MOST_JOBS)

    def _follow(self, desk: Desk) -> None:
        wanted: list[bool] = []

        try:
            with on_interrupt(lambda: wanted.append(True)):
                while desk.under_way:
                    if wanted and not self._stopping:
                        self._stopping = True
                        self._say("stopping: the trainings save what they have")
                        for folder in reversed(desk.under_way):  # those that wait first, or they would begin
                            desk.stop(folder)
                    with suppress(Empty):
                        self._calls.get(timeout=LOOK_S)()
                    self._tell(desk)
        finally:
            if self._terminal:
                print("\r\033[K", end="", file=sys.stderr)

    def _heard(self, desk: Desk, folder: str, event: Any) -> None:
        from hw2gui.training.events import Warned

        live, name = desk.lives[folder], Path(folder).name
        if isinstance(event, Warned):
            self._say(f"{name}: {event.sentence}")
        if event is not None or desk.turn(folder) != "ended":
            return
        outcome = live.outcome
        if outcome is not None and outcome.reason == "done":
            self._done += 1
            score = f"validation_{self._trainable.score.metric}"
            value = f": {score.replace('_', ' ')} {outcome.metrics[score]:.4f}" if score in outcome.metrics else ""
            self._say(f"{self._done} of {self._sweep.count} {name}{value}")
        elif live.sentence:  # one that never began has nothing to say
            self._say(f"{name}: {live.sentence}")

    def _tell(self, desk: Desk) -> None:
        now = time.monotonic()
        if now - self._told >= (LOOK_S if self._terminal else STATUS_S):
            self._told = now
            if self._terminal:
                print(f"\r\033[K{self._how_far(desk)}", end="", file=sys.stderr, flush=True)
            else:
                print(self._how_far(desk), file=sys.stderr, flush=True)

    def _how_far(self, desk: Desk) -> str:
        from hw2gui.training.pace import time_left
        from hw2gui.training.sweep_runs import seconds_left

        running = [folder for folder in desk.under_way if desk.turn(folder) == "running"]
        waiting = [folder for folder in desk.under_way if desk.turn(folder) != "running"]
        left = time_left(seconds_left(desk.lives, running, waiting, self._kinds, self._lanes))
        return f"{self._done} of {self._sweep.count} done, {len(running)} running{left}"

    def _say(self, line: str) -> None:
        print(f"{chr(13) + chr(27) + '[K' if self._terminal else ''}{line}", file=sys.stderr, flush=True)


def _cores() -> int:
    from hw2gui.training.config import free_cores

    return min(MOST_JOBS, free_cores() if os.cpu_count() else 1)
