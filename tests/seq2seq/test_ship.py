from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from hw2gui.errors import InputError
from hw2gui.seq2seq import models, provenance, ship
from hw2gui.seq2seq.recipes import RECIPES, Recipe
from hw2gui.training.weights import read_weights
from tests.seq2seq.conftest import CONFIG


def test_a_run_becomes_a_shipped_model(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("hw2gui.paths.resource", lambda *parts: tmp_path.joinpath(*parts))
    monkeypatch.setitem(RECIPES, "tiny", Recipe("tiny", "for this test", replace(CONFIG)))
    assert ship.main([str(run), "mine"]) == 0
    assert "error rate" in capsys.readouterr().out
    told = provenance.read("mine")
    assert told.precision == "float16" and told.epoch == 2
    assert told.command.startswith("hw2gui train seq2seq --recipe tiny --data toy-copy --seed 42")
    assert [(score.split, score.beam, score.n) for score in told.scores] == [
        (split, k, 300) for split in ("validation", "test") for k in (1, 5)
    ]
    original, shipped = models.load(str(run)), models.load("mine")
    assert shipped.translator.model.decoder.output.weight is shipped.translator.model.decoder.embedding.weight
    for name, weight in shipped.translator.model.state_dict().items():
        torch.testing.assert_close(weight, original.translator.model.state_dict()[name], rtol=1e-3, atol=1e-4)
    arrays = read_weights(models.weights_path("mine")).arrays
    assert all(array.dtype == np.float16 for array in arrays.values())
    assert models.weights_path("mine").stat().st_size < 0.7 * models.weights_path(str(run)).stat().st_size


def test_only_what_a_recipe_makes_is_shipped(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hw2gui.paths.resource", lambda *parts: tmp_path.joinpath(*parts))
    with pytest.raises(InputError, match="none of the recipes"):
        ship.main([str(run), "mine"])
    assert not list(tmp_path.rglob("*.*"))
    with pytest.raises(InputError, match="give a run"):
        ship.main([])
