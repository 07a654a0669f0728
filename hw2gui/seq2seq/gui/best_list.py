"""The n best outputs with their log-probabilities and scores; the row chosen is the one looked at."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from hw2gui.datasets.arabic import is_right_to_left
from hw2gui.seq2seq.results import Output
from hw2gui.widgets.number_table import NumberTable
from hw2gui.widgets.table_cells import Cell, Column

COLUMNS = (
    Column("output", "The output; 1 is the best", 120, numeric=False),
    Column("log P", "The sum of the symbols' log-probabilities, natural logarithms", 62),
    Column("score", "What the beam ranks by: log P / |y|^α", 62),
)


class _Rows:
    def __init__(self, outputs: Sequence[Output]) -> None:
        self._outputs = tuple(outputs)

    @property
    def count(self) -> int:
        return len(self._outputs)

    def cell(self, row: int, column: int) -> Cell:
        found = self._outputs[row].hypothesis
        if column == 0:
            text = self._outputs[row].text
            # A mark keeps the number in front of a text that runs from right to left.
            mark = "\N{LEFT-TO-RIGHT MARK}" if is_right_to_left(text) else ""
            return Cell(f"{row + 1}  {mark}{text}", share=math.exp(found.log_probability), tip=f"P = {math.exp(found.log_probability):.4f}")
        return Cell(f"{(found.log_probability if column == 1 else found.score):.3f}".replace("-", "−"))

    def total(self, column: int) -> Cell:
        return Cell("")


class BestList(NumberTable):
    """A row for each output; the bar behind it is its probability."""

    def __init__(self, choose: Callable[[int], None]) -> None:
        super().__init__("The n best outputs", COLUMNS, compact=True, totals=False)
        self.outputs: tuple[Output, ...] = ()
        """What is listed."""
        self.chosen.connect(choose)

    def show_outputs(self, outputs: Sequence[Output], chosen: int) -> None:
        """List *outputs*, the one *chosen* selected."""
        self.outputs = tuple(outputs)
        self.show_source(_Rows(outputs), chosen if outputs else None)
