"""What makes more than a chain of a stack: target tokens begin a decoder, a residual adds an earlier signal."""
# ruff: noqa: D102  (the overridden methods are documented by Layer)

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hw2gui.parameters.expressions import ZERO, Expr, Symbol
from hw2gui.parameters.layers.base import Call, Change, Context, Family, Layer, MisfitError, Shape, needs_numbers
from hw2gui.parameters.layers.convolution import constructor_arguments, times, window_count
from hw2gui.parameters.layers.fields import frozen_switch, integer, pair, switch


@dataclass(frozen=True)
class TargetTokens(Layer):
    """The decoder's own input. The layers before are the encoder: its output is kept for attention, its final state for the decoder."""

    length: int = integer("Length", 20, "How many target symbols.", unit="tokens", required=True)

    family: ClassVar[Family] = "wiring"
    stem: ClassVar[str] = "target"
    summary: ClassVar[str] = "Ends the encoder and begins a decoder, which reads the target's symbols."
    view: ClassVar[bool] = True

    def output(self, at: Context) -> Shape:
        if at.memory is not None:
            raise MisfitError("would begin a second decoder; a stack has one")
        needs_numbers(at)
        return Shape((self.length,), tokens=True)


@dataclass(frozen=True)
class Residual(Layer):
    """Adds the signal that entered the stack of the last *back* layers, if need be through a 1×1 convolution of its own (no bias)."""

    back: int = integer("Layers skipped", 2, "Adds the signal that entered this many layers further up.", unit="layers", required=True)
    projection: bool = switch("Projection", False, "Bring the signal to the right channels by a 1×1 convolution without bias.")
    stride: tuple[int, int] = pair("Stride", (1, 1), "Of the projection: how far it moves each step.", unit="px")
    frozen: bool = frozen_switch()

    family: ClassVar[Family] = "wiring"
    stem: ClassVar[str] = "add"
    summary: ClassVar[str] = "Adds what entered a few layers before (a residual connection)."
    weights_note: ClassVar[str] = "The 1×1 convolution on the shortcut; without one the sum has no parameters."
    macs_note: ClassVar[str] = "The shortcut's 1×1 convolution; the sum itself only adds."

    def output(self, at: Context) -> Shape:
        shape, skip = needs_numbers(at), at.skip
        if skip is None:
            raise MisfitError(
                f"adds the signal {self.back} layers before, where there is none",
                self.change("Add the signal 1 layer before", back=1),
            )
        projected = self._projected(skip, shape)
        if projected != shape:
            if projected is None:
                raise MisfitError(f"projects {skip.text} to {shape.text} by a convolution, which takes images", *self._fits(skip, shape))
            arrives = f"{projected.text} (projected from {skip.text})" if self.projection else skip.text
            raise MisfitError(f"adds {arrives} to {shape.text}: the two signals differ in shape", *self._fits(skip, shape))
        return shape

    def _projected(self, skip: Shape, shape: Shape) -> Shape | None:
        """The skipped signal as it arrives; None where it cannot be projected."""
        if not self.projection:
            return skip
        if skip.form != "image" or shape.form != "image":
            return None
        _, height, width = skip.sizes
        return Shape((shape.sizes[0], window_count(height, 1, self.stride[0], 0, 1), window_count(width, 1, self.stride[1], 0, 1)))

    def _fits(self, skip: Shape, shape: Shape) -> list[Change | None]:
        """Candidate mends: project with the stride that fits, look back less."""
        changes: list[Change | None] = []
        if skip.form == shape.form == "image":
            stride = tuple(max(1, -(-before // after)) for before, after in zip(skip.sizes[1:], shape.sizes[1:], strict=True))
            label = f"Project it by a 1×1 convolution with stride {times(stride)}"
            changes.append(self.change(label, projection=True, stride=stride))
        if self.projection:
            changes.append(self.change("Add it without a projection", projection=False))
        return [*changes, self.change("Add the signal 1 layer before", back=1, projection=False)]

    def weights(self, at: Context) -> Expr:
        if not self.projection or at.skip is None:
            return ZERO
        return Symbol("C_out", at.shape.sizes[0]) * Symbol("C_in", at.skip.sizes[0])

    def macs(self, at: Context, out: Shape) -> Expr:
        weights = self.weights(at)
        return weights if weights is ZERO else Symbol("H'", out.sizes[1]) * Symbol("W'", out.sizes[2]) * weights

    def call(self, at: Context) -> Call | None:
        if not self.projection or at.skip is None:
            return None
        return Call("Conv2d", (at.skip.sizes[0], at.shape.sizes[0], 1), {**constructor_arguments(self, "stride"), "bias": False})
