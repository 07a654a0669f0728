"""What every layer kind answers: its output shape, its counts as expressions, what one of its units sees, its PyTorch constructor.

A kind is one frozen dataclass. Adding one means writing it and listing it in ``layers/__init__.py``; the rest follows.
"""

from __future__ import annotations

import dataclasses
import math
from abc import ABC, abstractmethod
from dataclasses import KW_ONLY, dataclass, field
from fractions import Fraction
from typing import Any, ClassVar, Literal

from hw2gui.errors import InputError
from hw2gui.parameters.expressions import ZERO, Expr, Formula
from hw2gui.parameters.layers.fields import FieldSpec, Pair, layer_name, specs

Family = Literal["convolution", "pooling", "dense", "activation", "normalisation", "sequence", "wiring"]
Cell = Literal["LSTM", "GRU"]
Form = Literal["tokens", "image", "sequence", "vector"]
Jump = int | Fraction
Window = tuple[Pair, tuple[Jump, Jump]]


@dataclass(frozen=True, slots=True)
class Shape:
    """What one example is between two layers, batch excluded.

    ``sizes`` is (C, H, W) for an image, (L, D) for a sequence of vectors, (F,) for a vector; with ``tokens`` it is (L,) whole numbers.
    """

    sizes: tuple[int, ...]
    tokens: bool = False

    @property
    def elements(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.sizes)

    @property
    def form(self) -> Form:
        """What it is."""
        if self.tokens:
            return "tokens"
        return "vector" if len(self.sizes) == 1 else "sequence" if len(self.sizes) == 2 else "image"

    @property
    def text(self) -> str:
        """``8×28×28``, ``20 tokens``."""
        joined = "×".join(map(str, self.sizes))
        return f"{joined} tokens" if self.tokens else joined


@dataclass(frozen=True, slots=True)
class State:
    """What an encoder's last recurrent layer leaves for a decoder to start from: its cell, depth, and width with both directions joined."""

    cell: Cell
    layers: int
    size: int


@dataclass(frozen=True, slots=True)
class Context:
    """What a layer meets: its input, and, where there are such, the encoder's output and state and the signal a residual adds."""

    shape: Shape
    memory: Shape | None = None
    state: State | None = None
    skip: Shape | None = None


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """The pixels one unit depends on, borders ignored: height and width, and how far apart (the jump) neighbouring units look.

    After a transposed convolution or an adaptive pooling the jump can be a fraction; the size is then rounded up. ``whole``: every pixel.
    """

    height: Jump = 1
    width: Jump = 1
    jump_height: Jump = 1
    jump_width: Jump = 1
    whole: bool = False

    def through(self, spans: Pair, steps: tuple[Jump, Jump]) -> ReceptiveField:
        """After windows of *spans* inputs that move by *steps* inputs: r ← r + (span − 1)·jump, jump ← jump·step."""
        height = self.height + (spans[0] - 1) * self.jump_height
        width = self.width + (spans[1] - 1) * self.jump_width
        return ReceptiveField(height, width, self.jump_height * steps[0], self.jump_width * steps[1], self.whole)

    def everything(self) -> ReceptiveField:
        """After a layer in which every unit depends on every input."""
        return dataclasses.replace(self, whole=True)

    @property
    def sizes(self) -> Pair:
        """Height and width in whole pixels."""
        return math.ceil(self.height), math.ceil(self.width)

    @property
    def text(self) -> str:
        """``14×14``, ``whole input``."""
        return "whole input" if self.whole else "×".join(map(str, self.sizes))


@dataclass(frozen=True, slots=True)
class Call:
    """A constructor in ``torch.nn`` with its arguments. ``name`` may also be a class that ``codegen`` writes out (a plain Python name)."""

    name: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    own: bool = False
    """Not from torch.nn."""


@dataclass(frozen=True, slots=True)
class Change:
    """One way to mend a misfit: what to say on the button, and the layers that take the misfit's place (none: it goes)."""

    label: str
    layers: tuple[Layer, ...]


