"""Everything that decides a training run of a character model: what `hw2gui.session.codec` writes into its folder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from hw2gui.datasets.tsv import TableChoice
from hw2gui.errors import InputError
from hw2gui.seq2seq.network import ModelConfig
from hw2gui.seq2seq.results import LARGEST_MAX_LENGTH, MAX_LENGTH
from hw2gui.seq2seq.vocabulary import Vocabulary
from hw2gui.training.config import TrainingConfig
from hw2gui.training.fields import check_fields, real, switch, whole

DEFAULT_DATA = "anetac-ar-en"
TABLE = "table:"

HOMEWORK_TRAINING = TrainingConfig(epochs=50, batch_size=64, learning_rate=3e-3)


@dataclass(frozen=True)
class Alphabets:
    """The characters of both sides in the order of their numbers, each side in one text."""

    source: str
    target: str

    def __post_init__(self) -> None:
        self.vocabularies()

    def vocabularies(self) -> tuple[Vocabulary, Vocabulary]:
        """Source and target. InputError for a character given twice, or none."""
        return Vocabulary(tuple(self.source)), Vocabulary(tuple(self.target))

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Alphabets:
        """All characters of the two sides of *pairs*, in the order of their code points."""
        sources, targets = zip(*pairs, strict=True)
        return cls("".join(Vocabulary.of(sources).characters), "".join(Vocabulary.of(targets).characters))


@dataclass(frozen=True)
class Seq2SeqConfig:
    """The training's settings, the model, and the corpus; the defaults are the homework's protocol.

    ``data`` is a set of pairs by its name in the registry, or ``table:PATH``, a table of the user's, read as ``table`` says.
    ``limit`` takes the first so many pairs of each split. ``buckets`` puts sentences of like length into a batch, which saves time spent
    on padding. ``noise`` replaces that share of the symbols read while training, on both sides, by the unknown one: the model leans less
    on what it wrote before, and learns what an unknown character is. ``max_length`` is the most symbols of an output, its end included.
    ``alphabets`` are those of the training pairs and ``sentences`` says that the texts are plain sentences (see
    `hw2gui.datasets.normalise`); both are noted when the run begins. Raises InputError for what cannot be.
    """

    training: TrainingConfig = HOMEWORK_TRAINING
    model: ModelConfig = field(default_factory=ModelConfig)
    data: str = DEFAULT_DATA
    table: TableChoice | None = None
    limit: int | None = None
    buckets: bool = switch("Sentences of like length together", False, "In a batch: saves the time spent on padding.")
    noise: float = real("Unknown symbols", 0, "The share of the symbols read that are replaced by the unknown one.", minimum=0, maximum=0.9)
    max_length: int = whole(
        "Longest output", MAX_LENGTH, "Symbols of an output, its end included.", minimum=1, maximum=LARGEST_MAX_LENGTH, unit="symbols"
    )
    alphabets: Alphabets | None = None
    sentences: bool = False

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise InputError(f"{self.limit} pairs cannot be used: choose at least 1, or no limit")
        check_fields(self)
