"""Linear, Flatten, the activations, Dropout, BatchNorm2d and LayerNorm."""
# ruff: noqa: D102  (the overridden methods are documented by Layer)

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hw2gui.parameters.expressions import ZERO, Expr, Formula, Symbol, product
from hw2gui.parameters.layers.base import (
    Call,
    Context,
    Family,
    Layer,
    MisfitError,
    ReceptiveField,
    Shape,
    image_sizes,
    needs_numbers,
    without_defaults,
)
from hw2gui.parameters.layers.fields import MAX_FEATURES, Pair, choice, frozen_switch, integer, real, switch


@dataclass(frozen=True)
class _PerPosition(Layer):
    """What works on a vector as a whole, and on a sequence at every position alike."""

    def macs(self, at: Context, out: Shape) -> Expr:
        weights = self.weights(at)
        return Symbol("L", out.sizes[0]) * weights if out.form == "sequence" else weights

    def sees(self, before: ReceptiveField, at: Context) -> ReceptiveField:
        return before if at.shape.form == "sequence" else before.everything()


@dataclass(frozen=True)
class Linear(_PerPosition):
    """A fully connected layer; on a sequence the same one at every position."""

    out_features: int = integer("Outputs", 10, "How many units.", maximum=MAX_FEATURES, required=True)
    bias: bool = switch("Bias", True, "One number added to each unit.")
    in_features: int = integer(
        "Inputs", 0, "Fixed, as in a PyTorch constructor, or taken from the input.", minimum=0, maximum=MAX_FEATURES, auto="from the input"
    )
    frozen: bool = frozen_switch()

    family: ClassVar[Family] = "dense"
    stem: ClassVar[str] = "fc"
    summary: ClassVar[str] = "Connects every input with every unit; on a sequence, the same at every position."
    weights_note: ClassVar[str] = "One for every pair of an input and a unit."
    biases_note: ClassVar[str] = "One a unit."
    macs_note: ClassVar[str] = "One product a weight, at every position of a sequence."

    def output(self, at: Context) -> Shape:
        shape = needs_numbers(at)
        if shape.form == "image":
            raise MisfitError(f"works on vectors and gets an image of {shape.text}", wants="vector")
        features = shape.sizes[-1]
        if self.in_features not in (0, features):
            raise MisfitError(
                f"expects {self.in_features} inputs and gets {features}",
                self.change(f"Set the inputs to {features}", in_features=features),
                self.change("Take the inputs from the input", in_features=0),
            )
        return Shape((*shape.sizes[:-1], self.out_features))

    def _matrix(self, at: Context) -> tuple[Expr, Expr]:
        return Symbol("F_out", self.out_features), Symbol("F_in", at.shape.sizes[-1])

    def weights(self, at: Context) -> Expr:
        return product(*self._matrix(at))

    def biases(self, at: Context) -> Expr:
        return self._matrix(at)[0] if self.bias else ZERO

    def weight_matrix(self, at: Context) -> Pair:
        return self.out_features, at.shape.sizes[-1]

    def call(self, at: Context) -> Call:
        return Call("Linear", (at.shape.sizes[-1], self.out_features), without_defaults(self, "bias"))


@dataclass(frozen=True)
class Flatten(Layer):
    """The same numbers as one vector, or an image as a sequence of its pixels."""

    into: str = choice(
        "Into", ("vector", "sequence"), "A vector of everything, or a sequence of H·W pixels with C features each (row by row)."
    )

    family: ClassVar[Family] = "dense"
    stem: ClassVar[str] = "flatten"
    summary: ClassVar[str] = "Writes an image as one vector, or as a sequence of its pixels, row by row."
    view: ClassVar[bool] = True

    def output(self, at: Context) -> Shape:
        if self.into == "vector":
            return Shape((needs_numbers(at).elements,))
        channels, height, width = image_sizes(at)
        return Shape((height * width, channels))

    def size_formulas(self, at: Context) -> tuple[Formula, ...]:
        if at.shape.form == "image":
            channels, height, width = _image_symbols(at.shape)
            if self.into == "sequence":
                return Formula("pixels, one after the other", height * width), Formula("features of each", channels)
            return (Formula("numbers", channels * height * width),)
        if at.shape.form == "sequence" and self.into == "vector":
            return (Formula("numbers", Symbol("L", at.shape.sizes[0]) * Symbol("D", at.shape.sizes[1])),)
        return ()

    def call(self, at: Context) -> Call:
        # To a sequence: x.flatten(2).transpose(1, 2), for which there is no module.
        return Call("Flatten") if self.into == "vector" else Call("Pixels", own=True)


@dataclass(frozen=True)
class _Elementwise(Layer):
    """Changes each number by itself: same shape, no parameters."""

    family: ClassVar[Family] = "activation"
    macs_note: ClassVar[str] = "Functions of single numbers: no multiply–adds."

    def output(self, at: Context) -> Shape:
        return needs_numbers(at)

    def call(self, at: Context) -> Call:
        return Call(self.kind)


@dataclass(frozen=True)
class ReLU(_Elementwise):
    """max(0, x)."""

    stem: ClassVar[str] = "relu"
    summary: ClassVar[str] = "max(0, x), number by number."


