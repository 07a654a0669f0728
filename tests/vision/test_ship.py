from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hw2gui import paths
from hw2gui.errors import InputError
from hw2gui.steps import finish
from hw2gui.training.config import TrainingConfig
from hw2gui.vision import data, models, provenance, recipes, ship, train
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.network import Convolution, Network
from hw2gui.vision.recipes import Recipe

SMALL = Network((Convolution(4, 3, normalised=True),), (20,))
TINY = VisionConfig(TrainingConfig(epochs=1, batch_size=16, threads=0), network=SMALL, data="strokes", limit=64)


@pytest.fixture
def resources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No shipped model yet, and short splits."""
    load = data.load
    monkeypatch.setattr(paths, "resource", lambda *parts: (tmp_path / "resources").joinpath(*parts))
    monkeypatch.setattr(data, "load", lambda name, split, limit=None, balanced=False: load(name, split, limit or 50, balanced))
    return tmp_path / "resources" / "models"


def test_a_run_becomes_a_shipped_model(
    tmp_path: Path, resources: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = train.begin(replace(TINY, training=replace(TINY.training, threads=1, seed=9)), tmp_path / "run")
    finish(train.train(str(run.path)))
    with pytest.raises(InputError, match="follows none of the recipes"):
        ship.main([str(run.path), "mine"])
    longer = replace(TINY, training=replace(TINY.training, epochs=TINY.training.epochs + 1))
    monkeypatch.setitem(recipes.RECIPES, "tiny", Recipe("tiny", "", longer))
    assert ship.main([str(run.path), "mine"]) == 0
    found = provenance.read("mine")
    assert (
        found.command == f"hw2gui train cnn --recipe tiny --epochs {TINY.training.epochs} --seed 9 && python -m hw2gui.vision.ship RUN mine"
    )
    assert found.sentence in capsys.readouterr().out
    assert [score.what for score in found.scores] == ["strokes validation images", "strokes test images"]
    assert found.precision == "float16"
    assert models.names() == ("mine",)
    there, here = models.load(str(run.path)).module.state_dict(), models.load("mine").module.state_dict()
    for name, tensor in there.items():
        np.testing.assert_allclose(here[name], tensor, atol=1e-3)
    assert sum(path.stat().st_size for path in resources.iterdir()) < 4 * SMALL.parameters
    with pytest.raises(InputError, match="give a run and the name"):
        ship.main([])
