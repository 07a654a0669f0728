"""What a search is asked and what it finds, as frozen plain data the window may import."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Literal

from hw2gui.arrays import Floats
from hw2gui.errors import InputError
from hw2gui.seq2seq.vocabulary import END

LARGEST_BEAM = 20
MAX_LENGTH = 50
"""Symbols an output has at most, its end included: the homework's."""
LARGEST_MAX_LENGTH = 500

SCORE_FORMULA = "score = Σ log p / |y|^α, where |y| counts the end symbol"
STOP_RULE = (
    "A complete hypothesis keeps its place among the k as long as its score does. A sentence is done when its n best are complete and no "
    "other could still score more if all its symbols to come were certain."
)

ATTENTION_NOTE = (
    "Attention shows whose encoder states were mixed, and in which shares, when a symbol was written. It is not why it was written: "
    "a state also knows its neighbours, and other shares can lead to the same symbol. Replace them and see."
)


@dataclass(frozen=True)
class Options:
    """How to search: ``beam`` places (k), how many of the best to return, the exponent ``alpha`` of the length in the score, and the limit.

    With alpha 0 the score is the sum of the log-probabilities. An output is complete when it ends or has ``max_length`` symbols,
    the end symbol included. Raises InputError for values outside their ranges.
    """

    beam: int = 5
    nbest: int = 1
    alpha: float = 0.0
    max_length: int = MAX_LENGTH

    def __post_init__(self) -> None:
        if not 1 <= self.beam <= LARGEST_BEAM:
            raise InputError(f"the beam size is {self.beam}: choose 1 to {LARGEST_BEAM}")
        if not 1 <= self.nbest <= self.beam:
            raise InputError(f"the {self.nbest} best are asked of a beam of {self.beam}: choose 1 to {self.beam}, or a larger beam")
        if not 0.0 <= self.alpha <= 2.0:
            raise InputError(f"the length exponent is {self.alpha:g}: choose 0 (none) to 2")
        if not 1 <= self.max_length <= LARGEST_MAX_LENGTH:
            raise InputError(f"outputs of at most {self.max_length} symbols: choose 1 to {LARGEST_MAX_LENGTH}")


@dataclass(frozen=True)
class AttentionOverride:
    """What is used in place of the model's attention.

    ``mode`` is for all steps: as the model says, uniform over the source, or all on the model's favourite position. ``weights`` gives
    steps (from 0, the step that writes that symbol of the output) probabilities over the source positions, for every hypothesis; of a
    step given twice the last counts.
    """

    mode: Literal["model", "uniform", "argmax"] = "model"
    weights: tuple[tuple[int, tuple[float, ...]], ...] = ()

    def __post_init__(self) -> None:
        for step, row in self.weights:
            if step < 0 or not all(math.isfinite(weight) and weight >= 0 for weight in row) or abs(math.fsum(row) - 1) > 1e-6:
                raise InputError(f"the attention given for step {step + 1} is no distribution: give shares from 0 on whose sum is 1")

    def at(self, step: int) -> tuple[float, ...] | None:
        """The probabilities given for *step*, if any."""
        return dict(self.weights).get(step)

    @property
    def active(self) -> bool:
        """Whether anything is replaced at all."""
        return self.mode != "model" or bool(self.weights)


@dataclass(frozen=True)
class Query:
    """One sentence to search an output for: source symbols without start and end, symbols the output must begin with, other attention."""

    source: tuple[int, ...]
    prefix: tuple[int, ...] = ()
    override: AttentionOverride = AttentionOverride()


@dataclass(frozen=True, eq=False)
class Hypothesis:
    """An output and how it was judged.

    ``numbers`` are its symbols, END last where it ended; ``token_log_probabilities`` (natural logarithms) belong to them one by one and
    ``log_probability`` is their sum, added in order. ``attention`` (symbols, source length) has a row for each symbol, or is None.
    """

    numbers: tuple[int, ...]
    token_log_probabilities: tuple[float, ...]
    score: float
    attention: Floats | None = None

    @property
    def log_probability(self) -> float:
        """The sum: log P(output | source)."""
        return sum(self.token_log_probabilities)

    @property
    def ended(self) -> bool:
        """Whether it ends, rather than being cut at the limit."""
        return bool(self.numbers) and self.numbers[-1] == END

    @property
    def text_numbers(self) -> tuple[int, ...]:
        """Its symbols without END."""
        return self.numbers[:-1] if self.ended else self.numbers


def score_of(log_probability: float, length: int, alpha: float) -> float:
    """Σ log p / |y|^α for *length* symbols (≥ 1), END counted."""
    return log_probability / math.pow(length, alpha)


@dataclass(frozen=True, eq=False)
class ExactResult:
    """The most probable output, or what is known of it.

    ``proven``: no output is more probable than ``best``. Otherwise the search gave up after ``expanded`` prefixes: ``best`` is the most
    probable complete output seen, and no output whatever has a log-probability above ``bound``.
    """

    best: Hypothesis
    proven: bool
    expanded: int
    bound: float


@dataclass(frozen=True)
class Divergence:
    """Where two outputs part, and what the first one's choice cost.

    ``step`` is the first symbol that differs (from 0; the end counts as one). The log-probabilities at the step are given the same
    prefix. ``gain`` is log P(second) − log P(first): how many times as probable the second is, as exp(gain).
    """

    step: int
    first: int
    second: int
    first_log_probability: float
    second_log_probability: float
    gain: float


def divergence(first: Hypothesis, second: Hypothesis) -> Divergence | None:
    """Where *first* (greedy, say) and *second* (beam) part; None where they are the same.

    ValueError where one continues the other, which outputs of one search cannot.
    """
    for step, (one, other) in enumerate(zip_longest(first.numbers, second.numbers)):
        if one != other:
            # Neither can be a mere prefix of the other: both end, or both are cut at the same limit.
            if one is None or other is None:
                raise ValueError("two complete outputs of one search cannot continue each other")
            at = first.token_log_probabilities[step], second.token_log_probabilities[step]
            return Divergence(step, one, other, *at, second.log_probability - first.log_probability)
    return None


Verdict = Literal["right", "search error", "model error"]


def verdict(output: Hypothesis, reference: Hypothesis) -> Verdict:
    """Whose fault an output is: the search's where the model itself gives the reference more probability, else the model's."""
    if output.text_numbers == reference.text_numbers:
        return "right"
    return "search error" if reference.log_probability > output.log_probability else "model error"


@dataclass(frozen=True, eq=False)
class Output:
    """A hypothesis in writing: what it reads as, and its symbols one by one, special ones by their names."""

    text: str
    symbols: tuple[str, ...]
    hypothesis: Hypothesis

    def as_json(self) -> dict[str, Any]:
        """For machines: numbers as they are, the attention as a row for each token."""
        found = self.hypothesis
        return {
            "text": self.text,
            "log_probability": found.log_probability,
            "score": found.score,
            "ended": found.ended,
            "tokens": list(self.symbols),
            "token_log_probabilities": list(found.token_log_probabilities),
            "attention": None if found.attention is None else found.attention.tolist(),
        }
