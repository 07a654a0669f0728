"""Whether a formula that reads well also means something: its names are known, its conditions compare, its numbers do not."""

from __future__ import annotations

from difflib import get_close_matches

from hw2gui.convolution.formula.tokens import GREEK
from hw2gui.convolution.formula.tree import FUNCTIONS, GIVEN, Definition, Node
from hw2gui.errors import InputError


def check_meaning(definitions: list[Definition], result: Node) -> None:
    """Raise InputError for a name that is unknown, used above its line or given to two lines, and for a number where a condition belongs.

    The result may stand above the named lines, as in "M(i,j) = …, where α = …".
    """
    later = [definition.name for definition in definitions]
    known = dict.fromkeys(GIVEN, False)
    for definition in definitions:
        if definition.name in known:
            raise InputError(f"The name {definition.name} is given to two lines; choose another for one of them.")
        known[definition.name] = _is_condition(definition.expression, known, later)
    _is_condition(result, known, later)


def _is_condition(node: Node, known: dict[str, bool], later: list[str]) -> bool:
    """Check *node*; answer whether it is true or false rather than a number. *known*: the same of each name."""
    if node.kind == "name":
        if node.text not in known:
            raise _unknown(node, known, later)
        return known[node.text]
    conditions = [_is_condition(part, known, later) for part in node.parts]
    if node.text in ("and", "or") or node.kind == "not":
        if not all(conditions):
            word = node.text or "not"
            raise node.parts[conditions.index(False)].token.fault(f"'{word}' needs comparisons, as in 0 <= γ-α; this is a number.")
        return True
    if node.kind == "choose":
        tests = conditions[:-1:2]
        if not all(tests):
            raise node.parts[2 * tests.index(False)].token.fault("a condition must compare, as in 0 <= γ-α; this is a number.")
        return all(conditions)
    return node.kind == "compare" or (node.kind == "group" and conditions[0])


def _unknown(node: Node, known: dict[str, bool], later: list[str]) -> InputError:
    if node.text in later:
        return node.token.fault(f"{node.text} is used above its own line; move that line further up.")
    return node.token.fault(f"'{node.token.typed}' is not known here; {_suggestion(node.text, list(known))}")


def _suggestion(name: str, known: list[str]) -> str:
    product = _as_product(name)
    if product:
        return f"write {product} for a product."
    # A misspelt "gama" is near "gamma", not near "γ".
    spelt = {word: letter for word, letter in GREEK.items() if letter in known}
    near = {other: other for other in (*FUNCTIONS, *known)} | spelt
    same = [other for other in near if other.casefold() == name.casefold()]
    close = same or get_close_matches(name, near, n=1, cutoff=0.6)
    if close:
        return f"did you mean {near[close[0]]}?"
    return f"give it a line of its own ('{name} = …') or use {', '.join(known)}."


def _as_product(name: str) -> str:
    """``HW'`` as ``H * W'``; empty where *name* is not made of given names alone."""
    factors = []
    rest = name
    while rest:
        factor = next((given for given in sorted(GIVEN, key=len, reverse=True) if rest.startswith(given)), None)
        if factor is None:
            return ""
        factors.append(factor)
        rest = rest[len(factor) :]
    return " * ".join(factors)
