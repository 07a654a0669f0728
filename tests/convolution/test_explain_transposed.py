"""The sentences about a cell and about M, held against the matrix itself."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.convolution.entry import format_number
from hw2gui.convolution.explain import explain
from hw2gui.convolution.explain_transposed import explain_transposed
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.links import Probe
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.convolution.scene import Scene
from hw2gui.convolution.window import convolve


def scene_of(geometry: Geometry, seed: int = 0, base: int = 1) -> Scene:
    draw = np.random.default_rng(seed)
    image, kernel = draw.normal(size=geometry.image_shape), draw.normal(size=geometry.kernel_shape)
    return Scene(geometry, image, ConvolutionMatrix(geometry, kernel), convolve(image, kernel, geometry), base)


@pytest.mark.parametrize("order", ["row", "column"])
@pytest.mark.parametrize(("kernel", "dilation"), [((3, 2), 1), ((2, 3), 2), ((3, 3), 1)])
def test_the_stripes_are_as_many_and_as_far_apart_as_is_said(kernel, dilation, order):
    geometry = replace(Geometry(9, 8, *kernel, dilation=dilation), order=order)
    text = explain(scene_of(geometry), None)
    # Where row 1 of M is not 0, cut where the gap is longer than a step within one line of the kernel.
    columns = np.flatnonzero(ConvolutionMatrix(geometry, np.ones(kernel)).dense()[0])
    starts = [columns[0], *columns[1:][np.diff(columns) > dilation]]
    stripes, apart = len(starts), int(np.diff(starts)[0])
    assert f"{stripes} of them" in text and f"{apart} columns apart" in text
    assert f"at most {len(columns)} lie" in text and ("row of w" if order == "row" else "column of w") in text


def test_one_line_of_weights_is_one_stripe():
    assert "single row" in explain(scene_of(Geometry(5, 6, 1, 3)), None)


@given(st.integers(0, 5), st.integers(0, 6), st.integers(1, 2), st.sampled_from([0, 1]), st.integers(0, 99))
def test_a_cell_of_the_transpose_is_what_reaches_it(gamma, delta, stride, base, seed):
    scene = scene_of(Geometry(6, 7, 2, 3, stride=stride), seed, base)
    g = np.random.default_rng(seed + 1).normal(size=scene.geometry.output_shape)
    column = scene.matrix.dense()[:, gamma * 7 + delta]
    text = explain_transposed(scene, g, Probe("image", gamma, delta))
    assert f"(Mᵀg)({gamma + base}, {delta + base}) = {format_number(float(column @ g.reshape(-1)))}" in text
    read = int((column != 0).sum())
    assert (f"<b>{read}</b>" in text and len(re.findall("&nbsp;·&nbsp;", text)) == read) if read else "No window" in text


def test_a_cell_of_g_and_an_entry_of_the_transpose_say_where_they_belong():
    scene = scene_of(Geometry(6, 7, 2, 3))
    g = np.arange(25.0).reshape(5, 5)
    cell = explain_transposed(scene, g, Probe("output", 1, 2))
    assert "g(2, 3) = 7" in cell and "column 8 of Mᵀ" in cell and "<b>6</b> pixels" in cell
    entry = explain_transposed(scene, g, Probe("matrix", 7, 9))
    assert "Row 10, column 8 of Mᵀ is row 8, column 10 of M" in entry and "M(8, 10)" in entry
    assert "Mᵀ" in explain_transposed(scene, g, None)
