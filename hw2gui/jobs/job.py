"""What is run and what comes back: the same for every way a job can run."""

from __future__ import annotations

import dataclasses
import inspect
import traceback
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hw2gui.errors import UserError
from hw2gui.jobs.mailbox import Commands
from hw2gui.names import load

PACKAGES = ("hw2gui",)
"""The packages whose functions may be named by a job."""


@dataclass(frozen=True)
class Luggage:
    """What a job needs beside its arguments where it runs on another machine; on this one everything is in its place.

    ``folders`` names the arguments that are folders the job reads and writes: they are copied there, and what the job writes comes back
    while it runs. ``data`` are files of data sets, by their place in the folder of data sets (``kmnist/…``) and where they lie here.
    ``cores`` are those the job computes with. A job with folders goes on from what is in them, so that it can be begun again elsewhere.
    """

    folders: tuple[str, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict)
    cores: int = 1


@dataclass(frozen=True)
class Job:
    """A function named by its import path, with the keyword arguments it is called with.

    ``function`` is ``"package.module:name"``. A plain function's value is the result. A generator function yields
    events (frozen dataclasses) while it works, can be cancelled between them, and returns the result.
    A function with a parameter named ``commands`` is given, by whoever runs it, the `Commands` its submitter sends it meanwhile.

    Arguments, events and results are pickled on their way to another process and back. The classes of events and results
    therefore belong in modules that the window may import, not in one that imports torch.
    """

    function: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    luggage: Luggage = Luggage()


class WorkerError(Exception):
    """A job failed by a fault of the program: what was raised, where it was raised, as text.

    ``kind`` is the exception's class name (``RuntimeError`` for torch's shape and memory errors), ``message`` what it said,
    ``traceback`` the whole traceback for the log.
    """

    def __init__(self, kind: str, message: str, traceback: str) -> None:
        super().__init__(kind, message, traceback)
        self.kind = kind
        self.message = message
        self.traceback = traceback

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}" if self.message else self.kind


Failure = UserError | WorkerError
"""What a job's error callback is given: a sentence for the user, or a fault for the log."""


def as_failure(error: BaseException) -> Failure:
    """*error* itself if it is meant for the user, else a `WorkerError` that tells all about it."""
    if isinstance(error, UserError | WorkerError):
        return error
    return WorkerError(type(error).__name__, str(error), "".join(traceback.format_exception(error)))


def check_name(function: str, packages: tuple[str, ...]) -> None:
    """Refuse, with ValueError, a name that is not ``package.module:name`` inside one of *packages*."""
    module, colon, name = function.partition(":")
    if not (colon and name.isidentifier() and _inside(module, packages)):
        raise ValueError(f"a job is named 'package.module:name' inside {' or '.join(packages)}, not {function!r}")


def steps(job: Job, packages: tuple[str, ...], commands: Commands) -> Generator[Any, None, Any]:
    """Run *job*, which may listen to *commands*, one event at a time; the generator's return value is the result.

    Nothing is imported or called before the first step. Closing it closes the job's own generator.

    Raises ValueError for a function outside *packages*, TypeError for an event that is no frozen dataclass,
    and whatever the function raises, unchanged.
    """
    function = _resolve(job.function, packages)
    listens = "commands" in inspect.signature(function).parameters
    outcome = function(**job.arguments, **({"commands": commands} if listens else {}))
    if not isinstance(outcome, Generator):
        return outcome
    try:
        while True:
            try:
                event = next(outcome)
            except StopIteration as end:
                return end.value
            if not _is_event(event):
                raise TypeError(f"{job.function} yielded a {type(event).__name__}; events are frozen dataclasses")
            yield event
    finally:
        outcome.close()


def _resolve(function: str, packages: tuple[str, ...]) -> Callable[..., Any]:
    check_name(function, packages)
    found = load(function)
    # A module's own imports are reachable by name too; they are not its jobs.
    if not callable(found) or not _inside(getattr(found, "__module__", None) or "", packages):
        raise ValueError(f"{function} is not a function defined inside {' or '.join(packages)}")
    function_itself: Callable[..., Any] = found
    return function_itself


def _inside(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def _is_event(value: object) -> bool:
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return False
    return bool(getattr(type(value), "__dataclass_params__").frozen)  # noqa: B009 - no stub knows it
