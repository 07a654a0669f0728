"""What a sweep goes over: a row for each setting, with its values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from hw2gui.training.sweep import MOST_AXES, Axis, Setting, examples, values_in
from hw2gui.widgets.buttons import IconButton
from hw2gui.widgets.fields import narrow, teach_manners

LONGEST = 400
COMBO = 138


class _Row(QWidget):
    """One setting, its values, and a button that leaves it out."""

    def __init__(self, number: int, rows: AxisRows) -> None:
        super().__init__()
        self.setting = QComboBox()
        self.setting.setAccessibleName(f"Setting {number + 1} of the sweep")
        self.setting.activated.connect(lambda index: rows.choose(number, self.setting.itemData(index)))
        self.setting.setFixedWidth(COMBO)
        teach_manners(narrow(self.setting))
        self.values = QLineEdit()
        self.values.setMaxLength(LONGEST)
        self.values.setAccessibleName(f"Values of setting {number + 1}")
        self.values.editingFinished.connect(lambda: rows.type_values(number, self.values.text()))
        self.remove = IconButton("close", "Leave this setting as it is set at the left", lambda: rows.remove(number), flat=True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.setting)
        layout.addWidget(self.values, 1)
        layout.addWidget(self.remove)

    def show_axis(self, axis: Axis, settings: Mapping[str, Setting]) -> None:
        """Show *axis* without telling anybody."""
        with QSignalBlocker(self.setting), QSignalBlocker(self.values):
            names = [self.setting.itemData(at) for at in range(self.setting.count())]
            if names != list(settings):
                self.setting.clear()
                for name, setting in settings.items():
                    self.setting.addItem(setting.spec.label, name)
            self.setting.setCurrentIndex(self.setting.findData(axis.setting))
            if not self.values.hasFocus() or values_in(self.values.text()) != axis.values:
                self.values.setText(", ".join(axis.values))
        known = settings.get(axis.setting)
        if known is not None:
            self.setting.setToolTip(known.spec.tooltip)
            unit = f" {known.spec.unit}" if known.spec.unit else ""
            self.values.setToolTip(f"Values to try, separated by commas: each {known.spec.wanted(known.kind)}{unit}")


class AxisRows(QWidget):
    """Follows the axes of the room; every change the user makes is told as the axes there would be then."""

    edited = Signal(str, object)
    """(what changed, axes)"""

    def __init__(self) -> None:
        super().__init__()
        self._axes: tuple[Axis, ...] = ()
        self._settings: Mapping[str, Setting] = {}
        self._config: Any = None
        self.rows: list[_Row] = []
        self.add = QPushButton("Another setting")
        self.add.clicked.connect(lambda _=False: self._add())
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addWidget(self.add)

    def show_axes(self, axes: Sequence[Axis], settings: Mapping[str, Setting], config: Any) -> None:
        """Show *axes* over *settings*; *config* has today's values."""
        self._axes, self._settings, self._config = tuple(axes), settings, config
        while len(self.rows) > len(axes):
            row = self.rows.pop()
            row.hide()  # now, not when it is deleted: it may have been what was clicked
            row.deleteLater()
        while len(self.rows) < len(axes):
            row = _Row(len(self.rows), self)
            self._column.insertWidget(len(self.rows), row)
            self.rows.append(row)
        for row, axis in zip(self.rows, axes, strict=True):
            row.show_axis(axis, settings)
        full = len(axes) >= MOST_AXES
        self.add.setEnabled(not full and self._unused is not None)
        self.add.setToolTip(f"At most {MOST_AXES} settings" if full else "Sweep over one more setting: every combination is trained")

    def choose(self, number: int, name: str) -> None:
        """The user sweeps over another setting in row *number*."""
        if name != self._axes[number].setting:
            self._tell("Swept setting", lambda at, axis: self._example(name) if at == number else axis)

    def type_values(self, number: int, text: str) -> None:
        """The user has typed the values of row *number*."""
        if values_in(text) != self._axes[number].values:
            self._tell("Swept values", lambda at, axis: replace(axis, values=values_in(text)) if at == number else axis)

    def remove(self, number: int) -> None:
        """The user leaves row *number* out."""
        self.edited.emit("Swept setting", tuple(axis for at, axis in enumerate(self._axes) if at != number))

    @property
    def _unused(self) -> str | None:
        used = {axis.setting for axis in self._axes}
        return next((name for name in self._settings if name not in used), None)

    def _add(self) -> None:
        name = self._unused
        if name is not None:
            self.edited.emit("Swept setting", (*self._axes, self._example(name)))

    def _example(self, name: str) -> Axis:
        return Axis(name, examples(self._settings[name], self._config))

    def _tell(self, label: str, change: Callable[[int, Axis], Axis]) -> None:
        self.edited.emit(label, tuple(change(at, axis) for at, axis in enumerate(self._axes)))
