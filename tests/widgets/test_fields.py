from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QMainWindow, QScrollArea, QVBoxLayout, QWidget

from hw2gui.widgets.fields import INSET, Choices, RealField, WholeField, row, teach_manners, text_label
from hw2gui.widgets.line_keys import LineKeys
from tests.widgets.hands import LEFT, Heard, press, wheel

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot: Any) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    page = QWidget()
    QVBoxLayout(page)
    made.setCentralWidget(page)
    return made


def add(window: QMainWindow, *widgets: QWidget) -> None:
    page = window.centralWidget()
    layout = page.layout()
    assert layout is not None
    for widget in widgets:
        layout.addWidget(widget)
    window.show()
    QTest.qWaitForWindowActive(window)


def whole(value: int = 5, low: int = 1, high: int = 9) -> WholeField:
    field = WholeField("Stride s", "How far the window moves")
    field.show_value(value, low, high, "a window must move", "the image ends there")
    return field


def test_showing_a_value_tells_nobody_and_says_why_it_ends_there(window: QMainWindow) -> None:
    field = whole()
    add(window, field)
    heard = Heard(field.edited)
    field.show_value(3, 2, 4, "low reason", "high reason")
    field.show_value(3, 3, 3)
    assert heard == [] and field.value() == 3
    assert field.toolTip() == "How far the window moves\nAt least 3.\nAt most 3."
    field.show_value(3, 2, 4, "low reason", "high reason")
    assert field.toolTip() == "How far the window moves\nAt least 2: low reason.\nAt most 4: high reason."


def test_keys_change_the_number_and_stop_at_its_ends(window: QMainWindow) -> None:
    field = whole(8)
    add(window, field)
    heard = Heard(field.edited)
    field.setFocus()
    press(field, Key.Key_Up, Key.Key_Up, Key.Key_Up, Key.Key_Down)
    assert heard == [9, 8]


def test_a_typed_number_counts_when_it_is_whole(window: QMainWindow) -> None:
    field = whole(5, 1, 900)
    add(window, field)
    heard = Heard(field.edited)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "12x7")
    assert heard == []
    press(field, Key.Key_Return)
    assert heard == [127]


@pytest.mark.parametrize("make", [whole, lambda: RealField("T", "Temperature", 0.01, 100, 0.1)])
def test_undo_and_redo_in_a_number_field_are_the_programs(window: QMainWindow, make: Any) -> None:
    field = make()
    add(window, field)
    done: list[str] = []
    for name, keys in (("undo", QKeySequence.StandardKey.Undo), ("redo", QKeySequence.StandardKey.Redo)):
        action = QAction(name, window)
        action.setShortcuts(keys)
        action.triggered.connect(lambda _=False, which=name: done.append(which))
        window.addAction(action)
    field.setFocus()
    press(field, Key.Key_Up)
    QTest.keyClick(field, Key.Key_Z, CONTROL)
    QTest.keyClick(field, Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert done == ["undo", "redo"]


@pytest.mark.parametrize("make", [whole, lambda: RealField("T", "Temperature", 0.01, 100, 0.1)])
def test_the_programs_keys_work_while_a_number_is_typed(window: QMainWindow, make: Any) -> None:
    field = make()
    add(window, field)
    done: list[str] = []
    for keys in ("?", "Ctrl+E", "Ctrl+K", "Ctrl+C"):
        action = QAction(keys, window)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _=False, which=keys: done.append(which))
        window.addAction(action)
    field.setFocus()
    text = field.text()
    for keys in ("?", "Ctrl+E", "Ctrl+K", "Ctrl+C"):
        QTest.keySequence(field, QKeySequence(keys))
    assert done == ["?", "Ctrl+E", "Ctrl+K"]  # the clipboard is the field's
    assert field.text() == text


def test_the_wheel_over_a_control_scrolls_the_page_unless_the_control_has_the_focus(window: QMainWindow) -> None:
    field, combo, tall = whole(), QComboBox(), QWidget()
    combo.addItems(["a", "b", "c"])
    teach_manners(combo)
    tall.setMinimumHeight(2000)
    page = QWidget()
    column = QVBoxLayout(page)
    for widget in (field, combo, tall):
        column.addWidget(widget)
    area = QScrollArea()
    area.setWidget(page)
    window.resize(200, 200)
    add(window, area)
    window.centralWidget().setFocus()
    for widget in (field, combo):
        wheel(widget, QPoint(10, 10), -1)
        assert area.verticalScrollBar().value() > 0
        area.verticalScrollBar().setValue(0)
    assert field.value() == 5 and combo.currentIndex() == 0
    field.setFocus()
    wheel(field, QPoint(10, 10), -1)
    assert field.value() == 4


