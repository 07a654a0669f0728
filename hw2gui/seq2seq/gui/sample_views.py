"""What a character model writes after each epoch: outputs of some validation pairs, and the attention of a fixed one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from hw2gui.colour import Scale
from hw2gui.datasets.arabic import is_right_to_left, isolated
from hw2gui.seq2seq.alignment import distances
from hw2gui.training.gui.sample_view import SampleView
from hw2gui.widgets import theme
from hw2gui.widgets.number_table import Cell, Column, NumberTable

SCALE = Scale("sequential", 0.0, 1.0)
LARGEST_CELL = 34


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


class AttentionView(SampleView):
    """The attention of one validation pair, always the same, as it finds its letters."""

    def __init__(self) -> None:
        self.map = AttentionPicture()
        super().__init__("attention", "Attention", self.map, "The attention of a fixed pair appears here after an epoch, if there is any.")

    def picture(self) -> tuple[str, dict[str, Any]] | None:
        """The map on paper."""
        if self.sample is None:
            return None
        return "hw2gui.seq2seq.sample_pictures:save_attention", {"payload": self.sample.payload, "epoch": self.sample.epoch}

    def show_payload(self, payload: Any, epoch: int) -> str:
        """Show the attention after *epoch*."""
        weights = np.array(payload["weights"], dtype=np.float64)
        self.map.show_weights(payload["source"], tuple(payload["output"]), weights)
        entropy = float(-(weights * np.log2(np.maximum(weights, 1e-12))).sum(axis=1).mean()) if weights.size else 0.0
        most = float(np.log2(max(1, weights.shape[1]))) if weights.size else 0.0
        spread = f"Mean entropy {entropy:.2f} of {most:.2f} bits (uniform): it falls as the rows find their letters."
        return (
            f"After epoch {epoch}: p = softmax(zᵀh), a row for each symbol written, colours 0 to 1. {spread} "
            f"Should be: {payload['reference']}"
        )


class AttentionPicture(QWidget):
    """Rows for the symbols written, columns for the source's letters, which stand alone and, if they run to the left, do so here."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Attention of a fixed pair")
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._weights: NDArray[np.float64] = np.empty((0, 0))
        self._source: tuple[str, ...] = ()
        self._output: tuple[str, ...] = ()

    def show_weights(self, source: str, output: tuple[str, ...], weights: NDArray[np.float64]) -> None:
        """Show *weights* (len(output), len(source)), 0 to 1."""
        letters = isolated(source)
        turned = is_right_to_left(source)
        self._source = letters[::-1] if turned else letters
        self._weights = weights[:, ::-1] if turned else weights
        self._output = output
        self.update()

    @property
    def cells(self) -> NDArray[np.float64]:
        """The weights as they are seen, from left to right."""
        return self._weights

    def minimumSizeHint(self) -> QSize:
        """Enough for a short name."""
        return QSize(160, 100)

    def changeEvent(self, event: QEvent) -> None:
        """A new theme: new colours."""
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)

    def _area(self) -> QRectF:
        left = 8 + max((self.fontMetrics().horizontalAdvance(symbol) for symbol in self._output), default=0)
        top = self.fontMetrics().height() + 4
        rows, columns = self._weights.shape
        size = min((self.width() - left - 4) / max(1, columns), (self.height() - top - 4) / max(1, rows), LARGEST_CELL)
        return QRectF(left, top, size * columns, size * rows)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Letters above, symbols at the left, a colour for each weight."""
        if not self._weights.size:
            return
        painter, area = QPainter(self), self._area()
        rows, columns = self._weights.shape
        size = area.width() / columns
        colours = np.ascontiguousarray(SCALE.colours(self._weights, theme.current().dark))
        image = QImage(colours.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
        painter.drawImage(area, image)
        painter.setPen(QColor(theme.current().text))
        for column, letter in enumerate(self._source):
            box = QRectF(area.left() + column * size, 0, size, area.top())
            painter.drawText(box, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter), letter)
        for row, symbol in enumerate(self._output):
            box = QRectF(0, area.top() + row * size, area.left() - 4, size)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), symbol)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the weight under the pointer."""
        area = self._area()
        if not self._weights.size or not area.contains(event.position()):
            QToolTip.hideText()
            return
        size = area.width() / self._weights.shape[1]
        row = min(int((event.position().y() - area.top()) / size), self._weights.shape[0] - 1)
        column = min(int((event.position().x() - area.left()) / size), self._weights.shape[1] - 1)
        words = f"p({self._source[column]} | writing {self._output[row]}) = {self._weights[row, column]:.4f}"
        QToolTip.showText(event.globalPosition().toPoint(), words, self)
