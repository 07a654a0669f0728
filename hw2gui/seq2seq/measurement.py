"""A model measured on a split: its scores by beam size, what training knows of the split, where the errors lie; two models compared.

Free of torch: `measure` imports what it needs when it is called, in the worker or a process of its own.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from hw2gui.datasets.corpus import Overlap
from hw2gui.seq2seq import models, report_reference
from hw2gui.seq2seq.evaluation import BeamScores, Evaluation, Progress
from hw2gui.seq2seq.measure_choice import Setting
from hw2gui.seq2seq.metrics import (
    Scores,
    as_json,
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
            repeated, known = len(self.overlap.repeated), len(self.overlap.known)
            counted = f"{repeated:,} pair{'s' if repeated != 1 else ''} and {known:,} source{'s' if known != 1 else ''}"
            parts.append(f"{counted} stand in train")
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


def half_width(one: BeamScores) -> float:
    """Half the 95 % interval of the error rate: 1.96 s/√n over the examples, as if they were drawn at random."""
    return half_of(one.own.rate)


def half_of(values: np.ndarray) -> float:
    """Half the 95 % interval of the mean of *values*; 0 of a single one."""
    return float(NORMAL * values.std(ddof=1) / math.sqrt(values.size)) if values.size > 1 else 0.0
