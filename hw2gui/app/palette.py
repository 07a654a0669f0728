"""The command palette: type a few letters of what you want, Enter does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHeaderView, QLabel, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from hw2gui.app.catalogue import Command
from hw2gui.app.search import find
from hw2gui.widgets import theme

SHARE = 0.62
"""Of the window's width, within the bounds below."""
NARROWEST, WIDEST = 420, 860
MOST_HEIGHT = 460
BESIDE = 18
"""Around a text of the list, in logical pixels."""

WALKING = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class Palette(QFrame):
    """Lies over the window while it is open; gives the focus back to where it was."""

    def __init__(self, window: QWidget, offered: Callable[[], Sequence[Command]]) -> None:
        super().__init__(window)
        theme.dress(self)
        self.setObjectName("palette")
        self.setAccessibleName("Command palette")
        self.setAutoFillBackground(True)
        self._offered = offered
        self._commands: Sequence[Command] = ()
        self._found: list[Command] = []
        self._before: QWidget | None = None
        self.query = QLineEdit()
        self.query.setPlaceholderText("A tab, a page, a preset, a button, a session…")
        self.query.setAccessibleName("What to do")
        self.query.setAccessibleDescription("Type a few letters; Up and Down choose, Enter does it, Esc closes")
        self.query.textChanged.connect(self._search)
        self.query.installEventFilter(self)
        self.list = QTreeWidget()
        self.list.setAccessibleName("Commands")
        self.list.setColumnCount(4)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(lambda _: self._run())
        self.nothing = QLabel("Nothing is called that. Fewer letters find more.")
        self.nothing.setObjectName("muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE, theme.SPACE, theme.SPACE, theme.SPACE)
        layout.setSpacing(theme.SPACE)
        for widget in (self.query, self.nothing, self.list):
            layout.addWidget(widget)
        window.installEventFilter(self)
        self.hide()

    @property
    def found(self) -> list[Command]:
        """What is listed, best first."""
        return self._found

    def toggle(self) -> None:
        """Open, or close again."""
        if self.isVisible():
            self.close_up()
        else:
            self.open_up()

    def open_up(self) -> None:
        """Show everything there is to do now, and wait for letters."""
        self._before = QApplication.focusWidget()
        self._commands = self._offered()
        self.query.clear()
        self._search("")
        self._place()
        self.show()
        self.raise_()
        self.query.setFocus()

    def close_up(self) -> None:
        """Hide, with the focus where it was."""
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()
        self._before = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that walk the list while one types; a click elsewhere closes."""
        if watched is self.query:
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                return self._key(event)
            if event.type() == QEvent.Type.FocusOut and self.isVisible() and QApplication.activePopupWidget() is None:
                self._before = None
                self.hide()
        elif event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.close_up()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run()
        elif event.key() in WALKING:
            QApplication.sendEvent(self.list, event)
        else:
            return False
        return True

    def _search(self, query: str) -> None:
        self._found = find(query, self._commands)
        self.list.clear()
        self.list.addTopLevelItems([_item(command) for command in self._found])
        self.list.setCurrentIndex(self.list.model().index(0, 0))
        self.list.setVisible(bool(self._found))
        self.nothing.setVisible(not self._found)
        self._share_width()

    def _run(self) -> None:
        index = self.list.currentIndex().row()
        if 0 <= index < len(self._found):
            command = self._found[index]
            if not command.enabled:
                return
            self.close_up()
            command.run()

    def _place(self) -> None:
        window = self.parentWidget()
        assert window is not None
        width = round(min(max(window.width() * SHARE, NARROWEST), WIDEST, window.width()))
        height = min(MOST_HEIGHT, round(window.height() * 0.7))
        self.setGeometry((window.width() - width) // 2, round(window.height() * 0.1), width, height)
        self._share_width()

    def _share_width(self) -> None:
        """What a command is called is never cut where there is room: what it does in other words takes what is left."""
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        letters = self.list.fontMetrics()
        left = self.width() - 2 * theme.SPACE - self.list.verticalScrollBar().sizeHint().width()
        for column, texts in (
            (3, {command.group for command in self._found}),
            (2, {command.keys for command in self._found}),
            (0, {command.title for command in self._found}),
        ):
            room = min(max((letters.horizontalAdvance(text) + BESIDE for text in texts if text), default=0), left)
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.list.setColumnWidth(column, room)
            left -= room


def _item(command: Command) -> QTreeWidgetItem:
    item = QTreeWidgetItem([command.title, command.detail, command.keys, command.group])
    for column in (1, 2, 3):
        item.setData(column, Qt.ItemDataRole.ForegroundRole, theme.brush("muted"))
    item.setTextAlignment(3, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    for column, text in enumerate((command.title, command.detail)):
        item.setToolTip(column, text if command.enabled else f"{text}: not possible now")
    if not command.enabled:
        item.setData(0, Qt.ItemDataRole.ForegroundRole, theme.brush("muted"))
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{command.title}, not possible now")
        font = item.font(0)
        font.setItalic(True)
        item.setFont(0, font)
    return item
