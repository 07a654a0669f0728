"""Finding a command by a few letters: words of titles and descriptions, other words for the same thing, and slips of the fingers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

OTHER_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("zoom", ("bigger", "larger", "enlarge", "magnify", "font", "scale", "projector")),
    ("dark", ("night", "black")),
    ("light", ("day", "white", "bright")),
    ("appearance", ("theme", "mode", "colours", "colors")),
    ("save", ("export", "store", "write", "keep")),
    ("open", ("load", "import", "read")),
    ("undo", ("back", "revert")),
    ("redo", ("again", "forward")),
    ("anew", ("reset", "clear", "fresh", "default")),
    ("keys", ("shortcut", "shortcuts", "keyboard", "hotkey")),
    ("glossary", ("help", "term", "definition", "meaning")),
    ("tour", ("tutorial", "introduction", "guide")),
    ("questions", ("homework", "exercise", "task", "assignment")),
    ("quit", ("exit", "leave")),
    ("code", ("python", "program", "source", "snippet")),
    ("stride", ("step", "hop")),
    ("padding", ("border", "margin")),
    ("dilation", ("atrous", "spacing")),
    ("beam", ("hypotheses", "candidates")),
    ("confusion", ("confused", "mistakes", "misread")),
    ("error", ("mistakes", "wer", "cer")),
    ("attention", ("weights", "softmax")),
    ("parameters", ("weights", "count", "counts")),
    ("train", ("learn", "fit", "epochs")),
    ("results", ("accuracy", "evaluate", "evaluation")),
    ("translate", ("transliterate", "decode")),
    ("model", ("network", "run")),
)
"""What things are called here, and what else people call them."""

TITLE_BEGINS, WORD_BEGINS, IN_TITLE, OTHER_WORD, DESCRIBED, SLIP = 0, 1, 2, 3, 4, 8
SHORTEST_SLIP = 4


class Findable(Protocol):
    """What can be looked for."""

    @property
    def group(self) -> str:
        """Its kind."""
        ...

    @property
    def title(self) -> str:
        """What it is called."""
        ...

    @property
    def detail(self) -> str:
        """What it does."""
        ...

    @property
    def enabled(self) -> bool:
        """Whether it can be done now."""
        ...


One = TypeVar("One", bound=Findable)


def find(query: str, among: Sequence[One], most: int = 80) -> list[One]:
    """Those that hold every word of *query*, best first: words that begin the title, then words anywhere, other words for the same, slips.

    Of equals, what cannot be done now comes last. Slips count only where a word is found nowhere as it is written.
    """
    words = folded(query).split()
    if not words:
        return list(among[:most])
    for slips in (False, True):
        scores = [(_score(words, one, slips), not one.enabled, number) for number, one in enumerate(among)]
        ranked = sorted((score, off, number) for score, off, number in scores if score is not None)
        if ranked:
            return [among[number] for *_, number in ranked[:most]]
    return []


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """*text* without case and accents, for comparing."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter))


def _score(words: list[str], one: Findable, slips: bool) -> int | None:
    """0 is best; None: a word is nowhere in it."""
    title, rest = folded(one.title), folded(f"{one.group} {one.detail}")
    total = 0
    for word in words:
        score = _plain_score(word, title, rest)
        if score is None and slips and _slipped(word, title):
            score = SLIP
        if score is None:
            return None
        total += score
    return total


def _plain_score(word: str, title: str, rest: str) -> int | None:
    if title.startswith(word):
        return TITLE_BEGINS
    if word in title:
        return WORD_BEGINS if re.search(rf"\b{re.escape(word)}", title) else IN_TITLE
    if any(re.search(rf"\b{name}", title) for name in _called(word)):
        return OTHER_WORD
    if word in rest:
        return DESCRIBED
    return DESCRIBED + 1 if any(re.search(rf"\b{name}", rest) for name in _called(word)) else None


@lru_cache(maxsize=256)
def _called(word: str) -> tuple[str, ...]:
    """What *word*, or a word that begins with it, is called here."""
    return tuple(
        name for name, others in OTHER_WORDS if any(other == word or (len(word) > 3 and other.startswith(word)) for other in others)
    )


def _slipped(word: str, title: str) -> bool:
    """Whether *word* is a word of *title* with one letter wrong, missing, too many or two exchanged, or some of its letters in order."""
    if len(word) < SHORTEST_SLIP:
        return False
    return any(_one_off(word, other) or _in_order(word, other) for other in re.findall(r"\w+", title))


def _one_off(word: str, other: str) -> bool:
    # A word that is still being typed is compared with the beginning of the other.
    for end in {len(word) - 1, len(word), len(word) + 1}:
        start = other[:end]
        if abs(len(start) - len(word)) > 1:
            continue
        at = next((k for k, (a, b) in enumerate(zip(word, start, strict=False)) if a != b), min(len(word), len(start)))
        one, two = word[at:], start[at:]
        if at > 0 and (one[1:] == two[1:] or one[1:] == two or one == two[1:] or (one[:2] == two[1::-1] and one[2:] == two[2:])):
            return True
    return False


def _in_order(word: str, other: str) -> bool:
    letters = iter(other)
    return word[0] == other[:1] and all(letter in letters for letter in word)
