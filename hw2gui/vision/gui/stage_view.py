"""One stage of a network for one image: its maps as pictures, its units as a strip; or its filters. Each value can be clicked."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from hw2gui.arrays import Singles
from hw2gui.colour import Scale
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.vision.network import CLASS_COUNT, Stage
from hw2gui.vision.results import in_rows
from hw2gui.widgets.cell_canvas import Behaviour
from hw2gui.widgets.cells import ArraySource
from hw2gui.widgets.fields import text_label
from hw2gui.widgets.image_grid import GAP, ImageGrid
from hw2gui.widgets.matrix_view import MatrixView
from hw2gui.widgets.panel import export_button
from hw2gui.widgets.small_picture import Picture

TITLES = {
    "convolution": "convolution, before ReLU",
    "normalisation": "batch normalisation",
    "relu": "ReLU",
    "pool": "2×2 pooling",
    "flatten": "flattened",
    "dense": "dense layer",
    "dropout": "dropout (idle here)",
}
MAP_COLUMNS = 8
MAP_SIDE = 76
STRIP_COLUMNS = 120
STRIP_ROW, LOGIT_ROW = 14, 26
"""The height of a strip's row, in logical pixels; that of ten values is high enough for their numbers."""
FILTERS_HIGH = 320
PROBABILITIES = "probabilities"


