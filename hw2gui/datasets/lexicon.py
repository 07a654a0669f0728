"""The starter lexicon: Arabic names with a usual English spelling, written for this program and shipped with it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from hw2gui import paths
from hw2gui.datasets import registry
from hw2gui.datasets.corpus import Pair, PairCorpus, split_by_source
from hw2gui.errors import UnavailableError

NAME = "starter-ar-en"
KINDS = ("given", "family", "place", "word")
"""Given names, family names, places, and words that serve as names."""

SEED = 42
HELD_OUT = 0.1
"""The share of the sources in validation, and again in test."""

_COLUMNS = 3


class Entry(NamedTuple):
    """A line of the lexicon: the name in Arabic, a usual English spelling, and its kind, one of :data:`KINDS`."""

    arabic: str
    english: str
    kind: str


@lru_cache(maxsize=1)
def entries() -> tuple[Entry, ...]:
    """Every line, in the order of the file. UnavailableError when it is missing or was changed beyond reading."""
    path = paths.resource("lexicon", f"{NAME}.tsv")
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnavailableError(f"{path} cannot be read ({error}): install the program again") from error
    found = []
    for number, line in enumerate(lines, start=1):
        columns = line.split("\t")
        if len(columns) != _COLUMNS or columns[2] not in KINDS:
            raise UnavailableError(f"line {number:,} of {path} is not a name, its spelling and its kind: install the program again")
        found.append(Entry(*columns))
    return tuple(found)


@lru_cache(maxsize=1)
def load() -> PairCorpus:
    """The lexicon from Arabic to English in its fixed split: a tenth of the names each to validate and to test."""
    dataset = registry.find(NAME)
    pairs = (Pair(entry.arabic, entry.english) for entry in entries())
    train, validation, test = split_by_source(pairs, HELD_OUT, HELD_OUT, SEED)
    return PairCorpus(
        name=NAME,
        title=dataset.title,
        source_language="Arabic",
        target_language="English",
        train=train,
        validation=validation,
        test=test,
        attribution=dataset.attribution,
        notes=(
            "Small: enough to try things with, not to measure by.",
            "A name has one or two usual spellings, which stand in the same split.",
        ),
    )
