"""Tables on paper: what LaTeX and Markdown would take for commands is text, and the file says what is needed to set it."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.writers import LONG_ROWS, Table, latex_text, math_cell, to_csv, to_latex, to_markdown


def table(*rows: tuple[str, ...], title: str = "t") -> Table:
    return Table(title, tuple("abc"[: len(rows[0])]), (False,) * len(rows[0]), rows)


def body(latex: str) -> list[str]:
    """The lines that LaTeX reads."""
    return [line for line in latex.split("\n") if not line.startswith("%")]


def test_latin_letters_need_booktabs_alone() -> None:
    text = to_latex(table(("Støle", "naïve – 3 × 4 ± 1", "⌊(H−M)/s⌋+1 ≤ x²")))
    assert text.startswith("% In the preamble: \\usepackage{booktabs}\n")
    assert "\\lfloor$(H$-$M)/s$\\rfloor$+1 $\\le$ x$^2$" in text
    assert re.fullmatch("[\0-\u024f]*", text)  # inputenc's utf8, the default, sets all of it


@pytest.mark.parametrize(
    ("text", "languages"), [("راقية", ["arabic"]), ("き ki", ["japanese"]), ("قة を", ["arabic", "japanese"]), ("Ж", [])]
)
def test_other_letters_say_which_latex_and_which_fonts(text: str, languages: list[str]) -> None:
    head = [line for line in to_latex(table((text,))).splitlines() if line.startswith("%")]
    assert "LuaLaTeX" in head[0]
    assert re.findall(r"babelprovide\[.*\]{(\w+)}", "\n".join(head)) == languages
    assert text in "\n".join(body(to_latex(table((text,)))))


def test_arabic_beside_latin_has_a_box_of_its_own() -> None:
    assert body(to_latex(table(("محمد (Muhammad) 12", "x", "ki"))))[7] == r"\mbox{محمد (Muhammad) 12} & x & ki \\"


@pytest.mark.skipif(not (shutil.which("lualatex") and shutil.which("pdftotext")), reason="no LuaLaTeX to set it with")
def test_what_the_head_says_sets_the_table(tmp_path: Path) -> None:
    made = to_latex(table(("محمد (Muhammad) 12", "-0.5", "a_b^c"), ("</s>", "1 ≤ 2", "“q” …"), title="راقية, 5 % of {x}"))
    head = [line.removeprefix("%") for line in made.splitlines() if line.startswith("%   ")]
    fonts = "\n".join(head).replace("Amiri", "DejaVu Sans")  # which has the letters, and is on most computers
    document = f"\\documentclass{{article}}\n{fonts}\n\\begin{{document}}\n{made}\\end{{document}}\n"
    (tmp_path / "table.tex").write_text(document, "utf-8")
    done = subprocess.run(["lualatex", "-interaction=nonstopmode", "table.tex"], cwd=tmp_path, capture_output=True, check=False)
    log = (tmp_path / "table.log").read_text("utf-8", errors="replace")
    if "not found" in log or "not loadable" in log:
        pytest.skip("a package or font is missing")
    assert done.returncode == 0 and "Missing character" not in log
    told = subprocess.run(["pdftotext", "-layout", "table.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert "Muhammad" in told and "a_b^c" in told


def test_symbols_that_stand_for_an_end_are_shown_and_no_tags() -> None:
    assert "$<$/s$>$" in to_latex(table(("</s>",)))
    assert "| \\</s> | a \\| b | \\*c\\* |" in to_markdown(table(("</s>", "a | b", "*c*")))


def test_a_negative_number_has_a_minus_and_a_word_its_hyphen() -> None:
    assert body(to_latex(table(("-0.5", "-1e-05", "ar-en"))))[7] == r"$-$0.5 & $-$1e-05 & ar-en \\"


def test_a_table_longer_than_a_page_can_be_broken() -> None:
    text = to_latex(table(*(("x", str(number)) for number in range(LONG_ROWS + 1))))
    assert text.startswith("% In the preamble: \\usepackage{booktabs,longtable}")
    assert text.count("a & b") == 2 and "\\endfirsthead" in text and "\\begin{table}" not in text


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), min_size=1, max_size=4), st.text(max_size=12))
def test_whatever_is_in_the_cells_rows_stay_rows(rows: list[tuple[str, str]], title: str) -> None:
    made = table(*rows, title=title)
    lines = [line for line in body(to_latex(made)) if line.endswith("\\\\")]
    assert len(lines) == len(rows) + 1
    for line in lines:
        assert len(re.findall(r"(?<!\\)&", line)) == 1
        assert not re.search(r"(?<!\\)[%#]", line)
    assert sum(line.startswith("| ") for line in to_markdown(made).split("\n")) == len(rows) + 2
    assert len(list(csv.reader(io.StringIO(to_csv(made), newline="")))) == len(rows) + 1


@pytest.mark.parametrize("letter", "&%$#_{}")
def test_latexs_own_characters_are_escaped(letter: str) -> None:
    assert latex_text(f"a{letter}b") == f"a\\{letter}b"


def test_a_small_share_is_not_printed_as_an_upturned_exclamation_mark() -> None:
    assert latex_text("<0.1 %") == r"$<$0.1 \%" and latex_text(">99.9 %") == r"$>$99.9 \%"


def test_signs_that_the_usual_fonts_lack_are_mathematics() -> None:
    written = latex_text("−2.5 ± 0.1 · 3 ≤ ⌊n/2⌋ … 420\u202f906")
    assert written == r"$-$2.5 $\pm$ 0.1 $\cdot$ 3 $\le$ $\lfloor$n/2$\rfloor$ \dots{} 420\,906"
    assert written.isascii()


def test_a_plain_table_has_no_such_line_and_formulas_keep_theirs() -> None:
    written = to_latex(table(("señor “x”", math_cell("⌈x⌉", r"\lceil x \rceil"))))
    assert "LuaLaTeX" not in written and r"$\lceil x \rceil$" in written


def test_cells_and_rows_are_as_many_as_they_were() -> None:
    line = next(line for line in to_latex(table(("a & b", "c\nd", r"\\"))).splitlines() if line.endswith(r"\\") and "c d" in line)
    assert len(re.findall(r"(?<!\\)&", line)) == 2
