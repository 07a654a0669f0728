"""What a character model writes after each epoch: outputs of some validation pairs, and the attention of a fixed one."""

from __future__ import annotations

from typing import Any

import numpy as np

from hw2gui.seq2seq.alignment import distances
from hw2gui.seq2seq.gui.attention_view import AttentionView
from hw2gui.seq2seq.symbols import axis_order
from hw2gui.training.gui.sample_view import SampleView
from hw2gui.widgets.number_table import NumberTable
from hw2gui.widgets.table_cells import Cell, Column


class _Outputs:
    """The rows of a sample: what was read, what was written, how far that is off."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._rows = rows
        self.errors = distances([row["output"] for row in rows], [row["reference"] for row in rows])
        self.rates = [int(error) / max(1, len(row["reference"])) for error, row in zip(self.errors, rows, strict=True)]

    @property
    def count(self) -> int:
        return len(self._rows)

    def cell(self, row: int, column: int) -> Cell:
        one = self._rows[row]
        if column == 3:
            return Cell(f"{self.rates[row]:.2f}", share=self.rates[row], tip=f"{self.errors[row]} of {len(one['reference'])} characters")
        text = str(one[("source", "reference", "output")[column]])
        right = column == 2 and text == one["reference"]
        return Cell(f"✓ {text}" if right else text, tip=f"log p = {one['log_probability']:.2f}" if column == 2 else text)

    def total(self, column: int) -> Cell:
        return Cell(f"{sum(self.rates) / max(1, len(self.rates)):.3f}") if column == 3 else Cell("mean of these" if column == 0 else "")


class OutputsView(SampleView):
    """A few validation pairs, always the same, as the model writes them greedily."""

    def __init__(self) -> None:
        self.table = NumberTable(
            "Outputs of some validation pairs",
            (
                Column("source", "What is read", 100, numeric=False),
                Column("reference", "What it should become", 100, numeric=False),
                Column("output", "What the model writes, greedily; ✓ where it is right", 110, numeric=False),
                Column("error", "Edit distance over the reference's length", 50),
            ),
            compact=True,
        )
        super().__init__("outputs", "Outputs", self.table, "Outputs appear here after the first epoch.")

    def show_payload(self, payload: Any, epoch: int) -> str:
        """Show the outputs of *epoch*."""
        rows = _Outputs(payload)
        self.table.show_source(rows)
        right = sum(not error for error in rows.errors)
        return f"After epoch {epoch}: {right} of {rows.count} right to the letter. Watch them become words."


class AttentionSample(SampleView):
    """The attention of one validation pair, always the same, as it finds its letters."""

    def __init__(self) -> None:
        self.map = AttentionView("Attention of a fixed pair", moves=False)
        self.map.hovered.connect(self.map.light)
        super().__init__("attention", "Attention", self.map, "The attention of a fixed pair appears here after an epoch, if there is any.")

    def picture(self) -> tuple[str, dict[str, Any]] | None:
        """The map on paper."""
        if self.sample is None:
            return None
        return "hw2gui.seq2seq.sample_pictures:save_attention", {"payload": self.sample.payload, "epoch": self.sample.epoch}

    def show_payload(self, payload: Any, epoch: int) -> str:
        """Show the attention after *epoch*."""
        weights = np.array(payload["weights"], dtype=np.float64)
        source = tuple(payload["source"])
        self.map.show_attention(weights, source, tuple(payload["output"]), axis_order(source, visual=True), hints=False)
        entropy = float(-(weights * np.log2(np.maximum(weights, 1e-12))).sum(axis=1).mean()) if weights.size else 0.0
        most = float(np.log2(max(1, weights.shape[1]))) if weights.size else 0.0
        spread = f"Mean entropy {entropy:.2f} of {most:.2f} bits (uniform): it falls as the rows find their letters."
        return (
            f"After epoch {epoch}: p = softmax(zᵀh), a row for each symbol written, colours 0 to 1. {spread} "
            f"Should be: {payload['reference']}"
        )
