"""A run is a folder. What it holds, and how to read it; only the training process writes more than its name.

``config.json``: the task, its configuration, versions, machine and sums of the data, written once. ``state.json``: running, paused,
stopped, finished or failed, and how far. ``metrics.jsonl``: every batch's loss, every epoch's metrics. ``changes.jsonl``: learning rate
and dropout changed by hand, with their steps. ``samples.jsonl``: what the task showed after each epoch. ``epoch-003.safetensors``: the
weights after an epoch (000: untrained). ``checkpoint.safetensors``: the latest state of everything, to go on from. ``lock``: held while a
process trains here. ``name.txt``: what the user calls it.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Literal, get_args

from hw2gui import __version__, files
from hw2gui.errors import InputError, UnavailableError
from hw2gui.session.codec import LARGEST_WHOLE
from hw2gui.training.lock import Lock, is_locked
from hw2gui.training.metrics import Metrics, read_metrics
from hw2gui.training.weights import Weights, read_weights

FORMAT = "hw2gui run"
VERSION = 1
NAME_FILE = "name.txt"
NAME_LENGTH = 80

MOST_NAME = 4 * NAME_LENGTH + 4
"""Bytes of a name: four a letter, and an end of line."""

MOST_TOLD = 2**24
"""Bytes of a configuration or a state: far more than any has."""
_EPOCH_FILE = re.compile(r"epoch-(\d{3,})\.safetensors")

Status = Literal["new", "running", "paused", "stopped", "finished", "failed", "interrupted"]
Which = int | Literal["chosen", "last", "best"]


@dataclass(frozen=True)
class Header:
    """What a run was begun with. *created* is UTC, in ISO form; *data* maps each data set to the sum of what was read."""

    task: str
    config: Mapping[str, Any]
    created: str
    data: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    machine: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """How far a run is. *interrupted*: it says it is running, but no process is. *chosen* is the epoch a finished run stands for."""

    status: Status = "new"
    step: int = 0
    epoch: int = 0
    chosen: int = 0
    metrics: Mapping[str, float] = field(default_factory=dict)
    sentence: str = ""
    pid: int = 0
    host: str = ""


class RunFolder:
    """The run in the folder *path*, which `create` or `open` has found to be one."""

    def __init__(self, path: Path, header: Header) -> None:
        self.path = path
        self.header = header
        self.metrics_file = path / "metrics.jsonl"
        self.changes_file = path / "changes.jsonl"
        self.samples_file = path / "samples.jsonl"
        self.checkpoint_file = path / "checkpoint.safetensors"
        self.lock_file = path / "lock"

    @classmethod
    def create(cls, path: Path, task: str, config: Mapping[str, Any]) -> RunFolder:
        """Make the folder *path* for a new run of *task*, whose whole configuration is *config* as plain values.

        Raises `InputError` if there is something already, `UnavailableError` if it cannot be made.
        """
        header = Header(task, config, datetime.now(UTC).isoformat(timespec="seconds"), {}, versions(), machine())
        try:
            if path.exists() and (not path.is_dir() or any(path.iterdir())):
                raise InputError(f"{path} is there already: choose another folder, or resume the run in it.")
            path.mkdir(parents=True, exist_ok=True)
            _write_header(path, header)
        except OSError as error:
            raise unwritable(path, error) from error
        return cls(path, header)

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """The run in *path*. Raises `UnavailableError` for anything that is none, is damaged or was made by a newer version."""
        return cls(path, _read_header(path))

    @property
    def name(self) -> str:
        """What the user calls it, else the folder's name."""
        try:
            given = files.read_bytes(self.path / NAME_FILE, MOST_NAME).decode("utf-8").strip()
        except (OSError, ValueError):
            given = ""
        # Whoever made the folder chose both: what a terminal would obey, or a table could not hold, is shown to nobody.
        return given if _is_name(given) else "".join(letter if letter.isprintable() else "�" for letter in self.path.name)

    def rename(self, name: str) -> None:
        """Call it *name*; the folder stays where it is, also while it is being trained. Raises `InputError` and `UnavailableError`."""
        name = name.strip()
        if not _is_name(name):
            raise InputError(f"A run's name is one line of 1 to {NAME_LENGTH} characters: give another name.")
        try:
            files.write_text(self.path / NAME_FILE, name)
        except OSError as error:
            raise unwritable(self.path, error) from error

    @property
    def state(self) -> State:
        """How far it is, as of now. A state that cannot be read says *interrupted*: the checkpoint tells the rest."""
        file = self.path / "state.json"
        try:
            state = State(**json.loads(files.read_bytes(file, MOST_TOLD).decode("utf-8")))
            _check(state)
        except FileNotFoundError:
            return State()
        except (OSError, ValueError, TypeError, RecursionError):
            state = State("interrupted")
        if state.status in ("running", "paused") and not is_locked(self.lock_file):
            return State(**{**asdict(state), "status": "interrupted"})
        return state

    def write_state(self, state: State) -> None:
        """Replace the state. Only for the process that holds the lock. Raises OSError.

        Not synced: after a power cut an old state, or none that can be read, does no harm.
        """
        temporary = self.path / ".state.json"
        temporary.write_text(json.dumps(asdict(state), ensure_ascii=False, indent=1), encoding="utf-8")
        temporary.replace(self.path / "state.json")

    def lock(self) -> Lock:
        """The lock to take before training here."""
        return Lock(self.lock_file)

    def metrics(self, *, steps: bool = True) -> Metrics:
        """All that was measured so far; without *steps*, after its epochs alone. Raises `UnavailableError` for a damaged log."""
        return read_metrics(self.path, steps=steps)

    @property
    def epochs_kept(self) -> tuple[int, ...]:
        """The epochs whose weights are there, in order; 0 is the untrained network."""
        found = (_EPOCH_FILE.fullmatch(file.name) for file in self.path.iterdir())
        return tuple(sorted(int(match[1]) for match in found if match))

    def epoch_file(self, epoch: int) -> Path:
        """Where the weights after *epoch* are, if they were kept."""
        return self.path / f"epoch-{epoch:03d}.safetensors"

    def weights_file(self, which: Which = "chosen") -> Path:
        """The file of the weights after an epoch, of the best epoch, of the last state, or of what the run stands for.

        A run that is not finished stands for its last state. Raises `InputError` when they were not kept.
        """
        kept = self.epochs_kept
        state = self.state
        if which == "chosen" and state.status == "finished" and state.chosen in kept:
            return self.epoch_file(state.chosen)
        if which == "best":
            which = self.metrics(steps=False).best_epoch
        if which in ("chosen", "last"):
            if self.checkpoint_file.exists():
                return self.checkpoint_file
            which = max(kept, default=0)
        if which not in kept:
            held = f"there are those of epoch {', '.join(map(str, kept))}" if kept else "it has none yet; train it first"
            raise InputError(f"The run {self.name} has no weights of epoch {which}: {held}.")
        assert isinstance(which, int)
        return self.epoch_file(which)

    def weights(self, which: Which = "chosen") -> Weights:
        """Read those weights (`weights_file`). Needs no torch. Raises `InputError` and `UnavailableError`."""
        return read_weights(self.weights_file(which))

    def settle_data(self, data: Mapping[str, str]) -> None:
        """Note the sums of the data on the first start; raise `InputError` when a resumed run finds other data. Also raises OSError."""
        known = self.header.data
        if not known and data:
            self.header = Header(**{**asdict(self.header), "data": dict(data)})
            _write_header(self.path, self.header)
        elif dict(known) != dict(data):
            other = next(name for name in sorted({*known, *data}) if known.get(name) != data.get(name))
            raise InputError(f"The data of {other} are not those this run was begun with: put them back, or begin a new run.")


