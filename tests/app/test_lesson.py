"""Homework mode, the teacher's switches and the guided tour, under real keys and mouse."""

from __future__ import annotations

import inspect
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QLineEdit, QScrollArea, QToolButton

from hw2gui.app.lesson import numbers
from hw2gui.app.lesson.desk import GUESS_FIRST
from hw2gui.app.lesson.guide import STOPS
from hw2gui.app.lesson.numbers import Number
from hw2gui.app.lesson.panel import QuestionsPanel, number_in
from hw2gui.app.lesson.questions import QUESTIONS, judged
from hw2gui.app.lesson.script import ScriptDialog
from hw2gui.app.lesson.state import Entry, Lesson, Step, check, merged
from hw2gui.app.main_window import MainWindow
from hw2gui.app.tabs import TABS
from hw2gui.app.tour import settle
from hw2gui.convolution.images import load as load_image
from hw2gui.convolution.scene import resolve
from hw2gui.convolution.state import ConvolutionState, ImageKind
from hw2gui.errors import InputError
from hw2gui.names import load
from hw2gui.session.store import Store
from hw2gui.steps import finish
from hw2gui.widgets.panel import Panel
from tests.app.conftest import Open
from tests.app.demo import DemoState
from tests.app.layout import area_of
from tests.app.test_window import CONTROL, SHIFT, action, page, states
from tests.app.whole import open_whole
from tests.services import InlineServices
from tests.widgets.hands import LEFT, NO_KEY, press

Key = Qt.Key
KEYS = tuple(spec.key for spec in TABS)
REAL_DATA = pytest.mark.skipif(not os.environ.get("HW2GUI_DATA"), reason="HW2GUI_DATA is not set: no published data to test with")


def value_of(name: str) -> Number:
    """What the function *name* computes."""
    made = getattr(numbers, name)()
    found: Any = finish(made) if inspect.isgenerator(made) else made
    assert isinstance(found, Number)
    return found


# -- questions --------------------------------------------------------------------------------------------------------------------


def pointed_at(state: ConvolutionState, kind: ImageKind) -> float:
    """The value of what is pinned in *state*, were its image of *kind*."""
    scene = resolve(state, load_image(replace(state.image, kind=kind), state.height, state.width).pixels)
    pin = state.pinned
    assert pin is not None and scene.output is not None
    views = {"image": scene.image, "output": scene.output, "matrix": scene.matrix.dense()}
    return float(views[pin.view][pin.row, pin.column])


@pytest.mark.parametrize("kind", ["strokes", pytest.param("kmnist", marks=REAL_DATA)])
def test_what_the_questions_and_the_tour_point_at_is_ink_or_a_weight(kind: ImageKind) -> None:
    """On either character the tab may open on: a black pixel's row of attention, or an entry outside the kernel, shows nothing."""
    places = [place for owner in (*QUESTIONS, *STOPS) for place in owner.places if place.tab == "convolution"]
    states = [state for state in (place.state() for place in places) if state.pinned is not None]
    assert len(states) >= 6
    for state in states:
        assert abs(pointed_at(state, kind)) > 0.5, state.pinned


def test_the_questions_are_drawn_only_so_wide_that_no_tab_scrolls_sideways(qtbot: Any, qapp: QApplication) -> None:
    window = open_whole(qtbot, qapp)
    window.desk.toggle_questions()
    dock = window.findChild(QDockWidget, "questions")
    assert isinstance(dock, QDockWidget)
    window.show_tab("parameters")
    area = area_of(window, window.page("parameters"))
    for width in (1280, 1500, 1280):
        window.resize(width, 720)
        window.resizeDocks([dock], [700], Qt.Orientation.Horizontal)
        settle(window)
        assert window.width() == width and area.horizontalScrollBar().maximum() == 0
    dock.setFloating(True)
    assert dock.maximumWidth() > 2000
    window.close()


def test_the_teachers_switches_say_what_they_did(open_window: Open) -> None:
    window = open_window(show=True)
    for name, on, off in (("Lock the controls", "locked", "free"), ("Hide the answers", "hidden", "shown")):
        action(window, name).trigger()
        assert on in window.statusBar().currentMessage()
        action(window, name).trigger()
        assert off in window.statusBar().currentMessage()


