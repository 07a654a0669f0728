"""The right column: the probed cell's formula on top, and below it one of the tools."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from hw2gui.widgets import theme
from hw2gui.widgets.panel import Panel, scrolled
from hw2gui.widgets.rich_text import RichText

USUAL = [290, 400]
TALL = [130, 560]
"""How the column is shared between the cell's formula and the tool."""


class Inspector(QWidget):
    """A formula above, tools below; the tools' buttons stay in sight."""

    chosen = Signal(str)
    """The key of the tool whose button was pressed."""

    def __init__(self, tools: tuple[tuple[str, str, str, QWidget], ...], columns: int = 3, tall: tuple[str, ...] = ()) -> None:
        """*tools*: (key, title, tooltip, widget). Those that are *tall* are given more of the column."""
        super().__init__()
        self.cell = RichText("This cell")
        self.cell_panel = Panel("This cell", self.cell).hold_answer()
        self._stack = QStackedWidget()
        self._keys = [tool[0] for tool in tools]
        self._buttons: dict[str, QPushButton] = {}
        buttons, group = QWidget(), QButtonGroup(self)
        grid = QGridLayout(buttons)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(3)
        for number, (key, title, tip, widget) in enumerate(tools):
            button = QPushButton(title)
            button.setCheckable(True)
            button.setToolTip(tip)
            button.clicked.connect(lambda _=False, chosen=key: self.chosen.emit(chosen))
            group.addButton(button)
            grid.addWidget(button, number // columns, number % columns)
            self._buttons[key] = button
            self._stack.addWidget(scrolled(widget, f"Tool: {title}"))
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(6)
        below.addWidget(buttons)
        below.addWidget(self._stack, 1)
        self.tool_panel = Panel("", lower, header=False).hold_answer()
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(theme.SPACE)
        splitter.addWidget(self.cell_panel)
        splitter.addWidget(self.tool_panel)
        self._splitter, self._tall, self._sized = splitter, tall, False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def explain(self, html: str) -> None:
        """Show *html* as the explanation of the probed cell."""
        self.cell.show_html(html)

    @property
    def tool(self) -> str:
        """The key of the tool in front."""
        return self._keys[self._stack.currentIndex()]

    def show_tool(self, key: str) -> None:
        """Bring the tool *key* to the front."""
        if key != self.tool or not self._sized:
            self._sized = True
            self._splitter.setSizes(TALL if key in self._tall else USUAL)
        self._buttons[key].setChecked(True)
        self._stack.setCurrentIndex(self._keys.index(key))

    def button(self, key: str) -> QPushButton:
        """The button of the tool *key*."""
        return self._buttons[key]
