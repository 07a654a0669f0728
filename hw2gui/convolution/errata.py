"""Slips that are easily made when the answers are written down, and what each comes to at today's sizes: computed, not asserted.

They occur in a report of the homework's answers; square images and kernels hide most of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from hw2gui.convolution.formula import PRESETS, Case, wrong_entries
from hw2gui.convolution.geometry import Geometry

MAP_ENTRIES = 500_000
"""Up to so many entries of M the wrong ones are counted; once for each geometry, not for each kernel or picture."""


@dataclass(frozen=True)
class Slip:
    """What is sometimes written, what is right, and how they differ at these sizes."""

    written: str
    right: str
    here: str
    matters: bool
    """Whether it makes a difference at these sizes."""


@lru_cache(maxsize=64)
def slips(geometry: Geometry) -> tuple[Slip, ...]:
    """The slips at the sizes of *geometry*. They are about the homework's case: no padding, dilation 1, vec by rows."""
    height, width = geometry.image_shape
    kernel_height, kernel_width = geometry.kernel_shape
    if kernel_height > height or kernel_width > width:
        return ()
    case = Case(height, width, kernel_height, kernel_width, geometry.stride)
    return (_columns(case), _shape(case), *_divisors(case), *_sum_index(case))


def _columns(case: Case) -> Slip:
    _, columns = case.output
    written = (case.H - case.M) // case.s + 1
    here = (
        f"⌊({case.H}−{case.M})/{case.s}⌋+1 = {written}, but z has {columns} columns" if written != columns else f"both are {columns} here"
    )
    return Slip("z has ⌊(H−M)/s⌋+1 columns", "z has ⌊(W−N)/s⌋+1 columns", here, written != columns)


def _shape(case: Case) -> Slip:
    rows, columns = case.shape
    here = f"{columns:,} × {rows:,} cannot be applied to a vector of {columns:,}; M is {rows:,} × {columns:,}"
    if rows == columns:
        here = f"both are {rows:,} × {columns:,} here"
    return Slip("M is HW × H′W′", "M is H′W′ × HW: vec(z) = M vec(x)", here, rows != columns)


def _divisors(case: Case) -> tuple[Slip, ...]:
    """Dividing by the number of rows where rows are stacked."""
    rows, columns = case.shape
    if rows * columns > MAP_ENTRIES or case.s != 1:
        return ()
    text = next(preset.text for preset in PRESETS if preset.key == "report")
    wrong = int(np.count_nonzero(wrong_entries(text, case)))
    here = f"{wrong:,} of {rows * columns:,} entries of M come out wrong" if wrong else "no entry of M comes out wrong here"
    return (Slip("α = ⌊(i−1)/H′⌋+1, γ = ⌊(j−1)/H⌋+1", "divide by the number of columns, W′ and W", here, wrong > 0),)


def _sum_index(case: Case) -> tuple[Slip, ...]:
    """Reading x' at H(α−2+m) + (β−1+n) in place of W(α−2+m) + (β−1+n)."""
    if case.s != 1:
        return ()
    rows, _ = case.output
    alpha, m = np.arange(1, rows + 1)[:, None], np.arange(1, case.M + 1)
    off = int(np.count_nonzero((alpha - 2 + m) * (case.H - case.W)))
    products = rows * case.M
    share = f"{off:,} of the {products:,} rows of windows are read elsewhere" if off else "the same here, for H = W or a single row"
    return (Slip("z′ sums x′ at H(α−2+m)+(β−1+n)", "x′ at W(α−2+m)+(β−1+n)", share, off > 0),)
