"""Who is taken for whom: ten classes by ten, with their names; each cell can be clicked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from hw2gui.arrays import Floats, Ints
from hw2gui.colour import Scale
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.widgets import theme
from hw2gui.widgets.cells import ArraySource
from hw2gui.widgets.marks import NOTHING, Highlight
from hw2gui.widgets.matrix_view import MatrixView

NAME_WIDTH, NAME_HEIGHT = 40, 20


@dataclass(frozen=True)
class ShareScale(Scale):
    """Counts in the colour of their share of the row (the class); the whole matrix must be asked for at once."""

    totals: tuple[int, ...] = ()

    @staticmethod
    def of(confusion: Ints, *, errors: bool) -> ShareScale:
        """From 0 to 1, or (*errors*) to the largest share of a class that is taken for another."""
        totals = confusion.sum(axis=1)
        wrong = confusion * (1 - np.eye(len(confusion), dtype=np.int64)) / np.maximum(totals, 1)[:, None]
        high = float(wrong.max()) if errors and wrong.max() > 0 else 1.0
        return ShareScale("sequential", 0.0, high, tuple(int(total) for total in totals))

    def colours(self, values: Floats, dark: bool, mixed: int = 0xFF8250C8) -> NDArray[np.uint32]:
        """0xffRRGGBB for each count."""
        return super().colours(values / np.maximum(self.totals, 1)[:, None], dark, mixed)


class Names(QWidget):
    """The classes' names along a view, each at its row or column."""

    def __init__(self, view: MatrixView, orientation: Qt.Orientation) -> None:
        super().__init__()
        self._view, self._across = view, orientation == Qt.Orientation.Horizontal
        policy = QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed
        self.setSizePolicy(*(policy if self._across else policy[::-1]))
        view.view_changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """One line, or as wide as a name."""
        return QSize(NAME_WIDTH, NAME_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Each name in the middle of its cells."""
        painter = QPainter(self)
        painter.setPen(QColor(theme.current().muted))
        for number, character in enumerate(CLASSES):
            cell = self._view.cell_rect((number, number))
            place = (
                QRectF(cell.x(), 0, cell.width(), self.height()) if self._across else QRectF(0, cell.y(), self.width() - 4, cell.height())
            )
            side = Qt.AlignmentFlag.AlignHCenter if self._across else Qt.AlignmentFlag.AlignRight
            painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, character.romaji)


class ConfusionView(QWidget):
    """Counts of each class (row) taken for each class (column), or how they change."""

    clicked = Signal(int, int)
    """(class, taken for)."""
    hovered = Signal(object)
    """(class, taken for) under the pointer or the keyboard, or None."""

    def __init__(self) -> None:
        super().__init__()
        self.view = MatrixView("Confusion matrix")
        self.view.clicked.connect(lambda cell: self.clicked.emit(*cell))
        self.view.hovered.connect(self._hover)
        self.counts: Ints | None = None
        is_, taken = QLabel("is"), QLabel("is taken for")
        for label in (is_, taken):
            label.setObjectName("muted")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        grid.addWidget(is_, 0, 0, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(taken, 0, 1, Qt.AlignmentFlag.AlignHCenter)
        grid.addWidget(Names(self.view, Qt.Orientation.Horizontal), 1, 1)
        grid.addWidget(Names(self.view, Qt.Orientation.Vertical), 2, 0)
        grid.addWidget(self.view, 2, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(2, 1)

    def show_counts(self, counts: Ints | None, scale: Scale | None = None) -> None:
        """Show *counts* (10, 10), or nothing."""
        self.counts = counts
        if counts is None or scale is None:
            self.view.show_source(None, Scale("sequential", 0.0, 1.0))
            return
        self.view.show_source(ArraySource(counts.astype(np.float64)), scale)

    def show_chosen(self, cell: tuple[int, int] | None) -> None:
        """Mark the cell whose images are shown."""
        self.view.set_pinned(cell)

    def _hover(self, cell: tuple[int, int] | None) -> None:
        self.view.set_highlight(NOTHING if cell is None else Highlight(rows=(cell[0],), columns=(cell[1],)))
        self.hovered.emit(cell)
