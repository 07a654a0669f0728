"""Any model at any of its saved epochs, for the drawing and for what is inside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hw2gui.vision import answers
from hw2gui.vision.pen import drawn
from tests.vision.gui.conftest import Laboratory


def _open(laboratory: Laboratory, run: Path) -> None:
    """Choose the run from the list."""
    choice = laboratory.tab.models.choice
    choice.fill()
    at = choice.findData(str(run))
    assert at >= 0
    choice.setCurrentIndex(at)
    choice.activated.emit(at)


def test_a_shipped_model_has_nothing_to_rewind(laboratory: Laboratory) -> None:
    models = laboratory.tab.models
    assert not models.player.isVisible()
    assert [models.choice.itemData(at) for at in range(2)] == ["shipped", "homework"]


def test_the_slider_drives_the_maps_and_the_drawing(laboratory: Laboratory, small_run: Path) -> None:
    laboratory.store.change("Draw", drawing=drawn(4))
    _open(laboratory, small_run)
    models = laboratory.tab.models
    assert laboratory.store.state.model == str(small_run)
    assert models.player.isVisible()
    assert models.player.slider.maximum() == 2
    assert "epoch 2/2" in models.player.label.text()
    trained = laboratory.tab.draw.bars.values
    QTest.mouseClick(laboratory.tab.pages.button("inside"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(models.player.first, Qt.MouseButton.LeftButton)
    assert laboratory.store.state.epoch == 0
    assert models.player.label.text().startswith("untrained")
    inside = laboratory.tab.inside
    assert inside._look is not None
    expected = answers.inside(str(small_run), inside._look.inside.image, 0)
    np.testing.assert_array_equal(inside._look.inside.of("conv1"), expected.of("conv1"))
    maps = inside._stages["conv1"].maps
    assert maps is not None
    np.testing.assert_array_equal(maps.pictures[0].values, expected.of("conv1")[0])
    untrained = laboratory.tab.draw.bars.values
    assert untrained is not None
    assert max(untrained) < 0.2
    assert trained != untrained
    QTest.mouseClick(models.player.forward, Qt.MouseButton.LeftButton)
    assert laboratory.store.state.epoch == 1
    QTest.mouseClick(models.player.whole, Qt.MouseButton.LeftButton)
    assert laboratory.store.state.epoch is None
    assert laboratory.tab.draw.bars.values == pytest.approx(trained)


def test_it_plays_to_the_end(laboratory: Laboratory, small_run: Path, qtbot: Any) -> None:
    _open(laboratory, small_run)
    player = laboratory.tab.models.player
    player.speed.setCurrentIndex(player.speed.count() - 1)
    QTest.mouseClick(player.first, Qt.MouseButton.LeftButton)
    QTest.mouseClick(player.play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not player.playing)
    assert laboratory.store.state.epoch == 2


def test_playing_waits_for_what_is_shown(laboratory: Laboratory, small_run: Path, qtbot: Any) -> None:
    _open(laboratory, small_run)
    player = laboratory.tab.models.player
    player.speed.setCurrentIndex(player.speed.count() - 1)
    laboratory.services.unanswered = frozenset({"reading"})
    QTest.mouseClick(player.first, Qt.MouseButton.LeftButton)
    QTest.mouseClick(player.play, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(player._timer.timeout):
        pass
    with qtbot.waitSignal(player._timer.timeout):
        pass
    assert laboratory.store.state.epoch == 0
    player.pause()


def test_an_epoch_that_is_gone_gives_way_to_the_chosen_one(laboratory: Laboratory, small_run: Path) -> None:
    laboratory.store.change("Model", model=str(small_run), epoch=17)
    assert laboratory.store.state.epoch is None


def _truncated(run: Path) -> None:
    file = run / "epoch-002.safetensors"
    file.write_bytes(file.read_bytes()[:1000])


def _foreign(run: Path) -> None:
    from safetensors.numpy import save_file

    save_file({"weight": np.zeros((2, 2), dtype=np.float32)}, run / "epoch-002.safetensors")


def _newer(run: Path) -> None:
    config = run / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "version": 99}))


@pytest.mark.parametrize(("spoil", "words"), [(_truncated, "damaged"), (_foreign, "not written by hw2gui"), (_newer, "newer version")])
def test_what_cannot_be_opened_is_said_and_not_chosen(laboratory: Laboratory, small_run: Path, spoil: Any, words: str) -> None:
    spoil(small_run)
    laboratory.tab.models.choose(str(small_run))
    assert laboratory.store.state.model == "shipped"
    assert words in laboratory.tab.models.problem.text()
    assert laboratory.tab.models.problem.isVisible()
    laboratory.tab.models.choose("homework")
    assert not laboratory.tab.models.problem.isVisible()
    assert laboratory.store.state.model == "homework"


def test_a_damaged_run_is_listed_with_the_reason_but_cannot_be_chosen(laboratory: Laboratory, small_run: Path) -> None:
    _newer(small_run)
    choice = laboratory.tab.models.choice
    choice.fill()
    at = choice.findData(str(small_run))
    assert "cannot be opened" in choice.itemText(at)
    assert not choice.model().flags(choice.model().index(at, 0)) & Qt.ItemFlag.ItemIsEnabled
    assert "newer version" in choice.itemData(at, Qt.ItemDataRole.ToolTipRole)


def test_a_session_with_a_model_that_is_gone_says_so_in_place(laboratory: Laboratory, tmp_path: Path) -> None:
    laboratory.store.change("Session", model=str(tmp_path / "gone"), page="inside", drawing=drawn(2))
    assert "there is no model" in laboratory.tab.inside.image.words.html
    assert "there is no model" in laboratory.tab.draw.answer.text()
    assert "there is no model" in laboratory.tab.models.problem.text()


def test_weights_of_one_epoch_are_opened_from_their_file(laboratory: Laboratory, small_run: Path, tmp_path: Path) -> None:
    models = laboratory.tab.models
    laboratory.services.file = small_run / "epoch-001.safetensors"
    models.choice.other.emit()
    assert (laboratory.store.state.model, laboratory.store.state.epoch) == (str(small_run), 1)
    alone = tmp_path / "alone.safetensors"
    alone.write_bytes(b"x")
    laboratory.services.file = alone
    models.choice.other.emit()
    assert "no part of a run" in models.problem.text()
    assert laboratory.store.state.model == str(small_run)
