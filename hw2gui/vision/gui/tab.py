"""The vision tab: draw a character and see it read; look inside the network that reads it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from hw2gui.session.store import Store
from hw2gui.vision.gui.draw_page import DrawPage
from hw2gui.vision.gui.inside_page import InsidePage
from hw2gui.vision.pen import Drawing
from hw2gui.vision.readings import CellProducts, Look, Reading, StripReading
from hw2gui.vision.results import Attribution, Neighbours
from hw2gui.vision.state import SHIPPED, VisionState
from hw2gui.widgets import theme
from hw2gui.widgets.fields import Choices, text_label
from hw2gui.widgets.services import Services

if TYPE_CHECKING:
    from hw2gui.vision.gui.train_page import TrainPage

SUPPORT_AFTER_MS = 120
"""The strip and the nearest images follow once the pen rests; the answer follows the pen itself."""

TASKS = "hw2gui.vision.tasks"


class VisionTab(QWidget):
    """Follows its store; all that needs the network is asked of the worker."""

    def __init__(self, store: Store[VisionState], services: Services) -> None:
        super().__init__()
        self._store = store
        self._services = services
        self.pages = Choices(
            "Page",
            (
                ("draw", "Draw", "Draw a character and see it read"),
                ("inside", "Look inside", "One image on its way through the network, stage by stage"),
                ("train", "Train", "Train a network and watch it learn; then draw with it"),
            ),
        )
        self.pages.chosen.connect(lambda key: store.change("Page", page=key))
        self.draw = DrawPage(store)
        self.inside = InsidePage(store)
        self._train: TrainPage | None = None
        self.model_words = text_label(muted=True)
        self.shipped = QPushButton("Back to the shipped model")
        self.shipped.setToolTip("Let the model that came with the program read and be looked into again")
        self.shipped.clicked.connect(lambda: self._use_model(SHIPPED))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.draw)
        self._stack.addWidget(self.inside)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.addWidget(self.pages)
        top.addWidget(self.model_words, 1)
        top.addWidget(self.shipped)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addLayout(top)
        layout.addWidget(self._stack, 1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SUPPORT_AFTER_MS)
        self._pause.timeout.connect(self._ask_support)
        self._reading: Reading | None = None
        self.draw.drawn.connect(self._ask_reading)
        store.changed.connect(self._follow)
        self._show(None, store.state)

    def home(self) -> None:
        """Nothing is zoomed here; what waits for the pen to rest is asked for now."""
        if self._pause.isActive():
            self._pause.stop()
            self._ask_support()

    @property
    def train(self) -> TrainPage:
        """The training page, made when it is first shown: its plots take longer to load than all the rest."""
        if self._train is None:
            from hw2gui.vision.gui.train_page import TrainPage

            self._train = TrainPage(self._store, self._services, self._use_model)
            self._stack.addWidget(self._train)
            self._train.show_state(self._store.state)
            self._train.refresh()
        return self._train

    def _use_model(self, model: str) -> None:
        self._store.change("Model", model=model, pinned=None)

    # -- following the store ------------------------------------------------------------------------------------------------------

    def _follow(self, before: VisionState, after: VisionState) -> None:
        self._show(before, after)

    def _show(self, before: VisionState | None, now: VisionState) -> None:
        self.pages.show_choice(now.page)
        self._stack.setCurrentWidget({"draw": self.draw, "inside": self.inside}.get(now.page) or self.train)
        if self._train is not None:
            self._train.show_state(now)
        own = now.model != SHIPPED
        self.shipped.setVisible(own)
        self.model_words.setText(f"Read by your run {Path(now.model).name}" if own else "")
        self.draw.show_state(now)
        self.inside.show_state(now)
        if before is None or (before.drawing, before.steps, before.model) != (now.drawing, now.steps, now.model):
            self._ask_reading(now.drawing)
        elif before.change != now.change:
            self._ask_support()
        looked = (now.page, now.source, now.index, now.model, now.drawing if now.source == "drawing" else None)
        if now.page == "inside" and (before is None or looked != _looked(before)):
            self._ask_look()
        elif now.page == "inside" and before is not None:
            if before.attribution != now.attribution:
                self._ask_attribution()
            if before.pinned != now.pinned:
                self._ask_products()

    # -- the drawing --------------------------------------------------------------------------------------------------------------

    def _ask_reading(self, drawing: Drawing) -> None:
        now = self._store.state
        self._services.ask(
            "reading",
            f"{TASKS}:read_drawing",
            {"model": now.model, "drawing": drawing, "steps": now.steps},
            self._take_reading,
            what="Reading the drawing",
        )

    def _take_reading(self, reading: Reading | None) -> None:
        self._reading = reading
        self.draw.show_reading(reading)
        self._pause.start()

    def _ask_support(self) -> None:
        """The strip and the nearest images of what was read last."""
        reading, now = self._reading, self._store.state
        if reading is None:
            return
        picture = reading.prepared.picture
        arguments = {"model": now.model, "picture": picture, "change": now.change}
        self._services.ask("strip", f"{TASKS}:read_strip", arguments, self._take_strip, what="Reading the changed drawings")
        self._services.ask("nearest", f"{TASKS}:nearest", {"picture": picture}, self._take_nearest, what="Looking for the nearest images")

    def _take_strip(self, strip: StripReading) -> None:
        self.draw.show_strip(strip)

    def _take_nearest(self, answer: tuple[Neighbours, str]) -> None:
        self.draw.show_nearest(*answer)

    # -- looking inside -----------------------------------------------------------------------------------------------------------

    def _ask_look(self) -> None:
        now = self._store.state
        arguments = {"model": now.model, "source": now.source, "index": now.index, "drawing": now.drawing, "steps": now.steps}
        self._services.ask("look", f"{TASKS}:look", arguments, self._take_look, failed=self._no_look, what="Looking inside")

    def _take_look(self, look: Look | None) -> None:
        self.inside.show_look(look, "Draw something first: an empty pad says nothing.")
        if look is not None:
            self._ask_attribution()
            self._ask_products()

    def _no_look(self, why: str) -> None:
        self.inside.show_look(None, why)

    def _looked_at(self) -> dict[str, object]:
        now = self._store.state
        return {"model": now.model, "source": now.source, "index": now.index, "drawing": now.drawing, "steps": now.steps}

    def _ask_attribution(self) -> None:
        now = self._store.state
        if now.attribution == "none":
            self._services.forget("attribution")
            self.inside.show_attribution(None)
            return
        self._services.ask(
            "attribution",
            f"{TASKS}:attribute",
            {**self._looked_at(), "kind": now.attribution},
            self._take_attribution,
            what="Asking what the answer rests on",
        )

    def _take_attribution(self, attribution: Attribution | None) -> None:
        self.inside.show_attribution(attribution)

    def _ask_products(self) -> None:
        now = self._store.state
        if now.pinned is None:
            self._services.forget("products")
            return
        stage, channel, row, column = now.pinned
        self._services.ask(
            "products",
            f"{TASKS}:cell_products",
            {**self._looked_at(), "stage": stage, "channel": channel, "row": row, "column": column},
            self._take_products,
            failed=lambda _: self._store.move(pinned=None),
            what="Computing the products",
        )

    def _take_products(self, found: CellProducts | None) -> None:
        self.inside.show_products(found)


def _looked(state: VisionState) -> tuple[object, ...]:
    """What the inside page shows."""
    return (state.page, state.source, state.index, state.model, state.drawing if state.source == "drawing" else None)
