"""Whole-number expressions that know their value and can be written with letters or with numbers, as plain text or LaTeX.

A count and its formula are one object, so what is shown cannot differ from what is counted. Values are Python ints: exact at any size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


def grouped(value: int) -> str:
    """*value* with a comma between thousands."""
    return f"{value:,}"


def grouped_latex(value: int) -> str:
    """*value* for LaTeX, the commas braced so that no space follows them."""
    return grouped(value).replace(",", "{,}")


class Expr:
    """A whole number and how it came about. ``+``, ``-``, ``*`` and ``//`` build larger ones, also with plain ints."""

    __slots__ = ("value",)
    value: int

    def __add__(self, other: Expr | int) -> Expr:
        right = of(other)
        if right is ZERO:
            return self
        return right if self is ZERO else Sum(self, right, 1)

    def __sub__(self, other: Expr | int) -> Expr:
        right = of(other)
        return self if right is ZERO else Sum(self, right, -1)

    def __mul__(self, other: Expr | int) -> Expr:
        right = of(other)
        if self is ZERO or right is ZERO:
            return ZERO
        return Product(self, right)

    def __rmul__(self, other: int) -> Expr:
        return of(other) * self

    def __floordiv__(self, other: Expr | int) -> Expr:
        return Floor(self, of(other))

    @property
    def symbolic(self) -> str:
        """With letters: ``C_out·C_in·M·N``."""
        return _write(self, _TEXT_LETTERS)

    @property
    def numeric(self) -> str:
        """The same with numbers: ``8·1·5·5``."""
        return _write(self, _TEXT_NUMBERS)

    @property
    def latex(self) -> str:
        """With letters, as LaTeX (math mode)."""
        return _write(self, _LATEX_LETTERS)

    @property
    def latex_numeric(self) -> str:
        """With numbers, as LaTeX (math mode)."""
        return _write(self, _LATEX_NUMBERS)


class Number(Expr):
    """A number that has no letter."""

    __slots__ = ()

    def __init__(self, value: int) -> None:
        self.value = value


class Symbol(Expr):
    """A quantity with a letter. ``C_out`` has the index "out"; a prime stays a prime."""

    __slots__ = ("letter",)

    def __init__(self, letter: str, value: int) -> None:
        self.letter, self.value = letter, value


class Sum(Expr):
    """left + sign·right."""

    __slots__ = ("left", "right", "sign")

    def __init__(self, left: Expr, right: Expr, sign: int) -> None:
        self.left, self.right, self.sign = left, right, sign
        self.value = left.value + sign * right.value


class Product(Expr):
    """left·right."""

    __slots__ = ("left", "right")

    def __init__(self, left: Expr, right: Expr) -> None:
        self.left, self.right = left, right
        self.value = left.value * right.value


class Floor(Expr):
    """⌊over / under⌋. Written as a plain quotient where *exact* says that it always goes in."""

    __slots__ = ("exact", "over", "under")

    def __init__(self, over: Expr, under: Expr, *, exact: bool = False) -> None:
        self.over, self.under, self.exact = over, under, exact
        self.value = over.value // under.value


ZERO = Number(0)
ONE = Number(1)


def of(value: Expr | int) -> Expr:
    """*value* as an expression."""
    if isinstance(value, Expr):
        return value
    return ZERO if value == 0 else Number(value)


def product(*factors: Expr | int) -> Expr:
    """All *factors* multiplied; 1 when there are none."""
    result: Expr = ONE
    for index, factor in enumerate(factors):
        result = of(factor) if index == 0 else result * factor
    return result


def quotient(over: Expr, under: Expr) -> Expr:
    """The quotient of two, where *under* divides *over*."""
    return Floor(over, under, exact=True)


