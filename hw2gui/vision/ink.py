"""Measures of inked pictures (box, centre of mass, stroke weight) and the changes a drawing needs: resampling and thickening.

Pictures are (H, W) or (…, H, W) with values from 0 (paper); ink need not reach 1. Lengths are in pixels,
positions run from the upper left edge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hw2gui.arrays import Floats, Pixels, Singles

THRESHOLD = 0.25
"""Share of a picture's brightest value above which a pixel counts as ink for its box."""


@dataclass(frozen=True)
class Norms:
    """What characters of a data set look like on the whole, in pixels of 28×28: what a drawing is brought to.

    ``extent``: the longer side of the ink's box; ``right``, ``down``: the centre of mass, from the upper left edge;
    ``thickness``: of the strokes.
    """

    extent: float
    right: float
    down: float
    thickness: float


NORMS = {
    "kmnist": Norms(extent=27.847, right=13.831, down=14.032, thickness=2.338),
    "strokes": Norms(extent=23.670, right=13.673, down=13.827, thickness=2.241),
}
"""Of the training images of each data set: what :func:`measure` answers for them."""


def mean_norms(*norms: Norms) -> Norms:
    """The middle of several, for a model trained on several sets in equal parts."""
    count = len(norms)
    return Norms(
        *(sum(getattr(one, name) for one in norms) / count for name in ("extent", "right", "down", "thickness")),
    )


DRAWN = mean_norms(*NORMS.values())
"""What the user's own drawings are brought to where they are training images: between the published and the built-in characters."""


def measure(images: Pixels) -> Norms:
    """The norms of *images* (N, 28, 28): means over the images; images without ink are left out."""
    inked = images[images.any(axis=(1, 2))].astype(np.float32)
    boxes = np.array([box(image) for image in inked])
    extents = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    down, right = centre_of_mass(inked)
    return Norms(*(float(np.mean(values)) for values in (extents, right, down, thickness(inked))))


def box(picture: Singles) -> tuple[int, int, int, int]:
    """Top, left, bottom, right edges of the ink in (H, W); of the whole picture when nothing is inked."""
    inked = picture > THRESHOLD * picture.max(initial=0)
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not len(rows):
        return 0, 0, picture.shape[0], picture.shape[1]
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def centre_of_mass(pictures: Singles) -> tuple[Floats, Floats]:
    """(down, right) from the upper left edge, of (…, H, W), each of shape (…). The middle of a picture without ink is nan."""
    height, width = pictures.shape[-2:]
    mass = pictures.sum(axis=(-2, -1), dtype=np.float64)
    with np.errstate(invalid="ignore"):
        down = (pictures.sum(axis=-1, dtype=np.float64) @ (np.arange(height) + 0.5)) / mass
        right = (pictures.sum(axis=-2, dtype=np.float64) @ (np.arange(width) + 0.5)) / mass
    return down, right


def thickness(pictures: Singles) -> Singles:
    """Mean stroke width of (…, H, W): twice the ink's area over its outline's length, as for a stroke that is long beside its width.

    The outline's length is the total variation (the sum of the gradient's lengths) over the brightest value's range, which needs no
    threshold. 0 for a picture without ink.
    """
    padded = np.pad(pictures, [(0, 0)] * (pictures.ndim - 2) + [(1, 1), (1, 1)])
    down, right = np.diff(padded, axis=-2)[..., :, :-1], np.diff(padded, axis=-1)[..., :-1, :]
    outline = np.sqrt(down * down + right * right).sum(axis=(-2, -1))
    widths: Singles = 2 * pictures.sum(axis=(-2, -1)) / np.maximum(outline, 1e-6)
    return widths


def resample(picture: Singles, side: int, scale: float = 1.0, right: float = 0.0, down: float = 0.0) -> Singles:
    """A square (n, n) picture drawn into (side, side): a point at share u of the width lands at share scale·u + right, likewise down.

    Each new pixel is the mean of the area it comes from; outside there is no ink.
    """
    rows = _weights(len(picture), side, scale, down)
    columns = _weights(len(picture), side, scale, right)
    resampled: Singles = np.asarray(rows @ picture @ columns.T, dtype=np.float32)
    return resampled


def _weights(old: int, new: int, scale: float, offset: float) -> Singles:
    """(new, old): the share of each old pixel in each new one along one axis."""
    edges = (np.arange(new + 1) / new - offset) / scale * old
    start, stop = edges[:-1], edges[1:]
    # Enlarged, a new pixel still spreads over one old pixel, which is linear interpolation instead of blocks.
    widen = max(0.0, 1.0 - old / (new * scale)) / 2
    start, stop = start - widen, stop + widen
    cells = np.arange(old)
    overlap = np.minimum(stop[:, None], cells + 1) - np.maximum(start[:, None], cells)
    weights: Singles = (np.maximum(overlap, 0) / (stop - start)[:, None]).astype(np.float32)
    return weights


def reduced(pictures: Singles, side: int) -> Singles:
    """Means over square blocks: (…, k·side, k·side) to (…, side, side)."""
    block = pictures.shape[-1] // side
    means: Singles = pictures.reshape(*pictures.shape[:-2], side, block, side, block).mean(axis=(-3, -1))
    return means


def wider(pictures: Singles, square: bool = True) -> Singles:
    """Ink grown by one pixel on every side: a 3×3 maximum, or that of the pixel and its four neighbours."""
    return _neighbourhood(pictures, square, np.maximum, "constant")


def thinner(pictures: Singles, square: bool = True) -> Singles:
    """Ink shrunk by one pixel on every side; the picture's own edge takes nothing away."""
    return _neighbourhood(pictures, square, np.minimum, "edge")


def _neighbourhood(pictures: Singles, square: bool, choose: np.ufunc, beyond: str) -> Singles:
    margins = [(0, 0)] * (pictures.ndim - 2) + [(1, 1), (1, 1)]
    padded = np.pad(pictures, margins) if beyond == "constant" else np.pad(pictures, margins, mode="edge")
    rows = choose(choose(padded[..., :-2, :], padded[..., 2:, :]), padded[..., 1:-1, :])
    aside = rows if square else padded[..., 1:-1, :]
    beside = choose(aside[..., :-2], aside[..., 2:])
    chosen: Singles = choose(rows[..., 1:-1], beside)
    return chosen


def brought_to_thickness(picture: Singles, side: int, wanted: float) -> Singles:
    """A picture (k·side, k·side) as (side, side) with strokes *wanted* pixels thick, of the smaller picture.

    Ink is grown or shrunk by one pixel of the larger picture at a time, squares and crosses in turn (together nearly a disc), until the
    thickness passes *wanted*; then the two last pictures are blended. It ends early where strokes begin to vanish or to merge: when
    what there is of their length, area over thickness, falls by a tenth.
    """
    now = reduced(picture, side)
    measured = float(thickness(now))
    change = wider if measured < wanted else thinner
    for step in range(len(picture) // 4):
        picture = change(picture, square=step % 2 == 1)
        after = reduced(picture, side)
        measured_after = float(thickness(after))
        if after.sum() * measured < 0.9 * now.sum() * measured_after or measured_after == measured:
            break
        if (measured_after - wanted) * (measured - wanted) <= 0:
            share = (wanted - measured) / (measured_after - measured)
            return now + np.float32(share) * (after - now)
        now, measured = after, measured_after
    return now
