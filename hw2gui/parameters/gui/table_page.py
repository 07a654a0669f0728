"""The table of layers with all their counts."""

from __future__ import annotations

from fractions import Fraction

from hw2gui.parameters.analysis import Analysis, Row
from hw2gui.parameters.count import MACS_NOTE, MEMORY_NOTE, RECEPTIVE_NOTE
from hw2gui.parameters.explain import explain_scene
from hw2gui.parameters.gui.page import Page
from hw2gui.parameters.scene import Scene
from hw2gui.parameters.state import NumberFormat, ParametersState
from hw2gui.parameters.tables import bytes_text, number_text, share_text
from hw2gui.session.store import Store
from hw2gui.widgets.number_table import NumberTable
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.services import Services
from hw2gui.widgets.table_cells import Cell, Column

LAYER, OUTPUT, WEIGHTS, BIASES, SHARE, MACS, MEMORY, RECEPTIVE = range(8)
EMPTY = Cell("")


NARROW, WIDE = 94, 118
"""The first column's part of the width beside a receptive field and without: names of sequence models are long."""


def columns(batch: int, names: int = NARROW) -> tuple[Column, ...]:
    """The table's columns, *names* wide the first; the memory is that of *batch* examples."""
    return (
        Column("layer\nkind", "The layer's name (given, or numbered by kind) and its kind", names, numeric=False),
        Column(
            "output\nshape", "What comes out for one example: channels × height × width, length × features, or features", 80, numeric=False
        ),
        Column("\nweights", "Multiplied parameters", 68),
        Column("\nbiases", "Added parameters", 50),
        Column("share of\nthe total", "The layer's part of all parameters", 62),
        Column("multiply–adds\nFLOPs ≈ 2×", MACS_NOTE, 86),
        Column(f"memory\nbatch of {batch:,}", f"Activations. {MEMORY_NOTE}", 78),
        Column("receptive\nfield", f"The pixels of the input that one output depends on, rows × columns. {RECEPTIVE_NOTE}", 60),
    )


class LayerTable:
    """The rows of one analysis as cells."""

    def __init__(self, analysis: Analysis, numbers: NumberFormat) -> None:
        self._analysis, self._numbers = analysis, numbers

    @property
    def count(self) -> int:
        """How many layers fit."""
        return len(self._analysis.rows)

    def cell(self, row: int, column: int) -> Cell:
        """One cell."""
        layer = self._analysis.rows[row]
        match column:
            case 0:
                return Cell(layer.name, below=layer.kind, tip=f"{layer.name}: {layer.layer.summary}")
            case 1:
                return Cell(layer.output.text)
            case 2:
                return self._weights(layer)
            case 3:
                return self._number(layer.biases)
            case 4:
                return self._share(layer)
            case 5:
                return self._number(layer.macs)
            case 6:
                return self._memory(self._analysis.activation_bytes(layer))
        return Cell(layer.receptive.text if layer.receptive else "", short="all" if layer.receptive and layer.receptive.whole else "")

    def total(self, column: int) -> Cell:
        """The line of totals."""
        totals = self._analysis.totals
        match column:
            case 0:
                words = f"{number_text(totals.parameters, self._numbers)} parameters"
                short = f"{number_text(totals.parameters, 'short')} parameters"
                return Cell(words, short=short, tip=f"{totals.parameters:,} parameters", span=2)
            case 2:
                return self._number(totals.weights)
            case 3:
                return self._number(totals.biases)
            case 4:
                return Cell(share_text(Fraction(1)), short="100 %") if totals.parameters else Cell("")
            case 5:
                return self._number(totals.macs)
            case 6:
                return self._memory(totals.activation_bytes)
        return EMPTY

    def _weights(self, layer: Row) -> Cell:
        if layer.tied_to:
            return Cell("shared", muted=True, tip=f"The weight is that of {layer.tied_to}, counted there, once")
        cell = self._number(layer.weights)
        return Cell(cell.text, cell.short, below="frozen", tip=f"{cell.tip}, not trained") if layer.frozen and layer.weights else cell

    def _share(self, layer: Row) -> Cell:
        if not layer.parameters:
            return EMPTY
        share = self._analysis.share(layer)
        return Cell(share_text(share), share=float(share), tip=f"{layer.parameters:,} of {self._analysis.totals.parameters:,} parameters")

    def _number(self, value: int) -> Cell:
        if not value:
            return Cell("0", muted=True)
        return Cell(number_text(value, self._numbers), short=number_text(value, "short"), tip=f"{value:,}")

    def _memory(self, value: int) -> Cell:
        if not value:
            return Cell("0", muted=True, tip="A view of the same numbers")
        return Cell(bytes_text(value, self._numbers), short=bytes_text(value, "short"), tip=f"{value:,} bytes")


class TablePage(Page):
    """The counts of the stack, layer by layer; a selected row opens its formulas."""

    def __init__(self, store: Store[ParametersState], services: Services) -> None:
        super().__init__(store, services)
        self.table = NumberTable("Counts, layer by layer", columns(store.state.batch))
        self.table.chosen.connect(lambda row: store.move(selected=row))
        self.panel = Panel("", self.table, exports=True, key="Table").hold_answer()
        self.panel.export_requested.connect(lambda suffix: self.picture_requested.emit("parameters", suffix))
        self.box.addWidget(self.panel, 1)

    def refresh(self) -> None:
        """The table of the scene."""
        scene = self.scene
        if scene is None:
            return
        analysis = scene.analysis
        self.panel.title.setText(analysis.architecture.name)
        totals = analysis.totals
        words = f"{number_text(totals.parameters, scene.state.numbers)} parameters"
        if analysis.error is not None:
            words = f"{words} up to {analysis.error.name}, which does not fit"
        self.panel.info.setText(f"{words}, biases ignored" if analysis.ignore_biases else words)
        seen = not analysis.rows or any(layer.receptive for layer in analysis.rows)
        self.table.set_columns(columns(analysis.batch, NARROW if seen else WIDE))
        self.table.hide_columns(() if seen else {RECEPTIVE})
        self.table.show_source(LayerTable(analysis, scene.state.numbers), _selected(scene))
        self.explained.emit(explain_scene(scene))


def _selected(scene: Scene) -> int | None:
    index = scene.state.selected
    return index if index is not None and index < len(scene.analysis.rows) else None
