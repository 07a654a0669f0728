"""Look inside: one image on its way through the network, stage by stage, down to the products behind a single value."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from hw2gui.colour import Scale
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.session.store import Store
from hw2gui.vision.gui.asked import Asked
from hw2gui.vision.gui.draw_page import NAMES
from hw2gui.vision.gui.saver import Saver
from hw2gui.vision.gui.stage_view import FilterView, ProbabilityStrip, StageView
from hw2gui.vision.gui.value_panel import ValuePanel
from hw2gui.vision.network import Stage
from hw2gui.vision.readings import CellProducts, Look
from hw2gui.vision.results import Attribution
from hw2gui.vision.state import DRAWING, LARGEST_INDEX, VisionState
from hw2gui.widgets import theme
from hw2gui.widgets.bars import ProbabilityBars
from hw2gui.widgets.buttons import IconButton
from hw2gui.widgets.cells import ArraySource
from hw2gui.widgets.fields import Choices, WholeField, row, teach_manners
from hw2gui.widgets.matrix_view import NOTHING, Highlight, MatrixView
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.rich_text import RichText

OWN = "own"
WORDS_HEIGHT = 96
EMPTY = "Draw something first: an empty pad says nothing."


class InsidePage(QWidget):
    """The image, every stage, and the value that is pinned."""

    def __init__(self, store: Store[VisionState], asked: Asked) -> None:
        super().__init__()
        self._store = store
        self._asked = asked
        self._save = Saver(asked)
        self._look: Look | None = None
        self._stages: dict[str, StageView] = {}
        self._filters: dict[str, FilterView] = {}
        self.source = Choices(
            "Image",
            (
                (DRAWING, "my drawing", "What is on the pad, as the network reads it"),
                ("strokes", "built-in", "An image of the built-in characters"),
                ("kmnist", "KMNIST", "An image of Kuzushiji-MNIST"),
                (OWN, "own set", "An image of your own set, opened from the results"),
            ),
        )
        self.source.chosen.connect(self._choose_source)
        self.split = QComboBox()
        self.split.setAccessibleName("Split")
        self.split.setToolTip("Images the network learns from, that decide which network is kept, or that nothing was decided by")
        for key, title in (("train", "training"), ("validation", "validation"), ("test", "test")):
            self.split.addItem(title, key)
        teach_manners(self.split)
        self.split.activated.connect(lambda at: store.change("Split", split=self.split.itemData(at), index=0, pinned=None))
        self.index = WholeField("Image number", "Which image of the split")
        self.index.edited.connect(lambda value: store.change("Image number", gesture="index", index=value))
        self.back = IconButton("back", "Previous image", lambda: self._step(-1))
        self.forward = IconButton("forward", "Next image", lambda: self._step(1))
        self.image = MatrixView("The image the network reads")
        # Whatever room there is; a page of fixed wishes would scroll.
        self.image.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.image.setMinimumHeight(120)
        self.bars = ProbabilityBars("Probability of each class", NAMES)
        self.bars.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.words = RichText("What it reads, and where the image comes from")
        self.words.setFixedHeight(WORDS_HEIGHT)
        self.showing = Choices(
            "Stages",
            (
                ("maps", "maps", "What leaves every stage for this image"),
                ("filters", "filters", "The convolutions' weights as pictures: what each map looks for"),
            ),
        )
        self.showing.chosen.connect(lambda key: store.change("Maps or filters", showing=key))
        self.shared = QCheckBox("One colour scale for all maps of a stage")
        self.shared.setToolTip("Off: each map has its own scale, so that faint ones can be seen")
        self.shared.toggled.connect(lambda on: store.change("Colour scale", shared_scale=on))
        self.attribution = Choices(
            "What the answer rests on",
            (
                ("none", "image", "The image itself"),
                ("saliency", "saliency", "Where a slight change of a pixel would change the class's logit most"),
                ("occlusion", "occlusion", "How much the class's probability falls when a small square is blanked"),
            ),
        )
        self.attribution.chosen.connect(lambda key: store.change("Overlay", attribution=key))
        self.attribution_words = RichText("What the overlay shows")
        self.attribution_words.setFixedHeight(WORDS_HEIGHT)
        self.probabilities = ProbabilityStrip()
        self.value = ValuePanel()
        self._build()

    def _build(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(self.source)
        self.browse = row(self.split, self.back, self.index, self.forward)
        column.addWidget(self.browse)
        self.image_panel = Panel("x", self.image, exports=True)
        self.image_panel.export_requested.connect(self._save_image)
        self.image_panel.add_below(self.attribution)
        self.image_panel.add_below(self.attribution_words)
        column.addWidget(self.image_panel, 4)
        answer = Panel("Answer", self.bars).hold_answer()
        answer.add_below(self.words)
        column.addWidget(answer, 3)
        left.setFixedWidth(300)
        self.bars.setMaximumHeight(200)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(2, 0, 8, 0)
        self._column.addWidget(self.probabilities)
        self._column.addStretch(1)
        holder = QWidget()
        holder.setLayout(self._column)
        area = QScrollArea()
        area.setAccessibleName("Every stage")
        area.setWidgetResizable(True)
        area.setWidget(holder)
        stages = Panel("Every stage, from the image to the probabilities", area)
        stages.header.addWidget(self.showing)
        stages.add_below(self.shared)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Panel("One value", self.value))
        right.setFixedWidth(theme.INSPECTOR_WIDTH)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(left)
        layout.addWidget(stages, 1)
        layout.addWidget(right)

    # -- following the state ------------------------------------------------------------------------------------------------------

    def show_state(self, before: VisionState | None, now: VisionState) -> None:
        """Show what was chosen, and ask for what that changes."""
        own = now.source not in (DRAWING, "strokes", "kmnist")
        self.source.button(OWN).setVisible(own)
        self.source.show_choice(OWN if own else now.source)
        self.browse.setVisible(now.source != DRAWING)
        self.split.setCurrentIndex(self.split.findData(now.split))
        last = self._look.count - 1 if self._look is not None and self._look.count else LARGEST_INDEX
        self.index.show_value(now.index, 0, max(last, now.index), "images are counted from 0", "the last image of the split")
        self.attribution.show_choice(now.attribution)
        self.showing.show_choice(now.showing)
        self.shared.setEnabled(now.showing == "maps")
        with QSignalBlocker(self.shared):
            self.shared.setChecked(now.shared_scale)
        if now.page != "inside":
            return
        if before is None or before.page != "inside" or before.looked_at != now.looked_at:
            self._ask_look()
            return
        if before.attribution != now.attribution:
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
        if now.attribution == "none":
            self._asked.forget("attribution")
            self._show_image(None)
            return
        arguments = {"at": now.looked_at, "kind": now.attribution}
        self._asked.ask("attribution", "attribute", arguments, self._show_image, what="Asking what the answer rests on")

    def _ask_products(self) -> None:
        now = self._store.state
        if now.pinned is None:
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
        self.probabilities.setVisible(look is not None)
        if look is None:
            self.image.show_source(None, Scale("grey", 0, 1))
            self.image_panel.legend.show_scale(None)
            self.attribution_words.hide()
            self.bars.show_values(None)
            self.words.show_html(why)
            for view in (*self._stages.values(), *self._filters.values()):
                view.hide()
            self.value.show_value(None)
            return
        now = self._store.state
        if look.count:
            self.index.show_value(now.index, 0, look.count - 1, "images are counted from 0", "the last image of the split")
        self._show_image(None)
        self.bars.show_values(look.inside.probabilities)
        self.words.show_html(_verdict(look))
        self._show_stages()
        self._show_pin()

    def _show_image(self, attribution: Attribution | None) -> None:
        look = self._look
        if look is None:
            return
        self.attribution_words.setVisible(attribution is not None)
        if attribution is None:
            values, scale = look.inside.image.astype(np.float64), Scale("grey", 0.0, 1.0)
            self.image_panel.title.setText("x")
        else:
            values = attribution.values.astype(np.float64)
            scale = Scale.diverging(values)
            self.attribution_words.show_html(
                f"<span style='font-size: small'>For {CLASSES[attribution.label].romaji}. {attribution.note}</span>"
            )
            self.image_panel.title.setText(self._store.state.attribution)
        self.image.show_source(ArraySource(values), scale)
        self.image_panel.legend.show_scale(scale)

    def _show_stages(self) -> None:
        look, now = self._look, self._store.state
        if look is None:
            return
        stages = [stage for stage in look.inside.stages if stage.kind not in ("flatten", "dropout")]
        if [view.stage for view in self._stages.values()] != stages:
            self._make_stages(stages)
        maps = now.showing == "maps"
        for name, view in self._stages.items():
            view.setVisible(maps)
            if maps:
                view.show_values(look.inside.of(name), shared=now.shared_scale)
        for name, filters in self._filters.items():
            filters.setVisible(not maps)
            if not maps:
                filters.show_weights(look.filters[name])
        self.probabilities.setVisible(maps)
        self.probabilities.show_values(look.inside.probabilities)

    def _make_stages(self, stages: list[Stage]) -> None:
        for view in (*self._stages.values(), *self._filters.values()):
            self._column.removeWidget(view)
            view.deleteLater()
        self._stages = {stage.name: StageView(stage) for stage in stages}
        self._filters = {stage.name: FilterView(stage.name) for stage in stages if stage.kind == "convolution"}
        for number, (name, view) in enumerate(self._stages.items()):
            self._column.insertWidget(number, view)
            view.value_clicked.connect(lambda channel, y, x, stage=name: self._pin(stage, channel, y, x))
            view.save.connect(lambda suffix, stage=name: self._save_maps(stage, suffix))
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
        self.image.set_highlight(NOTHING if found is None else self._window(found))

    def _window(self, found: CellProducts) -> Highlight:
        if self._look is None or found.kind != "convolution" or found.stage != self._look.inside.stages[0].name:
            return NOTHING
        terms, sides = found.products, self._look.inside.image.shape
        rows, columns = (
            np.array([place for place in range(start, start + length) if 0 <= place < side])
            for start, length, side in zip((terms.top, terms.left), terms.patch.shape[1:], sides, strict=True)
        )
        return Highlight(cells=(rows, columns))

    # -- exporting ----------------------------------------------------------------------------------------------------------------

    def _save_maps(self, stage: str, suffix: str) -> None:
        now = self._store.state
        self._save.picture("save_maps", {"at": now.looked_at, "stage": stage, "shared": now.shared_scale}, f"{stage}-maps", suffix)

    def _save_filters(self, stage: str, suffix: str) -> None:
        now = self._store.state
        self._save.picture("save_filters", {"model": now.model, "epoch": now.epoch, "stage": stage}, f"{stage}-filters", suffix)

    def _save_image(self, suffix: str) -> None:
        now = self._store.state
        name = "image" if now.attribution == "none" else now.attribution
        self._save.picture("save_image", {"at": now.looked_at, "kind": now.attribution}, name, suffix)

    # -- changing -----------------------------------------------------------------------------------------------------------------

    def _choose_source(self, key: str) -> None:
        if key != OWN:
            self._store.change("Image", source=key, split="test", index=0, pinned=None)

    def _step(self, step: int) -> None:
        last = self._look.count - 1 if self._look is not None and self._look.count else LARGEST_INDEX
        index = min(max(self._store.state.index + step, 0), last)
        self._store.change("Image number", gesture="index", index=index)

    def _pin(self, stage: str, channel: int, y: int, x: int) -> None:
        pinned = (stage, channel, y, x)
        self._store.move(pinned=None if pinned == self._store.state.pinned else pinned)


def _verdict(look: Look) -> str:
    """What is read, whether that is right, and where the image comes from."""
    read = CLASSES[look.inside.predicted]
    verdict = ""
    if look.label is not None:
        true = CLASSES[look.label]
        verdict = f"<br>It is <b>{true.kana} {true.romaji}</b>: {'right' if look.label == look.inside.predicted else 'wrong'}."
    source = f"<br><span style='font-size: small'>{look.attribution}</span>" if look.attribution else ""
    return f"Reads <b>{read.kana} {read.romaji}</b>.{verdict}<br>{look.words}{source}"
