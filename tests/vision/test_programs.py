"""The programs of the characters tab make what is on screen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hw2gui.errors import InputError
from hw2gui.vision import tasks
from hw2gui.vision.pen import drawn
from hw2gui.vision.programs import programs
from hw2gui.vision.state import VisionState
from tests.programs import run

LOOK = VisionState(page="inside", source="strokes", index=7)


@pytest.mark.parametrize("model", ["shipped", "homework"])
@pytest.mark.parametrize("pinned", [None, ("conv1", 3, 0, 27), ("conv2", 2, 5, 5), ("relu1", 0, 1, 1)])
def test_a_test_image_is_read_and_one_value_is_what_the_view_shows(model: str, pinned: tuple[str, int, int, int] | None) -> None:
    state = replace(LOOK, model=model, pinned=pinned)
    sources = dict(programs(state))
    look = tasks.look(state.looked_at)
    assert look is not None
    read = run(sources["Forward pass"])
    assert np.abs(read["p"].numpy() - look.inside.probabilities).max() < 1e-5
    names = run(sources["One value of a map"])
    stage = pinned[0] if pinned and pinned[0].startswith("conv") else "conv1"
    shown = look.inside.of(stage)[names["channel"], names["row"], names["column"]]
    assert abs(names["value"] - shown) < 1e-4 and abs(names["whole"] - shown) < 1e-4
    if stage != "conv1" or (pinned and pinned[0] == "conv1"):
        assert pinned is not None and (names["channel"], names["row"], names["column"]) == pinned[1:]


@pytest.mark.parametrize("explained", [None, 3])
def test_saliency_is_the_view_s(explained: int | None) -> None:
    names = run(dict(programs(replace(LOOK, explained=explained)))["Saliency"])
    found = tasks.attribute(LOOK.looked_at, "saliency", explained)
    assert found is not None and names["label"] == found.label
    assert np.abs(names["slope"][0, 0].numpy() - found.values).max() < 1e-4


def test_a_drawing_is_read_as_on_the_pad_and_an_empty_one_is_not() -> None:
    state = VisionState(drawing=drawn(4))
    reading = tasks.read_drawing(state.model, state.drawing, state.steps)
    assert reading is not None
    assert np.abs(run(dict(programs(state))["Forward pass"])["p"].numpy() - reading.probabilities).max() < 1e-5
    with pytest.raises(InputError, match="pad is empty"):
        programs(VisionState())