# --- writing -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Style:
    latex: bool
    letters: bool

    def number(self, value: int) -> str:
        return grouped_latex(value) if self.latex else grouped(value)

    def atom(self, expr: Symbol) -> str:
        if not self.letters:
            return self.number(expr.value)
        return latex_letter(expr.letter) if self.latex else expr.letter.replace("'", "′")


_TEXT_LETTERS, _TEXT_NUMBERS = _Style(False, True), _Style(False, False)
_LATEX_LETTERS, _LATEX_NUMBERS = _Style(True, True), _Style(True, False)


def latex_letter(letter: str) -> str:
    r"""``C_out`` as ``C_{\mathrm{out}}``, ``conv1`` as ``\mathrm{conv1}``, single letters as they are."""
    base, _, index = letter.partition("_")
    primes = "'" * base.count("'")
    base = _latex_word(base.rstrip("'"))
    return f"{base}{primes}_{{{_latex_word(index)}}}" if index else base + primes


def _latex_word(word: str) -> str:
    escaped = word.replace("_", r"\_")
    return escaped if len(word) == 1 else rf"\mathrm{{{escaped}}}"


def _write(expr: Expr, style: _Style) -> str:
    match expr:
        case Symbol():
            return style.atom(expr)
        case Sum():
            right = _write(expr.right, style)
            if expr.sign < 0 and isinstance(expr.right, Sum):
                right = _bracketed(right, style)
            return f"{_write(expr.left, style)} {'+' if expr.sign > 0 else '−' if not style.latex else '-'} {right}"
        case Product():
            return (r" \cdot " if style.latex else "·").join(_factor(item, style) for item in _factors(expr))
        case Floor():
            return _write_floor(expr, style)
    return style.number(expr.value)


def _write_floor(expr: Floor, style: _Style) -> str:
    if style.latex:
        fraction = rf"\frac{{{_write(expr.over, style)}}}{{{_write(expr.under, style)}}}"
        return fraction if expr.exact else rf"\left\lfloor {fraction} \right\rfloor"
    over = _factor(expr.over, style) if not isinstance(expr.over, Product) else _write(expr.over, style)
    under = _factor(expr.under, style) if not isinstance(expr.under, Product) else _bracketed(_write(expr.under, style), style)
    return f"{over}/{under}" if expr.exact else f"⌊{over}/{under}⌋"


def _factor(expr: Expr, style: _Style) -> str:
    written = _write(expr, style)
    needs_brackets = isinstance(expr, Sum) or (isinstance(expr, Floor) and expr.exact and not style.latex) or expr.value < 0
    return _bracketed(written, style) if needs_brackets else written


def _bracketed(written: str, style: _Style) -> str:
    return rf"\left({written}\right)" if style.latex else f"({written})"


def _factors(expr: Product) -> Iterator[Expr]:
    for side in (expr.left, expr.right):
        if isinstance(side, Product):
            yield from _factors(side)
        else:
            yield side


# --- formulas ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Formula:
    """One count, ready to be shown and opened: its title, its expression, what it is made of, and a remark.

    Where there are *parts*, their values sum to this one's.
    """

    title: str
    expression: Expr
    parts: tuple[Formula, ...] = ()
    note: str = ""

    @property
    def value(self) -> int:
        """The count."""
        return self.expression.value

    @property
    def text(self) -> str:
        """``C_out·C_in·M·N = 8·1·5·5 = 200``; stages that say the same appear once."""
        stages = (self.expression.symbolic, self.expression.numeric, grouped(self.value))
        return " = ".join(dict.fromkeys(stages))

    @property
    def latex(self) -> str:
        """The same as LaTeX, for math mode."""
        stages = (self.expression.latex, self.expression.latex_numeric, grouped_latex(self.value))
        return " = ".join(dict.fromkeys(stages))

    def lines(self, depth: int = 0) -> Iterator[tuple[int, Formula]]:
        """Itself and everything under it, each with its depth: what a tree view or an indented text shows."""
        yield depth, self
        for part in self.parts:
            yield from part.lines(depth + 1)
