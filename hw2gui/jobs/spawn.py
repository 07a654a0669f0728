"""Start a worker's process, end it, say how it ended, and read what it answers: what every runner with processes needs."""

from __future__ import annotations

import multiprocessing
import multiprocessing.util  # now: what it does at the program's end comes after what is registered later, as by the runners
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.context import SpawnProcess

from hw2gui.jobs.child import Setting, serve
from hw2gui.jobs.job import as_failure
from hw2gui.jobs.runner import Handle
from hw2gui.jobs.wire import Kind, PipeEnd, value_of


@dataclass(eq=False)
class Child:
    """A process and our ends of the pipes to it."""

    process: SpawnProcess
    requests: PipeEnd
    answers: PipeEnd
    wanted_dead: bool = False

    def kill(self) -> None:
        """End the process, and all it started if it leads a group of its own, now."""
        if sys.platform != "win32" and self.process.pid is not None:
            # No group of that number: it leads none, or has not come so far.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()

    def close(self) -> None:
        """Close our ends of the pipes."""
        self.requests.close()
        self.answers.close()

    def end(self) -> None:
        """Kill it, wait until it is gone, and close the pipes."""
        self.kill()
        self.process.join()
        self.close()


def spawn(setting: Setting, name: str) -> Child:
    """Start a process that serves requests as *setting* says."""
    context = multiprocessing.get_context("spawn")
    their_requests, requests = context.Pipe(duplex=False)
    answers, their_answers = context.Pipe(duplex=False)
    try:
        # A daemon could not start processes itself, as a queue of trainings does. Whether one or not, it ends when its pipe does.
        process = context.Process(target=serve, args=(their_requests, their_answers, setting), name=name, daemon=not setting.alone)
        process.start()
    except BaseException:
        requests.close()
        answers.close()
        raise
    finally:
        # Ours must be the only other end, or the pipes would not end with the process.
        their_requests.close()
        their_answers.close()
    return Child(process, requests, answers)


def how_it_ended(exitcode: int | None) -> str:
    """The end of a process, as the end of a sentence."""
    if exitcode is not None and exitcode < 0:
        try:
            name = signal.Signals(-exitcode).name
        except ValueError:
            name = f"signal {-exitcode}"
        return f"was killed ({name}{', most often because memory ran out' if name == 'SIGKILL' else ''})"
    return f"ended with exit code {exitcode}"


def reaction(kind: Kind, handle: Handle, pickled: memoryview) -> Callable[[], None]:
    """Read an answer here, not in the thread it is delivered to, and say what to do about it there."""
    deliver = {Kind.EVENT: handle.deliver_event, Kind.DONE: handle.deliver_result, Kind.FAILED: handle.deliver_error}[kind]
    try:
        return partial(deliver, value_of(pickled))
    except Exception as error:
        return partial(handle.deliver_error, as_failure(error))
