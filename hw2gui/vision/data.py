"""The images a network is trained and tested on, as contiguous arrays: published sets, the built-in set, the user's own, and mixtures.

A set is named ``kmnist``, ``strokes``, ``drawings`` (those the user labelled on the pad), ``folder:PATH``, or several joined by ``+``.
``strokes:15000`` takes the first 15,000 of each split only.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hw2gui.arrays import Ints, Pixels, Singles
from hw2gui.datasets import kmnist, registry, strokes
from hw2gui.datasets.characters import Split, open_set
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.errors import InputError, shortened
from hw2gui.vision.ink import DRAWN, NORMS, Norms, mean_norms

FOLDER = "folder:"
DRAWINGS = "drawings"
MOST_IMAGES = 60_000
PUBLISHED = ("kmnist", "strokes")
OWN_TITLES = {DRAWINGS: "your labelled drawings"}
_PART = re.compile(r"(kmnist|strokes|drawings)(:[1-9][0-9]{0,5})?")
_SHARES: dict[Split, int] = {"train": 3, "validation": 1, "test": 1}
"""Of each five of the user's own images; which goes where is decided by its content, so it stays there when others are added."""
FEW = 5
"""A class with fewer images of the user's own than this keeps all of them for training."""


@dataclass(frozen=True, eq=False)
class Samples:
    """Images (N, 28, 28) uint8, white on black, and labels (N,) int64, 0 to 9; both contiguous."""

    images: Pixels
    labels: Ints

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, which: slice | NDArray[np.intp]) -> Samples:
        """Some of them, in the order of *which* (numbers from 0)."""
        return Samples(np.ascontiguousarray(self.images[which]), np.ascontiguousarray(self.labels[which]))


def load(name: str, split: Split, limit: int | None = None, balanced: bool = False) -> Samples:
    """The images of *split* of the set (or mixture) *name*, the first *limit* of each set where it is given.

    *balanced* repeats the images of smaller sets until each set of a mixture has as many as the largest.
    InputError for an unknown name or an unusable folder, UnavailableError where files are missing or damaged.
    """
    parts = [part for part in (_load_one(part, split, limit) for part in names(name)) if len(part)]
    if not parts:
        raise InputError(f"{name} has no {split} images: add some, or choose another set")
    if len(parts) == 1:
        return parts[0]
    if balanced:
        largest = max(map(len, parts))
        parts = [part.take(np.resize(np.arange(len(part)), largest)) for part in parts]
    return Samples(np.concatenate([part.images for part in parts]), np.concatenate([part.labels for part in parts]))


def names(name: str) -> tuple[str, ...]:
    """The sets *name* is mixed of. InputError for one that is unknown or named twice."""
    # A folder's path may hold a plus.
    parts = (name,) if name.startswith(FOLDER) else tuple(part.strip() for part in name.split("+"))
    for part in parts:
        if not _PART.fullmatch(part) and not part.startswith(FOLDER):
            raise InputError(
                f"'{shortened(part, 60)}' is no set of characters: choose kmnist, strokes, drawings or folder:PATH, or join some with +"
            )
    if len({set_of(part) for part in parts}) < len(parts):
        raise InputError(f"'{shortened(name, 60)}' names a set twice: name each once")
    return parts


def words(name: str) -> str:
    """The set *name* as a user would say it, shortly."""
    said = {"kmnist": "KMNIST", "strokes": "built-in", "drawings": "drawings"}
    parts = []
    for part in names(name):
        if part.startswith(FOLDER):
            parts.append(Path(part.removeprefix(FOLDER)).name)
            continue
        known, _, count = part.partition(":")
        parts.append(said[known] + (f" {int(count):,}" if count else ""))
    return " + ".join(parts)


def norms(name: str) -> Norms:
    """What the characters of the set *name* look like on the whole, and a drawing is brought to for a network trained on it."""
    sets = [set_of(part) for part in names(name)]
    return mean_norms(*(NORMS[one] for one in sets)) if set(sets) <= set(NORMS) else DRAWN


