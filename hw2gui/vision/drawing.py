"""From a drawing to what a network reads: 28×28, centred, scaled and thickened as the training data are, and normalised.

Every step can be left out, and every picture on the way is kept, for they are shown. Numpy alone, a few milliseconds in all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hw2gui.arrays import Pixels, Singles
from hw2gui.vision import ink as inks
from hw2gui.vision import pen
from hw2gui.vision.ink import NORMS, Norms
from hw2gui.vision.pen import Drawing

SIDE = 28
LEVEL = 255 / 256
"""Full ink as a network meets it: pixels of 0 to 255, divided by 256 as in the homework."""

_FINE = 3 * SIDE  # the raster strokes are thickened on: a third of a pixel at a time
_FAINTEST = 0.02  # a picture whose darkest pixel is fainter shows nothing
_LEFT_OVER = 0.3  # a pen leaves full ink; what is fainter is the fringe an eraser as wide as the pen leaves
_THICKEST = 4.0  # a drawing is enlarged until its strokes are so many times too thick, and no further: a dot stays a dot


@dataclass(frozen=True)
class Steps:
    """Which steps are taken."""

    centre: bool = True
    scale: bool = True
    thicken: bool = True
    normalise: bool = True


@dataclass(frozen=True, eq=False)
class Step:
    """One step: its name, whether it was taken, the picture after it (28, 28) float32, and what it did, in words."""

    name: str
    taken: bool
    picture: Singles
    note: str


@dataclass(frozen=True, eq=False)
class Prepared:
    """The steps in order ("drawn", "centred", "scaled", "thickened", "normalised"); the last picture is what the network reads."""

    steps: tuple[Step, ...]

    @property
    def picture(self) -> Singles:
        """(28, 28) float32, 0 to below 1."""
        return self.steps[-1].picture

    @property
    def pixels(self) -> Pixels:
        """The picture as a data set holds it: (28, 28) uint8, white on black."""
        return np.clip(np.rint(self.picture * 256), 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class _Place:
    """Where the ink goes: share u of the raster's side lands at share scale·u + right (down)."""

    scale: float = 1.0
    right: float = 0.0
    down: float = 0.0


def prepare(drawing: Drawing, norms: Norms = NORMS["kmnist"], steps: Steps = Steps()) -> Prepared | None:
    """Take a drawing through the steps; None for an empty pad."""
    return _prepare(_Source(pen.ink(drawing), drawing), norms, steps)


