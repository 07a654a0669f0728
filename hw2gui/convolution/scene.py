"""What is on screen, computed from what was chosen: :func:`resolve` is pure, its result frozen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hw2gui.arrays import Floats
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.convolution.state import ConvolutionState
from hw2gui.convolution.window import convolve

INLINE_PRODUCTS = 2_000_000
"""Up to so many products z is computed at once (a few milliseconds); more go to the worker."""


@dataclass(frozen=True, eq=False)
class Scene:
    """One convolution: x (H, W), w (M, N), M in closed form, and z (H', W') once it is computed."""

    geometry: Geometry
    image: Floats
    matrix: ConvolutionMatrix
    output: Floats | None
    base: int

    @property
    def kernel(self) -> Floats:
        """The weights w (M, N)."""
        return self.matrix.kernel

    @property
    def heavy(self) -> bool:
        """Whether z is too much for the window's own thread."""
        return products(self.geometry) > INLINE_PRODUCTS


def gradient(state: ConvolutionState, scene: Scene) -> Floats:
    """g, shape (H', W'), as chosen for Mᵀg; zeros while z is not computed yet."""
    shape = scene.geometry.output_shape
    if state.gradient == "ones":
        return np.ones(shape)
    if state.gradient == "single":
        g = np.zeros(shape)
        g[single_cell(state, scene)] = 1.0
        return g
    return scene.output if scene.output is not None else np.zeros(shape)


def single_cell(state: ConvolutionState, scene: Scene) -> tuple[int, int]:
    """Where g is 1 if it is at one output cell alone: the pinned one, else the middle."""
    pin, (height, width) = state.pinned, scene.geometry.output_shape
    return (pin.row, pin.column) if pin is not None and pin.view == "output" else (height // 2, width // 2)


def products(geometry: Geometry) -> int:
    """Multiplications in z = w ∗ x, padding included."""
    return geometry.matrix_rows * geometry.kernel_height * geometry.kernel_width


def resolve(state: ConvolutionState, image: Floats) -> Scene:
    """The scene of *state* with the pixels *image*; z is left out when it is heavy."""
    geometry = state.geometry
    matrix = ConvolutionMatrix(geometry, state.kernel)
    output = convolve(image, matrix.kernel, geometry) if products(geometry) <= INLINE_PRODUCTS else None
    return Scene(geometry, image, matrix, output, state.base)