def test_a_real_field_tells_what_the_user_does_and_nothing_else(window: QMainWindow) -> None:
    field = RealField("Temperature T", "Scores are divided by T", 0.01, 100.0, 0.1)
    add(window, field)
    heard = Heard(field.edited)
    field.show_value(2.5)
    field.setFocus()
    press(field, Key.Key_Up)
    assert heard == [pytest.approx(2.6)]
    assert field.toolTip() == "Scores are divided by T\nFrom 0.01 to 100."


def choices() -> Choices:
    return Choices("Padding", (("none", "none", "No padding"), ("same", "same", "As large as x"), ("n", "p =", "So many")))


def test_choices_tell_the_key_of_the_button_pressed(window: QMainWindow) -> None:
    made = choices()
    add(window, made)
    heard = Heard(made.chosen)
    assert made.choice == ""
    made.show_choice("none")
    assert heard == [] and made.choice == "none"
    QTest.mouseClick(made.button("n"), LEFT)
    assert heard == ["n"] and made.choice == "n"
    assert made.button("n").accessibleName() == "Padding: p ="


def test_choices_are_made_with_the_keyboard(window: QMainWindow) -> None:
    made = choices()
    add(window, made)
    made.show_choice("none")
    heard = Heard(made.chosen)
    made.button("none").setFocus()
    press(made.button("none"), Key.Key_Right)
    assert made.button("same").hasFocus()
    press(made.button("same"), Key.Key_Space)
    assert heard[-1] == "same" and made.choice == "same"


def test_a_row_labels_its_controls(window: QMainWindow) -> None:
    field = whole()
    made = row("H", field, "W")
    add(window, made)
    assert field.parentWidget() is made


def test_a_text_wraps_and_can_be_copied(window: QMainWindow) -> None:
    label = text_label("word " * 60, selectable=True)
    add(window, label)
    window.resize(200, 500)
    assert label.heightForWidth(150) > 3 * label.fontMetrics().height()
    assert label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByKeyboard


def test_tab_comes_to_the_choice_that_is_chosen(qtbot: Any) -> None:
    holder = QWidget()
    column = QVBoxLayout(holder)
    first, choices, last = QLineEdit(), Choices("Page", (("a", "a", "A"), ("b", "b", "B"), ("c", "c", "C"))), QLineEdit()
    for widget in (first, choices, last):
        column.addWidget(widget)
    qtbot.addWidget(holder)
    choices.show_choice("c")
    choices.chosen.connect(choices.show_choice)
    with qtbot.waitExposed(holder):
        holder.show()
    first.setFocus()
    press(first, Qt.Key.Key_Tab)
    assert choices.button("c").hasFocus()
    press(choices.button("c"), Qt.Key.Key_Left)
    assert choices.choice == "b" and choices.button("b").hasFocus()
    press(choices.button("b"), Qt.Key.Key_Tab)
    assert last.hasFocus()
    choices.show_choice("a")  # by undo, say
    press(last, Qt.Key.Key_Backtab)
    assert choices.button("a").hasFocus()


def test_what_is_typed_keeps_off_the_frame(window: QMainWindow) -> None:
    for field in (WholeField("Rows", "How many"), RealField("Rate", "How fast", 0.0, 1.0, 0.1)):
        assert field.lineEdit().textMargins().left() == INSET


def test_a_row_of_choices_is_one_shape(window: QMainWindow) -> None:
    def places(count: int) -> list[str]:
        choices = Choices("Which", [(str(number), f"choice {number}", "") for number in range(count)], window)
        return [choices.button(str(number)).property("place") for number in range(count)]

    assert places(4) == ["first", "inner", "inner", "last"]
    assert places(2) == ["first", "last"] and places(1) == [None]


def test_undo_in_a_line_is_the_programs_once_the_text_was_taken(window: QMainWindow) -> None:
    line, keys = QLineEdit("before"), LineKeys(window)
    add(window, line)
    done: list[str] = []
    for _ in range(2):
        keys.watch(line)
    for name, shortcuts in (
        ("undo", QKeySequence.keyBindings(QKeySequence.StandardKey.Undo)),
        ("redo", QKeySequence.keyBindings(QKeySequence.StandardKey.Redo)),
        ("code", [QKeySequence("Ctrl+E")]),
    ):
        action = QAction(name, window)
        action.setShortcuts(shortcuts)
        action.triggered.connect(lambda _=False, which=name: done.append(which))
        window.addAction(action)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "after")
    QTest.keyClick(line, Key.Key_Z, CONTROL)
    assert done == [] and line.text() != "after"  # the field's own, while one types
    line.selectAll()
    QTest.keyClicks(line, "after")
    press(line, Key.Key_Return)
    QTest.keyClick(line, Key.Key_Z, CONTROL)
    QTest.keyClick(line, Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(line, Key.Key_E, CONTROL)
    assert done == ["undo", "redo", "code"] and line.text() == "after"
