"""How good a model is on many examples, for one beam size beside another. Free of torch: the translator is handed in."""

from __future__ import annotations

import time
from collections.abc import Collection, Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hw2gui.errors import InputError
from hw2gui.seq2seq.metrics import Judged, References, Scores, as_json, judge, oracle
from hw2gui.seq2seq.results import MAX_LENGTH, Options

if TYPE_CHECKING:
    from hw2gui.seq2seq.results import ExactResult, Output, Query
    from hw2gui.seq2seq.translator import Translator

CHUNK = 512
"""Examples decoded between two looks at whether somebody wants to cancel."""

LARGEST_NBEST = 10

ROUNDING = 1e-4
"""Log-probabilities this near to each other are the same in single precision, added up over an output."""


@dataclass(frozen=True)
class Progress:
    """So many of all examples are decoded with the beam size named (0: by exact search)."""

    beam: int
    done: int
    total: int


@dataclass(frozen=True, eq=False)
class BeamScores:
    """One beam size on all examples.

    ``scores``: the best output beside the corpus's own reference; ``multi``: beside the nearest of all references; ``oracle``: the best
    of the ``nbest`` outputs, all references counting. ``seconds`` is the time of decoding alone, ``log_probability`` the outputs' mean
    log P, ``cut`` how many outputs were cut at the limit. ``outputs`` are the best ones, in the examples' order; ``judged`` compares them
    with all references, example by example.
    """

    beam: int
    alpha: float
    scores: Scores
    multi: Scores
    oracle: Scores
    nbest: int
    seconds: float
    log_probability: float
    cut: int
    outputs: tuple[str, ...]
    log_probabilities: tuple[float, ...]
    judged: Judged

    def as_json(self) -> dict[str, Any]:
        """For machines: the numbers, without the outputs."""
        return {
            "beam": self.beam,
            "alpha": self.alpha,
            **as_json(self.scores),
            "seconds": self.seconds,
            "log_probability": self.log_probability,
            "cut": self.cut,
            "multi_reference": as_json(self.multi),
            f"oracle_{self.nbest}_best": as_json(self.oracle),
        }


@dataclass(frozen=True, eq=False)
class Optimum:
    """The most probable output of each example, by exact search, and of which it was proven within the bound."""

    scores: Scores
    seconds: float
    outputs: tuple[str, ...]
    log_probabilities: tuple[float, ...]
    proven: tuple[bool, ...]


@dataclass(frozen=True)
class Faults:
    """Of all outputs, how many are right, and of the wrong ones how many are the search's and how many the model's errors."""

    right: int
    search: int
    model: int


@dataclass(frozen=True, eq=False)
class Evaluation:
    """All beam sizes on the same examples, the smallest first; ``optimum`` where it was asked for.

    ``reference_log_probabilities``: log P of each example's most probable reference.
    """

    sources: tuple[str, ...]
    references: tuple[tuple[str, ...], ...]
    reference_log_probabilities: tuple[float, ...]
    beams: tuple[BeamScores, ...]
    optimum: Optimum | None = None

    def of(self, beam: int) -> BeamScores:
        """The scores of one beam size; InputError where it was not tried."""
        for one in self.beams:
            if one.beam == beam:
                return one
        raise InputError(f"beam {beam} was not evaluated: choose one of {', '.join(str(one.beam) for one in self.beams)}")

    def faults(self, beam: int) -> Faults:
        """Whose the errors of *beam* are: the search's where the model gives a reference more probability than the output found."""
        one = self.of(beam)
        right = one.judged.distance == 0
        search = ~right & (np.array(self.reference_log_probabilities) > np.array(one.log_probabilities))
        return Faults(int(right.sum()), int(search.sum()), int((~right & ~search).sum()))

    def found(self, beam: int) -> float | None:
        """The share of the examples with a proven optimum on which *beam* found it (an output as probable, to rounding); None unasked."""
        if self.optimum is None or not any(self.optimum.proven):
            return None
        proven = np.array(self.optimum.proven)
        short = np.array(self.optimum.log_probabilities) - np.array(self.of(beam).log_probabilities)
        return float((short[proven] < ROUNDING).mean())

    def as_json(self) -> list[dict[str, Any]]:
        """For machines: the numbers of each beam size."""
        rows = []
        for one in self.beams:
            faults = self.faults(one.beam)
            rows.append(
                {**one.as_json(), "search_errors": faults.search, "model_errors": faults.model, "optimum_found": self.found(one.beam)}
            )
        return rows

    def without(self, sources: Collection[str], beam: int) -> Scores | None:
        """The scores of *beam* where the source is not among *sources* (training's, say), beside the corpus's own references.

        None where no such example is left.
        """
        rest = [index for index, source in enumerate(self.sources) if source not in sources]
        outputs = [self.of(beam).outputs[index] for index in rest]
        return judge(outputs, [self.references[index][:1] for index in rest]).scores(outputs) if rest else None


