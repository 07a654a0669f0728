"""The runs there are: list, find, delete and bring back, measure and thin out. Needs no torch."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hw2gui import paths
from hw2gui.errors import InputError, UnavailableError, UserError, shortened
from hw2gui.training.lock import is_locked
from hw2gui.training.run_folder import Header, RunFolder, State, unwritable

TRASH = ".trash"
PRUNED = "pruned-from.txt"
"""In the trash beside weights without their run: when that run was begun, so that they come back to no other."""
_UNFIT = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Listed:
    """One run in a list; *problem* is the sentence why it cannot be opened (then *header* is None)."""

    path: Path
    name: str
    state: State
    header: Header | None
    problem: str = ""


def list_runs(*folders: Path) -> list[Listed]:
    """The runs in *folders* (default: the user's), the newest first, those that cannot be opened last."""
    runs = [_listed(path) for folder in folders or (paths.runs_folder(),) for path in _run_folders(folder)]
    return sorted(runs, key=lambda run: run.header.created if run.header else "", reverse=True)


def find_run(text: str, *folders: Path) -> RunFolder:
    """The run that *text* means: the path of its folder, or the name of one in *folders* (default: the user's).

    Raises `InputError` where there is none or more than one of that name, `UnavailableError` for a damaged one.
    """
    path = Path(text).expanduser()
    if (path / "config.json").exists():
        return RunFolder.open(path)
    found = [run for run in list_runs(*folders) if text in (run.name, run.path.name)]
    if len(found) > 1:
        raise InputError(f"There are {len(found)} runs called {text}: give the folder of one, such as {found[0].path}.")
    if not found:
        where = ", ".join(map(str, folders or (paths.runs_folder(),)))
        raise InputError(f"There is no run '{shortened(text, 200)}', here or in {where}: train one, or give its folder.")
    return RunFolder.open(found[0].path)


def new_folder(title: str, parent: Path | None = None) -> Path:
    """A folder that is not there yet for a run called *title*, in *parent* (default: the user's runs); it is not made."""
    parent = parent or paths.runs_folder()
    stem = _UNFIT.sub("-", title).strip("-.") or "run"
    return _free(parent / stem)


def to_trash(path: Path) -> Path:
    """Move the run in *path* to the trash beside it; answers where it is now. Raises `UnavailableError`, also while it is being trained."""
    if is_locked(path / "lock"):
        raise UnavailableError(f"The run {path.name} is being trained: stop it first.")
    place = path.parent / TRASH / f"{time.time_ns()}"
    try:
        place.mkdir(parents=True)
        return path.rename(place / path.name)
    except FileNotFoundError as error:
        place.rmdir()
        raise UnavailableError(f"There is no run in {path} any more: nothing was deleted.") from error
    except OSError as error:
        raise unwritable(path.parent, error) from error


def restore(trashed: Path) -> Path:
    """Bring back what `to_trash` or `prune` moved to *trashed*; answers the run's folder (beside a newer run of its name, if there is one).

    Raises `UnavailableError` when it is no longer there, or the run is not whose weights were pruned.
    """
    if (trashed / PRUNED).exists():
        return _restore_weights(trashed)
    target = _free(trashed.parents[2] / trashed.name)
    try:
        trashed.rename(target)
        trashed.parent.rmdir()
    except FileNotFoundError as error:
        raise UnavailableError(f"The run {trashed.name} is no longer in the trash: it cannot be brought back.") from error
    except OSError as error:
        raise unwritable(target.parent, error) from error
    return target


def _restore_weights(trashed: Path) -> Path:
    target = trashed.parents[2] / trashed.name
    try:
        created = RunFolder.open(target).header.created
    except UserError:
        created = ""
    if created != (trashed / PRUNED).read_text(encoding="utf-8"):
        raise UnavailableError(f"The run {trashed.name}, whose weights are in the trash, is not there: bring it back first.")
    try:
        for file in trashed.glob("*.safetensors"):
            file.rename(target / file.name)
        shutil.rmtree(trashed.parent)
    except OSError as error:
        raise unwritable(target, error) from error
    return target


def trashed_runs(folder: Path | None = None) -> list[Path]:
    """What is in the trash of *folder* (default: the user's runs) and of the folders of runs in it, the latest first."""
    parent = folder or paths.runs_folder()
    trashes = [parent / TRASH, *(path / TRASH for path in _folders(parent) if not _holds_run(path))]
    places = [place for trash in trashes for place in _folders(trash) if place.name.isdigit()]
    return sorted((path for place in places for path in _folders(place)), key=lambda path: int(path.parent.name), reverse=True)


def empty_trash(folder: Path | None = None, *, older_than_days: float = 0) -> int:
    """Delete for good what has been in the trash for so long; answers the bytes freed. Raises `UnavailableError`."""
    before, freed = time.time_ns() - older_than_days * 86_400e9, 0
    for path in trashed_runs(folder):
        if int(path.parent.name) <= before:
            freed += size_of(path)
            try:
                shutil.rmtree(path.parent)
            except OSError as error:
                raise unwritable(path.parent, error) from error
    return freed


@dataclass(frozen=True)
class Space:
    """Bytes that runs take, those in the trash apart, and bytes that are free where they lie."""

    runs: int
    trash: int
    free: int


def space(folder: Path | None = None) -> Space:
    """The room *folder* (default: the user's runs) takes and leaves."""
    parent = folder or paths.runs_folder()
    there = next(path for path in (parent, *parent.parents) if path.is_dir())
    trash = sum(size_of(path) for path in trashed_runs(folder))
    return Space(sum(size_of(path) for path in _run_folders(parent)), trash, shutil.disk_usage(there).free)


def size_of(path: Path) -> int:
    """Bytes of all files in the folder *path*."""
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def size_text(count: int) -> str:
    """Bytes in kB, MB or GB of a thousand each; empty for none."""
    if not count:
        return ""
    if count >= 1e9:
        return f"{count / 1e9:.1f} GB"
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"


def space_words(space: Space) -> str:
    """What all runs take, whatever their subject, and what room is left."""
    trash = f", the trash {size_text(space.trash)}" if space.trash else ""
    return f"all your runs take {size_text(space.runs) or 'no room'}{trash}; {size_text(space.free) or 'nothing'} is free"


def superfluous(run: RunFolder) -> list[Path]:
    """The files of the weights of all epochs but the chosen, the best and the last. Raises `UnavailableError` for a damaged log."""
    kept = run.epochs_kept
    wanted = {run.state.chosen, run.metrics(steps=False).best_epoch, max(kept, default=0)}
    return [run.epoch_file(epoch) for epoch in kept if epoch not in wanted]


def prune(run: RunFolder, *, keep_checkpoint: bool = True) -> Path | None:
    """Move the `superfluous` weights to the trash, from which `restore` brings them back; answers where they are, None if there were none.

    Without its checkpoint the run can be used but no longer resumed; it goes only where the last epoch's weights are there.
    Raises `UnavailableError` while the run is being trained.
    """
    if is_locked(run.lock_file):
        raise UnavailableError(f"The run {run.name} is being trained: stop it first.")
    files = superfluous(run)
    if not keep_checkpoint and run.state.status == "finished":
        files.append(run.checkpoint_file)
    files = [file for file in files if file.exists()]
    if not files:
        return None
    place = run.path.parent / TRASH / f"{time.time_ns()}" / run.path.name
    try:
        place.mkdir(parents=True)
        (place / PRUNED).write_text(run.header.created, encoding="utf-8")
        for file in files:
            file.rename(place / file.name)
    except OSError as error:
        raise unwritable(run.path, error) from error
    return place


def _listed(path: Path) -> Listed:
    try:
        run = RunFolder.open(path)
    except UserError as error:
        return Listed(path, path.name, State("interrupted"), None, str(error))
    return Listed(path, run.name, run.state, run.header)


def _run_folders(folder: Path) -> Iterator[Path]:
    """Folders that hold a run, or what is left of one; a folder of them (a reproduction's) is looked into."""
    for path in _folders(folder):
        if _holds_run(path):
            yield path
        else:
            yield from filter(_holds_run, _folders(path))


def _holds_run(path: Path) -> bool:
    return any((path / name).exists() for name in ("config.json", "state.json", "checkpoint.safetensors"))


def _folders(folder: Path) -> Iterable[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir() and path.name != TRASH)
    except OSError:
        return []  # not made yet, or not ours to read


def _free(path: Path) -> Path:
    """*path*, or the first of "path-2", "path-3" … that is not there."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}-{number}")
    return free