def _check(state: State) -> None:
    """Raise ValueError where a value is of another kind than ours are."""
    if state.status not in get_args(Status):
        raise ValueError(state.status)
    for count in (state.step, state.epoch, state.chosen, state.pid):
        if type(count) is not int or not 0 <= count <= LARGEST_WHOLE:
            raise ValueError(count)
    if not (isinstance(state.sentence, str) and isinstance(state.host, str) and isinstance(state.metrics, dict)):
        raise ValueError(state)
    for value in state.metrics.values():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(value)


def _is_name(name: str) -> bool:
    return bool(name) and len(name) <= NAME_LENGTH and name.isprintable()


def unwritable(path: Path, error: OSError) -> UnavailableError:
    """The sentence for a folder of runs that cannot be written."""
    return UnavailableError(f"{path} cannot be written ({error.strerror or error}): free some space, or choose another folder.")


def versions() -> dict[str, str]:
    """The versions that decide what numbers come out."""
    return {
        "hw2gui": __version__,
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in ("torch", "numpy", "safetensors")},
    }


def machine() -> dict[str, str | int]:
    """The kind of machine this is; nothing that names it."""
    return {"system": sys.platform, "architecture": platform.machine(), "cores": os.cpu_count() or 1}


def _write_header(path: Path, header: Header) -> None:
    files.write_json(path / "config.json", {"format": FORMAT, "version": VERSION, **asdict(header)})


def _read_header(path: Path) -> Header:
    file = path / "config.json"
    try:
        plain = json.loads(files.read_bytes(file, MOST_TOLD).decode("utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UnavailableError(f"There is no run in {path}: choose a folder that 'hw2gui train' or the window has made.") from error
    except OSError as error:
        raise UnavailableError(f"{file} cannot be read ({error.strerror}): check the folder's permissions.") from error
    except (ValueError, RecursionError) as error:
        raise UnavailableError(f"{file} is damaged: put it back from a copy, or delete the run.") from error
    if not isinstance(plain, dict) or plain.pop("format", None) != FORMAT:
        raise UnavailableError(f"{path} is not a run of hw2gui: choose another folder.")
    version = plain.pop("version", None)
    if not isinstance(version, int) or version > VERSION:
        raise UnavailableError(f"The run in {path} was made by a newer version of hw2gui: update hw2gui to open it.")
    try:
        header = Header(**plain)
        datetime.fromisoformat(header.created)
        tables = (header.config, header.data, header.versions, header.machine)
        if not isinstance(header.task, str) or not all(isinstance(table, dict) for table in tables):
            raise ValueError(header)
    except (TypeError, ValueError) as error:
        raise UnavailableError(f"{file} is damaged: put it back from a copy, or delete the run.") from error
    return header
