"""Where a job sits on another machine: an object that runs it, with its folders and data in a place of its own. It knows no cluster."""

from __future__ import annotations

import os
import pickle
import shutil
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hw2gui import __version__
from hw2gui.jobs.child import _picklable
from hw2gui.jobs.job import Job, as_failure, steps
from hw2gui.jobs.mailbox import Commands
from hw2gui.jobs.packing import Changes, Piece, unpack
from hw2gui.jobs.wire import Kind

LOOK_S = 0.5
"""So often, at most, the job's folders are looked through for what to send back, but at once before an event that names files."""

Message = tuple[Kind, bytes]


@dataclass(frozen=True)
class Sent:
    """Changes in the folder that the argument *name* names, on their way back."""

    name: str
    pieces: tuple[Piece, ...]


class Seat:
    """Runs one job after another, each to its end. Every method answers at once but `take`; calls may come from different threads."""

    def __init__(self, cores: int = 1) -> None:
        # Before numpy and torch are imported: more threads than cores make both slower.
        os.environ["OMP_NUM_THREADS"] = str(cores)
        self._place = Path(tempfile.mkdtemp(prefix="hw2gui-"))
        os.environ["HW2GUI_HOME"] = str(self._place / "home")
        os.environ["HW2GUI_DATA"] = str(self._place / "data")
        self._messages: list[Message] = []
        self._changed = threading.Condition()
        self._commands = Commands()
        self._untold: dict[int, bytes] = {}
        self._told = 0

    def version(self) -> str:
        """The program's version here."""
        return __version__

    def begin(self, job: Job, packages: tuple[str, ...], folders: Mapping[str, Sequence[Piece]], data: Mapping[str, bytes]) -> None:
        """Start *job* with its *folders* (by the arguments that name them) and the files of its *data*."""
        with self._changed:
            self._commands, self._untold, self._told, self._messages = Commands(), {}, 0, []
        for name, content in data.items():
            path = self._place / "data" / name
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        places = {}
        shutil.rmtree(self._place / "work", ignore_errors=True)
        for number, (name, pieces) in enumerate(folders.items()):
            places[name] = self._place / "work" / str(number) / Path(str(job.arguments[name])).name
            places[name].mkdir(parents=True)
            unpack(places[name], pieces)
        moved = replace(job, arguments={**job.arguments, **{name: str(place) for name, place in places.items()}})
        threading.Thread(target=self._run, args=(moved, packages, places, self._commands), name="job", daemon=True).start()

    def take(self, seconds: float) -> list[Message]:
        """What there is to say, in order; waits up to *seconds* for something."""
        with self._changed:
            if not self._messages:
                self._changed.wait(seconds)
            said, self._messages = self._messages, []
        return said

    def tell(self, number: int, command: bytes) -> None:
        """Tell the job something; *number* counts what it is told, for calls may overtake each other on the way."""
        with self._changed:
            self._untold[number] = command
            while self._told in self._untold:
                self._commands.put(pickle.loads(self._untold.pop(self._told)))
                self._told += 1

    def cancel(self) -> None:
        """Let the job stop at its next event."""
        self._commands.cancel()

    def leave(self) -> None:
        """Leave nothing behind on the disk."""
        shutil.rmtree(self._place, ignore_errors=True)

    def _run(self, job: Job, packages: tuple[str, ...], places: Mapping[str, Path], commands: Commands) -> None:
        changes = {name: Changes(place) for name, place in places.items()}
        for change in changes.values():
            change.skip()
        looked = time.monotonic()
        try:
            with closing(steps(job, packages, commands)) as work:
                while not commands.cancelled:
                    try:
                        event = next(work)
                    except StopIteration as end:
                        last = (Kind.DONE, pickle.dumps(end.value, protocol=5))
                        break
                    if hasattr(event, "files") or time.monotonic() - looked >= LOOK_S:
                        self._send(changes)
                        looked = time.monotonic()
                    self._post(Kind.EVENT, pickle.dumps(event, protocol=5))
                else:
                    last = (Kind.STOPPED, b"")
        except BaseException as error:
            last = (Kind.FAILED, pickle.dumps(_picklable(as_failure(error)), protocol=5))
        self._send(changes)
        self._post(*last)

    def _send(self, changes: Mapping[str, Changes]) -> None:
        for name, change in changes.items():
            try:
                pieces = tuple(change.pieces())
            except OSError:
                continue  # a file was taken away while it was read: at the next look
            if pieces:
                self._post(Kind.COMMAND, pickle.dumps(Sent(name, pieces), protocol=5))

    def _post(self, kind: Kind, content: bytes) -> None:
        with self._changed:
            self._messages.append((kind, content))
            self._changed.notify_all()


def read(content: bytes) -> Any:
    """What a seat of ours has sent."""
    return pickle.loads(content)
