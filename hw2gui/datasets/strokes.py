"""The built-in character set: ten hiragana drawn by the program, any number of them, needing no file and no network.

An image is a pure function of (seed, index): its random numbers are block *index* of the Philox stream keyed by *seed*, so it does not
matter in which order or in how many pieces a set is asked for. The centre lines of :mod:`hw2gui.datasets.glyphs` are bent, turned,
slanted and jittered stroke by stroke, fitted into the square, and inked with a pen whose width varies along the stroke.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hw2gui.arrays import Floats, Pixels, Singles
from hw2gui.datasets.glyphs import GLYPHS, centre_line
from hw2gui.errors import InputError

SIDE = 28
"""Height and width of an image in pixels, as in Kuzushiji-MNIST."""

MAX_SIDE = 512
"""Largest side :func:`draw` answers."""

CLASS_COUNT = len(GLYPHS)

SPLITS = {"train": (20_801, 50_000), "validation": (20_802, 10_000), "test": (20_803, 10_000)}
"""Seed and number of images of each split. Different seeds are different random streams."""

_MAX_STROKES = max(len(strokes) for strokes in GLYPHS)
_GLOBAL, _WAVES, _PER_WAVE, _PER_STROKE = 9, 3, 5, 8
_WORDS = _GLOBAL + _WAVES * _PER_WAVE + _MAX_STROKES * _PER_STROKE  # 64-bit random words of one image
_BLOCKS = -(-_WORDS // 4)  # Philox gives four words a block
_CHUNK = 256  # images whose lines are bent together; their pictures are inked one by one, which stays in the CPU's cache
_MAX_CELLS = 1 << 20  # pixels times pieces inked at once
_PEN_UP = np.float32(-1e6)


class _Lines(NamedTuple):
    """What the pen does, for n images: points and pen radius in pixels, and the look of the ink."""

    points: Singles  # (n, points, 2): x, y
    radius: Singles  # (n, points - 1), of the piece from each point to the next; hugely negative where the pen is up
    softness: Singles  # (n,): width in pixels of the edge from ink to paper
    ink: Singles  # (n,): grey level of full ink


def labels(count: int, seed: int, start: int = 0) -> Pixels:
    """Labels (count,) of the images from number *start* on. Each ten, counted from image 0, are the ten classes shuffled."""
    _check(count, seed, start)
    first, last = start // CLASS_COUNT, -(-(start + count) // CLASS_COUNT)
    words = _words(last - first, 3, first, seed, stream=1)[:, :CLASS_COUNT]
    shuffled = np.argsort(words, axis=1, kind="stable").astype(np.uint8).reshape(-1)
    found: Pixels = shuffled[start - first * CLASS_COUNT :][:count]
    return found


def generate(count: int, seed: int, start: int = 0) -> tuple[Pixels, Pixels]:
    """Images (count, 28, 28) and labels (count,), both uint8, of the set of *seed* from number *start* on.

    Images are white on black, anti-aliased. InputError for a negative number or a seed beyond 64 bits.
    """
    classes = labels(count, seed, start)
    images = np.empty((count, SIDE, SIDE), dtype=np.uint8)
    for at in range(0, count, _CHUNK):
        part = classes[at : at + _CHUNK]
        _ink(_lines(part, _words(len(part), _BLOCKS, start + at, seed), SIDE, 1.0), images[at : at + _CHUNK])
    return images, classes


def draw(label: int, seed: int = 0, index: int = 0, *, side: int = SIDE, variation: float = 1.0) -> Pixels:
    """One character as (side, side) uint8, white on black, written the way image *index* of *seed* is.

    *variation* scales everything that differs from image to image: 0 draws the clean model, 1 is what :func:`generate` uses.
    """
    _check(1, seed, index)
    if not (0 <= label < CLASS_COUNT and 8 <= side <= MAX_SIDE and 0.0 <= variation <= 2.0):
        raise InputError(
            f"a drawn character needs a label from 0 to {CLASS_COUNT - 1}, a side from 8 to {MAX_SIDE} and a variation from 0 to 2"
        )
    image = np.empty((side, side), dtype=np.uint8)
    _ink(_lines(np.array([label], dtype=np.uint8), _words(1, _BLOCKS, index, seed), side, variation), image[None])
    return image


def _check(count: int, seed: int, start: int) -> None:
    if count < 0 or start < 0 or not 0 <= seed < 2**64:
        raise InputError("the number of images, the first of them and the seed must be whole numbers from 0 (the seed below 2⁶⁴)")


def _words(count: int, blocks: int, start: int, seed: int, stream: int = 0) -> NDArray[np.uint64]:
    """Random words (count, 4 * blocks) of the items from *start* on. Bit generators are fixed for good, unlike numpy's distributions."""
    raw = np.random.Philox(key=seed | stream << 64, counter=start * blocks).random_raw(count * blocks * 4)
    words: NDArray[np.uint64] = np.asarray(raw, dtype=np.uint64).reshape(count, blocks * 4)
    return words


