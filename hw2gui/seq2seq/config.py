"""Everything that decides a training run of a character model: what `hw2gui.session.codec` writes into its folder."""

from __future__ import annotations

from dataclasses import dataclass, field

from hw2gui.errors import InputError
from hw2gui.seq2seq.network import ModelConfig
from hw2gui.seq2seq.results import LARGEST_MAX_LENGTH, MAX_LENGTH
from hw2gui.training.config import TrainingConfig

DEFAULT_DATA = "anetac-ar-en"

HOMEWORK_TRAINING = TrainingConfig(epochs=50, batch_size=64, learning_rate=3e-3)


@dataclass(frozen=True)
class Seq2SeqConfig:
    """The training's settings, the model, and the corpus; the defaults are the homework's protocol.

    ``limit`` takes the first so many pairs of each split. ``max_length`` is the most symbols of an output, its end included.
    Raises InputError for what cannot be.
    """

    training: TrainingConfig = HOMEWORK_TRAINING
    model: ModelConfig = field(default_factory=ModelConfig)
    data: str = DEFAULT_DATA
    limit: int | None = None
    max_length: int = MAX_LENGTH

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise InputError(f"{self.limit} pairs cannot be used: choose at least 1, or no limit")
        if not 1 <= self.max_length <= LARGEST_MAX_LENGTH:
            raise InputError(f"outputs of at most {self.max_length} symbols: choose 1 to {LARGEST_MAX_LENGTH}")
