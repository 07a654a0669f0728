from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.datasets import strokes as generator
from hw2gui.datasets.glyphs import GLYPHS, SQUARE
from hw2gui.errors import InputError
from hw2gui.vision import ink as inks
from hw2gui.vision import pen
from hw2gui.vision.drawing import LEVEL, Steps, prepare, prepare_pixels
from hw2gui.vision.ink import NORMS, box, centre_of_mass, mean_norms, measure, thickness
from hw2gui.vision.pen import Drawing, Stroke


def character(label: int, size: float = 0.6, right: float = 0.2, down: float = 0.2, width: float = 0.05) -> Drawing:
    """A model character somewhere on the pad."""
    return Drawing(
        tuple(Stroke(tuple((x / SQUARE * size + right, y / SQUARE * size + down) for x, y in stroke), width) for stroke in GLYPHS[label])
    )


def test_an_empty_pad_says_nothing() -> None:
    assert prepare(Drawing()) is None
    assert prepare(Drawing((Stroke(()),))) is None
    assert prepare_pixels(np.zeros((40, 30), dtype=np.uint8)) is None
    dot, cross = ((0.5, 0.5),), ((0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0))
    erasers = [Stroke(points, width=1.0, eraser=True) for points in (dot, cross)]
    assert prepare(Drawing((*character(3).strokes, *erasers))) is None


@settings(max_examples=30)
@given(st.integers(0, 9), st.integers(-20, 20), st.integers(-20, 20))
def test_where_it_is_drawn_does_not_matter(label: int, right: int, down: int) -> None:
    """Moves by whole pixels of the fine raster; the strokes stay on the pad."""
    moved = character(label, right=0.2 + right / pen.RESOLUTION, down=0.2 + down / pen.RESOLUTION)
    first, second = prepare(character(label)), prepare(moved)
    assert first
    assert second
    np.testing.assert_allclose(second.picture, first.picture, atol=2e-3)


@settings(max_examples=30)
@given(st.integers(0, 9), st.floats(0.3, 0.95), st.floats(0.02, 0.08), st.sampled_from(sorted(NORMS)))
def test_size_and_brush_become_the_training_datas(label: int, size: float, width: float, which: str) -> None:
    norms = NORMS[which]
    done = prepare(character(label, size, 0.02, 0.02, width), norms)
    assert done
    top, left, bottom, right = box(done.picture)
    assert max(bottom - top, right - left) == pytest.approx(norms.extent, abs=1.6)
    assert float(thickness(done.picture)) == pytest.approx(norms.thickness, abs=0.35)
    assert done.picture.max() == pytest.approx(LEVEL)
    down, across = centre_of_mass(done.picture)
    # Ink that would fall off the edge holds it back.
    assert abs(down - norms.down) < 4
    assert abs(across - norms.right) < 4
    assert done.picture.dtype == np.float32


def test_centre_of_mass_is_exact_where_there_is_room() -> None:
    done = prepare(character(2, 0.3), steps=Steps(scale=False, thicken=False, normalise=False))
    assert done
    down, right = centre_of_mass(done.picture)
    assert (right, down) == (pytest.approx(NORMS["kmnist"].right, abs=0.02), pytest.approx(NORMS["kmnist"].down, abs=0.02))


@pytest.mark.parametrize("label", [2, 5, 8])
def test_a_small_character_in_a_corner_is_brought_where_one_in_the_middle_is(label: int) -> None:
    middle, corner = (prepare(character(label, 0.25, place, place), NORMS["strokes"]) for place in (0.3, 0.3 + 44 / pen.RESOLUTION))
    assert middle and corner
    np.testing.assert_allclose(corner.picture, middle.picture, atol=2e-3)


def test_enlarged_it_stays_about_its_centre_of_mass_where_there_is_room() -> None:
    done = prepare(character(2, 0.25, 0.3, 0.3), NORMS["strokes"], Steps(thicken=False))
    assert done
    _, across = centre_of_mass(next(step for step in done.steps if step.name == "scaled").picture)
    assert across == pytest.approx(NORMS["strokes"].right, abs=0.02)


