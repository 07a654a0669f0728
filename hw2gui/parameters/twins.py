"""The fully connected networks to hold against a convolutional one, and the comparison in exact numbers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from hw2gui.errors import InputError
from hw2gui.parameters.analysis import Analysis
from hw2gui.parameters.architecture import Architecture, trace
from hw2gui.parameters.layers import Flatten, Linear, ReLU

Quantity = Literal["parameters", "macs", "memory"]
QUANTITIES: dict[Quantity, str] = {"parameters": "parameters", "macs": "multiply–adds", "memory": "bytes of memory"}
"""What can be compared and plotted, and how it is called. Memory: parameters and the batch's activations together, in float32."""


def same_output_twin(architecture: Architecture) -> Architecture:
    """The network with everything before its first Flatten replaced by one fully connected layer of the same output size and a ReLU.

    Question 1.1c's replacement. Raises :class:`InputError` where there is no such part or it does not fit.
    """
    at = _first_flatten(architecture)
    steps, misfit = trace(architecture)
    if misfit is not None and misfit.index <= at:
        raise InputError(f"{architecture.names[misfit.index]} {misfit.error.sentence}; mend it first.")
    widest = steps[at].output.elements
    front = (Flatten(), Linear(widest), ReLU())
    return Architecture(_twin_name(architecture), architecture.input, (*front, *architecture.layers[at + 1 :]))


def same_widths_twin(architecture: Architecture) -> Architecture:
    """The network's fully connected layers alone, with their activations, on the flattened image.

    For the homework's CNN: 784-600-120-10. Raises :class:`InputError` where there is no fully connected layer after a Flatten.
    """
    at = _first_flatten(architecture)
    after = architecture.layers[at + 1 :]
    if not any(isinstance(layer, Linear) for layer in after):
        raise InputError("no fully connected layer comes after the Flatten; add one to have a fully connected twin.")
    kept = tuple(layer.changed(in_features=0) if isinstance(layer, Linear) else layer for layer in after)
    return Architecture(_twin_name(architecture), architecture.input, (Flatten(), *kept))


def _first_flatten(architecture: Architecture) -> int:
    if architecture.input.form == "image":
        for index, layer in enumerate(architecture.layers):
            if isinstance(layer, Flatten) and layer.into == "vector":
                return index
    raise InputError("only a network that flattens an image has a fully connected twin; choose one that does, or add a Flatten.")


def _twin_name(architecture: Architecture) -> str:
    return f"{architecture.name[:60]} (fully connected)"


def quantity(analysis: Analysis, which: Quantity) -> int:
    """One total of *analysis*, exact."""
    totals = analysis.totals
    return {"parameters": totals.parameters, "macs": totals.macs, "memory": totals.parameter_bytes + totals.activation_bytes}[which]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two totals of one quantity."""

    which: Quantity
    first: int
    second: int

    @property
    def ratio(self) -> Fraction | None:
        """How many times the first the second is, exact; None where the first is 0."""
        return Fraction(self.second, self.first) if self.first else None

    def sentence(self, first: str, second: str) -> str:
        """Which of the two called *first* and *second* has more, and how many times: what is written between the tables."""
        what = QUANTITIES[self.which]
        if self.first == self.second:
            return f"{first} and {second} have equally many {what}: {self.first:,}."
        (less, small), (more, large) = sorted(((self.first, first), (self.second, second)))
        if less == 0:
            return f"{large} has {more:,} {what}, {small} none."
        return f"{large} has {times_text(Fraction(more, less))} the {what} of {small}: {more:,} against {less:,}."


def times_text(ratio: Fraction) -> str:
    """A ratio of 1 or more in three significant digits: ``1.29 times``, ``248 times``."""
    digits = f"{float(ratio):.3g}" if ratio < 1000 else f"{round(ratio):,}"
    return f"{digits} times"


def compare(first: Analysis, second: Analysis, which: Quantity = "parameters") -> Comparison:
    """*first* and *second* held against each other."""
    return Comparison(which, quantity(first, which), quantity(second, which))
