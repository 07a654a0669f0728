"""Where a shipped model comes from: the JSON file beside its weights, read strictly."""

from __future__ import annotations

from dataclasses import dataclass

from hw2gui.seq2seq.config import Seq2SeqConfig
from hw2gui.training.model_files import Shelf

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


SHELF = Shelf(Provenance, FOLDER)
weights_path, shipped, read = SHELF.weights_path, SHELF.names, SHELF.read
