"""What is true of "a CNN has fewer parameters than a fully connected network", computed for the network at hand."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from hw2gui.parameters.analysis import Analysis, analyse
from hw2gui.parameters.comparison import layer_widths
from hw2gui.parameters.layers import MAX_SIZE
from hw2gui.parameters.presets import dense
from hw2gui.parameters.tables import share_text
from hw2gui.parameters.twins import same_output_twin, same_widths_twin, times_text

HIDDEN_ALONE = 512
"""The one hidden layer that the homework's claim fails against."""

Verdict = Literal["true", "false", "note"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One way to read "a CNN has fewer parameters", computed."""

    verdict: Verdict
    against: str
    parameters: int
    sentence: str


def claims(network: Analysis) -> tuple[Claim, ...]:
    """What is true of "this CNN has fewer parameters than a fully connected network".

    At matched widths, with the convolutions replaced at the same output, against one hidden layer, and where its own parameters are.
    Raises :class:`InputError` for a network that is no CNN with fully connected layers.
    """
    mine = network.totals.parameters
    widths = analyse(same_widths_twin(network.architecture), 1, network.ignore_biases)
    output = analyse(same_output_twin(network.architecture), 1, network.ignore_biases)
    classes = network.output.sizes[-1]
    lonely = _one_hidden(network, HIDDEN_ALONE, classes)
    found = [
        _claim(mine, f"the same widths, {layer_widths(widths.architecture)}", widths.totals.parameters),
        _claim(mine, f"one layer for the convolutions, {layer_widths(output.architecture)}", output.totals.parameters),
        _claim(mine, f"one hidden layer, {layer_widths(lonely.architecture)}", lonely.totals.parameters),
    ]
    hidden = _break_even_width(network, classes)
    if hidden is not None:
        parameters = _one_hidden(network, hidden, classes).totals.parameters
        found.append(
            Claim(
                "note",
                f"one hidden layer of {hidden:,}",
                parameters,
                "The widest with fewer than the CNN.",
            )
        )
    share = network.share_of("Linear")
    dense_part = sum(row.parameters for row in network.rows if row.kind == "Linear")
    found.append(Claim("note", "its own fully connected layers", dense_part, f"{share_text(share)} of the CNN itself is fully connected."))
    return tuple(found)


def _claim(mine: int, against: str, theirs: int) -> Claim:
    if mine == theirs or not min(mine, theirs):
        return Claim("note", against, theirs, "Equally many." if mine == theirs else "One of the two has none.")
    more, less = max(mine, theirs), min(mine, theirs)
    ratio = times_text(Fraction(more, less))
    if theirs > mine:
        return Claim("true", against, theirs, f"{ratio} the CNN's.")
    return Claim("false", against, theirs, f"Fewer: the CNN has {ratio} as many.")


def _one_hidden(network: Analysis, hidden: int, classes: int) -> Analysis:
    return analyse(dense(hidden, classes, image=network.architecture.input), 1, network.ignore_biases)


def _break_even_width(network: Analysis, classes: int) -> int | None:
    """The widest single hidden layer with fewer parameters than *network*; None where even one unit has as many."""
    mine = network.totals.parameters

    def smaller(hidden: int) -> bool:
        return _one_hidden(network, hidden, classes).totals.parameters < mine

    if not smaller(1):
        return None
    low, high = 1, 2
    while smaller(high):
        if high >= MAX_SIZE // 2:
            return None
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if smaller(middle) else (low, middle)
    return low
