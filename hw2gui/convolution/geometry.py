"""Sizes and indices of one convolution: what fits, how large z is, which row and column of M is which cell.

All indices here are 0-based. α, β are the row and column of an output cell, γ, δ of a pixel; row i of M is
output cell (α, β), column j of M is pixel (γ, δ), counted row by row or column by column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from hw2gui.errors import InputError

Order: TypeAlias = Literal["row", "column"]
IntArray: TypeAlias = NDArray[np.int64]
Index = TypeVar("Index", int, IntArray)

MAX_IMAGE = 1024
"""The longest side of an image, in pixels."""
MAX_EDITED = 64
"""The longest side of an image that is edited cell by cell."""
MAX_KERNEL = 64
"""The longest side of a kernel, in cells."""
MAX_DILATION = 64
"""The widest spacing of a kernel's cells, in pixels."""
MAX_PADDING = 2048
"""The most zeros on one side: enough for ``Padding.same`` of any allowed kernel and dilation."""
MAX_CHOSEN_PADDING = 64
"""The most zeros a control offers on every side; more show nothing new."""
MAX_STRIDE = MAX_IMAGE + 2 * MAX_PADDING
"""The longest step: the side of the largest padded image."""


def _check_range(name: str, value: int, smallest: int, largest: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"The {name} is a whole number from {smallest} to {largest}, not {value!r}.")
    if not smallest <= value <= largest:
        raise InputError(f"The {name} is {value}; take {smallest} to {largest}.")


