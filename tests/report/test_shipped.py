"""The reproduction that comes with the program: whole, said to be its own, and what the documents and the README say."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hw2gui.datasets import registry
from hw2gui.errors import InputError, UnavailableError
from hw2gui.report import ship
from hw2gui.report.gather import gather
from hw2gui.report.items import Report
from hw2gui.report.library import keep_measured
from hw2gui.report.plan import BEAMS, Plan
from hw2gui.report.records import of_folder, read_text, shipped, write_text
from hw2gui.report.writing import numbers, write
from tests.report.plans import finished

ROOT = Path(__file__).parents[2]
ON_CHARACTERS = {"1.1b", "1.2", "2.5"}
"""Items that are computed on a character of Kuzushiji-MNIST where it is."""


@pytest.fixture(scope="module")
def report() -> Report:
    return gather("", "shipped")


def half(folder: Path) -> Path:
    """Models with attention that are finished and measured; nothing else."""
    for number, planned in enumerate(Plan(seeds=(42, 43)).pair_runs(True)):
        value = 0.352 + number / 1000
        run = finished(folder, planned, {"validation_error_rate": value, "test_error_rate": value + 0.01})
        row = {"error_rate": value, "cer": 0.3, "exact_match": 0.2, "mean_length": 15.0, "n": 1000, "search_errors": 3, "seconds": 1.0,
               "reference_length": 15.4, "standard_error": 0.009}  # fmt: skip
        rows = [row | {"beam": beam} for beam in BEAMS]
        keep_measured(folder, run, "beams", {"beams": rows, "examples": [], "widest": 10})
    return folder


def test_nothing_is_missing_from_it(report: Report) -> None:
    records = shipped()
    assert len(records.found()) == len(records.plan.runs()) == 36 and not records.plan.quick
    assert all(item.measured and not item.fetch and item.verdict.kind != "missing" for item in report.items)
    assert [one.number for one in report.errata if not one.measured] == []
    assert {drawn.number for item in report.items for drawn in item.drawn if drawn.number} == {f"Figure {number}" for number in range(1, 7)}


def test_the_slip_of_the_beam_quotes_the_tables_lengths(report: Report) -> None:
    (table,) = report.item("3.1c").tables
    rows = {row[:2]: row[table.header.index("Mean length")] for row in table.rows}
    greedily, widest = rows["with attention", "greedy"], rows["with attention", "10"]
    assert f"have {greedily} characters on the mean greedily and {widest} with beam 10" in report.errata[5].counterexample


def test_it_says_whose_it_is_with_day_machine_and_seeds(report: Report) -> None:
    first = shipped().found()[0]
    for word in ("program's own", first.created[:10], "seeds 42, 43, 44", "36 trainings", str(first.machine["cores"])):
        assert word in report.origin
    assert {item.key for item in report.items if item.origin} == {item.key for item in report.items if item.key > "2"}


def test_it_shows_no_state_that_needs_its_folders(report: Report) -> None:
    told: list[Any] = [*report.items, *report.errata]
    shows = [one.show for one in told if one.show is not None]
    assert len(shows) == len(report.items) + len(report.errata)
    for show in shows:
        assert not Path(getattr(show.state, "model", "")).is_absolute()
        assert not getattr(getattr(show.state, "room", None), "shown", ())


def test_the_users_own_figures_take_its_place_item_by_item(tmp_path: Path, report: Report) -> None:
    merged = gather(str(half(tmp_path)), "both")
    assert merged.item("3.1b").origin == "" and "(2 seeds)" in merged.item("3.1b").measured
    assert merged.item("2.4").origin == report.origin and merged.item("2.4").measured == report.item("2.4").measured
    assert "hw2gui reproduce" in merged.item("2.4").fetch
    assert merged.folder == str(tmp_path) and len(merged.runs) == 2 + 36
    alone = gather(str(tmp_path), "own")
    assert alone.item("2.4").verdict.kind == "missing" and alone.origin == "" and len(alone.runs) == 2
    assert gather(str(tmp_path / "nothing"), "both").item("3.1b").measured == report.item("3.1b").measured


def test_a_document_of_both_says_which_is_which(tmp_path: Path) -> None:
    (out,) = write(half(tmp_path / "runs"), [tmp_path / "report.md"], source="both")
    told = out.read_text("utf-8")
    assert told.count("Measured by the program's own reproduction.") == 6  # 2.1 to 2.5 and 3.1a
    assert "Items marked so." in told and "(the program's own)" in told


def test_what_is_kept_says_the_same_as_the_folders(tmp_path: Path) -> None:
    records = of_folder(half(tmp_path))
    again = read_text(write_text(records, None), "test")
    assert again.own and again.plan == records.plan
    for one, other in zip(records.found(), again.found(), strict=True):
        assert replace(other, path=one.path, minutes=one.minutes, filters=None).__dict__ == one.__dict__


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "hw2gui reproduction", "version": 2}', "[" * 5000])
def test_a_damaged_file_is_one_sentence(text: str) -> None:
    with pytest.raises(UnavailableError, match=r"runs\.json is damaged: install"):
        read_text(text, "runs.json")


def test_only_a_whole_reproduction_is_shipped(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"lacks .*finish it first"):
        ship.ship(half(tmp_path))


def told(report: Report, *, everywhere: bool) -> list[dict[str, Any]]:
    return [item for item in numbers(report)["items"] if everywhere or item["item"] not in ON_CHARACTERS]


def test_the_documents_say_what_is_computed_from_it(report: Report) -> None:
    there = registry.is_present(registry.find("kmnist"))
    kept = json.loads((ROOT / "docs/reproduction/numbers.json").read_text("utf-8"))
    now = json.loads(json.dumps(numbers(report)))
    digits = re.compile(r"\d\.?\d*e-1\d")  # what is rounding, and differs by machine

    def rounded(items: list[dict[str, Any]]) -> str:
        return digits.sub("0", json.dumps([item for item in items if there or item["item"] not in ON_CHARACTERS], ensure_ascii=False))

    assert rounded(kept["items"]) == rounded(now["items"])
    assert [kept[name] for name in ("errata", "tables", "runs", "settings", "data")] == [
        now[name] for name in ("errata", "tables", "runs", "settings", "data")
    ]


def test_the_readmes_table_is_true(report: Report) -> None:
    """Every figure in the table of README.md is one the report gives or one that is measured."""
    text = (ROOT / "README.md").read_text("utf-8")
    table = text[text.index("| | the report | here |") :].split("\n\n", 1)[0]
    known = " ".join(
        [f"{item.said} {item.measured}" for item in report.items]
        + [cell for item in report.items for made in item.tables for row in made.all_rows for cell in row]
    )
    figures = re.findall(r"\d\.\d{4}", table)
    assert len(figures) >= 20
    assert [figure for figure in figures if figure not in known] == []
