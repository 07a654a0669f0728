"""A layer's fields, edited in place: controls generated from the fields' own descriptions, bounded by what the layer can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from hw2gui.parameters.layers import MAX_SIZE, Context, FieldSpec, Layer, Shape
from hw2gui.parameters.ranges import Range, field_range
from hw2gui.widgets.fields import Choices, RealField, WholeField, row

FIELD_WIDTH = 66


class StepField(WholeField):
    """A whole number of which not all values are possible: steps and typed numbers go to the nearest that is."""

    def __init__(self, name: str, what: str, least_text: str = "") -> None:
        """*least_text* is shown for the lowest number, where that stands for something."""
        super().__init__(name, what)
        self._least_text = least_text
        self._allowed: tuple[int, ...] = ()
        self.setFixedWidth(FIELD_WIDTH)

    def show_range(self, value: int, limits: Range) -> None:
        """Show *value*, which may move within *limits*."""
        self.setEnabled(value <= MAX_SIZE)
        self.setSpecialValueText(self._least_text)
        if value > MAX_SIZE:
            # Such numbers come from mends and files; a control could not hold them.
            self._allowed = ()
            self.show_value(MAX_SIZE, MAX_SIZE, MAX_SIZE)
            self.setSpecialValueText(f"{float(value):.1e}")
            self.setToolTip(f"{value:,} is too large to be edited here: edit it in the TOML file.")
            return
        self._allowed = limits.allowed if value in limits.allowed else ()
        low, high = min(limits.low, value), max(limits.high, value)
        self.setSingleStep(1 if value % limits.step else limits.step)
        self.show_value(value, low, high, limits.why_low, limits.why_high)
        if self._allowed:
            shown = ", ".join(f"{number:,}" for number in self._allowed[:12])
            self.setToolTip(f"{self.toolTip().splitlines()[0]}\nPossible: {shown}{' …' if len(self._allowed) > 12 else ''}.")

    def stepBy(self, steps: int) -> None:
        """To the next possible number."""
        if not self._allowed:
            super().stepBy(steps)
            return
        at = self._allowed.index(self._nearest(self.value()))
        self.setValue(self._allowed[min(max(at + steps, 0), len(self._allowed) - 1)])

    def valueFromText(self, text: str) -> int:
        """The nearest possible number to what was typed."""
        return self._nearest(super().valueFromText(text))

    def _nearest(self, value: int) -> int:
        return min(self._allowed, key=lambda number: abs(number - value)) if self._allowed else value


class LayerEditor(QWidget):
    """The fields of one kind of layer. One editor serves all layers of its kind."""

    changed = Signal(str, object)
    """The user gave the field of this name this value."""

    def __init__(self, kind: type[Layer]) -> None:
        super().__init__()
        self._shown: Layer | None = None
        self._fill: list[Callable[[Layer, Context | None, Sequence[Shape], str], None]] = []
        self.controls: dict[str, tuple[QWidget, ...]] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 3, 4, 5)
        layout.setSpacing(3)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(3)
        form.setHorizontalSpacing(6)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(form)
        specs = kind.fields()
        for spec in (spec for spec in specs if spec.kind not in ("switch", "text")):
            widgets = self._make(spec)
            label = QLabel(spec.label)
            label.setToolTip(spec.tooltip)
            label.setBuddy(widgets[0])
            form.addRow(label, row(*_between(widgets)))
        switches = [self._make(spec)[0] for spec in specs if spec.kind == "switch"]
        for start in range(0, len(switches), 3):
            layout.addWidget(row(*switches[start : start + 3]))
        for spec in (spec for spec in specs if spec.kind == "text"):
            form.addRow(spec.label, self._make(spec)[0])

    def show_layer(self, layer: Layer, at: Context | None, earlier: Sequence[Shape], automatic: str) -> None:
        """Show *layer*, which meets *at* after the signals *earlier*; unnamed it is called *automatic*."""
        self._shown = layer
        for fill in self._fill:
            fill(layer, at, earlier, automatic)

    def _make(self, spec: FieldSpec) -> tuple[QWidget, ...]:
        make = {
            "integer": self._whole,
            "pair": self._pair,
            "real": self._real,
            "switch": self._switch,
            "choice": self._choice,
            "text": self._text,
        }[spec.kind]
        self.controls[spec.name] = make(spec)
        return self.controls[spec.name]

    def _whole(self, spec: FieldSpec) -> tuple[QWidget, ...]:
        field = self._step_field(spec, spec.label)
        field.edited.connect(lambda value: self.changed.emit(spec.name, value))

        def fill(layer: Layer, at: Context | None, earlier: Sequence[Shape], _automatic: str) -> None:
            field.show_range(getattr(layer, spec.name), field_range(layer, at, spec, 0, earlier))

        self._fill.append(fill)
        return (field,)

    def _pair(self, spec: FieldSpec) -> tuple[QWidget, ...]:
        fields = self._step_field(spec, f"{spec.label}, rows"), self._step_field(spec, f"{spec.label}, columns")
        for field in fields:
            field.edited.connect(lambda _: self.changed.emit(spec.name, (fields[0].value(), fields[1].value())))

        def fill(layer: Layer, at: Context | None, _earlier: Sequence[Shape], _automatic: str) -> None:
            numbers = getattr(layer, spec.name)
            fields[0].show_range(numbers[0], field_range(layer, at, spec, 0))
            fields[1].show_range(numbers[1], field_range(layer, at, spec, 1))

        self._fill.append(fill)
        return fields

    def _step_field(self, spec: FieldSpec, name: str) -> StepField:
        zero = f" 0 (auto): {spec.auto}." if spec.auto else ""
        return StepField(name, spec.tooltip + zero, "auto" if spec.auto else "")

    def _real(self, spec: FieldSpec) -> tuple[QWidget, ...]:
        field = RealField(spec.label, spec.tooltip, spec.minimum, spec.maximum, 0.05, decimals=3)
        field.setFixedWidth(FIELD_WIDTH)
        field.valueChanged.connect(lambda value: self.changed.emit(spec.name, round(value, 3)))

        def fill(layer: Layer, _at: Context | None, _earlier: Sequence[Shape], _automatic: str) -> None:
            with QSignalBlocker(field):
                field.setValue(getattr(layer, spec.name))

        self._fill.append(fill)
        return (field,)

    def _switch(self, spec: FieldSpec) -> tuple[QWidget, ...]:
        box = QCheckBox(spec.label)
        box.setToolTip(spec.tooltip)
        box.toggled.connect(lambda on: self.changed.emit(spec.name, on))

        def fill(layer: Layer, _at: Context | None, _earlier: Sequence[Shape], _automatic: str) -> None:
            with QSignalBlocker(box):
                box.setChecked(getattr(layer, spec.name))

        self._fill.append(fill)
        return (box,)

    def _choice(self, spec: FieldSpec) -> tuple[QWidget, ...]:
        choices = Choices(spec.label, tuple((key, key, spec.tooltip) for key in spec.choices))
        choices.chosen.connect(lambda key: self.changed.emit(spec.name, key))
        self._fill.append(lambda layer, _at, _earlier, _automatic: choices.show_choice(getattr(layer, spec.name)))
        return (choices,)

    def _text(self, spec: FieldSpec) -> tuple[QWidget, ...]:
        line = QLineEdit()
        line.setAccessibleName(spec.label)
        line.setToolTip(spec.tooltip)
        line.setMaxLength(40)

        def finished() -> None:
            if self._shown is not None and line.text().strip() != getattr(self._shown, spec.name):
                self.changed.emit(spec.name, line.text().strip())

        def fill(layer: Layer, _at: Context | None, _earlier: Sequence[Shape], automatic: str) -> None:
            line.setPlaceholderText(automatic)
            if line.text() != getattr(layer, spec.name):
                line.setText(getattr(layer, spec.name))

        line.editingFinished.connect(finished)
        self._fill.append(fill)
        return (line,)


def _between(widgets: tuple[QWidget, ...]) -> tuple[QWidget | str, ...]:
    """The two numbers of a pair with a cross between them."""
    return widgets if len(widgets) == 1 else (widgets[0], "×", widgets[1])
