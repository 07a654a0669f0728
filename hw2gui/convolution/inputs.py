"""Images made on the spot, and images and sizes as typed text."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from hw2gui.arrays import Floats, Pixels
from hw2gui.convolution.kernels import parse_cells
from hw2gui.convolution.sizes import MAX_IMAGE
from hw2gui.errors import InputError, shortened

_SIZE = re.compile(r"\s*(\d{1,99})\s*[xX×]\s*(\d{1,99})\s*", re.ASCII)


def synthetic(name: str, height: int, width: int, seed: int = 0) -> Pixels:
    """Grey levels 0 to 255 (height × width) of the image called *name* in ``SYNTHETIC``; *seed* matters to "random" only.

    InputError for another name, and for sizes out of range.
    """
    if name not in SYNTHETIC:
        raise InputError(f"There is no image called {name!r}; take {', '.join(SYNTHETIC)}.")
    check_size(height, width)
    return random_image(height, width, seed) if name == "random" else SYNTHETIC[name](height, width)


def impulse(height: int, width: int) -> Pixels:
    """One white pixel in the centre, the first of two: the convolution shows the kernel itself, rotated by 180° or not."""
    image = np.zeros((height, width), np.uint8)
    image[(height - 1) // 2, (width - 1) // 2] = 255
    return image


def gradient(height: int, width: int) -> Pixels:
    """Black in the upper left to white in the lower right, evenly along both directions."""
    steps = np.arange(height)[:, None] + np.arange(width)[None, :]
    return np.round(steps * (255.0 / max(1, height + width - 2))).astype(np.uint8)


def checkerboard(height: int, width: int) -> Pixels:
    """Black and white squares, about eight along the shorter side, black in the upper left."""
    square = max(1, min(height, width) // 8)
    squares = np.arange(height)[:, None] // square + np.arange(width)[None, :] // square
    return ((squares % 2) * 255).astype(np.uint8)


def random_image(height: int, width: int, seed: int = 0) -> Pixels:
    """Independent grey levels, all equally likely."""
    return np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)


SYNTHETIC: dict[str, Callable[[int, int], Pixels]] = {
    "impulse": impulse,
    "gradient": gradient,
    "checkerboard": checkerboard,
    "random": random_image,
}
"""Every image made on the spot by name, in the order they are offered."""


def parse_image(text: str) -> Floats:
    """The image written as "1,2;3,4", any numbers: rows apart by semicolons or line ends, pixels by commas or blanks."""
    return parse_cells(text, "image", MAX_IMAGE)


def is_size(text: str) -> bool:
    """Whether *text* is meant as a size such as 4x6, possible or not."""
    return _SIZE.fullmatch(text) is not None


def parse_size(text: str) -> tuple[int, int]:
    """(height, width) of an image's size written as 4x6; an InputError for anything else or a side outside 1 to ``MAX_IMAGE``."""
    height, width = parse_sides(text)
    check_size(height, width)
    return height, width


def parse_sides(text: str) -> tuple[int, int]:
    """(height, width) written as 4x6, of whatever it is; an InputError for anything else."""
    found = _SIZE.fullmatch(text)
    if not found:
        raise InputError(f"'{shortened(text)}' is no size; write height x width, such as 4x6.")
    return int(found[1]), int(found[2])


def check_size(height: int, width: int) -> None:
    """Raise InputError unless an image may have this size."""
    if not (1 <= height <= MAX_IMAGE and 1 <= width <= MAX_IMAGE):
        raise InputError(f"An image of {height}×{width} is not possible; both sides are 1 to {MAX_IMAGE}.")
