"""One entry of attention's P explained: score, exp, row sum, probability and its share of Z, general and with numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from hw2gui.convolution.entry import FormulaLine, format_number

if TYPE_CHECKING:
    from hw2gui.convolution.attention import PixelAttention

FORMULA = "Z = P x′ with P = exp(x′x′ᵀ/T) ⊘ (exp(x′x′ᵀ/T) 1 1ᵀ), entry by entry; T = 1 in the homework"

REPORT_SLIP = "The report writes exp{x′x′x′ᵀ} in the numerator of Z; it is exp{x′x′ᵀ}, as above it."

ROW_MEANING = (
    "Row i of P weighs every pixel by how well it goes with x′_i; equal pixels have equal rows, and a pixel of 0 has the uniform row."
)


@dataclass(frozen=True)
class AttentionDescription:
    """P(i, j) in words: the lines of the derivation, the whole formula, and what this pixel does to Z_i. Indices as in the text."""

    i: int
    j: int
    lines: tuple[FormulaLine, ...]
    formula: str
    verdict: str


def describe(attention: PixelAttention, i: int, j: int, base: int = 1) -> AttentionDescription:
    """How P(i, j), 0-based, comes about in *attention*; the text counts from *base*. Raises InputError outside the matrix."""
    row, column = range(i, i + 1), range(j, j + 1)
    score, shrunk, probability, relative = (
        float(tile[0, 0])
        for tile in (
            attention.scores(row, column),
            attention.exp(row, column),
            attention.probabilities(row, column),
            attention.relative(row, column),
        )
    )
    off, total = float(attention.subtracted(row)[0]), float(attention.row_sums(row)[0])
    x_i, x_j, size = float(attention.vector[i]), float(attention.vector[j]), attention.size
    z_i = float(attention.tone_curve(attention.vector[i : i + 1])[0])
    ib, jb = i + base, j + base
    t = format_number(attention.temperature)
    n = format_number
    lines = (
        FormulaLine(f"S({ib},{jb})", "x′_i · x′_j / T", f"{n(x_i)} · {_bracketed(x_j)} / {t}", n(score)),
        FormulaLine(f"m_{ib}", "max_k S(i,k), taken off so that exp cannot overflow", n(off), n(off)),
        FormulaLine("e", "exp(S(i,j) − m_i)", f"exp({n(score)} − {_bracketed(off)})", n(shrunk)),
        FormulaLine("Σ", "Σ_k exp(S(i,k) − m_i)", f"the sum over {size:,} pixels", n(total)),
        FormulaLine(f"P({ib},{jb})", "e / Σ", f"{n(shrunk)} / {n(total)}", n(probability)),
        FormulaLine("P·HW", "P(i,j) · HW", f"{n(probability)} · {size:,}", n(relative)),
        FormulaLine(f"its share of Z_{ib}", "P(i,j) · x′_j", f"{n(probability)} · {_bracketed(x_j)}", n(probability * x_j)),
    )
    verdict = f"Z_{ib} = Σ_j P({ib},j) x′_j = g(x′_{ib}) = g({n(x_i)}) = {n(z_i)}"
    return AttentionDescription(ib, jb, lines, FORMULA, verdict)


def describe_html(attention: PixelAttention, i: int, j: int | None, base: int = 1) -> str:
    """The same for the inspector. Without *j*: what pixel *i*'s row of P is, and what becomes of the pixel."""
    x_i = float(attention.vector[i])
    z_i = float(attention.tone_curve(attention.vector[i : i + 1])[0])
    if j is None:
        row = attention.relative(range(i, i + 1), range(attention.size))
        return (
            f"<p><b>x′<sub>{i + base}</sub> = {format_number(x_i)} → Z<sub>{i + base}</sub> = {format_number(z_i)}</b> "
            f"&nbsp;<i>row {i + base} of P, painted as an image</i></p>"
            f"<p>P · HW goes from {format_number(float(row.min()))} to {format_number(float(row.max()))}; 1 is uniform.</p>"
            f"<p>{_subscripts(ROW_MEANING)}</p>"
        )
    description = describe(attention, i, j, base)
    lines = "".join(
        f"<p style='margin: 2px 0'><i>{_subscripts(line.symbol)}</i> = {_subscripts(line.general)}<br>"
        f"&nbsp;&nbsp;= {_subscripts(line.numbers)} = <b>{escape(line.value)}</b></p>"
        for line in description.lines
        if line.numbers != line.value
    )
    return (
        f"<p style='margin: 2px 0'><b>P({description.i}, {description.j}) = {escape(description.lines[4].value)}</b></p>"
        f"<div style='font-size: 11px'>{lines}</div><p><b>{_subscripts(description.verdict)}</b></p>"
        f"<p>{_subscripts(description.formula)}<br><i>{escape(REPORT_SLIP)}</i></p>"
    )


def _subscripts(text: str) -> str:
    """Plain text as HTML, with x_i and x_265 set as subscripts."""
    return re.sub(r"_(\w+)", r"<sub>\1</sub>", escape(text))


def _bracketed(value: float) -> str:
    """A number behind an operator: negative ones in brackets."""
    return f"({format_number(value)})" if value < 0 else format_number(value)