def evaluate(
    translator: Translator,
    sources: Sequence[str],
    references: References,
    beams: Sequence[int] = (1,),
    *,
    alpha: float = 0.0,
    max_length: int = MAX_LENGTH,
    nbest: int = 5,
    optimum: bool = False,
) -> Generator[Progress, None, Evaluation]:
    """Decode *sources* with every beam size (1: greedy) and compare with *references*, the corpus's own first.

    ``oracle`` takes the *nbest* best a beam holds (a beam of k has k at most); *optimum* adds exact search.
    InputError for no beam size, one out of range, no example, or an empty reference.
    """
    if not beams:
        raise InputError("there is no beam size to evaluate: give some from 1 to 20")
    if not 1 <= nbest <= LARGEST_NBEST:
        raise InputError(f"the {nbest} best of each example: choose 1 to {LARGEST_NBEST}")
    options = [Options(beam, min(beam, nbest), alpha, max_length) for beam in sorted(set(beams))]
    own = tuple(tuple(several) for several in references)
    judge([""] * len(own), own)  # an empty reference is said before the decoding, not after
    queries = [translator.query(source) for source in sources]
    found: dict[int, BeamScores] = {}
    for one in options:
        found[one.beam] = yield from _beam(translator, queries, own, one)
    best = (yield from _optimum(translator, queries, own, max_length)) if optimum else None
    return Evaluation(tuple(sources), own, _of_references(translator, sources, own), tuple(found.values()), best)


def _of_references(translator: Translator, sources: Sequence[str], references: References) -> tuple[float, ...]:
    pairs = [(source, reference) for source, own in zip(sources, references, strict=True) for reference in own]
    scored = iter(translator.score([source for source, _ in pairs], [reference for _, reference in pairs], attention=False))
    return tuple(max(next(scored).hypothesis.log_probability for _ in own) for own in references)


def _optimum(
    translator: Translator, queries: Sequence[Query], references: References, max_length: int
) -> Generator[Progress, None, Optimum]:
    found: list[ExactResult] = []
    begun = time.perf_counter()
    for start in range(0, len(queries), CHUNK // 8):
        found += translator.exact(queries[start : start + CHUNK // 8], max_length)
        yield Progress(0, len(found), len(queries))
    seconds = time.perf_counter() - begun
    texts = tuple(translator.output(one.best).text for one in found)
    return Optimum(
        scores=judge(texts, [own[:1] for own in references]).scores(texts),
        seconds=seconds,
        outputs=texts,
        log_probabilities=tuple(one.best.log_probability for one in found),
        proven=tuple(one.proven for one in found),
    )


def _beam(
    translator: Translator, queries: Sequence[Query], references: References, options: Options
) -> Generator[Progress, None, BeamScores]:
    order = sorted(range(len(queries)), key=lambda index: len(queries[index].source))  # like lengths together, whatever the chunk
    found: dict[int, list[Output]] = {}
    seconds = 0.0
    for start in range(0, len(order), CHUNK):
        chunk = order[start : start + CHUNK]
        begun = time.perf_counter()
        found.update(zip(chunk, _decode(translator, [queries[index] for index in chunk], options), strict=True))
        seconds += time.perf_counter() - begun
        yield Progress(options.beam, len(found), len(order))
    outputs = [found[index] for index in range(len(queries))]
    texts = tuple(own[0].text for own in outputs)
    sums = tuple(own[0].hypothesis.log_probability for own in outputs)
    judged = judge(texts, references)
    return BeamScores(
        beam=options.beam,
        alpha=options.alpha,
        scores=judge(texts, [own[:1] for own in references]).scores(texts),
        multi=judged.scores(texts),
        oracle=oracle([[one.text for one in own] for own in outputs], references),
        nbest=options.nbest,
        seconds=seconds,
        log_probability=float(np.mean(sums)),
        cut=sum(not own[0].hypothesis.ended for own in outputs),
        outputs=texts,
        log_probabilities=sums,
        judged=judged,
    )


def _decode(translator: Translator, queries: Sequence[Query], options: Options) -> list[list[Output]]:
    if options.beam == 1:
        return [[one] for one in translator.greedy(queries, options.max_length, options.alpha, attention=False)]
    return translator.beam(queries, options, attention=False)
