"""The document: everything in it is computed, the same in every form, and nothing is said of what is not there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from hw2gui.errors import InputError, UnavailableError
from hw2gui.report import paper
from hw2gui.report.document import blocks
from hw2gui.report.drawing import figure, svg
from hw2gui.report.gather import gather
from hw2gui.report.html import COLOURS, write_html
from hw2gui.report.items import Report
from hw2gui.report.library import default_folder, keep_measured
from hw2gui.report.markdown import write_markdown
from hw2gui.report.plan import BEAMS, Plan
from hw2gui.report.verdicts import WORDS
from hw2gui.report.writing import write, write_document
from hw2gui.writers import Table
from tests.report.plans import finished

KEYS = ["1.1a", "1.1b", "1.1c", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5", "3.1a", "3.1b", "3.1c"]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return gather(str(tmp_path_factory.mktemp("empty")))


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """Character models that say they are finished, with beams."""
    plan = Plan(seeds=(42, 43))
    for attention, rate in ((False, 0.5), (True, 0.36)):
        for number, planned in enumerate(plan.pair_runs(attention)):
            value = rate + number / 1000
            run = finished(tmp_path, planned, {"validation_error_rate": value, "test_error_rate": value}, device="cuda")
            rows = [
                {"beam": beam, "error_rate": value - beam / 1000, "cer": 0.3, "exact_match": 0.2, "mean_length": 15 - beam / 10, "n": 1000,
                 "search_errors": 3, "seconds": 1.0, "reference_length": 15.4, "standard_error": 0.009}
                for beam in BEAMS
            ]  # fmt: skip
            examples = [{"source": "محمد | *", "reference": "mohamed", "greedy": "mohammed", "beam": "mohamed"}]
            keep_measured(tmp_path, run, "beams", {"beams": rows, "examples": examples, "widest": 10})
    return tmp_path


def test_the_items_are_the_reports_in_its_order(empty: Report) -> None:
    assert [item.key for item in empty.items] == KEYS
    assert [one.number for one in empty.errata] == list(range(1, 9))


def test_what_needs_no_training_is_judged_without_any(empty: Report) -> None:
    kinds = {item.key: item.verdict.kind for item in empty.items}
    assert (kinds["1.1a"], kinds["1.1b"], kinds["1.1c"], kinds["1.2"], kinds["2.1"]) == ("slip", "slip", "right", "right", "partly")
    assert "457" in empty.item("1.1c").measured and "113,328" in empty.item("1.1c").measured
    assert "14 of 360" in empty.errata[2].counterexample and "90 of 720" in empty.errata[2].counterexample
    assert "407,050" in empty.errata[7].counterexample


def test_a_row_without_data_says_what_to_do(empty: Report) -> None:
    missing = [item for item in empty.items if item.verdict.kind == "missing"]
    assert "2.4" in {item.key for item in missing}
    for item in missing:
        assert "hw2gui reproduce" in item.fetch and not item.measured


def test_what_to_do_names_no_folder_but_an_unusual_one(tmp_path: Path, home: Path) -> None:
    usual, elsewhere = (gather(str(folder)).item("2.4").fetch for folder in (default_folder(False), tmp_path / "mine"))
    assert usual.endswith("or hw2gui reproduce.") and elsewhere.endswith(f"or hw2gui reproduce --out {tmp_path / 'mine'}.")


def test_an_items_state_is_one_its_tab_takes(empty: Report) -> None:
    from hw2gui.app.tabs import TABS
    from hw2gui.names import load

    checks = {spec.key: load(spec.check) for spec in TABS}
    told: list[Any] = [*empty.items, *empty.errata]
    shows = [one.show for one in told if one.show is not None]
    assert len(shows) >= 10
    for show in shows:
        assert checks[show.tab](show.state) == show.state


def test_finished_runs_are_beside_the_reports_values(filled: Path) -> None:
    report = gather(str(filled))
    item = report.item("3.1a")
    assert item.said == "validation 0.4995, test 0.5001" and "0.5005 ± 0.0007 (2 seeds)" in item.measured
    assert item.verdict.kind == "agrees"
    beams = report.item("3.1c")
    assert "−0.0090; lower in 2 of 2 seeds" in beams.verdict.sentence
    assert {row.device for row in report.runs} == {"cuda"} and len(report.runs) == 4
    assert [drawn.number for drawn in (*item.drawn, *report.item("3.1b").drawn)] == ["Figure 5", "Figure 6"]


def test_every_form_says_the_same(filled: Path, tmp_path: Path) -> None:
    outs = [tmp_path / f"out/report{suffix}" for suffix in (".html", ".pdf", ".md", ".json")]
    assert list(write(filled, outs, {"3.1a": "look at <seed> 43"})) == outs
    html, pdf, markdown, numbers = outs
    text = html.read_text("utf-8")
    assert "http" not in re.sub(r"base64,[^\"]*", "", text)  # nothing is fetched
    assert text.count("<figure>") == 3 and "محمد" in text and "look at &lt;seed&gt; 43" in text
    told = markdown.read_text("utf-8")
    for path in re.findall(r"!\[[^\]]*\]\(([^)]*)\)", told):
        assert (markdown.parent / path).read_text("utf-8").startswith("<?xml")
    assert "0.5005 ± 0.0007 (2 seeds)" in told and "0.5005 ± 0.0007 (2 seeds)" in text
    assert json.loads(numbers.read_text("utf-8"))["items"][9]["measured"] in told.replace("\\", "")
    content = pdf.read_bytes()
    assert content.startswith(b"%PDF") and b"CreationDate" not in content


def test_markdown_keeps_its_signs_apart_from_the_texts() -> None:
    from hw2gui.report.document import Grid, Paragraph

    text, _ = write_markdown((Paragraph("a*b_c|d <e>"), Grid(Table("t", ("x",), (False,), (("a|b",),)))), "figures")
    assert "a\\*b\\_c|d \\<e\\>" in text and "a\\|b" in text


def test_html_escapes(empty: Report) -> None:
    from hw2gui.report.document import Paragraph

    assert "&lt;script&gt;" in write_html((Paragraph("<script>"),))
    assert set(COLOURS) == set(WORDS)


def test_columns_fit_the_page_and_lines_their_columns() -> None:
    long = "a word " * 60
    table = Table("t", ("short", "long", "longer"), (False, False, False), (("1", long, long * 2),))
    widths = paper.column_widths(table)
    assert sum(widths) <= paper.WIDTH + 0.1 - 2 * 9 and widths[0] < 40
    for line in paper.wrapped(long, 7.2, widths[1]):
        assert paper.width_of(line, 7.2) <= widths[1]
    assert "".join(paper.wrapped("x" * 500, 7.2, 50)) == "x" * 500


def test_the_quick_version_says_so_first(tmp_path: Path) -> None:
    planned = Plan(True, (42,)).pair_runs(True)[0]
    finished(tmp_path, planned, {"validation_error_rate": 0.2, "test_error_rate": 0.2})
    report = gather(str(tmp_path))
    assert report.quick and report.item("3.1b").verdict.kind == "quick"
    assert getattr(blocks(report)[1], "lead", "") == "Quick version."


def test_wrong_use_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.html, \.pdf, \.md, \.json"):
        list(write(tmp_path, [tmp_path / "report.doc"]))
    with pytest.raises(InputError, match="is no folder"):
        write_document(str(tmp_path / "nothing"), str(tmp_path / "report.md"))


def test_no_heading_stands_alone_at_the_foot_of_a_page() -> None:
    from hw2gui.report.document import Heading, Paragraph

    story = (Heading("Question 1", 2), Heading("1.1a", 3), Paragraph("text"))
    assert paper._needed(story, 0) > paper._needed(story, 1) + 30 > 60


def test_the_same_figure_is_the_same_file(filled: Path) -> None:
    (drawn,) = gather(str(filled)).item("3.1a").drawn
    assert svg(drawn) == svg(drawn)


def test_a_legend_stands_under_its_plot(filled: Path) -> None:
    (drawn,) = gather(str(filled)).item("3.1b").drawn
    sheet = figure(drawn)
    sheet.draw_without_rendering()
    (axes,) = sheet.axes
    legend = axes.get_legend()
    assert legend is not None
    inside, below = axes.get_window_extent(), legend.get_window_extent()
    assert below.y0 >= 0 and below.y1 < inside.y0 and below.x0 >= 0 and below.x1 <= sheet.bbox.width


def test_tables_and_pictures_can_be_read_aloud(filled: Path) -> None:
    text = write_html(blocks(gather(str(filled))))
    assert '<html lang="en">' in text and text.count("<caption>") == text.count("<table>")
    assert all('scope="col"' in head and not head.endswith("></th") for head in re.findall(r"<th.*?</th", text))
    assert all(len(alt) > 10 for alt in re.findall(r'<img alt="([^"]*)"', text))


def test_an_impossible_place_is_refused_before_anything_is_gathered(tmp_path, monkeypatch):
    monkeypatch.setattr("hw2gui.report.writing.gather", lambda *_: pytest.fail("It was computed first."))
    (tmp_path / "file").write_text("α")
    with pytest.raises(UnavailableError, match="choose another place"):
        list(write(None, [tmp_path / "file" / "report.html"]))
