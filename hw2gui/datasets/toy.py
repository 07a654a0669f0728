"""Toy tasks made on the fly, whose right answer and right alignment are known: what attention has to learn can be seen in them.

A task is a rule from a text to a text. Texts are drawn from a counter-based random stream, and a hash of each says which split it belongs
to. So a set is a pure function of its numbers, lengths are spread alike over the splits, and one split can grow and leave the others as
they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from hw2gui.datasets import registry
from hw2gui.datasets.characters import SPLITS, Split
from hw2gui.datasets.corpus import Pair, PairCorpus
from hw2gui.errors import InputError, shortened

VOWELS = "aeiou"
DIGIT_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

MAX_PAIRS = 200_000
"""Most pairs of a set, all splits together."""

MAX_LENGTH = 40
"""Longest source that can be asked for."""

_LETTERS = VOWELS * 3 + "bcdfghjklmnpqrstvwxyz"  # vowels more often, so that the words can nearly be spoken
_SIXTEENTHS: dict[Split, int] = {"train": 12, "validation": 2, "test": 2}  # of all texts there are, how many belong to each split
_MOST_DRAWS = 1_000  # for each pair; about twelve are enough where all lengths can be had
_BLOCK = 1024  # words drawn at once


@dataclass(frozen=True)
class ToyTask:
    """A rule with the characters of its sources (one listed more often is drawn more often) and what attention has to do."""

    name: str
    rule: Callable[[str], str]
    characters: str
    lengths: tuple[int, int]
    target_language: str
    attention: str

    def holds(self, shortest: int, longest: int) -> int:
        """How many different sources of these lengths have a target."""
        alphabet = set(self.characters)
        without_target = sum(not self.rule(character) for character in alphabet)
        return sum(len(alphabet) ** length - without_target**length for length in range(shortest, longest + 1))


def _double(text: str) -> str:
    return "".join(character * 2 for character in text)


def _without_vowels(text: str) -> str:
    return "".join(character for character in text if character not in VOWELS)


def _in_words(text: str) -> str:
    return " ".join(DIGIT_WORDS[int(digit)] for digit in text)


TASKS = {
    task.name: task
    for task in (
        ToyTask("toy-reverse", lambda text: text[::-1], _LETTERS, (3, 12), "reversed", "it runs from the last letter to the first"),
        ToyTask("toy-copy", str, _LETTERS, (3, 12), "copied", "it stays on the diagonal"),
        ToyTask("toy-double", _double, _LETTERS, (2, 8), "doubled", "it rests on each letter for two steps"),
        ToyTask("toy-vowels", _without_vowels, _LETTERS, (4, 14), "without vowels", "it jumps over the vowels"),
        ToyTask("toy-digits", _in_words, "0123456789", (1, 6), "words", "it rests on each digit for a whole word"),
    )
}
"""Every toy task by its name in the registry."""


def transform(name: str, text: str) -> str:
    """The right answer of task *name* to *text*; InputError for an unknown task, or for a character the task does not know."""
    task = _find(name)
    strange = sorted(set(text) - set(task.characters))
    if strange:
        allowed = "digits" if task.characters.isdigit() else "small letters from a to z"
        raise InputError(f"'{strange[0]}' is not among the characters of {name}: use {allowed}")
    return task.rule(text)


def make(
    name: str,
    *,
    train: int = 8_000,
    validation: int = 1_000,
    test: int = 1_000,
    lengths: tuple[int, int] | None = None,
    seed: int = 42,
) -> PairCorpus:
    """The set of task *name* with so many pairs in each split, no source twice; *lengths* are the shortest and the longest source.

    A larger split begins with the smaller one, and leaves the others as they are. InputError for an unknown task, an empty split, more
    pairs than :data:`MAX_PAIRS`, or more than half of the texts there are of these lengths.
    """
    return _make(name, train, validation, test, lengths or _find(name).lengths, seed)


@lru_cache(maxsize=4)
def _make(name: str, train: int, validation: int, test: int, lengths: tuple[int, int], seed: int) -> PairCorpus:
    task = _find(name)
    wanted: dict[Split, int] = {"train": train, "validation": validation, "test": test}
    _check(task, wanted, lengths, seed)
    found = _draw(task, wanted, lengths, seed)
    dataset = registry.find(name)
    return PairCorpus(
        name=name,
        title=dataset.title,
        source_language="digits" if task.characters.isdigit() else "letters",
        target_language=task.target_language,
        train=found["train"],
        validation=found["validation"],
        test=found["test"],
        attribution=dataset.attribution,
        notes=(f"What attention has to learn: {task.attention}.",),
    )


def _find(name: str) -> ToyTask:
    if name not in TASKS:
        raise InputError(f"'{shortened(name, 60)}' is no toy task: choose one of {', '.join(TASKS)}")
    return TASKS[name]


def _draw(task: ToyTask, wanted: Mapping[Split, int], lengths: tuple[int, int], seed: int) -> dict[Split, tuple[Pair, ...]]:
    """Texts until each split has as many as *wanted*, none twice."""
    found: dict[Split, dict[str, Pair]] = {split: {} for split in SPLITS}
    for draw, source in enumerate(_texts(task, lengths, seed)):
        pair, split = Pair(source, task.rule(source)), _split_of(source, seed)
        if pair.target and len(found[split]) < wanted[split]:
            found[split][source] = pair
        if all(len(found[split]) == count for split, count in wanted.items()):
            break
        if draw > _MOST_DRAWS * sum(wanted.values()):
            raise _too_many(task, lengths)
    return {split: tuple(pairs.values()) for split, pairs in found.items()}


def _split_of(source: str, seed: int) -> Split:
    sixteenth = hashlib.blake2b(f"{seed}:{source}".encode(), digest_size=1).digest()[0] // 16
    return "validation" if sixteenth < _SIXTEENTHS["validation"] else "test" if sixteenth < 2 * _SIXTEENTHS["test"] else "train"


def _too_many(task: ToyTask, lengths: tuple[int, int]) -> InputError:
    there_are = task.holds(*lengths)
    most = ", ".join(
        f"{there_are * part // 32:,} to {verb}" for part, verb in zip(_SIXTEENTHS.values(), ("train", "validate", "test"), strict=True)
    )
    return InputError(
        f"{task.name} has {there_are:,} texts of {lengths[0]} to {lengths[1]} characters, enough for {most}: "
        "ask for fewer pairs or longer texts"
    )


def _check(task: ToyTask, wanted: Mapping[Split, int], lengths: tuple[int, int], seed: int) -> None:
    total = sum(wanted.values())
    if min(wanted.values()) < 1 or total > MAX_PAIRS:
        raise InputError(f"a toy set has at least 1 pair in each split and at most {MAX_PAIRS:,} in all: {total:,} were asked for")
    if not 1 <= lengths[0] <= lengths[1] <= MAX_LENGTH:
        raise InputError(f"the lengths of a toy set go from 1 to {MAX_LENGTH}, the shortest first: not {lengths[0]} to {lengths[1]}")
    if not 0 <= seed < 2**64:
        raise InputError("the seed of a toy set must be a whole number from 0, below 2⁶⁴")
    if any(32 * count > task.holds(*lengths) * _SIXTEENTHS[split] for split, count in wanted.items()):
        raise _too_many(task, lengths)


def _texts(task: ToyTask, lengths: tuple[int, int], seed: int) -> Iterator[str]:
    """Random texts without end: a length, any as likely as another, then its characters. Bit generators are fixed for good."""
    shortest, longest = lengths
    bits, characters = np.random.Philox(key=seed), task.characters
    while True:
        words = bits.random_raw(_BLOCK * (1 + longest)).reshape(_BLOCK, 1 + longest)
        spans = (shortest + words[:, 0] % np.uint64(longest - shortest + 1)).tolist()
        choices = (words[:, 1:] % np.uint64(len(characters))).tolist()
        for span, chosen in zip(spans, choices, strict=True):
            yield "".join([characters[index] for index in chosen[:span]])
