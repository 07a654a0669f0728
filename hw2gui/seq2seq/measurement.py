"""A model measured on a split: its scores by beam size, what training knows of the split, where the errors lie; two models compared.

Free of torch: `measure` imports what it needs when it is called, in the worker or a process of its own.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from hw2gui.datasets.corpus import Overlap
from hw2gui.errors import InputError
from hw2gui.seq2seq import models, report_reference
from hw2gui.seq2seq.alignment import Integers
from hw2gui.seq2seq.evaluation import BeamScores, Evaluation, Progress
from hw2gui.seq2seq.measure_choice import Setting
from hw2gui.seq2seq.metrics import (
    NOTHING,
    ByPosition,
    Change,
    Confusion,
    Floats,
    LengthBin,
    Scores,
    alignments,
    as_json,
    by_length,
    by_position,
    changes,
    confusion,
)

NORMAL = 1.959964
"""95 % of a normal distribution lie within so many standard deviations of its mean."""

WHY_VALIDATION = (
    "Choose by the validation pairs: whatever is chosen by looking at test scores (a beam size, an epoch, a recipe) makes those scores "
    "better than they will be on new texts. Read the test pairs once, when everything is chosen."
)


@dataclass(frozen=True, eq=False)
class Measurement:
    """A model on a split; ``title`` tells it apart from others in a legend, ``words`` say what it is.

    ``overlap`` says which pairs training knows (None for train itself); ``rests`` are for each beam size the scores without the pairs that
    stand word for word in train, and without the sources that do (None where nothing is left, or training itself is measured);
    ``report`` is the report's error rate for the same data, model and protocol (greedy), and None for any other.
    """

    setting: Setting
    title: str
    words: str
    epoch: int
    data_name: str
    data: str
    direction: str
    attribution: str
    evaluation: Evaluation
    overlap: Overlap | None
    rests: Mapping[int, tuple[Scores | None, Scores | None]]
    report: float | None

    @property
    def count(self) -> int:
        """How many examples."""
        return len(self.evaluation.sources)

    @property
    def several(self) -> int:
        """How many examples have more than one reference."""
        return sum(len(own) > 1 for own in self.evaluation.references)

    def without_repeated(self, beam: int) -> Scores | None:
        """The scores on pairs that do not stand word for word in train; None where none is left or training itself is measured."""
        return self.rests.get(beam, (None, None))[0]

    def without_known(self, beam: int) -> Scores | None:
        """The scores on pairs whose source does not stand in train; None as above."""
        return self.rests.get(beam, (None, None))[1]

    @property
    def brief(self) -> str:
        """`notes` in a line."""
        parts = []
        if self.several:
            parts.append(f"{self.several:,} of {self.count:,} pairs have other spellings")
        if self.overlap is not None and self.overlap.known:
            parts.append(f"{len(self.overlap.repeated):,} pairs and {len(self.overlap.known):,} sources stand in train")
        when = next((one.when for one in self.evaluation.beams if one.when), "")
        if when:
            parts.append(f"decoded on {when[:16].replace('T', ' ')}")
        text = "; ".join(parts)
        return f"{text[0].upper()}{text[1:]}." if text else ""

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what to know of these scores, computed."""
        found = []
        if self.several:
            found.append(
                f"For {self.several:,} of {self.count:,} pairs training, or this split, lists other outputs for the same source. Under "
                "'other spellings' they count as right too; the error rate and the exact matches know the corpus's own reference alone."
            )
        if self.overlap is not None and self.overlap.known:
            found.append(f"{self.overlap.sentence} The scores without them stand in the table's last columns.")
        older = [one for one in self.evaluation.beams if one.when]
        if older:
            beams = ", ".join(str(one.beam) for one in older)
            found.append(f"Beam {beams}: decoded before and kept; the times are of then ({older[0].when[:16].replace('T', ' ')}).")
        return tuple(found)

    def as_json(self) -> list[dict[str, Any]]:
        """For machines: the numbers of each beam size, with and without what training knows."""
        rows = self.evaluation.as_json()
        for row, one in zip(rows, self.evaluation.beams, strict=True):
            row["half_width_95"] = half_width(one)
            for name, rest in (
                ("without_repeated_pairs", self.without_repeated(one.beam)),
                ("without_known_sources", self.without_known(one.beam)),
            ):
                row[name] = None if rest is None else dict(as_json(rest))
        return rows

    def overlap_as_json(self) -> dict[str, Any] | None:
        """For machines: how many pairs of the split training knows something of."""
        found = self.overlap
        if found is None:
            return None
        return {
            "total": found.total,
            "repeated_pairs": len(found.repeated),
            "known_sources": len(found.known),
            "with_another_target": len(found.other),
            "several_references": self.several,
        }


def measure(setting: Setting, fresh: bool = False) -> Generator[Progress, None, Measurement]:
    """Measure as *setting* says. InputError and UnavailableError as for opening models and corpora."""
    from hw2gui.seq2seq.answers import evaluate
    from hw2gui.seq2seq.train import corpus_of

    card = models.card(setting.model, setting.epoch)
    found = yield from evaluate(
        setting.model,
        setting.split,
        setting.beams,
        data=setting.data,
        limit=setting.limit,
        alpha=setting.alpha,
        nbest=setting.nbest,
        epoch=setting.epoch,
        optimum=setting.optimum,
        fresh=fresh,
    )
    corpus = corpus_of(card.config, setting.data)
    overlap = None if setting.split == "train" else _first(corpus.overlap(setting.split), len(found.sources))
    return Measurement(
        setting=setting,
        title=card.name if card.name in models.names() else card.title,
        words=card.words,
        epoch=card.epoch,
        data_name=setting.data or card.config.data,
        data=corpus.title,
        direction=corpus.direction,
        attribution=corpus.attribution,
        evaluation=found,
        overlap=overlap,
        rests={} if overlap is None else {one.beam: _rests(found, overlap, one.beam) for one in found.beams},
        report=_report(card, setting),
    )


