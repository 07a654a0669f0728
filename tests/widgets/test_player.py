from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyle, QStyleOptionSlider, QWidget

from hw2gui.widgets.player import SPEEDS, Player
from tests.widgets.hands import LEFT, NO_KEY, Heard, press


class Deck:
    """A player whose positions are taken, as a store takes them."""

    def __init__(self, player: Player, count: int) -> None:
        self.player, self.count = player, count
        self.positions: list[int | None] = []
        player.moved.connect(self.take)
        player.show_position(None, count)

    def take(self, position: int | None) -> None:
        self.positions.append(position)
        self.player.show_position(position, self.count)


@pytest.fixture
def deck(qtbot: Any) -> Deck:
    player = Player("Sliding window", "output cell")
    qtbot.addWidget(player)
    made = Deck(player, 1000)
    with qtbot.waitExposed(player):
        player.show()
    return made


def click(button: QWidget) -> None:
    QTest.mouseClick(button, LEFT)


def speed(player: Player, rate: float) -> None:
    player.speed.setCurrentIndex([value for _, value in SPEEDS].index(rate))


def test_steps_go_both_ways_and_stop_at_the_ends(deck: Deck) -> None:
    player = deck.player
    for button in (player.first, player.back, player.forward, player.forward, player.back, player.whole, player.back, player.forward):
        click(button)
    assert deck.positions == [0, 0, 1, 2, 1, None, 999, 999]


def test_from_the_whole_a_step_forward_is_the_first(deck: Deck) -> None:
    click(deck.player.forward)
    assert deck.positions == [0]


def test_the_label_says_where_it_is(deck: Deck) -> None:
    assert deck.player.label.text() == "all 1,000 output cells"
    click(deck.player.first)
    assert deck.player.label.text() == "output cell 1 of 1,000"


def test_playing_goes_on_one_after_the_other_until_paused(deck: Deck, qtbot: Any) -> None:
    player = deck.player
    speed(player, 60.0)
    click(player.play)
    assert player.playing and player.play.accessibleName() == "Pause"
    qtbot.waitUntil(lambda: len(deck.positions) >= 4)
    click(player.play)
    assert not player.playing and player.play.accessibleName() == "Play"
    stopped = len(deck.positions)
    qtbot.wait(60)
    assert len(deck.positions) == stopped
    assert deck.positions == sorted(deck.positions, key=lambda position: position or 0) and deck.positions[0] == 0


def test_playing_ends_at_the_last_and_begins_again_from_the_first(deck: Deck, qtbot: Any) -> None:
    player = deck.player
    speed(player, 2000.0)
    click(player.play)
    qtbot.waitUntil(lambda: not player.playing)
    assert deck.positions[-1] == 999
    deck.positions.clear()
    click(player.play)
    assert deck.positions == [0]
    click(player.play)


def test_how_far_it_gets_is_told_by_the_clock(deck: Deck, qtbot: Any) -> None:
    """Not by how many frames were drawn: drawing may be slow."""
    player = deck.player
    speed(player, 300.0)
    player.moved.connect(lambda _: QTest.qSleep(50))
    click(player.play)
    qtbot.waitUntil(lambda: len(deck.positions) >= 5)
    click(player.play)
    steps = [(b or 0) - (a or 0) for a, b in zip(deck.positions[1:], deck.positions[2:], strict=False)]
    assert min(steps) >= 0.05 * 300 - 2


@pytest.mark.parametrize("stop", ["step", "scrub", "hide", "another count"])
def test_what_stops_it(deck: Deck, qtbot: Any, stop: str) -> None:
    player = deck.player
    click(player.play)
    if stop == "step":
        click(player.forward)
    elif stop == "scrub":
        player.slider.setFocus()
        press(player.slider, Qt.Key.Key_PageUp)
    elif stop == "hide":
        player.hide()
    else:
        player.show_position(0, 7)
    assert not player.playing


def test_the_slider_scrubs_with_mouse_and_keys(deck: Deck) -> None:
    slider = deck.player.slider
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    handle = slider.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, slider)
    QTest.mousePress(slider, LEFT, NO_KEY, handle.center())
    QTest.mouseMove(slider, QPoint(slider.width() // 2, handle.center().y()))
    QTest.mouseRelease(slider, LEFT, NO_KEY, QPoint(slider.width() // 2, handle.center().y()))
    assert deck.positions and all(position is not None and 0 <= position < 999 for position in deck.positions)
    slider.setFocus()
    press(slider, Qt.Key.Key_Home, Qt.Key.Key_Right)
    assert deck.positions[-2:] == [0, 1]


def test_showing_a_position_tells_nobody(deck: Deck) -> None:
    heard = Heard(deck.player.moved)
    deck.player.show_position(5, 10)
    deck.player.show_position(None, 3)
    assert heard == []
