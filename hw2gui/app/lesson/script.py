"""A teacher's script: states of the program to be stepped through with one key, kept in the session."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QMenu, QPushButton, QVBoxLayout

from hw2gui.app.lesson.state import Lesson, Step
from hw2gui.errors import InputError, shortened
from hw2gui.session.codec import from_plain, to_plain
from hw2gui.session.store import Store
from hw2gui.widgets import theme
from hw2gui.widgets.fields import text_label

if TYPE_CHECKING:
    from hw2gui.app.main_window import MainWindow

HELP = (
    "F8 shows the next step, Shift+F8 the one before; the one shown last is bold. A double click or F2 renames a step, Enter shows it, "
    "Del removes it. The script is kept with the session: save that to have it in a file."
)
EMPTY = "No steps yet: bring the window into a state worth showing, and add it."


def taken(title: str, tab: str, state: Any) -> Step:
    """What is on screen in *tab*, as a step."""
    return Step(title, tab, json.dumps(to_plain(state), ensure_ascii=False, separators=(",", ":")))


def state_of(step: Step, store: Store[Any]) -> Any:
    """The state of *step*, as *store* would take it. Raises :class:`InputError` for a damaged one."""
    try:
        return store.checked(from_plain(type(store.state), json.loads(step.state), "its state"))
    except ValueError:
        why = ""
    except InputError as error:
        why = f" ({str(error).partition(': it is damaged')[0].rstrip('.')})"
    raise InputError(f"Step '{shortened(step.title)}' of the script is damaged{why}: remove it.")


class Steps(QListWidget):
    """The titles; Enter shows a step, Del removes it."""

    def __init__(self, dialog: ScriptDialog) -> None:
        super().__init__()
        self._dialog = dialog
        self.setAccessibleName("Steps of the script")
        self.setAccessibleDescription("Enter shows a step, F2 renames it, Del removes it, Ctrl+Up and Ctrl+Down move it")
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the description, undo and redo; all others walk."""
        dialog, control = self._dialog, bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        moves = {Qt.Key.Key_Up: dialog.up, Qt.Key.Key_Down: dialog.down}
        keys = {Qt.Key.Key_Return: dialog.show_step, Qt.Key.Key_Enter: dialog.show_step, Qt.Key.Key_Delete: dialog.remove}
        button = moves.get(Qt.Key(event.key())) if control else keys.get(Qt.Key(event.key()))
        if event.matches(QKeySequence.StandardKey.Undo):
            button = dialog.undo
        if button is None:
            super().keyPressEvent(event)
        else:
            button.click()


class ScriptDialog(QDialog):
    """The steps in their order; beside the window, stopping nothing. What is done here is undone here."""

    def __init__(self, window: MainWindow, store: Store[Lesson]) -> None:
        super().__init__(window)
        theme.dress(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Script")
        self._store = store
        self.list = Steps(self)
        self.list.itemChanged.connect(self._renamed)
        self.list.currentRowChanged.connect(lambda _: self._allow())
        self.empty = text_label(EMPTY, muted=True)
        self.add = self._button("Add what is on screen", window.desk.add_step, "The tab in front as it is now, as the last step")
        self.show_step = self._button("Show", lambda: window.desk.show_step(self.list.currentRow()), "Bring this step to the screen")
        self.up = self._button("Up", lambda: self._move(-1), "One place earlier")
        self.down = self._button("Down", lambda: self._move(1), "One place later")
        self.remove = self._button("Remove", self._remove, "Take this step out of the script; Undo brings it back")
        self.undo = self._button("Undo", store.undo, "Take back what was last done to the script")
        buttons = QHBoxLayout()
        for button in (self.add, self.show_step, self.up, self.down, self.remove, self.undo):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.addWidget(text_label(HELP, muted=True))
        layout.addWidget(self.empty)
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)
        # The script's own keys work here as in the window.
        menus = window.menuBar().findChildren(QMenu)
        self.addActions([action for menu in menus for action in menu.actions() if "F8" in action.shortcut().toString()])
        self.resize(560, 380)
        # A method, so that the store lets go of it with the dialog.
        store.changed.connect(self._follow)
        self.finished.connect(lambda _: store.changed.disconnect(self._follow))
        self._show(store.state)
        self.list.setFocus()

    def _button(self, title: str, act: Any, tip: str) -> QPushButton:
        button = QPushButton(title)
        button.setToolTip(tip)
        # Enter in the list is the list's.
        button.setAutoDefault(False)
        button.clicked.connect(lambda _=False: act())
        return button

    def _follow(self, before: Lesson, now: Lesson) -> None:
        if (before.script, before.at) != (now.script, now.at):
            self._show(now, last=len(now.script) > len(before.script))

    def _show(self, now: Lesson, *, last: bool = False) -> None:
        """Show the steps; the one that was added *last* is come to."""
        row = len(now.script) - 1 if last and now.at == len(now.script) - 1 else self.list.currentRow()
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
        self.empty.setVisible(not now.script)
        self._allow()

    def _allow(self) -> None:
        """Only what can be done can be pressed."""
        row, count = self.list.currentRow(), self.list.count()
        for button, can in ((self.show_step, count), (self.up, row > 0), (self.down, row + 1 < count), (self.remove, count)):
            button.setEnabled(bool(can))
        self.undo.setEnabled(bool(self._store.done))

    def _renamed(self, item: QListWidgetItem) -> None:
        self._store.replace("Step renamed", self._store.state.with_title(self.list.row(item), item.text()))
        self._show(self._store.state)

    def _move(self, by: int) -> None:
        row = self.list.currentRow()
        if 0 <= row + by < self.list.count():
            after = self._store.state.with_moved(row, row + by)
            self.list.setCurrentRow(row + by)
            self._store.replace("Step moved", after)

    def _remove(self) -> None:
        if self.list.currentRow() >= 0:
            self._store.replace("Step removed", self._store.state.without_step(self.list.currentRow()))
