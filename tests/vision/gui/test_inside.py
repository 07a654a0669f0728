"""Looking inside: filters, values of every stage, and pictures saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from hw2gui.vision import answers
from tests.vision.gui.conftest import Laboratory


@pytest.fixture
def inside(laboratory: Laboratory) -> Laboratory:
    laboratory.store.change("Look", page="inside", model="homework", index=7)
    return laboratory


def test_units_are_taken_apart_too(inside: Laboratory) -> None:
    view = inside.tab.inside._stages["dense3"]
    assert view.strip is not None
    QTest.mouseClick(view.strip, Qt.MouseButton.LeftButton, pos=view.strip.cell_rect((0, 4)).center().toPoint())
    assert inside.store.state.pinned == ("dense3", 4, 0, 0)
    look = inside.tab.inside._look
    assert look is not None
    assert f"<b>{look.inside.logits[4]:.5f}</b>".replace("-", "−") in inside.tab.inside.value.words.html
    assert "120 products" in inside.tab.inside.value.words.html


def test_a_place_lights_up_in_all_three_and_says_its_product(inside: Laboratory) -> None:
    inside.store.move(pinned=("conv2", 5, 4, 4))
    value = inside.tab.inside.value
    weights = value.views["weights"]
    QTest.mouseMove(weights, weights.cell_rect((1, 4)).center().toPoint())
    for view in value.views.values():
        assert view._highlight.cells is not None
        assert [int(part[0]) for part in view._highlight.cells] == [1, 4]
    look = inside.tab.inside._look
    assert look is not None
    weight = float(answers.weights("homework", "conv2")[0][5, 1, 1, 1])
    reads = float(look.inside.of("pool1")[1, 5, 5])
    assert value.pointed.text() == f"map 2, row 2, column 2: {reads:.5g} × {weight:.5g} = {reads * weight:.5g}".replace("-", "−")


def test_filters_are_shown_as_pictures_on_request(inside: Laboratory, qtbot: Any) -> None:
    page = inside.tab.inside
    QTest.mouseClick(page.showing.button("filters"), Qt.MouseButton.LeftButton)
    assert not page._stages["conv1"].isVisible()
    filters = page._filters["conv2"]
    weights, _ = answers.weights("homework", "conv2")
    source = filters.view.source
    assert source is not None
    assert source.shape == (8 * 3, 16 * 3)
    np.testing.assert_allclose(source.values(range(6, 9), range(15, 18)), weights[5, 2])

    def pointed() -> bool:
        QTest.mouseMove(filters.view, filters.view.cell_rect((7, 16)).center().toPoint())
        return filters.words.text() == f"map 6's filter on map 3, row 2, column 2: {weights[5, 2, 1, 1]:.5f}"

    qtbot.waitUntil(pointed)  # the filters take their place in more than one step


def test_each_map_can_have_a_scale_of_its_own(inside: Laboratory) -> None:
    page = inside.tab.inside
    maps = page._stages["conv1"].maps
    assert maps is not None
    assert len({picture.scale for picture in maps.pictures}) == 1
    assert f"colours ±{maps.pictures[0].scale.high:.3g}" in page._stages["conv1"].title.text()
    QTest.mouseClick(page.shared, Qt.MouseButton.LeftButton, pos=QPoint(8, page.shared.height() // 2))
    assert len({picture.scale for picture in maps.pictures}) == 8
    assert "each map its own colours" in page._stages["conv1"].title.text()


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_maps_are_saved(inside: Laboratory, tmp_path: Path, suffix: str) -> None:
    inside.services.file = tmp_path / f"maps.{suffix}"
    button = inside.tab.inside._stages["conv1"].findChild(QToolButton)
    assert isinstance(button, QToolButton)
    next(action for action in button.menu().actions() if suffix.upper() in action.text()).trigger()
    assert inside.services.file.stat().st_size > 1000
    assert "Saved" in inside.services.messages[-1]


def test_filters_and_saliency_are_saved(inside: Laboratory, tmp_path: Path) -> None:
    page = inside.tab.inside
    inside.services.file = tmp_path / "saliency.svg"
    inside.store.change("Overlay", attribution="saliency")
    page.image.panel.export_requested.emit("svg")
    text = inside.services.file.read_text()
    assert "slope of the class's logit" in text.replace("&#x27;", "'")
    page.image.answer_panel.export_requested.emit("svg")
    assert inside.services.file.read_text() != text
    inside.services.file = tmp_path / "filters.png"
    QTest.mouseClick(page.showing.button("filters"), Qt.MouseButton.LeftButton)
    page._filters["conv1"].save.emit("png")
    assert inside.services.file.stat().st_size > 1000


def test_the_number_ends_with_the_split(inside: Laboratory) -> None:
    page = inside.tab.inside
    assert page.image.index.maximum() == 9999
    page.image.index.setValue(9999)
    QTest.mouseClick(page.image.forward, Qt.MouseButton.LeftButton)
    assert inside.store.state.index == 9999
    page.image.split.setCurrentIndex(0)
    page.image.split.activated.emit(0)
    assert inside.store.state.split == "train"
    assert inside.store.state.index == 0
    assert "Train image 0" in page.image.words.html


def test_another_class_can_be_asked_about(inside: Laboratory) -> None:
    page = inside.tab.inside
    look = page._look
    assert look is not None
    bars = page.image.bars
    QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(20, int(bars.height() * 0.55)))
    assert (inside.store.state.explained, inside.store.state.attribution) == (5, "saliency")
    assert page.image.attribution_words.html.partition("For ")[2].startswith("ha.")
    expected = answers.saliency("homework", look.inside.image, 5).values
    source = page.image.image.source
    assert source is not None
    np.testing.assert_allclose(source.values(range(28), range(28)), expected)
    page.image.explained.setCurrentIndex(0)
    page.image.explained.activated.emit(0)
    assert inside.store.state.explained is None
    assert "For su." in page.image.attribution_words.html


def test_a_value_leads_to_what_excites_its_map(inside: Laboratory, short_sets: Callable[[int], None]) -> None:
    short_sets(60)
    inside.store.move(pinned=("conv2", 11, 4, 4))
    value = inside.tab.inside.value
    assert value.strongest.isVisible()
    QTest.mouseClick(value.strongest, Qt.MouseButton.LeftButton)
    now = inside.store.state
    assert (now.page, now.gallery, now.top) == ("results", "top", ("conv2", 8))
    assert inside.tab.results.strongest.labels[3].text() == "map 12"
    inside.store.change("Back", page="inside")
    inside.store.move(pinned=("relu2", 11, 4, 4))
    assert not value.strongest.isVisible()


def test_the_image_is_put_on_the_pad(inside: Laboratory) -> None:
    QTest.mouseClick(inside.tab.inside.image.pad, Qt.MouseButton.LeftButton)
    assert inside.store.state.page == "draw"
    assert inside.tab.draw.pad.strokes
    assert "su" in inside.tab.draw.answer.text()


def test_the_answers_letters_can_be_read_in_the_lowest_window(inside: Laboratory) -> None:
    inside.store.change("Overlay", attribution="saliency")
    inside.tab.resize(576, 300)
    QApplication.processEvents()
    bars = inside.tab.inside.image.bars
    assert bars.height() >= bars.least_height == 104  # ten lines of nine pixels and what is between them
