"""Tables as LaTeX: nothing in a cell is taken for a command or printed as something else."""

from __future__ import annotations

import re

import pytest

from hw2gui.writers import OTHER_LETTERS, Table, latex_text, math_cell, to_latex


def table(*cells: str, title: str = "t") -> Table:
    return Table(title, ("a",) * len(cells), (False,) * len(cells), (cells,))


@pytest.mark.parametrize("letter", "&%$#_{}")
def test_latexs_own_characters_are_escaped(letter: str) -> None:
    assert latex_text(f"a{letter}b") == f"a\\{letter}b"


def test_a_small_share_is_not_printed_as_an_upturned_exclamation_mark() -> None:
    assert latex_text("<0.1 %") == r"$<$0.1 \%" and latex_text(">99.9 %") == r"$>$99.9 \%"


def test_signs_that_the_usual_fonts_lack_are_mathematics() -> None:
    written = latex_text("−2.5 ± 0.1 · 3 ≤ ⌊n/2⌋ … 420\u202f906")
    assert written == r"$-$2.5 $\pm$ 0.1 $\cdot$ 3 $\le$ $\lfloor$n/2$\rfloor$ \dots{} 420\,906"
    assert written.isascii()


@pytest.mark.parametrize("text", ["محمد", "お o", "を"])
def test_a_table_with_other_letters_says_what_it_needs(text: str) -> None:
    assert to_latex(table(text)).splitlines()[0] == OTHER_LETTERS
    assert to_latex(table("x", title=text)).splitlines()[0] == OTHER_LETTERS


def test_a_plain_table_has_no_such_line_and_formulas_keep_theirs() -> None:
    written = to_latex(table("señor “x”", math_cell("⌈x⌉", r"\lceil x \rceil")))
    assert written.startswith(r"\begin{table}") and r"$\lceil x \rceil$" in written


def test_cells_and_rows_are_as_many_as_they_were() -> None:
    line = next(line for line in to_latex(table("a & b", "c\nd", r"\\")).splitlines() if line.endswith(r"\\") and "c d" in line)
    assert len(re.findall(r"(?<!\\)&", line)) == 2
