"""From the text of a formula to tokens: the many ways to type the same sign become one."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

from hw2gui.errors import InputError

MAX_LENGTH = 4000
"""Longest formula read, in characters."""

MAX_DIGITS = 6
"""Most digits on either side of a number's decimal point."""

Kind = Literal["number", "name", "sign", "break", "end"]

PRIMES = "'′’‘´`ʹ"

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
}  # fmt: skip

NAMES = GREEK | {"Hp": "H'", "Wp": "W'", "Hprime": "H'", "Wprime": "W'"}

WORDS = {
    "and": "and", "or": "or", "not": "not", "if": "if", "then": "then", "else": "else", "otherwise": "else", "mod": "mod", "div": "//",
    "floor": "floor", "ceil": "ceil", "ceiling": "ceil", "abs": "abs", "min": "min", "max": "max",
}  # fmt: skip
"""Reserved words, in any case, and what they mean."""

SIGNS = {
    "<=": "≤", "=<": "≤", ">=": "≥", "=>": "≥", "!=": "≠", "<>": "≠", "==": "=", "//": "//", "&&": "and", "||": "or",
    "⩽": "≤", "≦": "≤", "⩾": "≥", "≧": "≥", "≤": "≤", "≥": "≥", "≠": "≠", "<": "<", ">": ">", "=": "=",
    "∧": "and", "∨": "or", "¬": "not", "&": "and", "!": "not",
    "+": "+", "-": "-", "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-",
    "*": "*", "×": "*", "·": "*", "⋅": "*", "∗": "*", "∙": "*", "/": "/", "÷": "/", "∕": "/", "⁄": "/", "%": "mod",
    "(": "(", ")": ")", "[": "[", "]": "]", "{": "{", "}": "}", "⌊": "⌊", "⌋": "⌋", "⌈": "⌈", "⌉": "⌉", ",": ",", ";": ";",
}  # fmt: skip

OPENING = "([{⌊⌈"
CLOSING = ")]}⌋⌉"

JOINING, JOINED = "([⌊⌈", ")]⌋⌉"
"""Brackets within which a line end means nothing; between braces it may part two cases."""

CONTINUES_AFTER = frozenset({"+", "-", "*", "/", "//", "mod", "≤", "≥", "≠", "<", ">", "=", "and", "or", "not", "if", "then", "else", ","})
CONTINUES_WITH = frozenset({"+", "*", "/", "//", "≤", "≥", "≠", "<", ">", "=", "and", "or", "then", "else", ","})


@dataclass(frozen=True, slots=True)
class Token:
    """One sign, name or number with its place; *text* is the one spelling used from here on."""

    kind: Kind
    text: str
    line: int
    column: int
    typed: str

    def fault(self, message: str) -> InputError:
        """Name this token's place in front of *message*, for the caller to raise."""
        return InputError(f"Line {self.line}, column {self.column}: {message}")


def tokenize(text: str) -> list[Token]:
    """The tokens of *text*, ended by one of kind ``end``; a comment runs from ``#`` to the end of its line.

    Line ends become ``break`` tokens, except inside brackets and where the line plainly goes on.
    Raises InputError for an empty or too long text and for signs that no formula has.
    """
    if len(text) > MAX_LENGTH:
        raise InputError(f"The formula has {len(text):,} characters; shorten it to at most {MAX_LENGTH:,}.")
    tokens: list[Token] = []
    lines = text.splitlines()
    for number, content in enumerate(lines, start=1):
        tokens += _line_tokens(content, number)
        tokens.append(Token("break", "\n", number, len(content) + 1, "the end of the line"))
    if all(token.kind == "break" for token in tokens):
        raise InputError("There is no formula yet: type an expression for M(i, j), with named lines such as α = … above it.")
    tokens = _join_lines(tokens)
    tokens.append(Token("end", "", len(lines), len(lines[-1]) + 1, "the end of the formula"))
    return tokens


