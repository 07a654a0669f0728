"""Which characters become which: the matrix of those with the most errors, and the most frequent confusions."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from hw2gui.seq2seq import measure_view
from hw2gui.seq2seq.error_places import Details, busiest
from hw2gui.seq2seq.gui.confusion_view import SCALE, ConfusionView
from hw2gui.widgets import theme
from hw2gui.widgets.number_table import NumberTable
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.table_cells import Cell, Column

MOST, LISTED = 20, 200
COLUMNS = (
    Column("reference → output", "The reference's character and what the output has in its place (∅: nothing)", 110, numeric=False),
    Column("times", "How often", 60),
    Column("share", "Of all places where the reference has this character", 70),
)


class _Worst:
    """The rows of the list."""

    def __init__(self, details: Details) -> None:
        found = details.confusion
        self.pairs = found.worst(LISTED)
        self._totals = {name: int(total) for name, total in zip(found.characters, found.counts.sum(axis=1), strict=True)}

    @property
    def count(self) -> int:
        return len(self.pairs)

    def cell(self, row: int, column: int) -> Cell:
        reference, output, times = self.pairs[row]
        if column == 0:
            return Cell(measure_view.arrow((reference, output)))
        if column == 1:
            return Cell(f"{times:,}")
        return Cell(f"{100 * times / self._totals[reference]:.1f} %", tip=f"{times:,} of {self._totals[reference]:,}")

    def total(self, column: int) -> Cell:
        return Cell("")


class CharactersPanel(QWidget):
    """The matrix at the left, the list at the right."""

    def __init__(self, choose: Callable[[tuple[str, str]], None]) -> None:
        """*choose* is told the confusion (reference's character, output's) the user wants to see examples of."""
        super().__init__()
        self.view = ConfusionView()
        self.view.clicked.connect(choose)
        self.matrix_panel = Panel("Confusion of characters", self.view, exports=True)
        self.matrix_panel.legend.show_scale(SCALE)
        self.view.hovered.connect(self.matrix_panel.info.setText)
        self.table = NumberTable("Most frequent confusions", COLUMNS, compact=True, totals=False)
        self.table.opened.connect(lambda at: choose(self._pair(at)))
        hint = QLabel("Enter or double click: its examples")
        hint.setObjectName("muted")
        self.list_panel = Panel("Most frequent", self.table)
        self.list_panel.add_below(hint)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.matrix_panel, 3)
        layout.addWidget(self.list_panel, 1)

    def show_details(self, details: Details | None, chosen: tuple[str, str] | None) -> None:
        """Show the confusions of *details*, or that they are on their way."""
        self.view.show_shares(None if details is None else busiest(details.confusion, MOST), chosen)
        if details is not None:
            self.table.show_source(_Worst(details))

    def _pair(self, at: int) -> tuple[str, str]:
        source = self.table.source
        assert isinstance(source, _Worst)
        return source.pairs[at][:2]
