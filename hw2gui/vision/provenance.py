"""Where a shipped model comes from: the JSON file beside its weights, read strictly."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from hw2gui import paths
from hw2gui.errors import InputError, UnavailableError
from hw2gui.session.codec import from_plain, to_plain
from hw2gui.vision.config import VisionConfig

FOLDER = "models"
LICENCE = "CC BY-SA 4.0"
"""Of weights trained on Kuzushiji-MNIST: the licence of its images, in case they count as adapted from them."""


@dataclass(frozen=True)
class Score:
    """The share of ``images`` images of ``what`` (a set and split) that the model gets right."""

    what: str
    images: int
    accuracy: float


@dataclass(frozen=True)
class Provenance:
    """What a shipped model is and how to make it again.

    ``config`` is all that decided its training, ``epoch`` the one kept, ``command`` what makes it again (``note`` says how nearly),
    ``versions`` the packages that trained it, ``sha256`` the sum of the weights' file, whose numbers have the ``precision`` named. Test
    scores were read once, at the end.
    """

    name: str
    title: str
    config: VisionConfig
    epoch: int
    command: str
    versions: tuple[str, ...]
    scores: tuple[Score, ...]
    licence: str
    attribution: str
    precision: str
    sha256: str
    note: str = ""
    format: int = 1

    @property
    def sentence(self) -> str:
        """What it is and what it can do, in words."""
        scores = ", ".join(f"{100 * score.accuracy:.2f} % of {score.images:,} {score.what}" for score in self.scores)
        return f"{self.title}: {self.config.network.parameters:,} parameters, right on {scores}."


def weights_path(name: str) -> Path:
    """The weights of the shipped model *name*."""
    return paths.resource(FOLDER, f"{name}.safetensors")


def shipped() -> tuple[str, ...]:
    """The names of the models that came with the program."""
    return tuple(sorted(path.stem for path in paths.resource(FOLDER).glob("*.json") if weights_path(path.stem).is_file()))


def read(name: str) -> Provenance:
    """The provenance of the shipped model *name*; UnavailableError where its files are damaged or do not belong together."""
    path = weights_path(name)
    try:
        found, digest = _read(path, path.stat().st_mtime_ns, path.with_suffix(".json").stat().st_mtime_ns)
    except (OSError, ValueError, RecursionError, InputError) as error:
        raise UnavailableError(f"the shipped model '{name}' is damaged ({error}): install hw2gui again") from error
    if digest != found.sha256:
        raise UnavailableError(f"the shipped model '{name}' is damaged (its sha256 sum differs): install hw2gui again")
    return found


@lru_cache(maxsize=8)
def _read(path: Path, *_changed: int) -> tuple[Provenance, str]:
    described = path.with_suffix(".json")
    return from_plain(Provenance, json.loads(described.read_text("utf-8")), described.name), sha256(path)


def text(provenance: Provenance) -> str:
    """The file's content."""
    return json.dumps(to_plain(provenance), ensure_ascii=False, indent=1) + "\n"


def sha256(path: Path) -> str:
    """The sum of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
