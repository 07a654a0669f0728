"""Jobs on a Ray cluster, by the interface of all runners. Where and when each runs is Ray's business; here it is packed, sent and heard.

No disk is shared: the folders and data a job names as its luggage travel with it, and what it writes comes back into the same folders
while it runs. When the machine of a job with folders is lost, the job is begun again elsewhere from what had come back.
"""

from __future__ import annotations

import logging
import pickle
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from hw2gui import __version__
from hw2gui.errors import UnavailableError
from hw2gui.jobs.address import connect
from hw2gui.jobs.job import PACKAGES, Job
from hw2gui.jobs.packing import pack, unpack
from hw2gui.jobs.requests import Request
from hw2gui.jobs.runner import Deliver, Handle, at_once, report_callback_error
from hw2gui.jobs.seat import Seat, read
from hw2gui.jobs.spawn import reaction
from hw2gui.jobs.threaded import Last, ThreadedRunner
from hw2gui.jobs.wire import Kind

LOOK_S = 0.1
"""So often a thread that waits for a machine looks whether its job is still wanted."""
TAKE_S = 5.0
"""So long a job is asked to wait for something to say."""
GRACE_S = 0.5
"""So long a cancelled job may take to stop by itself."""
MOST_LOST = 5
"""So many machines may be lost under one job."""

log = logging.getLogger(__name__)


class _LostError(Exception):
    """The machine of a job is gone."""


@dataclass(eq=False)
class _Work(Request):
    """A job from its submission to its end."""

    job: Job
    seat: Any = None
    told: int = 0
    began: bool = False
    unsent: list[bytes] = field(default_factory=list)
    cancelled: threading.Event = field(default_factory=threading.Event)

    def tell(self, *messages: bytes) -> None:
        """Send *messages* as soon as the job is there. Under the runner's lock."""
        self.unsent.extend(messages)
        while self.seat is not None and self.unsent:
            self.seat.tell.remote(self.told, self.unsent.pop(0))
            self.told += 1


