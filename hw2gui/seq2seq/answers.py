"""What the window and the shell ask of a model: functions to be named by a `hw2gui.jobs.Job`. They import torch when they are called.

A model is named as `hw2gui.seq2seq.models` names it; opened models are kept for the next question.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from hw2gui.datasets.characters import Split
from hw2gui.datasets.normalise import Normalised, normalise, plain_sentence
from hw2gui.errors import InputError
from hw2gui.seq2seq import evaluation, models
from hw2gui.seq2seq.evaluation import Evaluation, Progress
from hw2gui.seq2seq.kept import Kept
from hw2gui.seq2seq.results import MAX_LENGTH, AttentionOverride, Divergence, ExactResult, Options, Output, Verdict, divergence, verdict
from hw2gui.seq2seq.trace import Trace
from hw2gui.seq2seq.train import corpus_of, pairs

if TYPE_CHECKING:
    from hw2gui.seq2seq.models import Card, Loaded
    from hw2gui.seq2seq.results import Query

_KEPT = 6  # models kept open: two with and without attention in both directions, and a run at two epochs


@dataclass(frozen=True, eq=False)
class Judged:
    """A reference beside an output: the reference scored by the model, and whose fault the output is."""

    reference: Output
    greedy: Verdict
    beam: Verdict


@dataclass(frozen=True, eq=False)
class Reading:
    """What a model makes of a text.

    ``text`` is what was typed, what is read of it, and every change between. ``source`` are the symbols read, "<unk>" for those of
    ``unknown``, characters the model does not know. ``divergence`` is where greedy
    and the best of the beam part (None: they do not), ``judged`` is there if a reference was given. ``seconds`` is the time it took.
    """

    text: Normalised
    source: tuple[str, ...]
    unknown: tuple[str, ...]
    greedy: Output
    beams: tuple[Output, ...]
    divergence: Divergence | None
    judged: Judged | None
    seconds: float


@dataclass(frozen=True, eq=False)
class Stepping:
    """A beam search to be stepped through; ``symbols`` are the target vocabulary's, by number, ``source`` the symbols read."""

    trace: Trace
    symbols: tuple[str, ...]
    source: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Exact:
    """The most probable output, in writing, and what is known of it."""

    output: Output
    result: ExactResult


@dataclass(frozen=True)
class Known:
    """The characters a model reads and writes."""

    source: str
    target: str


def translate(
    model: str,
    text: str,
    options: Options,
    prefix: str = "",
    override: AttentionOverride | None = None,
    reference: str = "",
    epoch: int | None = None,
) -> Reading:
    """Greedy and beam side by side; *text* and *reference* are normalised as the model's corpus is, and cut where they are too long.

    InputError for a text of which nothing is left, and for a prefix or an attention that does not fit.
    """
    begun = time.perf_counter()
    loaded = _open(model, epoch)
    translator, read = loaded.translator, _readable(text, loaded.card)
    query = translator.query(read.text, prefix, override)
    (greedy,) = translator.greedy([query], options.max_length, options.alpha)
    (beams,) = translator.beam([query], options)
    judged = None
    if reference:
        right = normalised(reference, loaded.card, target=True).text
        (scored,) = translator.score([read.text], [right], options.alpha)
        verdicts = (verdict(one.hypothesis, scored.hypothesis) for one in (greedy, beams[0]))
        judged = Judged(scored, *verdicts)
    return Reading(
        text=read,
        source=tuple(translator.source.symbols[number] for number in query.source),
        unknown=translator.source.unknown(read.text),
        greedy=greedy,
        beams=tuple(beams),
        divergence=divergence(greedy.hypothesis, beams[0].hypothesis),
        judged=judged,
        seconds=time.perf_counter() - begun,
    )


def step_through(
    model: str, text: str, options: Options, prefix: str = "", override: AttentionOverride | None = None, epoch: int | None = None
) -> Stepping:
    """The beam search with every step kept."""
    loaded, query = _query(model, text, prefix, override, epoch)
    translator = loaded.translator
    source = tuple(translator.source.symbols[number] for number in query.source)
    return Stepping(translator.trace(query, options), translator.target.symbols, source)


def exact(
    model: str,
    text: str,
    prefix: str = "",
    override: AttentionOverride | None = None,
    max_length: int = MAX_LENGTH,
    epoch: int | None = None,
) -> Exact:
    """The most probable output of all, unless the search gives up."""
    loaded, query = _query(model, text, prefix, override, epoch)
    (found,) = loaded.translator.exact([query], max_length)
    return Exact(loaded.translator.output(found.best), found)


def normalised(text: str, card: Card, *, target: bool = False) -> Normalised:
    """*text* as the texts of the model's corpus are: plain sentences, or tidied and in letters of its alphabet where there is a variant."""
    if card.config.sentences:
        return plain_sentence(text)
    return normalise(text, known=card.alphabets.target if target else card.alphabets.source)


def _readable(text: str, card: Card) -> Normalised:
    """`normalised`. InputError where something was given and nothing of it is left to read."""
    read = normalised(text, card)
    if any(map(str.isalnum, text)) and not read.text.strip():
        raise InputError(f"nothing of what was typed can be read by {card.title}: type in its source language, or choose another model")
    return read


def known(model: str, epoch: int | None = None) -> Known:
    """The characters *model* knows."""
    alphabets = models.card(model, epoch).alphabets
    return Known(alphabets.source, alphabets.target)


def evaluate(
    model: str,
    split: Split,
    beams: Sequence[int] = (1,),
    *,
    data: str | None = None,
    limit: int | None = None,
    alpha: float = 0.0,
    nbest: int = 5,
    optimum: bool = False,
    epoch: int | None = None,
    fresh: bool = False,
) -> Generator[Progress, None, Evaluation]:
    """Score *model* on a split of its corpus, or of another; what the corpus lists for the same source counts as a further reference.

    What was decoded before is not decoded again, unless it is to be *fresh*.
    """
    loaded = _open(model, epoch)
    corpus = corpus_of(loaded.card.config, data)
    chosen = pairs(corpus, split, limit)
    references = corpus.split_references(split)[: len(chosen)]
    sources = [pair.source for pair in chosen]
    return (
        yield from evaluation.evaluate(
            loaded.translator,
            sources,
            references,
            beams,
            alpha=alpha,
            max_length=loaded.card.config.max_length,
            nbest=nbest,
            optimum=optimum,
            kept=Kept(models.fingerprint(model, epoch), sources, fresh=fresh),
        )
    )


def _query(model: str, text: str, prefix: str, override: AttentionOverride | None, epoch: int | None) -> tuple[Loaded, Query]:
    loaded = _open(model, epoch)
    return loaded, loaded.translator.query(_readable(text, loaded.card).text, prefix, override)


def _open(model: str, epoch: int | None) -> Loaded:
    return _opened(model, epoch, models.version(model, epoch))


@lru_cache(maxsize=_KEPT)
def _opened(model: str, epoch: int | None, _version: str) -> Loaded:
    return models.load(model, epoch)
