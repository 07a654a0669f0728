"""The programs of the convolution tab make what is on screen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hw2gui.convolution import images
from hw2gui.convolution.programs import programs
from hw2gui.convolution.scene import resolve
from hw2gui.convolution.state import ConvolutionState
from tests.programs import run


def test_m_and_z_are_the_scenes() -> None:
    state = replace(ConvolutionState(), stride=2, padding="same")
    scene = resolve(state, images.load(state.image, state.height, state.width).pixels)
    (_, with_numpy), (_, with_torch) = programs(state)
    names = run(with_numpy)
    assert np.array_equal(names["matrix"], scene.matrix.dense()) and np.allclose(names["z"], scene.output)
    assert np.allclose(run(with_torch)["matrix"], scene.matrix.dense())


def test_attention_is_the_pages() -> None:
    (_, with_numpy), (_, with_torch) = programs(replace(ConvolutionState(), mode="attention"))
    assert run(with_numpy) and run(with_torch)
