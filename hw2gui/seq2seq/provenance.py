"""Where a shipped model comes from: the JSON file beside its weights, read strictly."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from hw2gui import paths
from hw2gui.errors import InputError, UnavailableError
from hw2gui.seq2seq.config import Seq2SeqConfig
from hw2gui.session.codec import from_plain, to_plain

FOLDER = ("models", "seq2seq")


@dataclass(frozen=True)
class Score:
    """How good the model is on ``n`` pairs of a split with a beam of ``beam`` (1: greedy)."""

    split: str
    n: int
    beam: int
    error_rate: float
    cer: float
    exact_match: float


@dataclass(frozen=True)
class Provenance:
    """What a shipped model is and how to make it again.

    ``config`` is all that decided its training, ``epoch`` the one kept, ``command`` what makes it again, ``versions`` the packages that
    trained it, ``sha256`` the sum of the weights' file, whose numbers have the ``precision`` named. Test scores were read once, at the end.
    """

    name: str
    title: str
    config: Seq2SeqConfig
    epoch: int
    command: str
    versions: tuple[str, ...]
    scores: tuple[Score, ...]
    attribution: str
    citation: str
    precision: str
    sha256: str
    format: int = 1

    @property
    def sentence(self) -> str:
        """What it is and what it can do, in words."""
        told = [
            f"{one.error_rate:.3f} with {'greedy' if one.beam == 1 else f'beam {one.beam}'}" for one in self.scores if one.split == "test"
        ]
        counts = {one.n for one in self.scores if one.split == "test"}
        where = f" on {max(counts):,} test pairs" if counts else ""
        return f"{self.title}, {self.config.model.title}: error rate {', '.join(told)}{where}."


def weights_path(name: str) -> Path:
    """The weights of the shipped model *name*."""
    return paths.resource(*FOLDER, f"{name}.safetensors")


def shipped() -> tuple[str, ...]:
    """The names of the models that came with the program."""
    return tuple(sorted(path.stem for path in paths.resource(*FOLDER).glob("*.json") if weights_path(path.stem).is_file()))


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
