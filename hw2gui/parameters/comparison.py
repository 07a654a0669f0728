"""Two networks over one axis: who they are, where the axis runs, what both come to at one value, and what is true of "fewer parameters"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hw2gui.errors import InputError
from hw2gui.parameters.analysis import Analysis, analyse
from hw2gui.parameters.architecture import Architecture
from hw2gui.parameters.growth import VARIABLES, Curve, Family, Twin, Variable, break_even, family, grow, sample_values, step_of, value_of
from hw2gui.parameters.growth import BreakEven as Crossing
from hw2gui.parameters.layers import MAX_SIZE, Linear
from hw2gui.parameters.presets import PRESETS, dense
from hw2gui.parameters.state import SAME_OUTPUT, SAME_WIDTHS, STACK, ParametersState
from hw2gui.parameters.twins import Comparison, compare, quantity, same_output_twin, same_widths_twin, times_text

TWINS: dict[str, tuple[Twin, str]] = {
    SAME_WIDTHS: (same_widths_twin, "fully connected, same widths"),
    SAME_OUTPUT: (same_output_twin, "fully connected, same output"),
}
POINTS = 48
AXIS_BELOW, AXIS_ABOVE = 4, 16
"""The axis runs from a quarter of the network's own value to sixteen times it."""
LARGEST_AXIS = 100_000
HIDDEN_ALONE = 512
"""The one hidden layer that the homework's claim fails against."""


@dataclass(frozen=True, eq=False)
class Rival:
    """One of the two: what it is called and how it follows the axis."""

    title: str
    architecture: Architecture
    variable: Variable
    twin: Twin | None

    @property
    def family(self) -> Family:
        """The network at each value. Raises :class:`InputError` where the variable does not apply to it."""
        return family(self.architecture, self.variable, self.twin)

    def curve(self, values: tuple[int, ...], state: ParametersState) -> Curve:
        """Its totals at *values*."""
        return grow(self.architecture, self.variable, values, state.batch, state.ignore_biases, self.twin)


def rivals(state: ParametersState) -> tuple[Rival, Rival]:
    """Both networks as chosen. Raises :class:`InputError` where the first has no such twin."""
    first = _network(state, state.first)
    if state.second in TWINS:
        twin, _ = TWINS[state.second]
        second = Rival(_layer_widths(twin(first)) or twin(first).name, first, state.variable, twin)
    else:
        other = _network(state, state.second)
        second = Rival(other.name, other, state.variable, None)
    return Rival(first.name, first, state.variable, None), second


def _network(state: ParametersState, key: str) -> Architecture:
    return state.architecture if key == STACK else PRESETS[key].build()


def _layer_widths(architecture: Architecture) -> str:
    """``784-600-120-10`` for a network of fully connected layers."""
    widths = [layer.out_features for layer in architecture.layers if isinstance(layer, Linear)]
    return "-".join(map(str, (architecture.input.elements, *widths)))


@dataclass(frozen=True, slots=True)
class Axis:
    """Where a comparison's value may lie, why it stops there, and where the first network itself is."""

    own: int
    low: int
    high: int
    step: int
    why_low: str
    why_high: str


def variable_problem(state: ParametersState, variable: Variable) -> str:
    """Why *variable* cannot grow in one of the two networks, or "" where it can in both."""
    try:
        for rival in rivals(state):
            value_of(rival.architecture, variable)
    except InputError as error:
        return str(error)
    return ""


