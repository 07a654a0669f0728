"""Arabic on the screen, pixel by pixel: letters joined and from right to left in a text, each alone on the axes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from hw2gui.seq2seq.gui.attention_view import AttentionView
from hw2gui.seq2seq.gui.shaped_text import ShapedText
from hw2gui.seq2seq.symbols import axis_order

NAME = "سمر"


def ink(widget: QWidget) -> NDArray[np.float64]:
    """How dark each pixel is, beside the ground."""
    picture = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.bytesPerLine())[:, : picture.width()]
    grey = rows.astype(float)
    return np.abs(grey - np.median(grey))


def shown(qtbot: Any, text: str) -> ShapedText:
    widget = ShapedText("text")
    qtbot.addWidget(widget)
    widget.resize(300, widget.sizeHint().height())
    widget.show_text(text)
    return widget


def test_the_letters_of_a_word_are_joined(qtbot: Any) -> None:
    def gaps(text: str) -> int:
        columns = ink(shown(qtbot, text)).max(axis=0) > 60
        inside = np.flatnonzero(columns)
        return int((~columns[inside[0] : inside[-1]]).sum())

    # Seen, meem and reh join each other: no column between the first and the last is empty. With a non-joiner between them some are.
    assert gaps(NAME) == 0
    assert gaps("\u200c".join(NAME)) > 0


def test_a_word_runs_from_right_to_left(qtbot: Any) -> None:
    text = shown(qtbot, NAME)
    places = [text.letter_rect(number).center().x() for number in range(len(NAME))]
    assert places == sorted(places, reverse=True)
    # The ink agrees: seen has its three teeth at the right end, where reh alone would leave the top half empty.
    picture = ink(text)
    first, last = (text.letter_rect(number).toRect() for number in (0, len(NAME) - 1))
    assert picture[:, first.left() : first.right()].sum() > picture[:, last.left() : last.right()].sum()


@pytest.mark.parametrize("visual", [True, False])
def test_letters_stand_alone_on_the_axis_in_the_order_chosen(qtbot: Any, visual: bool) -> None:
    view = AttentionView("attention")
    qtbot.addWidget(view)
    view.resize(300, 200)
    attention = np.full((2, len(NAME)), 1 / len(NAME))
    view.show_attention(attention, NAME, "ab", axis_order(NAME, visual=visual), hints=False)
    view.show()
    qtbot.waitExposed(view)
    labels = view.source.symbols
    assert [ord(letter) >= 0xFB50 for letter in labels] == [True] * len(NAME)
    picture = ink(view.source)
    drawn = [
        picture[:, view.source.letter_rect(number).toRect().left() : view.source.letter_rect(number).toRect().right()]
        for number in range(len(NAME))
    ]
    # Seen alone is much wider than reh alone; it stands at the right in reading order, at the left as stored.
    widths = [int((part.max(axis=0) > 60).sum()) for part in drawn]
    assert (widths[-1] > widths[0]) is visual
    # Each letter is what that letter alone draws, and touches neither edge of its cell.
    assert all(part[:, 0].max() < 60 and part[:, -1].max() < 60 for part in drawn)


def test_cells_of_an_attention_that_is_gone_say_nothing(qtbot: Any) -> None:
    """While a shorter text is laid out, the pointer may still be on a cell of the longer one."""
    view = AttentionView("attention")
    qtbot.addWidget(view)
    told: list[object] = []
    view.hovered.connect(told.append)
    for attention, source in ((np.full((2, 3), 1 / 3), "abc"), (None, "ab"), (np.full((1, 2), 1 / 2), "ab")):
        view.show_attention(attention, source, "xy"[: 2 if attention is None else len(attention)], range(len(source)), hints=False)
        view.cells.hovered.emit((1, 2))
    assert told == [(1, 2), None, None] and view.cells.toolTip() == ""
