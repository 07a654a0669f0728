from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from hw2gui import cli, paths
from hw2gui.datasets import lexicon, registry, toy
from hw2gui.datasets.registry import Dataset
from tests.datasets.conftest import Publisher


@pytest.fixture(autouse=True)
def data_verbs_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "COMMAND_MODULES", ("hw2gui.datasets.commands",))


@pytest.fixture
def made(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    dataset = Dataset(
        "made", "Made", "pairs", "", "free", "Thanks.", "", folders=("made",), files=(publisher.file("a"), publisher.file("b"))
    )
    monkeypatch.setattr(registry, "DATASETS", {"made": dataset, "strokes": registry.find("strokes")})
    return dataset


def test_list(made: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["data", "list"]) == 0
    text = capsys.readouterr().out
    assert "built in" in text
    assert "missing: fetch it ('hw2gui data fetch made')" in text


def test_list_as_json(made: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["data", "list", "--json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert (rows["made"]["present"], rows["strokes"]["present"]) == (False, True)
    assert rows["made"]["bytes"] == made.size


def test_fetch_then_everything_is_there(made: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["data", "fetch", "made"]) == 0
    captured = capsys.readouterr()
    assert "made is here" in captured.out
    assert "Thanks." in captured.out
    assert "a: " in captured.err
    assert "\r" not in captured.err
    assert cli.main(["data", "fetch", "made", "--json"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert [Path(one["path"]).name for one in json.loads(captured.out)["files"]] == ["a", "b"]


def test_progress_is_rewritten_on_a_terminal(made: Dataset, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert cli.main(["data", "fetch", "made"]) == 0
    err = capsys.readouterr().err
    assert err.startswith("\r")
    assert err.endswith("\n")
    assert err.count("\n") == 1


def test_check(made: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["data", "check"]) == 0
    assert "missing" in capsys.readouterr().out
    cli.main(["data", "fetch", "made"])
    capsys.readouterr()
    assert cli.main(["data", "check", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["damaged"], report["missing"]) == (0, 0)
    (registry.cache_folder(made) / "b").write_bytes(b"x" * made.files[1].size)
    assert cli.main(["data", "check"]) == 1
    text = capsys.readouterr().out
    assert "damaged" in text
    assert "hw2gui data fetch made" in text
    assert cli.main(["data", "fetch", "made"]) == 0
    assert cli.main(["data", "check"]) == 0


def test_built_in_pairs_are_listed_and_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["data", "list"]) == 0
    assert re.search(r"^starter-ar-en Starter lexicon.*, licence: CC0 1\.0\n +built in$", capsys.readouterr().out, re.MULTILINE)
    assert cli.main(["data", "check"]) == 0
    counts = lexicon.load().counts
    told = f"ok       starter-ar-en built in: {counts['train']:,} train, {counts['validation']:,} validation, {counts['test']:,} test pairs"
    assert told in capsys.readouterr().out.splitlines()
    assert cli.main(["data", "check", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert {name: one["state"] for name, one in report["built_in"].items()} == dict.fromkeys(["starter-ar-en", *toy.TASKS], "ok")


def test_a_damaged_lexicon_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(paths, "resource", lambda *parts: tmp_path / "none.tsv")
    for kept in (lexicon.entries, lexicon.load):
        kept.cache_clear()
    assert cli.main(["data", "check", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["damaged"] == 1
    assert "install the program again" in report["built_in"]["starter-ar-en"]["what"]


@pytest.mark.parametrize(("arguments", "code"), [(["fetch", "nothing"], 2), (["fetch"], 2), ([], 2), (["fetch", "spa-eng"], 1)])
def test_wrong_use_and_failure_are_one_line(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["data", *arguments]) == code
    err = capsys.readouterr().err
    assert err.startswith("hw2gui: ")
    assert err.count("\n") == 1


def test_show_tells_what_is_in_a_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["data", "show", "starter-ar-en"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Starter lexicon") and "Arabic → English" in out and "CC0 1.0" in out
    assert cli.main(["data", "show", "toy-copy", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["pairs"] == {"train": 8000, "validation": 1000, "test": 1000} and told["overlap"]["test"]["known_sources"] == 0


def test_show_tells_what_of_a_table_is_not_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "names.csv"
    table.write_text("a,b\nc,d\nc,d\ne\nf,g\n", "utf-8")
    assert cli.main(["data", "show", str(table), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert sum(told["pairs"].values()) == 3 and [(one["line"], one["reason"]) for one in told["dropped"]] == [
        (3, "duplicate"),
        (4, "columns"),
    ]
    assert cli.main(["data", "show", str(table)]) == 0
    assert "3 pairs of 5 rows are used" in capsys.readouterr().out
    assert cli.main(["data", "show", str(tmp_path / "none.tsv")]) == 2
    assert "neither a file nor a set of pairs" in capsys.readouterr().err