def attribution(name: str) -> str:
    """What must be said where images of the set *name* are shown or exported."""
    sets = [set_of(part) for part in names(name)]
    found = [registry.find(one).attribution if one in registry.DATASETS else "Drawings of the user's." for one in sets]
    return " ".join(dict.fromkeys(found))


def title(name: str) -> str:
    """The set (or mixture) *name* for people."""
    sets = [set_of(part) for part in names(name)]
    return " and ".join(registry.find(one).title if one in registry.DATASETS else OWN_TITLES.get(one, one) for one in sets)


def one(name: str, split: Split, index: int) -> tuple[Pixels, int]:
    """Image *index* of *split* of the set *name*, (28, 28), and its label. InputError for an index outside the split, else as `load`."""
    if name in PUBLISHED:
        characters = open_set(name)
        return characters.image(split, index), characters.label(split, index)
    samples = load(name, split)
    if not 0 <= index < len(samples):
        raise InputError(f"there is no image {index} in {title(name)}/{split}: choose 0 to {len(samples) - 1}")
    return samples.images[index], int(samples.labels[index])


def count(name: str, split: Split) -> int:
    """How many images *split* of the set *name* has. Raises as `load` does."""
    return open_set(name).count(split) if name in PUBLISHED else len(load(name, split))


def set_of(part: str) -> str:
    """The set that *part* of a mixture takes its images from: ``strokes`` of ``strokes:15000``."""
    return part if part.startswith(FOLDER) else part.partition(":")[0]


def permuted_picture(picture: Singles, seed: int) -> Singles:
    """The same permutation of one picture (28, 28)."""
    return np.ascontiguousarray(picture.reshape(-1)[_order(seed)]).reshape(picture.shape)


def _order(seed: int) -> Ints:
    return np.random.default_rng(seed).permutation(kmnist.SIDE**2)


@dataclass(frozen=True)
class Places:
    """Where the images of a (mixed) set's split come from: the parts' sets and sizes, in order."""

    split: Split
    sets: tuple[str, ...]
    sizes: tuple[int, ...]

    def of(self, index: int) -> tuple[str, Split, int]:
        """(set, split, number in it) of image *index*. InputError for an index outside."""
        rest = index
        for name, size in zip(self.sets, self.sizes, strict=True):
            if 0 <= rest < size:
                return name, self.split, rest
            rest -= size
        raise InputError(f"there is no image {index} in {'+'.join(self.sets)}/{self.split}: choose 0 to {sum(self.sizes) - 1}")


def places(name: str, split: Split) -> Places:
    """Where image k of ``load(name, split)`` is to be found. Raises as `load` does."""
    parts = names(name)
    sizes = (_size(part, split) for part in parts)
    return Places(split, tuple(map(set_of, parts)), tuple(sizes))


def _size(part: str, split: Split) -> int:
    name = set_of(part)
    whole = count(name, split)
    return min(whole, int(part.partition(":")[2])) if name != part else whole


def permuted(samples: Samples, seed: int) -> Samples:
    """The same images with one fixed permutation of the 784 pixels, drawn from *seed*, applied to every one."""
    flat = samples.images.reshape(len(samples), -1)[:, _order(seed)]
    return Samples(np.ascontiguousarray(flat).reshape(samples.images.shape), samples.labels)


def _load_one(part: str, split: Split, limit: int | None) -> Samples:
    name = set_of(part)
    if name != part:
        limit = min(int(part.partition(":")[2]), limit or MOST_IMAGES)
    if name == "kmnist":
        return _published(split, limit)
    if name == "strokes":
        seed, count = strokes.SPLITS[split]
        return _generated(seed, count if limit is None else min(limit, count))
    from hw2gui.vision import collection

    if name == DRAWINGS:
        return _own(collection.samples(), split, limit, "there are no labelled drawings yet: draw some, choose their class and keep them")
    folder = Path(name.removeprefix(FOLDER)).expanduser()
    return _own(_folder(folder), split, limit, f"{folder} holds no pictures of characters: put them into folders named o, ki, su …")


