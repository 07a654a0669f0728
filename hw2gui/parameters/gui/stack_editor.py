"""The stack of layers: listed, opened, edited, added, taken out, copied, moved; an error stands at the layer that causes it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from hw2gui.errors import InputError
from hw2gui.parameters import state
from hw2gui.parameters.gui.layer_editor import LayerEditor
from hw2gui.parameters.layers import KINDS, FieldSpec, Layer
from hw2gui.parameters.mends import Mend, ShapeError
from hw2gui.parameters.scene import Scene
from hw2gui.parameters.state import ParametersState
from hw2gui.session.store import Store
from hw2gui.widgets import theme
from hw2gui.widgets.buttons import IconButton
from hw2gui.widgets.categorical import series
from hw2gui.widgets.fields import text_label
from hw2gui.widgets.fold_list import FoldList
from hw2gui.widgets.fold_rows import FoldRow
from hw2gui.widgets.services import Services
from hw2gui.widgets.type_menu import TypeMenu

FAMILIES = {
    "convolution": "Convolution",
    "pooling": "Pooling",
    "dense": "Fully connected",
    "activation": "Activation",
    "normalisation": "Normalisation",
    "sequence": "Sequences",
    "wiring": "Wiring",
}


MEND_WIDTH = 236
"""A mend's text is cut to this on its button; the tooltip has it whole."""


class StackEditor(QWidget):
    """Follows the scene; every edit is a labelled step of the store."""

    def __init__(self, store: Store[ParametersState], services: Services) -> None:
        super().__init__()
        self._store = store
        self._services = services
        self._editors: dict[str, LayerEditor] = {}
        self.list = FoldList("Layers")
        self.list.chosen.connect(lambda row: store.move(selected=row))
        self.list.moved.connect(self._move)
        self.list.removed.connect(self._remove)
        self.list.copied.connect(self._copy)
        self.list.insertion.connect(self.open_menu)
        self.title = QLabel()
        self.title.setObjectName("section")
        self.menu = _kinds_menu(self._add, self)
        self.add = _tool("+ Add", "Add a layer after the selected one (Insert)", self.open_menu)
        self.copy = IconButton("copy", "Duplicate the selected layer (Ctrl+D)", lambda: self._at_selected(self._copy))
        self.up = _tool("↑", "Move the selected layer up (Alt+Up)", lambda: self._at_selected(lambda at: self._move(at, at - 1)))
        self.down = _tool("↓", "Move the selected layer down (Alt+Down)", lambda: self._at_selected(lambda at: self._move(at, at + 1)))
        self.remove = IconButton("close", "Take the selected layer out (Delete)", lambda: self._at_selected(self._remove))
        self.card = ErrorCard()
        self.card.setParent(self.list.viewport())
        self.card.hide()
        self.card.chosen.connect(self._mend)
        head = QHBoxLayout()
        head.setContentsMargins(2, 0, 0, 0)
        head.setSpacing(3)
        head.addWidget(self.title, 1)
        for button in (self.add, self.copy, self.up, self.down, self.remove):
            head.addWidget(button)
        frame = QFrame()
        frame.setObjectName("panel")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.list)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(frame, 1)

    # -- what is shown ------------------------------------------------------------------------------------------------------------

    def show_scene(self, scene: Scene) -> None:
        """Show the stack of *scene*."""
        layers, selected, error = scene.architecture.layers, scene.state.selected, scene.analysis.error
        self.title.setText(f"Layers ({len(layers):,})" if layers else "Layers")
        folds: dict[int, tuple[QWidget, ...]] = {}
        if error is not None:
            self.card.show_error(error)
            folds[error.index] = (self.card,)
        if selected is not None:
            folds[selected] = (*folds.get(selected, ()), self._open(scene, selected))
        self.list.show_rows(_rows(scene), selected, folds)
        for button in (self.copy, self.remove):
            button.setEnabled(selected is not None)
        self.up.setEnabled(selected is not None and selected > 0)
        self.down.setEnabled(selected is not None and selected < len(layers) - 1)

    def editor(self, kind: str) -> LayerEditor:
        """The editor of all layers of *kind*, made when it is first needed."""
        if kind not in self._editors:
            editor = LayerEditor(KINDS[kind])
            editor.setParent(self.list.viewport())
            editor.changed.connect(self._edit)
            self._editors[kind] = editor
        return self._editors[kind]

    def _open(self, scene: Scene, index: int) -> LayerEditor:
        layer = scene.architecture.layers[index]
        editor = self.editor(layer.kind)
        rows = scene.analysis.rows
        earlier = (scene.architecture.input, *(row.output for row in rows[:index])) if index <= len(rows) else ()
        editor.show_layer(layer, scene.context(index), earlier, scene.architecture.names[index])
        return editor

    # -- edits --------------------------------------------------------------------------------------------------------------------

    def open_menu(self) -> None:
        """Show the menu of kinds at the Add button; it is walked with the arrow keys, or by typing a kind's first letters."""
        self.menu.popup(self.add.mapToGlobal(self.add.rect().bottomLeft()))
        self.menu.setActiveAction(next(action for action in self.menu.actions() if action.data()))

    def _add(self, kind: str) -> None:
        self._replace(f"Add {kind}", lambda now: state.with_layer_added(now, kind))
        self.list.setFocus()

    def _remove(self, index: int) -> None:
        self._replace(f"Take {self._name(index)} out", lambda now: state.with_layer_removed(now, index))

    def _copy(self, index: int) -> None:
        self._replace(f"Duplicate {self._name(index)}", lambda now: state.with_layer_copied(now, index))

    def _move(self, index: int, to: int) -> None:
        if 0 <= to < len(self._store.state.architecture.layers):
            self._replace(f"Move {self._name(index)}", lambda now: state.with_layer_moved(now, index, to))

    def _edit(self, name: str, value: object) -> None:
        now = self._store.state
        index = now.selected
        if index is None:
            return
        layer = now.architecture.layers[index]
        spec = next(spec for spec in layer.fields() if spec.name == name)
        label = f"{spec.label} of {self._name(index)} = {value_text(spec, value)}"
        self._replace(label, lambda now: state.with_layer(now, index, layer.changed(**{name: value})), gesture=(index, name))

    def _mend(self, mend: Mend) -> None:
        self._replace(mend.label, lambda now: state.with_architecture(now, mend.architecture))

    def _replace(self, label: str, after: Callable[[ParametersState], ParametersState], gesture: object = None) -> None:
        """Take the next state; where there is none, say so and show what stands."""
        try:
            self._store.replace(label, after(self._store.state), gesture=gesture)
        except InputError as error:
            self._services.message(str(error)[0].upper() + str(error)[1:])
            self._store.changed.emit(self._store.state, self._store.state)

    def _at_selected(self, act: Callable[[int], None]) -> None:
        if self._store.state.selected is not None:
            act(self._store.state.selected)

    def _name(self, index: int) -> str:
        return self._store.state.architecture.names[index]


