"""What the user chose in the convolution tab, and the changes that keep it possible.

The state is frozen; every function here answers the next one. :func:`check` is the store's door: what passes it can be computed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from hw2gui.arrays import Floats
from hw2gui.convolution import kernels
from hw2gui.convolution.attention import Stage
from hw2gui.convolution.geometry import Geometry, Order
from hw2gui.convolution.links import View, shape_of
from hw2gui.convolution.sizes import MAX_EDITED, Padding
from hw2gui.datasets import registry
from hw2gui.errors import InputError, shortened

Numbers = tuple[tuple[float, ...], ...]
"""A small matrix as nested tuples: hashable, comparable, and written to a session file as lists."""

ImageKind = Literal["strokes", "kmnist", "picture", "impulse", "gradient", "checkerboard", "random", "drawn"]
PaddingMode = Literal["none", "same", "n"]
GradientKind = Literal["output", "ones", "single"]
"""g = z, g = 1 everywhere, or g = 1 at one output cell (the pinned one, else the middle)."""

CHARACTER_SIZE = 28
TOOLS = ("facts", "toeplitz", "jacobian", "transpose", "formula", "code")
"""The inspector's pages."""

LARGEST_SET = 50_000
"""Images in the largest split of any set."""

LARGEST_VALUE = 1e6
"""Weights and pixels typed by hand stay within ±this, so that float64 sums keep their digits."""


@dataclass(frozen=True)
class ImageChoice:
    """Where x comes from. Only the fields of its *kind* count."""

    kind: ImageKind = "strokes"
    split: Literal["train", "test"] = "test"
    index: int = 0
    seed: int = 0
    picture: str = ""
    """The digest of the picture's kept copy."""
    picture_name: str = ""
    picture_steps: tuple[str, ...] = ()
    """What was done to the file to make these grey levels, in words."""
    pixels: Numbers = ()
    """Painted or typed by hand, in grey levels 0..1 (any number can be typed)."""


@dataclass(frozen=True)
class Pin:
    """A pinned cell: its view and its row and column from 0."""

    view: View
    row: int
    column: int


def _first_kernel() -> Numbers:
    return as_numbers(kernels.preset("sobel-x", 5, 5))


@dataclass(frozen=True)
class ConvolutionState:
    """Everything chosen in the tab. Sizes in pixels, indices from 0 whatever *base* shows."""

    mode: Literal["convolution", "attention"] = "convolution"
    image: ImageChoice = ImageChoice()
    height: int = CHARACTER_SIZE
    width: int = CHARACTER_SIZE
    kernel_preset: str = "sobel-x"
    """The preset the weights came from, or "" once a weight was edited."""
    kernel_seed: int = 0
    weights: Numbers = field(default_factory=_first_kernel)
    stride: int = 1
    padding: PaddingMode = "none"
    padding_size: int = 1
    dilation: int = 1
    flipped: bool = False
    order: Order = "row"
    base: Literal[0, 1] = 1
    toeplitz: bool = False
    transposed: bool = False
    """Show Mᵀ: g on the output's side, the gradient on the image's."""
    gradient: GradientKind = "output"
    """What g is while Mᵀ is shown."""
    position: int | None = None
    """While playing: the output cell the window is on; None when all of M is shown."""
    pinned: Pin | None = None
    nudge: float = 0.5
    """How much the Jacobian's pixel is changed, in grey levels."""
    formula: str = ""
    formula_note: str = ""
    attention_scale: float = 1.0
    temperature: float = 1.0
    permuted: bool = False
    stage: Stage = "relative"
    tool: str = "facts"

    @property
    def kernel(self) -> Floats:
        """The weights as an array, shape (M, N)."""
        return np.array(self.weights, dtype=np.float64)

    @property
    def kernel_shape(self) -> tuple[int, int]:
        """(M, N)."""
        return len(self.weights), len(self.weights[0])

    @property
    def chosen_padding(self) -> Padding:
        """The padding that *padding* and *padding_size* stand for."""
        if self.padding == "none":
            return Padding.none()
        if self.padding == "same":
            return Padding.same(*self.kernel_shape, self.dilation)
        return Padding.uniform(self.padding_size)

    @property
    def geometry(self) -> Geometry:
        """The convolution's sizes. Raises :class:`InputError` for settings that are no convolution."""
        return Geometry(
            self.height,
            self.width,
            *self.kernel_shape,
            stride=self.stride,
            padding=self.chosen_padding,
            dilation=self.dilation,
            flipped=self.flipped,
            order=self.order,
        )

    @property
    def editable(self) -> bool:
        """Whether the image is small enough to be edited cell by cell."""
        return max(self.height, self.width) <= MAX_EDITED


def first_state() -> ConvolutionState:
    """What the tab opens on at the first start: a real handwritten character where Kuzushiji-MNIST is there, else a built-in one."""
    return ConvolutionState(image=ImageChoice(kind=registry.usual_characters(), split="test"))


