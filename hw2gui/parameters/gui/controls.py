"""The upper left: preset, name, input, batch, and how numbers are counted and written. Every control follows the store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from hw2gui.errors import InputError, UserError
from hw2gui.parameters import state
from hw2gui.parameters.layers import MAX_SIZE, Form, Shape
from hw2gui.parameters.presets import CHARACTER, PRESETS
from hw2gui.parameters.scene import Scene
from hw2gui.parameters.state import EMPTY, ParametersState
from hw2gui.parameters.toml_io import read_toml
from hw2gui.session.store import Store
from hw2gui.widgets.fields import Choices, WholeField, row, teach_manners
from hw2gui.widgets.services import Services

TOML_KINDS = "Architectures (*.toml);;All files (*)"
FORMS: dict[Form, tuple[str, Shape]] = {
    "image": ("Image", CHARACTER),
    "vector": ("Vector", Shape((CHARACTER.elements,))),
    "sequence": ("Sequence", Shape((20, 128))),
    "tokens": ("Tokens", Shape((20,), tokens=True)),
}
_SIZES = {
    "image": (("C", "Channels"), ("H", "Height"), ("W", "Width")),
    "vector": (("F", "Features"),),
    "sequence": (("L", "Length"), ("D", "Features")),
    "tokens": (("L", "Length"),),
}


class Controls(QWidget):
    """What is counted, and how."""

    def __init__(self, store: Store[ParametersState], services: Services) -> None:
        super().__init__()
        self._store = store
        self._services = services
        self.preset = QComboBox()
        self.preset.setAccessibleName("Preset")
        self.preset.setToolTip("The homework's networks and well-known ones, to start from")
        self.preset.setPlaceholderText("Own network")
        self.preset.addItem("Empty stack", EMPTY)
        self.preset.setItemData(0, "Nothing but an input, to build from", Qt.ItemDataRole.ToolTipRole)
        for number, preset in enumerate(PRESETS.values(), 1):
            self.preset.addItem(preset.title, preset.key)
            self.preset.setItemData(number, preset.summary, Qt.ItemDataRole.ToolTipRole)
        self.preset.activated.connect(lambda index: self.choose_preset(self.preset.itemData(index)))
        self.open = QPushButton("Open…")
        self.open.setToolTip("Open a stack that was saved as TOML")
        self.open.clicked.connect(self.ask_and_open)
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the network")
        self.name.setToolTip("Stands over tables, code and files")
        self.name.editingFinished.connect(self._rename)
        self.form = QComboBox()
        self.form.setAccessibleName("Kind of input")
        self.form.setToolTip("What one example is")
        for key, (title, _) in FORMS.items():
            self.form.addItem(title, key)
        self.form.activated.connect(lambda index: self._set_input(FORMS[self.form.itemData(index)][1], "Kind of input"))
        self.sizes = tuple(WholeField("Input size", "") for _ in range(3))
        for number, field in enumerate(self.sizes):
            field.setFixedWidth(66)
            field.edited.connect(lambda value, which=number: self._resize(which, value))
        self.batch = WholeField("Batch", "Examples at once: activations take this many times the memory of one")
        self.batch.setFixedWidth(66)
        self.batch.edited.connect(lambda value: store.change("Batch", gesture="batch", batch=value))
        self.biases = QCheckBox("Ignore biases")
        self.biases.setToolTip("Count weights only, as Question 1 of the homework does")
        self.biases.toggled.connect(lambda on: store.change("Ignore biases" if on else "Count biases", ignore_biases=on))
        self.numbers = Choices(
            "Numbers",
            (("grouped", "12,345", "Every digit"), ("short", "12.3 k", "Three digits; the exact number is in the tooltip")),
        )
        self.numbers.chosen.connect(lambda key: store.change("Number format", numbers=key))
        for box in (self.preset, self.form):
            teach_manners(box)
        self._build()

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(5)
        top.addWidget(self.preset, 1)
        top.addWidget(self.open)
        sizes = QHBoxLayout()
        sizes.setSpacing(4)
        for field in self.sizes:
            sizes.addWidget(field)
        sizes.addStretch(1)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        form.setHorizontalSpacing(6)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.addRow("Name", self.name)
        form.addRow("Input", row(self.form))
        form.addRow("", sizes)
        form.addRow("Batch", row(self.batch, self.biases))
        form.addRow("Numbers", row(self.numbers))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 0, 2, 0)
        layout.setSpacing(5)
        layout.addLayout(top)
        layout.addLayout(form)

    def show_scene(self, scene: Scene) -> None:
        """Show what is chosen; nothing is emitted."""
        now, shape = scene.state, scene.architecture.input
        with QSignalBlocker(self.preset):
            self.preset.setCurrentIndex(self.preset.findData(now.preset) if now.preset else -1)
        if self.name.text() != scene.architecture.name:
            self.name.setText(scene.architecture.name)
            self.name.setCursorPosition(0)
        with QSignalBlocker(self.form):
            self.form.setCurrentIndex(self.form.findData(shape.form))
        described = _SIZES[shape.form]
        for number, field in enumerate(self.sizes):
            field.setVisible(number < len(described))
            if number < len(described):
                letter, what = described[number]
                if field.prefix() != f"{letter} ":
                    field.setPrefix(f"{letter} ")
                    field.setAccessibleName(f"Input: {what.lower()}")
                field.show_value(shape.sizes[number], 1, MAX_SIZE, "an input has a size", "larger sizes are not counted")
        self.batch.show_value(now.batch, 1, MAX_SIZE, "a batch has an example", "larger batches are not counted")
        with QSignalBlocker(self.biases):
            self.biases.setChecked(now.ignore_biases)
        self.numbers.show_choice(now.numbers)

    # -- edits --------------------------------------------------------------------------------------------------------------------

    def choose_preset(self, key: str) -> None:
        """Take the preset *key*."""
        self._store.replace(f"Preset {self.preset.itemText(self.preset.findData(key))}", state.with_preset(self._store.state, key))

    def ask_and_open(self) -> None:
        """Ask for a TOML file and open it."""
        path = self._services.choose_file("Open a stack", "", TOML_KINDS, save=False)
        if path is not None:
            self.open_file(path)

    def open_file(self, path: Path) -> None:
        """Open a TOML file; one that is no architecture changes nothing, and says so."""
        try:
            architecture = read_toml(path)
        except UserError as error:
            self._services.message(str(error))
            return
        self._store.replace(f"Open {path.name}", state.with_architecture(self._store.state, architecture, selected=None, value=None))
        self._services.status(f"Opened {path}")

    def _rename(self) -> None:
        now = self._store.state
        name = self.name.text().strip()
        if name == now.architecture.name:
            return
        try:
            self._store.replace("Name", state.with_architecture(now, replace(now.architecture, name=name), preset=now.preset))
        except InputError as error:
            self._services.message(str(error)[0].upper() + str(error)[1:])
            self.name.setText(now.architecture.name)

    def _resize(self, which: int, value: int) -> None:
        shape = self._store.state.architecture.input
        sizes = tuple(value if number == which else size for number, size in enumerate(shape.sizes))
        self._set_input(Shape(sizes, shape.tokens), "Input size", gesture="input")

    def _set_input(self, shape: Shape, label: str, gesture: str | None = None) -> None:
        self._store.replace(label, state.with_input(self._store.state, shape), gesture=gesture)
