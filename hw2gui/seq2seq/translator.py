"""A model with its two alphabets: texts in, outputs in writing out. Only for the processes that compute: it imports torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hw2gui.errors import InputError
from hw2gui.seq2seq import exact as best_first
from hw2gui.seq2seq import forced, search, stepping
from hw2gui.seq2seq.model import Seq2Seq
from hw2gui.seq2seq.results import MAX_LENGTH, AttentionOverride, ExactResult, Hypothesis, Options, Output, Query
from hw2gui.seq2seq.trace import Trace
from hw2gui.seq2seq.vocabulary import Vocabulary, names

LONGEST_TEXT = 500
"""Characters of a text beyond which it is refused: no model here was trained on anything near it."""


@dataclass(frozen=True, eq=False)
class Translator:
    """A model in evaluation mode and the vocabularies it was trained with."""

    model: Seq2Seq
    source: Vocabulary
    target: Vocabulary

    def query(self, text: str, prefix: str = "", override: AttentionOverride | None = None) -> Query:
        """What is searched for *text*. InputError for an empty or overlong one, and for a *prefix* the model cannot write."""
        if not text:
            raise InputError("the text is empty: give at least one character")
        if len(text) > LONGEST_TEXT:
            raise InputError(f"the text has {len(text):,} characters: give at most {LONGEST_TEXT}, names or short sentences")
        if unknown := self.target.unknown(prefix):
            raise InputError(f"the model never writes '{unknown[0]}': begin the output with characters it was trained on")
        return Query(tuple(self.source.encode(text)), tuple(self.target.encode(prefix)), override or AttentionOverride())

    def greedy(self, queries: Sequence[Query], max_length: int = MAX_LENGTH, alpha: float = 0.0, *, attention: bool = True) -> list[Output]:
        """The greedy output of each."""
        found = search.greedy(self.model, queries, max_length, alpha=alpha, attention=attention)
        return [self.output(one) for one in found]

    def beam(self, queries: Sequence[Query], options: Options, *, attention: bool = True) -> list[list[Output]]:
        """The n best outputs of each, best first."""
        found = search.beam(self.model, queries, options, attention=attention)
        return [[self.output(one) for one in best] for best in found]

    def score(self, texts: Sequence[str], targets: Sequence[str], alpha: float = 0.0, *, attention: bool = True) -> list[Output]:
        """Each target as an output of its text."""
        sources = [self.query(text).source for text in texts]
        found = forced.score(self.model, sources, [self.target.encode(target) for target in targets], alpha=alpha, attention=attention)
        return [self.output(one) for one in found]

    def exact(self, queries: Sequence[Query], max_length: int = MAX_LENGTH, most: int = best_first.MOST_EXPANSIONS) -> list[ExactResult]:
        """The most probable output of each, or what is known of it."""
        return best_first.exact(self.model, queries, max_length, most=most)

    def trace(self, query: Query, options: Options) -> Trace:
        """The beam search of one, every step kept."""
        return stepping.trace(self.model, query, options)

    def output(self, hypothesis: Hypothesis) -> Output:
        """*hypothesis* in writing."""
        return Output(self.target.decode(hypothesis.numbers), names(self.target, hypothesis.numbers), hypothesis)
