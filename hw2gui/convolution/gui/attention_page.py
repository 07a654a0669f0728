"""Attention over the same pixels: x, one row of P painted as an image, Z, and P itself with x' beside it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hw2gui.arrays import Floats, Ints
from hw2gui.colour import Scale
from hw2gui.convolution.attention import PixelAttention, Stage
from hw2gui.convolution.attention_scene import AttentionScene
from hw2gui.convolution.gui.views import StripedMatrix, lay_out
from hw2gui.convolution.sizes import by
from hw2gui.convolution.state import ConvolutionState, Pin
from hw2gui.session.store import Store
from hw2gui.widgets.cells import ArraySource
from hw2gui.widgets.fields import Choices
from hw2gui.widgets.marks import NOTHING, Cell, Highlight
from hw2gui.widgets.matrix_view import MatrixView
from hw2gui.widgets.panel import Panel

STAGES: tuple[tuple[Stage, str, str], ...] = (
    ("scores", "scores", "x′x′ᵀ / T: how well each pixel's level goes with each other's"),
    ("exp", "exp", "exp(score − the row's largest score): what softmax divides; the beside strip shows the row sums"),
    ("probabilities", "P", "exp divided by its row's sum: every row sums to 1"),
    ("relative", "P · HW", "P relative to uniform: 1 is uniform, blue below, red above"),
)


class StageCells:
    """One stage of attention, (HW, HW), as cells; zoomed out a pixel shows the exact mean of what it covers."""

    def __init__(self, attention: PixelAttention, stage: Stage) -> None:
        self._attention = attention
        self._stage: Stage = stage

    @property
    def shape(self) -> tuple[int, int]:
        """(HW, HW)."""
        return self._attention.size, self._attention.size

    def values(self, rows: range, cols: range) -> Floats:
        """A tile."""
        return self._attention.stage(self._stage, rows, cols)

    def overview(self, row_edges: Ints, col_edges: Ints) -> Floats:
        """Exact means."""
        return self._attention.overview(self._stage, row_edges, col_edges)


class AttentionPage(QWidget):
    """Shows an :class:`AttentionScene`; every view is linked to every other by pixel."""

    probed = Signal(object, object)
    """(i, j): the pixel whose row of P is painted, and the pixel it looks at or None; (None, None) when nothing is probed."""
    export_requested = Signal(str, str)

    def __init__(self, store: Store[ConvolutionState]) -> None:
        super().__init__()
        self._store = store
        self.scene: AttentionScene | None = None
        self._hovered: tuple[int, int | None] | None = None
        self._pinned: Pin | None = None
        self._row = -1
        self.image = MatrixView("Image x")
        self.row = MatrixView("A row of P as an image")
        self.output = MatrixView("Attention output Z")
        self.striped = StripedMatrix("Attention P", "x′", "x′ or the row sums")
        self.matrix = self.striped.matrix
        self.stage = Choices("Stage", STAGES)
        self.stage.chosen.connect(lambda key: self._store.change("Stage", stage=key))
        self._build()
        self._connect()

    def _build(self) -> None:
        self.image_panel = Panel("x", self.image, exports=True)
        self.row_panel = Panel("row i", self.row, exports=True)
        self.row_panel.hold_title(self.row_panel.title)  # which row it is tells how vec counts
        self.output_panel = Panel("Z", self.output, exports=True)
        self.matrix_panel = Panel("P", self.striped, exports=True).hold_title()
        self.matrix_panel.header.insertWidget(2, self.stage)
        # The row's has most to say in its title.
        lay_out(self, ((self.image_panel, 19), (self.row_panel, 23), (self.output_panel, 20)), self.matrix_panel)
        for name, panel in (
            ("attention input", self.image_panel),
            ("row", self.row_panel),
            ("attention output", self.output_panel),
            ("attention", self.matrix_panel),
        ):
            panel.export_requested.connect(lambda suffix, which=name: self.export_requested.emit(which, suffix))

    def _connect(self) -> None:
        for view, side in ((self.image, "row"), (self.output, "row"), (self.row, "column")):
            view.hovered.connect(lambda cell, which=side: self._hover(self._pixel(which, cell)))
            view.clicked.connect(lambda cell, which=side: self._pin(self._pixel(which, cell)))
        self.matrix.hovered.connect(lambda cell: self._hover(cell))
        self.matrix.clicked.connect(lambda cell: self._pin(cell))
        self.striped.above.hovered.connect(lambda cell: self._hover(self._pair(None, cell[1]) if cell else None))
        self.striped.beside.hovered.connect(lambda cell: self._hover((cell[0], None) if cell else None))
        for view in (self.image, self.output, self.row, self.matrix, self.striped.above, self.striped.beside):
            view.released.connect(self._release)

    # -- showing ------------------------------------------------------------------------------------------------------------------

    def show_scene(self, scene: AttentionScene, now: ConvolutionState) -> None:
        """Show *scene*, made of the state *now*."""
        self.scene = scene
        self._row = -1
        attention = scene.attention
        grey = Scale.grey(scene.image)
        height, width = scene.image.shape
        self.image.show_source(ArraySource(scene.image), grey)
        self.output.show_source(ArraySource(scene.output), grey)
        self.row.show_source(ArraySource(np.ones((height, width))), Scale("diverging", 0.0, 2.0))
        low, high = attention.stage_range(now.stage)
        if now.stage == "relative":
            scale = Scale.diverging(np.array([low, high]), 1.0)
        elif now.stage == "scores":
            scale = Scale.diverging(np.array([low, high]))
        elif now.stage == "probabilities":
            # A fixed 0..1 would be all dark: HW probabilities share 1. The range is stated.
            scale = Scale("sequential", 0.0, high)
        else:
            scale = Scale("sequential", 0.0, 1.0)
        self.matrix.show_source(StageCells(attention, now.stage), scale)
        size = attention.size
        vector = attention.vector
        self.striped.above.show_source(ArraySource(vector.reshape(1, -1)), grey)
        if now.stage == "exp":
            sums = attention.row_sums(range(size))
            self.striped.beside.show_source(ArraySource(sums.reshape(-1, 1)), Scale("sequential", 0.0, float(size)))
            self.striped.beside.setToolTip(f"Row sums of exp, from {sums.min():.4g} to {sums.max():.4g}")
        else:
            self.striped.beside.show_source(ArraySource(vector.reshape(-1, 1)), grey)
            self.striped.beside.setToolTip("x′: entry i beside row i")
        self.stage.show_choice(now.stage)
        side = width if now.order == "row" else height
        self.matrix.set_blocks((side, side))
        for panel, text, shown in (
            (self.image_panel, by(scene.image.shape), grey),
            (self.output_panel, by(scene.image.shape), grey),
            (self.matrix_panel, by((size, size)), scale),
        ):
            panel.info.setText(text)
            panel.legend.show_scale(shown)
        self.image_panel.title.setText("x permuted" if scene.permuted else "x")
        self.striped.refresh_strips()
        self.show_state(now)

    def show_state(self, now: ConvolutionState) -> None:
        """What changes without a new scene: the pin."""
        if self.scene is None:
            return
        pin = now.pinned
        if pin is not None and pin != self._pinned:
            self._hovered = None  # What was pinned last is explained, wherever the pointer rests.
        self._pinned = pin
        self.image.set_pinned((pin.row, pin.column) if pin is not None and pin.view == "image" else None)
        self.matrix.set_pinned((pin.row, pin.column) if pin is not None and pin.view == "matrix" else None)
        self._light()

    def home(self) -> None:
        """Show all of every view."""
        for view in (self.image, self.row, self.output, self.matrix):
            view.fit()

    # -- probing ------------------------------------------------------------------------------------------------------------------

    @property
    def probe(self) -> tuple[int, int | None] | None:
        """(i, j) under the pointer, else pinned."""
        if self._hovered is not None:
            return self._hovered
        pin = self._store.state.pinned
        if pin is None or self.scene is None:
            return None
        return (self._index((pin.row, pin.column)), None) if pin.view == "image" else (pin.row, pin.column)

    def _index(self, cell: Cell) -> int:
        assert self.scene is not None
        height, width = self.scene.image.shape
        row, column = cell
        index: int = row * width + column if self._store.state.order == "row" else column * height + row
        return index

    def _cell(self, index: int) -> Cell:
        assert self.scene is not None
        height, width = self.scene.image.shape
        return (index // width, index % width) if self._store.state.order == "row" else (index % height, index // height)

    def _pixel(self, side: str, cell: Cell | None) -> tuple[int, int | None] | None:
        """A pixel of x or Z is a row of P; a pixel of the painted row is a column of the row shown."""
        if cell is None or self.scene is None:
            return None
        return (self._index(cell), None) if side == "row" else self._pair(None, self._index(cell))

    def _pair(self, i: int | None, j: int) -> tuple[int, int | None]:
        row = i if i is not None else max(self._row, 0)
        return row, j

    def _hover(self, pair: tuple[int, int | None] | None) -> None:
        self._hovered = pair
        self._light()

    def _pin(self, pair: tuple[int, int | None] | None) -> None:
        if pair is None:
            return
        pin = Pin("image", *self._cell(pair[0])) if pair[1] is None else Pin("matrix", pair[0], pair[1])
        self._store.move(pinned=None if pin == self._store.state.pinned else pin)

    def _release(self) -> None:
        self._hovered = None
        self._store.move(pinned=None)
        self._light()

    def _light(self) -> None:
        if self.scene is None:
            return
        pair = self.probe
        i, j = pair if pair is not None else (None, None)
        self._paint_row(i if i is not None else self._brightest())
        target = self._one(self._cell(j)) if j is not None else NOTHING
        source = self._one(self._cell(i)) if i is not None else NOTHING
        self.image.set_highlight(source)
        self.output.set_highlight(source)
        self.row.set_highlight(target)
        rows, columns = (i,) if i is not None else (), (j,) if j is not None else ()
        cells = (np.array([i]), np.array([j])) if i is not None and j is not None else None
        self.matrix.set_highlight(Highlight(rows=rows, columns=columns, cells=cells))
        self.striped.above.set_highlight(self._one((0, j)) if j is not None else NOTHING)
        self.striped.beside.set_highlight(self._one((i, 0)) if i is not None else NOTHING)
        self.probed.emit(i, j)

    def _brightest(self) -> int:
        assert self.scene is not None
        return int(self.scene.brightest)

    def _one(self, cell: Cell) -> Highlight:
        return Highlight(cells=(np.array([cell[0]]), np.array([cell[1]])))

    def _paint_row(self, i: int) -> None:
        """Row *i* of P, relative to uniform, as an image; all rows share one scale so that they can be compared."""
        assert self.scene is not None
        if i == self._row:
            return
        self._row = i
        attention = self.scene.attention
        low, high = attention.relative_range()
        scale = Scale.diverging(np.array([low, high]), 1.0)
        self.row.show_source(ArraySource(attention.row(i) * attention.size), scale)
        self.row_panel.title.setText(f"Row {i + self.scene.base:,}")
        self.row_panel.legend.show_scale(scale, "This row of P·HW, 1 is uniform.")
