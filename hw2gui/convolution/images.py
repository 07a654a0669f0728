"""From what the user chose to the pixels of x: characters, pictures, patterns; grey levels / 256, as the homework scales them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from hw2gui.arrays import Floats, Pixels
from hw2gui.convolution import inputs
from hw2gui.convolution.state import CHARACTER_SIZE, ImageChoice
from hw2gui.datasets import kmnist, registry
from hw2gui.datasets.characters import Split, open_set
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.errors import InputError, UserError

LEVELS = 256.0


@dataclass(frozen=True)
class Loaded:
    """Pixels in float64, shape (H, W), and what to say about them."""

    pixels: Floats
    note: str = ""
    attribution: str = ""
    """The sentence that must stand wherever the pixels are shown or exported."""


def is_quick(choice: ImageChoice) -> bool:
    """Whether the pixels (or why there are none) can be had at once: no file is read for them, or none is left to read."""
    if choice.kind == "kmnist":
        return choice.split == "test" and (kmnist.is_read("test") or not registry.is_present(registry.find("kmnist")))
    return choice.kind != "picture"


def warm() -> None:
    """Read the test images of Kuzushiji-MNIST, where they are, once: they are kept. For a thread beside the window."""
    with suppress(UserError):
        kmnist.load("test")


def load(choice: ImageChoice, height: int, width: int) -> Loaded:
    """The pixels of *choice* at height × width.

    Raises :class:`hw2gui.errors.UserError` when a data set or a picture's copy is missing or damaged.
    """
    if choice.kind == "drawn":
        return Loaded(np.array(choice.pixels, dtype=np.float64))
    if choice.kind in ("strokes", "kmnist"):
        return _character(choice, height, width)
    if choice.kind == "picture":
        note = "<br>".join((f"<b>{escape(choice.picture_name)}</b>", *map(escape, choice.picture_steps)))
        return Loaded(_picture(choice.picture, height, width) / LEVELS, note)
    return Loaded(inputs.synthetic(choice.kind, height, width, seed=choice.seed) / LEVELS)


def _character(choice: ImageChoice, height: int, width: int) -> Loaded:
    characters = open_set(choice.kind)
    image = characters.image(choice.split, choice.index)
    name = CLASSES[characters.label(choice.split, choice.index)]
    note = f"<b>{name.kana} {name.romaji}</b>, {choice.split} image {choice.index}"
    if (height, width) != (CHARACTER_SIZE, CHARACTER_SIZE):
        image = _scaled(image, height, width)
        note += f", scaled from {CHARACTER_SIZE}×{CHARACTER_SIZE}"
    if characters.attribution:
        note += f"<br>{characters.attribution}"
    return Loaded(image / LEVELS, note, characters.attribution)


def _scaled(image: Pixels, height: int, width: int) -> Pixels:
    from PIL import Image

    return np.asarray(Image.fromarray(image).resize((width, height), Image.Resampling.LANCZOS))


@lru_cache(maxsize=4)
def _kept(digest: str) -> Pixels:
    from hw2gui.datasets.pictures import load_picture

    return load_picture(digest)


def _picture(digest: str, height: int, width: int) -> Pixels:
    image = _kept(digest)
    return image if image.shape == (height, width) else _scaled(image, height, width)


# -- asked of the worker ----------------------------------------------------------------------------------------------------------


def import_picture(path: str, kernel: tuple[int, int]) -> dict[str, Any]:
    """Read the picture at *path*, keep a copy of its grey levels (at most 1024 pixels a side) and say what was done.

    Answers digest, name, height, width and the steps as sentences. Raises :class:`InputError` for what is no picture, or one smaller
    than the *kernel*.
    """
    from hw2gui.datasets.pictures import read_picture, store_picture

    picture = read_picture(Path(path))
    height, width = picture.pixels.shape
    if height < kernel[0] or width < kernel[1]:
        raise InputError(f"{Path(path).name} is {height}×{width}, smaller than the {kernel[0]}×{kernel[1]} kernel: take a smaller kernel.")
    digest = store_picture(picture.pixels)
    return {"digest": digest, "name": Path(path).name, "height": int(height), "width": int(width), "steps": picture.steps}


def next_of_class(name: str, split: Split, index: int, wanted: int, step: int, stay: bool) -> int:
    """The number of the next image of class *wanted* from *index* on, forwards or backwards by *step*'s sign, around the end.

    With *stay*, the present image counts when it is of the class. InputError where the split has none.
    """
    characters = open_set(name)
    count = characters.count(split)
    at = index if stay else index + step
    for _ in range(count):
        at %= count
        if characters.label(split, at) == wanted:
            return at
        at += step
    raise InputError(f"The set has no image of class {wanted}: choose another class.")
