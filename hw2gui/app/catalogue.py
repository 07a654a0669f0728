"""Everything the program can be told to do, by name: what the command palette offers."""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QMenu, QWidget

from hw2gui.app.lesson.questions import QUESTIONS
from hw2gui.app.search import folded
from hw2gui.app.tabs import TabSpec, load

if TYPE_CHECKING:
    from hw2gui.app.main_window import MainWindow

PAGE_FIELDS = ("mode", "page")
"""The fields of a tab's state that say which of its pages is shown."""

MOST_ITEMS = 60
"""A longer list to choose from (all runs of a year) is not offered item by item."""


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
    for spec in window.tabs:
        hints = typing.get_type_hints(type(window.document.stores[spec.key].state))
        for name in PAGE_FIELDS:
            for value in typing.get_args(hints.get(name)) if typing.get_origin(hints.get(name)) is Literal else ():
                yield Command("Page", f"{spec.title}: {value}", partial(_go, window, spec.key, {name: value}))


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
    """The numbers and choices of all tabs, by name: doing it goes to the control."""
    for spec in window.tabs:
        state = window.document.stores[spec.key].state
        for field in fields(state):
            if field.name not in PAGE_FIELDS and isinstance(getattr(state, field.name), int | float):
                name = field.name.replace("_", " ")
                yield Command("Setting", f"{spec.title}: {name}", partial(_go_to, window, spec.key, name), "Go to the control")


def _go_to(window: MainWindow, key: str, name: str) -> None:
    """Bring the tab to the front, with the focus on the control called *name* where there is one."""
    window.show_tab(key)
    controls = [each for each in window.page(key).findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    called = [each for each in controls if each.isVisible() and name in folded(each.accessibleName())]
    for control in sorted(called, key=lambda each: len(each.accessibleName()))[:1]:
        control.setFocus(Qt.FocusReason.ShortcutFocusReason)


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
