"""Longer work of the convolution tab as jobs for the worker: generators that yield their progress and can be stopped between two steps."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hw2gui import files
from hw2gui.arrays import Floats
from hw2gui.convolution.attention import PixelAttention
from hw2gui.convolution.attention_scene import resolve_attention
from hw2gui.convolution.entry import format_number
from hw2gui.convolution.formula import CheckResult, check_steps
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.convolution.scene import Scene, gradient
from hw2gui.convolution.state import ConvolutionState
from hw2gui.convolution.transpose import backproject, nudge
from hw2gui.convolution.window import convolve
from hw2gui.errors import UnavailableError
from hw2gui.steps import retold

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Progress:
    """The part done, 0 to 1."""

    share: float


def check_formula(text: str) -> Generator[Progress, None, CheckResult]:
    """Compare the formula *text* with the truth on every small setting. Raises InputError for what is no formula."""
    return (yield from retold(check_steps(text), Progress))


def save_matrix(matrix: ConvolutionMatrix, path: str) -> int:
    """Write *matrix* to *path* as ``scipy.sparse.load_npz`` reads it, whole or not at all, and answer the number of stored entries.

    Raises :class:`UnavailableError` for a matrix too large to be listed and for a file that cannot be written.
    """
    from scipy.sparse import save_npz

    sparse = matrix.sparse()
    target = Path(path)
    try:
        with files.replacing(target) as temporary, temporary.open("wb") as stream:
            save_npz(stream, sparse)
    except OSError as error:
        raise UnavailableError(f"{target} cannot be written ({error.strerror}): choose another place.") from error
    return int(sparse.nnz)


def save_picture(which: str, path: str, state: ConvolutionState, image: Floats, attribution: str) -> None:
    """Draw the picture *which* ("image", "kernel", "output", "matrix", "whole", "row", "attention input", "attention output", "attention",
    "tone curve") of *state* with the pixels *image* and write it to *path*, in the format its suffix names.

    Raises :class:`InputError` for another suffix, :class:`UnavailableError` for a file that cannot be written.
    """
    from hw2gui.figures import save

    save(_attention_figure(which, state, image, attribution) or _convolution_figure(which, state, image, attribution), Path(path))


def save_nudge(path: str, state: ConvolutionState, image: Floats, pixel: tuple[int, int]) -> None:
    """Draw how z moves when *pixel* (row, column from 0) of *image* grows by the state's nudge, and write it to *path*.

    Raises as :func:`save_picture`.
    """
    from hw2gui.convolution import figures
    from hw2gui.figures import save

    matrix = ConvolutionMatrix(state.geometry, state.kernel)
    moved, _ = nudge(image, matrix.kernel, matrix.geometry, pixel, state.nudge)
    row, column = (index + state.base for index in pixel)
    name = f"Δz for x({row}, {column}) + {format_number(state.nudge)}"
    save(figures.signed_figure(moved, "Δz", name, matrix, state.base), Path(path))


def _convolution_figure(which: str, state: ConvolutionState, image: Floats, attribution: str) -> Figure:
    from hw2gui.convolution import figures

    matrix = ConvolutionMatrix(state.geometry, state.kernel)
    output = convolve(image, matrix.kernel, matrix.geometry)
    if state.transposed:
        return _transposed_figure(which, state, Scene(matrix.geometry, image, matrix, output, state.base))
    if which == "whole":
        return figures.scene_figure(image, matrix, output, state.base, attribution)
    if which == "kernel":
        return figures.kernel_figure(matrix, state.base)
    if which == "matrix":
        return figures.matrix_figure(matrix, state.base)
    if which == "output":
        return figures.output_figure(output, matrix, state.base)
    return figures.image_figure(image, "x", state.base, attribution)


def _transposed_figure(which: str, state: ConvolutionState, scene: Scene) -> Figure:
    """While Mᵀ is on screen: g where z was, Mᵀg where x was."""
    from hw2gui.convolution import figures

    g, matrix, base = gradient(state, scene), scene.matrix, scene.base
    name = "g = z" if state.gradient == "output" else "g"
    if which == "kernel":
        return figures.kernel_figure(matrix, base)
    if which == "matrix":
        return figures.matrix_figure(matrix, base, transposed=True)
    if which == "output":
        return figures.signed_figure(g, name, name, matrix, base)
    back = backproject(g, scene.kernel, scene.geometry)
    if which == "whole":
        return figures.transposed_figure(g, name, matrix, back, base)
    return figures.signed_figure(back, "Mᵀg", f"Mᵀg, {name},", matrix, base)


def _attention_figure(which: str, state: ConvolutionState, image: Floats, attribution: str) -> Figure | None:
    from hw2gui.convolution import figures

    if which not in ("row", "attention input", "attention output", "attention", "tone curve"):
        return None
    scene = resolve_attention(state, image)
    attention = scene.attention
    if which == "attention":
        return figures.stage_figure(attention, state.stage, attribution)
    if which == "tone curve":
        return figures.tone_curve_figure(attention, attribution)
    if which == "attention input":
        return figures.image_figure(scene.image, "x", state.base, attribution)
    if which == "attention output":
        return figures.image_figure(scene.output, "Z", state.base, attribution)
    return figures.attention_row_figure(attention, probed_row(state, attention), state.base, attribution)


def probed_row(state: ConvolutionState, attention: PixelAttention) -> int:
    """The row of P that is painted when nothing is pointed at: the pinned pixel's, else the brightest pixel's. From 0."""
    pin, (height, width) = state.pinned, attention.shape
    if pin is None:
        return int(np.argmax(attention.vector))
    if pin.view == "matrix":
        return pin.row
    return pin.row * width + pin.column if state.order == "row" else pin.column * height + pin.row
