"""Message bar, badge, icons, rich text, the curve."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QSplitter, QToolButton, QWidget

from hw2gui.widgets import icons, message_bar, theme
from hw2gui.widgets.badge import Badge
from hw2gui.widgets.buttons import IconButton
from hw2gui.widgets.message_bar import MessageBar
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.rich_text import RichText
from hw2gui.widgets.themes import DARK, LIGHT
from tests.widgets.hands import LEFT, Heard, share_of, shot


@pytest.fixture
def bar(qtbot: Any) -> MessageBar:
    made = MessageBar()
    qtbot.addWidget(made)
    theme.dress(made)
    made.resize(500, 60)
    return made


def action(bar: MessageBar) -> QPushButton:
    (found,) = (button for button in bar.findChildren(QPushButton) if type(button) is QPushButton)
    return found


def test_there_is_no_bar_without_a_message(bar: MessageBar) -> None:
    assert not bar.isVisible() and bar.text == ""


def test_an_error_stays_until_it_is_closed(bar: MessageBar, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_bar, "INFO_SECONDS", 0.02)
    bar.show_message("The kernel is larger than the image: choose a smaller one.")
    assert bar.isVisible() and bar.text.startswith("The kernel") and bar.accessibleName() == bar.text
    qtbot.wait(60)
    assert bar.isVisible()
    (close,) = bar.findChildren(QToolButton)
    QTest.mouseClick(close, LEFT)
    assert not bar.isVisible() and bar.text == ""


def test_an_information_goes_by_itself_unless_it_asks_for_something(bar: MessageBar, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_bar, "INFO_SECONDS", 0.02)
    bar.show_message("Saved.", "info", ("Show", lambda: None))
    qtbot.wait(60)
    assert bar.isVisible()
    bar.show_message("Saved.", "info")
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_the_action_is_done_once_and_the_message_goes(bar: MessageBar) -> None:
    done: list[str] = []
    bar.show_message("Lost?", "error", ("Bring it back", lambda: done.append("back")))
    assert action(bar).isVisible() and action(bar).text() == "Bring it back"
    QTest.mouseClick(action(bar), LEFT)
    assert done == ["back"] and not bar.isVisible()
    bar.show_message("Something else.")
    assert not action(bar).isVisible()


def test_an_action_may_show_the_next_message(bar: MessageBar) -> None:
    bar.show_message("One", "error", ("Next", lambda: bar.show_message("Two")))
    QTest.mouseClick(action(bar), LEFT)
    assert bar.text == "Two" and bar.isVisible()


def test_messages_are_plain_text(bar: MessageBar) -> None:
    bar.show_message("<img src='/etc/passwd'> is not a number")
    assert bar.text == "<img src='/etc/passwd'> is not a number"
    (label,) = (child for child in bar.findChildren(QWidget) if child.metaObject().className() == "QLabel")
    assert label.textFormat() == Qt.TextFormat.PlainText  # type: ignore[attr-defined]


def test_errors_and_informations_look_different(bar: MessageBar) -> None:
    bar.show_message("Wrong.")
    error = shot(bar)
    bar.show_message("Wrong.", "info")
    assert share_of(error, LIGHT.bad) > 0 and share_of(shot(bar), LIGHT.bad) == 0


# -- badge ------------------------------------------------------------------------------------------------------------------------


def test_a_badge_says_its_verdict_in_words_sign_and_colour(qtbot: Any) -> None:
    badge = Badge("Check against torch")
    qtbot.addWidget(badge)
    theme.dress(badge)
    badge.resize(200, 30)
    assert badge.text() == ""
    for verdict, sign, colour in (("good", "✓", LIGHT.good), ("bad", "✗", LIGHT.bad), ("waiting", "…", LIGHT.muted)):
        badge.show_verdict(verdict, "█████ error", "a tip")
        assert badge.text() == f"{sign} █████ error" and badge.toolTip() == "a tip"
        assert badge.accessibleName() == "Check against torch: █████ error"
        assert share_of(shot(badge), colour) > 0.01


def test_a_badge_changes_its_colour_with_the_theme(qtbot: Any, qapp: QApplication) -> None:
    badge = Badge("Check")
    qtbot.addWidget(badge)
    theme.dress(badge)
    badge.resize(200, 30)
    badge.show()
    badge.show_verdict("good", "█████ right")
    assert share_of(shot(badge), LIGHT.good) > 0.01
    theme.apply(qapp, DARK)
    assert share_of(shot(badge), DARK.good) > 0.01 and share_of(shot(badge), LIGHT.good) == 0


def test_words_of_a_badge_are_plain_text(qtbot: Any) -> None:
    badge = Badge("Check")
    qtbot.addWidget(badge)
    badge.show_verdict("bad", "<b>i</b> is not known")
    assert badge.text() == "✗ <b>i</b> is not known" and badge.textFormat() == Qt.TextFormat.PlainText


# -- icons ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", icons.NAMES)
def test_every_icon_is_drawn_and_stays_inside(name: str, qapp: QApplication) -> None:
    theme.apply(qapp, LIGHT)
    for density in (1.0, 2.0):
        image = icons._pixmap(name, theme_colour(LIGHT.text), density).toImage()
        alpha = np.array([[image.pixelColor(x, y).alpha() for x in range(image.width())] for y in range(image.height())])
        assert (alpha > 128).mean() > 0.03
        assert not alpha[[0, -1]].any() and not alpha[:, [0, -1]].any()


def theme_colour(name: str) -> Any:
    from PySide6.QtGui import QColor

    return QColor(name)


def test_an_icon_button_acts_says_what_it_does_and_follows_the_theme(qtbot: Any, qapp: QApplication) -> None:
    done: list[str] = []
    button = IconButton("play", "Play", lambda: done.append("played"))
    qtbot.addWidget(button)
    theme.dress(button)
    button.show()
    QTest.mouseClick(button, LEFT)
    assert done == ["played"] and button.accessibleName() == "Play" == button.toolTip()
    assert share_of(shot(button), LIGHT.text) > 0.02
    theme.apply(qapp, DARK)
    assert share_of(shot(button), DARK.text) > 0.02 and share_of(shot(button), LIGHT.text) == 0


# -- texts and curves -------------------------------------------------------------------------------------------------------------


def test_rich_text_follows_the_theme_and_keeps_what_it_was_given(qtbot: Any, qapp: QApplication) -> None:
    text = RichText("This cell")
    qtbot.addWidget(text)
    theme.dress(text)
    text.resize(300, 100)
    text.show_html("<b>█████ M(7, 9) = 1</b>")
    assert text.html == "<b>█████ M(7, 9) = 1</b>" and "M(7, 9) = 1" in text.toPlainText()
    text.show()
    assert share_of(shot(text), LIGHT.text) > 0.003
    theme.apply(qapp, DARK)
    assert share_of(shot(text), DARK.text) > 0.003


def test_long_texts_scroll_and_leave_the_rest_of_the_column_where_it_is(qtbot: Any) -> None:
    """A column of a text above a tool, as an inspector has it: what is explained changes at every move of the pointer."""
    text, tool = RichText("This cell"), QPushButton("Tool")
    column = QSplitter(Qt.Orientation.Vertical)
    column.addWidget(Panel("This cell", text))
    column.addWidget(tool)
    qtbot.addWidget(column)
    column.resize(300, 400)
    column.setSizes([150, 250])
    with qtbot.waitExposed(column):
        column.show()
    place = tool.geometry()
    for lines in (1, 200, 3):
        text.show_html("<br>".join(f"line {number} of many, rather long as lines go" for number in range(lines)))
        QApplication.processEvents()
        assert tool.geometry() == place
        assert (text.verticalScrollBar().maximum() > 0) == (lines == 200)
        assert text.horizontalScrollBar().maximum() == 0
    text.show_html("<br>" * 200 + "the end")
    text.setFocus()
    QTest.keyClick(text, Qt.Key.Key_PageDown)
    assert text.verticalScrollBar().value() > 0
    QTest.keyClick(text, Qt.Key.Key_Tab)
    assert tool.hasFocus()


def test_a_curve_tells_where_one_points_and_follows_the_theme(qtbot: Any, qapp: QApplication) -> None:
    from hw2gui.widgets.curve import CurvePlot

    plot = CurvePlot("Tone curve", "x", "Z")
    qtbot.addWidget(plot)
    theme.dress(plot)
    plot.resize(300, 200)
    xs = np.linspace(0.0, 1.0, 50)
    plot.show_curve(xs, xs**2, reference=(xs[[0, -1]], xs[[0, -1]]), marks=(xs[::10], xs[::10] ** 2))
    plot.show_point(0.5, 0.25)
    with qtbot.waitExposed(plot):
        plot.show()
    heard = Heard(plot.pointed)
    QTest.mouseMove(plot._plot.viewport(), QPoint(100, 80))
    QTest.mouseMove(plot._plot.viewport(), QPoint(200, 80))
    qtbot.waitUntil(lambda: len(heard) >= 1)
    assert -0.5 < heard[-1] < 1.5
    assert share_of(shot(plot), LIGHT.panel) > 0.5
    theme.apply(qapp, DARK)
    assert share_of(shot(plot), DARK.panel) > 0.5
