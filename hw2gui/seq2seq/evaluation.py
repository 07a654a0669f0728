"""How good a model is on many examples, for one beam size beside another. Free of torch: the translator is handed in."""

from __future__ import annotations

import time
from collections.abc import Collection, Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hw2gui.errors import InputError
from hw2gui.seq2seq.kept import Decoded, Kept, Optima
from hw2gui.seq2seq.measure_choice import LARGEST_NBEST
from hw2gui.seq2seq.metrics import Judged, References, Scores, as_json, judge, oracle
from hw2gui.seq2seq.results import MAX_LENGTH, Options, Verdict

if TYPE_CHECKING:
    from hw2gui.seq2seq.results import ExactResult, Output, Query
    from hw2gui.seq2seq.translator import Translator

CHUNK = 512
"""Examples decoded between two looks at whether somebody wants to cancel."""


ROUNDING = 1e-4
"""Log-probabilities this near to each other are the same in single precision, added up over an output."""


@dataclass(frozen=True)
class Progress:
    """So many of all examples are decoded with the beam size named (0: by exact search); ``share`` of all that is to be done, if known."""

    beam: int
    done: int
    total: int
    share: float | None = None


@dataclass(frozen=True, eq=False)
class BeamScores:
    """One beam size on all examples.

    ``scores``: the best output beside the corpus's own reference; ``multi``: beside the nearest of all references; ``oracle``: the best
    of the ``nbest`` outputs, all references counting. ``seconds`` is the time of decoding alone (on the day ``when``, if it was kept from
    before), ``log_probability`` the outputs' mean log P, ``cut`` how many outputs were cut at the limit. ``outputs`` are the best ones, in
    the examples' order, ``all_outputs`` the n best of each; ``own`` compares the best with the corpus's own references, ``judged`` with
    all, example by example.
    """

    beam: int
    alpha: float
    scores: Scores
    multi: Scores
    oracle: Scores
    nbest: int
    seconds: float
    when: str
    log_probability: float
    cut: int
    outputs: tuple[str, ...]
    all_outputs: tuple[tuple[str, ...], ...]
    log_probabilities: tuple[float, ...]
    own: Judged
    judged: Judged

    def as_json(self) -> dict[str, Any]:
        """For machines: the numbers, without the outputs."""
        return {
            "beam": self.beam,
            "alpha": self.alpha,
            **as_json(self.scores),
            "seconds": self.seconds,
            "kept_from": self.when or None,
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

    def verdict(self, beam: int, index: int) -> Verdict:
        """Whose fault the output of *beam* to example *index* is."""
        one = self.of(beam)
        if one.judged.distance[index] == 0:
            return "right"
        return "search error" if self.reference_log_probabilities[index] > one.log_probabilities[index] else "model error"

    def without(self, sources: Collection[str], beam: int) -> Scores | None:
        """The scores of *beam* where the source is not among *sources* (training's, say), beside the corpus's own references.

        None where no such example is left.
        """
        return self.part([index for index, source in enumerate(self.sources) if source not in sources], beam)

    def part(self, indices: Sequence[int], beam: int) -> Scores | None:
        """The scores of *beam* on the examples *indices* alone, beside the corpus's own references; None for no example."""
        outputs = [self.of(beam).outputs[index] for index in indices]
        return judge(outputs, [self.references[index][:1] for index in indices]).scores(outputs) if outputs else None


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
    kept: Kept | None = None,
) -> Generator[Progress, None, Evaluation]:
    """Decode *sources* with every beam size (1: greedy) and compare with *references*, the corpus's own first.

    ``oracle`` takes the *nbest* best a beam holds (a beam of k has k at most); *optimum* adds exact search. What is *kept* from before is
    not decoded again. InputError for no beam size, one out of range, no example, or an empty reference.
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
    work, done = sum(_cost(one) for one in options) + (_EXACT_COST if optimum else 0.0), 0.0
    for one in options:
        decoded = kept.search(one) if kept else None
        if decoded is None:
            decoded = yield from _decoded(translator, queries, one, done / work, _cost(one) / work)
            if kept:
                kept.keep_search(one, decoded)
        done += _cost(one)
        found[one.beam] = scored(decoded, own, one)
    best = (yield from _optimum(translator, queries, own, max_length, kept)) if optimum else None
    sums = kept.references(own) if kept else None
    if sums is None:
        sums = _of_references(translator, sources, own)
        if kept:
            kept.keep_references(own, sums)
    return Evaluation(tuple(sources), own, sums, tuple(found.values()), best)


def scored(decoded: Decoded, references: References, options: Options) -> BeamScores:
    """What a search with *options* found beside the *references*."""
    texts, sums = tuple(own[0] for own in decoded.outputs), tuple(own[0] for own in decoded.log_probabilities)
    first, judged = judge(texts, [own[:1] for own in references]), judge(texts, references)
    return BeamScores(
        beam=options.beam,
        alpha=options.alpha,
        scores=first.scores(texts),
        multi=judged.scores(texts),
        oracle=oracle(decoded.outputs, references),
        nbest=options.nbest,
        seconds=decoded.seconds,
        when=decoded.when,
        log_probability=float(np.mean(sums)),
        cut=len(decoded.ended) - sum(decoded.ended),
        outputs=texts,
        all_outputs=decoded.outputs,
        log_probabilities=sums,
        own=first,
        judged=judged,
    )


_EXACT_COST = 20.0


def _cost(options: Options) -> float:
    """About how long a search takes, in units of its own: a wider beam costs more, though not as many times as it is wide."""
    return 2.0 + options.beam


def _of_references(translator: Translator, sources: Sequence[str], references: References) -> tuple[float, ...]:
    pairs = [(source, reference) for source, own in zip(sources, references, strict=True) for reference in own]
    each = iter(translator.score([source for source, _ in pairs], [reference for _, reference in pairs], attention=False))
    return tuple(max(next(each).hypothesis.log_probability for _ in own) for own in references)


def _optimum(
    translator: Translator, queries: Sequence[Query], references: References, max_length: int, kept: Kept | None
) -> Generator[Progress, None, Optimum]:
    found = kept.optima(max_length) if kept else None
    if found is None:
        found = yield from _exact(translator, queries, max_length)
        if kept:
            kept.keep_optima(max_length, found)
    scores = judge(found.outputs, [own[:1] for own in references]).scores(found.outputs)
    return Optimum(scores, found.seconds, found.outputs, found.log_probabilities, found.proven)


def _exact(translator: Translator, queries: Sequence[Query], max_length: int) -> Generator[Progress, None, Optima]:
    found: list[ExactResult] = []
    begun = time.perf_counter()
    for start in range(0, len(queries), CHUNK // 8):
        found += translator.exact(queries[start : start + CHUNK // 8], max_length)
        yield Progress(0, len(found), len(queries))
    return Optima(
        outputs=tuple(translator.output(one.best).text for one in found),
        log_probabilities=tuple(one.best.log_probability for one in found),
        proven=tuple(one.proven for one in found),
        seconds=time.perf_counter() - begun,
    )


def _decoded(
    translator: Translator, queries: Sequence[Query], options: Options, before: float, own: float
) -> Generator[Progress, None, Decoded]:
    """Search all; *before* is the share of the whole work done already, *own* what this is of it."""
    order = sorted(range(len(queries)), key=lambda index: len(queries[index].source))  # like lengths together, whatever the chunk
    found: dict[int, list[Output]] = {}
    seconds = 0.0
    for start in range(0, len(order), CHUNK):
        chunk = order[start : start + CHUNK]
        begun = time.perf_counter()
        found.update(zip(chunk, _decode(translator, [queries[index] for index in chunk], options), strict=True))
        seconds += time.perf_counter() - begun
        yield Progress(options.beam, len(found), len(order), before + own * len(found) / len(order))
    outputs = [found[index] for index in range(len(queries))]
    return Decoded(
        outputs=tuple(tuple(one.text for one in own) for own in outputs),
        log_probabilities=tuple(tuple(one.hypothesis.log_probability for one in own) for own in outputs),
        ended=tuple(own[0].hypothesis.ended for own in outputs),
        seconds=seconds,
    )


def _decode(translator: Translator, queries: Sequence[Query], options: Options) -> list[list[Output]]:
    if options.beam == 1:
        return [[one] for one in translator.greedy(queries, options.max_length, options.alpha, attention=False)]
    return translator.beam(queries, options, attention=False)
