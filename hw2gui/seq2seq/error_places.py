"""Where a measured model's errors lie: by position, by character, by length."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hw2gui.arrays import Floats, Ints
from hw2gui.seq2seq.measurement import Measurement
from hw2gui.seq2seq.metrics import NOTHING, ByPosition, Confusion, LengthBin, alignments, by_length, by_position, confusion


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


@dataclass(frozen=True, eq=False)
class Shares:
    """A part of a confusion matrix: ``counts`` (C, C) over ``characters``, and each as a share of its whole row in the full matrix."""

    characters: tuple[str, ...]
    counts: Ints
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


def shown_positions(position: ByPosition) -> Ints:
    """The positions worth showing: those a tenth of the references reach, at least (few examples say little)."""
    return np.flatnonzero(10 * position.present >= position.present.max(initial=1))
