"""The window: tabs from the registry, undo, sessions, theme, messages and what the program is busy with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QFontDatabase, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QMainWindow, QStatusBar, QTabBar, QVBoxLayout, QWidget

from hw2gui import __version__, memory, paths
from hw2gui.app import zoom
from hw2gui.app.appearance import Appearance, Choice
from hw2gui.app.autosave import Autosave
from hw2gui.app.busy_line import BusyLine
from hw2gui.app.catalogue import commands
from hw2gui.app.code_view import CodeView
from hw2gui.app.dresser import Dresser
from hw2gui.app.help.desk import HelpDesk
from hw2gui.app.lesson import state as lesson
from hw2gui.app.lesson.desk import Desk
from hw2gui.app.menus import Menus
from hw2gui.app.pages import Pages, one_shot
from hw2gui.app.palette import Palette
from hw2gui.app.sessions import Sessions
from hw2gui.app.settings import ZOOMS, Settings
from hw2gui.app.tabs import TABS, TabSpec
from hw2gui.app.window_services import WindowServices
from hw2gui.errors import UserError
from hw2gui.jobs import Deliver, WarmWorker
from hw2gui.names import load
from hw2gui.session.document import Document
from hw2gui.session.store import Store
from hw2gui.widgets import theme
from hw2gui.widgets.message_bar import MessageBar

START_SIZE = QSize(1280, 800)

WORKER_AFTER_MS = 150
STARTED_AFTER_MS = 2000
"""A window that was seen for this long counts as a start that succeeded."""
GIVE_BACK_MS = 60_000
"""So often memory that is free within the program goes back to the system."""


class MainWindow(QMainWindow):
    """The program's one window."""

    def __init__(
        self,
        appearance: Appearance,
        settings: Settings,
        *,
        tab: str | None = None,
        session: Path | None = None,
        remember: bool = True,
        tabs: Sequence[TabSpec] = TABS,
        make_worker: Callable[[Deliver], WarmWorker] = WarmWorker,
    ) -> None:
        """Opens the file *session*, or else what was on screen last; *tab* is then brought to the front.

        With *remember* off the window neither reads nor writes what is kept between starts.
        Raises :class:`hw2gui.errors.UserError` when *session* cannot be opened.
        """
        super().__init__()
        self.restart_wanted = False
        """Whether the program should start again once this window is closed."""
        self.setWindowTitle("hw2gui")
        self.setAcceptDrops(True)
        self.tabs = tuple(tabs)
        self.appearance = appearance
        self.settings = settings
        stores: dict[str, Store[Any]] = {spec.key: Store(load(spec.state)(), load(spec.check)) for spec in self.tabs}
        self._keys = tuple(stores)
        self.document = Document({**stores, lesson.KEY: Store(lesson.Lesson(), lesson.check)})
        opened = self.document.open(session) if session is not None else None
        self.messages = MessageBar()
        # Made here and kept: of a bar that Qt makes when it is first asked for, Python has but an address.
        self._status = QStatusBar()
        self.setStatusBar(self._status)
        self.services = WindowServices(self, self.messages, self._status.showMessage, make_worker)
        self.services.show_asked.connect(self.show_state)
        self.pages = Pages(self.tabs, self.document.stores, self.services)
        self._build_content()
        self.palette_bar = Palette(self, partial(commands, self))
        self._autosave = Autosave(self.document, recover=session is None, parent=self) if remember else None
        self.sessions = Sessions(self, self._autosave)
        self._dresser = Dresser(self)
        self._zoom_wanted = zoom.current()
        self._zoom_soon = one_shot(self, 0, self._zoom)
        self._menus = Menus(self)
        for store in self.document.stores.values():
            store.history_changed.connect(self._menus.show_history)
        self._tidy = QTimer(self)
        self._tidy.timeout.connect(memory.give_back)
        self._tidy.start(GIVE_BACK_MS)
        self._after_show = [one_shot(self, WORKER_AFTER_MS, self.services.start)]
        if self._autosave is not None:
            self._after_show.append(one_shot(self, STARTED_AFTER_MS, self._autosave.started))
        self._bring_back(session, opened, tab)

    def _bring_back(self, session: Path | None, opened: str | None, tab: str | None) -> None:
        """Show what was there last, unless *session* was opened; in front are *tab*, the session's tab *opened* or the one that was."""
        if session is not None:
            self.sessions.name(session)
        else:
            opened = self.sessions.restore()
        kept, geometry = (self.settings.tab, self.settings.geometry) if self._autosave is not None else (None, None)
        self.show_tab(next(key for key in (tab, opened, kept, self.tabs[0].key) if key in self._keys))
        self.desk.apply()
        self.resize(START_SIZE)
        self.placed = geometry is not None and self.restoreGeometry(geometry)
        """Whether it is where it was left: on a screen of quite another size, or at another zoom, it is not."""

    def _build_content(self) -> None:
        self._bar = QTabBar()
        self._bar.setDrawBase(False)
        self._bar.setExpanding(False)
        self._bar.setAccessibleName("Subjects")
        self._bar.setAccessibleDescription("Left and Right change the tab; Ctrl and a number go to one")
        for spec in self.tabs:
            self._bar.setTabToolTip(self._bar.addTab(spec.title), spec.hint)
        self._bar.currentChanged.connect(lambda index: self.show_tab(self.tabs[index].key))
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(8, 2, 8, 2)
        layout.setSpacing(4)
        layout.addWidget(self._bar)
        layout.addWidget(self.messages)
        layout.addWidget(self.pages, 1)
        self.setCentralWidget(content)
        self.desk = Desk(self, content)
        self.help = HelpDesk(self)
        self.code = CodeView(self)
        layout.insertWidget(1, self.desk.guide)
        self.busy = BusyLine()
        self.busy.cancelled.connect(self.services.cancel_all)
        self.services.busy_changed.connect(self.busy.show_busy)
        self._status.addPermanentWidget(self.busy)
        for part in (self.menuBar(), self._status, self._bar, self.messages, self.desk.guide):
            theme.dress(part)

    # -- tabs ---------------------------------------------------------------------------------------------------------------------

    @property
    def front(self) -> str:
        """The key of the tab in front."""
        return self.pages.front

    def front_store(self) -> Store[Any]:
        """The store of the tab in front."""
        return self.document.stores[self.front]

    def page(self, key: str) -> QWidget:
        """The widget of tab *key*, made when it is first needed."""
        return self.pages.page(key)

    def show_tab(self, key: str) -> None:
        """Bring the tab *key* to the front; an unknown key changes nothing."""
        if key not in self._keys:
            return
        with QSignalBlocker(self._bar):
            self._bar.setCurrentIndex(self._keys.index(key))
        focus = self.focusWidget()
        leaving = key != self.front and focus is not None and self.pages.isAncestorOf(focus)
        if leaving:
            # From here Tab goes to the page's first control; left alone, Qt would choose a place somewhere on it.
            self._bar.setFocus(Qt.FocusReason.OtherFocusReason)
        self.pages.bring(key)
        self.code.follow()
        if self._autosave is not None:
            self.settings.tab = key
            self._autosave.set_tab(key)
        self._menus.show_history()

    def show_state(self, key: str, state: Any, step: str) -> None:
        """Bring the tab *key* to the front in *state*, as a step that can be undone; what cannot be shown changes nothing and says so."""
        if key not in self._keys:
            self.messages.show_message(f"There is no tab '{key}' in this window: update hw2gui to see this.")
            return
        try:
            self.document.stores[key].replace(step, state)
        except UserError as error:
            self.messages.show_message(str(error))
            return
        self.messages.dismiss()
        self.show_tab(key)

    def offer_tour(self) -> None:
        """At the very first start, and never over what a crash left or a session that was asked for: begin the guided tour."""
        if self.sessions.first_start:
            self.desk.guide.begin()

    # -- how it looks -------------------------------------------------------------------------------------------------------------

    def choose_zoom(self, percent: int) -> None:
        """Everything larger or smaller from now on, fonts and cells, whatever goes on; kept for the next start."""
        self._zoom_wanted = self.settings.zoom = percent
        self._menus.show_zoom(percent)
        self._zoom_soon.start()  # not while a key or a menu of the windows it takes down is still at work

    def step_zoom(self, steps: int) -> None:
        """One or more steps larger, or smaller."""
        place = ZOOMS.index(self._zoom_wanted) + steps
        self.choose_zoom(ZOOMS[min(max(place, 0), len(ZOOMS) - 1)])

    def _zoom(self) -> None:
        percent = self._zoom_wanted
        if percent != zoom.current() and not zoom.set_live(percent):
            self._zoom_by_restart(percent)
            return
        self.services.status(f"Everything is shown at {percent} %")

    def _zoom_by_restart(self, percent: int) -> None:
        """Where it cannot be done while the program goes on, it starts anew with what is on screen; not while it computes or trains."""
        if self._autosave is None or not self.services.idle or self.services.training:
            self.messages.show_message(f"From the next start on everything is shown at {percent} %.", "info")
            return
        self.restart_wanted = True
        self.close()

    def choose_appearance(self, choice: Choice) -> None:
        """Follow the system's theme, or stay light or dark."""
        self.appearance.choose(choice)
        self.settings.theme = choice

    # -- events -------------------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """The first paint comes before the worker's start."""
        super().showEvent(event)
        for timer in self._after_show:
            timer.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What lies beside the tabs follows."""
        super().resizeEvent(event)
        self.desk.keep_room()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, as Space does; Esc closes the tour, where nothing that has the focus wanted it."""
        button = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(button, QAbstractButton):
            if not event.isAutoRepeat():
                button.click()
        elif event.key() != Qt.Key.Key_Escape or not self.desk.escape():
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A session, and any file that a tab opens, may be dropped anywhere."""
        self._dresser.drops.take(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self._dresser.drops.take(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """A clean end: geometry and session are kept, the worker is gone."""
        for timer in (*self._after_show, self._zoom_soon, self._tidy):
            timer.stop()
        self._dresser.stop()
        self.desk.close()
        self.pages.stop()
        if self._autosave is not None:
            self.settings.geometry = self.saveGeometry()
            self.settings.sync()
            self._autosave.close()
        self.services.close()
        super().closeEvent(event)


def application() -> QApplication:
    """The one QApplication, made on first use."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    made = QApplication(["hw2gui"])
    made.setApplicationName("hw2gui")
    made.setApplicationVersion(__version__)
    made.setDesktopFileName("hw2gui")
    made.setStyle("Fusion")
    if not QFontDatabase.families(QFontDatabase.WritingSystem.Japanese):
        # A missing or damaged file leaves what any font without kana leaves: boxes beside the romaji.
        QFontDatabase.addApplicationFont(str(paths.resource("fonts", "hw2gui-kana.ttf")))
    return made
