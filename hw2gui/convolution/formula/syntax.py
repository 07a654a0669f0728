"""From tokens to a small tree: the grammar of a formula for M(i, j).

A formula is named lines (``α = floor((i-1)/W') + 1``) and one result (``M(i,j) = …``, or the last line). The parser is a Pratt parser:
``BINDING`` says how tightly each operator holds. Depth, length and numbers are bounded, so no input is slow or deep.
"""

from __future__ import annotations

import itertools

from hw2gui.convolution.formula.cursor import PAIRS, Cursor, shown
from hw2gui.convolution.formula.meaning import check_meaning
from hw2gui.convolution.formula.tokens import Token, tokenize
from hw2gui.convolution.formula.tree import FUNCTIONS, GIVEN, MAX_DEPTH, MAX_LINES, Definition, Formula, Node, make_node


def parse(text: str) -> Formula:
    """Read a formula for M(i, j). Raises InputError, with line and column where there is one, for anything that is none."""
    return _Parser(tokenize(text)).formula(text)


BINDING = {"or": 1, "and": 2, "≤": 4, "≥": 4, "≠": 4, "<": 4, ">": 4, "=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "//": 6, "mod": 6}
BINDING_NOT = 3
BINDING_NEGATE = 7
RELATIONS = frozenset("≤≥≠<>=")


class _Parser(Cursor):
    """One pass over the tokens; each method reads what it is named after and leaves the next token unread."""

    def __init__(self, tokens: list[Token]) -> None:
        super().__init__(tokens)
        self.depth = 0
        self.notes: list[str] = []

    # Lines

    def formula(self, text: str) -> Formula:
        definitions: list[Definition] = []
        result: Node | None = None
        while not self.at_end():
            if self.accept_break():
                continue
            start = self.next
            name = self.definition_name()
            expression = self.expression()
            if not (self.at_end() or self.accept_break()):
                raise self.next.fault(f"this line should end before {shown(self.next)}; put an operator there or start a new line.")
            if name is None or name == "M(i,j)":
                if result is not None:
                    raise start.fault("there is a result already; give the lines before it a name, such as α = …, and only one result.")
                result = expression
            else:
                definitions.append(Definition(name, expression))
                if len(definitions) > MAX_LINES:
                    raise start.fault(f"there are more than {MAX_LINES} named lines; join some.")
        if result is None:
            raise self.next.fault("the result is missing; end with a line 'M(i,j) = …'.")
        check_meaning(definitions, result)
        return Formula(text, tuple(definitions), result, tuple(dict.fromkeys(self.notes)))

    def definition_name(self) -> str | None:
        """The left side of ``name =`` or ``M(i,j) =``, read; None where the line has none."""
        if self.matrix_entry():
            return "M(i,j)"
        if self.next.kind != "name" or self.tokens[self.at + 1].text != "=":
            return None
        token = self.take()
        self.take()
        if token.text == "M":
            raise token.fault("M alone is the kernel's height here; write 'M(i,j) = …' for the entry of the matrix.")
        if token.text in GIVEN or token.text in FUNCTIONS:
            raise token.fault(f"{token.text} is given and cannot be set; choose another name.")
        return token.text

    def matrix_entry(self) -> bool:
        texts = [token.text for token in self.tokens[self.at : self.at + 7]]
        for form in (["M", "(", "i", ",", "j", ")", "="], ["M", "[", "i", ",", "j", "]", "="], ["M_ij", "="]):
            if texts[: len(form)] == form:
                self.at += len(form)
                return True
        return False

    # Expressions

    def expression(self) -> Node:
        """A value, or a choice: ``X if C else Y``, also ``X if C, Y otherwise`` with the second case on a line of its own."""
        self.enter()
        if self.sees("if"):
            node = self.if_then_else()
        else:
            node = self.operators(0)
            self.join_if()
            if self.sees("if"):
                node = self.conditional(node)
        self.depth -= 1
        return node

    def join_if(self) -> None:
        """Pass over the line end before an ``if`` that goes on with a value's line, not one that starts "if … then"."""
        following = self.tokens[self.at + 1 : self.at + 2]
        if self.next.kind != "break" or not following or following[0].text != "if":
            return
        line = itertools.takewhile(lambda token: token.kind not in ("break", "end"), self.tokens[self.at + 1 :])
        if all(token.text != "then" for token in line):
            self.take()

    def enter(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.next.fault("the brackets are nested too deeply; split the formula into named lines.")

    def if_then_else(self) -> Node:
        token = self.take()
        condition = self.operators(0)
        if not (self.accept("then") or self.accept(",")):
            raise self.next.fault("expected 'then' here; write 'if CONDITION then X else Y' or 'X if CONDITION else Y'.")
        value = self.expression()
        if not self.accept("else"):
            raise self.next.fault("this 'if' has no 'else'; add 'else 0'.")
        return self.choose(token, [condition, value, self.expression()])

    def conditional(self, value: Node) -> Node:
        token = self.take()
        condition = self.operators(0)
        if self.accept("else"):
            return self.choose(token, [condition, value, self.expression()])
        if not (self.accept(",") or self.accept_break()):
            raise self.next.fault(f"expected 'else' or an operator, not {shown(self.next)}.")
        if self.accept("else"):
            return self.choose(token, [condition, value, self.expression()])
        before = self.at
        otherwise = self.operators(0) if self.starts_operand() else None
        if otherwise is None or not (self.accept("else") or (self.accept(",") and self.accept("else"))):
            self.at = before
            raise token.fault("this 'if' has no 'else'; add 'else 0'.")
        return self.choose(token, [condition, value, otherwise])

    def cases(self, opening: Token) -> Node:
        """``{ X, if C; …; Y, otherwise }`` with the commas and semicolons optional."""
        parts: list[Node] = []
        self.skip_breaks()
        while True:
            value = self.operators(0)
            self.join_if()
            comma = self.accept(",")
            if self.accept("else"):
                parts.append(value)
                break
            if not self.accept("if") and not comma:
                raise self.next.fault("expected 'if CONDITION' or 'otherwise' after the value of a case.")
            parts += [self.operators(0), value]
            self.accept(",")
            self.skip_breaks()
            if self.sees("}") or self.at_end():
                raise opening.fault("the cases in braces have no last one; add '0 otherwise'.")
        self.accept(",")
        self.skip_breaks()
        self.close(opening)
        return self.choose(opening, parts)

    def operators(self, tighter_than: int) -> Node:
        """Operands joined by operators that bind more tightly than *tighter_than*."""
        self.enter()
        left = self.operand()
        while True:
            token = self.next
            binding = BINDING.get(token.text, 0) if token.kind == "sign" else 0
            if binding <= tighter_than:
                break
            if token.text in RELATIONS:
                left = self.relations(left)
                continue
            self.take()
            right = self.operators(binding)
            left = self.binary(token, left, right)
        if self.starts_operand() and not self.sees("not", "if", "{"):
            raise self.next.fault(f"an operator is missing before {shown(self.next)}; write * for a product.")
        self.depth -= 1
        return left

    def binary(self, token: Token, left: Node, right: Node) -> Node:
        if token.text in ("+", "-") and right.text == "mod" and right.kind == "binary" and right.parts[0].kind != "group":
            self.notes.append(
                f"Line {token.line}: mod binds as tightly as *, so 'a {token.text} b mod c' means a {token.text} (b mod c); "
                "write (a - b) mod c if that is what you mean."
            )
        whole = token.text == "//" or (token.text != "/" and left.whole and right.whole)
        return make_node("binary", token.text, (left, right), token, whole=whole)

    def relations(self, first: Node) -> Node:
        """A comparison, also a chain such as ``0 ≤ γ-α ≤ M-1``."""
        token = self.next
        signs = ""
        parts = [first]
        while self.next.kind == "sign" and self.next.text in RELATIONS:
            signs += self.take().text
            parts.append(self.operators(BINDING["="]))
        return make_node("compare", signs, tuple(parts), token)

    # Operands

    def starts_operand(self) -> bool:
        return self.next.kind in ("number", "name") or self.sees("(", "[", "{", "⌊", "⌈", "not", "floor", "ceil", "abs", "min", "max")

    def operand(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return make_node("number", token.text, (), token, whole="." not in token.text)
        if token.kind == "name":
            return self.name_or_call(token)
        match token.text:
            case "(" | "[":
                node = self.expression()
                self.close(token)
                # Brackets settle what belongs together: a remark about mod must not see through them.
                return make_node("group", "", (node,), token, whole=node.whole)
            case "⌊" | "⌈":
                node = self.expression()
                self.close(token)
                return make_node("call", "floor" if token.text == "⌊" else "ceil", (node,), token, whole=True)
            case "{":
                return self.cases(token)
            case "-" | "+":
                node = self.operators(BINDING_NEGATE)
                return make_node("negate", "", (node,), token, whole=node.whole) if token.text == "-" else node
            case "not":
                return make_node("not", "", (self.operators(BINDING_NOT),), token)
            case "floor" | "ceil" | "abs" | "min" | "max" | "mod":
                return self.call(token)
        raise token.fault(f"a number, a name or a bracket is missing before {shown(token)}.")

    def name_or_call(self, token: Token) -> Node:
        if token.text == "w":
            return self.call(token)
        if not self.sees("(", "["):
            return make_node("name", token.text, (), token, whole=token.text in GIVEN)
        if token.text == "M":
            raise token.fault("M(…) stands on the left of '=' only; here M is the kernel's height, and w(m,n) the kernel.")
        if token.text in GIVEN:
            raise token.fault(f"{token.text} is a number, not a function; write * between it and the bracket.")
        raise token.fault(f"'{token.text}(' is no function here; there are {', '.join(FUNCTIONS)} (and * for products).")

    def call(self, token: Token) -> Node:
        opening = self.next
        if not self.sees("(", "["):
            example = "w(m,n)" if token.text == "w" else f"{token.text}(…)"
            raise token.fault(f"'{token.typed}' needs its arguments in brackets, as in {example}.")
        self.take()
        arguments: list[Node] = []
        if not self.sees(PAIRS[opening.text]):
            arguments.append(self.expression())
            while self.accept(","):
                arguments.append(self.expression())
        self.close(opening)
        fewest, most = FUNCTIONS[token.text]
        if not fewest <= len(arguments) <= most:
            wanted = f"{fewest}" if fewest == most else f"{fewest} to {most}"
            raise token.fault(f"{token.text} takes {wanted} argument{'s' if most > 1 else ''}, not {len(arguments)}.")
        whole = token.text in ("floor", "ceil") or (token.text != "w" and all(argument.whole for argument in arguments))
        return make_node("call", token.text, tuple(arguments), token, whole=whole)

    def choose(self, token: Token, parts: list[Node]) -> Node:
        values = [*parts[1::2], parts[-1]]
        return make_node("choose", "", tuple(parts), token, whole=all(value.whole for value in values))
