"""The keyboard goes from what goes out of use to what is useful next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from hw2gui.widgets.focus import handing_on


@pytest.fixture
def buttons(qtbot: Any, qapp: QApplication) -> Iterator[list[QPushButton]]:
    holder = QWidget()
    column = QVBoxLayout(holder)
    made = [QPushButton(name) for name in ("begin", "other", "first", "second", "waiting")]
    for button in made:
        column.addWidget(button)
    qtbot.addWidget(holder)
    with qtbot.waitExposed(holder):
        holder.show()
    made[0].setFocus()
    yield made
    holder.close()  # till now it holds the buttons


@pytest.mark.parametrize("out_of_use", [QWidget.hide, lambda widget: widget.setEnabled(False)])
def test_it_goes_to_the_first_that_can_have_it(buttons: list[QPushButton], out_of_use: Any) -> None:
    begin, _, first, second, _ = buttons
    first.setEnabled(False)
    with handing_on(first, second):
        out_of_use(begin)
    assert second.window().focusWidget() is second


def test_what_stays_in_use_keeps_it(buttons: list[QPushButton]) -> None:
    begin, other, first, _, waiting = buttons
    with handing_on(first, waiting=waiting):
        other.setEnabled(False)
    assert begin.window().focusWidget() is begin


def test_it_waits_until_one_can_have_it(buttons: list[QPushButton]) -> None:
    begin, _, first, second, waiting = buttons
    first.setEnabled(False)
    second.hide()
    for _ in range(2):
        with handing_on(first, second, waiting=waiting):
            begin.setEnabled(False)
        assert begin.window().focusWidget() is waiting
    with handing_on(first, second, waiting=waiting):
        first.setEnabled(True)
    assert begin.window().focusWidget() is first


def test_what_is_gone_for_good_hands_nothing_on(buttons: list[QPushButton]) -> None:
    with handing_on(buttons[2]):
        shiboken6.delete(buttons[0])
    assert buttons[1].window().focusWidget() is not buttons[2]
