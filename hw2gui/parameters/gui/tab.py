"""The parameters tab: the stack at the left, pages in the middle, formulas and what can be taken away at the right."""

from __future__ import annotations

from PySide6.QtCore import QEvent
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
from hw2gui.widgets.services import Services

SIDEBAR_WIDTH = 302
PAGES = (
    ("table", "Table", "Every layer with its counts"),
    ("twins", "CNN against fully connected", "Two networks side by side over one size"),
    ("growth", "Growth", "How the counts grow, on logarithmic axes"),
    ("ladder", "Ladder", "From fully connected to convolution, step by step"),
)


class ParametersTab(QWidget):
    """Follows its store: every picture on screen is made from the state, none is changed by hand."""

    def __init__(self, store: Store[ParametersState], services: Services) -> None:
        super().__init__()
        self._store = store
        self._services = services
        self.scene: Scene | None = None
        self.controls = Controls(store, services)
        self.stack = StackEditor(store, services)
        self.rivalry = Rivalry(store, services)
        self.rivalry.setParent(self)
        self.inspector = Inspector(store, services, self.rivalry)
        self.table_page = TablePage(store, services)
        self.twins_page = TwinsPage(store, services, self.rivalry)
        self.growth_page = GrowthPage(store, services, self.rivalry)
        self.ladder_page = LadderPage(store, services)
        self.pages: dict[str, Page] = {
            "table": self.table_page,
            "twins": self.twins_page,
            "growth": self.growth_page,
            "ladder": self.ladder_page,
        }
        self.switch = Choices("Page", PAGES)
        self.switch.chosen.connect(lambda key: store.move(page=key))
        self._stack = QStackedWidget()
        for page in self.pages.values():
            self._stack.addWidget(page)
            page.explained.connect(self._explain)
            page.picture_requested.connect(self.save_picture)
        self._build()
        store.changed.connect(self._follow)
        self._show(store.state)

    def _build(self) -> None:
        left, middle = QWidget(), QWidget()
        left.setFixedWidth(SIDEBAR_WIDTH)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(self.controls)
        column.addWidget(self.stack, 1)
        centre = QVBoxLayout(middle)
        centre.setContentsMargins(0, 0, 0, 0)
        centre.setSpacing(6)
        centre.addWidget(row(self.switch))
        centre.addWidget(self._stack, 1)
        self.inspector.setFixedWidth(theme.INSPECTOR_WIDTH)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(left)
        layout.addWidget(middle, 1)
        layout.addWidget(self.inspector)

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
        self._stack.setCurrentWidget(self.pages[now.page])
        self.front.show_scene(self.scene)
        self.inspector.show_scene(self.scene)

    def _explain(self, html: str) -> None:
        if self.sender() is self.front:
            self.inspector.explain(html)

    def save_picture(self, which: str, suffix: str) -> None:
        """Have the picture *which* drawn into a file as *suffix*."""
        path = self._services.choose_file("Save the picture", f"{which}.{suffix}", f"{suffix.upper()} (*.{suffix})", save=True)
        if path is None:
            return
        path = path if path.suffix else path.with_suffix(f".{suffix}")
        self._services.ask(
            f"export {path}",
            "hw2gui.parameters.tasks:save_picture",
            {"which": which, "path": str(path), "state": self._store.state},
            lambda _: self._services.status(f"Saved {path}"),
            what="Drawing the picture",
        )
