"""A table of texts, and its ways onto paper: plain text, CSV, Markdown and LaTeX (booktabs)."""

from __future__ import annotations

import csv
import io
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Format = Literal["table", "csv", "markdown", "latex"]
FORMATS: tuple[Format, ...] = ("table", "csv", "markdown", "latex")

_MATHEMATICS = {
    "<": "<", ">": ">", "×": r"\times", "÷": r"\div", "−": "-", "±": r"\pm", "·": r"\cdot", "∗": r"\ast", "⋆": r"\star", "½": r"\frac12",
    "≤": r"\le", "≥": r"\ge", "≈": r"\approx", "≠": r"\ne", "→": r"\to", "←": r"\leftarrow", "⏎": r"\hookleftarrow", "∈": r"\in",
    "∅": r"\emptyset", "⌊": r"\lfloor", "⌋": r"\rfloor", "‖": r"\|", "√": r"\surd", "✓": r"\surd", "∞": r"\infty", "∇": r"\nabla",
    "∂": r"\partial", "₁": "_1", "₂": "_2", "ₜ": "_t", "²": "^2", "³": "^3", "ᵀ": r"^{\top}", "Σ": r"\Sigma", "Δ": r"\Delta",
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon", "η": r"\eta", "λ": r"\lambda", "μ": r"\mu",
    "π": r"\pi", "σ": r"\sigma",
}  # fmt: skip
_LATEX_ESCAPES = {
    **{character: f"\\{character}" for character in "&%$#_{}"},
    **{character: f"${command}$" for character, command in _MATHEMATICS.items()},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "|": r"\textbar{}",
    "␣": r"\textvisiblespace{}",
    "…": r"\dots{}",
    "–": "--",
    "—": "---",
    "\N{NO-BREAK SPACE}": "~",
    "\N{NARROW NO-BREAK SPACE}": r"\,",
}
"""What LaTeX would take for something else, and what its usual fonts lack: a < in text is printed as an upturned exclamation mark."""

_RIGHT_TO_LEFT = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
_SCRIPTS = (
    ("Arabic", _RIGHT_TO_LEFT, "arabic", "Amiri"),
    ("Japanese", re.compile("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"), "japanese", "Noto Serif CJK JP"),
)
"""What the letters are called, which they are, and a language and a font (any that has them will do) for LaTeX."""

_SET_BY_ANY_LATEX = re.compile("[\0-\u024f\u2018-\u201e\u2020-\u2022\u2026\u20ac\u2122]*")
_NEGATIVE = re.compile(r"-(\d[\d.,]*(?:e[+-]?\d+)?)")
_CONTROL = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029]")
_MARKDOWN = re.compile(r"([\\|<*`])")

LONG_ROWS = 40
"""A table of more rows is longer than a page: LaTeX is to break it."""


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
    # A carriage return is not quoted, and would be a row of its own to some readers.
    rows = [[_CONTROL.sub(" ", cell) for cell in row] for row in (table.header, *table.all_rows)]
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def to_markdown(table: Table) -> str:
    """A pipe table, the totals bold, the title and notes around it."""

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cells) + " |"

    def body(cells: Sequence[str]) -> str:
        return line(list(map(_markdown_cell, cells)))

    rule = line(["---:" if right else ":---" for right in table.numeric])
    footer = [line([f"**{_markdown_cell(cell)}**" if cell else "" for cell in table.footer])] if table.footer else []
    lines = [f"**{_markdown_cell(table.title)}**", "", body(table.header), rule, *map(body, table.rows), *footer]
    return "\n".join([*lines, *(f"\n{note}" for note in table.notes)]) + "\n"


def _markdown_cell(text: str) -> str:
    """*text* on one line, with what would be a tag, a column or emphasis shown as it is."""
    return _MARKDOWN.sub(r"\\\1", _CONTROL.sub(" ", text))


def to_latex(table: Table) -> str:
    r"""A ``tabular`` with booktabs rules in a ``table``, or, of many rows, a ``longtable``; title as caption, notes underneath.

    Comments at its head say what the document has to load for it, and which LaTeX sets its letters.
    """

    def line(cells: Sequence[str]) -> str:
        return " & ".join(map(_latex_cell, cells)) + r" \\"

    long = len(table.rows) > LONG_ROWS
    columns = "".join("r" if right else "l" for right in table.numeric)
    caption = rf"\caption{{{latex_text(table.title)}}}"
    head = [r"\toprule", line(table.header), r"\midrule"]
    rows = [*map(line, table.rows), *([r"\midrule", line(table.footer)] if table.footer else []), r"\bottomrule"]
    notes = [rf"\par\footnotesize {latex_text(note)}" for note in table.notes]
    if long:
        repeated = [caption + r" \\", *head, r"\endfirsthead", *head, r"\endhead"]
        lines = [rf"\begin{{longtable}}{{{columns}}}", *repeated, *rows, r"\end{longtable}", *notes]
    else:
        tabular = [rf"\begin{{tabular}}{{{columns}}}", *head, *rows, r"\end{tabular}"]
        lines = [r"\begin{table}", r"\centering", caption, *tabular, *notes, r"\end{table}"]
    return "\n".join([*_preamble("\n".join(lines), long), *lines]) + "\n"


def _preamble(latex: str, long: bool) -> list[str]:
    """Comments: what the preamble of a document with *latex* in it needs."""
    packages = ["booktabs", *(["longtable"] if long else [])]
    found = [(name, language, font) for name, letters, language, font in _SCRIPTS if letters.search(latex)]
    if _SET_BY_ANY_LATEX.fullmatch(latex):
        return [f"% In the preamble: \\usepackage{{{','.join(packages)}}}"]
    names = " and ".join(name for name, _, _ in found) or "other"
    lines = [
        f"% With {names} letters: compile with LuaLaTeX (pdfLaTeX cannot set them), and in the preamble:",
        f"%   \\usepackage{{{','.join(packages)}}}",
        "%   \\usepackage[english,bidi=basic]{babel}",
        "%   \\babelfont{rm}{DejaVu Serif}",
    ]
    for _, language, font in found:
        lines += [f"%   \\babelprovide[import,onchar=ids fonts]{{{language}}}", f"%   \\babelfont[{language}]{{rm}}{{{font}}}"]
    return [*lines, "% Any fonts that you have and that have the letters will do."]


def latex_text(text: str) -> str:
    """*text* on one line, with LaTeX's own characters escaped and mathematical ones named."""
    return "".join(_LATEX_ESCAPES.get(character, character) for character in _CONTROL.sub(" ", text))


def _latex_cell(cell: str) -> str:
    if isinstance(cell, Math):
        return f"${cell.latex}$"
    # In text a hyphen would stand for the minus.
    negative = _NEGATIVE.fullmatch(cell)
    text = f"$-${negative[1]}" if negative else latex_text(cell)
    # In a cell without a box of its own babel runs Latin letters beside Arabic ones backwards.
    return rf"\mbox{{{text}}}" if _RIGHT_TO_LEFT.search(cell) else text