def test_there_are_the_homeworks_questions_and_each_opens_a_state_its_tab_takes() -> None:
    assert [question.key for question in QUESTIONS] == [
        *("1.1a", "1.1b", "1.1c", "1.2"),
        *("2.1", "2.2", "2.3", "2.4", "2.5"),
        *("3.1a", "3.1b", "3.1c"),
    ]
    for question in QUESTIONS:
        place = question.place(KEYS)
        assert place is not None and question.look and question.guess
        spec = next(spec for spec in TABS if spec.key == place.tab)
        state = place.state()
        assert load(spec.check)(state) == state


def test_the_numbers_are_those_of_the_homework() -> None:
    assert value_of("output_cells").value == 24 * 24
    assert value_of("density").value == pytest.approx(100 * 25 * 576 / (576 * 784))
    assert value_of("question1_ratio").value == pytest.approx(113_328 / 457)
    assert value_of("dense_ratio").value == pytest.approx(544_330 / 420_906)
    assert 1.5 < value_of("largest_attention").value < 2.5


@pytest.mark.parametrize("name", [question.number for question in QUESTIONS[5:9]])
def test_numbers_of_networks_are_measured(name: str) -> None:
    found = value_of(name)
    digits = 1 if name == "accuracy" else 0
    assert 0 < found.value < 100 and f"{found.value:.{digits}f}" in found.words


def test_a_guess_is_a_number_however_it_is_written() -> None:
    assert [number_in(text) for text in ("576", " 3.2 %", "3,2", "113,328", "1 000", "−1")] == [576, 3.2, 3.2, 113_328, 1000, -1]
    assert [number_in(text) for text in ("", "many", "1e99", "nan", "inf")] == [None] * 5
    assert judged(576, 576, "cells") == "Exactly."
    assert judged(600, 576, "cells").startswith("Very near") and judged(-5, 576, "cells").startswith("Far off")


@pytest.fixture
def panel(qtbot: Any, qapp: QApplication) -> tuple[QuestionsPanel, Store[Lesson], InlineServices]:
    store, services = Store(Lesson(), check), InlineServices()
    made = QuestionsPanel(store, services, KEYS)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made, store, services


def test_no_number_before_a_guess(panel: tuple[QuestionsPanel, Store[Lesson], InlineServices]) -> None:
    made, store, services = panel
    QTest.mouseClick(made.buttons["1.1a"], LEFT)
    assert not made.reveal.isEnabled() and made.answer.text() == ""
    QTest.keyClicks(made.guess, "lots")
    assert not made.reveal.isEnabled() and "is not a number" in made.answer.text()
    press(made.guess, Key.Key_Return)
    assert not store.state.entry("1.1a").revealed
    made.guess.clear()
    QTest.keyClicks(made.guess, "500")
    QTest.mouseClick(made.reveal, LEFT)
    assert "576 cells" in made.answer.text() and "you said 500 cells" in made.answer.text()
    assert made.guess.isReadOnly() and not made.reveal.isVisible()
    assert services.asked.count("homework") == 1
    QTest.keyClicks(made.notes, "H' W'")
    assert services.asked.count("homework") == 1
    assert store.state.entry("1.1a") == Entry("1.1a", "500", True, "H' W'")
    assert made.buttons["1.1a"].text() == "1.1a ✓" and made.progress.value() == 1
    QTest.mouseClick(made.buttons["1.1b"], LEFT)
    assert made.notes.toPlainText() == "" and made.guess.text() == "" and not made.guess.isReadOnly()
    QTest.mouseClick(made.buttons["1.1a"], LEFT)
    assert made.notes.toPlainText() == "H' W'" and "576 cells" in made.answer.text()


def test_hidden_answers_stay_hidden(panel: tuple[QuestionsPanel, Store[Lesson], InlineServices]) -> None:
    made, store, _ = panel
    QTest.keyClicks(made.guess, "500")
    store.move(hide_answers=True)
    press(made.guess, Key.Key_Return)
    assert not store.state.entry("1.1a").revealed and "hidden" in made.answer.text()
    store.move(hide_answers=False)
    press(made.guess, Key.Key_Return)
    assert "576" in made.answer.text()