def _lines(classes: Pixels, words: NDArray[np.uint64], side: int, variation: float) -> _Lines:
    """Bend the centre lines of *classes* (n,) by their random *words*, and fit them into a square of *side* pixels."""
    scale = side / SIDE
    xy, stroke, along = (np.stack(of_all)[classes] for of_all in zip(*_centre_lines(max(64, side)), strict=True))
    half = np.float64(2.0**-32)
    uniform = (words >> np.uint64(32)) * half  # 0 to 1
    bell = (uniform + (words & np.uint64(0xFFFFFFFF)) * half - 1.0) * variation  # triangular, -1 to 1
    waves, rest = slice(_GLOBAL, _GLOBAL + _WAVES * _PER_WAVE), slice(_GLOBAL + _WAVES * _PER_WAVE, _WORDS)
    angle, slant, stretch, size, right, down, thickness, edge, ink = bell[:, :_GLOBAL].T
    per_stroke = np.take_along_axis(bell[:, rest].reshape(-1, _MAX_STROKES, _PER_STROKE), stroke[:, :, None], axis=1)

    points = _bend(_jitter(xy - 0.5, stroke, per_stroke[..., :4]), uniform[:, waves], bell[:, waves])
    points = _turn(points, angle=0.30 * angle, slant=0.35 * slant, stretch=0.30 * stretch)
    radius = (1.15 + 0.45 * thickness) * scale
    points = _fit(points, side, room=0.5 * scale + 1.25 * radius, size=0.88 + 0.12 * size, shift=np.column_stack([right, down]))
    width = radius[:, None] * _pressure(along, per_stroke[..., 4:])
    pieces = np.where(stroke[:, 1:] == stroke[:, :-1], 0.5 * (width[:, 1:] + width[:, :-1]), _PEN_UP)
    softness = (1.35 + 0.4 * edge) * scale**0.5
    level = np.minimum(255.0 * (0.97 + 0.12 * ink), 255.0)
    return _Lines(points.astype(np.float32), pieces.astype(np.float32), softness.astype(np.float32), level.astype(np.float32))


def _centre_lines(points: int) -> list[tuple[Floats, NDArray[np.intp], Floats]]:
    return [centre_line(label, points) for label in range(CLASS_COUNT)]


def _pressure(along: Floats, by: Floats) -> Floats:
    """How wide the pen is at each point (n, points), 1 on the whole: it lands and lifts gently, and swells or thins between."""
    start, end, phase, swing = (by[..., k] for k in range(4))
    landing = 1.0 - (0.25 + 0.25 * start) * np.clip(1.0 - along / 0.2, 0.0, 1.0)
    lifting = 1.0 - (0.45 + 0.45 * end) * np.clip((along - 0.65) / 0.35, 0.0, 1.0) ** 2
    width: Floats = landing * lifting * (1.0 + 0.25 * swing * np.sin(np.pi * (along * 2.0 + phase)))
    return width


def _jitter(xy: Floats, stroke: NDArray[np.intp], by: Floats) -> Floats:
    """Move, turn and stretch every stroke a little about the middle of its own box. (n, points, 2)."""
    middle = np.zeros_like(xy)
    for k in range(_MAX_STROKES):
        own = (stroke == k)[:, :, None]
        low, high = np.where(own, xy, np.inf).min(axis=1, keepdims=True), np.where(own, xy, -np.inf).max(axis=1, keepdims=True)
        with np.errstate(invalid="ignore"):
            middle = np.where(own, 0.5 * (low + high), middle)
    offset, turn, scale = xy - middle, 0.14 * by[..., 2], 1.0 + 0.12 * by[..., 3]
    x, y = offset[..., 0], offset[..., 1]
    turned = np.stack([x - turn * y, y + turn * x], axis=-1)  # the angle is small: no cosine
    return middle + turned * scale[..., None] + 0.038 * by[..., :2]


