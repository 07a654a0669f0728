"""Look inside: one image on its way through the network, stage by stage, down to the products behind a single value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from hw2gui.arrays import Singles
from hw2gui.session.store import Store
from hw2gui.vision.gui.asked import SAVING, Asked
from hw2gui.vision.gui.image_column import ImageColumn
from hw2gui.vision.gui.opening import put_on_pad, what_excites
from hw2gui.vision.gui.stage_view import FilterView, ProbabilityStrip, StageView
from hw2gui.vision.gui.value_panel import ValuePanel
from hw2gui.vision.network import Stage
from hw2gui.vision.readings import CellProducts, Look
from hw2gui.vision.state import VisionState
from hw2gui.widgets import theme
from hw2gui.widgets.fields import Choices
from hw2gui.widgets.focus import stop_where_it_scrolls
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.saving import save_picture

EMPTY = "Draw something first: an empty pad says nothing."


class InsidePage(QWidget):
    """The image, every stage, and the value that is pinned."""

    def __init__(self, store: Store[VisionState], asked: Asked) -> None:
        super().__init__()
        self._store = store
        self._asked = asked
        self._look: Look | None = None
        self._stages: dict[str, StageView] = {}
        self._filters: dict[str, FilterView] = {}
        self.image = ImageColumn(store)
        self.image.save.connect(self._save_image)
        self.image.answer_panel.export_requested.connect(self._save_answer)
        self.image.draw.connect(lambda place: put_on_pad(store, asked, place))
        self.showing = Choices(
            "Stages",
            (
                ("maps", "Maps", "What leaves every stage for this image"),
                ("filters", "Filters", "The weights as pictures: what each map and unit looks for"),
            ),
        )
        self.showing.chosen.connect(lambda key: store.change("Maps or filters", showing=key))
        self.shared = QCheckBox("One colour scale for all maps of a stage")
        self.shared.setToolTip("Off: each map has its own scale, so that faint ones can be seen")
        self.shared.toggled.connect(lambda on: store.change("Colour scale", shared_scale=on))
        self.probabilities = ProbabilityStrip()
        self.value = ValuePanel()
        self.value.excites.connect(lambda stage, channel: what_excites(store, stage, channel))
        self.value_panel = Panel("One value", self.value, exports=True).hold_answer()
        self.value_panel.offer_export(False)
        self.value_panel.export_requested.connect(self._save_value)
        self._build()

    def _build(self) -> None:
        self._column = QVBoxLayout()
        self._column.setContentsMargins(2, 0, 8, 0)
        self._column.addWidget(self.probabilities)
        self._column.addStretch(1)
        holder = QWidget()
        holder.setLayout(self._column)
        area = QScrollArea()
        stop_where_it_scrolls(area)
        area.setAccessibleName("Every stage")
        area.setWidgetResizable(True)
        area.setWidget(holder)
        stages = Panel("Every stage, from the image to the probabilities", area)
        stages.header.addWidget(self.showing)
        stages.add_below(self.shared)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.value_panel)
        right.setFixedWidth(theme.INSPECTOR_WIDTH)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.image)
        layout.addWidget(stages, 1)
        layout.addWidget(right)

    # -- following the state ------------------------------------------------------------------------------------------------------

    def show_state(self, before: VisionState | None, now: VisionState) -> None:
        """Show what was chosen, and ask for what that changes."""
        self.image.show_state(now)
        self.showing.show_choice(now.showing)
        self.shared.setEnabled(now.showing == "maps")
        with QSignalBlocker(self.shared):
            self.shared.setChecked(now.shared_scale)
        if now.page != "inside":
            return
        if before is None or before.page != "inside" or before.looked_at != now.looked_at:
            self._ask_look()
            return
        if (before.attribution, before.explained) != (now.attribution, now.explained):
            self._ask_attribution()
        if before.pinned != now.pinned:
            self._ask_products()
        if (before.showing, before.shared_scale) != (now.showing, now.shared_scale):
            self._show_stages()
        self._show_pin()

    def _ask_look(self) -> None:
        at = self._store.state.looked_at
        self._asked.ask("look", "look", {"at": at}, self._take_look, failed=lambda why: self.show_look(None, why), what="Looking inside")

    def _take_look(self, look: Look | None) -> None:
        self.show_look(look, EMPTY)
        if look is not None:
            self._ask_attribution()
            self._ask_products()

    def _ask_attribution(self) -> None:
        now = self._store.state
        if now.attribution == "none" or self._look is None:
            self._asked.forget("attribution")
            self.image.show_attribution(None)
            return
        arguments = {"at": now.looked_at, "kind": now.attribution, "label": now.explained}
        self._asked.ask("attribution", "attribute", arguments, self.image.show_attribution, what="Asking what the answer rests on")

    def _ask_products(self) -> None:
        now = self._store.state
        if now.pinned is None or self._look is None:
            self._asked.forget("products")
            return
        arguments = {"at": now.looked_at, **dict(zip(("stage", "channel", "row", "column"), now.pinned, strict=True))}
        self._asked.ask(
            "products",
            "cell_products",
            arguments,
            self.show_products,
            # Another network may have no such value.
            failed=lambda _: self._store.move(pinned=None),
            what="Computing the products",
        )

    # -- showing ------------------------------------------------------------------------------------------------------------------

    def show_look(self, look: Look | None, why: str = "") -> None:
        """Show *look*, or say *why* there is nothing to look into."""
        self._look = look
        self.image.show_look(look, why)
        self.probabilities.setVisible(look is not None)
        if look is None:
            for view in (*self._stages.values(), *self._filters.values()):
                view.hide()
            self.value.show_value(None)
            return
        self._show_stages()
        self._show_pin()

    def _show_stages(self) -> None:
        look, now = self._look, self._store.state
        if look is None:
            return
        stages = [stage for stage in look.inside.stages if stage.kind not in ("flatten", "dropout")]
        if [view.stage for view in self._stages.values()] != stages:
            self._make_stages(stages)
        maps = now.showing == "maps"
        if not maps and not self._filters:
            self._make_filters(stages)
        for name, view in self._stages.items():
            view.setVisible(maps)
            if maps:
                view.show_values(look.inside.of(name), shared=now.shared_scale)
        for filters in self._filters.values():
            filters.setVisible(not maps)
        if not maps:
            arguments = {"model": now.model, "epoch": now.epoch}
            self._asked.ask("filters", "filters", arguments, self._show_filters, what="Fetching the weights")
        self.probabilities.setVisible(maps)
        self.probabilities.show_values(look.inside.probabilities)

    def _show_filters(self, weights: dict[str, Singles]) -> None:
        for name, view in self._filters.items():
            if name in weights:
                view.show_weights(weights[name])

    def _make_stages(self, stages: list[Stage]) -> None:
        for view in (*self._stages.values(), *self._filters.values()):
            self._column.removeWidget(view)
            view.deleteLater()
        self._stages = {stage.name: StageView(stage) for stage in stages}
        self._filters = {}  # made when they are first to be shown
        for number, (name, view) in enumerate(self._stages.items()):
            self._column.insertWidget(number, view)
            view.value_clicked.connect(lambda channel, y, x, stage=name: self._pin(stage, channel, y, x))
            view.save.connect(lambda suffix, stage=name: self._save_maps(stage, suffix))

    def _make_filters(self, stages: list[Stage]) -> None:
        self._filters = {stage.name: FilterView(stage) for stage in stages if stage.kind in ("convolution", "dense")}
        for name, filters in self._filters.items():
            self._column.insertWidget(self._column.count() - 1, filters)
            filters.save.connect(lambda suffix, stage=name: self._save_filters(stage, suffix))

    def _show_pin(self) -> None:
        now = self._store.state
        for name, view in self._stages.items():
            view.pin(now.pinned[1:] if now.pinned is not None and now.pinned[0] == name else None)
        if now.pinned is None:
            self.show_products(None)

    def show_products(self, found: CellProducts | None) -> None:
        """Show how the pinned value comes about, and what of the image it reads where that is the first layer's."""
        self.value.show_value(found)
        self.value_panel.offer_export(found is not None)
        self.image.show_window(found)

    # -- exporting and changing ---------------------------------------------------------------------------------------------------

    def _save_maps(self, stage: str, suffix: str) -> None:
        now = self._store.state
        self._save("save_maps", {"at": now.looked_at, "stage": stage, "shared": now.shared_scale}, f"{stage}-maps", suffix)

    def _save_filters(self, stage: str, suffix: str) -> None:
        now = self._store.state
        self._save("save_filters", {"model": now.model, "epoch": now.epoch, "stage": stage}, f"{stage}-filters", suffix)

    def _save_image(self, suffix: str) -> None:
        now = self._store.state
        name = "image" if now.attribution == "none" else now.attribution
        self._save("save_image", {"at": now.looked_at, "kind": now.attribution, "label": now.explained}, name, suffix)

    def _save_answer(self, suffix: str) -> None:
        self._save("save_answer", {"at": self._store.state.looked_at}, "answer", suffix)

    def _save_value(self, suffix: str) -> None:
        now, found = self._store.state, self.value.found
        if found is not None:
            self._save("save_value", {"found": found, "model": now.model, "epoch": now.epoch}, f"{found.stage}-value", suffix)

    def _save(self, task: str, arguments: Mapping[str, Any], name: str, suffix: str) -> None:
        save_picture(self._asked.services, f"{SAVING}:{task}", arguments, name, suffix)

    def _pin(self, stage: str, channel: int, y: int, x: int) -> None:
        pinned = (stage, channel, y, x)
        self._store.move(pinned=None if pinned == self._store.state.pinned else pinned)
