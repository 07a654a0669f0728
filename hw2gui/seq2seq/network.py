"""Which encoder and decoder: a frozen description with its parameters in closed form. Free of torch; `hw2gui.seq2seq.model` builds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from hw2gui.errors import InputError
from hw2gui.seq2seq.vocabulary import SPECIALS
from hw2gui.training.fields import check_fields, choice, real, switch, whole

Cell = Literal["LSTM", "GRU"]

GATES: dict[str, int] = {"LSTM": 4, "GRU": 3}
"""Gates of a recurrent cell, each with a matrix for the input, one for the state, and (in PyTorch) two biases."""


@dataclass(frozen=True)
class ModelConfig:
    """What may be chosen of a model; the defaults are the homework's. Raises `InputError` for what fits no model."""

    hidden: int = whole("Hidden size", 128, "Size of the embeddings and states, even: half for each direction.", minimum=2, maximum=2048)
    layers: int = whole("Layers", 1, "Recurrent layers on top of each other, in encoder and decoder alike.", minimum=1, maximum=8)
    dropout: float = real("Dropout", 0.3, "The share of each layer's values set to 0 while training.", minimum=0, maximum=0.95)
    attention: bool = switch("Attention", True, "Look back at the source for every symbol (bilinear attention).")
    tied: bool = switch("Tied weights", True, "The output layer's weight is the decoder's embedding.")
    cell: Cell = field(default="LSTM", metadata=choice("Cell", "The recurrent cell.", get_args(Cell)))
    input_feeding: bool = switch(
        "Input feeding", False, "Read the attention's last output together with the next symbol; trained step by step, so slower."
    )

    def __post_init__(self) -> None:
        check_fields(self)
        if self.hidden % 2:
            raise InputError(f"Hidden size is {self.hidden}: give an even number, half for each direction of the encoder.")
        if self.input_feeding and not self.attention:
            raise InputError("Input feeding feeds the attention's output back, and attention is off: switch it on, or input feeding off.")

    @property
    def title(self) -> str:
        """``LSTM 128, attention``: enough to tell models apart in a table."""
        extras = [
            f"{self.layers} layers" if self.layers > 1 else "",
            "attention" if self.attention else "no attention",
            "input feeding" if self.input_feeding else "",
            "" if self.tied else "untied",
        ]
        return ", ".join([f"{self.cell} {self.hidden}", *filter(None, extras)])


@dataclass(frozen=True)
class Network:
    """A model for so many source and target symbols, the four special ones counted.

    The encoder is a bidirectional recurrent network of ``hidden``/2 units a direction over embeddings of ``hidden``; the decoder, of
    ``hidden`` units, starts from both directions' final states joined. InputError where a side has no character.
    """

    source_symbols: int
    target_symbols: int
    model: ModelConfig = ModelConfig()

    def __post_init__(self) -> None:
        if min(self.source_symbols, self.target_symbols) <= len(SPECIALS):
            raise InputError("a model needs at least one character on each side besides the special symbols: give it more text")

    @property
    def hidden(self) -> int:
        """Size of embeddings and states."""
        return self.model.hidden

    @property
    def attention(self) -> bool:
        """Whether it looks back at the source."""
        return self.model.attention

    def parts(self) -> dict[str, int]:
        """Trainable parameters of each part, by its name; the tied output weight is counted with the embedding it is.

        A recurrent layer of h units reading d numbers has g gates of h(d + h) + 2h parameters each (two biases, as PyTorch keeps them).
        """
        h = self.hidden
        encoder = sum(2 * self._recurrent(h, h // 2) for _ in range(self.model.layers))
        decoder = self._recurrent(2 * h if self.model.input_feeding else h, h) + (self.model.layers - 1) * self._recurrent(h, h)
        return {
            "source embedding": self.source_symbols * h,
            "encoder": encoder,
            "target embedding": self.target_symbols * h,
            "decoder": decoder,
            "attention": h * h + 2 * h * h + h if self.attention else 0,
            "output layer": self.target_symbols * (1 if self.model.tied else h + 1),
        }

    def _recurrent(self, inputs: int, units: int) -> int:
        return GATES[self.model.cell] * (units * (inputs + units) + 2 * units)

    @property
    def parameters(self) -> int:
        """All trainable parameters."""
        return sum(self.parts().values())
