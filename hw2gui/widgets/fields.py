"""Small controls used by every tab: whole numbers that say why they stop, a row of choices, a labelled row, a text that flows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QSpinBox, QWidget


class WholeField(QSpinBox):
    """A whole number whose range follows the other controls; its tooltip says why it ends where it ends."""

    edited = Signal(int)
    """The user changed the number (never emitted for :meth:`show_value`)."""

    def __init__(self, name: str, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._what = what
        self.setAccessibleName(name)
        self.setKeyboardTracking(False)
        self.setToolTip(what)
        self.valueChanged.connect(self.edited)

    def show_value(self, value: int, low: int, high: int, why_low: str = "", why_high: str = "") -> None:
        """Show *value* within low..high without telling anybody."""
        with QSignalBlocker(self):
            self.setRange(low, high)
            self.setValue(value)
        reasons = [f"At least {low}" + (f": {why_low}." if why_low else "."), f"At most {high}" + (f": {why_high}." if why_high else ".")]
        tip = "\n".join([self._what, *reasons])
        if tip != self.toolTip():
            self.setToolTip(tip)


class Choices(QWidget):
    """A row of buttons of which one is down: a choice one sees whole."""

    chosen = Signal(str)
    """The user chose the option with this key."""

    def __init__(self, name: str, options: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        """*options*: (key, text, tooltip)."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for key, text, tip in options:
            button = QPushButton(text)
            button.setCheckable(True)
            button.setToolTip(tip)
            button.setAccessibleName(f"{name}: {text}")
            button.clicked.connect(lambda _=False, chosen=key: self.chosen.emit(chosen))
            self._group.addButton(button)
            self._buttons[key] = button
            layout.addWidget(button)

    def show_choice(self, key: str) -> None:
        """Show *key* as chosen without telling anybody."""
        self._buttons[key].setChecked(True)

    def button(self, key: str) -> QPushButton:
        """The button of *key*."""
        return self._buttons[key]

    @property
    def choice(self) -> str:
        """The key of the button that is down."""
        return next(key for key, button in self._buttons.items() if button.isChecked())


def row(*widgets: QWidget | str, stretch: bool = True) -> QWidget:
    """Widgets (strings become muted labels) side by side."""
    holder = QWidget()
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(5)
    for widget in widgets:
        if isinstance(widget, str):
            label = QLabel(widget)
            label.setObjectName("muted")
            layout.addWidget(label)
        else:
            layout.addWidget(widget)
    if stretch:
        layout.addStretch(1)
    return holder


def text_label(text: str = "", *, muted: bool = False, selectable: bool = False) -> QLabel:
    """A label whose text wraps; rich text as needed."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setObjectName("muted" if muted else "")
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard)
    return label
