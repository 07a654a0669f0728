"""The results class by class, to read and to take away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from hw2gui.datasets.kmnist import CLASSES
from hw2gui.vision.evaluation import Evaluation
from hw2gui.vision.tables import class_table
from hw2gui.widgets.buttons import IconButton
from hw2gui.widgets.elided import ElidedLabel
from hw2gui.widgets.number_table import NumberTable
from hw2gui.widgets.table_cells import Cell, Column

COLUMNS = (
    Column("class", "What the images are", 12, numeric=False),
    Column("images", "How many of them there are", 12),
    Column("right", "How many are read rightly", 12),
    Column("recall", "right / images: how much of the class is found", 16),
    Column("taken for it", "How many images are read as this class, rightly or not", 14),
    Column("precision", "right / taken for it: how much of what is read as this class is it", 16),
    Column("most often taken for", "The most frequent mistake and how often it is made", 22, numeric=False),
)
RECALL, PRECISION = 3, 5
FORMS = (("csv", "CSV", "for spreadsheets and programs: plain numbers"), ("md", "Markdown", ""), ("tex", "LaTeX", ""))


class ClassSource:
    """The rows of :func:`hw2gui.vision.tables.class_table` as cells, shares with a bar."""

    def __init__(self, evaluation: Evaluation) -> None:
        self._table = class_table(evaluation, "")
        self._plain = class_table(evaluation, "", plain=True)

    @property
    def count(self) -> int:
        """Ten."""
        return len(self._table.rows)

    def cell(self, row: int, column: int) -> Cell:
        """One cell."""
        text, plain = self._table.rows[row][column], self._plain.rows[row][column]
        if column == 0:
            return Cell(f"{CLASSES[row].kana} {text}", short=text)
        share = float(plain) if column in (RECALL, PRECISION) and plain else None
        return Cell(text, share=share, muted=text in ("0", "–"))

    def total(self, column: int) -> Cell:
        """The line of totals."""
        return Cell(self._table.footer[column])


class ClassTable(QWidget):
    """The table; a row's mistakes can be shown, and all of it or the confusion matrix be saved."""

    chosen = Signal(object)
    """The mistakes with this class (its number) are wanted."""
    save = Signal(str, str)
    """("classes" or "confusion", csv, md or tex)."""

    def __init__(self) -> None:
        super().__init__()
        self.title = ElidedLabel()
        self.table = NumberTable("Class by class", COLUMNS, compact=True)
        self.table.chosen.connect(self.chosen)
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(table_button("Save these tables", self.save.emit))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addWidget(self.table, 1)

    def show_evaluation(self, evaluation: Evaluation, words: str) -> None:
        """Show the table of *evaluation*."""
        self.title.setText(words)
        self.table.show_source(ClassSource(evaluation))


def table_button(tip: str, chosen: Callable[[str, str], None]) -> QToolButton:
    """A button whose menu offers both tables in each form."""
    button = IconButton("export", tip, flat=True)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    menu = QMenu(button)
    for what, title in (("classes", "Class by class"), ("confusion", "Confusion matrix")):
        for suffix, form, note in FORMS:
            action = menu.addAction(f"{title} as {form}…")
            action.setToolTip(note)
            action.triggered.connect(lambda _=False, which=what, ending=suffix: chosen(which, ending))
    button.setMenu(menu)
    return button
