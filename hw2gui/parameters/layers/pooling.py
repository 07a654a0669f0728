"""MaxPool2d, AvgPool2d, AdaptiveAvgPool2d: windows without parameters."""
# ruff: noqa: D102  (the overridden methods are documented by Layer)

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import ClassVar

from hw2gui.parameters.expressions import Formula
from hw2gui.parameters.layers.base import Call, Context, Family, Layer, MisfitError, Shape, Window, image_sizes
from hw2gui.parameters.layers.convolution import constructor_arguments, kernel_argument, spans_of, times, window_formula, window_output
from hw2gui.parameters.layers.fields import Pair, pair


@dataclass(frozen=True)
class _Pooling(Layer):
    """What both poolings with a moving window share."""

    kernel_size: tuple[int, int] = pair("Window", (2, 2), "Height M and width N of the window.", unit="px", required=True)
    stride: tuple[int, int] = pair(
        "Stride", (0, 0), "How far the window moves each step.", minimum=0, auto="as far as the window is large", unit="px"
    )
    padding: tuple[int, int] = pair(
        "Padding", (0, 0), "Rows and columns added on every side, at most half the window.", minimum=0, unit="px"
    )

    family: ClassVar[Family] = "pooling"
    stem: ClassVar[str] = "pool"

    @property
    def dilation(self) -> Pair:
        return (1, 1)

    def strides(self) -> Pair:
        """The stride, 0 replaced by the window's size."""
        return self.stride[0] or self.kernel_size[0], self.stride[1] or self.kernel_size[1]

    def output(self, at: Context) -> Shape:
        channels, height, width = image_sizes(at)
        if any(2 * p > k for p, k in zip(self.padding, self.kernel_size, strict=True)):
            half = tuple(min(p, k // 2) for p, k in zip(self.padding, self.kernel_size, strict=True))
            large = tuple(max(k, 2 * p) for p, k in zip(self.padding, self.kernel_size, strict=True))
            raise MisfitError(
                f"pads by {times(self.padding)}, more than half its window {times(self.kernel_size)}",
                self.change(f"Pad by {times(half)}", padding=half),
                self.change(f"Make the window {times(large)}", kernel_size=large),
            )
        return Shape((channels, *window_output(self, height, width)))

    def size_formulas(self, at: Context) -> tuple[Formula, ...]:
        return window_formula(self, at, 0), window_formula(self, at, 1)

    def window(self, at: Context) -> Window:
        return spans_of(self), self.strides()

    def call(self, at: Context) -> Call:
        given = constructor_arguments(self, "padding")
        if self.strides() != self.kernel_size:
            given = {"stride": kernel_argument(self.strides()), **given}
        return Call(self.kind, (kernel_argument(self.kernel_size),), given)


@dataclass(frozen=True)
class MaxPool2d(_Pooling):
    """The largest value of each window."""

    summary: ClassVar[str] = "Keeps the largest value of each window of an image."
    macs_note: ClassVar[str] = "Comparisons only: no multiply–adds."


@dataclass(frozen=True)
class AvgPool2d(_Pooling):
    """The mean of each window."""

    summary: ClassVar[str] = "Keeps the mean of each window of an image."
    macs_note: ClassVar[str] = "Additions, and one division a window: no multiply–adds."


@dataclass(frozen=True)
class AdaptiveAvgPool2d(Layer):
    """Means over windows chosen so that the output has a given size."""

    output_size: tuple[int, int] = pair(
        "Output size", (1, 1), "Rows and columns of the output, whatever the input's size.", unit="px", required=True
    )

    family: ClassVar[Family] = "pooling"
    stem: ClassVar[str] = "pool"
    summary: ClassVar[str] = "Averages over windows that cover the image, as many as asked for; 1×1 is global average pooling."
    macs_note: ClassVar[str] = "Additions, and one division a window: no multiply–adds."

    def output(self, at: Context) -> Shape:
        channels, _, _ = image_sizes(at)
        return Shape((channels, *self.output_size))

    def window(self, at: Context) -> Window:
        _, height, width = at.shape.sizes
        sides = (height, self.output_size[0]), (width, self.output_size[1])
        spans = tuple(_largest_window(size, count) for size, count in sides)
        steps = tuple(size // count if size % count == 0 else Fraction(size, count) for size, count in sides)
        return (spans[0], spans[1]), (steps[0], steps[1])

    def call(self, at: Context) -> Call:
        return Call("AdaptiveAvgPool2d", (kernel_argument(self.output_size),))


def _largest_window(size: int, count: int) -> int:
    """The most inputs a window ⌊i·size/count⌋ … ⌈(i+1)·size/count⌉ − 1 has, over i = 0 … count − 1.

    With r = i·size mod count the window has ⌈(r + size)/count⌉ inputs; the largest r is count − gcd(size, count).
    """
    return -(-(count - gcd(size, count) + size) // count)
