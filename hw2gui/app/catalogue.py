"""Everything the program can be told to do, by name: what the command palette offers."""

from __future__ import annotations

import re
import typing
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QMenu

from hw2gui.app.lesson.questions import QUESTIONS
from hw2gui.app.tabs import TabSpec, load

if TYPE_CHECKING:
    from hw2gui.app.main_window import MainWindow

PAGE_FIELDS = ("mode", "page")
"""The fields of a tab's state that say which of its pages is shown."""

MOST_ITEMS = 60
"""A longer list to choose from (all runs of a year) is not offered item by item."""


@dataclass(frozen=True)
class Command:
    """One thing to do: its group, what it is called, what it does in a few words or its keys, and the doing."""

    group: str
    title: str
    run: Callable[[], object]
    detail: str = ""


def commands(window: MainWindow) -> list[Command]:
    """All that can be done now, in the order in which equals are offered."""
    return [
        *_tabs(window),
        *_pages(window),
        *_questions(window),
        *_actions(window),
        *_controls(window),
        *_sessions(window),
        *_states(window),
    ]


def find(query: str, among: Sequence[Command], most: int = 80) -> list[Command]:
    """The commands that hold every word of *query*, best first: words that begin the title, then words anywhere."""
    words = folded(query).split()
    if not words:
        return list(among[:most])
    ranked = [(score, number) for number, one in enumerate(among) if (score := _score(words, one)) is not None]
    return [among[number] for _, number in sorted(ranked)[:most]]


def folded(text: str) -> str:
    """*text* without case and accents, for comparing."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter))


def _score(words: list[str], command: Command) -> int | None:
    """0 is best; None: a word is nowhere in it."""
    title, rest = folded(command.title), folded(f"{command.group} {command.detail}")
    total = 0
    for word in words:
        if title.startswith(word):
            continue
        if re.search(rf"\b{re.escape(word)}", title):
            total += 1
        elif word in title:
            total += 2
        elif word in rest:
            total += 4
        else:
            return None
    return total


def _tabs(window: MainWindow) -> Iterator[Command]:
    for number, spec in enumerate(window.tabs, 1):
        yield Command("Tab", spec.title, partial(window.show_tab, spec.key), f"Ctrl+{number} · {spec.hint}")


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
    for menu in window.menuBar().findChildren(QMenu):
        for action in menu.actions():
            if action.menu() is None and not action.isSeparator() and action.isEnabled() and not action.data():
                title = plain(action.text())
                yield Command(plain(menu.title()), title, action.trigger, keys(action))


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
        if name and button.isVisible() and button.isEnabled() and not isinstance(button.parent(), QAbstractSpinBox):
            yield Command(title, name, button.click, _first_line(button.toolTip()))
    for box in page.findChildren(QComboBox):
        if not (box.isVisible() and box.isEnabled() and box.count() <= MOST_ITEMS):
            continue
        for index in range(box.count()):
            name = f"{box.accessibleName()}: {box.itemText(index)}"
            yield Command(title, name, partial(_choose, box, index), _first_line(box.toolTip()))


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
