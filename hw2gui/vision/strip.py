"""A character moved, turned, scaled and thickened by given amounts: for the strip under a drawing, and for curves over test sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hw2gui.arrays import Singles
from hw2gui.errors import InputError
from hw2gui.vision.ink import reduced, thinner, wider

Change = Literal["right", "down", "rotation", "scale", "thickness"]

AMOUNTS: dict[Change, tuple[float, ...]] = {
    "right": tuple(float(value) for value in range(-8, 9, 2)),
    "down": tuple(float(value) for value in range(-8, 9, 2)),
    "rotation": tuple(float(value) for value in range(-60, 61, 15)),
    "scale": (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5),
    "thickness": (-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0),
}
"""The amounts shown: pixels to the right and down, degrees clockwise, factors, pixels of stroke width."""

UNITS: dict[Change, str] = {
    "right": "pixels right",
    "down": "pixels down",
    "rotation": "degrees clockwise",
    "scale": "×",
    "thickness": "pixels thicker",
}


def amount_text(change: Change, amount: float) -> str:
    """How much a drawing is changed, with its sign and a short unit."""
    if change == "scale":
        return f"×{amount:g}"
    return f"{f'{amount:+g}' if amount else '0'}{'°' if change == 'rotation' else ' px'}".replace("-", "−")


_PARTS = 3  # parts of a pixel's side for thickening


@dataclass(frozen=True)
class Transform:
    """What is done to a picture, about its middle: thickening first, then scale, rotation and shift. The default does nothing."""

    right: float = 0.0
    down: float = 0.0
    rotation: float = 0.0
    scale: float = 1.0
    thickness: float = 0.0

    def __post_init__(self) -> None:
        if not (0.05 <= self.scale <= 20 and abs(self.right) <= 100 and abs(self.down) <= 100 and abs(self.thickness) <= 20):
            raise InputError("a character can be moved by up to 100 pixels, scaled by 0.05 to 20, and thickened by up to 20 pixels")

    @staticmethod
    def single(change: Change, amount: float) -> Transform:
        """One change alone."""
        return Transform(**{change: amount})


def strip(picture: Singles, change: Change, amounts: tuple[float, ...] | None = None) -> Singles:
    """One picture (H, W) changed by each of *amounts* (those of :data:`AMOUNTS`): (len(amounts), H, W)."""
    chosen = AMOUNTS[change] if amounts is None else amounts
    return np.stack([transformed(picture[None], Transform.single(change, amount))[0] for amount in chosen])


def transformed(pictures: Singles, by: Transform) -> Singles:
    """Pictures (N, H, W) all changed alike; bilinear between pixels, no ink beyond the edge."""
    thick = _thickened(pictures, by.thickness)
    if by.right == by.down == by.rotation == 0 and by.scale == 1:
        return thick
    rows, columns, weights = _sources(by, *pictures.shape[-2:])
    padded = np.pad(thick, ((0, 0), (1, 1), (1, 1))).reshape(len(thick), -1)
    wide = pictures.shape[-1] + 2
    result = np.zeros_like(thick)
    for down in (0, 1):
        for right in (0, 1):
            result += padded[:, (rows + down) * wide + columns + right] * weights[down, right]
    return result


def _thickened(pictures: Singles, change: float) -> Singles:
    """Strokes *change* pixels wider, a third of a pixel on either side at a time, with a blend for what is left."""
    if change == 0:
        return pictures
    grow = wider if change > 0 else thinner
    fine = pictures.repeat(_PARTS, axis=-2).repeat(_PARTS, axis=-1)
    left, square = abs(change) * _PARTS / 2, False
    while left > 0:
        fine = fine + np.float32(min(1.0, left)) * (grow(fine, square) - fine)
        left, square = left - 1, not square
    return reduced(fine, pictures.shape[-1])


def _sources(by: Transform, height: int, width: int) -> tuple[NDArray[np.intp], NDArray[np.intp], Singles]:
    """Rows and columns (in the picture with a border of one) of the upper left of each pixel's four sources; their weights (2, 2, H, W)."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    x, y = x - (width - 1) / 2 - by.right, y - (height - 1) / 2 - by.down
    cos, sin = np.cos(np.radians(by.rotation)) / by.scale, np.sin(np.radians(by.rotation)) / by.scale
    # Turned back: with y down, a positive angle turns clockwise.
    column = np.clip(cos * x + sin * y + (width - 1) / 2, -1, width)
    row = np.clip(cos * y - sin * x + (height - 1) / 2, -1, height)
    left, top = np.minimum(np.floor(column), width - 1), np.minimum(np.floor(row), height - 1)
    right, down = column - left, row - top
    weights = np.stack([np.stack([(1 - down) * (1 - right), (1 - down) * right]), np.stack([down * (1 - right), down * right])])
    return top.astype(np.intp) + 1, left.astype(np.intp) + 1, weights.astype(np.float32)