def as_numbers(array: Floats) -> Numbers:
    """A 2-d array as nested tuples of Python floats."""
    return tuple(tuple(float(value) for value in line) for line in array)


def check(state: ConvolutionState) -> ConvolutionState:
    """*state* if it can be computed, with what no longer applies let go (a pin outside, a playhead past the end).

    Raises :class:`InputError` for what is no convolution.
    """
    if not state.weights or not state.weights[0] or len({len(line) for line in state.weights}) != 1:
        raise InputError("The kernel's rows differ in length: give every row the same number of weights.")
    _check_numbers(state.weights, "kernel")
    _check_numbers(state.image.pixels, "image")
    if not (math.isfinite(state.nudge) and math.isfinite(state.attention_scale) and state.temperature > 0):
        raise InputError("The temperature must be above 0 and all settings finite.")
    _check_choices(state)
    geometry = state.geometry
    if state.image.kind == "drawn" and np.shape(state.image.pixels) != geometry.image_shape:
        raise InputError(f"The drawn image is not {state.height}×{state.width} as the session says: it is damaged.")
    changes: dict[str, Any] = {}
    if state.position is not None and not 0 <= state.position < geometry.matrix_rows:
        changes["position"] = min(max(state.position, 0), geometry.matrix_rows - 1)
    if state.pinned is not None and not _inside(state.pinned, geometry, state.mode):
        changes["pinned"] = None
    return replace(state, **changes) if changes else state


def _check_choices(state: ConvolutionState) -> None:
    """Refuse what no control offers: only a damaged or foreign session holds it."""
    if not 0 <= state.image.index < LARGEST_SET or not 0 <= state.image.seed < 2**32 or not 0 <= state.kernel_seed < 2**32:
        raise InputError("The image's number or a seed is out of range: the session is damaged.")
    if state.tool not in TOOLS or (state.kernel_preset and state.kernel_preset not in kernels.PRESETS):
        raise InputError(
            f"There is no tool '{shortened(state.tool, 20)}' or no kernel '{shortened(state.kernel_preset, 20)}': the session is damaged."
        )


def _check_numbers(numbers: Numbers, what: str) -> None:
    for line in numbers:
        for value in line:
            if not abs(value) <= LARGEST_VALUE:
                raise InputError(f"The {what} holds {value:g}: use numbers between −1,000,000 and 1,000,000.")


def _inside(pin: Pin, geometry: Geometry, mode: str) -> bool:
    rows, columns = shape_of(geometry, pin.view)
    if mode == "attention" and pin.view == "output":
        rows, columns = geometry.image_shape
    elif mode == "attention" and pin.view == "matrix":
        rows = columns = geometry.matrix_columns
    return 0 <= pin.row < rows and 0 <= pin.column < columns


def resized(pixels: Numbers, height: int, width: int) -> Numbers:
    """Hand-made *pixels* cut or filled with zeros to height × width, the upper left corner staying."""
    array = np.zeros((height, width))
    old = np.array(pixels, dtype=np.float64)
    rows, columns = min(height, old.shape[0]), min(width, old.shape[1])
    array[:rows, :columns] = old[:rows, :columns]
    return as_numbers(array)


def with_image_size(state: ConvolutionState, height: int, width: int) -> ConvolutionState:
    """The same picture at another size: drawn ones are cut or filled, others are made anew at that size."""
    image = state.image
    if image.kind == "drawn":
        image = replace(image, pixels=resized(image.pixels, height, width))
    return replace(state, image=image, height=height, width=width, position=None)


def with_image(state: ConvolutionState, image: ImageChoice, height: int | None = None, width: int | None = None) -> ConvolutionState:
    """Another picture, at the size given or the present one."""
    return replace(state, image=image, height=height or state.height, width=width or state.width)


def with_kernel_size(state: ConvolutionState, height: int, width: int) -> ConvolutionState:
    """The kernel at another size: a preset is made anew where it has such a size; all others are cut or filled with zeros."""
    if state.kernel_preset:
        try:
            weights = as_numbers(kernels.preset(state.kernel_preset, height, width, seed=state.kernel_seed))
            return replace(state, weights=weights, position=None)
        except InputError:
            pass
    return replace(state, kernel_preset="", weights=resized(state.weights, height, width), position=None)


def with_preset(state: ConvolutionState, name: str, seed: int = 0) -> ConvolutionState:
    """The preset *name* at the present size. Raises :class:`InputError` when it has no such size."""
    weights = as_numbers(kernels.preset(name, *state.kernel_shape, seed=seed))
    return replace(state, kernel_preset=name, kernel_seed=seed, weights=weights)


def with_weights(state: ConvolutionState, weights: Numbers) -> ConvolutionState:
    """Weights edited by hand."""
    return replace(state, kernel_preset="", weights=weights)


def with_cells(numbers: Numbers, cells: Sequence[tuple[int, int]], value: float) -> Numbers:
    """*numbers* with *value* at *cells* (row, column)."""
    lines = [list(line) for line in numbers]
    for row, column in cells:
        lines[row][column] = value
    return tuple(tuple(line) for line in lines)
