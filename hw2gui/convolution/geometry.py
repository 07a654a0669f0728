"""Sizes and indices of one convolution: what fits, how large z is, which row and column of M is which cell.

All indices here are 0-based. α, β are the row and column of an output cell, γ, δ of a pixel; row i of M is
output cell (α, β), column j of M is pixel (γ, δ), counted row by row or column by column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypeVar

from numpy.typing import NDArray

from hw2gui.arrays import Ints
from hw2gui.convolution.sizes import (
    MAX_DILATION,
    MAX_IMAGE,
    MAX_KERNEL,
    MAX_STRIDE,
    NO_PADDING,
    Padding,
    check_range,
    kernel_name,
)
from hw2gui.errors import InputError

Order: TypeAlias = Literal["row", "column"]
Index = TypeVar("Index", int, Ints)


@dataclass(frozen=True)
class Geometry:
    """One convolution's sizes: z = w ∗ x for an image of height × width pixels.

    ``flipped`` rotates the kernel by 180° (true convolution; otherwise cross-correlation, as in the homework and in
    torch). ``order`` says how vec() reads the image and z, row by row or column by column. Every setting that is
    no convolution is refused with an InputError.
    """

    height: int
    width: int
    kernel_height: int
    kernel_width: int
    stride: int = 1
    padding: Padding = NO_PADDING
    dilation: int = 1
    flipped: bool = False
    order: Order = "row"

    def __post_init__(self) -> None:
        check_range("image height", self.height, 1, MAX_IMAGE)
        check_range("image width", self.width, 1, MAX_IMAGE)
        check_range("kernel height", self.kernel_height, 1, MAX_KERNEL)
        check_range("kernel width", self.kernel_width, 1, MAX_KERNEL)
        check_range("stride", self.stride, 1, MAX_STRIDE)
        check_range("dilation", self.dilation, 1, MAX_DILATION)
        if self.order not in ("row", "column"):
            raise InputError(f"The order of vec is 'row' or 'column', not {self.order!r}.")
        if self.reach > self.padded_height or self.reach_width > self.padded_width:
            raise InputError(self._misfit())

    def _misfit(self) -> str:
        kernel = kernel_name(self.kernel_height, self.kernel_width, self.dilation).capitalize()
        spans = f" spans {self.reach}×{self.reach_width} pixels and" if self.dilation > 1 else ""
        image = f"{self.padded_height}×{self.padded_width} {'image' if self.padding.is_none else 'padded image'}"
        mends = f"a smaller kernel{' or dilation' if self.dilation > 1 else ''}, a larger image or more padding"
        return f"{kernel}{spans} does not fit into the {image}; take {mends}."

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
