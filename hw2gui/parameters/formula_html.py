"""Formulas as HTML: letters set as mathematics, today's numbers, the value, and the formulas a formula is made of."""

from __future__ import annotations

import re
from html import escape

from hw2gui.parameters.expressions import Formula

_LETTER = re.compile(r"([A-Za-z]+)(′*)(?:_([A-Za-z]+))?")
_INDEXED = re.compile(r"\b([Wb])_([A-Za-z]+)")
SMALL = "font-size: 11px;"
"""The style of what is not the main thing."""

DEEPEST = 2
"""So deep formulas are opened line by line."""


def opened_html(formula: Formula) -> str:
    """A formula and everything under it, indented; what lies deepest (the two matrices of a gate) on one line."""
    lines = []
    for depth, item in formula.lines():
        if depth > DEEPEST:
            continue
        size = SMALL if depth > 1 else ""
        lines.append(f"<div style='margin-left: {10 * depth}px; {size}'>{formula_html(item)}</div>{note_html(item.note, depth)}")
        if depth == DEEPEST and item.parts:
            parts = " + ".join(f"{_short_title(part.title)} {part.value:,}" for part in item.parts)
            lines.append(f"<div style='margin-left: {10 * depth + 10}px; {SMALL}'>{parts}</div>")
    return f"<p>{''.join(lines)}</p>"


def note_html(note: str, depth: int = 0) -> str:
    """A remark under a formula that lies *depth* deep; nothing for an empty one."""
    return f"<div style='margin-left: {10 * depth + 10}px; {SMALL}'><i>{_indexed(note)}</i></div>" if note else ""


def _indexed(text: str) -> str:
    """*text* with the names of matrices and biases as one writes them: ``W_ii`` with its index set low."""
    return _INDEXED.sub(r"<i>\1</i><sub>\2</sub>", escape(text))


def _short_title(title: str) -> str:
    """``W_ii: from the input`` as W in italics; other titles as they are."""
    head, colon, _ = title.partition(":")
    return _indexed(head) if colon else escape(title)


def formula_html(formula: Formula) -> str:
    """``weights: C_out·C_in·M·N = 8·1·5·5 = 200`` with the letters set as mathematics."""
    expression = formula.expression
    letters, numbers, value = expression.symbolic, expression.numeric, f"{formula.value:,}"
    stages = [letters_html(letters)]
    if numbers != letters:
        stages.append(escape(numbers))
    if value not in (letters, numbers):
        stages.append(value)
    stages[-1] = f"<b>{stages[-1]}</b>"
    title = _indexed(formula.title)
    return f"{title}{',' if ': ' in title else ':'} {' = '.join(stages)}"


def letters_html(text: str) -> str:
    """Single letters in italics, indices set low; words (the names of layers) upright."""

    def letter(found: re.Match[str]) -> str:
        base, primes, index = found.groups()
        shown = f"<i>{base}</i>" if len(base) == 1 else base
        low = "" if index is None else f"<sub>{index}</sub>" if len(base) == 1 else f"_{index}"
        return shown + "′" * len(primes) + low

    return _LETTER.sub(letter, escape(text, quote=False))
