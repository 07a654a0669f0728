"""The pad under a pen, a finger, a mouse and keys: real events, what is drawn, what is read."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hw2gui.vision.pen import drawn
from hw2gui.widgets import theme
from hw2gui.widgets.drawing_pad import DrawingPad
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


def keys(pad: DrawingPad, *pressed: Qt.Key, times: int = 1) -> None:
    """All of *pressed* held together, repeated *times* times, and let go of."""
    for key in pressed[:-1]:
        QTest.keyPress(pad, key)
    for _ in range(times):
        QTest.keyPress(pad, pressed[-1])
    for key in pressed:
        QTest.keyRelease(pad, key)


def test_a_character_is_drawn_and_read_with_keys_alone(laboratory: Laboratory) -> None:
    """つ: to the right along the top, down, and back to the left."""
    pad = laboratory.tab.draw.pad
    pad.setFocus(Qt.FocusReason.TabFocusReason)
    keys(pad, Qt.Key.Key_Left, times=14)
    keys(pad, Qt.Key.Key_Up, times=6)
    QTest.keyClick(pad, Qt.Key.Key_Space)
    assert pad.under_way
    keys(pad, Qt.Key.Key_Right, times=22)
    keys(pad, Qt.Key.Key_Down, Qt.Key.Key_Right, times=4)
    keys(pad, Qt.Key.Key_Down, times=4)
    keys(pad, Qt.Key.Key_Down, Qt.Key.Key_Left, times=7)
    keys(pad, Qt.Key.Key_Left, times=8)
    QTest.keyClick(pad, Qt.Key.Key_Space)
    assert not pad.under_way
    (stroke,) = laboratory.store.state.drawing.strokes
    assert stroke.points[0] == pytest.approx((0.5 - 14 / 40, 0.5 - 6 / 40))
    assert np.argmax(laboratory.tab.draw.bars.values) == 3  # tsu
    laboratory.store.undo()
    assert pad.strokes == ()


def test_two_arrows_make_a_diagonal_and_shift_a_small_step(laboratory: Laboratory) -> None:
    pad = laboratory.tab.draw.pad
    pad.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(pad, Qt.Key.Key_Space)
    QTest.keyPress(pad, Qt.Key.Key_Right)
    QTest.keyPress(pad, Qt.Key.Key_Down)
    QTest.keyRelease(pad, Qt.Key.Key_Right)
    QTest.keyPress(pad, Qt.Key.Key_Down)
    QTest.keyRelease(pad, Qt.Key.Key_Down)
    QTest.keyClick(pad, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(pad, Qt.Key.Key_Space)
    step = 1 / 40
    there = np.array([(0, 0), (1, 0), (2, 1), (2, 2), (1.75, 2)]) * step + 0.5
    assert np.allclose(laboratory.store.state.drawing.strokes[0].points, there)


def test_the_pen_of_the_keys_is_seen_and_stays_on_the_pad(laboratory: Laboratory) -> None:
    pad = laboratory.tab.draw.pad
    without = pad.grab().toImage()
    pad.setFocus(Qt.FocusReason.MouseFocusReason)
    by_mouse = pad.grab().toImage()
    pad.clearFocus()
    pad.setFocus(Qt.FocusReason.TabFocusReason)
    hue = QColor(theme.current().link)
    middle = QRect(pad.rect().center() - QPoint(30, 30), QSize(60, 60))
    assert not shows(without.copy(middle), hue) and not shows(by_mouse.copy(middle), hue)
    assert shows(pad.grab(middle).toImage(), hue)
    keys(pad, Qt.Key.Key_Up, times=60)
    QTest.keyClick(pad, Qt.Key.Key_Space)
    QTest.keyClick(pad, Qt.Key.Key_Space)
    assert laboratory.store.state.drawing.strokes[0].points == ((0.5, 0.0),)
    QTest.keyClick(pad, Qt.Key.Key_Home)
    assert shows(pad.grab(middle).toImage(), hue)


def shows(picture: QImage, colour: QColor) -> bool:
    """Whether a pixel of *picture* is of *colour*."""
    return any(picture.pixelColor(x, y) == colour for x in range(picture.width()) for y in range(picture.height()))


def test_a_stroke_of_keys_is_forgotten_kept_or_ended_by_the_pointer(laboratory: Laboratory) -> None:
    pad = laboratory.tab.draw.pad
    drawing = laboratory.store
    pad.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(pad, Qt.Key.Key_Space)
    keys(pad, Qt.Key.Key_Right, times=5)
    QTest.keyClick(pad, Qt.Key.Key_Escape)
    assert not pad.under_way and not drawing.state.drawing.strokes
    QTest.keyClick(pad, Qt.Key.Key_Space)
    keys(pad, Qt.Key.Key_Right, times=5)
    pad.clearFocus()
    assert not pad.under_way and len(drawing.state.drawing.strokes) == 1
    pad.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(pad, Qt.Key.Key_Space)
    keys(pad, Qt.Key.Key_Down, times=5)
    mouse(laboratory, places(laboratory, [(0.1, 0.1), (0.2, 0.2)]))
    assert [len(stroke.points) for stroke in drawing.state.drawing.strokes] == [6, 6, 2]
    QTest.keyClick(pad, Qt.Key.Key_Backspace)
    assert not drawing.state.drawing.strokes


def test_a_reader_hears_what_keys_do_and_where_the_pen_is(laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch) -> None:
    pad = laboratory.tab.draw.pad
    heard: list[str] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: heard.append(event.message()))
    pad.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(pad, Qt.Key.Key_Space)
    keys(pad, Qt.Key.Key_Right, times=10)
    QTest.keyClick(pad, Qt.Key.Key_Space)
    assert heard == ["Pen down, 50% from the left, 50% from the top", "Pen up, 75% from the left, 50% from the top"]
    assert "Space: lower the pen" in pad.accessibleDescription()