def _rests(found: Evaluation, overlap: Overlap, beam: int) -> tuple[Scores | None, Scores | None]:
    """Without the repeated pairs, and without the known sources."""
    return found.part(overlap.without(overlap.repeated), beam), found.part(overlap.without(overlap.known), beam)


def _first(overlap: Overlap, count: int) -> Overlap:
    """Of the first *count* pairs alone."""
    parts = (tuple(index for index in part if index < count) for part in (overlap.repeated, overlap.known, overlap.other))
    return Overlap(overlap.split, count, *parts)


def _report(card: models.Card, setting: Setting) -> float | None:
    found = report_reference.reference(card.config)
    if found is None or setting.data not in (None, card.config.data) or setting.limit or card.epoch != card.config.training.epochs:
        return None
    return {"validation": found.validation, "test": found.test}.get(setting.split)


# --- where the errors lie ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Details:
    """Where the errors of one beam size lie, beside each example's nearest reference.

    ``examples``: for each character of a reference and what the output has there ("" for none) the examples in which it happens.
    """

    beam: int
    position: ByPosition
    confusion: Confusion
    examples: Mapping[tuple[str, str], tuple[int, ...]]


def details(measurement: Measurement, beam: int) -> Details:
    """Align every output of *beam* with its nearest reference."""
    one = measurement.evaluation.of(beam)
    aligned = alignments(one.outputs, measurement.evaluation.references, one.judged)
    examples: dict[tuple[str, str], dict[int, None]] = {}
    for index, edits in enumerate(aligned):
        for edit in edits:
            examples.setdefault((edit.reference or NOTHING, edit.output or NOTHING), {})[index] = None
    return Details(beam, by_position(aligned), confusion(aligned), {pair: tuple(own) for pair, own in examples.items()})


def length_bins(measurement: Measurement, beam: int) -> tuple[LengthBin, ...]:
    """The error rate (own references) by the length of the source."""
    own = measurement.evaluation.of(beam).own
    return by_length(own.rate, [len(source) for source in measurement.evaluation.sources])


def half_width(one: BeamScores) -> float:
    """Half the 95 % interval of the error rate: 1.96 s/√n over the examples, as if they were drawn at random."""
    return _half(one.own.rate)


def _half(values: np.ndarray) -> float:
    return float(NORMAL * values.std(ddof=1) / math.sqrt(values.size)) if values.size > 1 else 0.0


# --- two models ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Comparison:
    """What becomes of each example from the first model to the second, with one beam size.

    ``difference`` is the second's error rate less the first's, ``half`` half the 95 % interval of it, from the differences example by
    example.
    """

    beam: int
    changes: tuple[Change, ...]
    difference: float
    half: float

    @property
    def counts(self) -> Mapping[Change, int]:
        """How many examples of each kind."""
        counted = Counter(self.changes)
        return {kind: counted[kind] for kind in get_args(Change)}

    @property
    def moved(self) -> tuple[int, ...]:
        """The examples that did not stay the same."""
        return tuple(index for index, kind in enumerate(self.changes) if kind != "same")

    @property
    def sentence(self) -> str:
        """The figures for people."""
        counts = self.counts
        low, high = self.difference - self.half, self.difference + self.half
        sure = "more than chance would give" if low > 0 or high < 0 else "no more than chance could give"
        return (
            f"The second model repairs {counts['fixed']:,} and spoils {counts['broken']:,}; {counts['better']:,} come nearer, "
            f"{counts['worse']:,} go farther away, {counts['same']:,} stay as wrong or right. "
            f"Error rate {f'{self.difference:+.4f}'.replace('-', '−')} ± {self.half:.4f} (95 %), {sure}."
        )


def compare(first: Measurement, second: Measurement, beam: int) -> Comparison:
    """The two models on the same examples, beside the corpus's own references. InputError where the examples differ."""
    if first.evaluation.sources != second.evaluation.sources or first.evaluation.references != second.evaluation.references:
        raise InputError("the two models were measured on different pairs: compare two of the same data")
    before, after = first.evaluation.of(beam).own, second.evaluation.of(beam).own
    apart = after.rate - before.rate
    return Comparison(beam, changes(before, after), float(apart.mean()), _half(apart))


@dataclass(frozen=True, eq=False)
class Shares:
    """A part of a confusion matrix: ``counts`` (C, C) over ``characters``, and each as a share of its whole row in the full matrix."""

    characters: tuple[str, ...]
    counts: Integers
    shares: Floats


def busiest(found: Confusion, most: int) -> Shares:
    """The *most* characters with the most errors (as reference or output), in alphabetical order; nothing (∅) last, beside them."""
    wrong = found.counts.copy()
    np.fill_diagonal(wrong, 0)
    errors = wrong[:-1].sum(axis=1) + wrong[:, :-1].sum(axis=0)
    kept = sorted(np.argsort(-errors, kind="stable")[:most].tolist())
    rows = [*(at for at in kept if errors[at]), len(found.characters) - 1]
    totals = np.maximum(found.counts.sum(axis=1), 1)[rows]
    counts = found.counts[np.ix_(rows, rows)]
    return Shares(tuple(found.characters[at] for at in rows), counts, counts / totals[:, None])


def shown_positions(position: ByPosition) -> Integers:
    """The positions worth showing: those a tenth of the references reach, at least (few examples say little)."""
    return np.flatnonzero(10 * position.present >= position.present.max(initial=1))