@dataclass(frozen=True)
class Tanh(_Elementwise):
    """The hyperbolic tangent."""

    stem: ClassVar[str] = "tanh"
    summary: ClassVar[str] = "tanh x, number by number: between −1 and 1."


@dataclass(frozen=True)
class Sigmoid(_Elementwise):
    """1/(1 + exp(−x))."""

    stem: ClassVar[str] = "sigmoid"
    summary: ClassVar[str] = "1/(1 + e^−x), number by number: between 0 and 1."


@dataclass(frozen=True)
class Dropout(_Elementwise):
    """Zeros in training, nothing in evaluation."""

    p: float = real(
        "Probability",
        0.3,
        "The share of numbers set to zero in training; the others are divided by 1 − p.",
        minimum=0.0,
        maximum=1.0,
        required=True,
    )

    stem: ClassVar[str] = "dropout"
    summary: ClassVar[str] = "In training sets a random share of the numbers to zero and scales the others up; in use it does nothing."

    def call(self, at: Context) -> Call:
        return Call("Dropout", (self.p,))


@dataclass(frozen=True)
class LogSoftmax(_Elementwise):
    """log softmax over the channels of an image, else over the last axis."""

    stem: ClassVar[str] = "logsoftmax"
    summary: ClassVar[str] = "Logarithms of probabilities that sum to 1: over the channels of an image, else over the features."
    macs_note: ClassVar[str] = "Exponentials, a sum and a logarithm: no multiply–adds."

    def sees(self, before: ReceptiveField, at: Context) -> ReceptiveField:
        return before.everything() if at.shape.form == "vector" else before

    def call(self, at: Context) -> Call:
        return Call("LogSoftmax", (), {"dim": 1 if at.shape.form == "image" else -1})


@dataclass(frozen=True)
class BatchNorm2d(Layer):
    """Each channel shifted and scaled by statistics of the batch, then by two learned numbers."""

    affine: bool = switch("Scale and shift", True, "Learn a scale γ and a shift β for each channel.")
    frozen: bool = frozen_switch()

    family: ClassVar[Family] = "normalisation"
    stem: ClassVar[str] = "norm"
    summary: ClassVar[str] = "Brings each channel to mean 0 and variance 1 over the batch, then scales and shifts it by learned numbers."
    weights_note: ClassVar[str] = (
        "The scales γ. The running mean and variance, two more numbers a channel, are buffers: stored, not trained, not counted."
    )
    biases_note: ClassVar[str] = "The shifts β."
    macs_note: ClassVar[str] = "In use, one scale and one shift a number; the statistics are not counted."

    def output(self, at: Context) -> Shape:
        image_sizes(at)
        return at.shape

    def weights(self, at: Context) -> Expr:
        return Symbol("C", at.shape.sizes[0]) if self.affine else ZERO

    def biases(self, at: Context) -> Expr:
        return self.weights(at)

    def macs(self, at: Context, out: Shape) -> Expr:
        return product(*_image_symbols(out)) if self.affine else ZERO

    def call(self, at: Context) -> Call:
        return Call("BatchNorm2d", (at.shape.sizes[0],), without_defaults(self, "affine"))


@dataclass(frozen=True)
class LayerNorm(_PerPosition):
    """Each example (of a sequence: each position) normalised by itself, then scaled and shifted number by number."""

    elementwise_affine: bool = switch("Scale and shift", True, "Learn a scale γ and a shift β for each number.")
    bias: bool = switch("Bias", True, "Learn the shifts β.")
    frozen: bool = frozen_switch()

    family: ClassVar[Family] = "normalisation"
    stem: ClassVar[str] = "norm"
    summary: ClassVar[str] = (
        "Brings each example (of a sequence, each position) to mean 0 and variance 1, then scales and shifts by learned numbers."
    )
    weights_note: ClassVar[str] = "The scales γ, one a normalised number."
    biases_note: ClassVar[str] = "The shifts β."
    macs_note: ClassVar[str] = "One scale and one shift a number; the statistics are not counted."

    def output(self, at: Context) -> Shape:
        return needs_numbers(at)

    def _normalised(self, at: Context) -> Expr:
        if at.shape.form == "image":
            return product(*_image_symbols(at.shape))
        return Symbol("D" if at.shape.form == "sequence" else "F", at.shape.sizes[-1])

    def weights(self, at: Context) -> Expr:
        return self._normalised(at) if self.elementwise_affine else ZERO

    def biases(self, at: Context) -> Expr:
        return self.weights(at) if self.bias else ZERO

    def call(self, at: Context) -> Call:
        sizes = at.shape.sizes if at.shape.form == "image" else at.shape.sizes[-1:]
        return Call("LayerNorm", (sizes if len(sizes) > 1 else sizes[0],), without_defaults(self, "elementwise_affine", "bias"))


def _image_symbols(shape: Shape) -> tuple[Expr, ...]:
    """C, H and W of an image."""
    return tuple(Symbol(letter, size) for letter, size in zip("CHW", shape.sizes, strict=True))
