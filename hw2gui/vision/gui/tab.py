"""The vision tab: draw a character and see it read; look inside the network that reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hw2gui.session.store import Store
from hw2gui.vision.gui.asked import Asked
from hw2gui.vision.gui.draw_page import DrawPage
from hw2gui.vision.gui.inside_page import InsidePage
from hw2gui.vision.gui.model_bar import ModelBar
from hw2gui.vision.gui.results_page import ResultsPage
from hw2gui.vision.gui.teach_page import TeachPage
from hw2gui.vision.pen import Drawing
from hw2gui.vision.readings import Reading, StripReading
from hw2gui.vision.results import Neighbours
from hw2gui.vision.state import Page, VisionState
from hw2gui.widgets import theme
from hw2gui.widgets.fields import Choices
from hw2gui.widgets.focus import handing_on
from hw2gui.widgets.services import Services
from hw2gui.widgets.staged import PageStack, Staged

if TYPE_CHECKING:
    from hw2gui.vision.gui.experiments_page import ExperimentsPage
    from hw2gui.vision.gui.train_page import TrainPage

SUPPORT_AFTER_MS = 120
"""The strip and the nearest images follow once the pen is lifted and rests; the answer follows the pen itself, which they would hold up."""


TRAIN_PLOTS = 2
"""So many plots the training page has."""

PAGES = (
    ("draw", "Draw", "Draw a character and see it read"),
    ("inside", "Look inside", "One image on its way through the network, stage by stage"),
    ("results", "Results", "What it gets right and wrong: confusions, comparisons, what excites each channel"),
    ("train", "Train", "Train a network and watch it learn; then draw with it"),
    ("teach", "Teach", "Teach it your hand: label your drawings and train the model on them for a few seconds"),
    ("experiments", "Experiments", "Question 2: the CNN against fully connected networks, changed images and shuffled pixels"),
)


class VisionTab(Staged):
    """Follows its store; all that needs the network is asked of the worker."""

    def __init__(self, store: Store[VisionState], services: Services, *, whole: bool = True) -> None:
        super().__init__()
        self._store = store
        self._services = services
        self._asked = Asked(services)
        self._train: TrainPage | None = None
        self._train_seen = False
        self._experiments: ExperimentsPage | None = None
        self._reading: Reading | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SUPPORT_AFTER_MS)
        self._pause.timeout.connect(self._ask_support)
        self.build(whole=whole)

    def parts(self) -> Iterator[None]:
        """The bar, then page after page."""
        self.pages = Choices("Page", PAGES)
        self.pages.chosen.connect(lambda key: self._store.change("Page", page=key))
        self._stack = PageStack()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self._stack, 1)
        top.addWidget(self.pages)
        yield
        self.models = ModelBar(self._store, self._asked)
        top.addWidget(self.models, 1)
        layout.insertWidget(1, self.models.problem)
        yield
        self.draw = DrawPage(self._store, self._asked)
        self.draw.drawn.connect(self._ask_reading)
        yield from self._add(self.draw)
        self.inside = InsidePage(self._store, self._asked)
        yield from self._add(self.inside)
        self.teach = TeachPage(self._store, self._asked)
        yield from self._add(self.teach)
        self.results = ResultsPage(self._store, self._asked)
        yield from self._add(self.results)

    def _add(self, page: QWidget) -> Iterator[None]:
        yield
        self._stack.addWidget(page)
        yield

    def live(self) -> None:
        """Follow the store."""
        self._store.changed.connect(self._follow)
        self._show(None, self._store.state)

    def ahead(self) -> Iterator[None]:
        """The pages with plots."""
        from hw2gui.vision.gui.experiments_page import MOST_PLOTS
        from hw2gui.widgets.spare_axes import prepare

        if self._train is None:
            for _ in range(TRAIN_PLOTS):
                prepare(self)
                yield
        self._make_train()
        yield
        if self._experiments is None:
            for _ in range(MOST_PLOTS):
                prepare(self)
                yield
        self._make_experiments()
        yield

    def home(self) -> None:
        """Nothing is zoomed here; what waits for the pen to rest is asked for now."""
        if self._pause.isActive():
            self._pause.stop()
            self._ask_support()

    @property
    def train(self) -> TrainPage:
        """The training page, made when it is first shown: its plots take longer to load than all the rest."""
        page = self._make_train()
        if not self._train_seen:
            self._train_seen = True
            page.show_chosen()
            page.refresh()
        return page

    def _make_train(self) -> TrainPage:
        if self._train is None:
            from hw2gui.vision.gui.train_page import TrainPage

            self._train = TrainPage(self._store, self._services, self._use_model, lambda model: self._use_model(model, page="draw"))
            self._stack.addWidget(self._train)
        return self._train

    @property
    def experiments(self) -> ExperimentsPage:
        """The page of question 2's experiments, made when it is first shown."""
        return self._make_experiments()

    def _make_experiments(self) -> ExperimentsPage:
        if self._experiments is None:
            from hw2gui.vision.gui.experiments_page import ExperimentsPage

            self._experiments = ExperimentsPage(self._store, self._asked)
            self._stack.addWidget(self._experiments)
        return self._experiments

    def _widget_of(self, page: Page) -> QWidget:
        match page:
            case "draw":
                return self.draw
            case "inside":
                return self.inside
            case "results":
                return self.results
            case "teach":
                return self.teach
            case "experiments":
                return self.experiments
            case _:
                return self.train

    def _use_model(self, model: str, **also: Any) -> None:
        self._store.change("Model", model=model, epoch=None, pinned=None, **also)

    # -- following the store ------------------------------------------------------------------------------------------------------

    def _follow(self, before: VisionState, after: VisionState) -> None:
        self._show(before, after)

    def _show(self, before: VisionState | None, now: VisionState) -> None:
        self.pages.show_choice(now.page)
        with handing_on(self.pages.button(now.page)):
            self._stack.setCurrentWidget(self._widget_of(now.page))
        if self._train is not None and self._train_seen:
            self._train.show_chosen()
        self.models.show_state(before, now)
        self.draw.show_state(now)
        self.inside.show_state(before, now)
        self.results.show_state(before, now)
        if now.page == "teach":
            self.teach.show_state(before, now)
        if now.page == "experiments":
            self.experiments.show_state(before, now)
        if before is None or _read(before) != _read(now):
            self._ask_reading(now.drawing)
        elif before.change != now.change:
            self._ask_support()

    # -- the drawing --------------------------------------------------------------------------------------------------------------

    def _ask_reading(self, drawing: Drawing) -> None:
        now = self._store.state
        arguments = {"model": now.model, "drawing": drawing, "steps": now.steps, "epoch": now.epoch}
        self._asked.ask("reading", "read_drawing", arguments, self._take_reading, failed=self._no_reading, what="Reading the drawing")

    def _no_reading(self, why: str) -> None:
        self._take_reading(None)
        self.draw.answer.setText(why)

    def _take_reading(self, reading: Reading | None) -> None:
        self._reading = reading
        self.draw.show_reading(reading)
        self._pause.start()

    def _ask_support(self) -> None:
        """The strip and the nearest images of what was read last."""
        reading, now = self._reading, self._store.state
        if reading is None or self.draw.pad.under_way:
            return
        picture = reading.prepared.picture
        arguments = {"model": now.model, "picture": picture, "change": now.change, "epoch": now.epoch}
        self._asked.ask("strip", "read_strip", arguments, self._take_strip, what="Reading the changed drawings")
        self._asked.ask("nearest", "nearest", {"picture": picture}, self._take_nearest, what="Looking for the nearest images")

    def _take_strip(self, strip: StripReading) -> None:
        self.draw.show_strip(strip)

    def _take_nearest(self, answer: tuple[Neighbours, str]) -> None:
        self.draw.show_nearest(*answer)


def _read(state: VisionState) -> tuple[object, ...]:
    """What the answer to the drawing depends on."""
    return (state.drawing, state.steps, state.model, state.epoch)