class MisfitError(Exception):
    """A layer does not fit its input.

    ``sentence`` goes on after the layer's name; ``changes`` are candidates, of which ``mends`` keeps those that do mend it;
    ``wants`` is the form the layer needs where the input has another.
    """

    def __init__(self, sentence: str, *changes: Change | None, wants: Form | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.wants = sentence, wants
        self.changes = tuple(change for change in changes if change is not None)


@dataclass(frozen=True)
class Layer(ABC):
    """Base of all kinds. Field values are checked when it is made: an :class:`InputError` names the kind and the field."""

    _: KW_ONLY
    name: str = layer_name()

    family: ClassVar[Family]
    stem: ClassVar[str]
    """What automatic names begin with."""
    summary: ClassVar[str]
    """What it does, in one sentence."""
    view: ClassVar[bool] = False
    """Its output is the input seen otherwise and takes no memory."""
    weights_note: ClassVar[str] = ""
    biases_note: ClassVar[str] = ""
    macs_note: ClassVar[str] = ""

    def __post_init__(self) -> None:
        for spec in specs(type(self)):
            value = getattr(self, spec.name)
            try:
                checked = spec.checked(value)
            except InputError as error:
                raise InputError(f"{self.kind}: {error}") from None
            if checked is not value:
                object.__setattr__(self, spec.name, checked)

    @property
    def kind(self) -> str:
        """The kind's name: PyTorch's where PyTorch has it."""
        return type(self).__name__

    @classmethod
    def fields(cls) -> tuple[FieldSpec, ...]:
        """The kind's fields, for an editor."""
        return specs(cls)

    def changed(self, **values: Any) -> Layer:
        """The same layer with other field values, checked."""
        return dataclasses.replace(self, **values)

    def change(self, label: str, **values: Any) -> Change | None:
        """A mend that changes fields of this layer; None where they do not take such values."""
        try:
            return Change(label, (self.changed(**values),))
        except InputError:
            return None

    @abstractmethod
    def output(self, at: Context) -> Shape:
        """The output shape for one example. Raises :class:`MisfitError`."""

    def weights(self, at: Context) -> Expr:
        """How many weights."""
        return ZERO

    def biases(self, at: Context) -> Expr:
        """How many additive parameters."""
        return ZERO

    def macs(self, at: Context, out: Shape) -> Expr:
        """Multiply–adds for one example (what is counted: ``count.MACS_NOTE``)."""
        return ZERO

    def weight_parts(self, at: Context) -> tuple[Formula, ...]:
        """What the weights consist of, where that says more than their formula."""
        return ()

    def bias_parts(self, at: Context) -> tuple[Formula, ...]:
        """What the biases consist of."""
        return ()

    def mac_parts(self, at: Context, out: Shape) -> tuple[Formula, ...]:
        """What the multiply–adds consist of."""
        return ()

    def size_formulas(self, at: Context) -> tuple[Formula, ...]:
        """How the output's sizes follow from the input's, where that is more than a copy."""
        return ()

    def window(self, at: Context) -> Window | None:
        """The window that moves over an image: how many inputs it reaches over, and by how many it moves; None where none does."""
        return None

    def sees(self, before: ReceptiveField, at: Context) -> ReceptiveField:
        """The receptive field of an output unit, from that of an input unit."""
        window = self.window(at)
        return before if window is None else before.through(*window)

    def weight_matrix(self, at: Context) -> Pair | None:
        """The shape of the weight that can be tied to another layer's, or None."""
        return None

    def leaves(self, at: Context) -> State | None:
        """The state a recurrent layer leaves."""
        return None

    def call(self, at: Context) -> Call | None:
        """The module that does it, or None where it has none."""
        return None


@dataclass(frozen=True)
class Mixing(Layer):
    """Base of the kinds that mix what stands at all positions of a sequence: every unit sees everything."""

    family: ClassVar[Family] = "sequence"

    def sees(self, before: ReceptiveField, at: Context) -> ReceptiveField:
        """All of the input."""
        return before.everything()


_FORMS = {
    "tokens": "whole numbers (tokens)",
    "image": "an image (channels × height × width)",
    "sequence": "a sequence (length × features)",
    "vector": "a vector",
}


def image_sizes(at: Context) -> tuple[int, int, int]:
    """Channels, height and width of the input; raises :class:`MisfitError` where it is no image."""
    if at.shape.form != "image":
        raise MisfitError(f"needs {_FORMS['image']} and gets {at.shape.text}", wants="image")
    channels, height, width = at.shape.sizes
    return channels, height, width


def sequence_sizes(at: Context) -> Pair:
    """Length and features of the input; raises :class:`MisfitError` where it is no sequence of vectors."""
    if at.shape.form != "sequence":
        raise MisfitError(f"needs {_FORMS['sequence']} and gets {at.shape.text}", wants="sequence")
    length, features = at.shape.sizes
    return length, features


def needs_numbers(at: Context) -> Shape:
    """The input's shape; raises :class:`MisfitError` where it is tokens."""
    if at.shape.tokens:
        raise MisfitError(f"computes with real numbers and gets {at.shape.text}, which only name them", wants="sequence")
    return at.shape


def without_defaults(layer: Layer, *names: str) -> dict[str, Any]:
    """The fields *names* that differ from their defaults: keyword arguments for a constructor whose defaults are the same."""
    defaults = {spec.name: spec.default for spec in specs(type(layer))}
    return {name: getattr(layer, name) for name in names if getattr(layer, name) != defaults[name]}