def _line_tokens(content: str, line: int) -> list[Token]:
    tokens = []
    at = 0
    while at < len(content) and content[at] != "#":
        if content[at].isspace() or unicodedata.category(content[at]) == "Cf":
            at += 1
            continue
        token = _read_number(content, at, line) or _read_name(content, at, line) or _read_sign(content, at, line)
        tokens.append(token)
        at += len(token.typed)
    return tokens


def _read_number(content: str, at: int, line: int) -> Token | None:
    whole = _digits(content, at)
    end = at + whole
    decimals = 0
    if content[end : end + 1] == ".":
        decimals = _digits(content, end + 1)
        end += 1 + decimals
    if whole == 0 and decimals == 0:
        return None
    token = Token("number", content[at:end], line, at + 1, content[at:end])
    if max(whole, decimals) > MAX_DIGITS:
        raise token.fault(f"the number is too long; give at most {MAX_DIGITS} digits.")
    return token


def _digits(content: str, at: int) -> int:
    """How many of the digits 0 to 9 stand in *content* from *at* on."""
    end = at
    while end < len(content) and content[end] in "0123456789":
        end += 1
    return end - at


def _read_name(content: str, at: int, line: int) -> Token | None:
    if content[at] in PRIMES or not (content[at].isalpha() or content[at] == "_"):
        return None
    end = at
    while end < len(content) and content[end] not in PRIMES and (content[end].isalpha() or content[end] in "_0123456789"):
        end += 1
    # Letters of a formula copied from a document (𝛼, 𝑊) are the plain ones in another dress.
    name = unicodedata.normalize("NFKC", content[at:end])
    while end < len(content) and content[end] in PRIMES:
        end += 1
        name += "'"
    typed = content[at:end]
    word = WORDS.get(name.lower())
    if word:
        return Token("sign", word, line, at + 1, typed)
    return Token("name", NAMES.get(name, name), line, at + 1, typed)


def _read_sign(content: str, at: int, line: int) -> Token:
    for length in (2, 1):
        typed = content[at : at + length]
        if len(typed) == length and typed in SIGNS:
            return Token("sign", SIGNS[typed], line, at + 1, typed)
    stranger = Token("sign", "", line, at + 1, content[at])
    if content[at] == "\\":
        raise stranger.fault("LaTeX is not read here; write alpha or α, floor(…), and, <=.")
    if content[at] == "^" or content[at] in "²³":
        raise stranger.fault("powers are not read here; multiply with * instead.")
    if content[at] in PRIMES:
        raise stranger.fault("a prime belongs right after its letter, as in W'.")
    if content[at] == "|":
        raise stranger.fault("write abs(…) for an absolute value and 'or' for a choice.")
    if content[at] == ":":
        raise stranger.fault("a colon is not read here; write 'X if CONDITION else Y'.")
    shown = content[at] if content[at].isprintable() else f"U+{ord(content[at]):04X}"
    raise stranger.fault(f"'{shown}' is no part of a formula; delete it.")


def _join_lines(tokens: list[Token]) -> list[Token]:
    """Drop the line breaks inside brackets, at either end of a blank line and where the line goes on."""
    full = [token for at, token in enumerate(tokens) if token.kind != "break" or (at > 0 and tokens[at - 1].kind != "break")]
    kept: list[Token] = []
    depth = 0
    for token, following in zip(full, [*full[1:], None], strict=True):
        if token.kind == "sign" and token.text in JOINING:
            depth += 1
        elif token.kind == "sign" and token.text in JOINED:
            depth = max(0, depth - 1)
        elif token.kind == "break":
            after_open = bool(kept) and kept[-1].kind == "sign" and kept[-1].text in CONTINUES_AFTER
            before_rest = following is not None and following.kind == "sign" and following.text in CONTINUES_WITH
            if depth or after_open or before_rest:
                continue
        kept.append(token)
    return kept
