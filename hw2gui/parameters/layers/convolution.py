"""Conv2d and ConvTranspose2d, and the window arithmetic that the pools share."""
# ruff: noqa: D102  (the overridden methods are documented by Layer)

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import Any, ClassVar, Literal, Protocol

from hw2gui.parameters.expressions import ONE, ZERO, Expr, Formula, Symbol, quotient
from hw2gui.parameters.layers.base import (
    Call,
    Context,
    Family,
    Layer,
    MisfitError,
    Shape,
    Window,
    image_sizes,
    without_defaults,
)
from hw2gui.parameters.layers.fields import Pair, frozen_switch, integer, pair, switch

AXES: tuple[tuple[str, str, str], ...] = (("H", "M", "rows"), ("W", "N", "columns"))
"""The letters of the two axes: image side, kernel side, and what is counted along it."""
Axis = Literal[0, 1]


class Windows(Protocol):
    """What moves a window over an image."""

    @property
    def kernel_size(self) -> Pair: ...
    @property
    def padding(self) -> Pair: ...
    @property
    def dilation(self) -> Pair: ...
    def strides(self) -> Pair: ...


def window_span(kernel: int, dilation: int) -> int:
    """How many inputs a window reaches over: d(k − 1) + 1."""
    return dilation * (kernel - 1) + 1


