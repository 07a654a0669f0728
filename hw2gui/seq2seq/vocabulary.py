"""Characters and their numbers, with four special symbols in front."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from hw2gui.errors import InputError

PAD, START, END, UNKNOWN = range(4)
SPECIALS = ("<pad>", "<s>", "</s>", "<unk>")
"""How the special symbols are written, in the order of their numbers. They are longer than a character, so none can be taken for one."""

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
"""What an unknown symbol looks like in a text."""

MOST_CHARACTERS = 20_000
"""A vocabulary beyond this is no alphabet: the file is damaged or not one."""


@dataclass(frozen=True)
class Vocabulary:
    """An alphabet: number 0 pads, 1 starts, 2 ends, 3 is any unknown character, and 4 on are ``characters`` in their order.

    Raises InputError for something that is not one character, one given twice, or none at all.
    """

    characters: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 0 < len(self.characters) <= MOST_CHARACTERS:
            raise InputError(f"a vocabulary of {len(self.characters):,} characters: it has 1 to {MOST_CHARACTERS:,}")
        for character in self.characters:
            if not isinstance(character, str) or len(character) != 1:
                raise InputError(f"the vocabulary holds {str(character)[:20]!r}: each of its entries is one character")
        if len(self._numbers) < len(self.characters):
            raise InputError("the vocabulary holds a character twice: it is damaged")

    @classmethod
    def of(cls, texts: Iterable[str]) -> Vocabulary:
        """All characters of *texts*, in the order of their code points."""
        return cls(tuple(sorted(set().union(*map(set, texts)))))

    def __len__(self) -> int:
        """The special symbols and the characters together: rows of an embedding."""
        return len(SPECIALS) + len(self.characters)

    @cached_property
    def symbols(self) -> tuple[str, ...]:
        """Every symbol as it is written, by its number."""
        return (*SPECIALS, *self.characters)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {character: number for number, character in enumerate(self.characters, start=len(SPECIALS))}

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        """What each number leaves in a text."""
        return ("", "", "", REPLACEMENT, *self.characters)

    def encode(self, text: str) -> list[int]:
        """The number of each character, without start or end; UNKNOWN for those that are not in the vocabulary."""
        return [self._numbers.get(character, UNKNOWN) for character in text]

    def decode(self, numbers: Iterable[int]) -> str:
        """The text up to END; padding and START leave nothing, UNKNOWN leaves U+FFFD. IndexError for a number that is none."""
        texts, text = self._texts, []
        for number in numbers:
            if number == END:
                break
            if not 0 <= number < len(texts):
                raise IndexError(f"symbol {number} of a vocabulary of {len(texts)}")
            text.append(texts[number])
        return "".join(text)

    def unknown(self, text: str) -> tuple[str, ...]:
        """The characters of *text* that are not in the vocabulary, each once, in the order of their first appearance."""
        return tuple(dict.fromkeys(character for character in text if character not in self._numbers))


def names(vocabulary: Vocabulary, numbers: Sequence[int]) -> tuple[str, ...]:
    """Each symbol as it is written, special ones by their names."""
    symbols = vocabulary.symbols
    return tuple(symbols[number] for number in numbers)
