"""A cluster's runner in a process of its own: for the window, whose process neither imports Ray nor waits for it.

The process holds the connection and passes on what is submitted, told and answered. It starts with the first job and ends after the last.
"""

from __future__ import annotations

import itertools
import pickle
import threading
from collections.abc import Callable, Generator, Hashable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, Literal

from hw2gui.errors import CancelledError
from hw2gui.jobs.job import PACKAGES, Failure, Job
from hw2gui.jobs.mailbox import Commands
from hw2gui.jobs.requests import Request, Submitting
from hw2gui.jobs.runner import Handle, Runner

LOOK_S = 0.1
"""So often the process looks whether what was cancelled is over."""


@dataclass(frozen=True)
class Submit:
    """To the process: run *job*."""

    number: int
    job: Job


@dataclass(frozen=True)
class Tell:
    """To the process: tell a job something."""

    number: int
    command: Any


@dataclass(frozen=True)
class Cancel:
    """To the process: cancel a job."""

    number: int


@dataclass(frozen=True)
class Leave:
    """To the process: there is nothing more to do."""


@dataclass(frozen=True)
class Said:
    """From the process: an event, the result, the error of a job, or that nothing of a cancelled one runs any more."""

    number: int
    kind: Literal["event", "done", "failed", "over"]
    value: Any = None


def serve(address: str, most: int, packages: tuple[str, ...], commands: Commands) -> Generator[Said, None, None]:
    """Run what is submitted on the cluster at *address*, *most* jobs at a time. UnavailableError where it cannot be reached."""
    from hw2gui.jobs.cluster import RayRunner

    calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
    with closing(RayRunner(address, calls.put, most=most, packages=packages)) as runner:
        yield from _Server(runner, calls, commands).work()


class _Server:
    """Between the window's commands and the cluster's answers, in one thread; another waits for the commands."""

    def __init__(self, runner: Runner, calls: SimpleQueue[Callable[[], None]], commands: Commands) -> None:
        self._runner, self._calls, self._commands = runner, calls, commands
        self._handles: dict[int, Handle] = {}
        self._cancelled: dict[int, Handle] = {}
        self._said: list[Said] = []
        self._leaving = False

    def work(self) -> Generator[Said, None, None]:
        """Until told to leave, or cancelled."""
        threading.Thread(target=self._listen, name="relay", daemon=True).start()
        while not self._leaving:
            with suppress(Empty):
                self._calls.get(timeout=LOOK_S if self._cancelled else None)()
            for number in [number for number, handle in self._cancelled.items() if handle.over]:
                del self._cancelled[number]
                self._said.append(Said(number, "over"))
            said, self._said = self._said, []
            yield from said

    def _listen(self) -> None:
        try:
            while True:
                command = self._commands.wait()
                self._calls.put(partial(self._obey, command))
                if isinstance(command, Leave):
                    return
        except CancelledError:
            self._calls.put(partial(self._obey, Leave()))

    def _obey(self, command: object) -> None:
        match command:
            case Submit(number, job):
                self._handles[number] = self._runner.submit(
                    job,
                    on_event=partial(self._say, number, "event"),
                    on_done=partial(self._say, number, "done"),
                    on_error=partial(self._say, number, "failed"),
                )
            case Tell(number, told) if number in self._handles:
                self._handles[number].send(told)
            case Cancel(number) if number in self._handles:
                self._cancelled[number] = handle = self._handles.pop(number)
                handle.cancel()
            case Leave():
                self._leaving = True

    def _say(self, number: int, kind: Literal["event", "done", "failed"], value: Any) -> None:
        if kind != "event":
            self._handles.pop(number, None)
        self._said.append(Said(number, kind, value))


@dataclass(eq=False)
class _Sent(Request):
    number: int
    job: Job
    untold: list[Any] = field(default_factory=list)


class RelayRunner(Submitting[_Sent]):
    """Runs jobs on the Ray cluster at *address*, *most* at a time, through a process that *host* starts. For the thread answers come to.

    What keeps the cluster from being used is told of each job, as an `UnavailableError`.
    """

    def __init__(self, host: Runner, address: str, *, most: int = 1, packages: tuple[str, ...] = PACKAGES) -> None:
        super().__init__(most, packages)
        self._host, self._address = host, address
        self._numbers = itertools.count(1)
        self._relay: Handle | None = None
        self._generation = 0

    def close(self) -> None:
        """Cancel everything and end the process."""
        running = self._requests.close()
        if self._relay is not None:
            self._relay.cancel()
            self._relay = None
        for one in running:
            self._requests.end(one)

    def _accept(self, job: Job, handle: Handle, key: Hashable | None) -> _Sent:
        return _Sent(handle, key, next(self._numbers), pickle.loads(pickle.dumps(job)))

    def _added(self, request: _Sent) -> None:
        self._go_on()

    def _go_on(self) -> None:
        """Hand over what may run now, with what it was told before."""
        while (sent := self._requests.take()) is not None:
            connection = self._connection()
            connection.send(Submit(sent.number, sent.job))
            for command in sent.untold:
                connection.send(Tell(sent.number, command))

    def _connection(self) -> Handle:
        if self._relay is None:
            arguments = {"address": self._address, "most": self._requests.most, "packages": self._packages}
            job = Job(f"{__name__}:serve", arguments)
            self._generation += 1
            told = partial(self._broken, self._generation)
            self._relay = self._host.submit(job, on_event=self._heard, on_done=lambda _: None, on_error=told)
        return self._relay

    def _withdraw(self, handle: Handle) -> None:
        sent = self._requests.withdraw(handle)
        if sent is not None and self._relay is not None:
            self._relay.send(Cancel(sent.number))

    def _post(self, handle: Handle, command: Any) -> None:
        pickle.dumps(command)
        sent = self._requests.find(handle)
        if sent in self._requests.running and self._relay is not None:
            self._relay.send(Tell(sent.number, command))
        elif sent is not None:
            sent.untold.append(command)

    def _heard(self, said: Said) -> None:
        sent = next((one for one in self._requests.all if one.number == said.number), None)
        if sent is None:
            return
        if said.kind == "event":
            sent.handle.deliver_event(said.value)
            return
        self._requests.end(sent)
        self._go_on()
        if not self._requests.all and self._relay is not None:
            self._relay.send(Leave())
            self._relay = None
        if said.kind == "done":
            sent.handle.deliver_result(said.value)
        elif said.kind == "failed":
            sent.handle.deliver_error(said.value)

    def _broken(self, generation: int, error: Failure) -> None:
        """The cluster cannot be reached, or the process has died: so have all its jobs."""
        if generation != self._generation:
            return  # it had been left already
        self._relay = None
        gone = self._requests.all
        for one in gone:
            self._requests.end(one)
        for one in gone:
            one.handle.deliver_error(error)