def window_count(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    """⌊(size + 2p − d(k − 1) − 1)/s⌋ + 1: how many windows fit (at most 0: none)."""
    return (size + 2 * padding - window_span(kernel, dilation)) // stride + 1


def window_output(layer: Windows, height: int, width: int) -> Pair:
    """How many windows fit along the two axes. Raises :class:`MisfitError` where none does."""
    strides = layer.strides()
    counts = [
        window_count(size, layer.kernel_size[axis], strides[axis], layer.padding[axis], layer.dilation[axis])
        for axis, size in enumerate((height, width))
    ]
    if min(counts) < 1:
        raise _too_large(layer, (height, width))
    return counts[0], counts[1]


def _too_large(layer: Any, sizes: Pair) -> MisfitError:
    kernel, padding, dilation = layer.kernel_size, layer.padding, layer.dilation
    spans = tuple(window_span(k, d) for k, d in zip(kernel, dilation, strict=True))
    fitting = tuple(min(k, (size + 2 * p - 1) // d + 1) for k, size, p, d in zip(kernel, sizes, padding, dilation, strict=True))
    enough = tuple(max(p, -((size - span) // 2)) for size, span, p in zip(sizes, spans, padding, strict=True))
    reach = f", which reaches over {times(spans)} pixels with its dilation," if spans != kernel else ""
    padded = f", padded to {times((sizes[0] + 2 * padding[0], sizes[1] + 2 * padding[1]))}" if any(padding) else ""
    return MisfitError(
        f"has a {times(kernel)} kernel{reach} for an image of {times(sizes)}{padded}: no window fits and the size vanishes",
        layer.change(f"Make the kernel {times(fitting)}", kernel_size=fitting),
        layer.change(f"Pad by {times(enough)}", padding=enough),
        layer.change("Remove the dilation", dilation=(1, 1)) if spans != kernel else None,
    )


def window_formula(layer: Windows, at: Context, axis: Axis) -> Formula:
    """The output's size along one axis: ⌊(H + 2p − d(M − 1) − 1)/s⌋ + 1, without the terms that are nought."""
    side, letter, what = AXES[axis]
    padding, dilation, stride = layer.padding[axis], layer.dilation[axis], layer.strides()[axis]
    over: Expr = Symbol(side, at.shape.sizes[1 + axis])
    kernel: Expr = Symbol(letter, layer.kernel_size[axis])
    if padding:
        over = over + 2 * Symbol("p", padding)
    over = over - (kernel if dilation == 1 else Symbol("d", dilation) * (kernel - 1) + 1)
    if stride == 1:
        return Formula(f"{what} of the output", over + 1)
    return Formula(f"{what} of the output", over // Symbol("s", stride) + 1, note="The floor drops a last, incomplete step.")


def times(sizes: tuple[int, ...]) -> str:
    """``5×5``."""
    return "×".join(map(str, sizes))


def kernel_argument(size: Pair) -> int | Pair:
    """A pair as PyTorch takes it: one number where both are equal."""
    return size[0] if size[0] == size[1] else size


def constructor_arguments(layer: Layer, *names: str) -> dict[str, Any]:
    """Keyword arguments that differ from PyTorch's defaults, pairs of equals as one number."""
    changed = without_defaults(layer, *names)
    return {name: kernel_argument(value) if isinstance(value, tuple) else value for name, value in changed.items()}


@dataclass(frozen=True)
class _Convolving(Layer):
    """What both convolutions share: fields, groups, counts."""

    out_channels: int = integer("Output channels", 8, "How many filters: one output image each.", required=True)
    kernel_size: tuple[int, int] = pair("Kernel", (3, 3), "Height M and width N of each filter.", unit="px", required=True)
    stride: tuple[int, int] = pair("Stride", (1, 1), "How far the window moves each step.", unit="px")
    padding: tuple[int, int] = pair("Padding", (0, 0), "Rows and columns of zeros on every side.", minimum=0, unit="px")
    dilation: tuple[int, int] = pair("Dilation", (1, 1), "How far apart the filter's cells lie on the image.", unit="px")
    groups: int = integer("Groups", 1, "Channels fall into this many groups that do not mix; must divide both channel counts.")
    bias: bool = switch("Bias", True, "One number added to each output channel.")
    in_channels: int = integer(
        "Input channels", 0, "Fixed, as in a PyTorch constructor, or taken from the input.", minimum=0, auto="from the input"
    )
    frozen: bool = frozen_switch()

    family: ClassVar[Family] = "convolution"
    weights_note: ClassVar[str] = (
        "Each filter has a weight for every input channel of its group and every kernel cell; all positions share it."
    )
    biases_note: ClassVar[str] = "One for each output channel, shared by all positions."

    def strides(self) -> Pair:
        return self.stride

    def channels(self, at: Context) -> tuple[int, int, int]:
        """Input channels, height, width; the channels checked against ``in_channels`` and ``groups``."""
        channels, height, width = image_sizes(at)
        if self.in_channels not in (0, channels):
            raise MisfitError(
                f"expects {self.in_channels} input channels and gets {channels}",
                self.change(f"Set the input channels to {channels}", in_channels=channels),
                self.change("Take the input channels from the input", in_channels=0),
            )
        if channels % self.groups or self.out_channels % self.groups:
            common = gcd(self.groups, channels, self.out_channels)
            whole = -(-self.out_channels // self.groups) * self.groups
            raise MisfitError(
                f"has {self.groups} groups, which do not divide {channels} input and {self.out_channels} output channels",
                self.change(f"Use {common} group{'s' if common > 1 else ''}", groups=common),
                self.change(f"Make it {whole} output channels", out_channels=whole),
                self.change(f"Use {channels} groups and {channels} output channels (depthwise)", groups=channels, out_channels=channels),
                self.change("Use one group", groups=1),
            )
        return channels, height, width

    def _filters(self, at: Context) -> tuple[Expr, Expr, Expr]:
        """Output channels, input channels of one group, kernel cells, as expressions."""
        inputs: Expr = Symbol("C_in", at.shape.sizes[0])
        if self.groups > 1:
            inputs = quotient(inputs, Symbol("g", self.groups))
        return Symbol("C_out", self.out_channels), inputs, Symbol("M", self.kernel_size[0]) * Symbol("N", self.kernel_size[1])

    def weights(self, at: Context) -> Expr:
        outputs, inputs, cells = self._filters(at)
        return outputs * inputs * cells

    def biases(self, at: Context) -> Expr:
        return Symbol("C_out", self.out_channels) if self.bias else ZERO


@dataclass(frozen=True)
class Conv2d(_Convolving):
    """A convolution (as everywhere in deep learning: a correlation)."""

    stem: ClassVar[str] = "conv"
    summary: ClassVar[str] = "Slides filters over an image; every position shares their weights."
    macs_note: ClassVar[str] = "Every output pixel is one product with each weight of its filter."

    def output(self, at: Context) -> Shape:
        _, height, width = self.channels(at)
        return Shape((self.out_channels, *window_output(self, height, width)))

    def macs(self, at: Context, out: Shape) -> Expr:
        return Symbol("H'", out.sizes[1]) * Symbol("W'", out.sizes[2]) * self.weights(at)

    def size_formulas(self, at: Context) -> tuple[Formula, ...]:
        return window_formula(self, at, 0), window_formula(self, at, 1)

    def window(self, at: Context) -> Window:
        return spans_of(self), self.stride

    def call(self, at: Context) -> Call:
        fixed = (at.shape.sizes[0], self.out_channels, kernel_argument(self.kernel_size))
        return Call("Conv2d", fixed, constructor_arguments(self, "stride", "padding", "dilation", "groups", "bias"))


def spans_of(layer: Windows) -> Pair:
    """How many inputs a window reaches over, along each axis."""
    (m, n), (d, e) = layer.kernel_size, layer.dilation
    return window_span(m, d), window_span(n, e)


@dataclass(frozen=True)
class ConvTranspose2d(_Convolving):
    """A transposed convolution: the convolution's matrix, transposed."""

    output_padding: tuple[int, int] = pair(
        "Output padding",
        (0, 0),
        "Rows and columns added at the far end, to choose among the sizes that a stride maps to one.",
        minimum=0,
        unit="px",
    )

    stem: ClassVar[str] = "deconv"
    summary: ClassVar[str] = "Spreads every input pixel over a window of the output: the convolution's matrix, transposed."
    macs_note: ClassVar[str] = (
        "Every input pixel is multiplied by each weight; products that fall into the padding are computed and dropped."
    )

    def _side(self, size: int, axis: Axis) -> int:
        span = window_span(self.kernel_size[axis], self.dilation[axis])
        return (size - 1) * self.stride[axis] - 2 * self.padding[axis] + span + self.output_padding[axis]

    def output(self, at: Context) -> Shape:
        _, height, width = self.channels(at)
        if any(extra >= max(s, d) for extra, s, d in zip(self.output_padding, self.stride, self.dilation, strict=True)):
            smaller = tuple(min(extra, s - 1) for extra, s in zip(self.output_padding, self.stride, strict=True))
            longer = tuple(max(s, extra + 1) for extra, s in zip(self.output_padding, self.stride, strict=True))
            raise MisfitError(
                f"has output padding {times(self.output_padding)}, not smaller than the stride {times(self.stride)} or the dilation",
                self.change(f"Make the output padding {times(smaller)}", output_padding=smaller),
                self.change(f"Make the stride {times(longer)}", stride=longer),
            )
        sizes = self._side(height, 0), self._side(width, 1)
        if min(sizes) < 1:
            less = tuple(p - (2 - size) // 2 if size < 1 else p for p, size in zip(self.padding, sizes, strict=True))
            raise MisfitError(
                f"cuts more by its padding {times(self.padding)} than it makes of an image of {height}×{width}: the size vanishes",
                self.change(f"Pad by {times(less)}", padding=less),
                self.change("Remove the padding", padding=(0, 0)),
            )
        return Shape((self.out_channels, *sizes))

    def macs(self, at: Context, out: Shape) -> Expr:
        return Symbol("H", at.shape.sizes[1]) * Symbol("W", at.shape.sizes[2]) * self.weights(at)

    def size_formulas(self, at: Context) -> tuple[Formula, ...]:
        return self._size_formula(at, 0), self._size_formula(at, 1)

    def _size_formula(self, at: Context, axis: Axis) -> Formula:
        side, letter, what = AXES[axis]
        kernel: Expr = Symbol(letter, self.kernel_size[axis])
        grown = (Symbol(side, at.shape.sizes[1 + axis]) - 1) * Symbol("s", self.stride[axis])
        if self.padding[axis]:
            grown = grown - 2 * Symbol("p", self.padding[axis])
        grown = grown + (kernel if self.dilation[axis] == 1 else Symbol("d", self.dilation[axis]) * (kernel - 1) + ONE)
        if self.output_padding[axis]:
            grown = grown + Symbol("q", self.output_padding[axis])
        return Formula(f"{what} of the output", grown)

    def window(self, at: Context) -> Window:
        reach = tuple(_transposed_span(k, s, d) for k, s, d in zip(self.kernel_size, self.stride, self.dilation, strict=True))
        steps = tuple(1 if s == 1 else Fraction(1, s) for s in self.stride)
        return (reach[0], reach[1]), (steps[0], steps[1])

    def call(self, at: Context) -> Call:
        fixed = (at.shape.sizes[0], self.out_channels, kernel_argument(self.kernel_size))
        names = ("stride", "padding", "output_padding", "groups", "bias", "dilation")
        return Call("ConvTranspose2d", fixed, constructor_arguments(self, *names))


def _transposed_span(kernel: int, stride: int, dilation: int) -> int:
    """How many inputs the best-served output of a transposed convolution reaches over.

    Output o hears input i through cell m where o = s·i + d·m: cells s/g apart, inputs d/g apart, with g = gcd(s, d).
    """
    common = gcd(stride, dilation)
    heard = (kernel - 1) // (stride // common) + 1
    return (heard - 1) * (dilation // common) + 1
