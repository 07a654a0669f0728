"""A monkey at the window: thousands of seeded random real events on one tab, and what came of it.

``python -m tests.soak.monkey [--tab KEY] [--events 10000] [--seed 1] [--json]``, from the checkout. Everything it can reach is under a home
of its own; dialogs of the system and links to the outside are shut, for they are not the program's.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.soak.home import own_home

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HW2GUI_HOME"] = own_home("monkey")

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollBar, QTabBar, QWidget

from hw2gui import memory
from hw2gui.app import preload
from hw2gui.app.appearance import Appearance
from hw2gui.app.main_window import MainWindow, application
from hw2gui.app.settings import Settings
from hw2gui.app.tabs import TABS
from hw2gui.app.tour import settle
from tests.soak.progress import Progress
from tests.soak.watch import Size, Watch, size

WARM_UP = 1500
"""Events before the first measure: by then what is made on first use has been made."""

TEXTS = ("kernel", "محمد", "buenos dias", "12", "-3.5", "1e9", "0", "…", "w(γ-α+1, δ-β+1)", "1,2;3,4", "\t", "ん")
KEYS = (
    "Left", "Right", "Up", "Down", "Home", "End", "PageUp", "PageDown", "Tab", "Backtab", "Return", "Enter", "Space", "Escape", "Delete",
    "Backspace", "F1", "F2", "F5", "Plus", "Minus", "Question", *"ABCMNWXYZ0123459",
)  # fmt: skip
CHORDS = ("Z", "Y", "C", "V", "A", "K", "Tab", "1", "2", "3", "4", "5", "Plus", "Minus", "0")
ENDING = ("quit", "close window", "exit")


class Monkey:
    """Acts by a timer, so that dialogs and menus with loops of their own are acted on too."""

    def __init__(self, window: MainWindow, watch: Watch, tab: str, events: int, seed: int) -> None:
        self.window, self.watch, self.tab, self.events = window, watch, tab, events
        self.random = random.Random(seed)
        self.done = 0
        self.progress = Progress(events)
        self.sizes: list[Size] = []

    def run(self) -> None:
        """All events."""
        self._next()
        while self.done < self.events:
            QApplication.processEvents()
            time.sleep(0.0005)
        self._close_popups()

    def _next(self) -> None:
        # A timer does not fire while its own slot waits in a dialog's loop, so each event has a timer of its own.
        QTimer.singleShot(0, self._act)

    def _act(self) -> None:
        if self.done >= self.events:
            self._close_popups()  # the last event may have opened a menu, in whose loop we are
            return
        self.done += 1
        number = self.done
        self.progress.at(number)
        self._next()
        self.act_once()
        if number in (min(WARM_UP, self.events // 3), self.events):
            self.watch.doing = "measuring"
            self.sizes.append(size())
            self.watch.forget_gap()

    def act_once(self) -> None:
        """One event, or a few that belong together."""
        try:
            self._one()
        except RuntimeError as error:  # a widget that was deleted between being chosen and being acted on
            if "already deleted" not in str(error):
                raise

    def _one(self) -> None:
        top = QApplication.activePopupWidget() or QApplication.activeModalWidget() or self.window
        draw = self.random.random()
        if top is not self.window and draw < 0.3:
            self._key(top, Qt.Key.Key_Escape, "Esc")
            return
        if draw < 0.02:
            self.window.show_tab(self.tab)
        elif draw < 0.025:
            self.window.resize(self.random.choice([(1280, 800), (1000, 700), (1600, 1000), (800, 600)])[0], self.random.randint(600, 1000))
        elif draw < 0.30:
            self._keyboard(top)
        else:
            self._mouse(top)

    def _target(self, top: QWidget) -> QWidget | None:
        with self.watch.aside():
            shown = [widget for widget in top.findChildren(QWidget) if widget.isVisible() and widget.width() > 2 and widget.height() > 2]
        if not shown:
            return top
        chosen = self.random.choice(shown)
        if isinstance(chosen, QTabBar) and top is self.window and len(TABS) > 1 and self.random.random() < 0.9:
            return None  # stay on this tab mostly
        return chosen

    def _mouse(self, top: QWidget) -> None:
        widget = self._target(top)
        if widget is None:
            return
        at = QPoint(self.random.randrange(widget.width()), self.random.randrange(widget.height()))
        button = self.random.choices([Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton], [20, 1, 1])[0]
        held = self.random.choices(
            [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier], [12, 1, 1]
        )[0]
        kind = self.random.choices(["move", "click", "double", "drag", "wheel"], [6, 10, 1, 3, 3])[0]
        name = widget.accessibleName() or widget.objectName()
        self.watch.doing = f"{kind} on {type(widget).__name__} “{name}” in {self.tab}"
        if kind == "move":
            QTest.mouseMove(widget, at)
        elif kind == "click":
            QTest.mouseClick(widget, button, held, at)
        elif kind == "double":
            QTest.mouseDClick(widget, button, held, at)
        elif kind == "drag":
            QTest.mousePress(widget, button, held, at)
            for _ in range(self.random.randint(1, 8)):
                QTest.mouseMove(widget, QPoint(self.random.randrange(widget.width()), self.random.randrange(widget.height())))
            QTest.mouseRelease(widget, button, held, at)
        else:
            self._wheel(widget, at)

    def _wheel(self, widget: QWidget, at: QPoint) -> None:
        from PySide6.QtCore import QPointF
        from PySide6.QtGui import QWheelEvent

        turn = QPoint(0, self.random.choice([-240, -120, 120, 240]))
        held = self.random.choice([Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier])
        event = QWheelEvent(
            QPointF(at), QPointF(widget.mapToGlobal(at)), QPoint(), turn, Qt.MouseButton.NoButton, held, Qt.ScrollPhase.NoScrollPhase, False
        )
        QApplication.sendEvent(widget, event)

    def _keyboard(self, top: QWidget) -> None:
        widget = QApplication.focusWidget() or top
        if isinstance(widget, QScrollBar):
            widget = top
        draw = self.random.random()
        if draw < 0.15:
            text = self.random.choice(TEXTS)
            self.watch.doing = f"typing {text!r} into {type(widget).__name__} in {self.tab}"
            for character in text:
                QTest.keyClick(widget, character) if character.isascii() else QTest.sendKeyEvent(
                    QTest.KeyAction.Click, widget, Qt.Key.Key_unknown, character, Qt.KeyboardModifier.NoModifier
                )
        elif draw < 0.35:
            name = self.random.choice(CHORDS)
            self._key(widget, getattr(Qt.Key, f"Key_{name}"), f"Ctrl+{name}", Qt.KeyboardModifier.ControlModifier)
        else:
            name = self.random.choice(KEYS)
            self._key(widget, getattr(Qt.Key, f"Key_{name}"), name)

    def _key(self, widget: QWidget, key: Qt.Key, name: str, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.watch.doing = f"{name} on {type(widget).__name__} in {self.tab}"
        QTest.keyClick(widget, key, held)

    def _close_popups(self) -> None:
        for _ in range(20):
            top = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if top is None:
                return
            top.close()
            QApplication.processEvents()


class NoTorch:
    """The window's process never imports torch; whoever tries is found out."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        """Refuse torch, leave the rest to others."""
        if name == "torch":
            raise ImportError("the window's process was made to import torch")


