"""The value of a formula at many entries of M at once, with numpy.

Numbers are float64, exact for the whole numbers a formula makes; quotients within 1e-9 of a whole number are taken as whole.
Only the chosen side of an ``if`` is held to account: a division by zero on the other side is no fault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hw2gui.arrays import Booleans, Floats
from hw2gui.convolution.formula.tree import GIVEN, Formula, Node

LARGEST = 1e15
"""Largest product or quotient; beyond it float64 no longer counts in ones."""

NEARLY = 1e-9


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of M a formula is asked for: an array for each given name (of ``GIVEN``), shaped to broadcast together.

    The kernel is w(m, n) = *base*·m + n, indices from 1, so that every weight is another number; *base* exceeds every n.
    With *origin* 0, i, j and the kernel's indices count from 0 instead (the weights keep their values).
    """

    given: Mapping[str, Floats]
    base: Floats
    origin: int = 1


@dataclass(frozen=True, slots=True)
class Values:
    """What a formula comes to: each named line in order, and the result."""

    lines: dict[str, NDArray[np.generic]]
    result: Floats


def evaluate(formula: Formula, entries: Entries) -> Values:
    """*formula* at every one of *entries*; arrays broadcast with those of *entries*.

    Raises InputError, naming the place in the text and the first entry concerned, for a division or mod by zero,
    for an index of w that is not whole and for numbers beyond ``LARGEST``.
    """
    evaluator = _Evaluator(entries)
    with np.errstate(all="ignore"):
        for definition in formula.definitions:
            evaluator.names[definition.name] = evaluator.value(definition.expression, None)
        result = evaluator.value(formula.result, None)
    lines = {definition.name: evaluator.names[definition.name] for definition in formula.definitions}
    return Values(lines, np.asarray(result, dtype=np.float64))


class _Evaluator:
    """Walks the tree. ``active`` marks the entries at which the part matters; None is all of them."""

    def __init__(self, entries: Entries) -> None:
        self.entries = entries
        self.names: dict[str, NDArray[np.generic]] = dict(entries.given)

    def value(self, node: Node, active: Booleans | None) -> NDArray[np.generic]:
        """The node's value: bool for a condition, else float64."""
        match node.kind:
            case "number":
                return np.asarray(float(node.text))
            case "name":
                return self.names[node.text]
            case "group":
                return self.value(node.parts[0], active)
            case "negate":
                return -self.number(node.parts[0], active)
            case "not":
                return ~self.mask(node.parts[0], active)
            case "compare":
                return self.compare(node, active)
            case "choose":
                return self.choose(node, active)
            case "call":
                return self.call(node, active)
            case _:
                return self.logic(node, active) if node.text in ("and", "or") else self.arithmetic(node, active)

    def number(self, node: Node, active: Booleans | None) -> Floats:
        """The value as a number; true counts 1 and false 0."""
        return np.asarray(self.value(node, active), dtype=np.float64)

    def mask(self, node: Node, active: Booleans | None) -> Booleans:
        return np.asarray(self.value(node, active), dtype=np.bool_)

    def logic(self, node: Node, active: Booleans | None) -> Booleans:
        left = self.mask(node.parts[0], active)
        decides_right = left if node.text == "and" else ~left
        right = self.mask(node.parts[1], _both(active, decides_right))
        return left & right if node.text == "and" else left | right

    def compare(self, node: Node, active: Booleans | None) -> Booleans:
        values = [self.number(part, active) for part in node.parts]
        holds = [RELATION[sign](left, right) for sign, left, right in zip(node.text, values[:-1], values[1:], strict=True)]
        together = holds[0]
        for one in holds[1:]:
            together = together & one
        return together

    def choose(self, node: Node, active: Booleans | None) -> NDArray[np.generic]:
        cases: list[tuple[Booleans, NDArray[np.generic]]] = []
        for condition, chosen in zip(node.parts[0:-1:2], node.parts[1:-1:2], strict=True):
            holds = self.mask(condition, active)
            cases.append((holds, self.value(chosen, _both(active, holds))))
            active = _both(active, ~holds)
        result = self.value(node.parts[-1], active)
        for holds, value in reversed(cases):
            result = np.where(holds, value, result)
        return result

    def arithmetic(self, node: Node, active: Booleans | None) -> Floats:
        left, right = (self.number(part, active) for part in node.parts)
        match node.text:
            case "+":
                value = left + right
            case "-":
                value = left - right
            case "*":
                value = left * right
            case "/":
                self.forbid(right == 0, active, node, "this divides by zero")
                value = left / right
            case _:
                return self.remainder(node, left, right, active)
        if node.text in "*/":
            self.forbid(np.abs(value) > LARGEST, active, node, "this grows beyond 10^15")
        return value if node.whole else _settle(value)

    def remainder(self, node: Node, left: Floats, right: Floats, active: Booleans | None) -> Floats:
        """``//`` and ``mod``, both rounding down, as in the homework and in Python."""
        self.forbid(right == 0, active, node, "this takes mod 0" if node.text == "mod" else "this divides by zero")
        value = np.asarray(np.mod(left, right) if node.text == "mod" else np.floor_divide(left, right), dtype=np.float64)
        return value if node.whole else _settle(value)

    def call(self, node: Node, active: Booleans | None) -> Floats:
        arguments = [self.number(part, active) for part in node.parts]
        match node.text:
            case "w":
                return self.weight(node, arguments[0], arguments[1], active)
            case "mod":
                return self.remainder(node, arguments[0], arguments[1], active)
            case "floor":
                return np.floor(arguments[0])
            case "ceil":
                return np.ceil(arguments[0])
            case "abs":
                return np.abs(arguments[0])
        extreme = np.minimum if node.text == "min" else np.maximum
        result = arguments[0]
        for argument in arguments[1:]:
            result = extreme(result, argument)
        return result

    def weight(self, node: Node, m: Floats, n: Floats, active: Booleans | None) -> Floats:
        """w(m, n), zero outside the kernel."""
        for part, index in zip(node.parts, (m, n), strict=True):
            if not part.whole:
                self.forbid(index != np.rint(index), active, node, "w is asked for an index that is not whole")
        shift = 1 - self.entries.origin
        if shift:
            m, n = m + shift, n + shift
        inside = (m >= 1) & (m <= self.entries.given["M"]) & (n >= 1) & (n <= self.entries.given["N"])
        return np.where(inside, self.entries.base * m + n, 0.0)

    def forbid(self, fault: Booleans, active: Booleans | None, node: Node, what: str) -> None:
        """Raise InputError where *fault* is true at an entry that matters."""
        happens = np.asarray(fault) if active is None else fault & active
        if not happens.any():
            return
        full = np.broadcast_shapes(happens.shape, *(array.shape for array in self.entries.given.values()))
        first = int(np.argmax(np.broadcast_to(happens, full)))
        where = ", ".join(f"{name} = {np.broadcast_to(self.entries.given[name], full).flat[first]:g}" for name in GIVEN)
        raise node.token.fault(f"{what} at {where}; mend it, or test for that case with if … else.")


RELATION: dict[str, Callable[[Floats, Floats], Booleans]] = {
    "≤": np.less_equal,
    "≥": np.greater_equal,
    "≠": np.not_equal,
    "<": np.less,
    ">": np.greater,
    "=": np.equal,
}


def _both(active: Booleans | None, further: Booleans) -> Booleans:
    return further if active is None else active & further


def _settle(value: Floats) -> Floats:
    """Values that miss a whole number by rounding alone are taken as whole."""
    nearest = np.rint(value)
    return np.where(np.abs(value - nearest) <= NEARLY, nearest, value)