def _bend(xy: Floats, uniform: Floats, bell: Floats) -> Floats:
    """Displace the plane by three sine waves of random direction: two long (the character bows), one short (the hand trembles)."""
    bent = xy.copy()
    for k, (cycles, size) in enumerate(((0.7, 0.082), (1.3, 0.05), (3.5, 0.016))):
        direction, phase = (2 * np.pi * uniform[:, None, _PER_WAVE * k + j] for j in (0, 1))
        cycle = cycles * (0.7 + 0.6 * uniform[:, None, _PER_WAVE * k + 2])
        wave = np.sin(2 * np.pi * cycle * (xy[..., 0] * np.cos(direction) + xy[..., 1] * np.sin(direction)) + phase)
        bent += size * wave[..., None] * bell[:, None, _PER_WAVE * k + 3 : _PER_WAVE * k + 5]
    return bent


def _turn(xy: Floats, angle: Floats, slant: Floats, stretch: Floats) -> Floats:
    """Stretch the width against the height, slant (a positive slant leans to the right) and turn (angle in radians)."""
    x, y = xy[..., 0] * (1.0 + stretch[:, None]) - slant[:, None] * xy[..., 1], xy[..., 1]
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    return np.stack([cos * x - sin * y, sin * x + cos * y], axis=-1)


def _fit(xy: Floats, side: int, room: Floats, size: Floats, shift: Floats) -> Floats:
    """Scale each character so that its longer side takes *size* of the square less *room* (pixels) all round; place it in what is left."""
    low, high = xy.min(axis=1), xy.max(axis=1)
    extent = high - low
    free = side - 2 * room
    scale = free * np.clip(size, 0.5, 1.0) / extent.max(axis=1)
    slack = free[:, None] - extent * scale[:, None]
    place = 0.5 + 0.5 * np.clip(shift, -1.0, 1.0)
    corner = room[:, None] + slack * place
    placed: Floats = (xy - low[:, None]) * scale[:, None, None] + corner[:, None]
    return placed


def _ink(lines: _Lines, images: Pixels) -> None:
    """Fill *images* (n, side, side): grey follows the signed distance of each pixel's centre to the nearest edge of the strokes."""
    centres = np.arange(images.shape[-1], dtype=np.float32) + np.float32(0.5)
    at_once = max(1, _MAX_CELLS // images[0].size) if len(images) else 1
    for k in range(len(images)):
        drawn = lines.radius[k] > _PEN_UP
        start, step, radius = lines.points[k, :-1][drawn], np.diff(lines.points[k], axis=0)[drawn], lines.radius[k][drawn]
        depth = _depth(start[:at_once], step[:at_once], radius[:at_once], centres)
        for at in range(at_once, len(radius), at_once):
            part = slice(at, at + at_once)
            np.maximum(depth, _depth(start[part], step[part], radius[part], centres), out=depth)
        images[k] = np.rint(lines.ink[k] * np.clip(depth / lines.softness[k] + np.float32(0.5), 0, 1)).astype(np.uint8)


def _depth(start: Singles, step: Singles, radius: Singles, centres: Singles) -> Singles:
    """How deep each pixel's centre lies inside the union of round-ended pieces, in pixels (negative: outside). (side, side).

    With u the distance of the pixel p along the piece from its start a, and c that of the nearest point of the piece,
    distance² = |p − a|² − 2uc + c²: everything but c is a sum of a term of x and one of y.
    """
    length = np.maximum(np.hypot(step[:, 0], step[:, 1]), np.float32(1e-6))[:, None]
    x, y = centres - start[:, :1], centres - start[:, 1:]
    along = (y * (step[:, 1:] / length))[:, :, None] + (x * (step[:, :1] / length))[:, None, :]
    nearest = np.minimum(np.maximum(along, 0), length[:, :, None])
    along *= -2
    along += nearest
    along *= nearest
    along += (y * y)[:, :, None] + (x * x)[:, None, :]
    np.sqrt(np.maximum(along, 0, out=along), out=along)
    np.subtract(radius[:, None, None], along, out=along)
    depth: Singles = along.max(axis=0)
    return depth
