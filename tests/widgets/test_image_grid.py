"""The grid of pictures by keys: from picture to picture, and into one to its values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hw2gui.colour import Scale
from hw2gui.widgets import theme
from hw2gui.widgets.image_grid import ImageGrid
from hw2gui.widgets.small_picture import Picture
from hw2gui.widgets.themes import LIGHT
from tests.widgets.hands import Heard, press, share_of, shot

Key = Qt.Key
GREY = Scale("grey", 0.0, 1.0)


def grid(qtbot: Any, *, pixels: bool) -> ImageGrid:
    made = ImageGrid("Maps", columns=3, pixels=pixels)
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show_pictures(tuple(Picture(np.full((4, 6), k / 10), GREY, f"map {k}", f"the map {k}") for k in range(6)))
    with qtbot.waitExposed(made):
        made.show()
    made.setFocus()
    return made


@pytest.mark.parametrize("pixels", [False, True])
def test_arrows_walk_the_pictures_and_say_them(qtbot: Any, qapp: QApplication, pixels: bool) -> None:
    view = grid(qtbot, pixels=pixels)
    press(view, Key.Key_Right, Key.Key_Right, Key.Key_Down)
    assert view.accessibleDescription() == "the map 4"
    press(view, Key.Key_Down, Key.Key_Right, Key.Key_Right)
    assert view.accessibleDescription() == "the map 5"
    press(view, Key.Key_Up, Key.Key_Left)
    assert view.accessibleDescription() == "the map 1"


def test_enter_chooses_a_picture_whose_values_mean_nothing(qtbot: Any, qapp: QApplication) -> None:
    view = grid(qtbot, pixels=False)
    clicked, inside = Heard(view.clicked), Heard(view.pixel_clicked)
    press(view, Key.Key_Right, Key.Key_Right, Key.Key_Return)
    assert (clicked, inside) == ([1], [])


def test_enter_goes_into_a_picture_and_arrows_walk_its_values_to_the_edges(qtbot: Any, qapp: QApplication) -> None:
    theme.apply(qapp, LIGHT)
    view = grid(qtbot, pixels=True)
    hovered, clicked = Heard(view.hovered), Heard(view.pixel_clicked)
    press(view, Key.Key_Right, Key.Key_Right)
    before = share_of(shot(view), LIGHT.text)
    press(view, Key.Key_Return)
    assert hovered == [(1, 2, 3)] and clicked == []
    assert share_of(shot(view), LIGHT.text) > before  # the frame of the value
    press(view, *[Key.Key_Right] * 5, Key.Key_Up, Key.Key_Return)
    assert clicked == [(1, 1, 5)]
    assert view.accessibleDescription() == "picture 2, row 2, column 6: 0.1"
    press(view, Key.Key_Escape, Key.Key_Right)
    assert hovered[-1] is None and view.accessibleDescription() == "the map 2"


def test_the_value_goes_with_the_focus_and_with_its_picture(qtbot: Any, qapp: QApplication) -> None:
    view = grid(qtbot, pixels=True)
    press(view, Key.Key_Right, Key.Key_Return)
    view.clearFocus()
    assert "walk the pictures" in view.accessibleDescription()
    view.setFocus()
    press(view, Key.Key_Return)
    view.show_pictures(())
    press(view, Key.Key_Left, Key.Key_Return)  # nothing to walk, nothing raised


def test_a_walk_into_a_pinned_picture_begins_at_its_pin(qtbot: Any, qapp: QApplication) -> None:
    view = grid(qtbot, pixels=True)
    view.pin((0, 3, 1))
    hovered = Heard(view.hovered)
    press(view, Key.Key_Space)
    assert hovered == [(0, 3, 1)]
    press(view, Key.Key_Escape, Key.Key_Right, Key.Key_Left, Key.Key_Space)
    assert hovered[-1] == (0, 3, 1)


def test_keys_go_on_from_where_the_mouse_clicked(qtbot: Any, qapp: QApplication) -> None:
    view = grid(qtbot, pixels=True)
    view.pixel_clicked.connect(lambda *place: view.pin(place))
    hovered = Heard(view.hovered)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.picture_rect(4).center())
    clicked = view._pinned
    assert clicked is not None and clicked[0] == 4
    press(view, Key.Key_Left)
    assert view.accessibleDescription() == "the map 3"
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.picture_rect(4).center())
    press(view, Key.Key_Return, Key.Key_Right)
    assert hovered[-1] == (4, clicked[1], clicked[2] + 1)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.picture_rect(2).center())
    press(view, Key.Key_Up)
    assert hovered[-1] == (2, clicked[1] - 1, clicked[2])


def test_captions_get_the_room_there_is_and_lie_on_none_beside_them(qtbot: Any) -> None:
    view = ImageGrid("Strongest", columns=3)
    qtbot.addWidget(view)
    view.resize(400, 60)
    view.show_pictures(tuple(Picture(np.zeros((4, 4)), GREY, f"tsu 1.7{k}") for k in range(3)))
    apart = [view.picture_rect(k + 1).center().x() - view.picture_rect(k).center().x() for k in range(2)]
    assert view.picture_rect(0).width() < view.fontMetrics().horizontalAdvance("tsu 1.70") < min(apart)
    assert view.picture_rect(2).right() < view.width()
