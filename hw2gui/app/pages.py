"""The tabs' pages: each is made when it is first needed, part by part where it can be, or ahead of that in quiet moments."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QStackedWidget, QWidget
from shiboken6 import isValid

from hw2gui.app.tabs import TabSpec
from hw2gui.names import load
from hw2gui.session.store import Store
from hw2gui.widgets import theme
from hw2gui.widgets.focus import stop_where_it_scrolls
from hw2gui.widgets.services import Services
from hw2gui.widgets.staged import Staged

log = logging.getLogger(__name__)

CONTENT_SIZE = QSize(1240, 576)
"""A tab is laid out for at least this much room; a smaller window scrolls. It is less than a window of 1280×720 has, for on a screen of
1366×768 the desktop's bars and the guided tour's strip, or a message, want theirs."""

SLICE_S = 0.010
"""While a page is waited for, so much is made of it between two looks at what the user does."""

BREATH_MS = 30
"""Between two parts that nobody waits for."""


class Pages(QStackedWidget):
    """One place for every tab, empty until its page is made."""

    made = Signal(str)
    """The page of this tab is there."""

    all_made = Signal()
    """What `make_ahead` makes is there."""

    def __init__(self, tabs: Sequence[TabSpec], stores: Mapping[str, Store[Any]], services: Services) -> None:
        super().__init__()
        self._specs = {spec.key: spec for spec in tabs}
        self._stores, self._services = stores, services
        self._making: dict[str, Iterator[None]] = {}
        self._ready: dict[str, tuple[QScrollArea, QWidget]] = {}
        self._made: dict[str, QWidget] = {}
        self._narrow = False
        self._front = tabs[0].key
        self._ahead: Iterator[None] = iter(())
        for spec in tabs:
            self.addWidget(_place(spec))
        self._wanted = one_shot(self, 0, self._make_front)
        self._idle = one_shot(self, BREATH_MS, self._make_ahead)

    @property
    def front(self) -> str:
        """The key of the tab in front."""
        return self._front

    def all(self) -> tuple[QWidget, ...]:
        """The pages that are there."""
        return tuple(self._made.values())

    def is_made(self, key: str) -> bool:
        """Whether the page of *key* is there."""
        return key in self._made

    def page(self, key: str) -> QWidget:
        """The page of *key*; what is not made of it yet is made now."""
        if key not in self._made:
            self._advance(key, to_the_end=True)
            area, page = self._ready.pop(key)
            if isinstance(page, Staged):
                page.come_alive()
            self._put(key, area)
            self._made[key] = page
            self.made.emit(key)
        return self._made[key]

    def bring(self, key: str) -> None:
        """Bring *key* to the front. In a window that is seen, a page that takes a while comes when it is made, and nothing waits for it."""
        self._front = key
        if key in self._made or key in self._ready or not self.isVisible() or not self._by_parts(key):
            self.page(key)
        else:
            self._wanted.start()
        self.setCurrentIndex(list(self._specs).index(key))

    def make_ahead(self) -> None:
        """From now on make what is not there yet, a part at a time."""
        self._ahead = self._everything()
        self._idle.start()

    def stop(self) -> None:
        """Make nothing more by itself."""
        self._wanted.stop()
        self._idle.stop()

    def set_narrow(self, narrow: bool) -> None:
        """With something beside them pages give way down to what their parts need; else they keep the room they are laid out for."""
        self._narrow = narrow
        for page in (*self._made.values(), *(page for _, page in self._ready.values())):
            page.setMinimumSize(self._least())

    def _least(self) -> QSize:
        return QSize(0, CONTENT_SIZE.height()) if self._narrow else CONTENT_SIZE

    # -- making -------------------------------------------------------------------------------------------------------------------

    def _by_parts(self, key: str) -> bool:
        widget = load(self._specs[key].widget)
        return isinstance(widget, type) and issubclass(widget, Staged)

    def _make(self, key: str) -> Iterator[None]:
        spec = self._specs[key]
        area = QScrollArea(self)
        area.hide()
        area.setAccessibleName(spec.title)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        theme.dress(area)
        stop_where_it_scrolls(area)
        try:
            widget = load(spec.widget)
            staged = {"whole": False} if self._by_parts(key) else {}
            page = cast("QWidget", widget(self._stores[key], self._services, **staged))
            page.setMinimumSize(self._least())
            # Parts that are put into what has its place already are not measured again and again.
            area.setWidget(page)
            yield
            while isinstance(page, Staged) and page.step():
                yield
        except BaseException:
            if isValid(area):  # a page half made when the program ends goes with the window
                area.deleteLater()
            raise
        self._ready[key] = (area, page)

    def _advance(self, key: str, *, to_the_end: bool = False) -> None:
        """Make one more part of *key*, or all. What goes wrong leaves nothing half made."""
        if key in self._ready or key in self._made:
            return
        making = self._making.setdefault(key, self._make(key))
        try:
            for _ in making:
                if not to_the_end:
                    return
        except BaseException:
            del self._making[key]
            raise
        del self._making[key]

    def _make_front(self) -> None:
        until = time.perf_counter() + SLICE_S
        while self._front not in self._ready and self._front not in self._made:
            self._advance(self._front)
            if time.perf_counter() >= until:
                break
        if self._front in self._ready:
            self.page(self._front)
        elif self._front not in self._made:
            self._wanted.start()

    def _make_ahead(self) -> None:
        if self._wanted.isActive():
            self._idle.start()
            return
        try:
            left = next(self._ahead, self) is None
        except Exception:
            # Whoever opens it is told; here nobody asked.
            log.exception("a page could not be made ahead")
            left = False
        if left:
            self._idle.start()
        else:
            self.all_made.emit()

    def _everything(self) -> Iterator[None]:
        for key in self._specs:
            while self._by_parts(key) and key not in self._ready and key not in self._made:
                self._advance(key)
                yield
        for key in self._specs:
            page = self._made.get(key) or self._ready.get(key, (None, None))[1]
            if isinstance(page, Staged):
                yield from page.ahead()

    def _put(self, key: str, area: QScrollArea) -> None:
        """Let *area* take the place that was kept for it; nothing else comes into sight in between."""
        index = list(self._specs).index(key)
        place = self.widget(index)
        assert place is not None
        seen = place is self.currentWidget()
        self.insertWidget(index, area)
        if seen:
            self.setCurrentIndex(index)
        self.removeWidget(place)
        place.deleteLater()


def _place(spec: TabSpec) -> QLabel:
    """What stands where a page is about to be."""
    label = QLabel(spec.hint)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setEnabled(False)
    return label


def one_shot(parent: QObject, milliseconds: int, act: Callable[[], None]) -> QTimer:
    """A timer that, each time it is started, does *act* once after so long."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(act)
    return timer