@dataclass(frozen=True)
class Padding:
    """Rows and columns of zeros around the image, 0 to ``MAX_PADDING`` on each side."""

    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0

    def __post_init__(self) -> None:
        for side in ("top", "bottom", "left", "right"):
            _check_range(f"padding at the {side}", getattr(self, side), 0, MAX_PADDING)

    @classmethod
    def none(cls) -> Padding:
        """No padding."""
        return cls()

    @classmethod
    def uniform(cls, size: int) -> Padding:
        """The same number of zeros on all four sides."""
        return cls(size, size, size, size)

    @classmethod
    def same(cls, kernel_height: int, kernel_width: int, dilation: int = 1) -> Padding:
        """The padding that keeps the image's size at stride 1, laid as torch's ``padding="same"`` lays it: an odd zero goes to the end."""
        _check_range("kernel height", kernel_height, 1, MAX_KERNEL)
        _check_range("kernel width", kernel_width, 1, MAX_KERNEL)
        _check_range("dilation", dilation, 1, MAX_DILATION)
        rows, columns = dilation * (kernel_height - 1), dilation * (kernel_width - 1)
        return cls(rows // 2, rows - rows // 2, columns // 2, columns - columns // 2)

    @property
    def is_none(self) -> bool:
        """No zero on any side."""
        return not (self.top or self.bottom or self.left or self.right)

    @property
    def is_uniform(self) -> bool:
        """As many zeros on each side as on every other."""
        return self.top == self.bottom == self.left == self.right

    def transposed_axes(self) -> Padding:
        """The padding of the transposed image: top and left, bottom and right exchanged."""
        return Padding(self.left, self.right, self.top, self.bottom)


@dataclass(frozen=True)
class Geometry:
    """One convolution's sizes: z = w ∗ x for an image of height × width pixels.

    ``flipped`` turns the kernel half round (true convolution; otherwise cross-correlation, as in the homework and in
    torch). ``order`` says how vec() reads the image and z, row by row or column by column. Every setting that is
    no convolution is refused with an InputError.
    """

    height: int
    width: int
    kernel_height: int
    kernel_width: int
    stride: int = 1
    padding: Padding = Padding()
    dilation: int = 1
    flipped: bool = False
    order: Order = "row"

    def __post_init__(self) -> None:
        _check_range("image height", self.height, 1, MAX_IMAGE)
        _check_range("image width", self.width, 1, MAX_IMAGE)
        _check_range("kernel height", self.kernel_height, 1, MAX_KERNEL)
        _check_range("kernel width", self.kernel_width, 1, MAX_KERNEL)
        _check_range("stride", self.stride, 1, MAX_STRIDE)
        _check_range("dilation", self.dilation, 1, MAX_DILATION)
        if self.order not in ("row", "column"):
            raise InputError(f"The order of vec is 'row' or 'column', not {self.order!r}.")
        if self.reach > self.padded_height or self.reach_width > self.padded_width:
            raise InputError(
                f"{_kernel_name(self.kernel_height, self.kernel_width, self.dilation)} spans {self.reach}×{self.reach_width} pixels and "
                f"does not fit into {self._image_name()}; take a smaller kernel{' or dilation' if self.dilation > 1 else ''}, "
                "a larger image or more padding."
            )

    def _image_name(self) -> str:
        kind = "image" if self.padding.is_none else "padded image"
        return f"the {kind} of {self.padded_height}×{self.padded_width}"

    @property
    def reach(self) -> int:
        """Rows that one window spans from its first to its last tap: d(M−1)+1."""
        return self.dilation * (self.kernel_height - 1) + 1

    @property
    def reach_width(self) -> int:
        """Columns that one window spans: d(N−1)+1."""
        return self.dilation * (self.kernel_width - 1) + 1

    @property
    def padded_height(self) -> int:
        """Rows of the image with its padding."""
        return self.padding.top + self.height + self.padding.bottom

    @property
    def padded_width(self) -> int:
        """Columns of the image with its padding."""
        return self.padding.left + self.width + self.padding.right

    @property
    def output_height(self) -> int:
        """H' = ⌊(H + padding − reach)/s⌋ + 1."""
        return (self.padded_height - self.reach) // self.stride + 1

    @property
    def output_width(self) -> int:
        """W' = ⌊(W + padding − reach)/s⌋ + 1."""
        return (self.padded_width - self.reach_width) // self.stride + 1

    @property
    def image_shape(self) -> tuple[int, int]:
        """(H, W)."""
        return self.height, self.width

    @property
    def kernel_shape(self) -> tuple[int, int]:
        """(M, N)."""
        return self.kernel_height, self.kernel_width

    @property
    def output_shape(self) -> tuple[int, int]:
        """(H', W')."""
        return self.output_height, self.output_width

    @property
    def matrix_rows(self) -> int:
        """Rows of M, one for each output cell: H'W'."""
        return self.output_height * self.output_width

    @property
    def matrix_columns(self) -> int:
        """Columns of M, one for each pixel: HW."""
        return self.height * self.width

    @property
    def matrix_shape(self) -> tuple[int, int]:
        """(H'W', HW)."""
        return self.matrix_rows, self.matrix_columns

    @property
    def discarded_rows(self) -> int:
        """Rows at the bottom of the padded image that no window reaches."""
        return (self.padded_height - self.reach) % self.stride

    @property
    def discarded_columns(self) -> int:
        """Columns at the right of the padded image that no window reaches."""
        return (self.padded_width - self.reach_width) % self.stride

    def transposed_axes(self) -> Geometry:
        """The geometry of the transposed image and kernel, in row order: what is column-major here is row-major there."""
        return Geometry(
            height=self.width,
            width=self.height,
            kernel_height=self.kernel_width,
            kernel_width=self.kernel_height,
            stride=self.stride,
            padding=self.padding.transposed_axes(),
            dilation=self.dilation,
            flipped=self.flipped,
        )

    def output_index(self, i: Index) -> tuple[Index, Index]:
        """(α, β), the output cell of row *i* of M. For an int or an array; not checked against M's size."""
        if self.order == "row":
            return i // self.output_width, i % self.output_width
        return i % self.output_height, i // self.output_height

    def pixel_index(self, j: Index) -> tuple[Index, Index]:
        """(γ, δ), the pixel of column *j* of M. For an int or an array; not checked against M's size."""
        if self.order == "row":
            return j // self.width, j % self.width
        return j % self.height, j // self.height

    def row_of_output(self, alpha: Index, beta: Index) -> Index:
        """The row of M that belongs to output cell (α, β): the inverse of ``output_index``."""
        if self.order == "row":
            return alpha * self.output_width + beta
        return beta * self.output_height + alpha

    def column_of_pixel(self, gamma: Index, delta: Index) -> Index:
        """The column of M that belongs to pixel (γ, δ): the inverse of ``pixel_index``."""
        if self.order == "row":
            return gamma * self.width + delta
        return delta * self.height + gamma

    def vec(self, cells: NDArray[Any]) -> NDArray[Any]:
        """An image or an output as one vector (1-d), read in this geometry's order."""
        return cells.reshape(-1, order="C" if self.order == "row" else "F")

    def unvec_image(self, vector: NDArray[Any]) -> NDArray[Any]:
        """The image (H, W) whose vec() is *vector*."""
        return vector.reshape(self.image_shape, order="C" if self.order == "row" else "F")

    def unvec_output(self, vector: NDArray[Any]) -> NDArray[Any]:
        """The output (H', W') whose vec() is *vector*."""
        return vector.reshape(self.output_shape, order="C" if self.order == "row" else "F")


@dataclass(frozen=True)
class Range:
    """What a control may be set to while the others stay, and in plain words why it stops there."""

    smallest: int
    largest: int
    why_smallest: str
    why_largest: str

    @property
    def tooltip(self) -> str:
        """Both ends with their reasons, for a control's tooltip."""
        return f"At least {self.smallest}: {self.why_smallest}.\nAt most {self.largest}: {self.why_largest}."


@dataclass(frozen=True)
class Limits:
    """The range of every control, each with all the others as they are. ``padding`` is the same on all four sides."""

    height: Range
    width: Range
    kernel_height: Range
    kernel_width: Range
    stride: Range
    padding: Range
    dilation: Range


def limits(
    height: int,
    width: int,
    kernel_height: int,
    kernel_width: int,
    stride: int = 1,
    padding: Padding | Literal["same"] = Padding(),
    dilation: int = 1,
) -> Limits:
    """The ranges within which each setting may move while the others stay, so that no control reaches an impossible one.

    ``padding="same"`` follows the kernel, which then always fits. The stride's largest value is the useful one: from there
    on z is a single cell; ``Geometry`` still takes more, and more padding than a control offers. The stride itself
    bounds no other setting. With settings that do not fit together the ranges are still not empty.
    """
    laid = Padding.same(kernel_height, kernel_width, dilation) if padding == "same" else padding
    vertical = _Axis("high", height, kernel_height, laid.top + laid.bottom, dilation, padding == "same")
    horizontal = _Axis("wide", width, kernel_width, laid.left + laid.right, dilation, padding == "same")
    kernel = _kernel_name(kernel_height, kernel_width, dilation)
    padded = max(height + laid.top + laid.bottom, width + laid.left + laid.right)
    return Limits(
        height=vertical.image_range(),
        width=horizontal.image_range(),
        kernel_height=vertical.kernel_range(),
        kernel_width=horizontal.kernel_range(),
        stride=Range(
            1,
            padded,
            "the window moves by at least one pixel",
            f"z is a single cell from there on, the padded image's longer side is {padded}",
        ),
        padding=_padding_range(vertical, horizontal, kernel),
        dilation=_dilation_range(vertical, horizontal, f"a {kernel_height}×{kernel_width} kernel"),
    )


@dataclass(frozen=True)
class _Axis:
    """One direction of the settings: the image's and the kernel's side along it."""

    adjective: str
    image: int
    kernel: int
    zeros: int
    dilation: int
    same: bool

    @property
    def reach(self) -> int:
        return self.dilation * (self.kernel - 1) + 1

    @property
    def padded(self) -> int:
        return self.image + self.zeros

    @property
    def image_name(self) -> str:
        return f"the {'padded image' if self.zeros else 'image'} is {self.padded} {self.adjective}"

    def image_range(self) -> Range:
        largest = f"images are at most {MAX_IMAGE} {self.adjective}"
        if self.same or self.reach - self.zeros <= 1:
            return Range(1, MAX_IMAGE, "an image has at least one pixel", largest)
        smallest = min(self.reach - self.zeros, MAX_IMAGE)
        zeros = f" and the padding adds {self.zeros}" if self.zeros else ""
        return Range(smallest, MAX_IMAGE, f"the kernel{_at(self.dilation)} is {self.reach} {self.adjective}{zeros}", largest)

    def kernel_range(self) -> Range:
        smallest = "a kernel has at least one cell"
        largest = (self.padded - 1) // self.dilation + 1
        if self.same or largest >= MAX_KERNEL:
            return Range(1, MAX_KERNEL, smallest, f"kernels are at most {MAX_KERNEL} {self.adjective}")
        if self.dilation == 1:
            return Range(1, largest, smallest, self.image_name)
        reason = f"{largest + 1} cells{_at(self.dilation)} reach {self.dilation * largest + 1} pixels, {self.image_name}"
        return Range(1, largest, smallest, reason)


def _padding_range(vertical: _Axis, horizontal: _Axis, kernel: str) -> Range:
    largest = f"more than {MAX_CHOSEN_PADDING} zeros on a side show nothing new"
    axis = max(vertical, horizontal, key=lambda one: one.reach - one.image)
    smallest = max(0, (axis.reach - axis.image + 1) // 2)
    if smallest == 0:
        return Range(0, MAX_CHOSEN_PADDING, "no padding", largest)
    reason = f"{kernel} is {axis.reach} {axis.adjective}, the image {axis.image}"
    if smallest >= MAX_CHOSEN_PADDING:
        return Range(smallest, smallest, reason, "with fewer zeros the kernel does not fit")
    return Range(smallest, MAX_CHOSEN_PADDING, reason, largest)


def _dilation_range(vertical: _Axis, horizontal: _Axis, kernel: str) -> Range:
    smallest = "1 means no gaps between the kernel's cells"
    bounds = [((axis.padded - 1) // (axis.kernel - 1), axis) for axis in (vertical, horizontal) if axis.kernel > 1 and not axis.same]
    largest, axis = min(bounds, key=lambda bound: bound[0], default=(MAX_DILATION, vertical))
    if largest >= MAX_DILATION:
        return Range(1, MAX_DILATION, smallest, f"kernel cells are at most {MAX_DILATION} pixels apart")
    largest = max(1, largest)
    reach = (largest + 1) * (axis.kernel - 1) + 1
    return Range(1, largest, smallest, f"{kernel}{_at(largest + 1)} is {reach} {axis.adjective}, {axis.image_name}")


def _kernel_name(kernel_height: int, kernel_width: int, dilation: int) -> str:
    return f"a {kernel_height}×{kernel_width} kernel{_at(dilation)}"


def _at(dilation: int) -> str:
    return f" at dilation {dilation}" if dilation > 1 else ""
