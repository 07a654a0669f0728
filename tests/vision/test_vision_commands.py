from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hw2gui.cli import main
from hw2gui.datasets import strokes


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_classify_dark_on_light(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ya.png"
    paper = np.full((300, 400), 240, dtype=np.uint8)
    paper[60:210, 200:350] -= (strokes.draw(7, side=150, variation=0.5) * 0.8).astype(np.uint8)
    Image.fromarray(paper).save(path)
    found = answer(capsys, "classify", str(path))
    assert (found["class"], found["romaji"], found["kana"]) == (7, "ya", "や")
    assert sum(found["probabilities"].values()) == pytest.approx(1, abs=1e-4)
    assert next(iter(found["probabilities"])) == "ya"
    assert main(["classify", str(path)]) == 0
    assert capsys.readouterr().out.startswith("や ya")


def test_classify_what_is_no_character(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.fromarray(np.full((40, 40), 200, dtype=np.uint8)).save(tmp_path / "blank.png")
    assert main(["classify", str(tmp_path / "blank.png")]) == 2
    assert "shows no character" in capsys.readouterr().err
    assert main(["classify", str(tmp_path / "none.png")]) == 2
    assert main(["classify", str(tmp_path / "blank.png"), "--model", "nothing"]) == 2
    assert "there is no model 'nothing'" in capsys.readouterr().err


def test_evaluate_the_shipped_model(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "evaluate", "shipped", "--data", "strokes", "--limit", "60")
    assert (found["n"], found["split"], found["data"]) == (60, "test", "strokes")
    assert found["accuracy"] >= 0.95
    assert np.sum(found["confusion"]) == 60
    assert list(found["per_class"])[:2] == ["o", "ki"]
    assert main(["evaluate", "shipped", "--data", "strokes", "--limit", "60", "--split", "validation"]) == 0
    assert "on 60 validation images of strokes" in capsys.readouterr().out
    assert main(["evaluate", "shipped", "--data", "strokes", "--limit", "0"]) == 2
    assert main(["evaluate", "nothing"]) == 2
    capsys.readouterr()
    assert main(["evaluate", "shipped", "--data", "strokes", "--limit", "60", "--epoch", "99"]) == 2
    assert "alone: leave the epoch out" in capsys.readouterr().err


@pytest.mark.usefixtures("home")
def test_an_experiment_from_a_shell(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from hw2gui.vision import inquiry
    from hw2gui.vision.recipes import RECIPES

    fast = RECIPES["fast"].config
    small = replace(fast, training=replace(fast.training, epochs=1, batch_size=40, threads=1), data="strokes", limit=80)
    monkeypatch.setattr(inquiry, "_base", lambda _: small)
    picture, table = tmp_path / "curves.png", tmp_path / "table.csv"
    found = answer(capsys, "experiment", "2.3", "--data", "strokes", "--save", str(picture), "--save", str(table))
    assert [network["label"] for network in found["networks"]][:2] == ["CNN", "CNN, pixels permuted"]
    assert "one fixed permutation" in found["sentence"]
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert table.read_text("utf-8").splitlines()[1].startswith("CNN,")
    assert main(["experiment", "2.1", "--data", "strokes", "--save", str(picture)]) == 0
    assert (tmp_path / "curves-2.png").exists()
    assert main(["experiment", "2.3", "--data", "strokes", "--save", "x.doc"]) == 2
    assert main(["experiment", "2.3", "--seeds", "0"]) == 2
