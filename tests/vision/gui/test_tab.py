"""The vision tab as its user meets it: a character drawn with mouse events, read by the shipped model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from hw2gui.datasets.kmnist import CLASSES
from hw2gui.session.codec import from_plain, to_plain
from hw2gui.vision.pen import drawn
from hw2gui.vision.state import VisionState
from tests.vision.gui.conftest import Laboratory


def test_an_empty_pad_says_nothing(laboratory: Laboratory) -> None:
    assert laboratory.tab.draw.bars.values is None
    assert "says nothing" in laboratory.tab.draw.answer.text()
    assert laboratory.tab.draw.pipeline.pictures == ()


@pytest.mark.parametrize("label", range(10))
def test_a_character_drawn_with_the_mouse_is_read(laboratory: Laboratory, label: int) -> None:
    laboratory.character(label)
    values = laboratory.tab.draw.bars.values
    assert values is not None
    assert int(np.argmax(values)) == label
    assert CLASSES[label].romaji in laboratory.tab.draw.answer.text()
    assert sum(values) == pytest.approx(1.0, abs=1e-5)


def test_the_answer_follows_the_pen_before_it_is_lifted(laboratory: Laboratory) -> None:
    pad = laboratory.tab.draw.pad
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=pad.rect().center())
    QTest.mouseMove(pad, pad.rect().center() + QPoint(30, 30))
    assert laboratory.tab.draw.bars.values is not None
    assert laboratory.store.state.drawing.strokes == ()
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=pad.rect().center() + QPoint(30, 30))
    assert len(laboratory.store.state.drawing.strokes) == 1


def test_strokes_are_undone_taken_back_and_cleared(laboratory: Laboratory) -> None:
    laboratory.stroke([(0.2, 0.2), (0.8, 0.2)])
    laboratory.stroke([(0.5, 0.1), (0.5, 0.9)])
    laboratory.store.undo()
    assert len(laboratory.tab.draw.pad.strokes) == 1
    laboratory.store.redo()
    QTest.mouseClick(laboratory.tab.draw.undo, Qt.MouseButton.LeftButton)
    assert len(laboratory.tab.draw.pad.strokes) == 1
    laboratory.tab.draw.pad.setFocus()
    QTest.keyClick(laboratory.tab.draw.pad, Qt.Key.Key_Delete)
    assert laboratory.tab.draw.pad.strokes == ()
    assert laboratory.tab.draw.bars.values is None
    laboratory.store.undo()
    assert len(laboratory.tab.draw.pad.strokes) == 1


def test_the_right_button_erases(laboratory: Laboratory) -> None:
    laboratory.stroke([(0.2, 0.5), (0.8, 0.5)])
    assert laboratory.tab.draw.bars.values is not None
    laboratory.tab.draw.brush.setValue(16)
    laboratory.stroke([(0.1, 0.5), (0.9, 0.5)], Qt.MouseButton.RightButton)
    assert laboratory.tab.draw.bars.values is None


def test_each_step_of_the_pipeline_can_be_switched_off(laboratory: Laboratory) -> None:
    laboratory.character(4)
    names = [picture.caption for picture in laboratory.tab.draw.pipeline.pictures]
    assert names == ["drawn", "centred", "scaled", "thickened", "normalised"]
    before = laboratory.tab.draw.pipeline.pictures[2].values.copy()
    QTest.mouseClick(laboratory.tab.draw.switches["scale"], Qt.MouseButton.LeftButton)
    assert laboratory.store.state.steps.scale is False
    after = laboratory.tab.draw.pipeline.pictures[2]
    assert after.bad
    assert not np.array_equal(before, after.values)


def test_the_changed_drawings_and_the_neighbours_support_the_answer(laboratory: Laboratory) -> None:
    laboratory.character(4)
    laboratory.tab.home()
    strip = laboratory.tab.draw.strip.pictures
    assert len(strip) == 9
    assert "na" in strip[4].caption
    assert "Read as na at" in laboratory.tab.draw.strip_words.text()
    assert len(laboratory.tab.draw.nearest.pictures) == 9
    assert "not on this computer" in laboratory.tab.draw.nearest_words.text()


def test_every_picture_is_taken_away_and_none_of_an_empty_pad(laboratory: Laboratory, tmp_path: Path) -> None:
    page = laboratory.tab.draw
    panels = {"pad": page._pad, "pipeline": page.pipeline_panel, "answer": page.answer_panel, "maps": page.first_panel}
    panels |= {"strip": page.strip_panel, "nearest": page.nearest_panel}

    def offered() -> set[str]:
        return {name for name, panel in panels.items() if panel._export is not None and panel._export.isEnabled()}

    assert offered() == set()
    laboratory.character(4)
    assert offered() == set(panels) - {"strip", "nearest"}
    laboratory.tab.home()
    assert offered() == set(panels)
    for name, panel in panels.items():
        laboratory.services.file = tmp_path / f"{name}.svg"
        panel.export_requested.emit("svg")
        assert laboratory.services.file.read_text().count("<svg") == 1, name
    QTest.mouseClick(page.clear, Qt.MouseButton.LeftButton)
    assert offered() == set()


def test_looking_inside_shows_every_stage_and_the_truth(laboratory: Laboratory) -> None:
    QTest.mouseClick(laboratory.tab.pages.button("inside"), Qt.MouseButton.LeftButton)
    inside = laboratory.tab.inside
    look = inside._look
    assert look is not None
    shown = [name for name, view in inside._stages.items() if view.isVisibleTo(inside)]
    assert shown == [stage.name for stage in look.inside.stages if stage.kind not in ("flatten", "dropout")]
    maps = inside._stages["conv1"].maps
    assert maps is not None
    np.testing.assert_array_equal(maps.pictures[3].values, look.inside.of("conv1")[3])
    assert "It is" in inside.image.words.html
    before = look.label
    QTest.mouseClick(inside.image.forward, Qt.MouseButton.LeftButton)
    assert laboratory.store.state.index == 1
    assert inside._look is not None
    assert (inside._look.label, inside._look.words) != (before, look.words)


def test_a_clicked_value_is_the_sum_of_its_products(laboratory: Laboratory, tmp_path: Path) -> None:
    QTest.mouseClick(laboratory.tab.pages.button("inside"), Qt.MouseButton.LeftButton)
    inside = laboratory.tab.inside
    maps = inside._stages["conv1"].maps
    assert maps is not None
    rect = maps.picture_rect(2)
    QTest.mouseClick(maps, Qt.MouseButton.LeftButton, pos=rect.center())
    pinned = laboratory.store.state.pinned
    assert pinned is not None
    assert pinned[:2] == ("conv1", 2)
    assert inside._look is not None
    value = float(inside._look.inside.of("conv1")[2, pinned[2], pinned[3]])
    assert f"<b>{value:.5f}</b>".replace("-", "−") in inside.value.words.html
    sources = [view.source for view in inside.value.views.values()]
    patch, weights, products = (source.values(range(5), range(5)) for source in sources if source is not None)
    np.testing.assert_allclose(patch * weights, products)
    laboratory.services.file = tmp_path / "value.svg"
    inside.value_panel.export_requested.emit("svg")
    assert laboratory.services.file.read_text().count("<svg") == 1


@pytest.mark.parametrize("kind", ["saliency", "occlusion"])
def test_what_the_answer_rests_on_is_shown_with_a_caution(laboratory: Laboratory, kind: str) -> None:
    QTest.mouseClick(laboratory.tab.pages.button("inside"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(laboratory.tab.inside.image.attribution.button(kind), Qt.MouseButton.LeftButton)
    assert laboratory.tab.inside.image.panel.title.text() == kind.capitalize()
    assert len(laboratory.tab.inside.image.attribution_words.html) > 80


def test_the_own_drawing_is_looked_into_and_an_empty_one_is_explained(laboratory: Laboratory) -> None:
    QTest.mouseClick(laboratory.tab.pages.button("inside"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(laboratory.tab.inside.image.source.button("drawing"), Qt.MouseButton.LeftButton)
    assert "empty pad" in laboratory.tab.inside.image.words.html
    laboratory.store.change("Draw", drawing=drawn(3))
    assert "tsu" in laboratory.tab.inside.image.words.html


def test_a_missing_set_says_what_to_do(laboratory: Laboratory) -> None:
    QTest.mouseClick(laboratory.tab.pages.button("inside"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(laboratory.tab.inside.image.source.button("kmnist"), Qt.MouseButton.LeftButton)
    assert "hw2gui data fetch kmnist" in laboratory.tab.inside.image.words.html


def test_the_state_survives_the_session_file() -> None:
    state = VisionState(drawing=drawn(2), page="inside", pinned=("conv1", 0, 1, 2))
    assert from_plain(VisionState, to_plain(state)) == state


def test_a_model_that_opens_late_does_not_come_over_one_that_came_otherwise(laboratory: Laboratory) -> None:
    laboratory.services.unanswered = frozenset({"open model"})
    laboratory.tab.models.choose("homework")
    laboratory.store.change("Opened session", model="another", epoch=None)
    laboratory.services.answer("open model", "words")
    assert laboratory.store.state.model == "another"
