"""What is done to typed text before a model reads it, every change on record, so that nothing happens unseen.

Removed are invisible characters, Arabic diacritics and tatweel; presentation forms become the letters they show; marks typed apart from
their letter join it (Unicode NFC); spaces are tidied. Letters a model does not know are written as a variant it knows, where there is one.
Doing it twice is doing it once.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from hw2gui.datasets.arabic import ALEF_VARIANTS, TATWEEL, VARIANTS, is_diacritic, is_presentation_form

MAX_LENGTH = 200
"""Characters kept of a typed text unless told otherwise."""

_READ_AT_MOST = 20  # times the length kept: what is removed should not use up the room of what stays
_TIDY = re.compile("[!-~ء-غف-ي]+(?: [!-~ء-غف-ي]+)*")  # visible ASCII and Arabic letters, which nothing is done to, with one space between
_JOINING_MARKS = "\u0653\u0654\u0655"  # madda and hamza above and below: part of a letter wherever they can join one
_PUNCTUATION = ".!?"
_LISTED = 6

Why = Literal["invisible", "form", "tatweel", "joined", "diacritic", "variant", "plain", "space"]

_TITLES: dict[Why, str] = {
    "invisible": "invisible characters removed",
    "form": "presentation forms written as letters",
    "tatweel": "tatweel (stretching) removed",
    "joined": "marks joined with their letter",
    "diacritic": "diacritics removed",
    "variant": "letters written as the model knows them",
    "plain": "characters made plain",
    "space": "spaces tidied",
}


class Change(NamedTuple):
    """One change: at which index of the original, from what, to what ("" when removed), and why."""

    at: int
    before: str
    after: str
    why: Why


class Step(NamedTuple):
    """All changes of one kind: how many, and a sentence that says which."""

    why: Why
    times: int
    sentence: str


@dataclass(frozen=True)
class Normalised:
    """The text a model reads, the one it came from, and the changes between them in the order of the original.

    *left_out* counts the characters beyond the limit, which are not in *text*.
    """

    original: str
    text: str
    changes: tuple[Change, ...]
    left_out: int

    @property
    def changed(self) -> bool:
        """Whether anything is other than it was typed."""
        return self.text != self.original

    @property
    def steps(self) -> tuple[Step, ...]:
        """The changes kind by kind, in the order they are done."""
        kinds = {why: [change for change in self.changes if change.why == why] for why in _TITLES}
        return tuple(Step(why, len(own), _sentence(why, own)) for why, own in kinds.items() if own)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What to show beside the text: a line for each kind of change, and one for what was left out."""
        lines = tuple(step.sentence for step in self.steps)
        return (*lines, f"cut after {len(self.text):,} characters, {self.left_out:,} left out") if self.left_out else lines


def normalise(text: str, *, known: Collection[str] | None = None, alef: bool = False, limit: int = MAX_LENGTH) -> Normalised:
    """*text* as a model should read it, at most *limit* characters (at least 1) of it.

    With *known*, the characters of a model's vocabulary, letters beyond it become a variant within it where there is one (أ → ا, ى → ي,
    É → e); what has none stays, for the model to take as unknown. *alef* writes أ, إ, آ and ٱ as ا whatever the vocabulary.
    Any string is accepted.
    """
    vocabulary = frozenset(known) if known is not None else None
    if vocabulary is None and not alef and len(text) <= limit and _TIDY.fullmatch(text):
        return Normalised(text, text, (), 0)  # most lines of a table

    def tidy(items: _Items) -> _Items:
        items = items.each(_visible).each(_letters).joined().each(_without_marks)
        if alef:
            items = items.each(_bare_alef)
        if vocabulary is not None:
            items = items.each(lambda character: _known_variant(character, vocabulary))
        return items.spaced()

    return _run(text, limit, tidy)


def plain_sentence(text: str, *, limit: int = MAX_LENGTH) -> Normalised:
    """*text* in the form of the Spanish and English sentences: small letters without accents, a space before each of . ! ?, and one space
    for anything else, of which one is kept at the beginning (where ¿ stood). "¿Quién lo pintó?" becomes " quien lo pinto ?".
    """

    def tidy(items: _Items) -> _Items:
        return items.each(_visible).joined().each(_plain).punctuated().spaced(keep_first=True)

    return _run(text, limit, tidy)


