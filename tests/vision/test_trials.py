"""What the results page asks: trials, galleries, comparisons, the strongest images; on the built-in set."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hw2gui.datasets import strokes
from hw2gui.errors import InputError, UnavailableError
from hw2gui.steps import finish
from hw2gui.vision import answers, data, saving, trials
from hw2gui.vision.state import Exam, LookedAt

SMALL = "strokes:200"
TESTED = Exam("homework", None, SMALL, "test")


@pytest.fixture(autouse=True)
def _without_published_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HW2GUI_DATA", raising=False)


def test_a_trial_is_the_evaluation_in_words_and_kept() -> None:
    found = finish(trials.trial(TESTED))
    expected = finish(answers.evaluate("homework", SMALL, "test"))
    np.testing.assert_array_equal(found.evaluation.confusion, expected.confusion)
    assert "epoch 5, on 200 test images of Drawn hiragana" in found.words
    assert found.note == ""
    assert finish(trials.trial(TESTED)).evaluation is found.evaluation


def test_a_folder_of_the_users_own_is_looked_at_again(tmp_path: Path) -> None:
    images, labels = strokes.generate(2, 0)
    for number in range(2):
        (tmp_path / str(labels[number])).mkdir(exist_ok=True)
        Image.fromarray(images[number]).save(tmp_path / str(labels[number]) / f"{number}.png")
        found = finish(trials.trial(replace(TESTED, data=f"folder:{tmp_path}", split="train")))
        assert len(found.evaluation) == number + 1


def test_the_models_own_data_give_way_to_the_built_in_set_and_that_is_said() -> None:
    assert trials.resolved(Exam("homework", None, "", "test")) == ("strokes", trials.MISSING)
    assert trials.resolved(Exam("shipped", None, "", "test")) == ("strokes:15000", trials.MISSING)
    with pytest.raises(UnavailableError, match="hw2gui data fetch kmnist"):
        finish(trials.trial(Exam("homework", None, "kmnist", "test")))


def test_a_gallery_holds_the_images_asked_for_and_where_they_are() -> None:
    samples = data.load(SMALL, "test")
    indices = np.array([5, 0, 199])
    found = trials.gallery(SMALL, "test", indices)
    np.testing.assert_array_equal(found.images, samples.images[indices])
    assert found.places == (("strokes", "test", 5), ("strokes", "test", 0), ("strokes", "test", 199))
    for image, place in zip(found.images, found.places, strict=True):
        np.testing.assert_array_equal(image, data.one(*place)[0])
    many = trials.gallery(SMALL, "test", np.arange(200))
    assert (len(many.places), many.total) == (trials.MOST_SHOWN, 200)


def test_places_in_a_mixture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "count", lambda name, split: {"kmnist": 10_000, "strokes": 10_000}[name])
    places = data.places("kmnist:30+strokes:20", "validation")
    assert places.of(29) == ("kmnist", "validation", 29)
    assert places.of(30) == ("strokes", "validation", 0)
    assert places.of(49) == ("strokes", "validation", 19)
    with pytest.raises(InputError, match="choose 0 to 49"):
        places.of(50)


def test_a_comparison_is_of_the_same_images() -> None:
    found = finish(trials.compared(TESTED, "shipped", None))
    first, second = found.first.evaluation, found.second
    np.testing.assert_array_equal(first.labels, second.labels)
    assert set(found.comparison.fixed) == set(np.flatnonzero(~first.right & second.right))
    assert found.rival_words == "The model that came with hw2gui, epoch 24"


def test_the_strongest_images_of_some_channels() -> None:
    found = finish(trials.strongest(TESTED, "conv2", 8, 8))
    assert (found.first, found.channels, len(found.images)) == (8, 16, 8)
    samples = data.load(SMALL, "test")
    whole = [answers.inside("homework", image / np.float32(256)).of("conv2")[10].max() for image in samples.images]
    order = np.argsort(-np.array(whole), kind="stable")[:9]
    np.testing.assert_array_equal(found.images[2], samples.images[order])
    np.testing.assert_allclose(found.values[2], np.array(whole)[order], rtol=1e-5)


def test_what_another_network_has_not_is_its_first() -> None:
    beyond = finish(trials.strongest(TESTED, "conv2", 16, 8))
    assert (beyond.stage, beyond.first) == ("conv2", 0)
    unknown = finish(trials.strongest(TESTED, "norm4", 8, 8))
    assert (unknown.stage, unknown.first, unknown.channels) == ("conv1", 0, 8)


def test_mistakes_are_the_surest_first() -> None:
    evaluation = finish(trials.trial(TESTED)).evaluation
    mistakes = evaluation.mistakes
    assert set(mistakes) == set(np.flatnonzero(~evaluation.right))
    surest = evaluation.probabilities[mistakes].max(axis=1)
    assert (np.diff(surest) <= 0).all()


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_pictures_are_saved(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"picture.{suffix}"
    saving.save_confusion(TESTED, None, str(path))
    assert path.stat().st_size > 1000
    path.unlink()
    saving.save_gallery(TESTED, (3, 3), None, str(path))
    assert path.stat().st_size > 1000
    path.unlink()
    saving.save_gallery(TESTED, None, ("shipped", None, "fixed"), str(path))
    assert path.stat().st_size > 1000


def test_a_change_and_the_strongest_images_are_saved(tmp_path: Path) -> None:
    path = tmp_path / "picture.svg"
    saving.save_confusion(TESTED, ("shipped", None), str(path))
    assert path.stat().st_size > 1000
    path.unlink()
    saving.save_strongest(TESTED, "conv1", 0, 8, str(path))
    assert path.stat().st_size > 1000


def test_nothing_is_saved_of_an_empty_cell_or_pad(tmp_path: Path) -> None:
    from hw2gui.vision.drawing import Steps
    from hw2gui.vision.pen import Drawing

    evaluation = finish(trials.trial(Exam("shipped", None, SMALL, "test"))).evaluation
    empty = tuple(int(place) for place in np.argwhere(evaluation.confusion == 0)[0])
    path = tmp_path / "none.png"
    with pytest.raises(InputError, match="no image to draw"):
        saving.save_gallery(Exam("shipped", None, SMALL, "test"), (empty[0], empty[1]), None, str(path))
    with pytest.raises(InputError, match="draw something first"):
        saving.save_maps(LookedAt("shipped", None, "drawing", "test", 0, Drawing(), Steps()), "conv1", True, str(path))
    assert not path.exists()


def test_an_image_is_traced_as_strokes_that_are_read_alike() -> None:
    from hw2gui.vision.drawing import prepare
    from hw2gui.vision.models import card

    samples = data.load("strokes", "test", 40)
    pictures = []
    for index in range(40):
        drawing = trials.traced("strokes", "test", index)
        assert 1 <= len(drawing.strokes) <= 40
        prepared = prepare(drawing, card("shipped").norms)
        assert prepared is not None
        pictures.append(prepared.picture)
    read = answers.classify("shipped", np.stack(pictures)).probabilities.argmax(axis=1)
    assert (read == samples.labels).mean() >= 0.9


def test_a_black_image_has_no_strokes() -> None:
    from hw2gui.vision.trace import trace

    with pytest.raises(InputError, match="black"):
        trace(np.zeros((28, 28), dtype=np.uint8))


def test_thinning_leaves_lines_one_cell_wide_that_hang_together() -> None:
    from scipy.ndimage import label

    from hw2gui.vision.trace import thinned

    mask = np.zeros((40, 40), dtype=bool)
    mask[5:35, 10:16] = True
    mask[18:24, 10:36] = True
    lines = thinned(mask)
    assert (lines & ~mask).sum() == 0
    assert 20 <= lines.sum() <= 70
    assert label(lines, np.ones((3, 3)))[1] == 1
    blocks = lines[:-1, :-1] & lines[1:, :-1] & lines[:-1, 1:] & lines[1:, 1:]
    assert not blocks.any()
