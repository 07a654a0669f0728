from __future__ import annotations

import argparse
import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hw2gui import paths
from hw2gui.datasets import strokes
from hw2gui.errors import InputError, UnavailableError
from hw2gui.training import model_files
from hw2gui.vision import answers, data, models, options, provenance
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.drawing import prepare, prepare_pixels
from hw2gui.vision.evaluation import Evaluation
from hw2gui.vision.recipes import RECIPES
from tests.vision import fonts
from tests.vision.hands import HANDS, mouse

REAL_DATA = pytest.mark.skipif(not os.environ.get("HW2GUI_DATA"), reason="HW2GUI_DATA is not set: no published data to test with")


@pytest.fixture
def resources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped models that a test may spoil."""
    folder = tmp_path / "resources"
    for path in paths.resource("models").glob("*.*"):
        (folder / "models").mkdir(parents=True, exist_ok=True)
        (folder / "models" / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(paths, "resource", lambda *parts: folder.joinpath(*parts))
    return folder / "models"


def test_what_is_shipped_is_small_and_says_where_it_comes_from() -> None:
    assert models.names()[0] == models.DEFAULT
    assert sum(path.stat().st_size for path in paths.resource("models").glob("*.*")) < 5_000_000
    for name in models.names():
        found = provenance.read(name)
        assert found.name == name
        train, _, ship = found.command.partition(" && ")
        assert ship == f"python -m hw2gui.vision.ship RUN {name}"
        asked, made = _asked_for(train), found.config
        technical = {name: getattr(made.training, name) for name in ("threads", "keep_epochs", "test")}
        assert replace(asked, training=replace(asked.training, **technical)) == made
        assert "KMNIST Dataset" in found.attribution
        assert found.licence == "CC BY-SA 4.0"
        assert any(score.what == "kmnist test images" and score.images == 10_000 for score in found.scores)
        assert models.load(name).network == found.config.network
        assert f"{found.config.network.parameters:,} parameters" in models.words(name)


def _asked_for(command: str) -> VisionConfig:
    start = "hw2gui train cnn "
    assert command.startswith(start)
    parser = argparse.ArgumentParser()
    options.add_options(parser)
    return options.chosen(parser.parse_args(command.removeprefix(start).split()))


def test_the_shipped_model_reads_the_built_in_characters() -> None:
    images, labels = strokes.generate(500, strokes.SPLITS["test"][0])
    found = Evaluation(answers.classify("shipped", images / np.float32(256)).probabilities, labels.astype(np.int64))
    assert found.accuracy >= 0.99


@pytest.mark.parametrize("hand", sorted(HANDS))
def test_the_shipped_model_reads_what_a_mouse_draws(hand: str) -> None:
    """Strokes of neither the generator nor Kuzushiji-MNIST, of any size, place and brush."""
    rng = np.random.default_rng(5)
    norms = models.card("shipped").norms
    drawings = [
        (label, mouse(HANDS[hand][label], rng, rng.uniform(0.35, 0.9), rng.uniform(0.03, 0.09))) for label in range(10) for _ in range(10)
    ]
    prepared = [prepare(drawing, norms) for _, drawing in drawings]
    pictures = np.stack([one.picture for one in prepared if one])
    found = Evaluation(answers.classify("shipped", pictures).probabilities, np.array([label for label, _ in drawings]))
    assert found.accuracy >= 0.97
    assert min(found.per_class) >= 0.8


def test_the_shipped_model_reads_other_fonts() -> None:
    """Whatever fonts are here: shapes that neither the generator nor Kuzushiji-MNIST made."""
    found = fonts.with_kana()
    if not found:
        pytest.skip("no font on this machine has hiragana")
    rng = np.random.default_rng(2)
    pictures = [picture for font in found for picture in fonts.drawn(font, 8, rng)]
    prepared = [prepare_pixels(pixels, models.card("shipped").norms) for _, pixels in pictures]
    read = answers.classify("shipped", np.stack([one.picture for one in prepared if one])).probabilities
    assert Evaluation(read, np.array([label for label, _ in pictures])).accuracy >= 0.97


@REAL_DATA
@pytest.mark.parametrize("name", models.names())
def test_the_scores_are_those_written_down(name: str) -> None:
    test = data.load("kmnist", "test", 2500)
    found = Evaluation(answers.classify(name, test.images / np.float32(256)).probabilities, test.labels)
    (score,) = [score for score in provenance.read(name).scores if score.what == "kmnist test images"]
    assert found.accuracy == pytest.approx(score.accuracy, abs=0.015)


@pytest.mark.parametrize("spoil", ["weights", "cut", "json", "field", "version", "gone"])
def test_damaged_models_are_refused(resources: Path, spoil: str) -> None:
    weights, described = resources / "shipped.safetensors", resources / "shipped.json"
    content = json.loads(described.read_text())
    if spoil == "weights":
        weights.write_bytes(weights.read_bytes()[:-1] + b"\0")
    elif spoil == "cut":
        weights.write_bytes(weights.read_bytes()[:1000])
    elif spoil == "json":
        described.write_text(described.read_text()[:-20])
    elif spoil == "field":
        described.write_text(json.dumps({**content, "scores": 7}))
    elif spoil == "version":
        described.write_text(json.dumps({**content, "from_the_future": True}))
    else:
        weights.unlink()
        with pytest.raises(InputError, match="no model 'shipped'"):
            models.load("shipped")
        return
    with pytest.raises(UnavailableError, match="install hw2gui again"):
        models.load("shipped")


def test_weights_of_another_network_are_refused(resources: Path) -> None:
    found = provenance.read("shipped")
    described = replace(found, config=RECIPES["homework"].config)
    (resources / "shipped.json").write_text(model_files.described(described))
    with pytest.raises(InputError, match="does not fit its network"):
        models.load("shipped")


def test_an_unknown_model() -> None:
    with pytest.raises(InputError, match="there is no model 'nothing': choose a run's folder or one of shipped"):
        models.load("nothing")


def test_a_model_of_permuted_pixels_is_shown_permuted_ones(home: Path) -> None:
    from hw2gui.jobs import InlineRunner, Job
    from hw2gui.vision import recipes, tasks, train
    from hw2gui.vision.drawing import Steps
    from hw2gui.vision.pen import Drawing
    from hw2gui.vision.state import LookedAt

    config = recipes.find("fast").config
    config = replace(config, data="strokes:60", permutation=11, training=replace(config.training, epochs=1, threads=1))
    run = train.begin(config, title="shuffled")
    done: list[object] = []
    InlineRunner().submit(Job(train.JOB, {"folder": str(run.path)}), on_done=done.append, on_error=done.append)
    at = LookedAt(str(run.path), None, "strokes", "test", 3, Drawing(), Steps())
    look = tasks.look(at)
    assert look is not None
    image, _ = data.one("strokes", "test", 3)
    order = np.random.default_rng(11).permutation(784)
    np.testing.assert_array_equal(look.inside.image.reshape(-1), (image / np.float32(256)).reshape(-1)[order])
    whole = data.permuted(data.load("strokes", "test", 4), 11)
    np.testing.assert_array_equal(look.inside.image, whole.images[3] / np.float32(256))


def test_a_card_follows_its_files(home: Path) -> None:
    from hw2gui.training.run_folder import RunFolder
    from hw2gui.vision import train
    from hw2gui.vision.config import VisionConfig

    run = train.begin(replace(VisionConfig(), data="strokes:60"), title="named")
    with pytest.raises(InputError, match="has none yet"):
        models.card(str(run.path))
    run.epoch_file(0).write_bytes(b"only looked at when it is opened")
    assert models.card(str(run.path)).title == "named"
    RunFolder.open(run.path).rename("another name")
    assert models.card(str(run.path)).title == "another name"
