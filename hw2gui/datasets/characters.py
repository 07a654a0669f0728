"""One way to browse any set of characters: by split and index, or by class."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from hw2gui.arrays import Pixels
from hw2gui.datasets import kmnist, registry, strokes
from hw2gui.errors import InputError, shortened

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test")


class CharacterSet(Protocol):
    """Images of 28×28 with labels 0 to 9, in three splits. UnavailableError where files are needed and are missing or damaged."""

    @property
    def name(self) -> str:
        """Its name in the registry."""
        ...

    @property
    def title(self) -> str:
        """Its name for people."""
        ...

    @property
    def attribution(self) -> str:
        """The sentence to show where its images are shown or exported."""
        ...

    def count(self, split: Split) -> int:
        """Number of images in *split*."""
        ...

    def labels(self, split: Split) -> Pixels:
        """All labels of *split*, (count,)."""
        ...

    def label(self, split: Split, index: int) -> int:
        """The label of image *index*; InputError for an index outside the split."""
        ...

    def image(self, split: Split, index: int) -> Pixels:
        """Image *index* as (28, 28) uint8, white on black; InputError for an index outside the split."""
        ...


class _Registered:
    """What every set takes from its entry in the registry, and its labels one by one."""

    def __init__(self, name: str) -> None:
        self._entry = registry.find(name)

    @property
    def name(self) -> str:
        return self._entry.name

    @property
    def title(self) -> str:
        return self._entry.title

    @property
    def attribution(self) -> str:
        return self._entry.attribution


class KmnistSet(_Registered):
    """Kuzushiji-MNIST in the homework's split: 50,000 to train on, 10,000 to validate on, the 10,000 official test images."""

    def __init__(self) -> None:
        super().__init__("kmnist")

    def count(self, split: Split) -> int:
        """Number of images in *split*."""
        return len(self.labels(split))

    def labels(self, split: Split) -> Pixels:
        """All labels of *split*, 0 to 9 (count,), in the order of the split."""
        rows = _rows(split)
        published = kmnist.labels(_part(split))
        return published if rows is None else published[rows]

    def label(self, split: Split, index: int) -> int:
        """The label of image *index*."""
        return int(kmnist.labels(_part(split))[self._row(split, index)])

    def image(self, split: Split, index: int) -> Pixels:
        """Image *index* of *split*, (28, 28)."""
        pixels: Pixels = kmnist.images(_part(split))[self._row(split, index)]
        return pixels

    def _row(self, split: Split, index: int) -> int:
        _check_index(self, split, index)
        rows = _rows(split)
        return index if rows is None else int(rows[index])


class StrokesSet(_Registered):
    """The built-in characters; an image is drawn when it is asked for."""

    def __init__(self) -> None:
        super().__init__("strokes")

    def count(self, split: Split) -> int:
        """Number of images in *split*."""
        return strokes.SPLITS[split][1]

    def labels(self, split: Split) -> Pixels:
        """All labels of *split*, 0 to 9 (count,)."""
        return _stroke_labels(split)

    def label(self, split: Split, index: int) -> int:
        """The label of image *index*."""
        _check_index(self, split, index)
        return int(_stroke_labels(split)[index])

    def image(self, split: Split, index: int) -> Pixels:
        """Image *index* of *split*, (28, 28)."""
        return strokes.draw(self.label(split, index), strokes.SPLITS[split][0], index)


def open_set(name: str) -> CharacterSet:
    """The character set called *name* ("kmnist" or "strokes"); InputError for any other name. Files are looked for when an image is."""
    if name == "kmnist":
        return KmnistSet()
    if name == "strokes":
        return StrokesSet()
    known = ", ".join(dataset.name for dataset in registry.DATASETS.values() if dataset.kind == "characters")
    raise InputError(f"'{shortened(name)}' is no set of characters: choose one of {known}")


def indices_of_class(characters: CharacterSet, split: Split, label: int) -> NDArray[np.intp]:
    """Indices of all images of class *label* in *split*, rising."""
    return np.flatnonzero(characters.labels(split) == label)


def nth_of_class(characters: CharacterSet, split: Split, label: int, n: int) -> int:
    """Index of the *n*-th image (from 0) of class *label* in *split*; InputError when there are not that many."""
    found = indices_of_class(characters, split, label)
    if not 0 <= n < len(found):
        raise InputError(f"there is no image {n} of class {label} in {characters.name}/{split}: choose 0 to {len(found) - 1}")
    return int(found[n])


def _check_index(characters: CharacterSet, split: Split, index: int) -> None:
    count = characters.count(split)
    if not 0 <= index < count:
        raise InputError(f"there is no image {index} in {characters.name}/{split}: choose 0 to {count - 1}")


def _part(split: Split) -> kmnist.Part:
    return "test" if split == "test" else "train"


@lru_cache(maxsize=3)
def _rows(split: Split) -> NDArray[np.intp] | None:
    """Which of the published training images make up *split*; None: all, as they stand."""
    if split == "test":
        return None
    train, validation = kmnist.split()
    return train if split == "train" else validation


@lru_cache(maxsize=3)
def _stroke_labels(split: Split) -> Pixels:
    seed, count = strokes.SPLITS[split]
    found = strokes.labels(count, seed)
    found.setflags(write=False)
    return found
