"""``hw2gui runs``: sizes, thinning out, the trash and the way back."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from hw2gui import cli, paths
from hw2gui.training import runs
from hw2gui.training.run_folder import RunFolder
from tests.training.conftest import CONFIG, trial_in


@pytest.fixture
def run(home: Path) -> RunFolder:
    trial = trial_in(paths.runs_folder() / "one", replace(CONFIG, epochs=6))
    trial.go()
    return trial.run


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    capsys.readouterr()
    assert cli.main(["runs", *words]) == code
    out, errors = capsys.readouterr()
    return out if code == 0 else errors


def test_no_runs_yet(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "0 runs in" in told(capsys, "list")
    assert "free: " in told(capsys, "list")
    assert told(capsys, "restore") == "The trash is empty.\n"
    assert told(capsys, "empty-trash") == "Nothing freed.\n"


def test_sizes_are_those_of_the_files(run: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(told(capsys, "list", "--json"))
    (row,) = found["runs"]
    assert row["bytes"] == runs.size_of(run.path)
    assert found["free_bytes"] > 0
    assert row["prunable"] == sum(file.stat().st_size for file in runs.superfluous(run)) > 0
    assert "one" in told(capsys, "list") and "finished" in told(capsys, "list")


def test_thinned_out_and_brought_back(run: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    before = run.epochs_kept
    assert "restore" in told(capsys, "prune", "one")
    assert len(run.epochs_kept) < len(before)
    assert "Nothing to thin out" in told(capsys, "prune", "--all")
    assert str(run.path) in told(capsys, "restore", "one")
    assert run.epochs_kept == before


def test_what_is_brought_back_and_what_is_left_are_named(run: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("first", "second one", "third"):
        shutil.copytree(run.path, run.path.with_name(name))
        told(capsys, "delete", name)
    said = told(capsys, "restore").splitlines()
    assert said[0] == f"{run.path.with_name('third')} is back."
    assert said[1] == "Still in the trash, the latest first: second one, first. hw2gui runs restore 'second one' brings one of them back."
    assert len(told(capsys, "restore", "first").splitlines()) == 1
    assert len(told(capsys, "restore").splitlines()) == 1


def test_deleted_brought_back_and_deleted_for_good(run: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "delete", "one")
    assert not run.path.exists()
    told(capsys, "restore")
    assert run.path.exists()
    told(capsys, "delete", str(run.path))
    assert "freed" in told(capsys, "empty-trash")
    assert runs.trashed_runs() == []


def test_a_damaged_run_can_be_deleted(run: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    (run.path / "config.json").write_text("{")
    assert "one: " in told(capsys, "list")
    told(capsys, "delete", "one")
    assert not run.path.exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("prune",), "Name the runs to thin out, or give --all."),
        (("prune", "one", "--all"), "Name the runs to thin out, or give --all."),
        (("delete", "nowhere"), "There is no run 'nowhere'"),
        (("restore", "nowhere"), "nowhere is not in the trash, which holds nothing."),
        (("empty-trash", "--older-than", "nan"), "--older-than must be a number of days from 0"),
    ],
)
def test_wrong_use_is_one_sentence(run: RunFolder, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str) -> None:
    before = runs.size_of(run.path)
    errors = told(capsys, *words, code=2)
    assert sentence in errors and errors.count("\n") == 1
    assert runs.size_of(run.path) == before