def test_a_lesson_is_checked_and_opening_another_loses_no_note() -> None:
    with pytest.raises(InputError, match="longer"):
        check(Lesson(entries=(Entry("1.2", notes="x" * 30_000),)))
    with pytest.raises(InputError, match="twice"):
        check(Lesson(entries=(Entry("1.2", "1"), Entry("1.2", "2"))))
    assert check(Lesson(at=7)).at == -1
    mine, theirs = Lesson(entries=(Entry("1.2", "3"), Entry("2.1", "4"))), Lesson(entries=(Entry("2.1", "5"),), locked=True)
    both = merged(mine, theirs)
    assert (both.entry("1.2").guess, both.entry("2.1").guess, both.locked) == ("3", "5", True)


def test_the_panel_opens_by_its_key_and_is_kept_with_the_session(open_window: Open, tmp_path: Path) -> None:
    window = open_window(show=True)
    press(window, Key.Key_J, modifier=CONTROL)
    assert window.desk.panel is not None and window.desk.panel.isVisible()
    QTest.keyClicks(window.desk.panel.notes, "mine")
    window.document.save(tmp_path / "a.hw2", "demo")
    window.close()
    again = open_window(show=True)
    assert again.desk.panel is not None and again.desk.panel.notes.toPlainText() == "mine"
    QTest.keyClicks(again.desk.panel.guess, "5")
    press(again, Key.Key_J, modifier=CONTROL)
    assert not again.desk.panel.isVisible()
    again.sessions.open(tmp_path / "a.hw2")
    assert again.desk.panel.isVisible() and again.desk.store.state.entry("1.1a").notes == "mine"


# -- the teacher's ----------------------------------------------------------------------------------------------------------------


def test_locked_controls_change_nothing_and_say_so(open_window: Open) -> None:
    window = open_window(show=True)
    page(window).store.change("Size", size=4)
    action(window, "Lock the controls").trigger()
    field = page(window).size_field
    field.setFocus()
    press(field, Key.Key_Up)
    QTest.keyClicks(page(window).note, "x")
    assert field.value() == 4 and page(window).note.text() == "" and "locked" in window.statusBar().currentMessage()
    action(window, "Undo").trigger()
    action(window, "Start anew").trigger()
    window.show_state("demo", DemoState(size=7), "A state")
    assert states(window)[0] == DemoState(size=4)
    action(window, "Lock the controls").trigger()
    press(field, Key.Key_Up)
    assert field.value() == 5
    action(window, "Lock the controls").trigger()
    window.close()


def test_a_script_is_stepped_through_with_one_key(open_window: Open, tmp_path: Path) -> None:
    window = open_window(show=True)
    for size in (3, 5):
        page(window).store.change("Size", size=size)
        press(window, Key.Key_F8, modifier=CONTROL | SHIFT)
    window.show_tab("other")
    press(window, Key.Key_F8, modifier=CONTROL | SHIFT)
    action(window, "Lock the controls").trigger()
    press(window, Key.Key_F8)
    assert "last step" in window.statusBar().currentMessage() and window.front == "other"
    press(window, Key.Key_F8)  # once more: whoever has just written it, or comes back to it, begins
    assert window.front == "demo" and states(window)[0] == DemoState(size=3)
    press(window, Key.Key_F8)
    press(window, Key.Key_F8, modifier=SHIFT)
    assert window.front == "demo" and states(window)[0] == DemoState(size=3)
    press(window, Key.Key_F8)
    assert states(window)[0] == DemoState(size=5) and window.document.stores["demo"].locked
    window.document.save(tmp_path / "lesson.hw2", "demo")
    other = open_window(show=True, remember=False)
    other.sessions.open(tmp_path / "lesson.hw2")
    press(other, Key.Key_F8, modifier=SHIFT)
    assert states(other)[0] == DemoState(size=3) and other.document.stores["demo"].locked


