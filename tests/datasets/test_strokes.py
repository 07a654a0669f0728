from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.datasets import strokes
from hw2gui.datasets.glyphs import GLYPHS, SQUARE, centre_line, spline
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.errors import InputError


def test_stroke_counts_are_those_of_the_characters() -> None:
    counts = {"お": 3, "き": 4, "す": 2, "つ": 1, "な": 4, "は": 3, "ま": 3, "や": 3, "れ": 2, "を": 3}
    assert {CLASSES[label].kana: len(glyph) for label, glyph in enumerate(GLYPHS)} == counts


def test_the_spline_goes_through_its_points_and_stays_in_the_square() -> None:
    for glyph in GLYPHS:
        for stroke in glyph:
            curve = spline(stroke)
            distance = np.hypot(*(curve[None] - np.array(stroke)[:, None]).transpose(2, 0, 1)).min(axis=1)
            assert distance.max() < 1e-9
            assert curve.min() >= 0
            assert curve.max() <= SQUARE


@pytest.mark.parametrize("label", range(10))
def test_centre_lines_are_evenly_spaced(label: int) -> None:
    xy, stroke, along = centre_line(label, 64)
    assert xy.shape == (64, 2)
    assert len(GLYPHS[label]) == stroke.max() + 1
    gaps = np.hypot(*np.diff(xy, axis=0).T)[np.diff(stroke) == 0]
    assert gaps.max() < 0.12  # of the square's side: about three pixels at most
    for k in range(stroke.max() + 1):
        own = along[stroke == k]
        assert own[0] == 0
        assert own[-1] == 1
        assert np.all(np.diff(own) > 0)


@settings(max_examples=25, deadline=None)
@given(start=st.integers(0, 10**12), count=st.integers(0, 40), cut=st.integers(0, 40), seed=st.integers(0, 2**64 - 1))
def test_an_image_depends_on_seed_and_number_alone(start: int, count: int, cut: int, seed: int) -> None:
    cut = min(cut, count)
    images, labels = strokes.generate(count, seed, start)
    first, second = strokes.generate(cut, seed, start), strokes.generate(count - cut, seed, start + cut)
    np.testing.assert_array_equal(images, np.concatenate([first[0], second[0]]))
    np.testing.assert_array_equal(labels, np.concatenate([first[1], second[1]]))


def test_draw_is_the_same_image() -> None:
    images, labels = strokes.generate(30, seed=9, start=500)
    for k in range(30):
        np.testing.assert_array_equal(strokes.draw(int(labels[k]), 9, 500 + k), images[k])


def test_chunks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, _ = strokes.generate(20, seed=3)
    monkeypatch.setattr(strokes, "_CHUNK", 7)
    monkeypatch.setattr(strokes, "_MAX_CELLS", 5 * 28 * 28)
    np.testing.assert_array_equal(strokes.generate(20, seed=3)[0], whole)


def test_labels_are_balanced_and_shuffled() -> None:
    labels = strokes.labels(1000, seed=1)
    assert labels.dtype == np.uint8
    np.testing.assert_array_equal(np.sort(labels.reshape(100, 10), axis=1), np.tile(np.arange(10), (100, 1)))
    assert len({tuple(block) for block in labels.reshape(100, 10)}) > 90


def test_images_are_white_on_black_and_inside() -> None:
    images, _ = strokes.generate(500, seed=2)
    assert images.dtype == np.uint8
    assert images.shape == (500, 28, 28)
    assert images.max(axis=(1, 2)).min() > 200
    border = np.concatenate([images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]], axis=1)
    assert np.mean(border > 127) < 0.01
    ink = (images > 127).mean(axis=(1, 2))
    assert ink.min() > 0.03
    assert ink.max() < 0.45
    assert np.any((images > 20) & (images < 230), axis=(1, 2)).all()  # anti-aliased


def test_images_of_a_class_differ() -> None:
    images, labels = strokes.generate(400, seed=4)
    for label in range(10):
        own = images[labels == label]
        assert len(np.unique(own.reshape(len(own), -1), axis=0)) == len(own)
        assert own.std(axis=0).max() > 60


def test_splits_share_no_image() -> None:
    parts = [strokes.generate(300, seed)[0].reshape(300, -1) for seed, _ in strokes.SPLITS.values()]
    assert len({seed for seed, _ in strokes.SPLITS.values()}) == 3
    assert len(np.unique(np.concatenate(parts), axis=0)) == 900


def test_nearest_mean_tells_the_characters_apart() -> None:
    images, labels = strokes.generate(1000, strokes.SPLITS["train"][0])
    test_images, test_labels = strokes.generate(300, strokes.SPLITS["test"][0])
    means = np.stack([images[labels == label].mean(axis=0).ravel() for label in range(10)])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    found = np.argmax(test_images.reshape(300, -1) @ means.T, axis=1)
    assert np.mean(found == test_labels) > 0.6


def test_without_variation_the_seed_does_not_matter() -> None:
    np.testing.assert_array_equal(strokes.draw(5, 1, variation=0), strokes.draw(5, 2, 77, variation=0))


@pytest.mark.parametrize("side", [8, 28, 100])
def test_a_larger_drawing_is_the_same_character(side: int) -> None:
    drawn = strokes.draw(0, variation=0, side=side)
    assert drawn.shape == (side, side)
    assert drawn.max() > 150
    assert 0.05 < (drawn / 255).mean() < 0.35


def test_ink_follows_the_distance_to_the_line() -> None:
    start, step = np.array([[2.0, 5.0]], np.float32), np.array([[6.0, 0.0]], np.float32)
    centres = np.arange(10, dtype=np.float32) + np.float32(0.5)
    depth = strokes._depth(start, step, np.array([1.5], np.float32), centres)
    x, y = np.meshgrid(centres, centres)
    expected = 1.5 - np.hypot(x - np.clip(x, 2, 8), y - 5)
    np.testing.assert_allclose(depth, expected, atol=1e-5)


@pytest.mark.parametrize("wish", [(-1, 0, 0), (1, -1, 0), (1, 2**64, 0), (1, 0, -1)])
def test_impossible_sets(wish: tuple[int, int, int]) -> None:
    with pytest.raises(InputError):
        strokes.generate(*wish)


@pytest.mark.parametrize("wish", [{"label": 10}, {"label": -1}, {"side": 7}, {"side": 513}, {"variation": 3}, {"variation": float("nan")}])
def test_impossible_drawings(wish: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        strokes.draw(**({"label": 0} | wish))
