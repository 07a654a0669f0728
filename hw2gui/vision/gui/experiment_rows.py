"""The runs of an experiment as rows of a table."""

from __future__ import annotations

from dataclasses import dataclass

from hw2gui.vision.laboratory import Row
from hw2gui.widgets.table_cells import Cell, Column

COLUMNS = (
    Column("network", "What is compared", 30, numeric=False),
    Column("seed", "Start of its random numbers", 8),
    Column("parameters", "Weights and biases, in closed form", 14),
    Column("run", "What has become of its training", 24, numeric=False),
    Column("validation", "Accuracy on validation images after the last epoch so far", 14),
    Column("test", "Accuracy on test images, looked at once at the end", 12),
)


@dataclass(frozen=True)
class ExperimentRows:
    """The runs as the table shows them."""

    rows: tuple[Row, ...]

    @property
    def count(self) -> int:
        """How many."""
        return len(self.rows)

    def cell(self, row: int, column: int) -> Cell:
        """One of them."""
        one = self.rows[row]
        status = one.status if one.test is not None or not one.run else f"{one.status}, to be gone on with"
        texts = (one.label, f"{one.seed}", f"{one.parameters:,}", status, _score(one.validation), _score(one.test))
        return Cell(texts[column], muted=one.test is None, tip=one.run)

    def total(self, column: int) -> Cell:
        """How many are trained."""
        done = sum(one.test is not None for one in self.rows)
        return Cell(f"{done} of {len(self.rows)} trained" if column == 0 else "")


def _score(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"
