"""How far each control may move, given the present state."""

from __future__ import annotations

from hw2gui.convolution.limits import Limits, limits
from hw2gui.convolution.state import ConvolutionState


def limits_of(now: ConvolutionState) -> Limits:
    """The range of every control while the others stay as they are in *now*."""
    return limits(
        now.height,
        now.width,
        *now.kernel_shape,
        stride=now.stride,
        padding="same" if now.padding == "same" else now.chosen_padding,
        dilation=now.dilation,
    )
