"""How good outputs are: the homework's error rate, the corpus character error rate, exact matches, and where the errors lie.

An example has one output (or its n best, best first) and one or more references; an empty reference is refused.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from hw2gui.arrays import Floats, Ints
from hw2gui.errors import InputError
from hw2gui.seq2seq.alignment import Edit, align, distances

References = Sequence[Sequence[str]]
"""For each example the outputs that count as right; the first is the corpus's own."""

NOTHING = ""
"""In a confusion matrix: no character, where one was inserted or left out."""


@dataclass(frozen=True)
class Scores:
    """Over n examples: the homework's error rate, the corpus character error rate, the share that is exactly right.

    ``error_rate`` = mean of distance / len(reference); ``cer`` = Σ distance / Σ len(reference). The first weighs every example alike, the
    second every character. Both can exceed 1. ``mean_length`` is the outputs' mean length, ``reference_length`` the references'.
    """

    n: int
    error_rate: float
    cer: float
    exact_match: float
    mean_length: float
    reference_length: float


@dataclass(frozen=True, eq=False)
class Judged:
    """Each example beside the reference nearest to its output: distance (N,), that reference's length (N,), and its number (N,).

    Nearest is the smallest distance / length; of equal ones the first.
    """

    distance: Ints
    length: Ints
    reference: Ints

    @property
    def rate(self) -> Floats:
        """Distance / length of each example (N,)."""
        return self.distance / self.length

    def scores(self, outputs: Sequence[str]) -> Scores:
        """The means over all examples. InputError where there is none."""
        if not len(outputs):
            raise InputError("there is no example to measure: choose a split that has some")
        return Scores(
            n=len(outputs),
            error_rate=float(self.rate.mean()),
            cer=float(self.distance.sum() / self.length.sum()),
            exact_match=float((self.distance == 0).mean()),
            mean_length=float(np.mean([len(output) for output in outputs])),
            reference_length=float(self.length.mean()),
        )


def judge(outputs: Sequence[str], references: References) -> Judged:
    """Compare each output with its references. InputError for an example with an empty reference, or with none."""
    for own in references:
        if not own or not all(own):
            raise InputError("an example has an empty reference, to which no share of errors can be given: leave it out")
    counts = np.array([len(own) for own in references], dtype=np.int64)
    flat = [reference for own in references for reference in own]
    repeated = [output for output, own in zip(outputs, references, strict=True) for _ in own]
    distance, length = distances(repeated, flat), np.array([len(reference) for reference in flat], dtype=np.int64)
    starts = np.cumsum(counts) - counts
    nearest = np.array(
        [start + int(np.argmin(distance[start : start + n] / length[start : start + n])) for start, n in zip(starts, counts, strict=True)],
        dtype=np.int64,
    )
    return Judged(distance[nearest], length[nearest], nearest - starts)


def measure(outputs: Sequence[str], references: References) -> Scores:
    """The scores of *outputs*."""
    return judge(outputs, references).scores(outputs)


def oracle(nbest: Sequence[Sequence[str]], references: References) -> Scores:
    """The scores if somebody who knows the references chose the best of each example's n best (of equally good ones the first)."""
    flat = [output for own in nbest for output in own]
    judged = judge(flat, [own for outputs, own in zip(nbest, references, strict=True) for _ in outputs])
    chosen, start = [], 0
    for own in nbest:
        chosen.append(start + int(np.argmin(judged.rate[start : start + len(own)])))
        start += len(own)
    picked = np.array(chosen, dtype=np.int64)
    return Judged(judged.distance[picked], judged.length[picked], judged.reference[picked]).scores([flat[index] for index in chosen])


@dataclass(frozen=True)
class LengthBin:
    """Examples whose length is in shortest..longest: how many, their mean error rate, and the standard error of that mean."""

    shortest: int
    longest: int
    n: int
    error_rate: float
    standard_error: float


