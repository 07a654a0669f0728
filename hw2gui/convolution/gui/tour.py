"""The convolution tab's interesting states, for the tour."""

from __future__ import annotations

from hw2gui.convolution.state import ConvolutionState
from hw2gui.widgets.tour import Stop

STOPS = (
    Stop("start", "A character, a Sobel kernel, and the matrix that does the same work", ConvolutionState),
)
