"""The programs that make what the convolution tab shows."""

from __future__ import annotations

from hw2gui.convolution import images, snippets
from hw2gui.convolution.attention_scene import resolve_attention
from hw2gui.convolution.scene import resolve, single_cell
from hw2gui.convolution.snippet_lines import Gradient
from hw2gui.convolution.state import ConvolutionState


def programs(state: ConvolutionState) -> tuple[tuple[str, str], ...]:
    """(what it is, source) of each. Raises what loading the image raises."""
    pixels = images.load(state.image, state.height, state.width).pixels
    if state.mode == "attention":
        attention = resolve_attention(state, pixels).attention
        return ("NumPy: P and Z", snippets.attention_numpy(attention)), ("PyTorch: Z", snippets.attention_torch(attention))
    scene = resolve(state, pixels)
    if state.transposed:
        chosen = Gradient(state.gradient, single_cell(state, scene))
        return (
            ("NumPy: Mᵀ and the gradient", snippets.convolution_numpy(scene.matrix, scene.image, chosen)),
            ("PyTorch: the gradient by autograd", snippets.convolution_torch(scene.matrix, scene.image, chosen)),
        )
    return (
        ("NumPy: M and z", snippets.convolution_numpy(scene.matrix, scene.image)),
        ("PyTorch: conv2d and its Jacobian", snippets.convolution_torch(scene.matrix, scene.image)),
    )
