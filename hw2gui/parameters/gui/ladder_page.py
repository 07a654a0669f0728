"""The ladder from fully connected to convolution on the picture of the matrix: entries of one colour are one parameter."""

from __future__ import annotations

from html import escape

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hw2gui.arrays import Floats, Ints
from hw2gui.errors import InputError
from hw2gui.parameters.explain_ladder import explain_entry, explain_rung
from hw2gui.parameters.gui.page import Page
from hw2gui.parameters.ladder import RUNGS, Ladder, RungName
from hw2gui.parameters.scene import LadderScene, rung_names
from hw2gui.parameters.state import ParametersState
from hw2gui.parameters.tables import number_text
from hw2gui.session.store import Store
from hw2gui.widgets import theme
from hw2gui.widgets.categorical import IdScale
from hw2gui.widgets.cell_canvas import Behaviour
from hw2gui.widgets.fields import Choices, WholeField, row, text_label
from hw2gui.widgets.marks import NOTHING, Cell, Highlight
from hw2gui.widgets.matrix_view import MatrixView
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.services import Services


class IdSource:
    """Numbered entries as cells, 0 for none; zoomed out a pixel shows the largest number under it, so that nothing vanishes."""

    def __init__(self, ids: Ints) -> None:
        self.ids = ids

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return (int(self.ids.shape[0]), int(self.ids.shape[1]))

    def values(self, rows: range, cols: range) -> Floats:
        """The numbers of a tile."""
        return self.ids[rows.start : rows.stop, cols.start : cols.stop].astype(np.float64)

    def overview(self, row_edges: Ints, col_edges: Ints) -> Floats:
        """The largest number under each pixel."""
        part = self.ids[row_edges[0] : row_edges[-1], col_edges[0] : col_edges[-1]]
        along = np.maximum.reduceat(part, row_edges[:-1] - row_edges[0], axis=0)
        return np.maximum.reduceat(along, col_edges[:-1] - col_edges[0], axis=1).astype(np.float64)


