from __future__ import annotations

import os
import queue
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hw2gui.jobs import Handle, InlineRunner, Job, ProcessRunner, WarmWorker
from hw2gui.jobs.cluster import RayRunner
from hw2gui.jobs.relay import RelayRunner
from tests.jobs.nodes import Cluster

PACKAGES = ("hw2gui", "tests")

posix = pytest.mark.skipif(os.name != "posix", reason="kills processes by signals")


def wait(condition: Callable[[], object], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


def running(pid: int) -> bool:
    """Whether there is such a process and it has not ended (a zombie nobody has reaped has)."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self").exists():
        return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def call(name: str, **arguments: Any) -> Job:
    """A job of tests/jobs/functions.py."""
    return Job(f"tests.jobs.functions:{name}", arguments)


@dataclass
class Loop:
    """A small event loop: runners deliver into it, the test turns it until something is so."""

    calls: queue.SimpleQueue[Callable[[], None]] = field(default_factory=queue.SimpleQueue)

    def deliver(self, call: Callable[[], None]) -> None:
        self.calls.put(call)

    def until(self, condition: Callable[[], object], seconds: float = 120.0) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "waited in vain"
            self.turn(0.02)

    def wait_for_a_call(self, seconds: float = 30.0) -> None:
        """Wait until something is to be called, without calling it."""
        end = time.monotonic() + seconds
        while self.calls.empty():
            assert time.monotonic() < end, "waited in vain"
            time.sleep(0.001)

    def turn(self, seconds: float = 0.0) -> None:
        """Make the next call, waiting for it a little."""
        try:
            call = self.calls.get(timeout=seconds) if seconds else self.calls.get_nowait()
        except queue.Empty:
            return
        call()


@dataclass
class Heard:
    """What one submitted job delivered, in order."""

    events: list[Any] = field(default_factory=list)
    results: list[Any] = field(default_factory=list)
    errors: list[Any] = field(default_factory=list)
    then: Callable[[Any], None] | None = None  # also called with each event

    def event(self, event: Any) -> None:
        self.events.append(event)
        if self.then:
            self.then(event)

    @property
    def ended(self) -> bool:
        return bool(self.results or self.errors)

    @property
    def nothing(self) -> bool:
        return not (self.events or self.ended)


@dataclass
class Lab:
    """A runner and the loop it delivers into."""

    runner: Any
    """Any `Runner`; what only some of them have is asked of those."""
    loop: Loop

    def submit(self, job: Job, heard: Heard | None = None, replaces: object = None) -> tuple[Handle, Heard]:
        heard = heard or Heard()
        handle = self.runner.submit(
            job, on_event=heard.event, on_done=heard.results.append, on_error=heard.errors.append, replaces=replaces
        )
        return handle, heard

    def run(self, job: Job) -> Heard:
        """Run *job* to its end."""
        _, heard = self.submit(job)
        self.loop.until(lambda: heard.ended)
        return heard


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A Ray cluster of two nodes, and this process connected to it; skipped where Ray is not installed."""
    ray = pytest.importorskip("ray", reason="Ray is not installed (the extra cluster)")
    with Cluster() as started:
        started.add()
        started.add()
        yield started
        ray.shutdown()


@pytest.fixture(params=["inline", "warm worker", "process", "kept process", "cluster", "relay"])
def lab(request: pytest.FixtureRequest) -> Iterator[Lab]:
    """Every way a job can run; each must pass tests/jobs/test_contract.py."""
    loop = Loop()
    host = None
    if request.param in ("cluster", "relay"):
        address = request.getfixturevalue("cluster").address
    kinds = {
        "inline": lambda: InlineRunner(loop.deliver, packages=PACKAGES),
        "warm worker": lambda: _worker(loop),
        "process": lambda: ProcessRunner(loop.deliver, packages=PACKAGES),
        "kept process": lambda: ProcessRunner(loop.deliver, packages=PACKAGES, kept=True),
        "cluster": lambda: RayRunner(address, loop.deliver, packages=PACKAGES),
    }
    if request.param == "relay":
        host = ProcessRunner(loop.deliver, packages=("hw2gui",))
        kinds["relay"] = lambda: RelayRunner(host, address, packages=PACKAGES)
    runner: Any = kinds[request.param]()
    yield Lab(runner, loop)
    runner.close()
    if host is not None:
        host.close()


@pytest.fixture
def worker_lab() -> Iterator[Lab]:
    """The warm worker, without torch for speed."""
    loop = Loop()
    runner = _worker(loop)
    yield Lab(runner, loop)
    runner.close()


@pytest.fixture
def process_lab() -> Iterator[Lab]:
    """A process for each job, two at a time."""
    loop = Loop()
    runner = ProcessRunner(loop.deliver, most=2, packages=PACKAGES)
    yield Lab(runner, loop)
    runner.close()


def _worker(loop: Loop) -> WarmWorker:
    return WarmWorker(loop.deliver, packages=PACKAGES, warm=())
