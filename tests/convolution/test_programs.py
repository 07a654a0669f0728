"""The programs of the convolution tab make what is on screen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hw2gui.convolution import images
from hw2gui.convolution.programs import programs
from hw2gui.convolution.scene import gradient, resolve
from hw2gui.convolution.state import ConvolutionState, Pin
from hw2gui.convolution.transpose import backproject
from tests.programs import run


def test_m_and_z_are_the_scenes() -> None:
    state = replace(ConvolutionState(), stride=2, padding="same")
    scene = resolve(state, images.load(state.image, state.height, state.width).pixels)
    (_, with_numpy), (_, with_torch) = programs(state)
    names = run(with_numpy)
    assert np.array_equal(names["matrix"], scene.matrix.dense()) and np.allclose(names["z"], scene.output)
    assert np.allclose(run(with_torch)["matrix"], scene.matrix.dense())


def test_while_the_transpose_is_on_screen_the_programs_are_of_it() -> None:
    state = replace(ConvolutionState(), transposed=True, order="column", stride=2)
    pixels = images.load(state.image, state.height, state.width).pixels
    for chosen in (state, replace(state, gradient="ones"), replace(state, gradient="single", pinned=Pin("output", 3, 4))):
        expected = backproject(gradient(chosen, resolve(chosen, pixels)), chosen.kernel, chosen.geometry)
        for _, source in programs(chosen):
            assert np.allclose(run(source)["gradient"].tolist(), expected)


def test_attention_is_the_pages() -> None:
    (_, with_numpy), (_, with_torch) = programs(replace(ConvolutionState(), mode="attention"))
    assert run(with_numpy) and run(with_torch)
