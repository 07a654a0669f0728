"""Where a shipped model comes from: the JSON file beside its weights, read strictly."""

from __future__ import annotations

from dataclasses import dataclass

from hw2gui.training.model_files import Shelf
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.data import PUBLISHED, words

FOLDER = ("models",)
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
        scores = ", ".join(f"{100 * score.accuracy:.2f} % of {score.images:,} {_said(score.what)}" for score in self.scores)
        return f"{self.title}: {self.config.network.parameters:,} parameters, right on {scores}."


def _said(what: str) -> str:
    """A set and split as a user would say it: ``kmnist test images`` are KMNIST's."""
    name, _, rest = what.partition(" ")
    return f"{words(name) if name in PUBLISHED else name} {rest}"


SHELF = Shelf(Provenance, FOLDER)
weights_path, shipped, read = SHELF.weights_path, SHELF.names, SHELF.read
