"""The pad under a pen, a finger and a mouse: real events, what is drawn, what is read."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hw2gui.vision.pen import drawn
from tests.vision.gui.conftest import Laboratory

Stroke = Callable[[Laboratory, list[QPoint]], None]


def mouse(laboratory: Laboratory, places: list[QPoint]) -> None:
    pad = laboratory.tab.draw.pad
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(pad, place)
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=places[-1])


def finger(laboratory: Laboratory, places: list[QPoint]) -> None:
    pad = laboratory.tab.draw.pad
    device = QTest.createTouchDevice()
    QTest.touchEvent(pad, device).press(0, places[0], pad).commit()
    for place in places[1:]:
        QTest.touchEvent(pad, device).move(0, place, pad).commit()
    QTest.touchEvent(pad, device).release(0, places[-1], pad).commit()


def pen(laboratory: Laboratory, places: list[QPoint], kind: str = "Pen") -> None:
    pad = laboratory.tab.draw.pad
    device = QPointingDevice(
        "pen",
        1,
        QInputDevice.DeviceType.Stylus,
        QPointingDevice.PointerType[kind],
        QInputDevice.Capability.Position,
        1,
        1,
    )
    kinds = [QEvent.Type.TabletPress, *[QEvent.Type.TabletMove] * (len(places) - 1), QEvent.Type.TabletRelease]
    for what, place in zip(kinds, [*places, places[-1]], strict=True):
        down = Qt.MouseButton.NoButton if what == QEvent.Type.TabletRelease else Qt.MouseButton.LeftButton
        at = QPointF(place)
        button = Qt.MouseButton.NoButton if what == QEvent.Type.TabletMove else Qt.MouseButton.LeftButton
        event = QTabletEvent(
            what, device, at, QPointF(pad.mapToGlobal(place)), 0.5, 0, 0, 0, 0, 0, Qt.KeyboardModifier.NoModifier, button, down
        )
        QApplication.sendEvent(pad, event)
        assert event.isAccepted()


def places(laboratory: Laboratory, points: list[tuple[float, float]]) -> list[QPoint]:
    pad = laboratory.tab.draw.pad
    side = min(pad.width(), pad.height())
    return [QPoint(round((pad.width() - side) / 2 + x * side), round((pad.height() - side) / 2 + y * side)) for x, y in points]


@pytest.mark.parametrize("stroke", [mouse, finger, pen])
def test_each_of_them_draws_a_character_that_is_read(laboratory: Laboratory, stroke: Stroke) -> None:
    character = drawn(4)
    for one in character.strokes:
        stroke(laboratory, places(laboratory, list(one.points)[::3]))
    assert len(laboratory.store.state.drawing.strokes) == len(character.strokes)
    values = laboratory.tab.draw.bars.values
    assert values is not None
    assert int(np.argmax(values)) == 4
    laboratory.store.undo()
    assert len(laboratory.tab.draw.pad.strokes) == len(character.strokes) - 1


def test_the_pens_other_end_erases(laboratory: Laboratory) -> None:
    laboratory.store.move(brush=0.16)
    line = places(laboratory, [(0.2, 0.5), (0.5, 0.5), (0.8, 0.5)])
    pen(laboratory, line)
    assert laboratory.tab.draw.bars.values is not None
    pen(laboratory, places(laboratory, [(0.05, 0.5), (0.5, 0.5), (0.95, 0.5)]), "Eraser")
    assert [stroke.eraser for stroke in laboratory.store.state.drawing.strokes] == [False, True]
    assert laboratory.tab.draw.bars.values is None, "nothing is left, so nothing is said"


def test_two_fingers_draw_one_stroke(laboratory: Laboratory) -> None:
    pad = laboratory.tab.draw.pad
    first, second, third = places(laboratory, [(0.2, 0.2), (0.5, 0.5), (0.8, 0.2)])
    device = QTest.createTouchDevice()
    QTest.touchEvent(pad, device).press(0, first, pad).commit()
    QTest.touchEvent(pad, device).stationary(0).press(1, third, pad).commit()
    QTest.touchEvent(pad, device).move(0, second, pad).stationary(1).commit()
    QTest.touchEvent(pad, device).release(0, second, pad).release(1, third, pad).commit()
    strokes = laboratory.store.state.drawing.strokes
    assert len(strokes) == 1
    assert max(x for x, _ in strokes[0].points) < 0.6, "the second finger is ignored"


def test_the_brush_is_as_wide_as_chosen_and_strokes_have_no_corners(laboratory: Laboratory) -> None:
    page = laboratory.tab.draw
    page.brush.setValue(10)
    mouse(laboratory, places(laboratory, [(0.2, 0.5), (0.5, 0.5), (0.8, 0.5)]))
    assert laboratory.store.state.drawing.strokes[0].width == pytest.approx(0.10)
    picture = page.pad.grab().toImage()
    middle = page.pad.width() // 2
    white = sum(picture.pixelColor(middle, y).lightness() > 127 for y in range(picture.height()))
    side = min(page.pad.width(), page.pad.height())
    assert white == pytest.approx(0.10 * side, abs=2)


def test_maps_follow_the_pen_and_what_supports_waits_until_it_is_lifted(laboratory: Laboratory) -> None:
    page = laboratory.tab.draw
    start, on, end = places(laboratory, [(0.3, 0.2), (0.6, 0.5), (0.3, 0.8)])
    QTest.mousePress(page.pad, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(page.pad, on)
    before = page.maps.pictures[0].values.copy()
    asked = len(laboratory.services.asked)
    laboratory.tab._ask_support()
    assert len(laboratory.services.asked) == asked
    QTest.mouseMove(page.pad, end)
    assert not np.array_equal(page.maps.pictures[0].values, before)
    QTest.mouseRelease(page.pad, Qt.MouseButton.LeftButton, pos=end)
    laboratory.tab._ask_support()
    assert laboratory.services.asked[-2:] == ["strip", "nearest"]


def test_a_network_without_convolutions_reads_the_pad_too(laboratory: Laboratory) -> None:
    from dataclasses import replace

    from hw2gui.steps import finish
    from hw2gui.vision import recipes, train
    from hw2gui.vision.network import FULLY_CONNECTED

    fast = recipes.find("fast").config
    training = replace(fast.training, epochs=1, batch_size=32, threads=1)
    run = train.begin(replace(fast, network=FULLY_CONNECTED, data="strokes:64", training=training), title="dense")
    finish(train.train(str(run.path)))
    laboratory.store.change("Model", model=str(run.path), drawing=drawn(4))
    page = laboratory.tab.draw
    assert page.bars.values is not None
    assert page.first_panel.title.text() == "First dense layer, before ReLU"
    assert page.maps.pictures[0].values.size >= 600


def test_an_overfull_pad_says_so_and_keeps_what_was_there(laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch) -> None:
    mouse(laboratory, places(laboratory, [(0.2, 0.5), (0.8, 0.5)]))
    monkeypatch.setattr("hw2gui.vision.pen.MOST_POINTS", 3)
    mouse(laboratory, places(laboratory, [(0.2, 0.2), (0.5, 0.2), (0.8, 0.2)]))
    assert len(laboratory.tab.draw.pad.strokes) == 1
    assert "clear the pad" in laboratory.tab.draw._pad.info.text()
