"""Kuzushiji-MNIST: ten hiragana of historical books, 60,000 + 10,000 images of 28×28 pixels, and the homework's split of them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hw2gui.arrays import Pixels, Singles
from hw2gui.datasets import registry
from hw2gui.datasets.idx import read_idx
from hw2gui.errors import UnavailableError

Part = Literal["train", "test"]

SIDE = 28
VALIDATION_COUNT = 10_000
"""Training images the homework sets aside for validation."""


class CharacterClass(NamedTuple):
    """One of the ten classes; *romaji* is readable without a Japanese font."""

    romaji: str
    kana: str


CLASSES = tuple(
    CharacterClass(romaji, kana)
    for romaji, kana in zip(("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"), "おきすつなはまやれを", strict=True)
)
"""In label order."""

_FILE_PREFIX = {"train": "train", "test": "t10k"}


_read_here: set[Part] = set()


def images(part: Part) -> Pixels:
    """The images (N, 28, 28) as published, white ink on black, read-only. UnavailableError when missing or damaged."""
    return _open(part)[0]


def labels(part: Part) -> Pixels:
    """The labels (N,) as published, 0 to 9, read-only. UnavailableError when missing or damaged."""
    return _read_labels(*_version(_path(part, "labels-idx1")))


def load(part: Part) -> tuple[Pixels, Pixels]:
    """Images (N, 28, 28) and labels (N,), read-only. UnavailableError when missing or damaged."""
    return _open(part)


def is_read(part: Part) -> bool:
    """Whether the images and labels of *part* have been read in this process, so that they are to be had at once."""
    return part in _read_here


def split(seed: int = 42) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Indices into the 60,000 training images: (50,000 to train on, 10,000 to validate on), in the homework's order.

    With seed 42 the same as scikit-learn's ``train_test_split(test_size=10000, random_state=42)``, which takes the first of a permutation.
    """
    order = np.random.RandomState(seed).permutation(60_000).astype(np.intp)
    return order[VALIDATION_COUNT:], order[:VALIDATION_COUNT]


def as_input(pixels: Pixels) -> Singles:
    """Images (…, H, W) uint8 as a network takes them: (…, 1, H, W) float32, divided by 256 as in the homework."""
    return pixels.astype(np.float32)[..., None, :, :] / np.float32(256)


def _open(part: Part) -> tuple[Pixels, Pixels]:
    pixels = _read_images(*_version(_path(part, "images-idx3")))
    classes = labels(part)
    if len(pixels) != len(classes):
        raise UnavailableError(f"Kuzushiji-MNIST has {len(pixels):,} images but {len(classes):,} labels: fetch it again")
    _read_here.add(part)
    return pixels, classes


def _path(part: Part, what: str) -> Path:
    return registry.require(registry.find("kmnist"), f"{_FILE_PREFIX[part]}-{what}-ubyte.gz")


def _version(path: Path) -> tuple[Path, int]:
    return path, path.stat().st_mtime_ns


@lru_cache(maxsize=2)
def _read_images(path: Path, _changed: int) -> Pixels:
    pixels = read_idx(path, 3)
    if pixels.shape[1:] != (SIDE, SIDE):
        raise UnavailableError(f"{path} holds images of {pixels.shape[1]}×{pixels.shape[2]} pixels instead of 28×28: fetch it again")
    return pixels


@lru_cache(maxsize=2)
def _read_labels(path: Path, _changed: int) -> Pixels:
    classes = read_idx(path, 1)
    if classes.max() >= len(CLASSES):
        raise UnavailableError(f"{path} holds the label {classes.max()}, beyond the ten classes: fetch it again")
    return classes
