from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from hw2gui.datasets import kmnist, strokes
from hw2gui.datasets.characters import SPLITS, CharacterSet, indices_of_class, nth_of_class, open_set
from hw2gui.errors import InputError, UnavailableError


def check(characters: CharacterSet) -> None:
    for split in SPLITS:
        count = characters.count(split)
        labels = characters.labels(split)
        assert labels.shape == (count,)
        for index in (0, count // 2, count - 1):
            assert characters.image(split, index).shape == (28, 28)
            assert characters.image(split, index).dtype == np.uint8
            assert characters.label(split, index) == labels[index]
        for index in (-1, count):
            with pytest.raises(InputError, match=f"choose 0 to {count - 1}"):
                characters.image(split, index)
            with pytest.raises(InputError, match=f"choose 0 to {count - 1}"):
                characters.label(split, index)
        found = indices_of_class(characters, split, 7)
        assert np.all(labels[found] == 7)
        assert np.count_nonzero(labels == 7) == len(found)
        assert nth_of_class(characters, split, 7, 3) == found[3]
        with pytest.raises(InputError, match=f"choose 0 to {len(found) - 1}"):
            nth_of_class(characters, split, 7, len(found))


def test_strokes() -> None:
    characters = open_set("strokes")
    check(characters)
    images, labels = strokes.generate(5, strokes.SPLITS["test"][0])
    for k in range(5):
        np.testing.assert_array_equal(characters.image("test", k), images[k])
        assert characters.label("test", k) == labels[k]


def test_kmnist(real_data: Path) -> None:
    characters = open_set("kmnist")
    check(characters)
    assert [characters.count(split) for split in SPLITS] == [50_000, 10_000, 10_000]
    train, validation = kmnist.split()
    np.testing.assert_array_equal(characters.image("validation", 5), kmnist.images("train")[validation[5]])
    np.testing.assert_array_equal(characters.image("train", 5), kmnist.images("train")[train[5]])
    np.testing.assert_array_equal(characters.image("test", 5), kmnist.images("test")[5])


def test_kmnist_opens_without_its_files_and_says_what_to_do_when_asked() -> None:
    characters = open_set("kmnist")
    assert "KMNIST Dataset" in characters.attribution
    assert (characters.name, characters.title) == ("kmnist", "Kuzushiji-MNIST")
    with pytest.raises(UnavailableError, match="hw2gui data fetch kmnist"):
        characters.image("test", 0)


def test_unknown_set() -> None:
    with pytest.raises(InputError, match="kmnist, strokes"):
        open_set("spa-eng")


def test_browsing_needs_numpy_alone() -> None:
    script = (
        "import sys; from hw2gui.datasets.characters import open_set; open_set('strokes').image('test', 0);"
        "print(*sorted({'torch', 'PIL', 'scipy', 'matplotlib', 'PySide6', 'urllib.request'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