class _Items:
    """A text in the making: characters with the index of the original each came from, and the changes so far."""

    def __init__(self, items: Iterable[tuple[str, int]], changes: list[Change]) -> None:
        self.items = list(items)
        self.changes = changes

    @property
    def text(self) -> str:
        return "".join(character for character, _ in self.items)

    def each(self, rule: Callable[[str], tuple[str, Why] | None]) -> _Items:
        """Replace every character for which *rule* has an answer."""
        found: list[tuple[str, int]] = []
        for character, index in self.items:
            answer = rule(character)
            if answer is None:
                found.append((character, index))
                continue
            after, why = answer
            self.changes.append(Change(index, character, after, why))
            found += [(one, index) for one in after]
        return _Items(found, self.changes)

    def joined(self) -> _Items:
        """NFC within each letter and the marks that follow it."""
        found: list[tuple[str, int]] = []
        for group in _groups(self.items):
            before = "".join(character for character, _ in group)
            after = unicodedata.normalize("NFC", before)
            if before == after:
                found += group
                continue
            self.changes.append(Change(group[0][1], before, after, "joined"))
            found += [(character, group[min(at, len(group) - 1)][1]) for at, character in enumerate(after)]
        return _Items(found, self.changes)

    def punctuated(self) -> _Items:
        """A space before each punctuation mark that has none."""
        found: list[tuple[str, int]] = []
        for character, index in self.items:
            if character in _PUNCTUATION and not (found and found[-1][0] == " "):
                self.changes.append(Change(index, character, f" {character}", "space"))
                found.append((" ", index))
            found.append((character, index))
        return _Items(found, self.changes)

    def spaced(self, *, keep_first: bool = False) -> _Items:
        """One space where there are several, none at the end, and none at the beginning unless *keep_first*."""
        found: list[tuple[str, int]] = []
        for character, index in self.items:
            superfluous = character == " " and (found[-1][0] == " " if found else not keep_first)
            if superfluous:
                self.changes.append(Change(index, " ", "", "space"))
            else:
                found.append((character, index))
        while found and found[-1][0] == " ":
            self.changes.append(Change(found.pop()[1], " ", "", "space"))
        return _Items(found, self.changes)


def _run(text: str, limit: int, tidy: Callable[[_Items], _Items]) -> Normalised:
    limit = max(1, limit)
    read = text[: limit * _READ_AT_MOST]
    items = _Items(zip(read, range(len(read)), strict=True), [])
    while True:  # removing a character can bring together what joins; every round but the last removes or joins something
        before = items.text
        items = tidy(items)
        if items.text == before:
            break
    kept = items.items[:limit]
    while kept and kept[-1][0] == " ":
        kept.pop()
    beyond = items.items[len(kept) :]
    end = beyond[0][1] if beyond else len(read)
    changes = sorted((change for change in items.changes if change.at < end), key=lambda change: change.at)
    return Normalised(text, "".join(character for character, _ in kept), tuple(changes), len(text) - end)


def _groups(items: list[tuple[str, int]]) -> Iterable[list[tuple[str, int]]]:
    """Each character with the combining marks that follow it."""
    group: list[tuple[str, int]] = []
    for item in items:
        if group and not unicodedata.combining(item[0]):
            yield group
            group = []
        group.append(item)
    if group:
        yield group


def _visible(character: str) -> tuple[str, Why] | None:
    if character == " " or character.isalnum():
        return None
    if character.isspace():
        return " ", "space"
    return ("", "invisible") if unicodedata.category(character) in ("Cc", "Cf", "Cs") else None


def _letters(character: str) -> tuple[str, Why] | None:
    """Presentation forms as letters, by NFKC; it shows a lone mark on a space, which was not typed."""
    if character == TATWEEL:
        return "", "tatweel"
    if not is_presentation_form(character):
        return None
    letters = unicodedata.normalize("NFKC", character).lstrip(" ")
    return None if letters == character else (letters, "form")


def _without_marks(character: str) -> tuple[str, Why] | None:
    # By now madda and hamza have joined their letter wherever there is one to join.
    return ("", "diacritic") if is_diacritic(character) or character in _JOINING_MARKS else None


def _bare_alef(character: str) -> tuple[str, Why] | None:
    return ("ا", "variant") if character in ALEF_VARIANTS else None


def _known_variant(character: str, known: frozenset[str]) -> tuple[str, Why] | None:
    if character in known or character == " ":
        return None
    variant = next((variant for variant in _variants(character) if variant in known), None)
    return None if variant is None else (variant, "variant")


@lru_cache(maxsize=4096)
def _variants(character: str) -> tuple[str, ...]:
    """Other ways to write *character*, single characters all, the nearest first."""
    digit = unicodedata.digit(character, None)
    base = unicodedata.normalize("NFD", character)[0]
    found = (*VARIANTS.get(character, ""), "" if digit is None else str(digit), character.lower(), character.upper())
    return tuple(one for one in dict.fromkeys((*found, base, base.lower(), base.upper())) if len(one) == 1 and one != character)


def _plain(character: str) -> tuple[str, Why] | None:
    if character == " " or character in _PUNCTUATION or "a" <= character <= "z":
        return None
    if unicodedata.combining(character):
        return "", "plain"
    base = unicodedata.normalize("NFD", character.lower())[0]
    return (base if "a" <= base <= "z" else " "), "plain"


def _sentence(why: Why, changes: list[Change]) -> str:
    """What was done, how often, and the different changes of a kind whose changes differ."""
    title = _TITLES[why]
    if why in ("tatweel", "space"):
        return f"{title}: {len(changes):,}"
    counts = Counter(f"{_shown(change.before)} → {_shown(change.after)}" if change.after else _shown(change.before) for change in changes)
    listed = [f"{text} ×{count}" if count > 1 else text for text, count in counts.items()]
    return f"{title}: {', '.join(listed[:_LISTED])}" + (f" and {len(listed) - _LISTED:,} more" if len(listed) > _LISTED else "")


def _shown(text: str) -> str:
    """Text that can be seen, with names for what has no picture of its own."""
    seen = ["space" if text == " " else _seen(character) for character in text]
    return (" + " if any(len(one) > 1 for one in seen) else "").join(seen)


def _seen(character: str) -> str:
    if unicodedata.combining(character) or not character.isprintable():
        return unicodedata.name(character, "").removeprefix("ARABIC ").lower() or f"U+{ord(character):04X}"
    return character
