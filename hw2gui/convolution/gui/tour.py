"""The convolution tab's interesting states, for the tour."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hw2gui.convolution import state
from hw2gui.convolution.formula import PRESETS
from hw2gui.convolution.state import ConvolutionState, ImageChoice, Pin
from hw2gui.widgets.tour import Stop

START = ConvolutionState()
SMALL = state.with_kernel_size(state.with_image(START, ImageChoice(kind="gradient"), 4, 6), 2, 2)


def _hover_entry(tab: Any) -> None:
    tab.page.matrix.show_cell((300, 435), 24.0)


def _look(tab: Any) -> None:
    tab.tools["toeplitz"].look.click()


STOPS = (
    Stop("start", "A character, a kernel, and the matrix that does the same work", lambda: START),
    Stop(
        "output-cell",
        "One cell of z as a sum of products, its row of M, its window on x",
        lambda: replace(START, pinned=Pin("output", 9, 6)),
    ),
    Stop("pixel", "One pixel: its column of M, and the output cells that use it", lambda: replace(START, pinned=Pin("image", 14, 12))),
    Stop("weight", "One weight, and every place where it stands in M", lambda: replace(START, pinned=Pin("kernel", 2, 3))),
    Stop("entry", "One entry of M, its formula with today's numbers", lambda: replace(START, pinned=Pin("matrix", 300, 435)), _hover_entry),
    Stop("small", "A small case, every number legible", lambda: replace(SMALL, pinned=Pin("matrix", 6, 8))),
    Stop("playing", "The window slides and M fills row by row", lambda: replace(START, position=200)),
    Stop(
        "stride-2", "Stride 2 is not Toeplitz: the pair that breaks it", lambda: replace(START, stride=2, padding="same", tool="toeplitz")
    ),
    Stop("toeplitz", "Where the diagonals of M break at stride 1", lambda: replace(START, tool="toeplitz"), _look),
    Stop("jacobian", "Nudge a pixel and watch z move", lambda: replace(START, tool="jacobian", pinned=Pin("image", 12, 14))),
    Stop("transpose", "The transposed convolution carries a gradient back", lambda: replace(START, tool="transpose", transposed=True)),
    Stop("formula", "The report's formula, and where it is wrong", lambda: replace(SMALL, tool="formula", formula=PRESETS[2].text)),
    Stop("code", "What is on screen as code", lambda: replace(SMALL, tool="code")),
    Stop(
        "huge",
        "A 1024 × 1024 image: a matrix of 10¹² entries, never stored",
        lambda: replace(state.with_image(START, ImageChoice(kind="random"), 1024, 1024), stride=1),
    ),
    Stop(
        "attention",
        "Attention over the same pixels: one row of P as an image",
        lambda: replace(START, mode="attention", pinned=Pin("image", 10, 19)),
    ),
    Stop(
        "attention-sharp",
        "A scaled image makes P sharp",
        lambda: replace(START, mode="attention", attention_scale=8.0, stage="probabilities", pinned=Pin("matrix", 264, 400)),
    ),
)
