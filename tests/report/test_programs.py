"""The programs of the report tab print what is on screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from hw2gui.errors import InputError
from hw2gui.report.gather import gather
from hw2gui.report.items import Report
from hw2gui.report.programs import programs
from hw2gui.report.state import ERRATA, ITEMS, ReportState
from tests.programs import run


@pytest.fixture(scope="module")
def report() -> Report:
    return gather("", "shipped")


def printed(capsys: pytest.CaptureFixture[str], key: str, source: str = "shipped") -> str:
    for _, text in programs(ReportState(selected=key, source=source)):
        assert "hw2gui" not in text and max(map(len, text.splitlines())) <= 130
        run(text)
    return capsys.readouterr().out


@pytest.mark.parametrize("key", [*ITEMS, *ERRATA])
def test_every_item_has_a_program_that_runs(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(printed(capsys, key).splitlines()) >= 1


def test_what_needs_no_training_is_counted_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert "882 of 882" in printed(capsys, "1.1a") and "wrong dividing by W', W: 0 by H', H: 14" in printed(capsys, "1.1b")
    assert "[457, 113328] by the formulas [457, 113328]" in printed(capsys, "1.1c")
    assert "CNN 420906" in printed(capsys, "2.1")


@pytest.mark.parametrize(("key", "values"), [("2.4", 3), ("3.1a", 2), ("3.1b", 2)])
def test_a_verdict_is_the_one_on_screen(key: str, values: int, report: Report, capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, key).splitlines()
    assert len(lines) == values
    for line in lines:
        interval = line.split("interval ")[1].split(",")[0]
        mean, word = line.split(" ")[1], line.rpartition(": ")[2]
        assert mean in report.item(key).measured and word in report.item(key).verdict.sentence
        assert word == "cannot be told" or interval in report.item(key).verdict.sentence


def test_what_is_measured_comes_out_again(report: Report, capsys: pytest.CaptureFixture[str]) -> None:
    beams = printed(capsys, "3.1c")
    assert all(f"beam 10 {line.split('10: ')[1].split(' ')[0]}" in report.item("3.1c").measured for line in beams.splitlines())
    left = printed(capsys, "2.2").splitlines()[0].split()[-2]
    assert f"shift {left} %" in report.item("2.2").measured
    moved = printed(capsys, "2.3").strip().split(" points")
    assert f"CNN {moved[0].removeprefix('in place ')} points" in report.item("2.3").measured
    assert printed(capsys, "2.5").strip().replace("-", "−") == report.item("2.5").measured


def test_without_figures_there_is_nothing_to_compute(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Nothing of this item is measured"):
        programs(ReportState(selected="2.4", source="own", folder=str(tmp_path)))
