"""Which files a model's name stands for: one that came with the program, with where it is from beside it, or a run of the user's."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from hw2gui import paths
from hw2gui.errors import InputError, UnavailableError
from hw2gui.session.codec import from_plain, to_plain
from hw2gui.training.run_folder import RunFolder, Which
from hw2gui.training.runs import find_run

_EPOCH_FILE = re.compile(r"epoch-(\d+)\.safetensors")


class Described(Protocol):
    """What every file beside shipped weights says."""

    @property
    def sha256(self) -> str:
        """The sum of the weights' file."""
        ...


P = TypeVar("P", bound=Described)


@dataclass(frozen=True)
class Shelf(Generic[P]):
    """The models of one kind that came with the program: in *folder*, weights and a JSON file of the *kind* beside them."""

    kind: type[P]
    folder: tuple[str, ...]

    def weights_path(self, name: str) -> Path:
        """The weights of the shipped model *name*."""
        return paths.resource(*self.folder, f"{name}.safetensors")

    def names(self) -> tuple[str, ...]:
        """The names of the models that came with the program."""
        found = paths.resource(*self.folder).glob("*.json")
        return tuple(sorted(path.stem for path in found if self.weights_path(path.stem).is_file()))

    def read(self, name: str) -> P:
        """Where the shipped model *name* is from; UnavailableError where its files are damaged or do not belong together."""
        path = self.weights_path(name)
        try:
            changed = path.stat().st_mtime_ns, path.with_suffix(".json").stat().st_mtime_ns
            found, digest = _read(self.kind, path, *changed)
        except (OSError, ValueError, RecursionError, InputError) as error:
            raise UnavailableError(f"the shipped model '{name}' is damaged ({error}): install hw2gui again") from error
        if digest != found.sha256:
            raise UnavailableError(f"the shipped model '{name}' is damaged (its sha256 sum differs): install hw2gui again")
        own: P = found
        return own


def described(one: Described) -> str:
    """The content of the file beside the weights."""
    return json.dumps(to_plain(one), ensure_ascii=False, indent=1) + "\n"


@lru_cache(maxsize=16)
def _read(kind: type[Any], path: Path, *_changed: int) -> tuple[Any, str]:
    beside = path.with_suffix(".json")
    return from_plain(kind, json.loads(beside.read_text("utf-8")), beside.name), sha256(path)


class NoSuchModelError(InputError):
    """No model is called *model*; *shipped* are those that could have been meant."""

    def __init__(self, model: str, shipped: Sequence[str]) -> None:
        known = f" or one of {', '.join(shipped)}" if shipped else ""
        super().__init__(f"there is no model '{model[:80]}': choose a run's folder{known}")
        self.shipped = tuple(shipped)


def run_named(model: str, task: str, kind: str, shipped: Sequence[str]) -> RunFolder:
    """The run *model* names. InputError where there is none (*shipped* are other models to name), or one that is no *kind* (of *task*)."""
    try:
        run = find_run(model)
    except InputError as error:
        raise NoSuchModelError(model, shipped) from error
    if run.header.task != task:
        raise InputError(f"the run {run.name} is no {kind}: choose another")
    return run


def measured(run: RunFolder, weights: Path, ending: str) -> tuple[int, dict[str, float]]:
    """The epoch that *weights* of *run* are of, and what was measured after it under names that end in *ending*, test scores too where
    the run stands for it.
    """
    state, metrics = run.state, run.metrics(steps=False)
    named = epoch_in(weights.name)
    epoch = state.epoch if named is None else named
    epochs = metrics.epochs.tolist()
    values: dict[str, float] = {}
    if epoch in epochs:
        at = epochs.index(epoch)
        values = {name: float(column[at]) for name, column in metrics.epoch_metrics.items() if name.endswith(ending)}
    if state.status == "finished" and epoch == state.chosen:
        values |= {name: float(value) for name, value in state.metrics.items() if name.endswith(ending)}
    return epoch, values


def epoch_in(name: str) -> int | None:
    """The epoch in the name of a file of weights; None where it says none."""
    found = _EPOCH_FILE.fullmatch(name)
    return int(found[1]) if found else None


def which(epoch: int | None) -> Which:
    """The weights of *epoch*; None: of the one the run stands for."""
    return "chosen" if epoch is None else epoch


def version(path: Path) -> str:
    """Differs whenever the file does. OSError where it is gone."""
    status = path.stat()
    return f"{path}:{status.st_mtime_ns}:{status.st_size}"


def sha256(path: Path) -> str:
    """The sum of a file, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
