"""A table of texts, and its ways onto paper: plain text, CSV, Markdown and LaTeX (booktabs)."""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Format = Literal["table", "csv", "markdown", "latex"]
FORMATS: tuple[Format, ...] = ("table", "csv", "markdown", "latex")

_LATEX_ESCAPES = {
    **{character: f"\\{character}" for character in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": "$<$",
    ">": "$>$",
    "×": r"$\times$",
    "·": r"$\cdot$",
    "−": "$-$",
    "±": r"$\pm$",
    "≤": r"$\le$",
    "≥": r"$\ge$",
    "≈": r"$\approx$",
    "≠": r"$\ne$",
    "∞": r"$\infty$",
    "√": r"$\surd$",
    "→": r"$\to$",
    "←": r"$\leftarrow$",
    "∗": r"$\ast$",
    "∂": r"$\partial$",
    "Σ": r"$\Sigma$",
    "Δ": r"$\Delta$",
    "α": r"$\alpha$",
    "β": r"$\beta$",
    "γ": r"$\gamma$",
    "δ": r"$\delta$",
    "ε": r"$\varepsilon$",
    "μ": r"$\mu$",
    "π": r"$\pi$",
    "σ": r"$\sigma$",
    "÷": r"$\div$",
    "⋆": r"$\star$",
    "∅": r"$\emptyset$",
    "⌊": r"$\lfloor$",
    "⌋": r"$\rfloor$",
    "₁": "$_1$",
    "₂": "$_2$",
    "ₜ": "$_t$",
    "␣": r"\textvisiblespace{}",
    "ᵀ": r"$^{\top}$",
    "²": "$^2$",
    "³": "$^3$",
    "½": r"$\frac12$",
    "✓": r"$\surd$",
    "⏎": r"$\hookleftarrow$",
    "…": r"\dots{}",
    "–": "--",
    "—": "---",
    "\u00a0": "~",
    "\u202f": r"\,",
    "\n": " ",
}
"""What LaTeX would take for something else, and what its usual fonts lack: a < in text is printed as an upturned exclamation mark."""

LAST_LATIN, TYPOGRAPHIC = 0x17F, "‘’“”„†‡•€™"
OTHER_LETTERS = "% It holds letters that need XeLaTeX or LuaLaTeX, and a font that has them."


class Math(str):
    """A cell that holds a formula: plain text, and under ``latex`` the same for LaTeX's math mode."""

    latex: str = ""


def math_cell(text: str, latex: str) -> Math:
    """A formula as a cell."""
    cell = Math(text)
    cell.latex = latex
    return cell


@dataclass(frozen=True, slots=True)
class Table:
    """Texts in rows and columns. ``numeric`` columns are set flush right; ``footer`` is the line of totals, or empty."""

    title: str
    header: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    footer: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def all_rows(self) -> tuple[tuple[str, ...], ...]:
        """Rows and footer."""
        return (*self.rows, self.footer) if self.footer else self.rows


def write(table: Table, form: Format) -> str:
    """*table* in one of ``FORMATS``, ending in a line break."""
    return {"table": to_text, "csv": to_csv, "markdown": to_markdown, "latex": to_latex}[form](table)


def to_text(table: Table) -> str:
    """For a terminal: columns aligned, notes underneath."""
    lines = [table.header, *table.all_rows]
    widths = [max(len(line[k]) for line in lines) for k in range(len(table.header))]

    def aligned(cells: tuple[str, ...]) -> str:
        padded = (cell.rjust(w) if right else cell.ljust(w) for cell, w, right in zip(cells, widths, table.numeric, strict=True))
        return "  ".join(padded).rstrip()

    rule = "─" * (sum(widths) + 2 * (len(widths) - 1))
    body = [table.title, rule, aligned(table.header), rule, *map(aligned, table.rows), rule]
    if table.footer:
        body += [aligned(table.footer), rule]
    notes = [textwrap.fill(note, max(80, len(rule))) for note in table.notes]
    return "\n".join([*body, *notes]) + "\n"


def to_csv(table: Table) -> str:
    """Header, rows and footer for a spreadsheet or a program; make the table with plain numbers."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([table.header, *table.all_rows])
    return buffer.getvalue()


def to_markdown(table: Table) -> str:
    """A pipe table, the totals bold, the title and notes around it."""

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    rule = line(["---:" if right else ":---" for right in table.numeric])
    footer = [line([f"**{cell}**" if cell else "" for cell in table.footer])] if table.footer else []
    lines = [f"**{table.title}**", "", line(table.header), rule, *map(line, table.rows), *footer]
    return "\n".join([*lines, *(f"\n{note}" for note in table.notes)]) + "\n"


def to_latex(table: Table) -> str:
    r"""A ``tabular`` with booktabs rules (``\usepackage{booktabs}``) in a ``table`` with the title as caption and the notes under it."""

    def line(cells: Sequence[str]) -> str:
        return " & ".join(map(_latex_cell, cells)) + r" \\"

    columns = "".join("r" if right else "l" for right in table.numeric)
    footer = [r"\midrule", line(table.footer)] if table.footer else []
    notes = [rf"\par\footnotesize {latex_text(note)}" for note in table.notes]
    body = [
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        line(table.header),
        r"\midrule",
        *map(line, table.rows),
        *footer,
        r"\bottomrule",
    ]
    texts = (table.title, *table.header, *(cell for line in table.all_rows for cell in line), *table.notes)
    others = [OTHER_LETTERS] if any(_is_other(letter) for text in texts if not isinstance(text, Math) for letter in text) else []
    lines = [
        *others,
        r"\begin{table}",
        r"\centering",
        rf"\caption{{{latex_text(table.title)}}}",
        *body,
        r"\end{tabular}",
        *notes,
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def latex_text(text: str) -> str:
    """*text* with LaTeX's own characters escaped."""
    return "".join(_LATEX_ESCAPES.get(character, character) for character in text)


def _is_other(letter: str) -> bool:
    """Whether *letter* is none of those pdfLaTeX prints: Latin with its accents, and what is escaped."""
    return ord(letter) > LAST_LATIN and letter not in _LATEX_ESCAPES and letter not in TYPOGRAPHIC


def _latex_cell(cell: str) -> str:
    return f"${cell.latex}$" if isinstance(cell, Math) else latex_text(cell)
