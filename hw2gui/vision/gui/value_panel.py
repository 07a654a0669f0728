"""One value taken apart: what it reads, the weights on it, and their products, in views that light up together."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from hw2gui.colour import Scale
from hw2gui.vision.network import SELECTIVE
from hw2gui.vision.readings import CellProducts
from hw2gui.vision.results import tiled
from hw2gui.widgets import theme
from hw2gui.widgets.cell_canvas import Behaviour
from hw2gui.widgets.cells import ArraySource
from hw2gui.widgets.fields import text_label
from hw2gui.widgets.marks import NOTHING, Highlight
from hw2gui.widgets.matrix_view import MatrixView
from hw2gui.widgets.rich_text import RichText

IDLE = (
    "<p><b>Click any value</b> of a map, or a unit of a dense layer: what it reads, the weights on it and their exact products "
    "appear here, as in Convolution.</p>"
)
AFTER = {"normalisation": "batch normalisation makes it", "relu": "ReLU leaves"}
READS = {
    "convolution": "Σ patch × filter + bias",
    "dense": "Σ input × weight + bias",
    "normalisation": "input × γ/√(σ² + ε) + (β − μ·γ/√(σ² + ε))",
    "relu": "max(0, input): the input × 1 where it is above 0, × 0 elsewhere",
    "pool": "the window × 1 where it is taken, × 0 elsewhere",
}
LEAST_HEIGHT = 60
WIDE = 2.4
"""Width to height of the room each of the three has."""


class ValuePanel(QWidget):
    """Patch, weights and products as three matrices, the same place lit in all of them; the sum above."""

    excites = Signal(str, int)
    """What excites this (stage, channel) most is wanted."""

    def __init__(self) -> None:
        super().__init__()
        self._found: CellProducts | None = None
        self.words = RichText("How the value comes about")
        self.words.setFixedHeight(132)
        self.views = {name: MatrixView(name, Behaviour(pans=True, square=False)) for name in ("reads", "weights", "products")}
        self._labels: dict[str, QLabel] = {}
        self.pointed = text_label(muted=True)
        self.pointed.setMinimumHeight(2 * self.pointed.fontMetrics().lineSpacing())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.words, 0, Qt.AlignmentFlag.AlignTop)
        for name, view in self.views.items():
            label = self._labels[name] = QLabel(name)
            label.setObjectName("muted")
            column.addSpacing(theme.SPACE // 2)  # a caption belongs to what is below it
            column.addWidget(label)
            column.addWidget(view, 1)
            view.hovered.connect(self._hover)
            # Whatever room there is; a page of fixed wishes would scroll.
            view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
            view.setMinimumHeight(LEAST_HEIGHT)
        column.addWidget(self.pointed)
        self.strongest = QPushButton("What excites it most")
        self.strongest.setToolTip("The nine test images with the greatest value anywhere in this map, or of this unit")
        self.strongest.clicked.connect(self._ask)
        column.addWidget(self.strongest)
        self.show_value(None)

    @property
    def found(self) -> CellProducts | None:
        """What is taken apart."""
        return self._found

    def show_value(self, found: CellProducts | None) -> None:
        """Take *found* apart, or say how to choose a value."""
        self._found = found
        for part in (*self.views.values(), *self._labels.values(), self.pointed):
            part.setVisible(found is not None)
        self.strongest.setVisible(found is not None and found.kind in SELECTIVE)
        if found is None:
            self.words.show_html(IDLE)
            return
        terms = found.products
        for (name, view), values in zip(self.views.items(), (terms.patch, terms.weights, terms.products), strict=True):
            shown = tiled(values, WIDE)
            scale = Scale.diverging(shown) if name != "reads" or shown.min() < 0 else Scale.grey(shown)
            view.set_blocks(values.shape[1:] if len(values) > 1 else None)
            view.show_source(ArraySource(shown), scale)
            low = f"±{scale.high:.3g}" if scale.map == "diverging" else f"{scale.low:.3g} to {scale.high:.3g}"
            self._labels[name].setText(f"{name} · colours {low}")
        self._hover(None)
        self.words.show_html(_told(found))

    def _ask(self) -> None:
        if self._found is not None:
            self.excites.emit(self._found.stage, self._found.channel)

    def _hover(self, cell: tuple[int, int] | None) -> None:
        """Light the same place in all three and say its product."""
        lit = NOTHING if cell is None else Highlight(cells=(np.array([cell[0]]), np.array([cell[1]])))
        for view in self.views.values():
            view.set_highlight(lit)
        self.pointed.setText(self._product(cell) if cell is not None else "Point at a place: it lights up in all three.")

    def _product(self, cell: tuple[int, int]) -> str:
        assert self._found is not None
        terms = self._found.products
        count, high, wide = terms.patch.shape
        shown = tiled(terms.patch, WIDE)
        (block_row, row), (block, column) = divmod(cell[0], high), divmod(cell[1], wide)
        number = block_row * (shown.shape[1] // wide) + block
        if number >= count:
            return ""
        where = f"{'unit' if high * wide == 1 and count > 1 else 'map'} {number + 1}" if count > 1 else "the window"
        inside = f", row {row + 1}, column {column + 1}" if high * wide > 1 else ""
        reads, weight = float(terms.patch[number, row, column]), float(terms.weights[number, row, column])
        return f"{where}{inside}: {reads:.5g} × {weight:.5g} = {reads * weight:.5g}".replace("-", "−")


def _told(found: CellProducts) -> str:
    terms = found.products
    channels, high, wide = terms.patch.shape
    place = f"map {found.channel + 1}, row {found.row + 1}, column {found.column + 1}" if found.in_map else f"unit {found.channel + 1}"
    parts = f" ({channels} maps of {high}×{wide})" if channels > 1 and high * wide > 1 else ""
    corner = f", the window's corner at row {terms.top + 1}, column {terms.left + 1}" if found.kind in ("convolution", "pool") else ""
    after = "; ".join(f"{AFTER[kind]} <b>{value:.5f}</b>" for kind, value in found.after).replace("-", "−")
    bias = f"{'−' if terms.bias < 0 else '+'} {abs(terms.bias):.5f}"
    total = f"{terms.products.sum():.5f} {bias} = <b>{terms.value:.5f}</b>".replace("-", "−")
    return (
        f"<p><b>{found.stage}, {place}</b></p><p>{READS[found.kind]}<br>= {total}</p>"
        f"<p>{terms.products.size:,} product{'s' if terms.products.size > 1 else ''}{parts}{corner}."
        f"{f' Then {after}.' if after else ''}</p>"
    )
