from __future__ import annotations

import gzip
import hashlib
import struct
from pathlib import Path

import numpy as np
import pytest

from hw2gui.datasets import kmnist, registry
from hw2gui.datasets.registry import DataFile, Dataset
from hw2gui.errors import UnavailableError


def published(monkeypatch: pytest.MonkeyPatch, images: np.ndarray, labels: np.ndarray) -> None:
    """Put a small test part in the cache, and its sums in the registry."""
    files = []
    folder = registry.cache_folder(registry.find("kmnist"))
    folder.mkdir(parents=True)
    for name, array in (("t10k-images-idx3-ubyte.gz", images), ("t10k-labels-idx1-ubyte.gz", labels)):
        content = gzip.compress(struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes())
        (folder / name).write_bytes(content)
        files.append(DataFile(name, len(content), hashlib.md5(content, usedforsecurity=False).hexdigest()))
    small = Dataset("kmnist", "Kuzushiji-MNIST", "characters", "", "", "", "", folders=("kmnist",), files=tuple(files))
    monkeypatch.setitem(registry.DATASETS, "kmnist", small)


def test_a_part_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    images = np.random.default_rng(0).integers(0, 256, (12, 28, 28), dtype=np.uint8)
    labels = np.arange(12, dtype=np.uint8) % 10
    published(monkeypatch, images, labels)
    read = kmnist.load("test")
    np.testing.assert_array_equal(read[0], images)
    np.testing.assert_array_equal(read[1], labels)


@pytest.mark.parametrize(
    ("shape", "labels", "reason"),
    [((3, 28, 27), [0, 1, 2], "28×27"), ((3, 28, 28), [0, 1, 10], "label 10"), ((3, 28, 28), [0, 1], "3 images but 2 labels")],
)
def test_what_does_not_fit_is_refused(monkeypatch: pytest.MonkeyPatch, shape: tuple[int, ...], labels: list[int], reason: str) -> None:
    published(monkeypatch, np.zeros(shape, dtype=np.uint8), np.array(labels, dtype=np.uint8))
    with pytest.raises(UnavailableError, match=reason):
        kmnist.load("test")


def test_missing_says_what_to_do() -> None:
    with pytest.raises(UnavailableError, match=r"Kuzushiji-MNIST is not on this computer.*hw2gui data fetch kmnist"):
        kmnist.load("train")


def test_the_split_takes_validation_first_and_loses_nothing() -> None:
    train, validation = kmnist.split()
    assert (len(train), len(validation)) == (50_000, 10_000)
    np.testing.assert_array_equal(np.sort(np.concatenate([train, validation])), np.arange(60_000))
    shuffled = np.arange(60_000)
    np.random.RandomState(42).shuffle(shuffled)
    np.testing.assert_array_equal(validation, shuffled[:10_000])
    assert not np.array_equal(kmnist.split(43)[1], validation)


def test_input_is_divided_by_256() -> None:
    pixels = np.array([[[0, 64], [128, 255]]], dtype=np.uint8)
    inputs = kmnist.as_input(pixels)
    assert inputs.dtype == np.float32
    np.testing.assert_array_equal(inputs, [[[[0, 0.25], [0.5, 255 / 256]]]])
    assert kmnist.as_input(pixels[0]).shape == (1, 2, 2)


def test_classes() -> None:
    assert " ".join(one.romaji for one in kmnist.CLASSES) == "o ki su tsu na ha ma ya re wo"
    assert "".join(one.kana for one in kmnist.CLASSES) == "おきすつなはまやれを"


def test_real_data(real_data: Path) -> None:
    for part, count in (("train", 60_000), ("test", 10_000)):
        images, labels = kmnist.load(part)
        assert images.shape == (count, 28, 28)
        np.testing.assert_array_equal(np.bincount(labels), count // 10)
        assert not images.flags.writeable