def test_a_script_is_ordered_renamed_and_cut(open_window: Open) -> None:
    window = open_window(show=True)
    for size in (3, 5):
        page(window).store.change("Size", size=size)
        window.desk.add_step()
    action(window, "Edit the script").trigger()
    (dialog,) = window.findChildren(ScriptDialog)
    dialog.list.setCurrentRow(1)
    dialog.up.click()
    dialog.list.item(0).setText("Five")
    assert [step.title for step in window.desk.store.state.script] == ["Five", "Demo, step 1"]
    dialog.list.setCurrentRow(1)
    dialog.show_step.click()
    assert states(window)[0] == DemoState(size=3)
    dialog.remove.click()
    assert [step.title for step in window.desk.store.state.script] == ["Five"]
    dialog.close()
    window.desk.add_step()


def script_of(window: MainWindow, *titles: str) -> ScriptDialog:
    """The dialog of a script whose steps are Demo of the sizes 1, 2, …, called so."""
    for size, title in enumerate(titles, 1):
        page(window).store.change("Size", size=size)
        window.desk.add_step()
        store = window.desk.store
        store.move(script=store.state.with_title(size - 1, title).script)
    action(window, "Edit the script").trigger()
    (dialog,) = window.findChildren(ScriptDialog)
    return dialog


def titles_of(dialog: ScriptDialog) -> list[str]:
    return [dialog.list.item(row).text() + "*" * dialog.list.item(row).font().bold() for row in range(dialog.list.count())]


def test_the_keys_of_the_script_do_what_they_are_said_to(open_window: Open, qtbot: Any) -> None:
    window = open_window(show=True)
    dialog = script_of(window, "one", "two", "three")
    qtbot.waitUntil(dialog.list.hasFocus)
    press(dialog.list, Key.Key_Home)
    press(dialog.list, Key.Key_Return)
    assert states(window)[0] == DemoState(size=1) and titles_of(dialog) == ["one*", "two", "three"]  # and nothing was added
    press(dialog.list, Key.Key_Down, modifier=CONTROL)
    assert titles_of(dialog) == ["two", "one*", "three"] and dialog.list.currentRow() == 1
    press(dialog.list, Key.Key_F2)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    QTest.keyClicks(editor, "first")
    press(editor, Key.Key_Return)
    qtbot.waitUntil(lambda: titles_of(dialog) == ["two", "first*", "three"])
    press(dialog.list, Key.Key_Delete)
    assert titles_of(dialog) == ["two*", "three"]
    for expected in (["two", "first*", "three"], ["two", "one*", "three"], ["one*", "two", "three"]):
        press(dialog.list, Key.Key_Z, modifier=CONTROL)
        assert titles_of(dialog) == expected
    press(dialog.list, Key.Key_F8)
    assert states(window)[0] == DemoState(size=2)


def test_the_script_offers_what_can_be_done_and_comes_once(open_window: Open) -> None:
    window = open_window(show=True)
    dialog = script_of(window)
    assert dialog.empty.isVisible() and not dialog.remove.isEnabled() and not dialog.undo.isEnabled()
    dialog.add.click()
    dialog.add.click()
    assert not dialog.empty.isVisible() and dialog.undo.isEnabled()
    assert dialog.list.currentRow() == 1 and dialog.up.isEnabled() and not dialog.down.isEnabled()
    dialog.list.setCurrentRow(0)
    assert not dialog.up.isEnabled() and dialog.down.isEnabled()
    action(window, "Edit the script").trigger()
    assert window.findChildren(ScriptDialog) == [dialog]


