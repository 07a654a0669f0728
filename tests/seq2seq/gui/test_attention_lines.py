"""Lines from letters to symbols: all of them, those of one letter, and those of what is shown next."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hw2gui.seq2seq.gui.attention_lines import AWAY, EDGE, AttentionLines
from hw2gui.widgets import theme
from hw2gui.widgets.themes import DARK, LIGHT
from tests.widgets.hands import Heard

STRAIGHT = np.array([[0.6, 0.3, 0.1], [0.0, 1.0, 0.0], [0.0, 0.01, 0.99]])
"""By output symbol: the first is read from all, the other two from the letter above; one share is too small for a line."""


@pytest.fixture
def lines(qtbot: Any, qapp: QApplication) -> AttentionLines:
    theme.apply(qapp, LIGHT)
    made = AttentionLines("Beam 1")
    qtbot.addWidget(made)
    made.resize(300, 200)
    made.hovered.connect(made.light)  # as the view does that holds the heat map too
    made.show_attention(STRAIGHT, "abc", "ABC", visual=False, hints=False)
    with qtbot.waitExposed(made):
        made.show()
    return made


def colour_at(lines: AttentionLines, above: int, below: int, part: float = 0.5) -> QColor:
    """What is seen on the way from a source letter to an output symbol."""
    begin, end = lines.source_point(above) + QPointF(0, EDGE / 2 + AWAY), lines.output_point(below) - QPointF(0, EDGE / 2)
    place: QPointF = begin * (1 - part) + end * part
    return lines.grab().toImage().pixelColor(place.toPoint())


def blank(lines: AttentionLines) -> QColor:
    return lines.grab().toImage().pixelColor(QPoint(20, lines.height() // 2))


def test_the_larger_the_share_the_stronger_the_line(lines: AttentionLines) -> None:
    ground = blank(lines).lightness()
    strong, weak = colour_at(lines, 1, 1), colour_at(lines, 1, 0, 0.4)
    assert strong.lightness() < weak.lightness() < ground
    assert colour_at(lines, 1, 2, 0.7) == blank(lines), "a share below the least has no line"


def test_a_letter_under_the_pointer_lights_its_own_lines(lines: AttentionLines) -> None:
    before = colour_at(lines, 1, 1), colour_at(lines, 2, 2)
    QTest.mouseMove(lines, lines.source_point(1).toPoint())
    lit, other = colour_at(lines, 1, 1), colour_at(lines, 2, 2)
    assert lit != before[0] and lit.hue() == pytest.approx(QColor(theme.current().link).hue(), abs=8)
    assert before[1].lightness() < other.lightness() < blank(lines).lightness(), "the others are faint, not gone"
    QTest.mouseMove(lines, QPoint(5, lines.height() // 2))
    assert (colour_at(lines, 1, 1), colour_at(lines, 2, 2)) == before


def test_the_lines_are_those_of_what_is_shown_in_its_size_and_theme(lines: AttentionLines, qapp: QApplication) -> None:
    crossed = STRAIGHT[:, ::-1].copy()
    lines.show_attention(crossed, "abc", "ABC", visual=False, hints=False)
    assert colour_at(lines, 2, 2, 0.4) == blank(lines) and colour_at(lines, 0, 2, 0.4) != blank(lines)
    lines.resize(500, 320)
    assert colour_at(lines, 1, 1) != blank(lines) and colour_at(lines, 0, 2, 0.4) != blank(lines)
    drawn = colour_at(lines, 1, 1)
    theme.apply(qapp, DARK)
    assert colour_at(lines, 1, 1) != drawn
    theme.apply(qapp, LIGHT)
    lines.show_attention(None, "abc", "ABC", visual=False, hints=False)
    assert colour_at(lines, 1, 1) == blank(lines)


def test_keys_light_a_letter_and_say_what_it_goes_with(lines: AttentionLines) -> None:
    heard = Heard(lines.hovered)
    lines.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(lines, key)
    assert heard == [(None, 0), (None, 1), (1, None)]
    assert lines.accessibleDescription() == "B, most with b: 1.0000"
    QTest.keyClick(lines, Qt.Key.Key_Escape)
    assert heard[-1] is None
