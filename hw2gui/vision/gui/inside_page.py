"""Look inside: one image on its way through the network, stage by stage, down to the products behind a single value."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from hw2gui.colour import Scale
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.session.store import Store
from hw2gui.vision.gui.draw_page import NAMES
from hw2gui.vision.network import Stage
from hw2gui.vision.readings import CellProducts, Look
from hw2gui.vision.results import Attribution
from hw2gui.vision.state import LARGEST_INDEX, VisionState
from hw2gui.widgets import theme
from hw2gui.widgets.bars import ProbabilityBars
from hw2gui.widgets.buttons import IconButton
from hw2gui.widgets.cells import ArraySource
from hw2gui.widgets.fields import Choices, WholeField, row, text_label
from hw2gui.widgets.image_grid import GAP, ImageGrid, Picture
from hw2gui.widgets.matrix_view import Behaviour, MatrixView
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.rich_text import RichText

TITLES = {
    "convolution": "convolution, before ReLU",
    "normalisation": "batch normalisation",
    "relu": "ReLU",
    "pool": "2×2 pooling",
    "flatten": "flattened",
    "dense": "dense layer",
    "dropout": "dropout (idle here)",
}
AFTER = {"normalisation": "batch normalisation makes it", "relu": "ReLU leaves"}
MAP_COLUMNS = 8
MAP_SIDE = 76
STRIP_HEIGHT = 26


class StageView(QWidget):
    """One stage: its maps as pictures, or its units as a strip."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        self.title = QLabel()
        self.title.setTextFormat(Qt.TextFormat.RichText)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(2)
        column.addWidget(self.title)
        self.maps: ImageGrid | None = None
        self.strip: MatrixView | None = None
        if len(stage.shape) == 3:
            self.maps = ImageGrid(f"Maps of {stage.name}", columns=MAP_COLUMNS, largest=MAP_SIDE, captions=False)
            column.addWidget(self.maps)
        else:
            self.strip = MatrixView(f"Units of {stage.name}", Behaviour(square=False))
            self.strip.setFixedHeight(STRIP_HEIGHT)
            column.addWidget(self.strip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As high as the maps are at this width."""
        super().resizeEvent(event)
        if self.maps is not None:
            rows = -(-self.stage.shape[0] // MAP_COLUMNS)
            side = min(MAP_SIDE, (event.size().width() + GAP) // MAP_COLUMNS - GAP)
            self.maps.setFixedHeight(rows * (side + GAP))

    def show_values(self, values: np.ndarray, *, shared: bool) -> None:
        """Show what leaves the stage for the image."""
        shape = "×".join(map(str, self.stage.shape))
        quiet = float(np.mean(values <= 0)) if self.stage.kind == "relu" else None
        silent = f", {quiet:.0%} silent" if quiet is not None else ""
        self.title.setText(
            f"<b>{self.stage.name}</b> {TITLES[self.stage.kind]} · {shape} · {values.min():.3g} to {values.max():.3g}{silent}"
        )
        if self.maps is not None:
            whole = Scale.diverging(values)
            self.maps.show_pictures(
                tuple(
                    Picture(one, whole if shared else Scale.diverging(one), tooltip=f"{self.stage.name}, map {number + 1}")
                    for number, one in enumerate(values)
                )
            )
        if self.strip is not None:
            self.strip.show_source(ArraySource(values.reshape(1, -1).astype(np.float64)), Scale.diverging(values))


class InsidePage(QWidget):
    """The image, every stage, and the value that is pinned."""

    def __init__(self, store: Store[VisionState]) -> None:
        super().__init__()
        self._store = store
        self._look: Look | None = None
        self._stages: dict[str, StageView] = {}
        self.source = Choices(
            "Image",
            (
                ("drawing", "my drawing", "What is on the pad, as the network reads it"),
                ("strokes", "built-in", "A test image of the built-in characters"),
                ("kmnist", "KMNIST", "A test image of Kuzushiji-MNIST"),
            ),
        )
        self.source.chosen.connect(lambda key: store.change("Image", source=key, index=0, pinned=None))
        self.index = WholeField("Image number", "Which test image")
        self.index.edited.connect(lambda value: store.change("Image number", gesture="index", index=value))
        self.back = IconButton("back", "Previous image", lambda: self._step(-1))
        self.forward = IconButton("forward", "Next image", lambda: self._step(1))
        self.image = MatrixView("The image the network reads")
        self.bars = ProbabilityBars("Probability of each class", NAMES)
        self.words = text_label()
        self.shared = QCheckBox("One colour range for all maps of a stage")
        self.shared.setToolTip("Off: each map has its own range, so that faint ones can be seen")
        self.shared.toggled.connect(lambda on: store.change("Colour range", shared_scale=on))
        self.attribution = Choices(
            "What the answer rests on",
            (
                ("none", "image", "The image itself"),
                ("saliency", "saliency", "Where a slight change of a pixel would change the class's logit most"),
                ("occlusion", "occlusion", "How much the class's probability falls when a small square is blanked"),
            ),
        )
        self.attribution.chosen.connect(lambda key: store.change("Overlay", attribution=key))
        self.attribution_words = text_label(muted=True)
        self.patch = ImageGrid("Patch, filter and their products", columns=3, largest=96)
        self.patch_words = RichText("How the value comes about", theme.math_family())
        self._build()

    def _build(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(self.source)
        self.browse = row(self.back, self.index, self.forward)
        column.addWidget(self.browse)
        image_panel = Panel("x", self.image)
        image_panel.add_below(self.attribution)
        self._image_panel = image_panel
        column.addWidget(image_panel, 4)
        answer = Panel("Answer", self.bars)
        answer.add_below(self.words)
        column.addWidget(answer, 3)
        left.setFixedWidth(290)
        self.bars.setMaximumHeight(210)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(2, 0, 8, 0)
        holder = QWidget()
        holder.setLayout(self._column)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(holder)
        stages = Panel("Every stage, from the image to the logits", area)
        stages.add_below(self.shared)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        panel = Panel("One value", self.patch_words)
        self.patch_words.setFixedHeight(170)
        self.patch.setFixedHeight(130)
        panel.add_below(self.patch)
        column.addWidget(panel)
        self._overlay_panel = Panel("What the overlay shows", self.attribution_words)
        column.addWidget(self._overlay_panel)
        column.addStretch(1)
        right.setFixedWidth(theme.INSPECTOR_WIDTH)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(left)
        layout.addWidget(stages, 1)
        layout.addWidget(right)

    # -- showing ------------------------------------------------------------------------------------------------------------------

    def show_state(self, now: VisionState) -> None:
        """Show what was chosen."""
        self.source.show_choice(now.source)
        self.browse.setVisible(now.source != "drawing")
        self.index.show_value(now.index, 0, LARGEST_INDEX, "images are counted from 0", "the last test image of the set")
        self.attribution.show_choice(now.attribution)
        with QSignalBlocker(self.shared):
            self.shared.setChecked(now.shared_scale)
        if self._look is not None:
            self._show_stages(self._look)
            self._show_pin(now)

    def show_look(self, look: Look | None, why: str = "") -> None:
        """Show *look*, or say *why* there is nothing to look into."""
        self._look = look
        if look is None:
            self.image.show_source(None, Scale("grey", 0, 1))
            self.bars.show_values(None)
            self.words.setText(why)
            for view in self._stages.values():
                view.hide()
            self.show_products(None)
            return
        inside = look.inside
        self._show_image(None)
        self.bars.show_values(inside.probabilities)
        read = CLASSES[inside.predicted]
        verdict = ""
        if look.label is not None:
            true = CLASSES[look.label]
            right = look.label == inside.predicted
            verdict = f"<br>It is <b>{true.kana} {true.romaji}</b>: {'right' if right else 'wrong'}."
        self.words.setText(
            f"Reads <b>{read.kana} {read.romaji}</b>.{verdict}<br>{look.words}" + (f"<br>{look.attribution}" if look.attribution else "")
        )
        self._show_stages(look)
        self._show_pin(self._store.state)

    def show_attribution(self, attribution: Attribution | None) -> None:
        """Lay *attribution* over the image, or show the image itself."""
        self._show_image(attribution)

    def _show_image(self, attribution: Attribution | None) -> None:
        look = self._look
        if look is None:
            return
        self._overlay_panel.setVisible(attribution is not None)
        if attribution is None:
            values, scale = look.inside.image.astype(np.float64), Scale("grey", 0.0, 1.0)
            self._image_panel.title.setText("x")
        else:
            values = attribution.values.astype(np.float64)
            scale = Scale.diverging(values)
            self.attribution_words.setText(f"For {CLASSES[attribution.label].romaji}. {attribution.note}")
            self._image_panel.title.setText(self._store.state.attribution)
        self.image.show_source(ArraySource(values), scale)
        self._image_panel.legend.show_scale(scale)

    def _show_stages(self, look: Look) -> None:
        stages = [stage for stage in look.inside.stages if stage.kind not in ("flatten", "dropout")]
        if [view.stage for view in self._stages.values()] != stages:
            self._make_stages(stages)
        for stage in stages:
            view = self._stages[stage.name]
            view.show()
            view.show_values(look.inside.of(stage.name), shared=self._store.state.shared_scale)

    def _make_stages(self, stages: list[Stage]) -> None:
        for view in self._stages.values():
            self._column.removeWidget(view)
            view.deleteLater()
        self._stages = {stage.name: StageView(stage) for stage in stages}
        for view in self._stages.values():
            self._column.addWidget(view)
            if view.maps is not None and view.stage.kind == "convolution":
                view.maps.pixel_clicked.connect(lambda channel, y, x, name=view.stage.name: self._pin(name, channel, y, x))

    def _show_pin(self, now: VisionState) -> None:
        for name, view in self._stages.items():
            if view.maps is not None:
                view.maps.pin(now.pinned[1:] if now.pinned is not None and now.pinned[0] == name else None)
        if now.pinned is None:
            self.show_products(None)

    def show_products(self, found: CellProducts | None) -> None:
        """Show how the pinned value comes about."""
        if found is None:
            self.patch.show_pictures(())
            self.patch_words.show_html(
                "<p>Click a cell of a convolution's map: its exact patch × filter products appear here, as in the convolution tab.</p>"
            )
            return
        terms = found.products
        scale = Scale.diverging(terms.products)
        # Several input channels lie side by side.
        patch, weights, products = (np.hstack(list(values)) for values in (terms.patch, terms.weights, terms.products))
        self.patch.show_pictures(
            (
                Picture(patch, Scale.diverging(patch) if patch.min() < 0 else Scale.grey(patch), "patch"),
                Picture(weights, Scale.diverging(weights), "filter"),
                Picture(products, scale, "products"),
            )
        )
        count = terms.products.size
        channels = terms.patch.shape[0]
        self.patch_words.show_html(
            f"<p><b>{found.stage}, map {found.channel + 1}, row {found.row + 1}, column {found.column + 1}</b></p>"
            f"<p>Σ patch × filter + bias = {terms.products.sum():.5f} + {terms.bias:.5f} = <b>{terms.value:.5f}</b></p>"
            f"<p>{count} products ({channels} channel{'s' if channels > 1 else ''} of {terms.patch.shape[1]}×{terms.patch.shape[2]}), "
            f"the window's corner at row {terms.top + 1}, column {terms.left + 1}.</p>"
            f"<p>{'; '.join(f'{AFTER[kind]} <b>{value:.5f}</b>' for kind, value in found.after)}.</p>"
        )

    # -- changing -----------------------------------------------------------------------------------------------------------------

    def _step(self, step: int) -> None:
        index = min(max(self._store.state.index + step, 0), LARGEST_INDEX)
        self._store.change("Image number", gesture="index", index=index)

    def _pin(self, stage: str, channel: int, y: int, x: int) -> None:
        pinned = (stage, channel, y, x)
        self._store.move(pinned=None if pinned == self._store.state.pinned else pinned)
