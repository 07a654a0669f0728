"""The window: tabs from the registry, menus built from them, undo, sessions, theme, messages and what the program is busy with."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QMainWindow,
    QMenu,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from hw2gui import __version__, paths
from hw2gui.app.appearance import Appearance, Choice
from hw2gui.app.autosave import Autosave, Restored
from hw2gui.app.settings import Settings
from hw2gui.app.tabs import TABS, TabSpec, load
from hw2gui.app.window_services import WindowServices
from hw2gui.errors import UserError
from hw2gui.session.document import Document
from hw2gui.session.store import Store
from hw2gui.widgets.message_bar import MessageBar

SESSION_KINDS = "hw2gui session (*.hw2)"
START_SIZE = QSize(1280, 800)
CONTENT_SIZE = QSize(1240, 640)
"""A tab is laid out for at least this much room (that of a 1280×720 screen); a smaller window scrolls."""


class MainWindow(QMainWindow):
    """The program's one window."""

    def __init__(
        self, appearance: Appearance, settings: Settings, *, tab: str | None = None, session: Path | None = None, remember: bool = True
    ) -> None:
        """With *remember* off the window neither reads nor writes what is kept between starts."""
        super().__init__()
        self.setWindowTitle("hw2gui")
        self.setAcceptDrops(True)
        self._appearance = appearance
        self._settings = settings
        self.document = Document({spec.key: Store(load(spec.state)(), load(spec.check)) for spec in TABS})
        self.messages = MessageBar()
        self.services = WindowServices(self, self.messages, self.statusBar().showMessage)
        self._pages: dict[str, QWidget] = {}
        self._build_content()
        self._build_menus()
        self._build_busy()
        self._autosave = Autosave(self.document, self) if remember else None
        front = self._restore(session)
        self.show_tab(next(key for key in (tab, front, settings.tab, TABS[0].key) if key in self.document.stores))
        geometry = settings.geometry if remember else None
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(START_SIZE)
        for store in self.document.stores.values():
            store.history_changed.connect(self._show_history)

    # -- building -----------------------------------------------------------------------------------------------------------------

    def _build_content(self) -> None:
        self._bar = QTabBar()
        self._bar.setDrawBase(False)
        self._bar.setExpanding(False)
        self._bar.setAccessibleName("Subjects")
        self._stack = QStackedWidget()
        for spec in TABS:
            index = self._bar.addTab(spec.title)
            self._bar.setTabToolTip(index, spec.hint)
            self._stack.addWidget(QWidget())
        self._bar.currentChanged.connect(lambda index: self.show_tab(TABS[index].key))
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(8, 2, 8, 2)
        layout.setSpacing(4)
        layout.addWidget(self._bar)
        layout.addWidget(self.messages)
        layout.addWidget(self._stack, 1)
        self.setCentralWidget(content)

    def _build_menus(self) -> None:
        menus = self.menuBar()
        file = menus.addMenu("&File")
        self._add(file, "&Open session…", self.open_session_dialog, QKeySequence.StandardKey.Open)
        self._add(file, "&Save session as…", self.save_session_dialog, QKeySequence.StandardKey.Save)
        self._add(file, "Start &anew", self.start_anew)
        file.addSeparator()
        self._add(file, "&Quit", self.close, QKeySequence.StandardKey.Quit)
        edit = menus.addMenu("&Edit")
        self._undo = self._add(edit, "&Undo", lambda: self.front_store().undo(), QKeySequence.StandardKey.Undo)
        self._redo = self._add(edit, "&Redo", lambda: self.front_store().redo(), QKeySequence.StandardKey.Redo)
        self._history = edit.addMenu("&History")
        self._history.aboutToShow.connect(self._fill_history)
        view = menus.addMenu("&View")
        for number, spec in enumerate(TABS, 1):
            self._add(view, spec.title, partial(self.show_tab, spec.key), QKeySequence(f"Ctrl+{number}"))
        view.addSeparator()
        appearance = view.addMenu("&Appearance")
        group = QActionGroup(self)
        for choice, title in (("system", "As the &system"), ("light", "&Light"), ("dark", "&Dark")):
            action = self._add(appearance, title, partial(self.choose_appearance, cast(Choice, choice)))
            action.setCheckable(True)
            action.setChecked(self._appearance.choice == choice)
            group.addAction(action)
        self._add(view, "&Full screen", self._toggle_full_screen, QKeySequence.StandardKey.FullScreen)
        help_menu = menus.addMenu("&Help")
        self._add(help_menu, "Open the &log", self._open_log)
        self._add(help_menu, "&About hw2gui", self._about)
        self._show_history()

    def _add(self, menu: QMenu, title: str, act: Any, keys: QKeySequence | QKeySequence.StandardKey | None = None) -> QAction:
        action = QAction(title, self)
        action.triggered.connect(lambda _=False: act())
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
        menu.addAction(action)
        return action

    def _build_busy(self) -> None:
        self._busy = QLabel()
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setFixedWidth(90)
        bar.setMaximumHeight(10)
        bar.setTextVisible(False)
        cancel = QPushButton("Cancel")
        cancel.setToolTip("Stop what the program is busy with")
        cancel.clicked.connect(self.services.cancel_all)
        self._busy_widgets: tuple[QWidget, ...] = (self._busy, bar, cancel)
        for widget in self._busy_widgets:
            self.statusBar().addPermanentWidget(widget)
            widget.hide()
        self.services.busy_changed.connect(self._show_busy)

    # -- tabs ---------------------------------------------------------------------------------------------------------------------

    @property
    def front(self) -> str:
        """The key of the tab in front."""
        return TABS[self._stack.currentIndex()].key

    def front_store(self) -> Store[Any]:
        """The store of the tab in front."""
        return self.document.stores[self.front]

    def page(self, key: str) -> QWidget:
        """The widget of tab *key*, made when it is first needed."""
        if key not in self._pages:
            spec = self._spec(key)
            page = cast(QWidget, load(spec.widget)(self.document.stores[key], self.services))
            page.setMinimumSize(CONTENT_SIZE)
            area = QScrollArea()
            area.setWidgetResizable(True)
            area.setFrameShape(QScrollArea.Shape.NoFrame)
            area.setWidget(page)
            index = TABS.index(spec)
            old = self._stack.widget(index)
            self._stack.removeWidget(old)
            old.deleteLater()
            self._stack.insertWidget(index, area)
            self._pages[key] = page
        return self._pages[key]

    def show_tab(self, key: str) -> None:
        """Bring the tab *key* to the front; an unknown key changes nothing."""
        if key not in self.document.stores:
            return
        self.page(key)
        index = TABS.index(self._spec(key))
        with QSignalBlocker(self._bar):
            self._bar.setCurrentIndex(index)
        self._stack.setCurrentIndex(index)
        if self._autosave is not None:
            self._settings.tab = key
            self._autosave.set_tab(key)
        self._show_history()

    def _spec(self, key: str) -> TabSpec:
        return next(spec for spec in TABS if spec.key == key)

    # -- undo ---------------------------------------------------------------------------------------------------------------------

    def _show_history(self) -> None:
        store = self.front_store() if self._pages else None
        for action, steps, verb in ((self._undo, store.done if store else (), "&Undo"), (self._redo, store.undone if store else (), "&Redo")):
            action.setEnabled(bool(steps))
            action.setText(f"{verb}: {steps[-1].label}" if steps else verb)

    def _fill_history(self) -> None:
        self._history.clear()
        store = self.front_store()
        for back, step in enumerate(reversed(store.done), 1):
            self._history.addAction(step.label).triggered.connect(partial(self._undo_many, back))
        if not store.done:
            self._history.addAction("Nothing to undo").setEnabled(False)

    def _undo_many(self, steps: int, _checked: bool = False) -> None:
        for _ in range(steps):
            self.front_store().undo()

    # -- sessions -----------------------------------------------------------------------------------------------------------------

    def _restore(self, session: Path | None) -> str | None:
        if session is not None:
            tab = self.document.open(session)
            self.setWindowTitle(f"{session.stem} — hw2gui")
            return tab
        if self._autosave is None:
            return None
        found, tab = self._autosave.restore()
        if found is Restored.CRASH:
            self.messages.show_message(
                "The program ended unexpectedly last time; everything that was on screen is back.", "info", ("Start anew", self.start_anew)
            )
        elif found is Restored.DAMAGED:
            self.messages.show_message("The last session could not be read and was set aside; this is a fresh start.", "info")
        return None if found in (Restored.NOTHING, Restored.DAMAGED) else tab

    def open_session(self, path: Path) -> None:
        """Show what the session file *path* holds; a file that is none changes nothing and says so."""
        try:
            tab = self.document.open(path)
        except UserError as error:
            self.messages.show_message(str(error))
            return
        self.setWindowTitle(f"{path.stem} — hw2gui")
        self.show_tab(tab)

    def open_session_dialog(self) -> None:
        """Ask for a session file and open it."""
        path = self.services.choose_file("Open a session", "", SESSION_KINDS, save=False)
        if path is not None:
            self.open_session(path)

    def save_session_dialog(self) -> None:
        """Ask for a file and write the session to it."""
        path = self.services.choose_file("Save the session", "session.hw2", SESSION_KINDS, save=True)
        if path is None:
            return
        path = path if path.suffix else path.with_suffix(".hw2")
        try:
            self.document.save(path, self.front)
            self.services.status(f"Session saved to {path}")
        except UserError as error:
            self.messages.show_message(str(error))

    def start_anew(self) -> None:
        """All tabs as at the first start; each can be undone."""
        for spec in TABS:
            self.document.stores[spec.key].replace("Start anew", load(spec.state)())
        self.services.status("Everything is as at the first start; Undo brings back what was there")

    # -- appearance, messages, help -----------------------------------------------------------------------------------------------

    def choose_appearance(self, choice: Choice) -> None:
        """Follow the system's theme, or stay light or dark."""
        self._appearance.choose(choice)
        self._settings.theme = choice

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _show_busy(self, what: str) -> None:
        self._busy.setText(f"{what}…")
        for widget in self._busy_widgets:
            widget.setVisible(bool(what))

    def _open_log(self) -> None:
        path = paths.log_file()
        if not path.exists() or not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.messages.show_message(f"The log is at {path}", "info")

    def _about(self) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("About hw2gui")
        box.setText(
            f"<b>hw2gui {__version__}</b><br>A laboratory for convolution as a matrix, parameter counts, character recognition and "
            "transliteration."
        )
        box.setInformativeText(f"Settings: {paths.settings_folder()}\nCache: {paths.cache_folder()}\nLog: {paths.log_file()}")
        box.open()

    # -- events -------------------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """The first paint comes before the worker's start."""
        super().showEvent(event)
        QTimer.singleShot(150, self, self.services.start)


    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A session file may be dropped anywhere."""
        if any(url.toLocalFile().endswith(".hw2") for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the dropped session."""
        self.open_session(Path(event.mimeData().urls()[0].toLocalFile()))

    def closeEvent(self, event: QCloseEvent) -> None:
        """A clean end: geometry and session are kept, the worker is gone."""
        if self._autosave is not None:
            self._settings.geometry = self.saveGeometry()
            self._settings.sync()
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
    made.setStyle("Fusion")
    return made
