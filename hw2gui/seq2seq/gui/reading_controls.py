"""How a table of the user's is read: its columns, what divides them, its encoding, the longest text, and the split."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from hw2gui.datasets.decoding import ENCODINGS
from hw2gui.datasets.normalise import MAX_LENGTH
from hw2gui.datasets.tsv import Delimiter, TableChoice
from hw2gui.seq2seq.data_choice import LARGEST_COLUMN
from hw2gui.seq2seq.data_view import TableView
from hw2gui.widgets.fields import WholeField, row, teach_manners

LARGEST_SEED = 999_999
AUTO = "automatic"


class ReadingControls(QWidget):
    """Three lines of controls; *read* is told a label and the changed fields of the `TableChoice`."""

    def __init__(self, read: Callable[..., None]) -> None:
        super().__init__()
        self.source = _box("Source column", "The column that is read")
        self.source.activated.connect(lambda at: read("Source column", source_column=at))
        self.target = _box("Target column", "The column it should become")
        self.target.activated.connect(lambda at: read("Target column", target_column=at))
        self.delimiter = _box("Columns divided by", "What divides the columns")
        _entries(self.delimiter, [(AUTO, None), *((name, name) for name in get_args(Delimiter))])
        self.delimiter.activated.connect(lambda at: read("Delimiter", delimiter=self.delimiter.itemData(at)))
        self.encoding = _box("Encoding", "How the file's bytes stand for letters")
        _entries(self.encoding, [(AUTO, None), *((name, name) for name in ENCODINGS)])
        self.encoding.activated.connect(lambda at: read("Encoding", encoding=self.encoding.itemData(at)))
        self.header = _box("Heading", "Whether the first line names the columns")
        _entries(self.header, [(AUTO, None), ("yes", True), ("no", False)])
        self.header.activated.connect(lambda at: read("Heading", header=self.header.itemData(at)))
        self.longest = WholeField("Longest text", "Pairs with a longer side are left out, in characters")
        self.longest.edited.connect(lambda value: read("Longest text", max_length=value))
        self.tidy = QCheckBox("tidy")
        self.tidy.setToolTip("Without diacritics and tatweel, one space between words: as typed text is read")
        self.tidy.toggled.connect(lambda on: read("Tidy", normalise=on))
        self.validation = WholeField("Validation share", "Percent of the different sources to choose by")
        self.validation.setSuffix(" %")
        self.validation.edited.connect(lambda value: read("Validation share", validation=value / 100))
        self.test = WholeField("Test share", "Percent of the different sources to report on")
        self.test.setSuffix(" %")
        self.test.edited.connect(lambda value: read("Test share", test=value / 100))
        self.seed = WholeField("Seed of the split", "The same seed, the same split, whatever the order of the lines")
        self.seed.edited.connect(lambda value: read("Seed of the split", seed=value))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(row("source", self.source, "target", self.target, "divided by", self.delimiter, "heading", self.header))
        layout.addWidget(row("encoding", self.encoding, "longest", self.longest, self.tidy))
        layout.addWidget(row("split: validation", self.validation, "test", self.test, "of the sources, seed", self.seed))

    def show_choice(self, reading: TableChoice, view: TableView | None) -> None:
        """Show *reading*; the columns are those of the table, where it could be read."""
        count = view.columns if view is not None else max(reading.source_column, reading.target_column) + 1
        heading = view.heading if view is not None else ()
        names = [heading[at] if heading else f"column {at + 1}" for at in range(min(count, LARGEST_COLUMN))]
        for box, column in ((self.source, reading.source_column), (self.target, reading.target_column)):
            _entries(box, [(f"{at + 1}: {name}", at) for at, name in enumerate(names)])
            box.setCurrentIndex(column)
        for box, value in ((self.delimiter, reading.delimiter), (self.encoding, reading.encoding), (self.header, reading.header)):
            box.setCurrentIndex(next(at for at in range(box.count()) if box.itemData(at) == value))
        self.longest.show_value(reading.max_length, 1, MAX_LENGTH)
        self.tidy.blockSignals(True)
        self.tidy.setChecked(reading.normalise)
        self.tidy.blockSignals(False)
        validation, test = round(100 * reading.validation), round(100 * reading.test)
        self.validation.show_value(validation, 1, max(1, 98 - test), why_high="something must be left to train on")
        self.test.show_value(test, 1, max(1, 98 - validation), why_high="something must be left to train on")
        self.seed.show_value(reading.seed, 0, LARGEST_SEED)


def _box(name: str, tip: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(tip)
    teach_manners(box)
    return box


def _entries(box: QComboBox, entries: list[tuple[str, Any]]) -> None:
    if [(box.itemText(at), box.itemData(at)) for at in range(box.count())] != entries:
        box.clear()
        for title, value in entries:
            box.addItem(title, value)
