"""The convolution itself: x, w, z and M on screen together, every cell linked to every other, played and edited."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hw2gui.colour import Scale
from hw2gui.convolution import state
from hw2gui.convolution.entry import format_number
from hw2gui.convolution.gui.probing import lights
from hw2gui.convolution.gui.sources import MatrixCells
from hw2gui.convolution.gui.views import CellEditor, StripedMatrix, lay_out
from hw2gui.convolution.links import Probe, View
from hw2gui.convolution.scene import Scene, gradient
from hw2gui.convolution.sizes import by
from hw2gui.convolution.state import ConvolutionState, ImageChoice, Pin
from hw2gui.convolution.transpose import backproject
from hw2gui.session.store import Store, Stroke
from hw2gui.widgets.cell_canvas import Behaviour
from hw2gui.widgets.cells import ArraySource
from hw2gui.widgets.marks import NOTHING, Cell
from hw2gui.widgets.matrix_view import MatrixView
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.player import Player
from hw2gui.widgets.services import Services


class ConvolutionPage(QWidget):
    """Shows a :class:`Scene`; what the user does goes to the store."""

    probed = Signal(object)
    """The cell to explain: a :class:`Probe`, or None."""
    export_requested = Signal(str, str)
    """(which picture, format)"""

    def __init__(self, store: Store[ConvolutionState], services: Services) -> None:
        super().__init__()
        self._store = store
        self._services = services
        self._scene: Scene | None = None
        self.shown = store.state
        """The state that is on screen; the store's may be ahead of it, while the pixels of an image of another size are on their way."""
        self._hovered: Probe | None = None
        self._pinned: Pin | None = None
        self._brush, self._painting = 1.0, False
        self._stroke = Stroke()
        self.image = MatrixView("Image x", Behaviour(edits=True))
        self.kernel = MatrixView("Kernel w", Behaviour(edits=True))
        self.output = MatrixView("Output z")
        self.striped = StripedMatrix("Matrix M", "vec(x)", "vec(z)")
        self.matrix = self.striped.matrix
        self.player = Player("Sliding window", "output cell")
        self.player.moved.connect(lambda position: self._store.move(position=position))
        self._build()
        self._connect()

    def _build(self) -> None:
        self.image_panel = Panel("x", self.image, exports=True)
        self.kernel_panel = Panel("w", self.kernel, exports=True)
        self.output_panel = Panel("z", self.output, exports=True).hold_title()
        self.matrix_panel = Panel("M", self.striped, exports=True).hold_title(self.player.label)
        self.matrix_panel.add_below(self.player)
        splitter = lay_out(self, ((self.image_panel, 10), (self.kernel_panel, 8), (self.output_panel, 10)), self.matrix_panel)
        splitter.setStretchFactor(0, 5)
        splitter.setStretchFactor(1, 8)
        for name, panel in self._panels().items():
            panel.export_requested.connect(lambda suffix, which=name: self.export_requested.emit(which, suffix))

    def _panels(self) -> dict[str, Panel]:
        return {"image": self.image_panel, "kernel": self.kernel_panel, "output": self.output_panel, "matrix": self.matrix_panel}

    def _connect(self) -> None:
        for view, name in ((self.image, "image"), (self.kernel, "kernel"), (self.output, "output"), (self.matrix, "matrix")):
            view.hovered.connect(lambda cell, which=name: self._hover(which, cell))
            view.clicked.connect(lambda cell, which=name: self._pin(which, cell))
            view.released.connect(self._release)
        for strip, which in ((self.striped.above, "above"), (self.striped.beside, "beside")):
            strip.hovered.connect(lambda cell, side=which: self._hover_strip(side, cell))
            strip.clicked.connect(lambda cell, side=which: self._pin_strip(side, cell))
            strip.released.connect(self._release)
        CellEditor(self.image, self._services.message).entered.connect(lambda cell, value: self._set_pixels([cell], value))
        CellEditor(self.kernel, self._services.message).entered.connect(self._set_weight)
        self.image.painted.connect(self._paint)
        self.image.paint_ended.connect(self._end_stroke)

    # -- showing ------------------------------------------------------------------------------------------------------------------

    def show_scene(self, scene: Scene, now: ConvolutionState) -> None:
        """Show *scene*, made of the state *now*."""
        self._scene, self.shown = scene, now
        geometry = scene.geometry
        z = scene.output if scene.output is not None else np.zeros(geometry.output_shape)
        if now.transposed:
            z = gradient(now, scene)
            back = backproject(z, scene.kernel, geometry) if not scene.heavy else np.zeros(geometry.image_shape)
            image, image_scale = back, Scale.diverging(back)
        else:
            image, image_scale = scene.image, Scale.grey(scene.image)
        kernel_scale, z_scale = Scale.diverging(scene.kernel), Scale.diverging(z)
        image_source, z_source = ArraySource(image), ArraySource(z)
        self.image.show_source(image_source, image_scale)
        self.kernel.show_source(ArraySource(scene.kernel), kernel_scale)
        self.output.show_source(z_source, z_scale)
        self.matrix.show_source(MatrixCells(scene.matrix, transposed=now.transposed), kernel_scale)
        x_strip, z_strip = geometry.vec(image), geometry.vec(z)
        across, down = (z_strip, x_strip) if now.transposed else (x_strip, z_strip)
        scales = (z_scale, image_scale) if now.transposed else (image_scale, z_scale)
        self.striped.above.show_source(ArraySource(across.reshape(1, -1)), scales[0])
        self.striped.beside.show_source(ArraySource(down.reshape(-1, 1)), scales[1])
        self._show_blocks(scene, now)
        self._show_titles(scene, now, (image_scale, kernel_scale, z_scale))
        self.striped.refresh_strips()
        self.show_state(now)

    def show_state(self, now: ConvolutionState) -> None:
        """What changes without a new scene: playhead, pin, painting."""
        if self._scene is None:
            return
        self.shown = now
        own = now.editable and not now.transposed  # Mᵀg is computed, and not for painting over
        self.image.behaviour = replace(self.image.behaviour, edits=own, paints=own and self._painting)
        self._show_playhead(self._scene, now)
        self._show_pin(now)
        self._light()

    def set_painting(self, on: bool) -> None:
        """Whether dragging over x paints."""
        self._painting = on
        self.show_state(self.shown)

    def home(self) -> None:
        """Show all of every view."""
        for view in (self.image, self.kernel, self.output, self.matrix):
            view.fit()

    def _show_blocks(self, scene: Scene, now: ConvolutionState) -> None:
        geometry = scene.geometry
        rows, columns = (geometry.output_width, geometry.width) if now.order == "row" else (geometry.output_height, geometry.height)
        self.matrix.set_blocks((columns, rows) if now.transposed else (rows, columns))
        self.striped.above.set_blocks((1, rows if now.transposed else columns))
        self.striped.beside.set_blocks((columns if now.transposed else rows, 1))

    def _show_titles(self, scene: Scene, now: ConvolutionState, scales: tuple[Scale, Scale, Scale]) -> None:
        geometry = scene.geometry
        rows, columns = scene.matrix.shape
        names = ("Mᵀg", "w", "g = z" if now.gradient == "output" else "g", "Mᵀ") if now.transposed else ("x", "w", "z", "M")
        shapes = (
            geometry.image_shape,
            geometry.kernel_shape,
            geometry.output_shape,
            (columns, rows) if now.transposed else (rows, columns),
        )
        for panel, name, shape, scale in zip(self._panels().values(), names, shapes, (*scales, scales[1]), strict=True):
            panel.title.setText(name)
            panel.info.setText(by(shape))
            panel.legend.show_scale(scale)
        if scene.output is None:
            self.output_panel.info.setText("computing…")
        rows_are, columns_are = ("vec(Mᵀg)", "vec(g)") if now.transposed else ("vec(z)", "vec(x)")
        self.matrix_panel.info.setText(f"{self.matrix_panel.info.text()} — columns: {columns_are} above, rows: {rows_are} beside")
        self.striped.above.setAccessibleName(columns_are)
        self.striped.beside.setAccessibleName(rows_are)
        self.striped.above.setToolTip(f"{columns_are}: entry j above column j")
        self.striped.beside.setToolTip(f"{rows_are}: entry i beside row i")

    def _show_playhead(self, scene: Scene, now: ConvolutionState) -> None:
        geometry = scene.geometry
        self.player.show_position(now.position, geometry.matrix_rows)
        if now.position is None:
            for view in (self.output, self.matrix, self.striped.above, self.striped.beside):
                view.set_veil(())
            return
        rows, columns = scene.matrix.shape
        after, left = now.position + 1, rows - now.position - 1
        self.matrix.set_veil(((0, after, columns, left),) if now.transposed else ((after, 0, left, columns),))
        strip = self.striped.above if now.transposed else self.striped.beside
        strip.set_veil(((0, after, 1, left),) if now.transposed else ((after, 0, left, 1),))
        alpha, beta = geometry.output_index(now.position)
        height, width = geometry.output_shape
        if now.order == "row":
            self.output.set_veil(((alpha, beta + 1, 1, width - beta - 1), (alpha + 1, 0, height - alpha - 1, width)))
        else:
            self.output.set_veil(((alpha + 1, beta, height - alpha - 1, 1), (0, beta + 1, height, width - beta - 1)))

    def _show_pin(self, now: ConvolutionState) -> None:
        pin = now.pinned
        if pin is not None and pin != self._pinned:
            self._hovered = None  # What was pinned last is explained, wherever the pointer rests.
        self._pinned = pin
        for name, view in (("image", self.image), ("kernel", self.kernel), ("output", self.output), ("matrix", self.matrix)):
            cell = (pin.row, pin.column) if pin is not None and pin.view == name else None
            view.set_pinned((cell[1], cell[0]) if cell and name == "matrix" and now.transposed else cell)

    # -- probing ------------------------------------------------------------------------------------------------------------------

    @property
    def probe(self) -> Probe | None:
        """The cell that is explained and whose partners are lit: the one under the pointer, else the pinned one, else the playhead's."""
        if self._hovered is not None:
            return self._hovered
        now = self.shown
        if now.pinned is not None:
            return Probe(now.pinned.view, now.pinned.row, now.pinned.column)
        if now.position is not None and self._scene is not None:
            return Probe("output", *self._scene.geometry.output_index(now.position))
        return None

    def _hover(self, which: View, cell: Cell | None) -> None:
        self._hovered = self._probe_of(which, cell)
        self._light()

    def _hover_strip(self, side: str, cell: Cell | None) -> None:
        self._hovered = self._strip_probe(side, cell)
        self._light()

    @property
    def _is_behind(self) -> bool:
        """Whether the cells on screen are no longer those of the store's state: what is done to them would be done to others."""
        return self.shown is not self._store.state

    def _probe_of(self, which: View, cell: Cell | None) -> Probe | None:
        if cell is None:
            return None
        if which == "matrix" and self.shown.transposed:
            cell = (cell[1], cell[0])
        return Probe(which, *cell)

    def _strip_probe(self, side: str, cell: Cell | None) -> Probe | None:
        if cell is None or self._scene is None:
            return None
        geometry = self._scene.geometry
        is_image = (side == "above") != self.shown.transposed
        index = cell[1] if side == "above" else cell[0]
        return Probe("image", *geometry.pixel_index(index)) if is_image else Probe("output", *geometry.output_index(index))

    def _pin(self, which: View, cell: Cell) -> None:
        self._pin_probe(self._probe_of(which, cell))

    def _pin_strip(self, side: str, cell: Cell) -> None:
        self._pin_probe(self._strip_probe(side, cell))

    def _pin_probe(self, probe: Probe | None) -> None:
        if probe is None or self._is_behind:
            return
        pin = Pin(probe.view, probe.row, probe.column)
        self._store.move(pinned=None if pin == self._store.state.pinned else pin)

    def _release(self) -> None:
        self._hovered = None
        self._store.move(pinned=None)
        self._light()

    def _light(self) -> None:
        scene, probe = self._scene, self.probe
        if scene is None:
            return
        transposed = self.shown.transposed
        lit = lights(scene.geometry, probe, transposed=transposed)
        self.image.set_highlight(lit.image)
        self.kernel.set_highlight(lit.kernel)
        self.output.set_highlight(lit.output)
        self.matrix.set_highlight(lit.matrix)
        self.striped.above.set_highlight(lit.output_strip if transposed else lit.image_strip)
        self.striped.beside.set_highlight(lit.image_strip if transposed else lit.output_strip)
        if probe is None:
            for view in (self.image, self.kernel, self.output, self.matrix):
                view.set_highlight(NOTHING)
        self.probed.emit(probe)

    # -- editing ------------------------------------------------------------------------------------------------------------------

    def set_brush(self, level: float) -> None:
        """The grey level the brush paints."""
        self._brush = level

    def _paint(self, cell: Cell, erase: bool) -> None:
        self._set_pixels([cell], 0.0 if erase else self._brush, self._stroke)

    def _end_stroke(self) -> None:
        self._stroke = Stroke()

    def _set_pixels(self, cells: list[Cell], value: float, gesture: Stroke | None = None) -> None:
        if self._scene is None or self._is_behind or not self.shown.editable:
            return
        pixels = state.with_cells(state.as_numbers(self._scene.image), cells, value)
        after = state.with_image(self.shown, ImageChoice(kind="drawn", pixels=pixels))
        label = "Paint" if gesture else f"Pixel = {format_number(value)}"
        self._store.replace(label, after, gesture=gesture)

    def _set_weight(self, cell: Cell, value: float) -> None:
        if self._is_behind:
            return
        now = self.shown
        self._store.replace(f"Weight = {format_number(value)}", state.with_weights(now, state.with_cells(now.weights, [cell], value)))
