"""Everything the program can be told to do, by name: what the command palette offers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QMenu

from hw2gui.app.lesson.questions import QUESTIONS
from hw2gui.app.tabs import TabSpec
from hw2gui.names import load
from hw2gui.widgets.setting import Setting, control

if TYPE_CHECKING:
    from hw2gui.app.main_window import MainWindow

MOST_ITEMS = 60
"""A longer list to choose from (all runs of a year) is not offered item by item."""


TRIES, TRY_AGAIN_MS = 20, 50
"""A page that is made a part at a time has its controls a little later."""


@dataclass(frozen=True)
class Command:
    """One thing to do: its group, what it is called, the doing, what it does in a few words, its keys, and whether it can be done now."""

    group: str
    title: str
    run: Callable[[], object]
    detail: str = ""
    keys: str = ""
    enabled: bool = True


def commands(window: MainWindow) -> list[Command]:
    """All that can be done now, in the order in which equals are offered."""
    return [
        *_tabs(window),
        *_pages(window),
        *_questions(window),
        *_actions(window),
        *_controls(window),
        *_settings(window),
        *_sessions(window),
        *_states(window),
    ]


def _tabs(window: MainWindow) -> Iterator[Command]:
    for number, spec in enumerate(window.tabs, 1):
        yield Command("Tab", spec.title, partial(window.show_tab, spec.key), spec.hint, f"Ctrl+{number}")


def _pages(window: MainWindow) -> Iterator[Command]:
    """The pages of all tabs; of the one gone to, its button has the focus."""
    for spec, setting in _named(window):
        if setting.is_page:
            yield Command("Page", f"{spec.title}: {setting.title}", partial(_go_to, window, spec.key, setting))


def _named(window: MainWindow) -> Iterator[tuple[TabSpec, Setting]]:
    for spec in window.tabs:
        for setting in load(spec.settings) if spec.settings else ():
            yield spec, setting


def _go(window: MainWindow, key: str, fields: dict[str, Any]) -> None:
    window.show_tab(key)
    window.document.stores[key].move(**fields)


def _actions(window: MainWindow) -> Iterator[Command]:
    tabs = {spec.title for spec in window.tabs}  # which are offered as tabs
    for menu in window.menuBar().findChildren(QMenu):
        for action in menu.actions():
            if action.menu() is None and not action.isSeparator() and not action.data() and plain(action.text()) not in tabs:
                yield Command(plain(menu.title()), plain(action.text()), action.trigger, "", keys(action), action.isEnabled())


def plain(text: str) -> str:
    """A menu's *text* without the mark of the letter to press."""
    return re.sub(r"&(.)", r"\1", text)


def keys(action: QAction) -> str:
    """The keys of *action*, as the system writes them."""
    return ", ".join(shortcut.toString(QKeySequence.SequenceFormat.NativeText) for shortcut in action.shortcuts()[:1])


def _questions(window: MainWindow) -> Iterator[Command]:
    for question in QUESTIONS:
        yield Command("Question", f"{question.key} {question.title}", partial(window.desk.open_question, question.key), question.text)


def _states(window: MainWindow) -> Iterator[Command]:
    for spec in window.tabs:
        for stop in load(spec.tour):
            yield Command("Show", f"{spec.title}: {stop.caption}", partial(_show, window, spec, stop.caption, stop.state))


def _show(window: MainWindow, spec: TabSpec, caption: str, state: Callable[[], Any]) -> None:
    window.show_state(spec.key, state(), f"Show: {caption}")


def _controls(window: MainWindow) -> Iterator[Command]:
    """The buttons and lists in sight in the tab in front."""
    page = window.page(window.front)
    title = next(spec.title for spec in window.tabs if spec.key == window.front)
    for button in page.findChildren(QAbstractButton):
        name = button.accessibleName() or plain(button.text())
        if name and button.isVisible() and not isinstance(button.parent(), QAbstractSpinBox):
            yield Command(title, name, button.click, _first_line(button.toolTip()), enabled=button.isEnabled())
    for box in page.findChildren(QComboBox):
        if not (box.isVisible() and box.isEnabled() and box.count() <= MOST_ITEMS):
            continue
        for index in range(box.count()):
            name = f"{box.accessibleName()}: {box.itemText(index)}"
            yield Command(title, name, partial(_choose, box, index), _first_line(box.toolTip()))


def _settings(window: MainWindow) -> Iterator[Command]:
    """What can be set in any tab, by name: doing it goes to the control."""
    for spec, setting in _named(window):
        if not setting.is_page:
            yield Command("Setting", f"{spec.title}: {setting.title}", partial(_go_to, window, spec.key, setting), "Go to the control")


def _go_to(window: MainWindow, key: str, setting: Setting, tries: int = TRIES) -> None:
    """Bring the tab to the front on the page that has the control of *setting*, with the focus on it."""
    if tries == TRIES:
        _go(window, key, setting.where)
    elif window.front != key:
        return
    found = control(setting, window.page(key))
    if found is not None:
        found.setFocus(Qt.FocusReason.ShortcutFocusReason)
    elif tries:
        window.services.later(TRY_AGAIN_MS, partial(_go_to, window, key, setting, tries - 1))
    else:
        window.services.status(f"{setting.title[:1].upper()}{setting.title[1:]} cannot be set as things are now")


def _choose(box: QComboBox, index: int) -> None:
    box.setCurrentIndex(index)
    box.activated.emit(index)


def _first_line(tip: str) -> str:
    return tip.partition("\n")[0]


def _sessions(window: MainWindow) -> Iterator[Command]:
    for path in existing(window.sessions.recent):
        yield Command("Session", f"Open {path.stem}", partial(window.sessions.open, path), str(path.parent))


def existing(paths: Iterable[str]) -> list[Path]:
    """Those of *paths* that are still files."""
    return [path for path in map(Path, paths) if path.is_file()]