def test_a_step_that_is_removed_or_moved_leaves_the_place_in_the_script(open_window: Open) -> None:
    steps = tuple(Step(title, "demo", "{}") for title in "abcd")
    shown = Lesson(script=steps, at=2)
    assert shown.with_moved(2, 0).at == 0 and shown.with_moved(0, 3).at == 1 and shown.with_moved(3, 0).at == 3
    assert shown.without_step(0).at == 1 and shown.without_step(3).at == 2
    # Of the one on screen: the next step is the one after it.
    after = shown.without_step(2)
    assert after.script[after.at + 1].title == "d"
    assert Lesson(script=steps).with_moved(0, 1).at == -1


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (Step("x", "nowhere", "{}"), "not here"),
        (Step("x", "lesson", "{}"), "not here"),
        (Step("x", "demo", "{"), "damaged"),
        (Step("x", "demo", '{"size": "a"}'), "Step 'x' of the script is damaged (its state.size should be a whole number, not 'a'"),
        (Step("x", "demo", '{"size": 13}'), "Step 'x' of the script is damaged (13 is refused"),
    ],
)
def test_a_damaged_step_is_refused_with_a_sentence(open_window: Open, step: Step, why: str) -> None:
    window = open_window(show=True)
    window.desk.store.move(script=(step,))
    press(window, Key.Key_F8)
    assert why in window.messages.text and states(window)[0] == DemoState()


def covered(window: MainWindow) -> list[bool]:
    return [panel.body.isHidden() for panel in window.findChildren(Panel) if panel.is_answer]


@pytest.mark.parametrize("key", ["convolution", "parameters", "vision"])
def test_hiding_the_answers_covers_them_in_the_tabs(qtbot: Any, qapp: QApplication, key: str) -> None:
    window = open_whole(qtbot, qapp)
    window.show_tab(key)
    assert covered(window) and not any(covered(window))
    window.desk.switch("hide_answers", True)
    assert all(covered(window))
    for panel in window.page(key).findChildren(Panel):
        if panel.is_answer:  # neither the numbers in its title nor its picture are given away
            assert panel.info.isHidden() and panel.legend.isHidden()
            assert not any(button.isVisible() for button in panel.findChildren(QToolButton) if button.accessibleName().startswith("Export"))
    window.desk.switch("hide_answers", False)
    assert not any(covered(window))
    settle(window)
    window.close()


def test_what_a_question_asks_for_is_shown_after_the_guess(qtbot: Any, qapp: QApplication) -> None:
    window = open_whole(qtbot, qapp)
    window.desk.open_question("1.1a")
    panel = window.desk.panel
    assert panel is not None and window.front == "convolution"
    assert all(covered(window))
    shown = [label.text() for label in window.page("convolution").findChildren(QLabel) if label.isVisible()]
    assert not any("24×24" in text or "576" in text for text in shown) and GUESS_FIRST in shown
    assert window.focusWidget() is panel.guess
    QTest.keyClicks(panel.guess, "lots")
    assert all(covered(window))
    panel.guess.clear()
    QTest.keyClicks(panel.guess, "600")
    assert not any(covered(window))
    shown = [label.text() for label in window.page("convolution").findChildren(QLabel) if label.isVisible()]
    assert "24×24" in shown and "all 576 output cells" in shown
    window.desk.open_question("1.1c")
    settle(window)
    assert any(covered(window)) and window.front == "parameters"
    shown = [label.text() for label in window.page("parameters").findChildren(QLabel) if label.isVisible()]
    assert not any("113,328" in text or "248" in text for text in shown)
    window.desk.toggle_questions()
    assert not any(covered(window))
    window.desk.store.move(panel=True, current="2.2")  # its view does not show the number
    assert not any(covered(window))
    settle(window)
    window.close()


def test_a_question_that_was_guessed_does_not_uncover_what_the_teacher_hides(qtbot: Any, qapp: QApplication) -> None:
    window = open_whole(qtbot, qapp)
    window.desk.open_question("1.2")
    window.desk.switch("hide_answers", True)
    assert window.desk.panel is not None
    QTest.keyClicks(window.desk.panel.guess, "2")
    assert all(covered(window))
    window.desk.switch("hide_answers", False)
    assert not any(covered(window))
    settle(window)
    window.close()


def test_the_keyboard_goes_to_the_questions_and_back(open_window: Open) -> None:
    window = open_window(show=True)
    field = page(window).size_field
    field.setFocus()
    press(field, Key.Key_J, modifier=CONTROL)
    panel = window.desk.panel
    assert panel is not None and panel.buttons["1.1a"].hasFocus()
    press(panel.buttons["1.1a"], Key.Key_J, modifier=CONTROL)
    assert field.hasFocus()