def test_with_its_strokes_left_as_they_are_its_longer_side_is_the_training_datas() -> None:
    done = prepare(character(2, 0.3), NORMS["strokes"], Steps(thicken=False))
    assert done
    top, left, bottom, right = box(done.picture)
    assert max(bottom - top, right - left) == pytest.approx(NORMS["strokes"].extent, abs=1.6)


def test_faint_is_nothing_on_a_pad_and_something_in_a_picture() -> None:
    """What an eraser leaves at the fringe of a stroke is no ink; a pale pencil's line is."""
    pale = np.zeros((60, 60), dtype=np.uint8)
    pale[20:40, 28:32] = 40
    assert prepare_pixels(pale) is not None
    assert prepare_pixels(pale // 10) is None


def test_thinning_stops_before_a_fine_line_beside_a_broad_one_is_gone() -> None:
    picture = np.zeros((112, 112), dtype=np.float32)
    picture[10:50, 10:100] = picture[80:84, 10:100] = 1.0
    assert inks.brought_to_thickness(picture, 28, 1.0)[19:22].sum() > 20


def test_every_step_is_shown_and_can_be_left_out() -> None:
    drawing = character(4, 0.4, 0.1, 0.3)
    every = prepare(drawing)
    none = prepare(drawing, steps=Steps(False, False, False, False))
    assert every
    assert none
    assert [step.name for step in every.steps] == ["drawn", "centred", "scaled", "thickened", "normalised"]
    assert [step.taken for step in none.steps] == [True, False, False, False, False]
    for before, after in zip(none.steps, none.steps[1:], strict=False):
        np.testing.assert_array_equal(before.picture, after.picture)
    for number in range(1, 5):
        assert not np.array_equal(every.steps[number].picture, every.steps[number - 1].picture)
    assert every.pixels.dtype == np.uint8
    assert every.pixels.max() == 255


def test_a_single_dot_stays_a_dot() -> None:
    done = prepare(Drawing((Stroke(((0.7, 0.3),), 0.05),)))
    assert done
    top, left, bottom, right = box(done.picture)
    assert max(bottom - top, right - left) <= 6
    assert abs((top + bottom) / 2 - NORMS["kmnist"].down) <= 1


def test_a_huge_drawing_a_flood_and_strokes_off_the_pad() -> None:
    rng = np.random.default_rng(0)
    scribble = tuple((float(x), float(y)) for x, y in rng.uniform(-0.5, 1.5, (1500, 2)))
    done = prepare(Drawing((Stroke(scribble, 0.05),)))
    assert done
    assert np.isfinite(done.picture).all()
    flood = prepare(Drawing((Stroke(((0.5, 0.5), (0.6, 0.6)), 1.0),)))
    assert flood
    assert np.isfinite(flood.picture).all()
    assert prepare(Drawing((Stroke(((1.5, 0.5), (1.6, 0.6)), 0.05),))) is None
    with pytest.raises(InputError, match="leaves the pad"):
        Stroke(((9.0, 0.0),))
    with pytest.raises(InputError, match="leaves the pad"):
        Stroke(((float("nan"), 0.0),))
    with pytest.raises(InputError, match="brush"):
        Stroke((), 0.0)
    with pytest.raises(InputError, match="points"):
        Drawing((Stroke(scribble * 34, 0.05),))


@settings(max_examples=15)
@given(st.floats(0.1, 0.9), st.floats(0.1, 0.9), st.floats(0.1, 0.9), st.floats(0.1, 0.9), st.floats(0.02, 0.2))
def test_ink_is_the_distance_to_the_stroke(x0: float, y0: float, x1: float, y1: float, width: float) -> None:
    """Beside brute force: the distance of every pixel's centre to the line."""
    side = 56
    found = pen.ink(Drawing((Stroke(((x0, y0), (x1, y1)), width),)), side)
    start, step = np.array([x0, y0]) * side, np.array([x1 - x0, y1 - y0]) * side
    centres = np.stack(np.meshgrid(np.arange(side) + 0.5, np.arange(side) + 0.5), axis=-1) - start
    along = np.clip(centres @ step / max(float(step @ step), 1e-12), 0, 1)
    distance = np.linalg.norm(centres - along[..., None] * step, axis=-1)
    np.testing.assert_allclose(found, np.clip(width * side / 2 + 0.5 - distance, 0, 1), atol=0.02)


def test_smoothing_keeps_ends_and_straight_lines() -> None:
    line = tuple((float(t), float(t) / 2) for t in np.linspace(0, 1, 9))
    curve = pen.smoothed(line)
    assert tuple(curve[0]) == line[0]
    assert tuple(curve[-1]) == line[-1]
    np.testing.assert_allclose(curve[:, 1], curve[:, 0] / 2, atol=1e-12)
    assert len(pen.smoothed(((0.1, 0.1),) * 5)) == 1


def test_mean_width_is_by_length() -> None:
    drawing = Drawing(
        (Stroke(((0.0, 0.0), (0.9, 0.0)), 0.1), Stroke(((0.0, 0.5), (0.1, 0.5)), 0.2), Stroke(((0.0, 0.0),), 0.9, eraser=True))
    )
    assert pen.mean_width(drawing) == pytest.approx((0.1 * 1.0 + 0.2 * 0.3) / 1.3)
    assert pen.mean_width(Drawing()) == 0


@pytest.mark.parametrize("width", [2.0, 3.0, 5.0])
def test_thickness_measures_a_bar(width: float) -> None:
    bar = pen.ink(Drawing((Stroke(((0.1, 0.5), (0.9, 0.5)), width / 112),)))
    assert float(thickness(bar)) == pytest.approx(width, rel=0.12)


def test_resampling_keeps_ink_and_places_it() -> None:
    picture = pen.ink(character(7, 0.5, 0.25, 0.25))
    for scale, right, down in ((1.0, 0.0, 0.0), (0.5, 0.25, 0.1), (1.5, -0.2, -0.25)):
        found = inks.resample(picture, 28, scale, right, down)
        assert found.mean() == pytest.approx(picture.mean() * scale**2, rel=0.01)
        there = [float(value) / 28 for value in centre_of_mass(found)]
        here = [float(value) / 112 for value in centre_of_mass(picture)]
        assert there == pytest.approx([here[0] * scale + down, here[1] * scale + right], abs=2e-3)
    np.testing.assert_allclose(inks.resample(picture, 28), inks.reduced(picture, 28), atol=1e-6)


def test_norms_are_what_the_built_in_set_measures() -> None:
    measured = measure(generator.generate(1500, generator.SPLITS["train"][0])[0])
    for name in ("extent", "right", "down", "thickness"):
        assert getattr(measured, name) == pytest.approx(getattr(NORMS["strokes"], name), abs=0.12)


@pytest.mark.skipif(not os.environ.get("HW2GUI_DATA"), reason="HW2GUI_DATA is not set: no published data to test with")
def test_norms_are_what_the_published_set_measures() -> None:
    from hw2gui.datasets import kmnist

    measured = measure(kmnist.images("train")[kmnist.split()[0][:5000]])
    for name in ("extent", "right", "down", "thickness"):
        assert getattr(measured, name) == pytest.approx(getattr(NORMS["kmnist"], name), abs=0.12)


def test_mean_norms() -> None:
    wide = replace(NORMS["kmnist"], extent=10.0)
    assert mean_norms(wide, replace(wide, extent=20.0)) == replace(wide, extent=15.0)


def test_pictures_that_are_not_square_are_not_stretched() -> None:
    tall = np.zeros((90, 30), dtype=np.uint8)
    tall[10:80, 12:18] = 255
    done = prepare_pixels(tall)
    assert done
    top, left, bottom, right = box(done.picture)
    assert bottom - top >= 26
    assert right - left <= 5


@pytest.mark.parametrize("beside", [0.0, 0.02, 0.04, 0.06, 0.07, 0.08])
@pytest.mark.parametrize("width", [0.1, 0.16, 0.3])
def test_whatever_an_eraser_leaves_can_be_prepared(beside: float, width: float) -> None:
    """An eraser as wide as the pen leaves nothing; beside its line, the rest of a stroke, which a thinner pen would not have drawn."""
    line = ((0.2, 0.5), (0.8, 0.5))
    over = ((0.1, 0.5 + beside), (0.9, 0.5 + beside))
    prepared = prepare(Drawing((Stroke(line, width), Stroke(over, width, eraser=True))))
    if beside == 0:
        assert prepared is None
    elif prepared is not None:
        assert all(np.isfinite(step.picture).all() for step in prepared.steps)
        assert prepared.picture.max() > 0.9
