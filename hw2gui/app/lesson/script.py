"""A teacher's script: states of the program to be stepped through with one key, kept in the session."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QAbstractItemView, QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout

from hw2gui.app.lesson.state import Lesson, Step
from hw2gui.errors import InputError
from hw2gui.session.codec import from_plain, to_plain
from hw2gui.session.store import Store
from hw2gui.widgets import theme
from hw2gui.widgets.fields import text_label

if TYPE_CHECKING:
    from hw2gui.app.main_window import MainWindow

HELP = "F8 shows the next step, Shift+F8 the one before. A double click renames a step; save the session to keep the script in a file."


def taken(title: str, tab: str, state: Any) -> Step:
    """What is on screen in *tab*, as a step."""
    return Step(title, tab, json.dumps(to_plain(state), ensure_ascii=False, separators=(",", ":")))


def state_of(step: Step, kind: type[Any]) -> Any:
    """The state of *step*. Raises :class:`InputError` for a damaged one."""
    try:
        plain = json.loads(step.state)
    except ValueError:
        raise InputError(f"Step '{step.title[:40]}' of the script is damaged: remove it.") from None
    return from_plain(kind, plain, f"step '{step.title[:40]}'")


class ScriptDialog(QDialog):
    """The steps in their order; beside the window, stopping nothing."""

    def __init__(self, window: MainWindow, store: Store[Lesson]) -> None:
        super().__init__(window)
        theme.dress(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Script")
        self._store = store
        self.list = QListWidget()
        self.list.setAccessibleName("Steps of the script")
        self.list.setAccessibleDescription("Enter shows a step, F2 renames it")
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked)
        self.list.itemChanged.connect(self._renamed)
        self.add = self._button("Add what is on screen", window.desk.add_step)
        self.show_step = self._button("Show", lambda: window.desk.show_step(self.list.currentRow()))
        self.up = self._button("Up", lambda: self._move(-1))
        self.down = self._button("Down", lambda: self._move(1))
        self.remove = self._button("Remove", self._remove)
        buttons = QHBoxLayout()
        for button in (self.add, self.show_step, self.up, self.down, self.remove):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.addWidget(text_label(HELP, muted=True))
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)
        self.resize(520, 380)
        # A method, so that the store lets go of it with the dialog.
        store.changed.connect(self._follow)
        self.finished.connect(lambda _: store.changed.disconnect(self._follow))
        self._show(store.state)

    def _button(self, title: str, act: Any) -> QPushButton:
        button = QPushButton(title)
        button.clicked.connect(lambda _=False: act())
        return button

    def _follow(self, _: Lesson, now: Lesson) -> None:
        self._show(now)

    def _show(self, now: Lesson) -> None:
        row = self.list.currentRow()
        with QSignalBlocker(self.list):
            self.list.clear()
            for number, step in enumerate(now.script):
                item = QListWidgetItem(step.title)
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
                font = item.font()
                font.setBold(number == now.at)
                item.setFont(font)
                self.list.addItem(item)
            self.list.setCurrentRow(min(max(row, 0), len(now.script) - 1))
        for button in (self.show_step, self.up, self.down, self.remove):
            button.setEnabled(bool(now.script))

    def _renamed(self, item: QListWidgetItem) -> None:
        row, script = self.list.row(item), list(self._store.state.script)
        script[row] = Step(item.text().strip() or script[row].title, script[row].tab, script[row].state)
        self._store.move(script=tuple(script))

    def _move(self, by: int) -> None:
        row, script = self.list.currentRow(), list(self._store.state.script)
        if 0 <= row + by < len(script):
            script.insert(row + by, script.pop(row))
            self.list.setCurrentRow(row + by)
            self._store.move(script=tuple(script))

    def _remove(self) -> None:
        row, script = self.list.currentRow(), list(self._store.state.script)
        if 0 <= row < len(script):
            del script[row]
            self._store.move(script=tuple(script))