class LadderPage(Page):
    """Four rungs, one matrix, and what one output cell sees and one pixel feeds."""

    def __init__(self, store: Store[ParametersState], services: Services) -> None:
        super().__init__(store, services)
        self._ladder: LadderScene | None = None
        self._ids: Ints = np.zeros((1, 1), dtype=np.int64)
        self._drawn: tuple[Ladder, RungName] | None = None
        self._at: Cell | None = None
        self.rung = Choices("Connections", tuple((name, f"{name}\n", meaning) for name, meaning in RUNGS.items()))
        self.rung.chosen.connect(lambda key: store.change("Rung", rung=key, entry=None))
        self.side = WholeField(
            "Rows of the picture", "The picture is drawn for an image with this many rows; the counts are those of the real layer"
        )
        self.side.edited.connect(lambda value: store.change("Ladder's picture", gesture="picture", picture_side=value, entry=None))
        self.note = text_label(muted=True)
        # Two lines whatever it says, so that the pictures stay where they are.
        self.note.setFixedHeight(2 * self.note.fontMetrics().lineSpacing() + 2)
        self.matrix = MatrixView("Matrix of the layer", Behaviour(pans=True))
        self.seen = MatrixView("Pixels one output cell sees")
        self.fed = MatrixView("Output cells one pixel feeds")
        self.matrix_panel = Panel("Matrix", self.matrix, exports=True)
        self.matrix_panel.export_requested.connect(lambda suffix: self.picture_requested.emit("ladder", suffix))
        self.seen_panel, self.fed_panel = Panel("x: inputs seen", self.seen), Panel("z: cells fed", self.fed)
        self.matrix.hovered.connect(self._probe)
        self.matrix.clicked.connect(lambda cell: store.move(entry=cell))
        self.matrix.released.connect(lambda: store.move(entry=None))
        self.seen.hovered.connect(lambda cell: self._probe(None if cell is None else (self._place()[0], self._pixel(cell))))
        self.fed.hovered.connect(lambda cell: self._probe(None if cell is None else (self._output(cell), self._place()[1])))
        self._build()

    def _build(self) -> None:
        small = QWidget()
        small.setFixedWidth(168)
        column = QVBoxLayout(small)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(self.seen_panel, 1)
        column.addWidget(self.fed_panel, 1)
        column.addWidget(row("Rows", self.side))
        column.addStretch(1)
        self.pictures = QWidget()
        line = QHBoxLayout(self.pictures)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE)
        line.addWidget(self.matrix_panel, 1)
        line.addWidget(small)
        self.box.addWidget(self.rung)
        self.box.addWidget(self.note)
        self.box.addWidget(self.pictures, 1)

    def home(self) -> None:
        """Zoom out."""
        self.matrix.fit()

    def refresh(self) -> None:
        """The ladder of the scene's convolution."""
        scene = self.scene
        if scene is None:
            return
        try:
            self._ladder = scene.steps
        except InputError as error:
            self._ladder = None
            self.note.setText(str(error))
            self.pictures.hide()
            self.rung.setEnabled(False)
            self.explained.emit(f"<p>{escape(str(error))}</p>")
            return
        self.pictures.show()
        self.rung.setEnabled(True)
        self._show(self._ladder, scene.state)

    def _show(self, ladder: LadderScene, now: ParametersState) -> None:
        for name in rung_names():
            count = ladder.counted.rung(name).weights.value
            self.rung.button(name).setText(f"{name}\n{number_text(count, now.numbers)}")
        self.rung.show_choice(now.rung)
        self.note.setText(f"Weights of {ladder.name}, {ladder.counted.image.text} → {ladder.counted.output.text}. {RUNGS[now.rung]}")
        self.side.show_value(
            ladder.side, ladder.smallest, ladder.largest, "the window has to fit", "the real image, or what can still be looked at"
        )
        if self._drawn != (ladder.drawn, now.rung):
            self._drawn = (ladder.drawn, now.rung)
            rows, columns = ladder.drawn.matrix_shape
            # Numbered from 1 on screen: where there is no parameter the entry is 0.
            self._ids = ladder.drawn.ids(now.rung, range(rows), range(columns)) + 1
            self.matrix.show_source(IdSource(self._ids), self._scale())
            width, cells = ladder.drawn.image.sizes[2], ladder.drawn.output.sizes[2]
            self.matrix.set_blocks((cells, width))
            self.matrix_panel.info.setText(f"{rows:,}×{columns:,}, {ladder.parameters_drawn(now.rung):,} parameters in the picture")
        self.matrix.set_pinned(self._inside(now.entry))
        self._light(self.matrix.current)

    # -- probing ------------------------------------------------------------------------------------------------------------------

    def _probe(self, cell: Cell | None) -> None:
        self._light(cell)

    def _light(self, cell: Cell | None) -> None:
        """Light the entry *cell* (or the pinned one) and its twins; show its row on x and its column on z."""
        ladder, scene = self._ladder, self.scene
        if ladder is None or scene is None or self._drawn != (ladder.drawn, scene.state.rung):
            return  # pictures that appear under the mouse tell of it before the new matrix is drawn
        shown = cell or self._inside(scene.state.entry)
        self._at = shown
        row, column = self._place()
        scale, drawn = self._scale(), ladder.drawn
        self.seen.show_source(IdSource(self._ids[row].reshape(drawn.image.sizes[1:])), scale)
        self.fed.show_source(IdSource(self._ids[:, column].reshape(drawn.output.sizes[1:])), scale)
        name = scene.state.rung
        if shown is None:
            for view in (self.matrix, self.seen, self.fed):
                view.set_highlight(NOTHING)
            self.explained.emit(explain_rung(ladder, name))
            return
        number = int(self._ids[shown])
        twins = self._ids == number if number else np.zeros_like(self._ids, dtype=bool)
        self.matrix.set_highlight(Highlight(mask=IdSource(twins.astype(np.int64)), cells=(np.array([row]), np.array([column]))))
        width, cells = drawn.image.sizes[2], drawn.output.sizes[2]
        self.seen.set_highlight(Highlight(cells=(np.array([column // width]), np.array([column % width]))))
        self.fed.set_highlight(Highlight(cells=(np.array([row // cells]), np.array([row % cells]))))
        self.explained.emit(explain_entry(ladder, name, shown, number, int(np.count_nonzero(twins))))

    def _place(self) -> Cell:
        """The entry whose row and column are shown: the probed one, else one in the middle."""
        rows, columns = self._ids.shape
        if self._at is not None:
            return self._at
        ladder = self._ladder
        if ladder is None:
            return (0, 0)
        (_, height, width), (_, high, wide) = ladder.drawn.image.sizes, ladder.drawn.output.sizes
        return min(rows - 1, high // 2 * wide + wide // 2), min(columns - 1, height // 2 * width + width // 2)

    def _pixel(self, cell: Cell) -> int:
        return cell[0] * self.seen.source.shape[1] + cell[1] if self.seen.source is not None else 0

    def _output(self, cell: Cell) -> int:
        return cell[0] * self.fed.source.shape[1] + cell[1] if self.fed.source is not None else 0

    def _inside(self, entry: Cell | None) -> Cell | None:
        rows, columns = self._ids.shape
        return entry if entry is not None and entry[0] < rows and entry[1] < columns else None

    def _scale(self) -> IdScale:
        assert self._ladder is not None
        return IdScale.of(self._ladder.parameters_drawn(self.store.state.rung))
