"""What the user chose in the parameters tab, and the changes that keep it possible.

The stack is kept as its TOML text: one string that compares quickly, reads well in a session file, and is the same as the file one saves.
The state is frozen; every function here answers the next one. :func:`check` is the store's door: what passes it can be shown.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from hw2gui.errors import InputError
from hw2gui.parameters.architecture import Architecture
from hw2gui.parameters.growth import Variable
from hw2gui.parameters.ladder import RungName
from hw2gui.parameters.layers import MAX_SIZE, Layer, Shape, make
from hw2gui.parameters.presets import CHARACTER, PRESETS, cnn
from hw2gui.parameters.toml_io import from_toml, to_toml
from hw2gui.parameters.twins import Quantity

Page = Literal["table", "twins", "growth", "ladder"]
NumberFormat = Literal["grouped", "short"]
TakeAway = Literal["csv", "markdown", "latex", "json", "pytorch", "toml"]

EMPTY = "empty"
"""The preset without layers, to build from."""
WITHOUT_BIASES = "question1"
"""The preset that the homework counts without biases; all others have theirs."""
STACK, SAME_WIDTHS, SAME_OUTPUT = "stack", "same-widths", "same-output"
"""What can be held against each other, besides the presets: the stack on screen, and the two fully connected networks made of the first."""
FIRSTS = (STACK, *PRESETS)
SECONDS = (SAME_WIDTHS, SAME_OUTPUT, STACK, *PRESETS)

HOMEWORK_BATCH = 8
LARGEST_PICTURE = 40
"""The largest side of the ladder's picture: a matrix of 1,600 × 1,600 entries."""

_KEPT = 256
_read: OrderedDict[str, Architecture] = OrderedDict()


def _stack_text(architecture: Architecture) -> str:
    """The TOML text of *architecture*, remembered so that it need not be read again."""
    text = to_toml(architecture)
    _remember(text, architecture)
    return text


def _remember(text: str, architecture: Architecture) -> None:
    _read[text] = architecture
    _read.move_to_end(text)
    while len(_read) > _KEPT:
        _read.popitem(last=False)


def _first_stack() -> str:
    return _stack_text(cnn())


@dataclass(frozen=True)
class ParametersState:
    """Everything chosen in the tab."""

    stack: str = field(default_factory=_first_stack)
    """The network as :func:`hw2gui.parameters.toml_io.to_toml` writes it."""
    preset: str = "cnn"
    """The preset the stack came from, or "" once it was edited or opened from a file."""
    batch: int = HOMEWORK_BATCH
    ignore_biases: bool = False
    numbers: NumberFormat = "grouped"
    selected: int | None = None
    """The layer whose fields and formulas are open, from 0."""
    page: Page = "table"
    take_away: TakeAway = "csv"
    first: str = STACK
    second: str = SAME_WIDTHS
    variable: Variable = "side"
    value: int | None = None
    """Where the twin tables and the growth's marker stand on the axis of *variable*; None: where the network itself is."""
    quantity: Quantity = "parameters"
    rung: RungName = "convolution"
    picture_side: int = 8
    """How many rows of pixels the image has for which the ladder's matrix is drawn."""
    entry: tuple[int, int] | None = None
    """The pinned entry of that matrix, from 0."""

    @property
    def architecture(self) -> Architecture:
        """The network. Raises :class:`InputError` for a text that is none."""
        known = _read.get(self.stack)
        if known is None:
            known = from_toml(self.stack, "the stack")
            _remember(self.stack, known)
        return known


def check(state: ParametersState) -> ParametersState:
    """*state* if it can be shown, with a selection that points nowhere let go.

    Raises :class:`InputError` for what is no network and for numbers out of range. Layers that do not fit pass: the tab shows where.
    """
    architecture = state.architecture
    if not 1 <= state.batch <= MAX_SIZE:
        raise InputError(f"The batch is {state.batch:,}: give a whole number from 1 to {MAX_SIZE:,}.")
    if state.value is not None and not 1 <= state.value <= MAX_SIZE:
        raise InputError(f"The networks are compared at {state.value:,}: give a whole number from 1 to {MAX_SIZE:,}.")
    if not 1 <= state.picture_side <= LARGEST_PICTURE:
        raise InputError(f"The ladder's picture has {state.picture_side:,} rows: give 1 to {LARGEST_PICTURE}.")
    if state.first not in FIRSTS or state.second not in SECONDS:
        raise InputError("The session compares networks that are not known here: it was written by another version.")
    changes: dict[str, Any] = {}
    if state.selected is not None and not 0 <= state.selected < len(architecture.layers):
        changes["selected"] = None
    if state.preset and state.preset != EMPTY and state.preset not in PRESETS:
        changes["preset"] = ""
    if state.entry is not None and min(state.entry) < 0:
        changes["entry"] = None
    return replace(state, **changes) if changes else state


# --- the next state ------------------------------------------------------------------------------------------------------------


def with_architecture(state: ParametersState, architecture: Architecture, **fields: Any) -> ParametersState:
    """Another network, edited or opened; *fields* are changed with it."""
    return replace(state, **{"stack": _stack_text(architecture), "preset": "", **fields})


def with_preset(state: ParametersState, key: str) -> ParametersState:
    """The preset *key*, counted as the homework counts it, and beside it the network it asks to be compared with."""
    architecture = Architecture("My network", CHARACTER, ()) if key == EMPTY else PRESETS[key].build()
    second, variable = _company(key)
    return with_architecture(
        state,
        architecture,
        preset=key,
        selected=None,
        value=None,
        first=STACK,
        second=second,
        variable=variable,
        entry=None,
        ignore_biases=state.ignore_biases if key == EMPTY else key == WITHOUT_BIASES,
    )


def _company(key: str) -> tuple[str, Variable]:
    match key:
        case "question1":
            return SAME_OUTPUT, "side"
        case "seq2seq":
            return "seq2seq-plain", "hidden"
        case "seq2seq-plain":
            return "seq2seq", "hidden"
        case "dense-matched" | "dense-512":
            return "cnn", "side"
        case "resnet":
            return "vgg", "side"
    return SAME_WIDTHS, "side"


def with_input(state: ParametersState, shape: Shape) -> ParametersState:
    """Another input; the twins stand where the network is."""
    return with_architecture(state, replace(state.architecture, input=shape), value=None)


def with_layer_added(state: ParametersState, kind: str) -> ParametersState:
    """A new layer of *kind* after the selected one (with none selected, at the end), selected."""
    at = len(state.architecture.layers) if state.selected is None else state.selected + 1
    return with_architecture(state, state.architecture.inserted(at, make(kind)), selected=at)


def with_layer_removed(state: ParametersState, index: int) -> ParametersState:
    """Without the layer at *index*; the one that takes its place is selected."""
    left = len(state.architecture.layers) - 1
    return with_architecture(state, state.architecture.removed(index), selected=min(index, left - 1) if left else None)


def with_layer_copied(state: ParametersState, index: int) -> ParametersState:
    """A copy after the layer at *index*, selected."""
    return with_architecture(state, state.architecture.duplicated(index), selected=index + 1)


def with_layer_moved(state: ParametersState, index: int, to: int) -> ParametersState:
    """The layer at *index* moved so that it has the index *to*, selected."""
    return with_architecture(state, state.architecture.moved(index, to), selected=to)


def with_layer(state: ParametersState, index: int, layer: Layer) -> ParametersState:
    """Another layer in the place of that at *index*."""
    return with_architecture(state, state.architecture.replaced(index, layer))
