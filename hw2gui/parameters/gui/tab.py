"""The parameters tab: the stack at the left, pages in the middle, formulas and what can be taken away at the right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from hw2gui.parameters.gui.controls import Controls
from hw2gui.parameters.gui.growth_page import GrowthPage
from hw2gui.parameters.gui.inspector import Inspector
from hw2gui.parameters.gui.ladder_page import LadderPage
from hw2gui.parameters.gui.page import Page
from hw2gui.parameters.gui.rivalry import Rivalry
from hw2gui.parameters.gui.stack_editor import StackEditor
from hw2gui.parameters.gui.table_page import TablePage
from hw2gui.parameters.gui.twins_page import TwinsPage
from hw2gui.parameters.scene import Scene, resolve
from hw2gui.parameters.state import ParametersState
from hw2gui.session.store import Store
from hw2gui.widgets import theme
from hw2gui.widgets.fields import Choices, row
from hw2gui.widgets.focus import handing_on
from hw2gui.widgets.saving import save_picture
from hw2gui.widgets.services import Services
from hw2gui.widgets.staged import Staged

SIDEBAR_WIDTH = 302
NARROW_INSPECTOR = 240
LEAST_TABLE = 480
"""The narrowest in which a table of layers is read."""

PAGES = (
    ("table", "Table", "Every layer with its counts"),
    ("twins", "CNN against fully connected", "Two networks side by side over one size"),
    ("growth", "Growth", "How the counts grow, on logarithmic axes"),
    ("ladder", "Ladder", "From fully connected to convolution, step by step"),
)


class ParametersTab(Staged):
    """Follows its store: every picture on screen is made from the state, none is changed by hand."""

    def __init__(self, store: Store[ParametersState], services: Services, *, whole: bool = True) -> None:
        super().__init__()
        self._store = store
        self._services = services
        self.scene: Scene | None = None
        self.build(whole=whole)

    def parts(self) -> Iterator[None]:
        """The two sides, then page after page."""
        self._stack = _Stack()
        self.switch = Choices("Page", PAGES)
        self.switch.chosen.connect(lambda key: self._store.move(page=key))
        left = self._build()
        yield
        self.controls = Controls(self._store, self._services)
        left.addWidget(self.controls)
        yield
        self.stack = StackEditor(self._store, self._services)
        left.addWidget(self.stack, 1)
        yield
        self.rivalry = Rivalry(self._store, self._services)
        self.rivalry.setParent(self)
        self.pages: dict[str, Page] = {}
        self.table_page = TablePage(self._store, self._services)
        yield from self._add("table", self.table_page)
        self.inspector = Inspector(self._store, self._services, self.rivalry)
        # As wide as in every tab, but beside the questions on a small screen.
        self.inspector.setMinimumWidth(NARROW_INSPECTOR)
        self.inspector.setMaximumWidth(theme.INSPECTOR_WIDTH)
        self._columns.addWidget(self.inspector)
        yield
        self.twins_page = TwinsPage(self._store, self._services, self.rivalry)
        yield from self._add("twins", self.twins_page)
        self.growth_page = GrowthPage(self._store, self._services, self.rivalry)
        yield from self._add("growth", self.growth_page)
        self.ladder_page = LadderPage(self._store, self._services)
        yield from self._add("ladder", self.ladder_page)

    def live(self) -> None:
        """Follow the store."""
        self._store.changed.connect(self._follow)
        self._show(self._store.state)

    def _add(self, key: str, page: Page) -> Iterator[None]:
        yield
        self.pages[key] = page
        self._stack.addWidget(page)
        page.explained.connect(self._explain)
        page.picture_requested.connect(self.save_picture)
        yield

    def _build(self) -> QVBoxLayout:
        """Lay out what is to come; the column at the left is answered."""
        left, middle = QWidget(self), QWidget(self)
        left.setFixedWidth(SIDEBAR_WIDTH)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        self._columns = QHBoxLayout(self)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(theme.SPACE)
        self._columns.addWidget(left)
        self._columns.addWidget(middle, 1)
        centre = QVBoxLayout(middle)
        centre.setContentsMargins(0, 0, 0, 0)
        centre.setSpacing(6)
        centre.addWidget(row(self.switch))
        centre.addWidget(self._stack, 1)
        return column

    # -- following the store ------------------------------------------------------------------------------------------------------

    def home(self) -> None:
        """Zoom out the ladder's pictures."""
        self.ladder_page.home()

    @property
    def front(self) -> Page:
        """The page in front."""
        return self.pages[self._store.state.page]

    def changeEvent(self, event: QEvent) -> None:
        """A new theme: stripes, errors and claims carry its colours."""
        if event.type() == QEvent.Type.PaletteChange and self.scene is not None:
            self._show(self._store.state)
        super().changeEvent(event)

    def _follow(self, _before: ParametersState, after: ParametersState) -> None:
        self._show(after)

    def _show(self, now: ParametersState) -> None:
        self.scene = resolve(now, self.scene)
        self.controls.show_scene(self.scene)
        self.stack.show_scene(self.scene)
        self.switch.show_choice(now.page)
        with handing_on(self.switch.button(now.page)):
            self._stack.setCurrentWidget(self.pages[now.page])
        self.front.show_scene(self.scene)
        self.inspector.show_scene(self.scene)

    def _explain(self, html: str) -> None:
        if self.sender() is self.front:
            self.inspector.explain(html)

    def open_file(self, path: Path) -> None:
        """Open the stack of layers in the TOML file *path*."""
        self.controls.open_file(path)

    def save_picture(self, which: str, suffix: str) -> None:
        """Have the picture *which* drawn into a file as *suffix*."""
        arguments = {"which": which, "state": self._store.state}
        save_picture(self._services, "hw2gui.parameters.tasks:save_picture", arguments, which, suffix)


class _Stack(QStackedWidget):
    """Needs no more room than the page in front."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(lambda _: self.updateGeometry())

    def hasHeightForWidth(self) -> bool:
        """The height is what is left, whatever the width: tables and plots give way."""
        return False

    def minimumSizeHint(self) -> QSize:
        """That of the page in front."""
        front = self.currentWidget()
        return super().minimumSizeHint() if front is None else front.minimumSizeHint().expandedTo(QSize(LEAST_TABLE, 0))
