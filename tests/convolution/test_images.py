from __future__ import annotations

from dataclasses import replace

import pytest

from hw2gui.convolution import images
from hw2gui.convolution.state import CHARACTER_SIZE, ImageChoice
from hw2gui.datasets import kmnist, registry
from hw2gui.errors import UnavailableError

TEST_IMAGE = ImageChoice(kind="kmnist", split="test")


def test_what_is_drawn_by_a_rule_is_quick_and_a_picture_is_not() -> None:
    assert images.is_quick(ImageChoice(kind="strokes", split="train"))
    assert not images.is_quick(ImageChoice(kind="picture"))


def test_where_kmnist_is_not_the_sentence_that_says_so_is_quick() -> None:
    images.warm()  # finds nothing, and says nothing
    if registry.is_present(registry.find("kmnist")):
        pytest.skip("Kuzushiji-MNIST is on this computer")
    assert images.is_quick(TEST_IMAGE)
    with pytest.raises(UnavailableError, match="not on this computer"):
        images.load(TEST_IMAGE, CHARACTER_SIZE, CHARACTER_SIZE)


def test_kmnist_is_quick_once_its_file_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kmnist, "_read_here", set())
    monkeypatch.setattr(registry, "is_present", lambda _: True)
    assert not images.is_quick(TEST_IMAGE)
    monkeypatch.setattr(kmnist, "_read_here", {"test"})
    assert images.is_quick(TEST_IMAGE)
    assert not images.is_quick(replace(TEST_IMAGE, split="train"))
