"""The cell under the pointer while Mᵀ is on screen: what reaches a pixel of Mᵀg, and where a cell of g is laid back to; as HTML."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hw2gui.convolution.entry import format_number
from hw2gui.convolution.explain import explain, format_short
from hw2gui.convolution.links import Probe
from hw2gui.convolution.scene import Scene

Floats = NDArray[np.float64]

MOST_TERMS = 12
"""More products than this are counted, not listed."""

IDLE = (
    "<p><b>Point at any cell</b> of Mᵀg, w, g or Mᵀ: its partners light up in the other views and its formula appears here. "
    "Click to pin it; arrow keys walk, Esc lets go.</p>"
    "<p>Mᵀ is M with rows and columns exchanged: row j tells which cells of z read pixel j, with what weight. So vec(Mᵀg) = Mᵀ vec(g) "
    "sends each value of g back to the pixels it was computed from.</p>"
)


def explain_transposed(scene: Scene, g: Floats, probe: Probe | None, *, dark: bool = False) -> str:
    """What the cell *probe* is, with *g* (H', W') where z was, Mᵀg where x was and Mᵀ where M was; rows and columns of *probe* are M's."""
    if probe is None:
        return IDLE
    if probe.view == "image":
        return _pixel(scene, g, probe.row, probe.column)
    if probe.view == "output":
        return _cell(scene, g, probe.row, probe.column)
    if probe.view == "matrix":
        b = scene.base
        head = f"<p>Row {probe.column + b}, column {probe.row + b} of Mᵀ is row {probe.row + b}, column {probe.column + b} of M:</p>"
        return head + explain(scene, probe, dark=dark)
    return explain(scene, probe, dark=dark)


def _pixel(scene: Scene, g: Floats, gamma: int, delta: int) -> str:
    """One cell of Mᵀg: the sum over the outputs that read its pixel."""
    b, geometry = scene.base, scene.geometry
    column = geometry.column_of_pixel(gamma, delta)
    rows, weights = scene.matrix.column(column)
    values = geometry.vec(g)[rows]
    total = float(weights @ values)
    head = (
        f"<p><b>(Mᵀg)({gamma + b}, {delta + b}) = {format_number(total)}</b> &nbsp;<i>entry {column + b} of vec(Mᵀg): row {column + b} of "
        "Mᵀ times vec(g)</i></p>"
    )
    if not len(rows):
        return head + "<p>No window reads this pixel: nothing comes back to it.</p>"
    terms = list(zip(rows.tolist(), weights.tolist(), values.tolist(), strict=True))
    listed = ", ".join(_term(*geometry.output_index(row), weight, value, b) for row, weight, value in terms[:MOST_TERMS])
    more = f", … ({len(terms) - MOST_TERMS} more)" if len(terms) > MOST_TERMS else ""
    cells = "cell of z reads it: its" if len(terms) == 1 else "cells of z read it: their"
    return f"{head}<p><b>{len(terms)}</b> {cells} g, times the weight each read it with, comes back.</p><p>w · g: {listed}{more}</p>"


def _term(alpha: int, beta: int, weight: float, value: float, base: int) -> str:
    # A line does not end within a product.
    return f"{format_short(weight)}&nbsp;·&nbsp;{format_short(value)}&nbsp;<i>(z({alpha + base},&nbsp;{beta + base}))</i>"


def _cell(scene: Scene, g: Floats, alpha: int, beta: int) -> str:
    """One cell of g: it lays the kernel back."""
    b, geometry = scene.base, scene.geometry
    row = geometry.row_of_output(alpha, beta)
    columns, _ = scene.matrix.row(row)
    value = float(g[alpha, beta])
    return (
        f"<p><b>g({alpha + b}, {beta + b}) = {format_number(value)}</b> &nbsp;<i>entry {row + b} of vec(g): column {row + b} of Mᵀ</i></p>"
        f"<p>It lays the kernel, times {format_short(value)}, back onto the <b>{len(columns):,}</b> pixels that z({alpha + b}, {beta + b}) "
        "was computed from. Where such windows overlap, their contributions add up.</p>"
    )
