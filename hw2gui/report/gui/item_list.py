"""The items of the report and its errata in one list: what it says, what is measured, the verdict."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from hw2gui.report.gui.colours import SIGNS, colour
from hw2gui.report.items import Report
from hw2gui.report.state import ERRATA, ITEMS
from hw2gui.report.verdicts import Kind
from hw2gui.widgets import theme
from hw2gui.widgets.keyboard import KeyList, describe
from hw2gui.widgets.table_cells import PAD, ink_of

ROW_HEIGHT = 25
PROGRAMS = "◇"
"""Marks figures of the reproduction that comes with the program."""


class ItemList(QTreeWidget):
    """A row for each item, then one for each erratum."""

    chosen = Signal(str)
    """The user chose the row of this key."""
    wanted = Signal()
    """The user wants to see what the row is about: Enter, or a double click."""

    TITLE = "Items of the report"
    KEYS: KeyList = (("Up, Down", "go to another item"), ("Enter", "open the tab that shows it"), ("Ctrl+C", "copy the table as Markdown"))

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Items of the report")
        describe(self, self.KEYS)
        self.setHeaderLabels(["item", "the report", "measured here", "verdict"])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setIndentation(0)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        for column, width in ((0, 262), (1, 138)):
            self.setColumnWidth(column, width)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.ResizeToContents)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._dress()
        self._kinds: dict[str, Kind] = {}
        self._rows: dict[str, QTreeWidgetItem] = {}
        for key in (*ITEMS, *ERRATA):
            row = QTreeWidgetItem(self, [key.capitalize(), "", "", ""])
            row.setData(0, Qt.ItemDataRole.UserRole, key)
            row.setSizeHint(0, QSize(0, ROW_HEIGHT))
            self._rows[key] = row
        self.currentItemChanged.connect(self._tell)
        self.itemActivated.connect(lambda *_: self.wanted.emit())

    def _tell(self, row: QTreeWidgetItem | None) -> None:
        if row is not None:
            self.chosen.emit(row.data(0, Qt.ItemDataRole.UserRole))

    def show_selected(self, key: str) -> None:
        """Put the cursor on the row of *key* without telling anybody."""
        with QSignalBlocker(self):
            self.setCurrentItem(self._rows[key])

    def show_report(self, report: Report) -> None:
        """Fill the rows."""
        for item in report.items:
            measured = f"{PROGRAMS} {item.measured}" if item.origin else item.measured
            self._fill(item.key, f"{item.key}  {item.title}", item.said, measured, item.verdict.word, item.verdict.kind)
            if item.origin:
                self._rows[item.key].setToolTip(2, f"{item.measured}\n{item.origin}")
        for erratum in report.errata:
            title = f"Erratum {erratum.number}  ({erratum.where})"
            self._fill(f"erratum {erratum.number}", title, erratum.written, erratum.right, "counterexample", "slip")
        self._paint()

    def _fill(self, key: str, title: str, said: str, measured: str, word: str, kind: Kind) -> None:
        row = self._rows[key]
        for column, text in enumerate((title, said, measured, f"{SIGNS[kind]} {word}")):
            row.setText(column, text)
            row.setToolTip(column, text)
        self._kinds[key] = kind

    def _dress(self) -> None:
        """Rows and titles as in every other table."""
        colours, selected = theme.current(), ink_of(theme.current()).selected
        tint = f"rgba({selected.red()}, {selected.green()}, {selected.blue()}, {selected.alpha()})"
        rows = (
            f"QTreeView::item {{ border-bottom: 1px solid {colours.line}; }}"
            f"QTreeView::item:selected {{ background: {tint}; color: {colours.text}; }}"
        )
        for widget, sheet in ((self, rows), (self.header(), theme.header_rules(self.font().pointSizeF(), f"4px {PAD}px"))):
            # Setting it is itself a change of the palette.
            if sheet != widget.styleSheet():
                widget.setStyleSheet(sheet)

    def _paint(self) -> None:
        for key, kind in self._kinds.items():
            self._rows[key].setForeground(3, QBrush(QColor(colour(kind))))

    def changeEvent(self, event: QEvent) -> None:
        """A new theme: new colours."""
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_kinds"):
            self._paint()
            self._dress()
        super().changeEvent(event)
