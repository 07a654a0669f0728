from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.container import BarContainer

from hw2gui.datasets import strokes
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.vision import draw_figures, tasks
from hw2gui.vision.drawing import Steps
from hw2gui.vision.pen import drawn, ink
from hw2gui.vision.readings import Reading, StripReading
from hw2gui.vision.results import Neighbours
from hw2gui.vision.strip import AMOUNTS, Change, amount_text
from tests.vision.test_figures import words


@pytest.fixture(scope="module")
def reading() -> Reading:
    found = tasks.read_drawing("shipped", drawn(4), Steps(thicken=False))
    assert found is not None
    return found


def test_the_drawing_is_its_ink() -> None:
    shown = draw_figures.drawing_figure(drawn(4)).axes[0].images[0].get_array()
    np.testing.assert_array_equal(shown, ink(drawn(4), draw_figures.FINE))


def test_every_step_of_the_way_is_drawn_and_those_left_out_are_named(reading: Reading) -> None:
    figure = draw_figures.pipeline_figure(reading)
    assert len(figure.axes) == len(reading.prepared.steps) == 5
    for axes, step in zip(figure.axes, reading.prepared.steps, strict=True):
        np.testing.assert_array_equal(axes.images[0].get_array(), step.picture)
        assert axes.get_title() == (step.name if step.taken else f"{step.name}: off")
    assert "thickened: off" in words(figure)


def test_the_bars_are_the_probabilities(reading: Reading) -> None:
    (axes,) = draw_figures.answer_figure(reading.probabilities, "A model.").axes
    (bars,) = axes.containers
    assert isinstance(bars, BarContainer)
    np.testing.assert_allclose(bars.datavalues, reading.probabilities)
    assert [label.get_text() for label in axes.get_yticklabels()] == [one.romaji for one in CLASSES]


def test_maps_have_one_scale_and_units_stand_in_rows(reading: Reading) -> None:
    figure = draw_figures.first_figure(reading)
    reach = float(np.abs(reading.first).max())
    assert len(figure.axes) == len(reading.first) and {axes.images[0].get_clim() for axes in figure.axes} == {(-reach, reach)}
    units = replace(reading, first=np.arange(1.0, 8.0, dtype=np.float32), layer="dense1")
    (axes,) = draw_figures.first_figure(units).axes
    assert axes.images[0].get_array().tolist() == [[1, 2, 3], [4, 5, 6], [7, 0, 0]]
    assert "7 units" in words(axes.figure)


def test_what_is_read_otherwise_is_red() -> None:
    amounts = AMOUNTS["rotation"]
    chances = np.eye(10, dtype=np.float32)[[4 if abs(amount) < 40 else 1 for amount in amounts]]
    figure = draw_figures.strip_figure(StripReading("rotation", 4, np.zeros((len(amounts), 28, 28), np.float32), chances), "A model.")
    red = [axes.get_title() for axes in figure.axes if axes.title.get_color() == "#b2182b"]
    assert red == ["−60° ki", "−45° ki", "+45° ki", "+60° ki"] and "A model." in words(figure)


def test_the_nearest_have_their_classes_and_distances() -> None:
    images, labels = strokes.generate(2, 4)
    figure = draw_figures.nearest_figure(Neighbours(np.arange(2), labels, np.array([0.5, 1.25], np.float32), images), "By whom.")
    assert [axes.get_title() for axes in figure.axes] == [f"{CLASSES[labels[0]].romaji} 0.50", f"{CLASSES[labels[1]].romaji} 1.25"]
    assert "By whom." in words(figure)


@given(st.sampled_from(sorted(AMOUNTS)), st.data())
def test_amounts_have_their_sign_and_unit(change: Change, data: st.DataObject) -> None:
    amount = data.draw(st.sampled_from(AMOUNTS[change]))
    text = amount_text(change, amount)
    assert text.startswith("×") if change == "scale" else text.endswith("°" if change == "rotation" else " px")
    assert float(text.strip("×° px").replace("−", "-")) == amount
