"""The user's own labelled drawings, one small file each, kept as strokes so that they can be prepared for any network."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from hw2gui import files, paths
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.errors import InputError, UnavailableError
from hw2gui.session.codec import from_plain, to_plain
from hw2gui.vision.data import Samples, stacked
from hw2gui.vision.drawing import prepare
from hw2gui.vision.ink import DRAWN
from hw2gui.vision.pen import Drawing

LARGEST_FILE = 8 << 20


@dataclass(frozen=True)
class Labelled:
    """A drawing and the class (0 to 9) its author gave it."""

    label: int
    drawing: Drawing

    def __post_init__(self) -> None:
        if not 0 <= self.label < len(CLASSES):
            raise InputError(f"there is no class {self.label}: choose one of the ten characters")

    @property
    def digest(self) -> str:
        """Its name on disk: the same drawing with the same label has the same."""
        return hashlib.sha256(json.dumps(to_plain(self)).encode()).hexdigest()[:16]


def folder() -> Path:
    """Where they lie: a folder for each class, by its romaji."""
    return paths.data_folder() / "drawings"


def path_of(labelled: Labelled) -> Path:
    """The file *labelled* has or would have."""
    return folder() / CLASSES[labelled.label].romaji / f"{labelled.digest}.json"


def keep(drawing: Drawing, label: int) -> Labelled:
    """Keep *drawing* under *label*. InputError for an empty one, UnavailableError when the disk refuses."""
    if prepare(drawing) is None:
        raise InputError("the pad is empty: draw a character first")
    labelled = Labelled(label, drawing)
    try:
        files.write_json(path_of(labelled), to_plain(labelled))
    except OSError as error:
        raise UnavailableError(f"the drawing cannot be kept in {folder()} ({error.strerror or error}): make room there") from error
    return labelled


def forget(labelled: Labelled) -> None:
    """Take *labelled* out again; `keep` brings it back."""
    path_of(labelled).unlink(missing_ok=True)


def everything() -> tuple[Labelled, ...]:
    """All kept drawings, by class, then by name. UnavailableError for a file that is damaged."""
    found = (path for character in CLASSES for path in sorted((folder() / character.romaji).glob("*.json")))
    return tuple(_read(path, path.stat().st_mtime_ns) for path in found if not files.is_temporary(path))


def samples() -> Samples:
    """All kept drawings, each prepared for a network that knows published and built-in characters."""
    kept = everything()
    prepared = [prepare(one.drawing, DRAWN) for one in kept]
    return stacked([one.pixels for one in prepared if one], [one.label for one, done in zip(kept, prepared, strict=True) if done])


@lru_cache(maxsize=4096)
def _read(path: Path, _changed: int) -> Labelled:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputError(f"it has more than {LARGEST_FILE >> 20} MiB")
        return from_plain(Labelled, json.loads(path.read_text("utf-8")), path.name)
    except (OSError, ValueError, RecursionError, InputError) as error:
        raise UnavailableError(f"the kept drawing {path} is damaged ({error}): delete it and draw it again") from error