def prepare_pixels(pixels: Pixels, norms: Norms = NORMS["kmnist"], steps: Steps = Steps()) -> Prepared | None:
    """Take a picture (H, W) uint8, white ink on black, through the steps, set into a square first; None for a black one."""
    side = max(pixels.shape)
    square = np.zeros((side, side), dtype=np.float32)
    top, left = ((side - length) // 2 for length in pixels.shape)
    square[top : top + pixels.shape[0], left : left + pixels.shape[1]] = pixels / np.float32(255)
    return _prepare(_Source(square), norms, steps)


@dataclass(frozen=True, eq=False)
class _Source:
    """A square raster of ink, 0 to 1, and the drawing it shows if it is one: its strokes can be drawn again with another pen."""

    raster: Singles
    drawing: Drawing | None = None

    def thickness(self) -> float:
        """Of its strokes, as a share of its side. A pen's width is known; a picture's is measured."""
        if self.drawing is not None:
            return pen.mean_width(self.drawing)
        return float(inks.thickness(self.raster)) / len(self.raster)

    def with_brush(self, factor: float) -> Singles:
        """The raster (side, side), 0 to 1, with a pen *factor* times as wide, where there was a pen."""
        if self.drawing is None:
            return self.raster
        drawn = pen.ink(self.drawing, len(self.raster), factor)
        # A thinner pen's strokes may be erased altogether where the wider one's were not.
        return drawn if drawn.max(initial=0) > _LEFT_OVER else self.raster


def _prepare(source: _Source, norms: Norms, steps: Steps) -> Prepared | None:
    faintest = _FAINTEST if source.drawing is None else _LEFT_OVER
    return Prepared(tuple(_taken(source, norms, steps))) if source.raster.max(initial=0) > faintest else None


def _taken(source: _Source, norms: Norms, steps: Steps) -> Iterator[Step]:
    place, raster = _Place(), source.raster
    picture = inks.resample(raster, SIDE)
    yield Step("drawn", True, picture, "the strokes on 28×28 pixels")

    if steps.centre:
        moved = _centred(raster, norms, place)
        note = f"moved {_way((moved.right - place.right) * SIDE, 'right', 'left')}, {_way((moved.down - place.down) * SIDE, 'down', 'up')}"
        place, picture = moved, inks.resample(raster, SIDE, moved.scale, moved.right, moved.down)
        yield Step("centred", True, picture, f"{note}: the centre of its ink to that of the training images")
    else:
        yield Step("centred", False, picture, "left where it was drawn")

    if steps.scale:
        place = _scaled(source, norms, place, steps)
        picture = inks.resample(raster, SIDE, place.scale, place.right, place.down)
        yield Step("scaled", True, picture, f"× {place.scale:.2f}: its longer side to the {norms.extent:.1f} pixels of the training images")
    else:
        yield Step("scaled", False, picture, "left as large as it was drawn")

    if steps.thicken:
        before = float(inks.thickness(picture))
        raster = source.with_brush(norms.thickness / (SIDE * place.scale * source.thickness()))
        picture = inks.brought_to_thickness(inks.resample(raster, _FINE, place.scale, place.right, place.down), SIDE, norms.thickness)
        after = float(inks.thickness(picture))
        yield Step(
            "thickened", True, picture, f"strokes {before:.1f} to {after:.1f} pixels thick; training images have {norms.thickness:.1f}"
        )
    else:
        yield Step("thickened", False, picture, "strokes left as thick as they were drawn")

    if steps.normalise:
        picture = picture * np.float32(LEVEL / picture.max())
        yield Step("normalised", True, picture, "full ink to 255/256, as pixels of 0 to 255 divided by 256")
    else:
        yield Step("normalised", False, picture, "grey levels left as drawn")


def _way(pixels: float, ahead: str, back: str) -> str:
    return f"{abs(pixels):.1f} px {ahead if pixels >= 0 else back}"


def _centred(raster: Singles, norms: Norms, place: _Place) -> _Place:
    """Moved so that the centre of mass is the norms', as far as all ink stays inside."""
    side = len(raster)
    down, right = (float(value) / side for value in inks.centre_of_mass(raster))
    return _inside(raster, _Place(place.scale, norms.right / SIDE - right, norms.down / SIDE - down))


def _scaled(source: _Source, norms: Norms, place: _Place, steps: Steps) -> _Place:
    """Scaled about where its centre of mass is (or, centred, should be).

    The box is as large as the strokes' centre lines and one thickness: both scale, but a later step replaces the thickness.
    """
    raster, side = source.raster, len(source.raster)
    top, left, bottom, right = inks.box(raster)
    extent, drawn = max(bottom - top, right - left) * SIDE / side, source.thickness() * SIDE
    scale = (norms.extent - norms.thickness) / max(1e-3, extent - drawn) if steps.thicken else norms.extent / extent
    scale = min(scale, _THICKEST * norms.thickness / drawn)
    down, across = (float(value) / side for value in inks.centre_of_mass(raster))
    wanted = (norms.right / SIDE, norms.down / SIDE) if steps.centre else (across + place.right, down + place.down)
    return _inside(raster, _Place(scale, wanted[0] - scale * across, wanted[1] - scale * down))


def _inside(raster: Singles, place: _Place) -> _Place:
    """Moved just enough that no ink falls off the picture; about the middle where it is too large."""
    side = len(raster)
    top, left, bottom, right = (edge / side * place.scale for edge in inks.box(raster))
    return _Place(place.scale, _slid(left, right, place.right), _slid(top, bottom, place.down))


def _slid(start: float, stop: float, offset: float) -> float:
    if stop - start >= 1:
        return (1 - start - stop) / 2
    return min(max(offset, -start), 1 - stop)
