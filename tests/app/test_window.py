"""The window with two small tabs, under real keys and mouse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QByteArray, QEvent, QMimeData, QPoint, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QMenu, QScrollArea, QTabBar, QToolButton, QWidget

from hw2gui import memory
from hw2gui.app import main_window
from hw2gui.app.launch import show
from hw2gui.app.main_window import MainWindow
from hw2gui.app.pages import CONTENT_SIZE
from hw2gui.app.settings import Settings
from hw2gui.errors import InputError
from hw2gui.widgets.themes import DARK, LIGHT
from tests.app.conftest import Open
from tests.app.demo import DemoState, DemoTab, OtherTab
from tests.widgets.hands import LEFT, NO_KEY, press, share_of, shot

Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def page(window: MainWindow, key: str = "demo") -> DemoTab:
    found = window.page(key)
    assert isinstance(found, DemoTab)
    return found


def action(window: MainWindow, text: str) -> QAction:
    (found,) = (action for action in window.findChildren(QAction) if action.text().replace("&", "").startswith(text))
    return found


def states(window: MainWindow) -> list[DemoState]:
    return [window.document.stores[spec.key].state for spec in window.tabs]


# -- tabs -------------------------------------------------------------------------------------------------------------------------


def test_tabs_are_made_when_they_are_first_shown(open_window: Open) -> None:
    window = open_window(show=True)
    assert window.front == "demo" and window.findChildren(OtherTab) == []
    (bar,) = window.findChildren(QTabBar)
    QTest.mouseClick(bar, LEFT, NO_KEY, bar.tabRect(1).center())
    assert window.front == "other" and len(window.findChildren(OtherTab)) == 1
    assert page(window, "other").isVisible() and not page(window).isVisible()
    assert (bar.tabText(0), bar.tabToolTip(1)) == ("Demo", "The tab other")


def test_a_tab_can_open_another_in_a_state(open_window: Open) -> None:
    window = open_window(show=True)
    page(window).services.show("other", DemoState(size=5), "Show five")
    assert window.front == "other" and page(window, "other").size_field.isVisible()
    assert window.document.stores["other"].done[-1].label == "Show five"
    window.document.stores["other"].undo()
    assert states(window) == [DemoState(), DemoState()]


def test_a_state_that_is_refused_is_not_shown(open_window: Open) -> None:
    window = open_window(show=True)
    page(window).services.show("other", DemoState(size=13), "Show thirteen")
    assert window.front == "demo" and states(window) == [DemoState(), DemoState()]
    assert "13 is refused here" in window.messages.text
    page(window).services.show("nowhere", DemoState(), "Show nothing")
    assert window.front == "demo" and "no tab 'nowhere'" in window.messages.text


def test_keys_change_the_tab(open_window: Open) -> None:
    window = open_window(show=True)
    press(window, Key.Key_2, modifier=CONTROL)
    assert window.front == "other"
    press(window, Key.Key_1, modifier=CONTROL)
    assert window.front == "demo"


def test_the_keyboard_goes_to_the_tabs_when_its_page_is_left(open_window: Open) -> None:
    window = open_window(show=True)
    page(window).size_field.setFocus()
    press(page(window).size_field, Key.Key_2, modifier=CONTROL)
    bar = window.focusWidget()
    assert window.front == "other" and isinstance(bar, QTabBar)
    press(bar, Key.Key_Tab)
    QApplication.processEvents()
    focused = window.focusWidget()
    assert focused is not None and page(window, "other").isAncestorOf(focused), focused
    window.busy.show_busy("Working")
    QApplication.processEvents()
    bar.setFocus()
    met = []
    for _ in range(4):
        press(window.focusWidget() or window, Key.Key_Tab)
        met.append(window.focusWidget())
    assert met[:2] == [page(window, "other").size_field, page(window, "other").note] and window.busy.cancel in met[2:]


def test_an_unknown_tab_changes_nothing(open_window: Open) -> None:
    window = open_window(tab="nowhere")
    assert window.front == "demo"
    window.show_tab("nowhere")
    assert window.front == "demo"


def test_the_window_comes_back_as_it_was(open_window: Open) -> None:
    window = open_window(show=True)
    window.resize(700, 500)
    window.show_tab("other")
    page(window, "other").size_field.setFocus()
    press(page(window, "other").size_field, Key.Key_Up)
    window.close()
    again = open_window()
    assert again.front == "other" and again.size() == QSize(700, 500)
    assert states(again) == [DemoState(), DemoState(size=2)]


def test_a_window_that_remembers_nothing_reads_and_writes_nothing(open_window: Open, home: Path) -> None:
    window = open_window()
    window.document.stores["demo"].change("Size", size=5)
    window.show_tab("other")
    window.close()
    files = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    other = open_window(remember=False)
    assert other.front == "demo" and states(other)[0] == DemoState()
    other.document.stores["demo"].change("Size", size=6)
    other.close()
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == files


def test_a_small_window_scrolls_instead_of_cutting_off(open_window: Open) -> None:
    window = open_window(show=True)
    window.resize(600, 400)
    QApplication.processEvents()
    assert window.size() == QSize(600, 400)
    demo = page(window)
    assert demo.width() >= CONTENT_SIZE.width() and demo.height() >= CONTENT_SIZE.height()
    (area,) = window.findChildren(QScrollArea)
    assert area.horizontalScrollBar().maximum() >= CONTENT_SIZE.width() - 600
    assert area.verticalScrollBar().maximum() > 0
    window.resize(1280, 720)
    QApplication.processEvents()
    assert area.horizontalScrollBar().maximum() == 0 == area.verticalScrollBar().maximum()


# -- undo -------------------------------------------------------------------------------------------------------------------------


def test_the_first_window_fits_on_a_small_screen(open_window: Open) -> None:
    window = open_window()
    room = window.screen().availableGeometry()
    assert room.height() < 1000
    window.resize(room.width() + 300, room.height() - 200)
    show(window)
    assert window.isMaximized() and room.contains(window.normalGeometry().size().width() - 1, 0)
    other = open_window()
    other.resize(room.width() - 200, room.height() - 200)
    show(other)
    assert not other.isMaximized() and other.size() == QSize(room.width() - 200, room.height() - 200)
    window.close()
    other.close()
    again = open_window()
    assert again.placed
    show(again)
    assert again.size() == other.size() and not again.isMaximized()
    again.close()
    Settings().geometry = QByteArray(b"as of a screen that is gone")
    assert not open_window().placed


def test_enter_presses_the_button_that_has_the_focus_once(open_window: Open) -> None:
    window = open_window(show=True)
    pressed: list[bool] = []
    box = QCheckBox("Box")
    button = QToolButton()
    for each in (box, button):
        page(window).layout().addWidget(each)
        each.clicked.connect(lambda: pressed.append(True))
        each.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        each.show()
        each.setFocus()
        press(each, Key.Key_Return)
    assert box.isChecked() and len(pressed) == 2
    held = QKeyEvent(QEvent.Type.KeyPress, Key.Key_Return, NO_KEY, "", True)
    QApplication.sendEvent(button, held)
    assert len(pressed) == 2
    button.setEnabled(False)
    press(window, Key.Key_Return)
    assert len(pressed) == 2


def test_keys_undo_and_redo_also_from_within_a_number_field(open_window: Open) -> None:
    window = open_window(show=True)
    field = page(window).size_field
    field.setFocus()
    press(field, Key.Key_Up, Key.Key_Up)
    assert field.value() == 3
    QTest.keyClick(field, Key.Key_Z, CONTROL)
    assert field.value() == 2 and states(window)[0] == DemoState(size=2)
    QTest.keyClick(field, Key.Key_Z, CONTROL | SHIFT)
    assert field.value() == 3


def test_undo_in_a_text_field_is_that_of_the_text(open_window: Open) -> None:
    window = open_window(show=True)
    page(window).store.change("Size", size=5)
    note = page(window).note
    note.setFocus()
    QTest.keyClicks(note, "abc")
    QTest.keyClick(note, Key.Key_Z, CONTROL)
    assert note.text() != "abc" and states(window)[0].size == 5


def test_the_menu_names_what_can_be_undone_in_the_tab_in_front(open_window: Open) -> None:
    window = open_window(show=True)
    undo, redo = action(window, "Undo"), action(window, "Redo")
    assert not undo.isEnabled() and not redo.isEnabled()
    page(window).store.change("Size & shape", size=4)
    assert undo.isEnabled() and undo.text() == "&Undo: Size && shape"
    undo.trigger()
    assert not undo.isEnabled() and redo.text() == "&Redo: Size && shape"
    window.show_tab("other")
    assert not redo.isEnabled()
    window.show_tab("demo")
    assert redo.isEnabled()


def test_the_history_goes_back_several_steps_at_once(open_window: Open) -> None:
    window = open_window(show=True)
    for size in (2, 3, 4):
        page(window).store.change(f"Size {size}", size=size)
    (menu,) = (menu for menu in window.findChildren(QMenu) if menu.title() == "&History")
    menu.popup(QPoint(10, 10))
    assert [entry.text() for entry in menu.actions()] == ["Size 4", "Size 3", "Size 2"]
    QTest.mouseClick(menu, LEFT, NO_KEY, menu.actionGeometry(menu.actions()[1]).center())
    assert states(window)[0] == DemoState(size=2)
    menu.popup(QPoint(10, 10))
    menu.close()
    window.document.stores["demo"].undo()
    menu.popup(QPoint(10, 10))
    assert [(entry.text(), entry.isEnabled()) for entry in menu.actions()] == [("Nothing to undo", False)]
    menu.close()


def test_starting_anew_can_be_undone(open_window: Open) -> None:
    window = open_window(show=True)
    page(window).store.change("Size", size=4)
    action(window, "Start anew").trigger()
    assert states(window)[0] == DemoState()
    assert "Undo in a tab brings back" in window.statusBar().currentMessage()
    action(window, "Undo").trigger()
    assert states(window)[0] == DemoState(size=4)


# -- sessions ---------------------------------------------------------------------------------------------------------------------


def test_free_memory_goes_back_from_time_to_time(qtbot: Any, open_window: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[bool] = []
    monkeypatch.setattr(main_window, "GIVE_BACK_MS", 10)
    monkeypatch.setattr(memory, "give_back", lambda: given.append(True))
    open_window(show=True)
    qtbot.waitUntil(lambda: len(given) > 1)


def test_a_session_is_saved_and_opened_through_the_menu(open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window(show=True)
    path = tmp_path / "mine.hw2"
    asked: list[tuple[str, bool]] = []

    def choose(title: str, suggestion: str, kinds: str, *, save: bool) -> Path:
        asked.append((title, save))
        return path

    monkeypatch.setattr(window.services, "choose_file", choose)
    page(window).store.change("Size", size=4)
    window.show_tab("other")
    press(window, Key.Key_S, modifier=CONTROL)
    assert path.is_file() and window.windowTitle() == "mine — hw2gui" and str(path) in window.statusBar().currentMessage()
    window.show_tab("demo")
    page(window).store.change("Size", size=5)
    press(window, Key.Key_O, modifier=CONTROL)
    assert asked == [("Save the session", True), ("Open a session", False)]
    assert window.front == "other" and states(window)[0] == DemoState(size=4)
    window.show_tab("demo")
    assert action(window, "Undo").text() == "&Undo: Open mine"
    action(window, "Undo").trigger()
    assert states(window)[0] == DemoState(size=5)


def test_a_session_that_cannot_be_opened_or_saved_changes_nothing_and_says_so(
    open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(show=True)
    page(window).store.change("Size", size=4)
    bad = tmp_path / "bad.hw2"
    bad.write_text("{}")
    window.sessions.open(bad)
    assert "bad.hw2 is not a session" in window.messages.text and states(window)[0] == DemoState(size=4)
    monkeypatch.setattr(window.services, "choose_file", lambda *_, **__: bad / "x.hw2")
    press(window, Key.Key_S, modifier=CONTROL)
    assert "could not be written" in window.messages.text and window.windowTitle() == "hw2gui"
    monkeypatch.setattr(window.services, "choose_file", lambda *_, **__: None)
    press(window, Key.Key_O, modifier=CONTROL)
    press(window, Key.Key_S, modifier=CONTROL)
    assert states(window)[0] == DemoState(size=4)


def test_what_was_said_of_a_file_goes_when_another_is_chosen(open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window(show=True)
    chosen: list[Path | None] = [tmp_path / "none.hw2", None, tmp_path / "good.hw2"]
    monkeypatch.setattr(window.services._files, "choose_file", lambda *_, **__: chosen.pop(0))
    press(window, Key.Key_O, modifier=CONTROL)
    assert "none.hw2 does not exist" in window.messages.text
    press(window, Key.Key_O, modifier=CONTROL)  # cancelled
    assert "none.hw2 does not exist" in window.messages.text
    press(window, Key.Key_S, modifier=CONTROL)
    assert (tmp_path / "good.hw2").exists() and not window.messages.isVisible()


def test_the_window_opens_on_a_given_session_or_not_at_all(open_window: Open, tmp_path: Path) -> None:
    source = open_window()
    source.document.stores["other"].change("Size", size=8)
    source.document.save(tmp_path / "mine.hw2", "other")
    source.close()
    window = open_window(session=tmp_path / "mine.hw2")
    assert window.front == "other" and states(window)[1] == DemoState(size=8) and window.windowTitle() == "mine — hw2gui"
    assert open_window(session=tmp_path / "mine.hw2", tab="demo").front == "demo"
    with pytest.raises(InputError, match="does not exist"):
        open_window(session=tmp_path / "none.hw2")


def mime(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drop(widget: QWidget, data: QMimeData) -> bool:
    """Drag *data* over *widget* as a file manager does, ready to copy or move it, and drop it; whether the widget would have it."""
    arguments = (Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, data, LEFT, NO_KEY)
    enter = QDragEnterEvent(QPoint(5, 5), *arguments)
    enter.setDropAction(Qt.DropAction.MoveAction)
    enter.ignore()
    QApplication.sendEvent(widget, enter)
    if enter.isAccepted():
        assert enter.dropAction() == Qt.DropAction.CopyAction  # the file stays where it is
        dropped = QDropEvent(QPointF(5, 5), *arguments)
        QApplication.sendEvent(widget, dropped)
        assert dropped.isAccepted() and dropped.dropAction() == Qt.DropAction.CopyAction
        QApplication.processEvents()
    return enter.isAccepted()


def test_a_session_may_be_dropped_also_among_other_files(open_window: Open, tmp_path: Path) -> None:
    window = open_window(show=True)
    path = tmp_path / "mine.HW2"
    page(window).store.change("Size", size=4)
    window.document.save(path, "demo")
    page(window).store.change("Size", size=5)
    assert drop(window, mime(tmp_path / "picture.png", path))
    assert states(window)[0] == DemoState(size=4)
    assert not drop(window, mime(tmp_path / "picture.png"))
    text = QMimeData()
    text.setText("mine.hw2")
    assert not drop(window, text)


def test_a_session_dropped_on_a_text_is_opened_and_not_written_into_it(open_window: Open, tmp_path: Path) -> None:
    window = open_window(show=True)
    path = tmp_path / "mine.hw2"
    page(window).store.change("Note", note="kept")
    window.document.save(path, "demo")
    action(window, "Questions").trigger()
    panel = window.desk.panel
    assert panel is not None
    QApplication.processEvents()
    fields = {"number": page(window).size_field.findChild(QLineEdit), "text": page(window).note, "notes": panel.notes.viewport()}
    for name, field in fields.items():
        page(window).store.change("Note", note="changed")
        assert isinstance(field, QWidget) and drop(field, mime(path)), name
        assert page(window).note.text() == "kept" and panel.notes.toPlainText() == "" and states(window)[0].size == 1, name
    text = QMimeData()
    text.setText("words")
    enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, text, LEFT, NO_KEY)
    QApplication.sendEvent(page(window).note, enter)
    assert enter.isAccepted()  # texts may still be dropped
    dropped = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, text, LEFT, NO_KEY)
    QApplication.sendEvent(page(window).note, dropped)
    assert "words" in page(window).note.text()


# -- appearance -------------------------------------------------------------------------------------------------------------------


def test_light_and_dark_are_changed_by_hand_and_kept(open_window: Open) -> None:
    window = open_window(show=True)
    page(window).badge.show_verdict("good", "█████ right")
    for name, colours in (("Dark", DARK), ("Light", LIGHT)):
        action(window, name).trigger()
        QApplication.processEvents()
        picture = shot(window)
        other = LIGHT if colours is DARK else DARK
        assert share_of(picture, colours.window) > 0.5 and share_of(picture, other.window) == 0
        assert share_of(picture, colours.good) > 0
        assert action(window, name).isChecked()
        assert Settings().theme == name.lower()


# -- the end ----------------------------------------------------------------------------------------------------------------------


def test_closing_twice_does_no_harm(open_window: Open) -> None:
    window = open_window(show=True)
    window.close()
    window.close()
    page(window).square()  # nobody answers, nobody minds
    assert window.services.idle


def test_help_says_where_things_are(open_window: Open, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window(show=True)
    action(window, "Open the log").trigger()
    assert str(home / "logs" / "hw2gui.log") in window.messages.text
    (home / "logs").mkdir()
    (home / "logs" / "hw2gui.log").touch()
    window.messages.dismiss()
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) is None)
    action(window, "Open the log").trigger()  # the desktop says yes and may show nothing
    assert opened == [str(home / "logs" / "hw2gui.log")] and opened[0] in window.statusBar().currentMessage()
    action(window, "About").trigger()
    box = next(widget for widget in window.findChildren(QWidget) if widget.metaObject().className() == "QMessageBox")
    assert str(home / "settings") in box.informativeText()  # type: ignore[attr-defined]
    box.close()


def test_full_screen_and_back(open_window: Open) -> None:
    window: Any = open_window(show=True)
    action(window, "Full screen").trigger()
    assert window.isFullScreen()
    action(window, "Full screen").trigger()
    assert not window.isFullScreen()
