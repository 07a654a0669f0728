"""Opening a model by its name: one that came with the program, or a run's folder at an epoch. Torch is imported only by `load`.

Strict: what is damaged, foreign or unfinished is refused with a sentence, and nothing is ever unpickled.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from hw2gui.errors import InputError
from hw2gui.session.codec import from_plain
from hw2gui.training import model_files
from hw2gui.training.model_files import run_named, which
from hw2gui.training.run_folder import NAME_FILE, RunFolder
from hw2gui.training.weights import read_weights
from hw2gui.vision import data, provenance
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.ink import Norms
from hw2gui.vision.network import Network

if TYPE_CHECKING:
    from torch import nn

DEFAULT = "shipped"
"""The model everything works on until another is chosen."""

TASK = "cnn"
"""What the folder of a character network's run says it holds."""


@dataclass(frozen=True)
class Card:
    """What is known of a model without opening it: its name, its configuration, the epoch opened, and in a sentence what it can do."""

    name: str
    title: str
    config: VisionConfig
    epoch: int
    words: str

    @property
    def network(self) -> Network:
        """Its network."""
        return self.config.network

    @property
    def norms(self) -> Norms:
        """What a drawing is brought to for it."""
        return data.norms(self.config.data)

    @property
    def attribution(self) -> str:
        """To be shown where its weights or its training images are."""
        return data.attribution(self.config.data)


@dataclass(frozen=True)
class Epochs:
    """The epochs of a model whose weights were kept, in order (0: untrained), and what was measured after each (NaN: nothing).

    ``chosen`` is the epoch it stands for, ``measure`` the name of what was measured.
    """

    model: str
    kept: tuple[int, ...]
    chosen: int
    accuracies: tuple[float, ...]
    measure: str = "validation"


@dataclass(frozen=True, eq=False)
class Loaded:
    """A model ready to run, in evaluation mode; ``version`` differs whenever its weights do."""

    card: Card
    module: nn.Sequential
    version: str

    @property
    def network(self) -> Network:
        """Its network."""
        return self.card.network

    @property
    def permutation(self) -> int | None:
        """The seed of the pixel permutation it was trained on."""
        return self.card.config.permutation


def names() -> tuple[str, ...]:
    """The models that came with the program, the default first."""
    return tuple(sorted(provenance.shipped(), key=lambda name: (name != DEFAULT, name)))


def card(model: str, epoch: int | None = None) -> Card:
    """What is known of *model*. InputError for an unknown one or an epoch that was not kept, UnavailableError for a damaged one."""
    if model in provenance.shipped():
        found = provenance.read(model)
        if epoch not in (None, found.epoch):
            raise InputError(f"the shipped model '{model}' holds epoch {found.epoch} alone: leave the epoch out")
        return Card(model, found.title, found.config, found.epoch, found.sentence)
    run = _run(model)
    weights = run.weights_file(which(epoch))
    changed = tuple(_changed(path) for path in (run.path / "config.json", run.path / "state.json", run.path / NAME_FILE, weights))
    return _card(run.path, weights, changed)


def words(model: str, epoch: int | None = None) -> str:
    """In a sentence what *model* is and what it can do."""
    return card(model, epoch).words


def version(model: str, epoch: int | None = None) -> str:
    """Differs whenever what *model* stands for does."""
    return model_files.version(weights_path(model, epoch))


def epochs(model: str) -> tuple[int, ...]:
    """The epochs of a run whose weights were kept, in order (0: untrained); of a shipped model the one there is."""
    return (card(model).epoch,) if model in provenance.shipped() else _run(model).epochs_kept


def named_by(path: Path) -> tuple[str, int | None]:
    """The model, and its epoch if it says which, that the file *path* is part of: a run's config.json, checkpoint or weights.

    InputError for a file that is part of no run.
    """
    if path.is_dir() or path.name == "config.json":
        return str(path if path.is_dir() else path.parent), None
    if not (path.parent / "config.json").exists():
        raise InputError(f"{path.name} is no part of a run (there is no config.json beside it): choose a file in a run's folder")
    return str(path.parent), model_files.epoch_in(path.name)


def epochs_of(model: str) -> Epochs:
    """The same with what was measured after each. InputError and UnavailableError as for `card`."""
    known = card(model)
    if model in provenance.shipped():
        return Epochs(model, (known.epoch,), known.epoch, (float("nan"),))
    run = _run(model)
    measured = run.metrics(steps=False)
    column = measured.epoch_metrics.get("validation_accuracy")
    at = {int(epoch): float(value) for epoch, value in zip(measured.epochs, column, strict=True)} if column is not None else {}
    kept = run.epochs_kept
    return Epochs(model, kept, known.epoch, tuple(at.get(epoch, float("nan")) for epoch in kept))


def load(model: str, epoch: int | None = None) -> Loaded:
    """Open *model* (a run's chosen epoch, unless *epoch* says which). InputError and UnavailableError as for `card`."""
    import torch

    from hw2gui.vision.model import build, load_weights

    known, weights = card(model, epoch), read_weights(weights_path(model, epoch))
    module = build(known.network, 0)
    load_weights(module, {name: torch.from_numpy(array.copy()) for name, array in weights.arrays.items()}, known.title)
    return Loaded(known, module.eval(), version(model, epoch))


def weights_path(model: str, epoch: int | None) -> Path:
    """The file the weights of *model* are in."""
    return provenance.weights_path(model) if model in provenance.shipped() else _run(model).weights_file(which(epoch))


def _run(model: str) -> RunFolder:
    return run_named(model, TASK, "character network", names())


@lru_cache(maxsize=64)
def _card(path: Path, weights: Path, _changed: tuple[int, ...]) -> Card:
    """Asked for at every stroke of the pen, while a run's log takes its time: read again only when one of the files has changed."""
    run = RunFolder.open(path)
    config = from_plain(VisionConfig, run.header.config, f"{run.path.name}/config.json")
    epoch, accuracies = model_files.measured(run, weights, "_accuracy")
    told = ", ".join(f"{100 * value:.2f} % on {name.removesuffix('_accuracy')}" for name, value in accuracies.items() if value == value)
    trained = f"{config.network.parameters:,} parameters, trained on {data.words(config.data)}"
    sentence = f"{run.name}, epoch {epoch}: {trained}{f': {told}' if told else ''}."
    return Card(str(run.path), run.name, config, epoch, sentence)


def _changed(path: Path) -> int:
    """When *path* was written last, 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
