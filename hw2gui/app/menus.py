"""The menu bar: built from the tabs, with what can be undone named."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QActionGroup, QDesktopServices, QKeySequence
from PySide6.QtWidgets import QMenu, QMessageBox

from hw2gui import __version__, paths
from hw2gui.app import zoom
from hw2gui.app.appearance import Choice
from hw2gui.app.key_sheet import KeySheet
from hw2gui.app.settings import ZOOMS
from hw2gui.widgets import theme

if TYPE_CHECKING:
    from hw2gui.app.main_window import MainWindow

Keys = QKeySequence.StandardKey

APPEARANCES: tuple[tuple[Choice, str], ...] = (("system", "As the &system"), ("light", "&Light"), ("dark", "&Dark"))


class Menus:
    """Fills the menu bar of *window* and keeps it true."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._switches: dict[str, QAction] = {}
        self._zooms: dict[int, QAction] = {}
        bar = window.menuBar()
        file = bar.addMenu("&File")
        self._add(file, "&Open session…", window.sessions.ask_and_open, Keys.Open)
        self._add(file, "&Save session as…", window.sessions.ask_and_save, Keys.Save)
        self._add(file, "Start &anew", window.sessions.start_anew)
        file.addSeparator()
        self._add(file, "&Quit", window.close, Keys.Quit)
        edit = bar.addMenu("&Edit")
        self._undo = self._add(edit, "&Undo", lambda: window.front_store().undo(), Keys.Undo)
        self._redo = self._add(edit, "&Redo", lambda: window.front_store().redo(), Keys.Redo)
        self._history = edit.addMenu("&History")
        self._history.aboutToShow.connect(self._fill_history)
        view = bar.addMenu("&View")
        for number, spec in enumerate(window.tabs, 1):
            self._add(view, spec.title, partial(window.show_tab, spec.key), QKeySequence(f"Ctrl+{number}"))
        view.addSeparator()
        self._add(view, "&Command palette", window.palette_bar.toggle, QKeySequence("Ctrl+K"))
        self._add_appearances(view.addMenu("&Appearance"))
        self._add(view, "&Full screen", self._toggle_full_screen, Keys.FullScreen)
        self._add_lesson(bar.addMenu("&Lesson"))
        help_menu = bar.addMenu("&Help")
        self._add(help_menu, "&Guided tour", window.desk.guide.begin)
        self._add(help_menu, "G&lossary", window.help.open_glossary, QKeySequence("F1"))
        self._add(help_menu, "&Show me the code", window.code.open_up, QKeySequence("Ctrl+E"))
        self._add(help_menu, "&Keys", lambda: KeySheet(window).show(), QKeySequence("?"))
        help_menu.addSeparator()
        self._add(help_menu, "Open the &log", self._open_log)
        self._add(help_menu, "&About hw2gui", self._about)

    def show_history(self) -> None:
        """Name what can be undone and done again in the tab in front."""
        store = self._window.front_store()
        for action, steps, verb in ((self._undo, store.done, "&Undo"), (self._redo, store.undone, "&Redo")):
            action.setEnabled(bool(steps))
            action.setText(f"{verb}: {_plain(steps[-1].label)}" if steps else verb)

    def _add(self, menu: QMenu, title: str, act: Callable[[], object], keys: Keys | QKeySequence | None = None) -> QAction:
        action = QAction(title, self._window)
        action.triggered.connect(lambda _=False: act())
        if isinstance(keys, QKeySequence):
            action.setShortcut(keys)
        elif keys is not None:
            action.setShortcuts(keys)
        menu.addAction(action)
        return action

    def _add_appearances(self, menu: QMenu) -> None:
        group = QActionGroup(self._window)
        for choice, title in APPEARANCES:
            action = self._add(menu, title, partial(self._window.choose_appearance, choice))
            action.setCheckable(True)
            action.setChecked(self._window.appearance.choice == choice)
            group.addAction(action)

    def _add_lesson(self, menu: QMenu) -> None:
        desk = self._window.desk
        self._add(menu, "&Questions", desk.toggle_questions, QKeySequence("Ctrl+J"))
        menu.addSeparator()
        for name, title in (("hide_answers", "&Hide the answers"), ("locked", "&Lock the controls")):
            action = self._add(menu, title, partial(self._switch, name))
            action.setCheckable(True)
            self._switches[name] = action
        menu.aboutToShow.connect(self._show_switches)
        self._add_zooms(menu.addMenu("Presentation &zoom"))
        menu.addSeparator()
        self._add(menu, "&Next step of the script", partial(desk.step, 1), QKeySequence("F8"))
        self._add(menu, "&Previous step of the script", partial(desk.step, -1), QKeySequence("Shift+F8"))
        self._add(menu, "&Add what is on screen to the script", desk.add_step, QKeySequence("Ctrl+Shift+F8"))
        self._add(menu, "&Edit the script…", desk.edit_script)

    def _add_zooms(self, menu: QMenu) -> None:
        window = self._window
        for title, steps, key in (("Zoom &in", 1, "Ctrl++"), ("Zoom &out", -1, "Ctrl+-")):
            self._add(menu, title, partial(window.step_zoom, steps), QKeySequence(key))
        # On many keyboards the plus is on a key that says = without Shift.
        menu.actions()[0].setShortcuts([QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")])
        self._add(menu, "Zoom &back to 100 %", partial(window.choose_zoom, ZOOMS[0]), QKeySequence("Ctrl+0"))
        menu.addSeparator()
        group = QActionGroup(window)
        for percent in ZOOMS:
            action = self._add(menu, f"{percent} %", partial(window.choose_zoom, percent))
            action.setCheckable(True)
            group.addAction(action)
            self._zooms[percent] = action
        self.show_zoom(zoom.current())

    def show_zoom(self, percent: int) -> None:
        """Tick *percent*."""
        self._zooms[percent].setChecked(True)

    def _switch(self, name: str) -> None:
        self._window.desk.switch(name, not getattr(self._window.desk.store.state, name))
        self._show_switches()

    def _show_switches(self) -> None:
        for name, action in self._switches.items():
            action.setChecked(getattr(self._window.desk.store.state, name))

    def _fill_history(self) -> None:
        self._history.clear()
        steps = self._window.front_store().done
        for back, step in enumerate(reversed(steps), 1):
            self._history.addAction(_plain(step.label)).triggered.connect(partial(self._undo_many, back))
        if not steps:
            self._history.addAction("Nothing to undo").setEnabled(False)

    def _undo_many(self, steps: int, _checked: bool = False) -> None:
        for _ in range(steps):
            self._window.front_store().undo()

    def _toggle_full_screen(self) -> None:
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _open_log(self) -> None:
        path = paths.log_file()
        if not path.exists() or not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._window.messages.show_message(f"The log is at {path}", "info")
        else:  # Whether a program appears is the desktop's affair, which says yes in any case.
            self._window.services.status(f"The system was asked to show {path}")

    def _about(self) -> None:
        box = QMessageBox(self._window)
        theme.dress(box)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("About hw2gui")
        box.setText(
            f"<b>hw2gui {__version__}</b><br>A laboratory for convolution as a matrix, parameter counts, character recognition and "
            "transliteration."
        )
        box.setInformativeText(f"Settings: {paths.settings_folder()}\nCache: {paths.cache_folder()}\nLog: {paths.log_file()}")
        box.open()


def _plain(label: str) -> str:
    """*label* as a menu shows it, without letters to press."""
    return label.replace("&", "&&")
