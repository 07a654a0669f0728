"""The right column: the probed cell's formula on top, and below it one of the tools."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QPushButton, QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from hw2gui.widgets import theme
from hw2gui.widgets.fields import text_label
from hw2gui.widgets.panel import Panel


class Inspector(QWidget):
    """A formula above, tools below; the tools' buttons stay in sight."""

    chosen = Signal(str)
    """The key of the tool whose button was pressed."""

    def __init__(self, tools: tuple[tuple[str, str, str, QWidget], ...], columns: int = 3) -> None:
        """*tools*: (key, title, tooltip, widget)."""
        super().__init__()
        self.cell = text_label(selectable=True)
        self.cell.setContentsMargins(2, 0, 2, 0)
        self.cell.setStyleSheet(f"font-family: {theme.math_family()};")
        self.cell_panel = Panel("This cell", _scrolling(self.cell))
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
            self._stack.addWidget(_scrolling(widget))
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(6)
        below.addWidget(buttons)
        below.addWidget(self._stack, 1)
        self.tool_panel = Panel("", lower, header=False)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(theme.SPACE)
        splitter.addWidget(self.cell_panel)
        splitter.addWidget(self.tool_panel)
        splitter.setSizes([290, 400])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)
        self.setFixedWidth(theme.INSPECTOR_WIDTH)

    def explain(self, html: str) -> None:
        """Show *html* as the explanation of the probed cell."""
        if html != self.cell.text():
            self.cell.setText(html)

    def show_tool(self, key: str) -> None:
        """Bring the tool *key* to the front."""
        self._buttons[key].setChecked(True)
        self._stack.setCurrentIndex(self._keys.index(key))

    def button(self, key: str) -> QPushButton:
        """The button of the tool *key*."""
        return self._buttons[key]


def _scrolling(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(widget)
    return area
