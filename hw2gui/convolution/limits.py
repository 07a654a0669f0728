"""How far each control may move while the others stay, and in plain words why it stops there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hw2gui.convolution.sizes import MAX_CHOSEN_PADDING, MAX_DILATION, MAX_IMAGE, MAX_KERNEL, NO_PADDING, Padding, at_dilation, kernel_name


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
    padding: Padding | Literal["same"] = NO_PADDING,
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
    kernel = kernel_name(kernel_height, kernel_width, dilation)
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
        return Range(smallest, MAX_IMAGE, f"the kernel{at_dilation(self.dilation)} is {self.reach} {self.adjective}{zeros}", largest)

    def kernel_range(self) -> Range:
        smallest = "a kernel has at least one cell"
        largest = (self.padded - 1) // self.dilation + 1
        if self.same or largest >= MAX_KERNEL:
            return Range(1, MAX_KERNEL, smallest, f"kernels are at most {MAX_KERNEL} {self.adjective}")
        if self.dilation == 1:
            return Range(1, largest, smallest, self.image_name)
        reason = f"{largest + 1} cells{at_dilation(self.dilation)} reach {self.dilation * largest + 1} pixels, {self.image_name}"
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
    largest, axis = min(bounds, key=lambda bound: (bound[0], bound[1].padded), default=(MAX_DILATION, vertical))
    if largest >= MAX_DILATION:
        return Range(1, MAX_DILATION, smallest, f"kernel cells are at most {MAX_DILATION} pixels apart")
    largest = max(1, largest)
    reach = (largest + 1) * (axis.kernel - 1) + 1
    return Range(1, largest, smallest, f"{kernel}{at_dilation(largest + 1)} is {reach} {axis.adjective}, {axis.image_name}")
