"""The command palette and the sheet of keys, under real keys."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

import hw2gui
from hw2gui.app.catalogue import Command, commands
from hw2gui.app.key_sheet import KeySheet, sections
from hw2gui.app.main_window import MainWindow
from hw2gui.app.search import find
from hw2gui.app.tabs import TABS, TabSpec
from hw2gui.app.tour import settle
from hw2gui.names import load
from tests.app.conftest import Open
from tests.app.demo import DemoState
from tests.app.test_window import CONTROL, action, page, states
from tests.app.whole import open_whole
from tests.widgets.hands import press

Key = Qt.Key


def named(*titles: str) -> list[Command]:
    return [Command("Group", title, lambda: None, "a detail") for title in titles]


def titles(found: list[Command]) -> list[str]:
    return [command.title for command in found]


def test_every_word_must_be_found_and_beginnings_come_first() -> None:
    among = named("Kernel preset: Sobel x", "Show the kernel", "Weights of a kernel", "Übung", "subkernel")
    assert titles(find("kernel", among))[0] == "Kernel preset: Sobel x"
    assert titles(find("kernel", among))[-1] == "subkernel"
    assert titles(find("sobel ker", among)) == ["Kernel preset: Sobel x"]
    assert titles(find("ubung", among)) == ["Übung"]
    assert titles(find("detail", among)) == titles(among)
    assert find("sobel nonsense", among) == [] and len(find("", among)) == len(among)


def test_other_words_for_the_same_and_words_of_the_description_are_found() -> None:
    among = [
        Command("View", "Dark", lambda: None),
        Command("Setting", "Convolution: stride", lambda: None, "Go to the control"),
        Command("Presentation zoom", "150 %", lambda: None),
        Command("Page", "Characters: results", lambda: None, "Who is taken for whom: confusions"),
    ]
    for words, found in (
        ("night", "Dark"),
        ("step", "Convolution: stride"),
        ("bigger", "150 %"),
        ("confusion", "Characters: results"),
        ("control", "Convolution: stride"),
    ):
        assert titles(find(words, among))[0] == found, words


@pytest.mark.parametrize("slip", ["strde", "stirde", "sttride", "strode", "strd"])
def test_a_slip_of_the_fingers_is_forgiven_where_nothing_is_called_so(slip: str) -> None:
    among = named("Convolution: stride", "Characters: draw", "Start anew")
    assert titles(find(slip, among)) == ["Convolution: stride"]
    assert find("qqqq", among) == []


def test_of_equals_what_cannot_be_done_comes_last() -> None:
    off = Command("Edit", "Undo", lambda: None, enabled=False)
    on = Command("Help", "Undo", lambda: None)
    assert find("undo", [off, on]) == [on, off]


def ask(window: MainWindow, words: str) -> list[str]:
    """Open the palette by its key and type *words*."""
    press(window, Key.Key_K, modifier=CONTROL)
    assert window.palette_bar.isVisible() and window.palette_bar.query.hasFocus()
    QTest.keyClicks(window.palette_bar.query, words)
    return titles(window.palette_bar.found)


def test_a_tab_a_state_and_a_button_are_reached_by_typing(open_window: Open) -> None:
    window = open_window(show=True)
    assert ask(window, "other")[0] == "Other"
    press(window.palette_bar.query, Key.Key_Return)
    assert window.front == "other" and not window.palette_bar.isVisible()
    assert ask(window, "demo large") == ["Demo: Large"]
    press(window.palette_bar.query, Key.Key_Return)
    assert window.front == "demo" and states(window)[0] == DemoState(size=9)
    assert action(window, "Undo").text() == "&Undo: Show: Large"
    assert ask(window, "appearance dark") == ["Dark"]
    press(window.palette_bar.query, Key.Key_Return)
    assert window.appearance.choice == "dark"


def test_keys_walk_the_list_and_escape_gives_the_focus_back(open_window: Open) -> None:
    window = open_window(show=True)
    page(window).size_field.setFocus()
    ask(window, "demo")
    first = window.palette_bar.list.currentIndex().row()
    press(window.palette_bar.query, Key.Key_Down)
    assert (first, window.palette_bar.list.currentIndex().row()) == (0, 1)
    press(window.palette_bar.query, Key.Key_Escape)
    assert not window.palette_bar.isVisible() and page(window).size_field.hasFocus()
    assert ask(window, "zzz") == [] and window.palette_bar.nothing.isVisible()
    press(window.palette_bar.query, Key.Key_Return)
    assert window.palette_bar.isVisible()
    page(window).size_field.setFocus()
    assert not window.palette_bar.isVisible()


def test_sessions_opened_before_are_offered(open_window: Open, tmp_path: Path) -> None:
    window = open_window(show=True)
    page(window).store.change("Size", size=4)
    window.document.save(tmp_path / "monday.hw2", "demo")
    page(window).store.change("Size", size=5)
    window.sessions.open(tmp_path / "monday.hw2")
    page(window).store.change("Size", size=6)
    assert ask(window, "monday") == ["Open monday"]
    press(window.palette_bar.query, Key.Key_Return)
    assert states(window)[0] == DemoState(size=4)
    (tmp_path / "monday.hw2").unlink()
    assert ask(window, "open monday") == ["Undo: Open monday"]


@pytest.mark.parametrize("width", [500, 1280])
def test_it_stays_within_the_window(open_window: Open, width: int) -> None:
    window = open_window(show=True)
    press(window, Key.Key_K, modifier=CONTROL)
    window.resize(width, 500)
    QApplication.processEvents()
    assert window.rect().contains(window.palette_bar.geometry())


def test_a_question_mark_shows_every_key_of_the_menus(open_window: Open) -> None:
    window = open_window(show=True)
    page(window).size_field.setFocus()
    press(window, Key.Key_Question)
    (sheet,) = window.findChildren(KeySheet)
    text = sheet.text.toPlainText()
    for keys, what in (("Ctrl+K", "Command palette"), ("Ctrl+2", "Other"), ("Ctrl+Z", "Undo"), ("?", "Keys")):
        assert keys in text and what in text
    assert [title for title, _ in sections(window)] == ["In the window", "Everywhere"]
    sheet.close()


def test_no_widget_stands_on_the_sheet_with_the_name_of_its_class() -> None:
    """A class that says its KEYS says as well, as TITLE, what the user would call it."""
    for path in sorted(Path(hw2gui.__file__).parent.rglob("*.py")):
        for part in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(part, ast.ClassDef):
                said = {line.target.id for line in part.body if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)}
                said |= {
                    name.id for line in part.body if isinstance(line, ast.Assign) for name in line.targets if isinstance(name, ast.Name)
                }
                assert "KEYS" not in said or "TITLE" in said, f"{path.name}: {part.name}"


def test_a_question_mark_in_a_text_is_one(open_window: Open) -> None:
    window = open_window(show=True)
    page(window).note.setFocus()
    QTest.keyClicks(page(window).note, "?")
    assert page(window).note.text() == "?" and window.findChildren(KeySheet) == []


def test_what_cannot_be_done_now_is_offered_and_does_nothing(open_window: Open) -> None:
    window = open_window(show=True)
    assert ask(window, "undo")[0] == "Undo" and not window.palette_bar.found[0].enabled
    press(window.palette_bar.query, Key.Key_Return)
    assert window.palette_bar.isVisible()
    press(window.palette_bar.query, Key.Key_Escape)
    page(window).store.change("Size", size=4)
    assert ask(window, "undo")[0] == "Undo: Size" and window.palette_bar.found[0].keys == "Ctrl+Z"
    press(window.palette_bar.query, Key.Key_Return)
    assert states(window)[0] == DemoState()


def test_a_setting_of_another_tab_is_gone_to(open_window: Open) -> None:
    window = open_window(show=True)
    assert "Other: size" in ask(window, "other size")
    press(window.palette_bar.query, Key.Key_Return)
    assert window.front == "other" and page(window, "other").size_field.hasFocus()


def test_a_setting_without_its_control_says_so(open_window: Open, qtbot: Any) -> None:
    window = open_window(show=True)
    page(window, "other").note.hide()
    ask(window, "other note")
    press(window.palette_bar.query, Key.Key_Return)
    qtbot.waitUntil(lambda: window.statusBar().currentMessage() == "Note cannot be set as things are now")
    assert window.front == "other"


@pytest.mark.parametrize("spec", TABS, ids=lambda spec: spec.key)
def test_every_setting_and_page_is_gone_to_from_another_page(qtbot: Any, qapp: QApplication, spec: TabSpec) -> None:
    """From the tab's other pages: the control is in sight, has the focus and is called as the setting says."""
    window = open_whole(qtbot, qapp)
    elsewhere = {"convolution": {"mode": "attention"}, "parameters": {"page": "growth"}, "vision": {"page": "teach"}}
    for setting in load(spec.settings):
        window.show_tab("report" if spec.key == "convolution" else "convolution")
        window.document.stores[spec.key].move(**elsewhere.get(spec.key, {"page": "data"} if spec.key == "seq2seq" else {}))
        title, group = f"{spec.title}: {setting.title}", "Page" if setting.is_page else "Setting"
        (command,) = (each for each in commands(window) if (each.title, each.group) == (title, group))
        command.run()

        def reached(begins: str = setting.control) -> None:
            focused = window.focusWidget()
            assert focused is not None and focused.isVisible() and window.front == spec.key
            text = focused.text() if isinstance(focused, QAbstractButton) else ""
            assert (focused.accessibleName() or text).startswith(begins)

        qtbot.waitUntil(reached)
    settle(window)
    window.close()


def test_what_a_command_is_called_is_read_whole(qtbot: Any, qapp: QApplication) -> None:
    window = open_whole(qtbot, qapp)
    for width in (1280, 1600):
        window.resize(width, 720)
        ask(window, "beam")
        shown = window.palette_bar.list
        letters = shown.fontMetrics()
        assert all(letters.horizontalAdvance(command.title) < shown.columnWidth(0) for command in window.palette_bar.found)
        assert shown.columnWidth(1) >= 0 and sum(map(shown.columnWidth, range(4))) <= shown.width()
        press(window.palette_bar.query, Key.Key_Escape)
    settle(window)
    window.close()
