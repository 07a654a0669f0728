"""Small controls used by every tab: numbers that say why they stop, a row of choices, a labelled row, a text that flows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QButtonGroup,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

INSET = 4
"""Before the number in its field, in logical pixels: as far as the words in a box of choices are from its frame."""


class _Manners(QObject):
    """Keeps a control from taking what is not meant for it.

    The wheel over a control without the focus scrolls the page, and changes no number on the way. Undo and redo are the program's:
    a number field has a history of its own, of keystrokes, which is of no use once the number was taken. So are the other keys with
    Ctrl, but for the clipboard's, and what is no part of any number (the ? that shows the keys).
    """

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent) and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(watched, QAbstractSpinBox) and isinstance(event, QKeyEvent):
            return _is_the_programs(event)
        return False


OF_THE_FIELD = (Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_X)
"""What a number field does with Ctrl and a letter: take all of it, and the clipboard."""


def _is_the_programs(event: QKeyEvent) -> bool:
    """Whether a key pressed in a number field is none of the field's."""
    if event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo) or event.text() == "?":
        return True
    held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    letter = Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Z
    return held == Qt.KeyboardModifier.ControlModifier and letter and event.key() not in OF_THE_FIELD


def teach_manners(control: QSpinBox | QDoubleSpinBox | QComboBox) -> None:
    """Leave to the page and to the program what is theirs: the wheel while *control* has no focus, undo and redo."""
    control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    control.installEventFilter(_Manners(control))
    if isinstance(control, QAbstractSpinBox):
        # The padding of a style sheet does not reach what is typed in: it would touch the frame, and stand left of all other fields.
        control.lineEdit().setTextMargins(INSET, 0, 0, 0)


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
        teach_manners(self)

    def show_value(self, value: int, low: int, high: int, why_low: str = "", why_high: str = "") -> None:
        """Show *value* within low..high without telling anybody."""
        with QSignalBlocker(self):
            self.setRange(low, high)
            self.setValue(value)
        reasons = [f"At least {low}" + (f": {why_low}." if why_low else "."), f"At most {high}" + (f": {why_high}." if why_high else ".")]
        tip = "\n".join([self._what, *reasons])
        if tip != self.toolTip():
            self.setToolTip(tip)


class RealField(QDoubleSpinBox):
    """A number with decimals in a fixed range."""

    edited = Signal(float)
    """The user changed the number (never emitted for :meth:`show_value`)."""

    def __init__(
        self, name: str, what: str, low: float, high: float, step: float, decimals: int = 2, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setDecimals(decimals)
        self.setRange(low, high)
        self.setSingleStep(step)
        self.setAccessibleName(name)
        self.setKeyboardTracking(False)
        self.setToolTip(f"{what}\nFrom {low:g} to {high:g}.")
        self.valueChanged.connect(self.edited)
        teach_manners(self)

    def show_value(self, value: float) -> None:
        """Show *value* without telling anybody."""
        with QSignalBlocker(self):
            self.setValue(value)


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
        for number, (key, text, tip) in enumerate(options):
            button = QPushButton(text)
            button.setCheckable(True)
            if len(options) > 1:
                button.setProperty("place", "first" if number == 0 else "last" if number == len(options) - 1 else "inner")
            button.setToolTip(tip)
            button.setAccessibleName(f"{name}: {text}")
            button.clicked.connect(lambda _=False, chosen=key: self.chosen.emit(chosen))
            self._group.addButton(button)
            self._buttons[key] = button
            layout.addWidget(button)

    def show_choice(self, key: str) -> None:
        """Show *key* as chosen without telling anybody; who walks with Tab comes to it, and goes to the others with the arrows."""
        self._buttons[key].setChecked(True)
        for other, button in self._buttons.items():
            # Qt sees to it only when one of them has had the focus: the first comer would be led to the first button.
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if other == key else Qt.FocusPolicy.ClickFocus)

    def button(self, key: str) -> QPushButton:
        """The button of *key*."""
        return self._buttons[key]

    @property
    def choice(self) -> str:
        """The key of the button that is down, or an empty string while none is."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")


def narrow(combo: QComboBox, characters: int = 8) -> QComboBox:
    """*combo*, asking for no more room than so many characters, whatever its longest entry is."""
    combo.setMinimumContentsLength(characters)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo


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