def axis(first: Rival, second: Rival) -> Axis:
    """The values around the first network's own at which both networks fit. Raises :class:`InputError` where there are none."""
    variable = first.variable
    own = value_of(first.architecture, variable)
    value_of(second.architecture, variable)
    builds = (first.family, second.family)
    if why := _misfit(builds, own):
        raise InputError(why)
    step = max(step_of(first.architecture, variable), step_of(second.architecture, variable))
    low, why_low = _last_fitting(builds, own, max(1, own // AXIS_BELOW), f"a quarter of the network's own {own:,}")
    high, why_high = _last_fitting(
        builds, own, max(own + 1, min(own * AXIS_ABOVE, LARGEST_AXIS, MAX_SIZE)), f"the end of the axis; the network's own is {own:,}"
    )
    return Axis(own, low, high, step, why_low, why_high)


def _last_fitting(builds: tuple[Family, ...], good: int, end: int, reason: str) -> tuple[int, str]:
    """The last value from *good* towards *end* at which all fit, by bisection, and why it is the last."""
    why = _misfit(builds, end)
    if not why:
        return end, reason
    bad = end
    while abs(bad - good) > 1:
        middle = (good + bad) // 2
        found = _misfit(builds, middle)
        if found:
            bad, why = middle, found
        else:
            good = middle
    return good, f"beyond it {why.rstrip('.')}"


def _misfit(builds: tuple[Family, ...], value: int) -> str:
    for build in builds:
        try:
            analysis = analyse(build(value))
        except InputError as error:
            return str(error)
        if analysis.error is not None:
            return analysis.error.sentence
    return ""


@dataclass(frozen=True, eq=False)
class Duel:
    """Both networks at one value of the axis."""

    rivals: tuple[Rival, Rival]
    axis: Axis
    value: int
    first: Analysis
    second: Analysis
    comparison: Comparison

    @property
    def titles(self) -> tuple[str, str]:
        """What both are called at this value: fully connected ones by their widths."""
        first, second = self.rivals
        return first.title, (_layer_widths(self.second.architecture) if second.twin else "") or second.title

    @property
    def sentence(self) -> str:
        """Which has more and how many times."""
        return self.comparison.sentence(*self.titles)


def duel(state: ParametersState) -> Duel:
    """Both networks at the state's value (put into the axis where it lies outside). Raises :class:`InputError` where they cannot be compared."""
    first, second = rivals(state)
    span = axis(first, second)
    value = min(max(state.value if state.value is not None else span.own, span.low), span.high)
    one, other = (_analysis(rival, value, state) for rival in (first, second))
    return Duel((first, second), span, value, one, other, compare(one, other, state.quantity))


def _analysis(rival: Rival, value: int, state: ParametersState) -> Analysis:
    analysis = analyse(rival.family(value), state.batch, state.ignore_biases)
    if analysis.error is not None:
        raise InputError(f"{rival.title}: {analysis.error.sentence}")
    return analysis


@dataclass(frozen=True)
class Growth:
    """Both curves over the axis, and where they cross."""

    curves: tuple[Curve, ...]
    crossings: tuple[Crossing, ...]


def growth(state: ParametersState) -> Growth:
    """Both networks over the whole axis, exact at every point: work for the worker."""
    first, second = rivals(state)
    span = axis(first, second)
    values = sample_values(span.low, span.high, POINTS, span.step)
    curves = tuple(rival.curve(values, state) for rival in (first, second))
    crossings = break_even(first.family, second.family, values, state.quantity, state.ignore_biases) if state.quantity != "memory" else ()
    return Growth(curves, crossings)


# --- the homework's claim ------------------------------------------------------------------------------------------------------

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
        _claim(mine, f"the same widths, {_layer_widths(widths.architecture)}", widths.totals.parameters),
        _claim(mine, f"one layer for the convolutions, {_layer_widths(output.architecture)}", output.totals.parameters),
        _claim(mine, f"one hidden layer, {_layer_widths(lonely.architecture)}", lonely.totals.parameters),
    ]
    hidden = _break_even_width(network, classes)
    if hidden is not None:
        parameters = _one_hidden(network, hidden, classes).totals.parameters
        found.append(
            Claim(
                "note",
                f"one hidden layer of {hidden:,}",
                parameters,
                f"Up to {hidden:,} hidden units a fully connected network is the smaller one.",
            )
        )
    share = network.share_of("Linear")
    dense_part = sum(row.parameters for row in network.rows if row.kind == "Linear")
    found.append(
        Claim("note", "itself", dense_part, f"{_percent(float(share))} of the CNN's own parameters are in its fully connected layers.")
    )
    return tuple(found)


def _claim(mine: int, against: str, theirs: int) -> Claim:
    if mine == theirs or not min(mine, theirs):
        return Claim("note", against, theirs, "Equally many." if mine == theirs else "One of the two has none.")
    more, less = max(mine, theirs), min(mine, theirs)
    from fractions import Fraction

    ratio = times_text(Fraction(more, less))
    return (
        Claim("true", against, theirs, f"The CNN has fewer: it has {ratio} as many.")
        if theirs > mine
        else Claim("false", against, theirs, f"The CNN has more, {ratio} as many.")
    )


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


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def axis_name(variable: Variable) -> str:
    """What the axis is called."""
    return VARIABLES[variable]


def totals_of(analysis: Analysis, state: ParametersState) -> int:
    """The chosen quantity of *analysis*."""
    return quantity(analysis, state.quantity)
