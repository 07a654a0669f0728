"""Take away: the table as CSV, Markdown, LaTeX or JSON, the network as a PyTorch module or a TOML file; to copy or to save."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from hw2gui.errors import UserError
from hw2gui.parameters.architecture import without_biases
from hw2gui.parameters.codegen import to_pytorch
from hw2gui.parameters.gui.rivalry import AT_ONCE, Rivalry
from hw2gui.parameters.scene import Scene
from hw2gui.parameters.state import ParametersState
from hw2gui.parameters.state import TakeAway as Form
from hw2gui.parameters.tables import Numbers, as_data, growth_table, joined_table, ladder_table, parameter_table
from hw2gui.parameters.toml_io import to_toml
from hw2gui.session.store import Store
from hw2gui.widgets import theme
from hw2gui.widgets.fields import row, teach_manners
from hw2gui.widgets.saving import save_text
from hw2gui.widgets.services import Services
from hw2gui.writers import Table, write

WRITE_AFTER_MS = 120
"""The text of a large stack is written once it rests for this long."""

FORMS: tuple[tuple[Form, str, str, str], ...] = (
    ("csv", "Table as CSV", "csv", "For spreadsheets and programs: plain numbers"),
    ("markdown", "Table as Markdown", "md", "A pipe table with notes"),
    ("latex", "Table as LaTeX", "tex", "A booktabs table with its caption"),
    ("json", "Table as JSON", "json", "Every count with its formula"),
    ("pytorch", "PyTorch module", "py", "Runs as pasted"),
    ("toml", "Stack as TOML", "toml", "Opens here again, and in 'hw2gui params'"),
)


class TakeAway(QWidget):
    """A preview, Copy and Save."""

    def __init__(self, store: Store[ParametersState], services: Services, rivalry: Rivalry) -> None:
        super().__init__()
        self._store = store
        self._services = services
        self._rivalry = rivalry
        rivalry.grown_changed.connect(self._later)
        self._scene: Scene | None = None
        self.form = QComboBox()
        self.form.setAccessibleName("What to take away")
        self.form.setToolTip("The format of the text below")
        for number, (key, title, _, tip) in enumerate(FORMS):
            self.form.addItem(title, key)
            self.form.setItemData(number, tip, Qt.ItemDataRole.ToolTipRole)
        teach_manners(self.form)
        self.form.activated.connect(lambda index: store.move(take_away=self.form.itemData(index)))
        self.copy = QPushButton("Copy")
        self.copy.setToolTip("Put the text on the clipboard")
        self.copy.clicked.connect(lambda: services.copy(self.write(), self.form.currentText()))
        self.save = QPushButton("Save…")
        self.save.setToolTip("Write the text to a file")
        self.save.clicked.connect(self._save)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(theme.mono_font(8))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName("What is taken away")
        self.text.setAccessibleDescription("Read only; Copy puts it on the clipboard, Save writes it to a file")
        self.text.setTabChangesFocus(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(row(self.form, self.copy, self.save))
        layout.addWidget(self.text, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WRITE_AFTER_MS)
        self._timer.timeout.connect(self._show)

    def show_scene(self, scene: Scene) -> None:
        """Another scene; the text follows when it rests."""
        old = self._scene
        self._scene = scene
        self.form.setCurrentIndex(self.form.findData(scene.state.take_away))
        if (
            old is None
            or old.analysis is not scene.analysis
            or any(getattr(old.state, name) != getattr(scene.state, name) for name in _SHOWN)
        ):
            self._later()

    def _later(self) -> None:
        """Write a small table at once, a large one when the stack rests."""
        if self._scene is not None and len(self._scene.architecture.layers) <= AT_ONCE:
            self._timer.stop()
            self._show()
        else:
            self._timer.start()

    def write(self) -> str:
        """The text as it is now."""
        scene = self._scene
        if scene is None:
            return ""
        try:
            return written(scene, scene.state.take_away, self._rivalry)
        except UserError as error:
            return str(error)

    def _show(self) -> None:
        text = self.write()
        if text != self.text.toPlainText():
            self.text.setPlainText(text)

    def _save(self) -> None:
        scene = self._scene
        if scene is None:
            return
        form, title, suffix, _ = next(entry for entry in FORMS if entry[0] == scene.state.take_away)
        try:
            text = written(scene, form, self._rivalry)
        except UserError as error:
            self._services.message(str(error))
        else:
            save_text(self._services, lambda: text, _file_name(scene, form), suffix, f"Save: {title}")


_SHOWN = ("take_away", "page", "numbers", "first", "second", "variable", "value", "quantity")
"""Fields besides the stack that what is written depends on."""


def written(scene: Scene, form: Form, rivalry: Rivalry) -> str:
    """What is on the page in front, in one of the forms; code and TOML are always of the stack.

    Raises :class:`UserError` where it cannot be written so (code for a stack that does not fit, a ladder without a convolution).
    """
    match form:
        case "pytorch":
            return to_pytorch(without_biases(scene.architecture) if scene.state.ignore_biases else scene.architecture)
        case "toml":
            return to_toml(scene.architecture)
        case "json":
            return json.dumps(_data(scene, rivalry), indent=2, ensure_ascii=False) + "\n"
    return "\n".join(write(table, form) for table in _tables(scene, form, rivalry))


def _tables(scene: Scene, form: Form, rivalry: Rivalry) -> list[Table]:
    """The tables of the page in front; for a program with plain numbers."""
    now = scene.state
    numbers: Numbers = "plain" if form == "csv" else now.numbers
    if now.page == "ladder":
        return [ladder_table(scene.steps.counted, numbers)]
    if now.page == "growth" and rivalry.grown is not None:
        return [growth_table(rivalry.grown.curves, now.quantity, numbers)]
    if now.page == "twins" and rivalry.duel is not None:
        duel = rivalry.duel
        both = [parameter_table(analysis, numbers, formulas=form != "csv") for analysis in (duel.first, duel.second)]
        return [joined_table(both, duel.titles)] if form == "csv" else both
    return [parameter_table(scene.analysis, numbers, formulas=form != "csv")]


def _data(scene: Scene, rivalry: Rivalry) -> Any:
    now = scene.state
    if now.page == "twins" and rivalry.duel is not None:
        return [as_data(rivalry.duel.first), as_data(rivalry.duel.second)]
    if now.page in ("growth", "ladder"):
        table = _tables(scene, "csv", rivalry)[0]
        return [dict(zip(table.header, line, strict=True)) for line in table.rows]
    return as_data(scene.analysis)


def _file_name(scene: Scene, form: Form) -> str:
    """The network's name, and before it that of the page whose table it is: one file does not take another's place."""
    page = scene.state.page if form not in ("pytorch", "toml") and scene.state.page != "table" else ""
    kept = "".join(letter if letter.isalnum() else "-" for letter in f"{page} {scene.architecture.name}".lower())
    return "-".join(part for part in kept.split("-") if part) or "network"