class ErrorCard(QWidget):
    """What is wrong with a layer, and two ways out as buttons."""

    chosen = Signal(object)
    """The :class:`Mend` whose button was pressed."""

    def __init__(self) -> None:
        super().__init__()
        self._mends: tuple[Mend, ...] = ()
        self.sentence = text_label()
        self.sentence.setAccessibleName("What does not fit")
        self.buttons = (QPushButton(), QPushButton())
        for number, button in enumerate(self.buttons):
            button.clicked.connect(lambda _=False, which=number: self.chosen.emit(self._mends[which]))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 3, 4, 5)
        layout.setSpacing(4)
        for widget in (self.sentence, *self.buttons):
            layout.addWidget(widget)

    def show_error(self, error: ShapeError) -> None:
        """Show *error*."""
        self._mends = error.mends
        self.sentence.setText(error.sentence)
        self.sentence.setStyleSheet(f"color: {theme.current().bad};")
        for button, mend in zip(self.buttons, error.mends, strict=True):
            button.setText(button.fontMetrics().elidedText(mend.label, Qt.TextElideMode.ElideRight, MEND_WIDTH))
            button.setToolTip(mend.label)
            button.setAccessibleName(mend.label)


# --- the lines -----------------------------------------------------------------------------------------------------------------


def _rows(scene: Scene) -> list[FoldRow]:
    analysis, layers, names = scene.analysis, scene.architecture.layers, scene.architecture.names
    error = analysis.error
    reached = len(analysis.rows)
    rows = []
    for index, layer in enumerate(layers):
        bad = error is not None and index == error.index
        output = analysis.rows[index].output.text if index < reached else "?" if bad else ""
        summary = layer_summary(layer)
        rows.append(FoldRow(layer.kind, summary, output, _family_colour(layer), bad, index >= reached, f"{names[index]}: {layer.summary}"))
    return rows


def _family_colour(layer: Layer) -> str:
    return series(list(FAMILIES).index(layer.family)).name()


@lru_cache(maxsize=4096)
def layer_summary(layer: Layer) -> str:
    """What its fields say, in a few words: ``8, 5×5, padding 2``; its own name first, where it has one."""
    words = [layer.name] if layer.name else []
    for spec in layer.fields():
        value = getattr(layer, spec.name)
        if spec.name == "name" or (not spec.required and value == spec.default):
            continue
        words.append(_word(spec, value))
    return ", ".join(words)


def _word(spec: FieldSpec, value: object) -> str:
    label = spec.label.lower()
    if spec.kind == "switch":
        return label if value else f"no {label}"
    text = value_text(spec, value)
    return text if spec.required else f"{label} {text}"


def value_text(spec: FieldSpec, value: object) -> str:
    """*value* as the field shows it: ``5×5``, ``yes``, ``auto``."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return f"{value[0]}×{value[1]}" if spec.required or value[0] != value[1] else str(value[0])
    if value == 0 and spec.auto:
        return "auto"
    return f"{value:g}" if isinstance(value, float) else str(value) or "none"


# --- the menu ------------------------------------------------------------------------------------------------------------------


def _kinds_menu(add: Callable[[str], None], parent: QWidget) -> TypeMenu:
    """All kinds, family by family."""
    menu = TypeMenu(parent)
    menu.setToolTipsVisible(True)
    for family, title in FAMILIES.items():
        menu.addSection(title)
        for kind, layer in KINDS.items():
            if layer.family == family:
                action = menu.addAction(kind)
                action.setData(kind)
                action.setToolTip(layer.summary)
                action.triggered.connect(lambda _=False, chosen=kind: add(chosen))
    return menu


def _tool(text: str, tip: str, act: Callable[[], None]) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.clicked.connect(lambda _=False: act())
    return button