class _Titled(QWidget):
    """A line of title with an export button, and something below it."""

    save = Signal(str)
    """The picture is wanted, as png, svg or pdf."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.title = QLabel()
        self.title.setTextFormat(Qt.TextFormat.RichText)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.title, 1)
        line.addWidget(export_button(name, self.save.emit))
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 4)
        self.column.setSpacing(2)
        self.column.addLayout(line)


class StageView(_Titled):
    """What leaves one stage. Units lie in rows of at most 120."""

    value_clicked = Signal(int, int, int)
    """(map, row, column), or (unit, 0, 0)."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(f"the maps of {stage.name}")
        self.stage = stage
        self.maps: ImageGrid | None = None
        self.strip: MatrixView | None = None
        if len(stage.shape) == 3:
            self.maps = ImageGrid(f"Maps of {stage.name}", columns=MAP_COLUMNS, largest=MAP_SIDE, captions=False, pixels=True)
            self.maps.pixel_clicked.connect(self.value_clicked)
            self.column.addWidget(self.maps)
        else:
            self.strip = MatrixView(f"Units of {stage.name}", Behaviour(square=False))
            rows = math.ceil(stage.shape[0] / STRIP_COLUMNS)
            self.strip.setFixedHeight(LOGIT_ROW if stage.shape[0] == CLASS_COUNT else max(LOGIT_ROW, rows * STRIP_ROW))
            self.strip.clicked.connect(self._unit)
            self.column.addWidget(self.strip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As high as the maps are at this width."""
        super().resizeEvent(event)
        if self.maps is not None:
            rows = -(-self.stage.shape[0] // MAP_COLUMNS)
            side = min(MAP_SIDE, (event.size().width() + GAP) // MAP_COLUMNS - GAP)
            self.maps.setFixedHeight(rows * (side + GAP))

    def show_values(self, values: Singles, *, shared: bool) -> None:
        """Show what leaves the stage for the image, on one colour scale or each map on its own."""
        whole = Scale.diverging(values)
        shape = "×".join(map(str, self.stage.shape))
        quiet = f", {100 * np.mean(values <= 0):.0f} % silent" if self.stage.kind == "relu" else ""
        scale = f"colours ±{whole.high:.3g}" if shared or self.maps is None else "each map its own colours"
        kind = "logits, " + TITLES["dense"] if self._logits else TITLES[self.stage.kind]
        self.title.setText(f"<b>{self.stage.name}</b> {kind} · {shape} · {_range(values)}{quiet} · {scale}")
        if self.maps is not None:
            self.maps.show_pictures(tuple(self._picture(number, one, whole if shared else None) for number, one in enumerate(values)))
        if self.strip is not None:
            self.strip.show_source(ArraySource(in_rows(values, STRIP_COLUMNS)), whole)

    @property
    def _logits(self) -> bool:
        return self.stage.kind == "dense" and self.stage.shape == (CLASS_COUNT,)

    def _picture(self, number: int, values: Singles, scale: Scale | None) -> Picture:
        own = Scale.diverging(values)
        tip = f"{self.stage.name}, map {number + 1}: {_range(values)}, colours ±{(scale or own).high:.3g}"
        return Picture(values, scale or own, tooltip=f"{tip}. Click a value to see where it comes from.")

    def pin(self, place: tuple[int, int, int] | None) -> None:
        """Mark a value."""
        if self.maps is not None:
            self.maps.pin(place)
        if self.strip is not None and self.strip.source is not None:
            self.strip.set_pinned(None if place is None else divmod(place[0], self.strip.source.shape[1]))

    def _unit(self, cell: tuple[int, int]) -> None:
        assert self.strip is not None
        assert self.strip.source is not None
        unit = cell[0] * self.strip.source.shape[1] + cell[1]
        if unit < self.stage.shape[0]:
            self.value_clicked.emit(unit, 0, 0)


class ProbabilityStrip(QWidget):
    """The ten probabilities, on 0 to 1, with the names of the classes under them."""

    def __init__(self) -> None:
        super().__init__()
        self.title = QLabel(f"<b>{PROBABILITIES}</b> softmax of the logits: e<sup>logit</sup> / Σ e<sup>logit</sup> · colours 0 to 1")
        self.strip = MatrixView("Probability of each class", Behaviour(square=False))
        self.strip.setFixedHeight(LOGIT_ROW)
        names = QHBoxLayout()
        names.setContentsMargins(0, 0, 0, 0)
        names.setSpacing(0)
        for character in CLASSES:
            name = QLabel(f"{character.kana} {character.romaji}")
            name.setObjectName("muted")
            name.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            names.addWidget(name, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addWidget(self.strip)
        column.addLayout(names)

    def show_values(self, probabilities: Singles) -> None:
        """Show (10,)."""
        self.strip.show_source(ArraySource(probabilities.reshape(1, -1).astype(np.float64)), Scale("sequential", 0.0, 1.0))


class FilterView(_Titled):
    """The weights of a layer as one matrix: a column for each map or unit made, a row for each read; a filter is a little picture in it."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(f"the weights of {stage.name}")
        self.stage = stage
        self.view = MatrixView(f"Weights of {stage.name}", Behaviour(pans=True))
        self.view.hovered.connect(self._hover)
        self.words = text_label(muted=True)
        self.words.setMinimumHeight(2 * self.words.fontMetrics().lineSpacing())
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.column.addWidget(self.view)
        self.column.addWidget(self.words)
        self._weights: Singles | None = None

    def show_weights(self, weights: Singles) -> None:
        """Show (outputs, inputs, K, K), or (outputs, inputs)."""
        self._weights = weights if weights.ndim == 4 else weights[:, :, None, None]
        outputs, inputs, high, wide = self._weights.shape
        scale = Scale.diverging(weights)
        what = f"{outputs} filters of {inputs}×{high}×{wide}" if weights.ndim == 4 else f"{outputs} units with {inputs} weights each"
        self.title.setText(f"<b>{self.stage.name}</b> {what} · {_range(weights)} · colours ±{scale.high:.3g}")
        self.view.set_blocks((high, wide))
        whole = self._weights.transpose(1, 2, 0, 3).reshape(inputs * high, outputs * wide)
        self.view.show_source(ArraySource(whole.astype(np.float64)), scale)
        self._hover(None)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As high as the filters are at this width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._weights is not None:
            outputs, inputs, high, wide = self._weights.shape
            self.view.setFixedHeight(max(40, min(FILTERS_HIGH, round(self.width() * inputs * high / (outputs * wide)))))

    def _hover(self, cell: tuple[int, int] | None) -> None:
        if self._weights is None:
            return
        outputs, inputs, high, wide = self._weights.shape
        convolution = self.stage.kind == "convolution"
        if cell is None:
            formula = f"K²·C·D + D = {high}²·{inputs}·{outputs}" if convolution else f"I·O + O = {inputs}·{outputs}"
            made, read = ("map", "map") if convolution else ("unit", "value")
            total = f"{formula} + {outputs} = {self.stage.parameters:,} parameters"
            self.words.setText(f"{total}; a column for each {made} made, a row for each {read} read.")
            return
        (entering, row), (leaving, column) = divmod(cell[0], high), divmod(cell[1], wide)
        value = float(self._weights[leaving, entering, row, column])
        place = f"map {leaving + 1}'s filter on map {entering + 1}, row {row + 1}, column {column + 1}"
        self.words.setText(f"{place if convolution else f'unit {leaving + 1}, weight on value {entering + 1}'}: {value:.5f}")


def _range(values: Singles) -> str:
    return f"{values.min():.3g} to {values.max():.3g}".replace("-", "−")
