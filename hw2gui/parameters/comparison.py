"""Two networks over one axis: who they are, where the axis runs, what both come to at one value, and what is true of "fewer parameters"."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from itertools import chain

from hw2gui.errors import InputError
from hw2gui.parameters.analysis import Analysis, analyse
from hw2gui.parameters.architecture import Architecture, trace
from hw2gui.parameters.growth import (
    BreakEven,
    Curve,
    Family,
    Twin,
    Variable,
    break_even,
    family,
    grow,
    sample_values,
    step_of,
    value_of,
)
from hw2gui.parameters.layers import MAX_SIZE, Linear
from hw2gui.parameters.presets import PRESETS
from hw2gui.parameters.state import SAME_OUTPUT, SAME_WIDTHS, STACK, ParametersState
from hw2gui.parameters.twins import Comparison, compare, same_output_twin, same_widths_twin
from hw2gui.steps import finish

TWINS: dict[str, tuple[Twin, str]] = {
    SAME_WIDTHS: (same_widths_twin, "dense twin, same widths"),
    SAME_OUTPUT: (same_output_twin, "dense twin, same output"),
}
POINTS = 48
CHUNK = 8
AXIS_BELOW, AXIS_ABOVE = 4, 16
"""The axis runs from a quarter of the network's own value to sixteen times it."""
LARGEST_AXIS = 100_000


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

    def at(self, value: int) -> Architecture:
        """The network at *value*; at its own it is the network as it stands."""
        if value == value_of(self.architecture, self.variable):
            return self.architecture if self.twin is None else self.twin(self.architecture)
        return self.family(value)

    def curve(self, values: tuple[int, ...], state: ParametersState) -> Curve:
        """Its totals at *values*."""
        return grow(self.architecture, self.variable, values, state.batch, state.ignore_biases, self.twin)


def rivals(state: ParametersState) -> tuple[Rival, Rival]:
    """Both networks as chosen. Raises :class:`InputError` where the first has no such twin."""
    first = _network(state, state.first)
    if state.second in TWINS:
        twin, _ = TWINS[state.second]
        second = Rival(layer_widths(twin(first)) or twin(first).name, first, state.variable, twin)
    else:
        other = _network(state, state.second)
        second = Rival(other.name, other, state.variable, None)
    return Rival(first.name, first, state.variable, None), second


def _network(state: ParametersState, key: str) -> Architecture:
    return state.architecture if key == STACK else PRESETS[key].build()


def layer_widths(architecture: Architecture) -> str:
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


def variable_problem(pair: tuple[Rival, Rival], variable: Variable) -> str:
    """Why *variable* cannot grow in one of the two networks, or "" where it can in both."""
    try:
        for rival in pair:
            value_of(rival.architecture, variable)
    except InputError as error:
        return str(error)
    return ""


def rough_axis(first: Rival, second: Rival) -> Axis:
    """The axis before it is known where a network stops fitting: found at once, at any size of the stack."""
    variable = first.variable
    own = value_of(first.architecture, variable)
    value_of(second.architecture, variable)
    step = max(step_of(first.architecture, variable), step_of(second.architecture, variable))
    low, high = max(1, own // AXIS_BELOW), max(own + 1, min(own * AXIS_ABOVE, max(LARGEST_AXIS, own)))
    ends = (f"a quarter of the network's own {own:,}", f"the end of the axis; the network's own is {own:,}")
    return Axis(own, low, min(high, MAX_SIZE), step, *ends)


def axis(first: Rival, second: Rival) -> Axis:
    """The values around the first network's own at which both networks fit. Raises :class:`InputError` where there are none."""
    rough = rough_axis(first, second)
    builds = (first.family, second.family)
    if why := _misfit(builds, rough.own):
        raise InputError(why)
    low, why_low = _last_fitting(builds, rough.own, rough.low, rough.why_low)
    high, why_high = _last_fitting(builds, rough.own, rough.high, rough.why_high)
    return replace(rough, low=low, high=high, why_low=why_low, why_high=why_high)


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
            architecture = build(value)
            _, misfit = trace(architecture)
        except InputError as error:
            return str(error)
        if misfit is not None:
            return f"{architecture.names[misfit.index]} {misfit.error.sentence}"
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
        return first.title, (layer_widths(self.second.architecture) if second.twin else "") or second.title

    @property
    def sentence(self) -> str:
        """Which has more and how many times."""
        return self.comparison.sentence(*self.titles)


def duel(state: ParametersState, span: Axis | None = None, known: Analysis | None = None) -> Duel:
    """Both networks at the state's value, put into *span* (the :func:`axis`, where it is known) if it lies outside.

    *known* are the counts of the state's own stack, where they are at hand.

    Raises :class:`InputError` where they cannot be compared.
    """
    first, second = rivals(state)
    span = span or rough_axis(first, second)
    value = min(max(state.value if state.value is not None else span.own, span.low), span.high)
    one, other = (_analysis(rival, value, state, known) for rival in (first, second))
    return Duel((first, second), span, value, one, other, compare(one, other, state.quantity))


def _analysis(rival: Rival, value: int, state: ParametersState, known: Analysis | None) -> Analysis:
    architecture = rival.at(value)
    at_hand = known is not None and architecture is known.architecture
    analysis = known if known is not None and at_hand else analyse(architecture, state.batch, state.ignore_biases)
    if analysis.error is not None:
        raise InputError(f"{rival.title}: {analysis.error.sentence}")
    return analysis


@dataclass(frozen=True)
class Progress:
    """The part done, 0 to 1."""

    share: float


@dataclass(frozen=True)
class Growth:
    """The axis, both curves over it, and where they cross."""

    axis: Axis
    curves: tuple[Curve, ...]
    crossings: tuple[BreakEven, ...]


def growth_steps(state: ParametersState) -> Generator[Progress, None, Growth]:
    """Both networks over the whole axis, exact at every point; the part done is yielded, so that the work can be stopped."""
    first, second = rivals(state)
    span = axis(first, second)
    values = tuple(sorted({*sample_values(span.low, span.high, POINTS, span.step), span.own}))
    curves = []
    for number, rival in enumerate((first, second)):
        parts = []
        for start in range(0, len(values), CHUNK):
            parts.append(rival.curve(values[start : start + CHUNK], state))
            yield Progress((number + start / len(values)) / 3)
        points, skipped = (tuple(chain.from_iterable(getattr(part, name) for part in parts)) for name in ("points", "skipped"))
        curves.append(replace(parts[0], points=points, skipped=skipped))
    crossings = break_even(first.family, second.family, values, state.quantity, state.ignore_biases) if state.quantity != "memory" else ()
    return Growth(span, tuple(curves), crossings)


def growth(state: ParametersState) -> Growth:
    """The same at once."""
    return finish(growth_steps(state))