def by_length(rates: Floats, lengths: Sequence[int], at_least: int = 20) -> tuple[LengthBin, ...]:
    """Mean of *rates* (N,) for each length; neighbouring lengths are joined until a bin has *at_least* examples.

    The standard error is s/√n with the sample standard deviation; 0 for a single example.
    """
    order = np.argsort(lengths, kind="stable")
    sizes, rates = np.asarray(lengths)[order], np.asarray(rates)[order]
    edges = [0]
    for end in range(1, len(sizes)):
        # The rest must make a bin as well: one of a few long examples would tell nothing.
        if sizes[end] != sizes[end - 1] and end - edges[-1] >= at_least and len(sizes) - end >= at_least:
            edges.append(end)
    bins: list[LengthBin] = []
    for start, end in pairwise([*edges, len(sizes)] if len(sizes) else []):
        own = rates[start:end]
        error = float(own.std(ddof=1) / math.sqrt(len(own))) if len(own) > 1 else 0.0
        bins.append(LengthBin(int(sizes[start]), int(sizes[end - 1]), len(own), float(own.mean()), error))
    return tuple(bins)


@dataclass(frozen=True, eq=False)
class ByPosition:
    """Errors at each position of the references, from 0 to the longest: how many references have a character there (P,), and how
    often it was replaced, left out, or something inserted before it (P,); insertions at the very end are counted at the end's position.
    """

    present: Ints
    substituted: Ints
    deleted: Ints
    inserted: Ints


def alignments(outputs: Sequence[str], references: References, judged: Judged) -> list[tuple[Edit, ...]]:
    """Each output aligned with its nearest reference."""
    return [align(output, own[nearest]) for output, own, nearest in zip(outputs, references, judged.reference.tolist(), strict=True)]


def by_position(aligned: Sequence[Sequence[Edit]]) -> ByPosition:
    """Where in the references the errors of *aligned* examples lie."""
    longest = max((edit.position + 1 for edits in aligned for edit in edits), default=1)
    counts: dict[str, Ints] = {name: np.zeros(longest, dtype=np.int64) for name in ("match", "substitute", "delete", "insert")}
    for edits in aligned:
        for edit in edits:
            counts[edit.operation][edit.position] += 1
    present = counts["match"] + counts["substitute"] + counts["delete"]
    return ByPosition(present, counts["substitute"], counts["delete"], counts["insert"])


@dataclass(frozen=True, eq=False)
class Confusion:
    """How often the reference's character (row) became the output's (column): counts (C, C) over ``characters``, NOTHING last.

    The row of NOTHING counts insertions, its column deletions.
    """

    characters: tuple[str, ...]
    counts: Ints

    def worst(self, count: int) -> tuple[tuple[str, str, int], ...]:
        """The most frequent confusions (reference, output, times), without matches; of equal ones in alphabetical order."""
        wrong = self.counts.copy()
        np.fill_diagonal(wrong, 0)
        pairs = [(self.characters[i], self.characters[j], int(wrong[i, j])) for i, j in zip(*np.nonzero(wrong), strict=True)]
        return tuple(sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))[:count])


def confusion(aligned: Sequence[Sequence[Edit]]) -> Confusion:
    """Which characters *aligned* examples keep, replace, leave out and insert."""
    pairs = Counter((edit.reference or NOTHING, edit.output or NOTHING) for edits in aligned for edit in edits)
    characters = (*sorted({character for pair in pairs for character in pair} - {NOTHING}), NOTHING)
    numbers = {character: index for index, character in enumerate(characters)}
    counts = np.zeros((len(characters), len(characters)), dtype=np.int64)
    for (reference, output), times in pairs.items():
        counts[numbers[reference], numbers[output]] = times
    return Confusion(characters, counts)


Change = Literal["fixed", "broken", "better", "worse", "same"]


def changes(before: Judged, after: Judged) -> tuple[Change, ...]:
    """What became of each example from one model's outputs to another's; fixed: now exactly right, broken: no longer."""
    found: list[Change] = []
    for old, new in zip(before.rate.tolist(), after.rate.tolist(), strict=True):
        if old == new:
            found.append("same")
        elif new < old:
            found.append("fixed" if new == 0 else "better")
        else:
            found.append("broken" if old == 0 else "worse")
    return tuple(found)


def as_json(scores: Scores) -> Mapping[str, float]:
    """The scores for machines."""
    return {name: getattr(scores, name) for name in ("error_rate", "cer", "exact_match", "n", "mean_length", "reference_length")}
