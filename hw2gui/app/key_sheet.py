"""The sheet of keys: what every key does, in the window and in the widgets of the tab in front."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QMenu, QVBoxLayout, QWidget

from hw2gui.app.catalogue import keys, plain
from hw2gui.widgets import theme
from hw2gui.widgets.keyboard import KeyList, keys_of
from hw2gui.widgets.rich_text import RichText

if TYPE_CHECKING:
    from hw2gui.app.main_window import MainWindow

EVERYWHERE: KeyList = (
    ("Tab, Shift+Tab", "to the next control, to the one before"),
    ("Up, Down", "a number one more, one less; the next choice of a list"),
    ("Space", "press the button that has the focus"),
)


class KeySheet(QDialog):
    """A window of its own beside the program's; it stops nothing."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        theme.dress(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keys")
        self.text = RichText("Keys and what they do")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(buttons)
        self.text.show_html("".join(_table(title, rows) for title, rows in sections(window)))
        self.resize(QSize(560, 620))


def sections(window: MainWindow) -> Iterator[tuple[str, KeyList]]:
    """What the sheet holds: the menus' keys, those of every kind of widget in the tab in front, and those that hold everywhere."""
    found = [
        (keys(action), plain(action.text()).rstrip("…"))
        for menu in window.menuBar().findChildren(QMenu)
        for action in menu.actions()
        if action.shortcuts()
    ]
    yield "In the window", tuple(found)
    kinds: dict[type[QWidget], KeyList] = {}
    for widget in window.page(window.front).findChildren(QWidget):
        if widget.isVisible() and keys_of(widget):
            kinds.setdefault(type(widget), keys_of(widget))
    yield from ((str(getattr(kind, "TITLE", kind.__name__)), rows) for kind, rows in kinds.items())
    yield "Everywhere", EVERYWHERE


def _table(title: str, rows: KeyList) -> str:
    lines = "".join(f"<tr><td width='200'><b>{escape(key)}</b></td><td>{escape(what)}</td></tr>" for key, what in rows if key)
    return f"<h3>{escape(title)}</h3><table cellspacing='0' cellpadding='2'>{lines}</table>"
