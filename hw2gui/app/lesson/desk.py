"""The lesson in the window: the questions' dock, the tour's strip, and the teacher's switches put into effect."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QWidget
from shiboken6 import isValid

from hw2gui.app.lesson.guide import GuideStrip
from hw2gui.app.lesson.lock import Lock
from hw2gui.app.lesson.panel import QuestionsPanel, guessed
from hw2gui.app.lesson.questions import BY_KEY, QUESTIONS
from hw2gui.app.lesson.script import ScriptDialog, state_of, taken
from hw2gui.app.lesson.state import KEY, MOST_STEPS, Lesson, merged
from hw2gui.errors import UserError
from hw2gui.session.store import Store
from hw2gui.widgets import theme
from hw2gui.widgets.panel import Panel

if TYPE_CHECKING:
    from hw2gui.app.main_window import MainWindow

DOCK_WIDTH, NARROWEST_DOCK = 330, 208
TAB_ROOM = 1072
"""What the tab beside the dock should keep, margins included: every tab but the widest can be laid out in it."""

ANY_WIDTH = 16_777_215
"""Qt's word for no limit."""

HIDDEN = "Hidden by the teacher"
GUESS_FIRST = "Your guess comes first: type one in the questions at the side, and this is shown."

SWITCHED = {
    "hide_answers": ("The answers are shown", "The answers are hidden; Lesson, Hide the answers shows them again"),
    "locked": ("The controls are free", "The controls are locked; Lesson, Lock the controls frees them again"),
}
"""What is said when a switch is off, and on."""

LOCKED = "The controls are locked by the teacher; pointing, zooming and playing are not."