def _published(split: Split, limit: int | None) -> Samples:
    if split == "test":
        images, labels = kmnist.load("test")
        rows = np.arange(len(labels))
    else:
        images, labels = kmnist.load("train")
        rows = kmnist.split()[0 if split == "train" else 1]
    rows = rows[:limit]
    return Samples(images[rows], labels[rows].astype(np.int64))


@lru_cache(maxsize=3)
def _generated(seed: int, count: int) -> Samples:
    images, labels = strokes.generate(count, seed)
    images.setflags(write=False)
    return Samples(images, labels.astype(np.int64))


def _own(samples: Samples, split: Split, limit: int | None, empty: str) -> Samples:
    """One split of the user's own images, in the order of their content's digests."""
    if not len(samples):
        raise InputError(empty)
    splits = own_splits(samples)
    digests = [hashlib.sha256(image.tobytes()).hexdigest() for image in samples.images]
    chosen = [index for index, found in enumerate(splits) if found == split]
    return samples.take(np.array(sorted(chosen, key=digests.__getitem__), dtype=np.intp)[:limit])


def own_splits(samples: Samples) -> tuple[Split, ...]:
    """The split each of the user's own images belongs to: by its content, but all for training where a class has few."""
    few = np.bincount(samples.labels, minlength=len(CLASSES))[samples.labels] < FEW
    digests = (hashlib.sha256(image.tobytes()).hexdigest() for image in samples.images)
    return tuple("train" if scarce else _split_of(digest) for scarce, digest in zip(few, digests, strict=True))


def _split_of(digest: str) -> Split:
    order: list[Split] = [split for split, share in _SHARES.items() for _ in range(share)]
    return order[int(digest[:8], 16) % len(order)]


def _folder(folder: Path) -> Samples:
    """Every picture in the folders of *folder* that are named by a class: its romaji, its kana or its number."""
    from hw2gui.datasets.pictures import read_picture

    if not folder.is_dir():
        raise InputError(f"{folder} is no folder: choose one with folders named o, ki, su … and pictures in them")
    images: list[Pixels] = []
    labels: list[int] = []
    for label, character in enumerate(CLASSES):
        for name in (character.romaji, character.kana, str(label)):
            for path in sorted((folder / name).glob("*")):
                if path.is_file() and not path.name.startswith("."):
                    images.append(as_character(read_picture(path).pixels, path.name))
                    labels.append(label)
    return stacked(images, labels)


def as_character(pixels: Pixels, name: str, target: Norms = DRAWN) -> Pixels:
    """A picture (H, W) as a data set would hold it: white on black, and, unless it is 28×28 already, prepared as a drawing is.

    Paper is taken to be what the picture's edge shows. InputError for a picture of one grey.
    """
    from hw2gui.vision.drawing import prepare_pixels

    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    if np.median(edge) > 127:
        pixels = 255 - pixels
    low, high = int(pixels.min()), int(pixels.max())
    if high - low < 16:
        raise InputError(f"{name} shows no character, only one grey: choose a picture of dark ink on light paper or light on dark")
    if pixels.shape == (kmnist.SIDE, kmnist.SIDE):
        return pixels
    stretched = ((pixels.astype(np.float32) - low) * (255 / (high - low))).astype(np.uint8)
    prepared = prepare_pixels(stretched, target)
    assert prepared is not None, "a picture stretched to 255 has ink"
    return prepared.pixels


def stacked(images: list[Pixels], labels: list[int]) -> Samples:
    """Single images (28, 28) and their labels as one set, possibly empty."""
    pixels = np.stack(images) if images else np.empty((0, kmnist.SIDE, kmnist.SIDE), dtype=np.uint8)
    return Samples(pixels, np.array(labels, dtype=np.int64))