class RayRunner(ThreadedRunner[_Work]):
    """Hands jobs to the Ray cluster at *address* ("host:port", "ray://host:10001", or "auto" for one this machine belongs to).

    At most *most* are handed over at a time, in the order submitted. Each machine of the cluster needs this version of the program.
    Raises `UnavailableError`, one sentence, where there is no Ray here or no cluster there.
    """

    def __init__(self, address: str, deliver: Deliver | None = None, *, most: int = 1, packages: tuple[str, ...] = PACKAGES) -> None:
        self._ray = connect(address)
        super().__init__(most, packages, "cluster job")
        self._deliver: Deliver = deliver or at_once
        self._data: dict[str, Any] = {}
        self._free: list[tuple[int, Any]] = []

    def close(self) -> None:
        """Cancel everything; the cluster goes on for others."""
        super().close()
        self._let_go()

    def _accept(self, job: Job, handle: Handle, key: Hashable | None) -> _Work:
        return _Work(handle, key, pickle.loads(pickle.dumps(job)))

    def _stop(self, work: _Work) -> None:
        work.cancelled.set()

    def _tell(self, work: _Work, command: Any) -> Callable[[], None]:
        return partial(work.tell, pickle.dumps(command))

    def _deliver_last(self, work: _Work, last: Last) -> None:
        self._hand_over(last)

    # On the job's own thread.

    def _let_go(self) -> None:
        """Give back the places that no job waits for."""
        with self._requests.lock:
            wanted = self._requests.waiting and not self._requests.closed
            free, self._free = ([], self._free) if wanted else (self._free, [])
        for _, seat in free:
            self._end(seat)

    def _serve(self, work: _Work) -> Last | None:
        """Run *work*, on another machine if the first is lost; answers how to tell its end, None where it was cancelled."""
        for lost in range(MOST_LOST):
            try:
                return self._attempt(work)
            except _LostError as error:
                began = work.began
                log.info("a machine of the cluster was lost under %s: %s", work.job.function, error)
                if work.cancelled.is_set():
                    return None
                if began and not work.job.luggage.folders:
                    sentence = "The machine this work ran on was lost, and with it the work: try again."
                    return partial(work.handle.deliver_error, UnavailableError(sentence))
                time.sleep(min(1.0, 0.1 * 2**lost))
        sentence = f"{MOST_LOST} machines were lost under this work, one after the other; what had come back is kept: go on from there."
        return partial(work.handle.deliver_error, UnavailableError(sentence))

    def _attempt(self, work: _Work) -> Last | None:
        luggage = work.job.luggage
        work.began = False
        seat = self._seat(luggage.cores)
        last: Last | None = None
        try:
            version = self._wait(work, seat.version.remote())
            if version is None:
                return None
            if version != __version__:
                told = f"The cluster has hw2gui {version}, this computer {__version__}: install the same version there."
                raise UnavailableError(told)
            folders = {name: pack(Path(str(work.job.arguments[name]))) for name in luggage.folders}
            begun = seat.begin.remote(work.job, self._packages, folders, self._data_of(work.job))
            if self._wait(work, begun, wanted=False) is None:
                return None
            work.began = True
            with self._requests.lock:
                work.seat, work.told = seat, 0
                work.tell()
            last = self._listen(work, seat)
            return last
        finally:
            with self._requests.lock:
                work.seat = None
                # A job that was stopped may be deep in something: its place is given up. One that ended leaves it to the next.
                kept = last is not None and not self._requests.closed and bool(self._requests.waiting)
                if kept:
                    self._free.append((luggage.cores, seat))
            if not kept:
                self._end(seat)

    def _seat(self, cores: int) -> Any:
        """A place for a job: one that is free, else a new one, which Ray finds when there is room."""
        with self._requests.lock:
            found = next((one for one in self._free if one[0] == cores), None)
            if found is not None:
                self._free.remove(found)
                return found[1]
        return self._ray.remote(Seat).options(num_cpus=cores, max_concurrency=4, max_restarts=0).remote(cores)

    def _data_of(self, job: Job) -> Any:
        """The files of a job's data, put into the cluster once."""
        files = job.luggage.data
        key = repr(sorted(files.items()))
        if key not in self._data:
            self._data[key] = self._ray.put({name: Path(path).read_bytes() for name, path in files.items()})
        return self._data[key]

    def _listen(self, work: _Work, seat: Any) -> Last | None:
        """Take what the job says until its last word."""
        asked = False
        end = float("inf")
        while time.monotonic() < end:
            messages = self._wait(work, seat.take.remote(TAKE_S), until=end)
            for kind, content in messages or ():
                if kind is Kind.COMMAND:
                    sent = read(content)
                    unpack(Path(str(work.job.arguments[sent.name])), sent.pieces)
                elif kind is Kind.STOPPED:
                    return None
                elif kind is Kind.EVENT:
                    if work.handle.active:
                        self._hand_over(reaction(kind, work.handle, memoryview(content)))
                else:
                    return reaction(kind, work.handle, memoryview(content))
            if work.cancelled.is_set() and not asked:
                asked, end = True, time.monotonic() + GRACE_S
                seat.cancel.remote()
        return None

    def _wait(self, work: _Work, answer: Any, *, wanted: bool = True, until: float = float("inf")) -> Any:
        """The value of *answer*; None once the job is cancelled before it comes (or, in its grace, at *until*).

        With *wanted* off an answer None is told from that by True. Raises `_LostError` where the machine is gone.
        """
        ray = self._ray
        granted = until < float("inf")
        while True:
            try:
                ready, _ = ray.wait([answer], timeout=LOOK_S)
                if ready:
                    value = ray.get(answer)
                    return value if wanted else True
            except ray.exceptions.RayActorError as error:
                raise _LostError(str(error)) from error
            except ray.exceptions.RayTaskError as error:
                raise _unpacked(error) from error
            except (ray.exceptions.ObjectLostError, ray.exceptions.RaySystemError) as error:
                raise _LostError(str(error)) from error
            if work.cancelled.is_set() and not (granted and time.monotonic() < until):
                return None

    def _end(self, seat: Any) -> None:
        """Leave the machine; whatever the job does there ends."""
        try:
            self._ray.wait([seat.leave.remote()], timeout=GRACE_S)
            self._ray.kill(seat)
        except Exception:
            log.debug("the machine was gone already", exc_info=True)

    def _hand_over(self, call: Callable[[], None]) -> None:
        try:
            self._deliver(call)
        except Exception:
            report_callback_error()


def _unpacked(error: Any) -> Exception:
    """What was raised on the other machine."""
    cause = getattr(error, "cause", None)
    if isinstance(cause, ModuleNotFoundError):
        return UnavailableError(f"A machine of the cluster lacks {cause.name}: install hw2gui {__version__} there, with the extra cluster.")
    found: Exception = cause if isinstance(cause, Exception) else error
    return found