def shake(tab: str, events: int, seed: int) -> dict[str, object]:
    """Shake *tab* and tell what was seen."""
    sys.meta_path.insert(0, NoTorch)
    app = application()
    QDesktopServices.openUrl = lambda *_: True  # type: ignore[method-assign]
    window = MainWindow(Appearance(app, "light"), Settings(), tab=tab)
    window.services.choose_file = _chooser(seed)  # type: ignore[method-assign]
    for action in window.findChildren(QAction):
        if any(word in action.text().replace("&", "").lower() for word in ENDING):
            action.setEnabled(False)
    window.resize(1280, 800)
    window.show()
    preload.preload()
    window.pages.all_made.connect(memory.set_aside)
    window.pages.make_ahead()
    settle(window)
    began = time.perf_counter()
    with Watch() as watch:
        monkey = Monkey(window, watch, tab, events, seed)
        monkey.run()
        watch.doing = "closing"
        watch.forget_gap()
        closing = time.perf_counter()
        window.close()
        closed = time.perf_counter() - closing
        found = watch.found
    window.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    left = size()
    first, last = monkey.sizes
    return {
        "tab": tab,
        "events": events,
        "done": monkey.done,
        "seed": seed,
        "seconds": round(time.perf_counter() - began, 1),
        "exceptions": dict(found.exceptions),
        "warnings": dict(found.warnings),
        "longest_ms": found.longest_ms,
        "hangs": sorted(found.hangs, reverse=True)[:20],
        "hang_count": len(found.hangs),
        "computing_count": sum(own > 100 for _, own, _, _ in found.hangs),
        "after_warm_up": asdict(first),
        "at_the_end": asdict(last),
        "closing_s": round(closed, 2),
        "left_when_closed": asdict(left),
    }


def _chooser(seed: int) -> Any:
    drawn = random.Random(seed)
    folder = Path(os.environ["HW2GUI_HOME"]) / "chosen"

    def choose(title: str, suggestion: str, kinds: str, *, save: bool) -> Path | None:
        folder.mkdir(exist_ok=True)
        if drawn.random() < 0.4:
            return None
        there = sorted(folder.iterdir())
        return folder / (suggestion or "any.txt") if save else (drawn.choice(there) if there else None)

    return choose


def main() -> int:
    """Shake one tab and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tab", choices=[spec.key for spec in TABS], default=TABS[0].key)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    arguments = parser.parse_args()
    found = shake(arguments.tab, arguments.events, arguments.seed)
    print(json.dumps(found, ensure_ascii=False, indent=None if arguments.json else 1))
    return 1 if found["exceptions"] else 0


if __name__ == "__main__":
    sys.exit(main())
