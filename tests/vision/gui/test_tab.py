"""The vision tab as its user meets it: a character drawn with mouse events, read by the shipped model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from hw2gui.datasets.kmnist import CLASSES
from hw2gui.session.codec import from_plain, to_plain
from hw2gui.session.store import Store
from hw2gui.vision.gui.tab import VisionTab
from hw2gui.vision.gui.tour import drawn
from hw2gui.vision.state import VisionState, check
from tests.services import InlineServices


@dataclass
class Bench:
    tab: VisionTab
    store: Store[VisionState]
    services: InlineServices

    def stroke(self, points: list[tuple[float, float]], button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        """Draw through *points* (shares of the pad) with real mouse events."""
        pad = self.tab.draw.pad
        square = pad._square()
        places = [QPoint(int(square.x() + x * square.width()), int(square.y() + y * square.height())) for x, y in points]
        QTest.mousePress(pad, button, pos=places[0])
        for place in places[1:]:
            QTest.mouseMove(pad, place)
        QTest.mouseRelease(pad, button, pos=places[-1])

    def character(self, label: int) -> None:
        for stroke in drawn(label).strokes:
            self.stroke(list(stroke.points))


@pytest.fixture
def bench(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.delenv("HW2GUI_DATA", raising=False)
    # The strip and the neighbours are asked for by the tests themselves.
    monkeypatch.setattr("hw2gui.vision.gui.tab.SUPPORT_AFTER_MS", 100_000)
    monkeypatch.setattr("hw2gui.vision.tasks.NEAREST_OF", 60)
    store = Store(VisionState(), check)
    services = InlineServices()
    tab = VisionTab(store, services)
    qtbot.addWidget(tab)
    tab.resize(1264, 720)
    with qtbot.waitExposed(tab):
        tab.show()
    yield Bench(tab, store, services)
    store.changed.disconnect()
    services.runner.close()


def test_an_empty_pad_says_nothing(bench: Bench) -> None:
    assert bench.tab.draw.bars.values is None
    assert "says nothing" in bench.tab.draw.answer.text()
    assert bench.tab.draw.pipeline.pictures == ()


@pytest.mark.parametrize("label", range(10))
def test_a_character_drawn_with_the_mouse_is_read(bench: Bench, label: int) -> None:
    bench.character(label)
    values = bench.tab.draw.bars.values
    assert values is not None
    assert int(np.argmax(values)) == label
    assert CLASSES[label].romaji in bench.tab.draw.answer.text()
    assert sum(values) == pytest.approx(1.0, abs=1e-5)


def test_the_answer_follows_the_pen_before_it_is_lifted(bench: Bench) -> None:
    pad = bench.tab.draw.pad
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=pad.rect().center())
    QTest.mouseMove(pad, pad.rect().center() + QPoint(30, 30))
    assert bench.tab.draw.bars.values is not None
    assert bench.store.state.drawing.strokes == ()
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=pad.rect().center() + QPoint(30, 30))
    assert len(bench.store.state.drawing.strokes) == 1


def test_strokes_are_undone_taken_back_and_cleared(bench: Bench) -> None:
    bench.stroke([(0.2, 0.2), (0.8, 0.2)])
    bench.stroke([(0.5, 0.1), (0.5, 0.9)])
    bench.store.undo()
    assert len(bench.tab.draw.pad.strokes) == 1
    bench.store.redo()
    QTest.mouseClick(bench.tab.draw.undo, Qt.MouseButton.LeftButton)
    assert len(bench.tab.draw.pad.strokes) == 1
    bench.tab.draw.pad.setFocus()
    QTest.keyClick(bench.tab.draw.pad, Qt.Key.Key_Delete)
    assert bench.tab.draw.pad.strokes == ()
    assert bench.tab.draw.bars.values is None
    bench.store.undo()
    assert len(bench.tab.draw.pad.strokes) == 1


def test_the_right_button_erases(bench: Bench) -> None:
    bench.stroke([(0.2, 0.5), (0.8, 0.5)])
    assert bench.tab.draw.bars.values is not None
    bench.tab.draw.brush.setValue(16)
    bench.stroke([(0.1, 0.5), (0.9, 0.5)], Qt.MouseButton.RightButton)
    assert bench.tab.draw.bars.values is None


def test_each_step_of_the_pipeline_can_be_switched_off(bench: Bench) -> None:
    bench.character(4)
    names = [picture.caption for picture in bench.tab.draw.pipeline.pictures]
    assert names == ["drawn", "centred", "scaled", "thickened", "normalised"]
    before = bench.tab.draw.pipeline.pictures[2].values.copy()
    QTest.mouseClick(bench.tab.draw.switches["scale"], Qt.MouseButton.LeftButton)
    assert bench.store.state.steps.scale is False
    after = bench.tab.draw.pipeline.pictures[2]
    assert after.bad
    assert not np.array_equal(before, after.values)


def test_the_changed_drawings_and_the_neighbours_support_the_answer(bench: Bench) -> None:
    bench.character(4)
    bench.tab.home()
    strip = bench.tab.draw.strip.pictures
    assert len(strip) == 9
    assert "na" in strip[4].caption
    assert "Read as na at" in bench.tab.draw.strip_words.text()
    assert len(bench.tab.draw.nearest.pictures) == 9
    assert "not on this computer" in bench.tab.draw.nearest_words.text()


def test_looking_inside_shows_every_stage_and_the_truth(bench: Bench) -> None:
    QTest.mouseClick(bench.tab.pages.button("inside"), Qt.MouseButton.LeftButton)
    inside = bench.tab.inside
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
    assert bench.store.state.index == 1
    assert inside._look is not None
    assert (inside._look.label, inside._look.words) != (before, look.words)


def test_a_clicked_value_is_the_sum_of_its_products(bench: Bench) -> None:
    QTest.mouseClick(bench.tab.pages.button("inside"), Qt.MouseButton.LeftButton)
    inside = bench.tab.inside
    maps = inside._stages["conv1"].maps
    assert maps is not None
    rect = maps.picture_rect(2)
    QTest.mouseClick(maps, Qt.MouseButton.LeftButton, pos=rect.center())
    pinned = bench.store.state.pinned
    assert pinned is not None
    assert pinned[:2] == ("conv1", 2)
    assert inside._look is not None
    value = float(inside._look.inside.of("conv1")[2, pinned[2], pinned[3]])
    assert f"<b>{value:.5f}</b>".replace("-", "−") in inside.value.words.html
    sources = [view.source for view in inside.value.views.values()]
    patch, weights, products = (source.values(range(5), range(5)) for source in sources if source is not None)
    np.testing.assert_allclose(patch * weights, products)


@pytest.mark.parametrize("kind", ["saliency", "occlusion"])
def test_what_the_answer_rests_on_is_shown_with_a_caution(bench: Bench, kind: str) -> None:
    QTest.mouseClick(bench.tab.pages.button("inside"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(bench.tab.inside.image.attribution.button(kind), Qt.MouseButton.LeftButton)
    assert bench.tab.inside.image.panel.title.text() == kind
    assert len(bench.tab.inside.image.attribution_words.html) > 80


def test_the_own_drawing_is_looked_into_and_an_empty_one_is_explained(bench: Bench) -> None:
    QTest.mouseClick(bench.tab.pages.button("inside"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(bench.tab.inside.image.source.button("drawing"), Qt.MouseButton.LeftButton)
    assert "empty pad" in bench.tab.inside.image.words.html
    bench.store.change("Draw", drawing=drawn(3))
    assert "tsu" in bench.tab.inside.image.words.html


def test_a_missing_set_says_what_to_do(bench: Bench) -> None:
    QTest.mouseClick(bench.tab.pages.button("inside"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(bench.tab.inside.image.source.button("kmnist"), Qt.MouseButton.LeftButton)
    assert "hw2gui data fetch kmnist" in bench.tab.inside.image.words.html


def test_the_state_survives_the_session_file() -> None:
    state = VisionState(drawing=drawn(2), page="inside", pinned=("conv1", 0, 1, 2))
    assert from_plain(VisionState, to_plain(state)) == state
