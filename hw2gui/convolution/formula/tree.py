"""What a formula is made of once it is read."""

from __future__ import annotations

from dataclasses import dataclass

from hw2gui.convolution.formula.tokens import Token

GIVEN = ("i", "j", "H", "W", "H'", "W'", "M", "N", "s")
"""The names a formula may use: row and column of the matrix (from 1), image, output and kernel sizes, stride."""

FUNCTIONS = {"w": (2, 2), "floor": (1, 1), "ceil": (1, 1), "abs": (1, 1), "mod": (2, 2), "min": (2, 8), "max": (2, 8)}
"""Fewest and most arguments of each function; w is the kernel and zero outside it."""

MAX_HEIGHT = 100
"""Highest tree of one line, in operators; a long sum is as high as it is long."""

MAX_DEPTH = 60
"""Deepest nesting the parser goes into; a pair of brackets takes two."""

MAX_LINES = 60
"""Most named lines."""


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a formula: what it does, to which parts, and where it was typed.

    ``kind``: number, name, call (``text`` names the function), group (brackets), negate, not, binary (``+ - * / // mod and or``), compare
    (``text`` holds the relations between the parts, in order) or choose (condition, value, condition, value, …, otherwise).
    ``whole``: certain to be an integer.
    """

    kind: str
    text: str
    parts: tuple[Node, ...]
    token: Token
    height: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Definition:
    """A named line, ``α = …``."""

    name: str
    expression: Node


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read: its named lines in order, its result, and remarks on how it was understood."""

    text: str
    definitions: tuple[Definition, ...]
    result: Node
    notes: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the named lines."""
        return tuple(definition.name for definition in self.definitions)


def make_node(kind: str, text: str, parts: tuple[Node, ...], token: Token, whole: bool = False) -> Node:
    """A node one higher than its highest part. Raises InputError where the tree would be too high to be worth reading."""
    height = 1 + max((part.height for part in parts), default=0)
    if height > MAX_HEIGHT:
        raise token.fault("the expression is too long or too deeply nested; split it into named lines.")
    return Node(kind, text, parts, token, height, whole)
