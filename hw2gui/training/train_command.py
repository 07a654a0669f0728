"""A training followed from a shell: what it says, how far it is, and Ctrl+C, which stops it as Stop does."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import suppress
from pathlib import Path

from hw2gui.errors import InputError, UserError
from hw2gui.jobs import Commands
from hw2gui.steps import finish
from hw2gui.training.controls import Stop
from hw2gui.training.events import BatchesDone, EpochDone, Event, Finished, Started, TimeLeft, Warned
from hw2gui.training.in_a_shell import STATUS_S, on_interrupt
from hw2gui.training.lock import is_locked
from hw2gui.training.pace import time_left
from hw2gui.training.run_folder import RunFolder

Train = Callable[[str, Commands], Generator[Event, None, Finished]]


def follow(train: Train, folder: Path) -> Finished:
    """Train the run in *folder* here, telling on stderr every epoch and how far it is; Ctrl+C stops it, a second one at once."""
    commands = Commands()
    told = _Told()
    try:
        with on_interrupt(lambda: commands.put(Stop())):
            return finish(train(str(folder), commands), told.hear)
    except UserError:
        _discard_if_never_begun(folder)
        raise
    finally:
        told.wipe()


def _discard_if_never_begun(folder: Path) -> None:
    """Its data are missing, or its device: nothing is left of a run that has done nothing. Another program may be about to begin it."""
    with suppress(OSError):
        if {file.name for file in folder.iterdir()} <= {"config.json", "lock"} and not is_locked(folder / "lock"):
            shutil.rmtree(folder)


def train_or_resume(
    arguments: argparse.Namespace, begin: Callable[[Path | None], RunFolder], train: Train, parameters: Callable[[RunFolder], int]
) -> int:
    """Carry out ``hw2gui train``: *begin* makes a new run's folder (where --out names one: that), --resume goes on with the one in --out.

    What comes of it is printed, as JSON with --json. Answers the exit status, as of every verb. InputError for --resume without --out.
    """
    if arguments.resume:
        if arguments.out is None:
            raise InputError("--resume goes on with a run: name its folder with --out DIR")
        run = RunFolder.open(Path(arguments.out))
    else:
        run = begin(Path(arguments.out) if arguments.out else None)
    finished = follow(train, run.path)
    if arguments.json:
        seconds = run.metrics().seconds
        told = {"run": str(run.path), "reason": finished.reason, "epoch": finished.chosen, "step": finished.step}
        told |= {"parameters": parameters(run), **finished.metrics, "seconds": float(seconds[-1]) if len(seconds) else 0.0}
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        print(f"{finished.reason} after epoch {finished.epoch}: {told_metrics(finished.metrics)}\n{run.path}")
    return 130 if finished.reason == "stopped" else 0


def told_metrics(metrics: Mapping[str, float]) -> str:
    """*metrics* in one line."""
    return ", ".join(f"{name.replace('_', ' ')} {value:z.4f}" for name, value in metrics.items())


class _Told:
    """What is said on stderr; on a terminal the last line is how far it is."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._said = time.monotonic()
        self._started: Started | None = None
        self._step = 0
        self._loss = ""

    def hear(self, event: Event) -> None:
        """Say what is to be said of *event*."""
        match event:
            case Started():
                self._started, self._step = event, event.step
            case BatchesDone() if event.losses:
                self._step, self._loss = event.step, f", loss {event.losses[-1]:z.4f}"
            case EpochDone():
                self._line(f"epoch {event.epoch}: {told_metrics(event.metrics)}, {event.seconds:.0f} s")
            case Warned():
                self._line(event.sentence)
            case TimeLeft():
                self._how_far(event)

    def _line(self, text: str) -> None:
        self.wipe()
        print(text, file=sys.stderr, flush=True)
        self._said = time.monotonic()

    def _how_far(self, event: TimeLeft) -> None:
        if self._started is None or (not self._terminal and time.monotonic() - self._said < STATUS_S):
            return
        per_epoch = max(self._started.steps_per_epoch, 1)
        epoch, step = divmod(max(self._step - 1, 0), per_epoch)
        text = (
            f"epoch {epoch + 1} of {self._started.epochs}, step {step + 1:,} of {per_epoch:,}{self._loss}, "
            f"{event.steps_per_second:.0f} steps a second{time_left(event.seconds)}"
        )
        if self._terminal:
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
        else:
            self._line(text)

    def wipe(self) -> None:
        """Clear the line that is written over."""
        if self._terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
