"""How large everything may be, and the padding around an image."""

from __future__ import annotations

from dataclasses import dataclass

from hw2gui.errors import InputError

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


def by(shape: tuple[int, ...]) -> str:
    """A shape as 3×4 or 1020×1020; sides of five digits and more are grouped: 1,040,400×1,048,576."""
    return "×".join(f"{side:,}" if side >= 10_000 else str(side) for side in shape)


def check_range(name: str, value: int, smallest: int, largest: int) -> None:
    """Raise InputError unless *value* is a whole number from *smallest* to *largest*."""
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
            check_range(f"padding at the {side}", getattr(self, side), 0, MAX_PADDING)

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
        check_range("kernel height", kernel_height, 1, MAX_KERNEL)
        check_range("kernel width", kernel_width, 1, MAX_KERNEL)
        check_range("dilation", dilation, 1, MAX_DILATION)
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


NO_PADDING = Padding()


def kernel_name(kernel_height: int, kernel_width: int, dilation: int) -> str:
    """Such as "a 5×5 kernel at dilation 3"."""
    return f"a {kernel_height}×{kernel_width} kernel{at_dilation(dilation)}"


def at_dilation(dilation: int) -> str:
    """Such as " at dilation 3"; nothing for 1."""
    return f" at dilation {dilation}" if dilation > 1 else ""
