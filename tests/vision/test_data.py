from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from hw2gui.datasets import kmnist, strokes
from hw2gui.errors import InputError, UnavailableError
from hw2gui.vision import collection, data
from hw2gui.vision.augment import augment
from hw2gui.vision.augmentation import HANDWRITING, NONE, SHIFTS, Augmentation
from hw2gui.vision.ink import DRAWN, NORMS, mean_norms
from hw2gui.vision.pen import Drawing, Stroke


def drawing(number: int) -> Drawing:
    return Drawing((Stroke(((0.2, 0.2), (0.5 + number / 100, 0.8), (0.8, 0.3)), 0.05),))


def test_the_built_in_set() -> None:
    found = data.load("strokes", "validation", 30)
    images, labels = strokes.generate(30, strokes.SPLITS["validation"][0])
    np.testing.assert_array_equal(found.images, images)
    np.testing.assert_array_equal(found.labels, labels)
    assert found.labels.dtype == np.int64
    assert found.images.flags.c_contiguous


@pytest.mark.skipif(not os.environ.get("HW2GUI_DATA"), reason="HW2GUI_DATA is not set: no published data to test with")
def test_the_homeworks_split() -> None:
    train, validation, test = (data.load("kmnist", split) for split in ("train", "validation", "test"))
    assert (len(train), len(validation), len(test)) == (50_000, 10_000, 10_000)
    order = np.random.RandomState(42).permutation(60_000)
    np.testing.assert_array_equal(validation.images[:50], kmnist.images("train")[order[:50]])
    np.testing.assert_array_equal(train.labels, kmnist.labels("train")[order[10_000:]])
    mixed = data.load("kmnist+strokes", "train", 20)
    np.testing.assert_array_equal(mixed.images[:20], train.images[:20])
    np.testing.assert_array_equal(mixed.images[20:], data.load("strokes", "train", 20).images)


def test_missing_files_say_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HW2GUI_DATA", raising=False)
    with pytest.raises(UnavailableError, match="hw2gui data fetch kmnist"):
        data.load("kmnist+strokes", "train", 10)


