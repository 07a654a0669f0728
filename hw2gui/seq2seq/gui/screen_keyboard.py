"""A keyboard on screen: the usual Arabic keys, or the letters with accents that a Spanish text needs."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QToolButton, QWidget

from hw2gui.datasets.arabic import HINTS, KEYBOARD
from hw2gui.widgets.fields import Choices

SPANISH = ("áéíóúüñ", "ÁÉÍÓÚÜÑ", "¿?¡!.,")
KEY_WIDTH, KEY_HEIGHT = 42, 26


class ScreenKeyboard(QWidget):
    """Keys in rows; each says which text it types."""

    pressed = Signal(str)
    """The text of the key."""
    deleted = Signal()
    """The character before the cursor is to go."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Keyboard on screen")
        self._keys: dict[str, QPushButton] = {}
        self.layouts = Choices(
            "Letters", (("arabic", "عربي", "Arabic letters, as on an Arabic keyboard"), ("spanish", "áé", "Letters with accents"))
        )
        self.layouts.chosen.connect(self.show_layout)
        self._arabic, self._spanish = self._arabic_keys(), self._spanish_keys()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.layouts, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._arabic)
        layout.addWidget(self._spanish)
        layout.addStretch(1)
        self.show_layout("arabic")

    def key(self, text: str) -> QPushButton:
        """The key that types *text*."""
        return self._keys[text]

    def show_layout(self, which: str) -> None:
        """Show the keys called *which*."""
        self.layouts.show_choice(which)
        self._arabic.setVisible(which == "arabic")
        self._spanish.setVisible(which == "spanish")

    def _arabic_keys(self) -> QWidget:
        holder, grid = _grid()
        for row, keys in enumerate(KEYBOARD):
            for column, key in enumerate(keys):
                hint = "".join(HINTS.get(letter, "") for letter in key.text)
                button = self._key(key.text, f"{key.name} ({hint})" + (f": {key.latin} on a Latin keyboard" if key.latin else ""))
                grid.addWidget(button, row, 2 * column + row, 1, 2)
        last = len(KEYBOARD) - 1
        self._add_common(grid, last, 2 * len(KEYBOARD[-1]) + last)
        return holder

    def _spanish_keys(self) -> QWidget:
        holder, grid = _grid()
        for row, letters in enumerate(SPANISH):
            for column, letter in enumerate(letters):
                grid.addWidget(self._key(letter, f"Types {letter}"), row, 2 * column, 1, 2)
        self._add_common(grid, len(SPANISH) - 1, 2 * len(SPANISH[-1]))
        return holder

    def _add_common(self, grid: QGridLayout, row: int, column: int) -> None:
        space = QPushButton("␣")
        space.setAccessibleName("Space")
        space.setToolTip("Types a space")
        space.clicked.connect(lambda: self.pressed.emit(" "))
        back = QToolButton()
        back.setText("⌫")
        back.setAccessibleName("Delete")
        back.setToolTip("Deletes the character before the cursor")
        back.clicked.connect(lambda: self.deleted.emit())
        for at, (key, width) in enumerate(((space, 6), (back, 2))):
            key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            key.setFixedHeight(KEY_HEIGHT)
            grid.addWidget(key, row, column + 6 * at, 1, width)

    def _key(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(tip)
        button.setToolTip(tip)
        button.setFixedSize(KEY_WIDTH, KEY_HEIGHT)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        font = button.font()
        font.setPointSizeF(font.pointSizeF() * 1.2)
        button.setFont(font)
        button.clicked.connect(partial(self.pressed.emit, text))
        self._keys[text] = button
        return button


def _grid() -> tuple[QWidget, QGridLayout]:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setSpacing(2)
    grid.setAlignment(Qt.AlignmentFlag.AlignLeft)
    return holder, grid
