"""A form made from a configuration's own descriptions: one control a field, one place for the sentence why a value cannot be."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from hw2gui.errors import InputError
from hw2gui.training.fields import Spec, specs
from hw2gui.widgets.fields import WholeField, narrow, teach_manners, text_label
from hw2gui.widgets.number_field import NumberField

LARGEST_SPIN = 2**31 - 1
"""A spin box counts no further."""

Shown = Callable[[Any], bool]


class Section(QWidget):
    """Part of a form over a whole configuration."""

    edited = Signal(str, object, object)
    """(label, gesture, configuration): the user changed something; what the configuration is then."""

    def __init__(self) -> None:
        super().__init__()
        self.config: Any = None
        self.problem = text_label()
        self.problem.setProperty("verdict", "bad")
        self.problem.hide()

    def show_config(self, config: Any) -> None:
        """Show *config* without telling anybody."""
        self.config = config
        self.refuse("")
        self.show_fields()

    def show_fields(self) -> None:
        """Show `config` in the controls."""
        raise NotImplementedError

    def refuse(self, why: str) -> None:
        """Say in place why something cannot be; nothing to say: nothing is shown."""
        self.problem.setText(why[:1].upper() + why[1:])
        self.problem.setAccessibleName(why)
        self.problem.setVisible(bool(why))

    def attempt(self, label: str, gesture: object, make: Callable[[], Any]) -> None:
        """The user asks for the configuration *make* makes; where it cannot be, the controls go back and the sentence stands under them."""
        try:
            config = make()
        except InputError as error:
            self.show_fields()
            self.refuse(str(error))
            return
        self.refuse("")
        self.edited.emit(label, gesture, config)


class FieldsSection(Section):
    """The fields *names* of a described dataclass within the configuration: *path* leads to it, attribute by attribute.

    *shown* hides a field where it means nothing (given that dataclass); *notes* are sentences under a field, made from its value;
    *barred* are switches that cannot be on, with the reason.
    """

    def __init__(
        self,
        kind: type,
        names: Sequence[str],
        path: Sequence[str] = (),
        *,
        shown: Mapping[str, Shown] | None = None,
        notes: Mapping[str, Callable[[Any], str]] | None = None,
        barred: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self._path = tuple(path)
        self._shown = dict(shown or {})
        self._notes = dict(notes or {})
        self.controls: dict[str, QWidget] = {}
        self._note_labels: dict[str, QLabel] = {}
        self._defaults = {field.name: field.default for field in dataclasses.fields(kind)}
        self.form = QFormLayout()
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setVerticalSpacing(4)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        described = specs(kind)
        for name in names:
            self._add(name, described[name], (barred or {}).get(name, ""))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self.form)
        layout.addWidget(self.problem)

    def _add(self, name: str, spec: Spec, barred: str) -> None:
        control = self._control(name, spec)
        label = QLabel(spec.label + (f" ({spec.unit})" if spec.unit else ""))
        label.setToolTip(spec.tooltip)
        label.setBuddy(control)
        self.controls[name] = control
        if isinstance(control, QCheckBox):
            self.form.addRow(control)
        else:
            self.form.addRow(label, control)
        if barred:
            control.setEnabled(False)
            control.setToolTip(barred)
        if name in self._notes or barred:
            note = text_label(barred, muted=True)
            self._note_labels[name] = note
            self.form.addRow(note)

    def _control(self, name: str, spec: Spec) -> QWidget:
        kind: type = type(self._defaults[name])
        if spec.choices:
            combo = QComboBox()
            combo.setAccessibleName(spec.label)
            combo.setToolTip(spec.tooltip)
            combo.addItems(spec.choices)
            combo.textActivated.connect(lambda text: self._change(name, text))
            teach_manners(narrow(combo))
            return combo
        if kind is bool:
            box = QCheckBox(spec.label)
            box.setToolTip(spec.tooltip)
            box.clicked.connect(lambda on: self._change(name, on))
            return box
        if kind is int:
            whole = WholeField(spec.label, spec.tooltip)
            whole.edited.connect(lambda value: self._change(name, value))
            return whole
        real = NumberField(spec.label, spec.tooltip, float(spec.minimum or 0), float(spec.maximum or 0))
        real.edited.connect(lambda value: self._change(name, value))
        return real

    def part(self, config: Any) -> Any:
        """The dataclass the fields are of."""
        for name in self._path:
            config = getattr(config, name)
        return config

    def _change(self, name: str, value: object) -> None:
        self.attempt(specs(self.part(self.config))[name].label, name, lambda: put(self.config, self._path, **{name: value}))

    def show_fields(self) -> None:
        """Show the values, and the fields that mean something beside them."""
        part = self.part(self.config)
        for name, control in self.controls.items():
            self._show(control, getattr(part, name), specs(part)[name])
            wanted = self._shown[name](part) if name in self._shown else True
            self.form.setRowVisible(control, wanted)
            if name in self._notes:
                words = self._notes[name](part)
                self._note_labels[name].setText(words)
                self.form.setRowVisible(self._note_labels[name], bool(words) and wanted)

    @staticmethod
    def _show(control: QWidget, value: Any, spec: Spec) -> None:
        if isinstance(control, WholeField):
            control.show_value(value, int(spec.minimum or 0), min(int(spec.maximum or 0), LARGEST_SPIN))
        elif isinstance(control, NumberField):
            control.show_value(value)
        elif isinstance(control, QComboBox):
            with QSignalBlocker(control):
                control.setCurrentText(value)
        elif isinstance(control, QCheckBox):
            control.setCheckState(Qt.CheckState.Checked if value else Qt.CheckState.Unchecked)


def put(config: Any, path: Sequence[str], **changes: Any) -> Any:
    """*config* with *changes* in the dataclass that *path* leads to. Raises InputError for what cannot be."""
    if not path:
        return dataclasses.replace(config, **changes)
    inner = put(getattr(config, path[0]), path[1:], **changes)
    return dataclasses.replace(config, **{path[0]: inner})