@pytest.mark.parametrize(
    ("name", "message"), [("mnist", "is no set"), ("strokes+strokes:9", "twice"), ("", "is no set"), ("strokes:0", "is no set")]
)
def test_unknown_names(name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        data.load(name, "train")


def test_a_permutation_is_one_and_the_same_for_all() -> None:
    samples = data.load("strokes", "test", 8)
    found, again, other = data.permuted(samples, 1), data.permuted(samples, 1), data.permuted(samples, 2)
    np.testing.assert_array_equal(found.images, again.images)
    assert not np.array_equal(found.images, other.images)
    order = np.random.default_rng(1).permutation(784)
    for before, after in zip(samples.images, found.images, strict=True):
        np.testing.assert_array_equal(before.reshape(-1)[order], after.reshape(-1))


def test_the_users_drawings_are_kept_and_split() -> None:
    with pytest.raises(InputError, match="no labelled drawings yet"):
        data.load("drawings", "train")
    with pytest.raises(InputError, match="the pad is empty"):
        collection.keep(Drawing(), 3)
    with pytest.raises(InputError, match="no class 10"):
        collection.keep(drawing(0), 10)
    kept = [collection.keep(drawing(number), 7) for number in range(30)]
    few = [collection.keep(drawing(number), 2) for number in range(4)]
    assert set(collection.everything()) == {*kept, *few}
    splits = {split: data.load("drawings", split) for split in ("train", "validation", "test")}
    assert sum(map(len, splits.values())) == 34
    assert np.count_nonzero(splits["train"].labels == 2) == 4, "too few to spare any"
    assert all(np.any(samples.labels == 7) for samples in splits.values())
    collection.forget(kept[0])
    assert set(collection.everything()) == {*kept[1:], *few}
    balanced = data.load("drawings+strokes", "train", 100, balanced=True)
    assert len(balanced) == 200
    whole = collection.path_of(few[0])  # what a program leaves that is killed while it keeps a drawing:
    whole.with_name(f".{whole.stem}-0123456789ab.json").write_text("{")
    assert set(collection.everything()) == {*kept[1:], *few}
    (collection.folder() / "ya" / "bad.json").write_text("{")
    with pytest.raises(UnavailableError, match="is damaged"):
        collection.everything()


def test_a_folder_of_pictures(tmp_path: Path) -> None:
    for name, count in (("ki", 2), ("つ", 1), ("9", 1)):
        (tmp_path / name).mkdir()
        for number in range(count):
            paper = np.full((60, 50), 230, dtype=np.uint8)
            paper[10:50, 20 + number : 26 + number] = 20
            Image.fromarray(paper).save(tmp_path / name / f"{number}.png")
    ready = strokes.draw(0)
    (tmp_path / "o").mkdir()
    Image.fromarray(ready).save(tmp_path / "o" / "ready.png")
    (tmp_path / "o" / ".hidden.png").write_bytes(b"what a system leaves in folders")
    (tmp_path / "o" / "deeper").mkdir()
    found = data.load(f"folder:{tmp_path}", "train")
    assert sorted(found.labels) == [0, 1, 1, 3, 9]
    np.testing.assert_array_equal(found.images[found.labels == 0][0], ready)
    bar = found.images[found.labels == 3][0]
    assert bar[14, 14] > 200 > 20 > bar[14, 2]
    with pytest.raises(InputError, match="no validation images"):
        data.load(f"folder:{tmp_path}", "validation")
    with pytest.raises(InputError, match="is no folder"):
        data.load(f"folder:{tmp_path}/nowhere", "train")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no pictures"):
        data.load(f"folder:{tmp_path}/empty", "train")
    with pytest.raises(InputError, match="only one grey"):
        data.as_character(np.full((30, 30), 7, dtype=np.uint8), "a picture")


def test_norms_and_attributions() -> None:
    assert data.norms("kmnist+strokes") == mean_norms(NORMS["kmnist"], NORMS["strokes"])
    assert data.norms("kmnist:50") == NORMS["kmnist"]
    assert data.norms("drawings+strokes:50") == DRAWN == data.norms("kmnist+strokes")
    assert len(data.load("strokes:12", "train")) == len(data.load("strokes:20", "train", 12)) == 12
    assert "KMNIST Dataset" in data.attribution("kmnist+strokes")
    assert "hw2gui" in data.attribution("kmnist+strokes")


IMAGES = torch.from_numpy(strokes.generate(64, 3)[0]).float()[:, None] / 256


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_augmentation_is_seeded() -> None:
    first, again, other = (augment(IMAGES, HANDWRITING, generator(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert first.shape == IMAGES.shape
    assert torch.isfinite(first).all()
    assert torch.equal(augment(IMAGES, NONE, generator(1)), IMAGES)


def test_each_kind_of_augmentation_does_what_it_says() -> None:
    y, x = torch.meshgrid(torch.arange(28.0), torch.arange(28.0), indexing="ij")

    def moments(images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        mass = images.sum((1, 2, 3))
        right, down = (images[:, 0] * x).sum((1, 2)) / mass, (images[:, 0] * y).sum((1, 2)) / mass
        spread = (images[:, 0] * ((x - right[:, None, None]) ** 2 + (y - down[:, None, None]) ** 2)).sum((1, 2)) / mass
        return torch.stack([right, down]), spread.sqrt(), mass

    blob = torch.exp(-((x - 13.5) ** 2 / 18 + (y - 13.5) ** 2 / 18))[None, None].repeat(200, 1, 1, 1)
    middle, spread, mass = moments(blob)
    moved, *_ = moments(augment(blob, Augmentation(shift=3.0), generator(0)))
    assert 2.5 < float((moved - middle).abs().max()) <= 3.05
    _, scaled, _ = moments(augment(blob, Augmentation(scale=0.2), generator(0)))
    ratio = scaled / spread
    assert 0.78 < float(ratio.min()) < 0.85
    assert 1.12 < float(ratio.max()) < 1.22
    turned, turned_spread, _ = moments(augment(blob, Augmentation(rotation=90.0), generator(0)))
    torch.testing.assert_close(turned, middle, atol=0.02, rtol=0)
    torch.testing.assert_close(turned_spread, spread, atol=0.05, rtol=0)
    _, _, heavier = moments(augment(blob, Augmentation(thickness=1.0), generator(0)))
    assert float(heavier.min()) < float(mass.min()) < float(heavier.max())
    bent = augment(IMAGES, Augmentation(bend=2.0), generator(0))
    assert 0.02 < float((bent - IMAGES).abs().mean()) < 0.2


def test_augmentation_within_reason() -> None:
    with pytest.raises(InputError, match="Shift is 15"):
        Augmentation(shift=15)
    with pytest.raises(InputError, match="Rotation is -1"):
        Augmentation(rotation=-1)
    assert SHIFTS.moves
    assert Augmentation(thickness=1).active
    assert not Augmentation(thickness=1).moves
    assert not NONE.active
