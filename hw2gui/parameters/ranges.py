"""How far each field of a layer may move while the rest of the stack stays, and in plain words why it stops there.

The layer itself is asked: a value is possible where its ``output`` does not raise. So the ranges hold for every kind, also for new ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import gcd
from typing import Any

from hw2gui.errors import InputError
from hw2gui.parameters.layers import MAX_SIZE, Context, Conv2d, ConvTranspose2d, FieldSpec, Layer, MisfitError, Residual, Shape
from hw2gui.parameters.layers.convolution import Axis

MAX_BACK = 200
"""How far up a residual connection's control looks for signals that fit."""


@dataclass(frozen=True, slots=True)
class Range:
    """The whole numbers a control may take: low..high, and where not all of them, ``allowed`` or every ``step``-th."""

    low: int
    high: int
    why_low: str = ""
    why_high: str = ""
    allowed: tuple[int, ...] = ()
    step: int = 1


def field_range(layer: Layer, at: Context | None, spec: FieldSpec, axis: Axis = 0, earlier: Sequence[Shape] = ()) -> Range:
    """The range of the whole-number field *spec* of *layer* where it meets *at*; of a pair's number *axis*.

    *earlier* are the signals from the input to this layer's, for a residual connection. Where *at* is None (an earlier layer does not
    fit) or the layer itself does not fit, the field is bounded by its kind alone.
    """
    low, high = int(spec.minimum), min(int(spec.maximum), MAX_SIZE)
    free = Range(low, high, "", "larger sizes are not counted")
    if at is None or _problem(layer, at):
        return free
    choices = _choices(layer, at, spec, earlier)
    if choices is not None:
        return Range(choices[0], choices[-1], "", "", choices)
    current = _number(layer, spec, axis)
    found = _searched(layer, at, spec, axis, current, high)
    groups = getattr(layer, "groups", 1)
    return (
        replace(found, low=groups, step=groups, why_low=f"it must be a multiple of the {groups} groups")
        if spec.name == "out_channels" and groups > 1
        else found
    )


def _choices(layer: Layer, at: Context, spec: FieldSpec, earlier: Sequence[Shape]) -> tuple[int, ...] | None:
    """The few numbers a field can take, where they are no range."""
    match spec.name:
        case "groups" if isinstance(layer, Conv2d | ConvTranspose2d):
            return _divisors(gcd(at.shape.sizes[0], layer.out_channels))
        case "num_heads":
            return _divisors(at.shape.sizes[-1])
        case "in_channels":
            return (0, at.shape.sizes[0])
        case "in_features":
            return (0, at.shape.sizes[-1])
        case "back" if isinstance(layer, Residual):
            furthest = min(len(earlier) - 1, MAX_BACK)
            fitting = (
                back for back in range(1, furthest + 1) if not _problem(layer.changed(back=back), replace(at, skip=earlier[-1 - back]))
            )
            return tuple(fitting) or (layer.back,)
    return None


def _divisors(number: int) -> tuple[int, ...]:
    """All divisors in order (of numbers beyond a million: those up to a thousand and what they leave)."""
    small = [k for k in range(1, min(number, 1000) + 1) if number % k == 0]
    return tuple(sorted({*small, *(number // k for k in small)}))


def _searched(layer: Layer, at: Context, spec: FieldSpec, axis: Axis, current: int, high: int) -> Range:
    """From the present value outwards, by doubling and halving."""

    def why(value: int) -> str:
        return _misfit(layer, at, spec, axis, value)

    top, why_high = _end(why, current, high) if current < high else (high, "")
    least = max(int(spec.minimum), 0)
    bottom, why_low = _end(why, current, least) if current > least else (least, "")
    return Range(bottom, top, why_low, why_high or "larger sizes are not counted")


def _end(why: Callable[[int], str], good: int, end: int) -> tuple[int, str]:
    """The last possible value from *good* towards *end*, and what is wrong with the next."""
    if not why(end):
        return end, ""
    sign, reach = (1, 1) if end > good else (-1, 1)
    bad = end
    while abs(bad - good) > 1:
        probe = good + sign * min(reach, abs(bad - good) // 2 or 1)
        if why(probe):
            bad = probe
        else:
            good = probe
            reach *= 2
    return good, f"with {bad:,} it {why(bad)}"


def _misfit(layer: Layer, at: Context, spec: FieldSpec, axis: Axis, value: int) -> str:
    try:
        changed = layer.changed(**{spec.name: _with(layer, spec, axis, value)})
    except InputError as error:
        return str(error)
    return _problem(changed, at)


def _problem(layer: Layer, at: Context) -> str:
    try:
        layer.output(at)
    except MisfitError as error:
        return error.sentence
    return ""


def _number(layer: Layer, spec: FieldSpec, axis: Axis) -> int:
    value: Any = getattr(layer, spec.name)
    return int(value[axis] if spec.kind == "pair" else value)


def _with(layer: Layer, spec: FieldSpec, axis: Axis, value: int) -> Any:
    if spec.kind != "pair":
        return value
    pair = list(getattr(layer, spec.name))
    pair[axis] = value
    return tuple(pair)