# -- the tour ---------------------------------------------------------------------------------------------------------------------


def test_the_tour_drives_the_real_views_and_is_resumed_where_it_was_left(qtbot: Any, qapp: QApplication) -> None:
    window = open_whole(qtbot, qapp)
    guide = window.desk.guide
    assert not guide.isVisible() and len(STOPS) == 6
    action(window, "Guided tour").trigger()
    seen = [window.front]
    for number in range(1, 6):
        QTest.mouseClick(guide.next, LEFT, NO_KEY)
        assert f"{number + 1} of 6" in guide.text.text()
        seen.append(window.front)
        if number == 3:
            QTest.mouseClick(guide.skip, LEFT, NO_KEY)
            assert not guide.isVisible()
            action(window, "Guided tour").trigger()
            assert "4 of 6" in guide.text.text()
    assert set(seen) >= {"convolution", "parameters", "vision"}
    QTest.mouseClick(guide.next, LEFT, NO_KEY)
    assert not guide.isVisible()
    settle(window)
    window.close()


def test_enter_goes_through_the_tour_and_its_entry_of_m_is_a_weight(qtbot: Any, qapp: QApplication) -> None:
    window = open_whole(qtbot, qapp)
    guide = window.desk.guide
    guide.begin()
    press(guide.next, Key.Key_Return)
    assert "2 of 6" in guide.text.text()
    pin = window.document.stores["convolution"].state.pinned
    page_shown: Any = window.page("convolution")
    scene = page_shown.scene
    assert pin.view == "matrix" and scene.matrix.values(range(pin.row, pin.row + 1), range(pin.column, pin.column + 1))[0, 0] != 0
    for _ in range(4):
        press(guide.next, Key.Key_Enter)
    assert "6 of 6" in guide.text.text() and guide.next.text() == "Done" and not guide.skip.isVisible()
    press(guide.next, Key.Key_Return)
    assert not guide.isVisible()
    settle(window)
    window.close()


def test_the_tour_is_offered_at_the_first_start_only(open_window: Open) -> None:
    window = open_window(show=True)
    window.offer_tour()
    assert window.desk.guide.isVisible()
    window.desk.guide.skip.click()
    window.close()
    again = open_window(show=True)
    again.offer_tour()
    assert not again.desk.guide.isVisible()


def test_escape_closes_the_tour_where_nothing_else_wants_it(open_window: Open) -> None:
    window = open_window(show=True)
    window.desk.guide.begin()
    assert window.desk.guide.isVisible() and window.desk.guide.next.hasFocus()
    press(window.desk.guide.next, Key.Key_Escape)
    assert not window.desk.guide.isVisible() and not window.desk.store.state.tour_on
    window.desk.guide.begin()
    press(page(window).size_field, Key.Key_Escape)
    assert not window.desk.guide.isVisible()


@pytest.mark.parametrize(
    ("key", "field", "pages"),
    [
        ("convolution", "mode", ("convolution", "attention")),
        ("parameters", "page", ("table", "twins", "growth", "ladder")),
        ("vision", "page", ("draw", "inside", "results", "train", "teach", "experiments")),
        ("seq2seq", "page", ("type", "step", "train", "measure", "data")),
    ],
)
def test_beside_the_questions_a_tab_needs_no_scrolling_sideways(
    qtbot: Any, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, key: str, field: str, pages: tuple[str, ...]
) -> None:
    window = open_whole(qtbot, qapp)
    monkeypatch.setattr(window.desk, "_make_room", lambda _: None)  # as on a screen that is no wider
    window.show_tab(key)
    window.desk.store.move(entries=(Entry("1.1a", "600"),))  # nothing is covered
    press(window, Key.Key_J, modifier=CONTROL)
    for name in pages:
        window.document.stores[key].move(**{field: name})
        assert window.page(key).isVisible()
        QApplication.processEvents()
        area = window.pages.currentWidget()
        assert isinstance(area, QScrollArea)
        assert window.width() == 1280 and area.horizontalScrollBar().maximum() == 0, name
    press(window, Key.Key_J, modifier=CONTROL)
    window.close()