class Desk(QObject):
    """Follows the lesson's store and drives *window*."""

    def __init__(self, window: MainWindow, content: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.store: Store[Lesson] = window.document.stores[KEY]
        tabs = tuple(spec.key for spec in window.tabs)
        self._tabs = tabs
        self.guide = GuideStrip(self.store, window.services, tabs)
        self.panel: QuestionsPanel | None = None
        self._dock: QDockWidget | None = None
        self._again = False
        """Whether the next step after the last was asked for: asked for once more, it is the first."""
        self._script: ScriptDialog | None = None
        self._before: QWidget | None = None
        """What had the focus when the questions were called for."""
        self._lock = Lock(content, lambda: window.services.status(LOCKED))
        self.store.changed.connect(self._follow)

    def _follow(self, before: Lesson, now: Lesson) -> None:
        self._show_dock(now.panel)
        if before.locked != now.locked or any(self._why(before, key) != self._why(now, key) for key in self._tabs):
            self.apply()

    def _why(self, now: Lesson, key: str) -> str:
        """Why the answers in the tab *key* are covered; empty: they are not."""
        if now.hide_answers:
            return HIDDEN
        question = BY_KEY.get(now.current, QUESTIONS[0])
        place = question.place(self._tabs)
        asked = now.panel and question.told and place is not None and place.tab == key
        return GUESS_FIRST if asked and not guessed(now.entry(question.key)) else ""

    def apply(self) -> None:
        """Put the switches into effect on everything that is there."""
        now = self.store.state
        self._show_dock(now.panel)
        self._lock.set_on(now.locked)
        for key in self._tabs:
            self._window.document.stores[key].locked = now.locked
        for key in self._tabs:
            if self._window.pages.is_made(key):
                self.dress(key, self._window.page(key))

    def dress(self, key: str, page: QWidget) -> None:
        """Cover the answers on *page*, that of the tab *key*, or uncover them."""
        why = self._why(self.store.state, key)
        for panel in page.findChildren(Panel):
            if panel.tells:
                panel.cover(why)

    def escape(self) -> bool:
        """Esc that nobody else wanted closes the tour; answer whether there was one."""
        if not self.store.state.tour_on:
            return False
        self.store.move(tour_on=False)
        return True

    def close(self) -> None:
        """The window closes: keep no filter on the program."""
        self._lock.set_on(False)

    # -- questions ----------------------------------------------------------------------------------------------------------------

    def toggle_questions(self) -> None:
        """Show the questions beside the tabs, with the keyboard on the open one, or put them away, and the keyboard back."""
        shown = not self.store.state.panel
        before = QApplication.focusWidget()
        back = self._before if not shown and self._dock is not None and before is not None and self._dock.isAncestorOf(before) else None
        self.store.move(panel=shown)
        if shown and self.panel is not None:
            self._before = before
            self.panel.buttons[self.panel.question.key].setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif back is not None and isValid(back) and back.isVisible():
            back.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_question(self, key: str) -> None:
        """Show the question *key* and the view that answers it, with the keyboard where the guess is typed."""
        self.store.move(panel=True)
        if self.panel is not None:
            self.panel.choose(key)
            revealed = self.store.state.entry(key).revealed
            (self.panel.buttons[key] if revealed else self.panel.guess).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_dock(self, shown: bool) -> None:
        if self._dock is None:
            if not shown:
                return
            self.panel = QuestionsPanel(self.store, self._window.services, self._tabs)
            dock = QDockWidget("Questions", self._window)
            dock.setObjectName("questions")
            theme.dress(dock)
            dock.setAllowedAreas(Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea)
            dock.setWidget(self.panel)
            dock.setMinimumWidth(NARROWEST_DOCK)
            self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
            self._make_room(DOCK_WIDTH)
            dock.visibilityChanged.connect(self._dock_closed)
            dock.topLevelChanged.connect(lambda _: self.keep_room())
            dock.show()
            self._dock = dock
            self.keep_room()
            self._window.resizeDocks([dock], [min(DOCK_WIDTH, dock.maximumWidth())], Qt.Orientation.Horizontal)
        elif shown != (not self._dock.isHidden()):
            self._dock.setVisible(shown)
        self._window.pages.set_narrow(shown)

    def keep_room(self) -> None:
        """The questions are not drawn so wide that the tab beside them has to scroll sideways; torn off they may have any width."""
        if self._dock is not None:
            room = ANY_WIDTH if self._dock.isFloating() else max(NARROWEST_DOCK, self._window.width() - TAB_ROOM)
            self._dock.setMaximumWidth(room)

    def _dock_closed(self, _visible: bool) -> None:
        if self._dock is not None and self._dock.isHidden() and not self._window.isHidden() and self.store.state.panel:
            self.store.move(panel=False)

    def _make_room(self, width: int) -> None:
        """Widen the window for the dock as far as the screen goes, so that the tab beside it keeps its size."""
        window = self._window
        if window.isMaximized() or window.isFullScreen():
            return
        room = window.screen().availableGeometry().right() - window.geometry().left()
        window.resize(max(window.width(), min(window.width() + width, room)), window.height())

    # -- the teacher's ------------------------------------------------------------------------------------------------------------

    def switch(self, name: str, on: bool) -> None:
        """``hide_answers`` or ``locked``."""
        self.store.move(**{name: on})
        self._window.services.status(SWITCHED[name][on])

    def add_step(self) -> None:
        """Keep what is on screen as the next step of the script."""
        window, script = self._window, self.store.state.script
        if len(script) >= MOST_STEPS:
            window.services.status(f"A script has at most {MOST_STEPS} steps")
            return
        title = f"{next(spec.title for spec in window.tabs if spec.key == window.front)}, step {len(script) + 1}"
        step = taken(title, window.front, window.front_store().state)
        self.store.replace("Step added", self.store.state.with_step(step))
        window.services.status(f"Step {len(script) + 1} of the script is what is on screen now")

    def step(self, by: int) -> None:
        """Show the step after (or before) the one shown last."""
        script, at = self.store.state.script, self.store.state.at + by
        if not script:
            self._window.services.status("There is no script yet: Lesson, Add what is on screen begins one")
        elif at < 0:
            self._window.services.status("This is the first step")
        elif at >= len(script) and not self._again:
            self._again = True
            self._window.services.status("That was the last step; once more begins with the first")
        elif at >= len(script):
            self.show_step(0)
        else:
            self.show_step(at)

    def show_step(self, at: int) -> None:
        """Show step *at* of the script (from 0); a damaged one, or one of a tab that is not there, says so."""
        self._again = False
        if not 0 <= at < len(self.store.state.script):
            return
        step = self.store.state.script[at]
        self.store.move(at=at)
        store = self._window.document.stores.get(step.tab)
        if store is None or step.tab not in self._tabs:
            self._window.messages.show_message(f"Step '{step.title}' is of a tab that is not here: update hw2gui to see it.")
            return
        try:
            state = state_of(step, store)
        except UserError as error:
            self._window.messages.show_message(str(error))
            return
        with self.unlocked():
            self._window.show_state(step.tab, state, f"Script: {step.title}")
        self._window.services.status(f"{at + 1} of {len(self.store.state.script)}: {step.title}")

    @contextmanager
    def unlocked(self) -> Iterator[None]:
        """What the teacher's own script does is not locked."""
        stores: list[Store[Any]] = [self._window.document.stores[key] for key in self._tabs]
        before = [store.locked for store in stores]
        for store in stores:
            store.locked = False
        try:
            yield
        finally:
            for store, locked in zip(stores, before, strict=True):
                store.locked = locked

    @contextmanager
    def opening(self) -> Iterator[None]:
        """A session is opened: what was written about questions it says nothing of is kept, and its switches take effect."""
        before = self.store.state
        with self.unlocked():
            yield
        now = merged(before, self.store.state)
        self.store.reset(now)
        self.apply()

    def edit_script(self) -> None:
        """Show the steps, to be ordered, renamed and removed."""
        if self._script is None or not isValid(self._script) or not self._script.isVisible():
            self._script = ScriptDialog(self._window, self.store)
        self._script.show()
        self._script.raise_()
        self._script.activateWindow()
