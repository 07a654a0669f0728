"""Pairs of texts in three splits, what training lists for a source, and how far the splits overlap."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from hw2gui.datasets.characters import SPLITS, Split
from hw2gui.errors import InputError


class Pair(NamedTuple):
    """A text and what it should become."""

    source: str
    target: str

    @property
    def turned(self) -> Pair:
        """The pair of the opposite direction."""
        return Pair(self.target, self.source)


class Overlap(NamedTuple):
    """Which pairs of a split training knows something of, as rising indices into the split.

    ``repeated``: the pair stands word for word in train. ``known``: its source does, with whatever target. ``other``: its source stands in
    train with a target that is not this pair's. So ``repeated`` and ``other`` make up ``known``, and a pair can be in both.
    """

    split: Split
    total: int
    repeated: tuple[int, ...]
    known: tuple[int, ...]
    other: tuple[int, ...]

    @property
    def sentence(self) -> str:
        """The figures for people."""
        return (
            f"Of {self.total:,} {self.split} pairs {len(self.repeated):,} stand word for word in train; "
            f"{len(self.known):,} sources do, {len(self.other):,} of them with another target."
        )

    def without(self, indices: Sequence[int]) -> tuple[int, ...]:
        """The indices of the split that are not among *indices* (one of the three): what to measure to leave those out."""
        left_out = set(indices)
        return tuple(index for index in range(self.total) if index not in left_out)


@dataclass(frozen=True)
class PairCorpus:
    """Pairs in three splits, with where they come from. InputError for an empty text: nothing can be read from or measured against it.

    *attribution* is the sentence to show where its content is shown or exported, *notes* are sentences on what to know of it.
    *sentences* says that its texts are sentences in the plain form of :func:`hw2gui.datasets.normalise.plain_sentence`.
    """

    name: str
    title: str
    source_language: str
    target_language: str
    train: tuple[Pair, ...]
    validation: tuple[Pair, ...]
    test: tuple[Pair, ...]
    attribution: str
    citation: str = ""
    notes: tuple[str, ...] = ()
    sentences: bool = False

    def __post_init__(self) -> None:
        for split in SPLITS:
            for number, pair in enumerate(self.split(split), start=1):
                if not (pair.source and pair.target):
                    side = "target" if pair.source else "source"
                    raise InputError(f"pair {number:,} of {self.title} ({split}) has an empty {side}: take it out or fill it in")

    @property
    def direction(self) -> str:
        """The languages, from and to, for people."""
        return f"{self.source_language} → {self.target_language}"

    def split(self, split: Split) -> tuple[Pair, ...]:
        """The pairs of *split*."""
        pairs: tuple[Pair, ...] = getattr(self, split)
        return pairs

    @property
    def splits(self) -> Mapping[Split, tuple[Pair, ...]]:
        """All three splits by name."""
        return {split: self.split(split) for split in SPLITS}

    @property
    def counts(self) -> Mapping[Split, int]:
        """Number of pairs of each split."""
        return {split: len(self.split(split)) for split in SPLITS}

    @cached_property
    def sums(self) -> Mapping[Split, str]:
        """An md5 sum of the pairs of each split, in their order: what a run notes down to know its data again."""
        return {split: _sum(self.split(split)) for split in SPLITS}

    def references(self, source: str) -> tuple[str, ...]:
        """Every target that training lists for *source*, each once, in the order of the data; none for a source that is not in train."""
        return tuple(self._targets.get(source, ()))

    def all_references(self, pair: Pair) -> tuple[str, ...]:
        """What counts as right for *pair*: its own target first, then the others that training lists for the same source."""
        return tuple(dict.fromkeys((pair.target, *self.references(pair.source))))

    def split_references(self, split: Split) -> tuple[tuple[str, ...], ...]:
        """What counts as right for each pair of *split*: as `all_references`, and then what the split itself lists for the same source.

        A name with two usual spellings stands in the split twice, and either is right.
        """
        listed: dict[str, dict[str, None]] = {}
        for source, target in self.split(split):
            listed.setdefault(source, {})[target] = None
        return tuple(tuple(dict.fromkeys((*self.all_references(pair), *listed[pair.source]))) for pair in self.split(split))

    @property
    def source_count(self) -> int:
        """Number of different sources in train."""
        return len(self._targets)

    @cached_property
    def ambiguous_count(self) -> int:
        """How many of them have more than one target."""
        return sum(len(targets) > 1 for targets in self._targets.values())

    def overlap(self, split: Split) -> Overlap:
        """What training knows of the pairs of *split*, computed anew."""
        repeated, known, other = [], [], []
        for index, (source, target) in enumerate(self.split(split)):
            targets = self._targets.get(source)
            if targets is None:
                continue
            known.append(index)
            if target in targets:
                repeated.append(index)
            if len(targets) > 1 or target not in targets:
                other.append(index)
        return Overlap(split, len(self.split(split)), tuple(repeated), tuple(known), tuple(other))

    @cached_property
    def _targets(self) -> dict[str, dict[str, None]]:
        found: dict[str, dict[str, None]] = {}
        for source, target in self.train:
            found.setdefault(source, {})[target] = None
        return found


def split_by_source(
    pairs: Iterable[Pair], validation: float, test: float, seed: int
) -> tuple[tuple[Pair, ...], tuple[Pair, ...], tuple[Pair, ...]]:
    """Train, validation and test, in the order of *pairs*; the two shares are of the different sources, at least one each.

    All targets of a source go into one split, so that none has its source in another. Sources are ranked by a hash of *seed* and the
    source, so the split does not depend on the order of the pairs, and adding some moves few others. InputError for fewer than three
    sources, or for shares that leave nothing to train on.
    """
    pairs = tuple(pairs)
    sources = {pair.source for pair in pairs}
    if len(sources) < 3:
        raise InputError(f"{len(sources)} different sources cannot be split into train, validation and test: at least 3 are needed")
    if not (0 < validation < 1 and 0 < test < 1):
        raise InputError("the shares for validation and test must lie between 0 and 1: 0.1 each is usual")
    for_test, for_validation = (max(1, round(len(sources) * share)) for share in (test, validation))
    if for_test + for_validation >= len(sources):
        raise InputError("the shares for validation and test leave nothing to train on: 0.1 each is usual")
    ranked = sorted(sources, key=lambda source: (_rank(source, seed), source))
    tested, validated = set(ranked[:for_test]), set(ranked[for_test : for_test + for_validation])
    held_out = tested | validated
    return (
        tuple(pair for pair in pairs if pair.source not in held_out),
        tuple(pair for pair in pairs if pair.source in validated),
        tuple(pair for pair in pairs if pair.source in tested),
    )


def _rank(source: str, seed: int) -> bytes:
    return hashlib.sha256(f"{seed}:{source}".encode()).digest()


def _sum(pairs: Iterable[Pair]) -> str:
    lines = "".join(f"{source}\t{target}\n" for source, target in pairs)
    return hashlib.md5(lines.encode(), usedforsecurity=False).hexdigest()
