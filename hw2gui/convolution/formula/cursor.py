"""A place in a row of tokens, from which they are read one by one."""

from __future__ import annotations

from hw2gui.convolution.formula.tokens import CLOSING, OPENING, Token

PAIRS = dict(zip(OPENING, CLOSING, strict=True))


class Cursor:
    """Before ``tokens[at]``; never beyond the last one, the end."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def next(self) -> Token:
        """The token that is read next."""
        return self.tokens[self.at]

    def at_end(self) -> bool:
        """Whether there is none left."""
        return self.next.kind == "end"

    def sees(self, *signs: str) -> bool:
        """Whether the next token is one of these signs."""
        return self.next.kind == "sign" and self.next.text in signs

    def take(self) -> Token:
        """Read the next token."""
        token = self.next
        if not self.at_end():
            self.at += 1
        return token

    def accept(self, *signs: str) -> bool:
        """Read the next token if it is one of these signs."""
        if self.sees(*signs):
            self.take()
            return True
        return False

    def accept_break(self) -> bool:
        """Read the end of a line, if it is one."""
        if self.next.kind == "break" or self.sees(";"):
            self.take()
            return True
        return False

    def skip_breaks(self) -> None:
        """Read the ends of lines until something else comes."""
        while self.accept_break():
            pass

    def close(self, opening: Token) -> None:
        """Read the bracket that belongs to *opening*; InputError where it is not there."""
        closing = PAIRS[opening.text]
        if self.accept(closing):
            return
        if self.at_end() or self.sees(*CLOSING):
            raise opening.fault(f"this '{opening.typed}' is never closed; add its '{closing}'.")
        raise self.next.fault(f"expected '{closing}' or an operator, not {shown(self.next)}.")


def shown(token: Token) -> str:
    """How a sentence names the token."""
    return token.typed if token.kind in ("end", "break") else f"'{token.typed}'"
