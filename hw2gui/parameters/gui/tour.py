"""The parameters tab's interesting states, for the tour."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hw2gui.parameters import state
from hw2gui.parameters.layers import Conv2d, Linear
from hw2gui.parameters.state import ParametersState
from hw2gui.widgets.tour import Stop

START = ParametersState()
QUESTION_1 = replace(state.with_preset(START, "question1"), ignore_biases=True)
SEQ2SEQ = state.with_preset(START, "seq2seq")


def _misfit() -> ParametersState:
    """The CNN with a Linear layer before its Flatten."""
    return replace(state.with_architecture(START, START.architecture.inserted(6, Linear(64))), selected=None)


def _huge_kernel() -> ParametersState:
    return replace(state.with_layer(START, 3, Conv2d(16, (16, 16))), selected=3)


def _hover(tab: Any) -> None:
    tab.ladder_page.matrix._hover((27, 27))


STOPS = (
    Stop("start", "The homework's CNN, layer by layer", lambda: START),
    Stop("convolution", "A convolution opened: its fields in the stack, its formulas beside", lambda: replace(START, selected=3)),
    Stop("question-1", "Question 1 without biases", lambda: replace(QUESTION_1, selected=4, take_away="latex")),
    Stop("misfit", "A layer that does not fit, and two ways to mend it", _misfit),
    Stop("too-large", "A kernel larger than its image", _huge_kernel),
    Stop("seq2seq", "The encoder–decoder, its tied weight counted once", lambda: replace(SEQ2SEQ, take_away="pytorch")),
    Stop("lstm", "An LSTM gate by gate, with both of PyTorch's bias vectors", lambda: replace(SEQ2SEQ, selected=2, numbers="short")),
    Stop("resnet", "Residual blocks", lambda: replace(state.with_preset(START, "resnet"), selected=15)),
    Stop("twins", "The CNN against the same widths, fully connected", lambda: replace(START, page="twins")),
    Stop("twins-question-1", "Question 1: the replacement", lambda: replace(QUESTION_1, page="twins")),
    Stop("growth", "How both grow with the image's side", lambda: replace(QUESTION_1, page="growth", value=56)),
    Stop(
        "growth-break-even",
        "Where the CNN and one hidden layer of 512 change places",
        lambda: replace(START, page="growth", second="dense-512", take_away="markdown"),
    ),
    Stop("growth-hidden", "An LSTM's parameters grow like the square of its size", lambda: replace(SEQ2SEQ, page="growth")),
    Stop("ladder", "One kernel for all positions", lambda: replace(START, page="ladder"), _hover),
    Stop("ladder-local", "A kernel for every position", lambda: replace(START, page="ladder", rung="locally connected"), _hover),
    Stop("ladder-dense", "A weight for every pair", lambda: replace(START, page="ladder", rung="fully connected", picture_side=6)),
    Stop("ladder-real", "The matrix of the real layer", lambda: replace(START, page="ladder", picture_side=28, entry=(300, 300))),
)
