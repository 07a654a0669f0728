from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.datasets import strokes
from hw2gui.errors import InputError
from hw2gui.vision.strip import AMOUNTS, UNITS, Transform, strip, transformed

PICTURES = strokes.generate(6, 9)[0].astype(np.float32) / np.float32(256)


def test_nothing_changes_nothing() -> None:
    np.testing.assert_array_equal(transformed(PICTURES, Transform()), PICTURES)


@given(st.integers(-30, 30), st.integers(-30, 30))
def test_whole_shifts_move_pixels(right: int, down: int) -> None:
    found = transformed(PICTURES, Transform(right=right, down=down))
    wanted = np.zeros((len(PICTURES), 28 + 120, 28 + 120), dtype=np.float32)
    wanted[:, 60 + down : 88 + down, 60 + right : 88 + right] = PICTURES
    np.testing.assert_allclose(found, wanted[:, 60:88, 60:88], atol=1e-6)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_quarter_turns_are_clockwise(quarters: int) -> None:
    found = transformed(PICTURES, Transform(rotation=90.0 * quarters))
    np.testing.assert_allclose(found, np.rot90(PICTURES, -quarters, axes=(1, 2)), atol=1e-5)


def test_scale_is_about_the_middle() -> None:
    square = np.zeros((1, 28, 28), dtype=np.float32)
    square[0, 10:18, 10:18] = 1
    half, double = transformed(square, Transform(scale=0.5))[0], transformed(square, Transform(scale=2.0))[0]
    assert half.sum() == pytest.approx(16, abs=1)
    assert double.sum() == pytest.approx(256, rel=0.05)
    np.testing.assert_allclose(double, double[::-1, ::-1], atol=1e-6)


@pytest.mark.parametrize("amount", [-1.0, 0.5, 1.0, 2.0, 3.0])
def test_thickening(amount: float) -> None:
    """Of a bar, five pixels wide, that runs from edge to edge."""
    bar = np.zeros((1, 28, 28), dtype=np.float32)
    bar[0, :, 11:16] = 1
    change = (transformed(bar, Transform(thickness=amount)) - bar)[0, 5:23].sum(axis=1)
    np.testing.assert_allclose(change, amount, atol=1e-5)
    drawn = transformed(PICTURES, Transform(thickness=amount)).sum() - PICTURES.sum()
    assert drawn * amount > 0


@pytest.mark.parametrize("change", sorted(AMOUNTS))
def test_a_strip_has_every_amount(change: str) -> None:
    found = strip(PICTURES[0], change)
    assert found.shape == (len(AMOUNTS[change]), 28, 28)
    unchanged = AMOUNTS[change].index(1.0 if change == "scale" else 0.0)
    np.testing.assert_array_equal(found[unchanged], PICTURES[0])
    assert change in UNITS


def test_beyond_all_measure() -> None:
    with pytest.raises(InputError, match="up to 100 pixels"):
        Transform(scale=0.0)
    assert not transformed(PICTURES, Transform(right=100.0)).any()
