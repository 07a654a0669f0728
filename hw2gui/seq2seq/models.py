"""Opening a model by its name: one that came with the program, or a run's folder at an epoch. Torch is imported only by `load`.

Strict: what is damaged, foreign or unfinished is refused with a sentence, and nothing is ever unpickled.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hw2gui.datasets import registry
from hw2gui.errors import InputError, UnavailableError
from hw2gui.seq2seq import provenance
from hw2gui.seq2seq.config import Alphabets, Seq2SeqConfig
from hw2gui.seq2seq.network import Network
from hw2gui.session.codec import from_plain, to_plain
from hw2gui.training import model_files
from hw2gui.training.model_files import run_named, sha256, which
from hw2gui.training.run_folder import RunFolder
from hw2gui.training.runs import find_run, list_runs
from hw2gui.training.weights import read_weights

if TYPE_CHECKING:
    from hw2gui.seq2seq.translator import Translator

DEFAULT = "ar-en"
"""The model everything works on until another is chosen."""

TASK = "seq2seq"
"""What the folder of a run of ours says it holds."""


@dataclass(frozen=True)
class Card:
    """What is known of a model without opening it: its name, its configuration, the epoch opened, and in a sentence what it can do."""

    name: str
    title: str
    config: Seq2SeqConfig
    epoch: int
    words: str

    @property
    def alphabets(self) -> Alphabets:
        """The characters it reads and writes; UnavailableError where the run does not say."""
        if self.config.alphabets is None:
            raise UnavailableError(f"{self.title} does not say which characters it knows: its config.json is damaged; choose another model")
        return self.config.alphabets

    @property
    def network(self) -> Network:
        """Its network."""
        source, target = self.alphabets.vocabularies()
        return Network(len(source), len(target), self.config.model)

    @property
    def attribution(self) -> str:
        """To be shown where its weights or its training texts are; empty for the user's own."""
        known = registry.DATASETS.get(self.config.data)
        return known.attribution if known else ""


@dataclass(frozen=True, eq=False)
class Loaded:
    """A model ready to run; ``version`` differs whenever its weights do."""

    card: Card
    translator: Translator
    version: str


def names() -> tuple[str, ...]:
    """The models that came with the program, the default first."""
    return tuple(sorted(provenance.shipped(), key=lambda name: (name != DEFAULT, name)))


@dataclass(frozen=True)
class Offered:
    """A model to choose: its name, what to call it in a list, and the data it was trained on."""

    name: str
    title: str
    data: str


def available() -> tuple[Offered, ...]:
    """The models there are: those that came with the program, then the user's runs whose weights can be opened, the newest first."""
    offered = [Offered(name, f"{name} ({one.title}, {one.config.model.title})", one.config.data) for name, one in _shipped()]
    for listed in list_runs():
        if listed.header is None or listed.header.task != TASK:
            continue
        run = RunFolder(listed.path, listed.header)
        try:
            config = config_of(run)
            run.weights_file()
        except (InputError, UnavailableError):
            continue
        offered.append(Offered(str(run.path), f"{listed.name} ({config.data}, {config.model.title})", config.data))
    return tuple(offered)


def _shipped() -> list[tuple[str, provenance.Provenance]]:
    """Those that came with the program, but for what is damaged."""
    found = []
    for name in names():
        try:
            found.append((name, provenance.read(name)))
        except UnavailableError:
            continue
    return found


def is_ours(model: str) -> bool:
    """Whether *model* names a shipped model of this subject, or a run that trained one."""
    if model in provenance.shipped():
        return True
    try:
        return find_run(model).header.task == TASK
    except (InputError, UnavailableError):
        return False


def card(model: str, epoch: int | None = None) -> Card:
    """What is known of *model*. InputError for an unknown one or an epoch that was not kept, UnavailableError for a damaged one."""
    if model in provenance.shipped():
        found = provenance.read(model)
        if epoch not in (None, found.epoch):
            raise InputError(f"the shipped model '{model}' holds epoch {found.epoch} alone: leave the epoch out")
        return Card(model, found.title, found.config, found.epoch, found.sentence)
    run = _run(model)
    return _card(run, run.weights_file(which(epoch)))


def version(model: str, epoch: int | None = None) -> str:
    """Differs whenever what *model* stands for does."""
    return model_files.version(weights_path(model, epoch))


def fingerprint(model: str, epoch: int | None = None) -> str:
    """The same for two models exactly when they answer alike: a sum of the weights and of all that says how they are used."""
    known = card(model, epoch)
    told = to_plain((known.config.model, known.alphabets, known.config.max_length, known.config.sentences))
    return hashlib.sha256(f"{sha256(weights_path(model, epoch))} {json.dumps(told)}".encode()).hexdigest()


def epochs(model: str) -> tuple[int, ...]:
    """The epochs of a run whose weights were kept, in order (0: untrained); of a shipped model the one there is."""
    return (card(model).epoch,) if model in provenance.shipped() else _run(model).epochs_kept


def config_of(run: RunFolder) -> Seq2SeqConfig:
    """The configuration *run* was begun with; InputError where it is another subject's or damaged."""
    if run.header.task != TASK:
        raise InputError(f"the run {run.name} is no character model: choose another")
    return from_plain(Seq2SeqConfig, run.header.config, f"{run.path.name}/config.json")


def load(model: str, epoch: int | None = None) -> Loaded:
    """Open *model* (a run's chosen epoch, unless *epoch* says which). InputError and UnavailableError as for `card`."""
    import torch

    from hw2gui.seq2seq.model import build, load_weights
    from hw2gui.seq2seq.translator import Translator

    known, weights = card(model, epoch), read_weights(weights_path(model, epoch))
    made = build(known.network, 0)
    load_weights(made, {name: torch.from_numpy(array.copy()) for name, array in weights.arrays.items()}, known.title)
    return Loaded(known, Translator(made.eval(), *known.alphabets.vocabularies()), version(model, epoch))


def weights_path(model: str, epoch: int | None = None) -> Path:
    """The file its weights are in."""
    return provenance.weights_path(model) if model in provenance.shipped() else _run(model).weights_file(which(epoch))


def _run(model: str) -> RunFolder:
    return run_named(model, TASK, "character model", names())


def _card(run: RunFolder, weights: Path) -> Card:
    config = config_of(run)
    epoch, rates = model_files.measured(run, weights, "_error_rate")
    told = ", ".join(f"{value:.3f} on {name.removesuffix('_error_rate')}" for name, value in rates.items() if value == value)
    words = f"{run.name}, epoch {epoch}, {config.model.title}, trained on {config.data}{f': error rate {told}' if told else ''}."
    return Card(str(run.path), run.name, config, epoch, words)
