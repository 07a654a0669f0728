"""How counts grow with the image side, the channels, the kernel or the hidden size: exact points, fitted slopes, break-even."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from hw2gui.errors import InputError
from hw2gui.parameters.analysis import analyse
from hw2gui.parameters.architecture import Architecture
from hw2gui.parameters.layers import (
    GRU,
    LSTM,
    MAX_SIZE,
    BilinearAttention,
    Conv2d,
    ConvTranspose2d,
    Embedding,
    Form,
    Layer,
    Linear,
    Shape,
    TargetTokens,
)
from hw2gui.parameters.twins import Quantity, quantity

Variable = Literal["side", "channels", "kernel", "hidden"]
VARIABLES: dict[Variable, str] = {
    "side": "image side or sequence length",
    "channels": "channels of the first convolution",
    "kernel": "kernel side of the first convolution",
    "hidden": "first hidden size",
}
"""What can grow, and what the axis is called. Other layers follow in proportion, rounded down."""
_SIDES: dict[Form, str] = {"image": "image side", "sequence": "sequence length", "tokens": "sequence length", "vector": "input size"}
Family = Callable[[int], Architecture]

_HIDDEN = {Linear: "out_features", Embedding: "embedding_dim", LSTM: "hidden_size", GRU: "hidden_size", BilinearAttention: "out_features"}


Twin = Callable[[Architecture], Architecture]


def axis_name(variable: Variable, *networks: Architecture) -> str:
    """What the axis of *variable* is called for *networks*: an image has a side, a sequence a length."""
    return " or ".join(dict.fromkeys(_SIDES[one.input.form] for one in networks)) if variable == "side" else VARIABLES[variable]


def with_unit(axis: str) -> str:
    """The name of an axis as it stands along it: a side is counted in pixels, all else are numbers."""
    return axis.replace("image side", "image side (pixels)")


def family(architecture: Architecture, variable: Variable, twin: Twin | None = None) -> Family:
    """The architecture as a function of *variable*; with *twin*, that made of it at each value (``twins.same_output_twin``).

    Sizes that were fixed to the input (``in_features``, ``in_channels``) follow the input instead.
    Raises :class:`InputError` where the architecture has nothing of the kind.
    """
    free = replace(architecture, layers=tuple(_free(layer) for layer in architecture.layers))
    reference = value_of(free, variable)
    change = {"side": _with_side, "channels": _with_channels, "kernel": _with_kernel, "hidden": _with_hidden}[variable]
    if twin is None:
        return lambda value: change(free, value, reference)
    return lambda value: twin(change(free, value, reference))


def value_of(architecture: Architecture, variable: Variable) -> int:
    """Where *architecture* itself lies on the axis of *variable*. Raises :class:`InputError` where it does not."""
    convolutions = [layer for layer in architecture.layers if isinstance(layer, Conv2d | ConvTranspose2d)]
    if variable == "side":
        return architecture.input.sizes[1] if architecture.input.form == "image" else architecture.input.sizes[0]
    if variable in ("channels", "kernel"):
        if not convolutions:
            raise InputError(f"{architecture.name} has no convolution whose {variable} could grow; let its side or hidden size grow.")
        return convolutions[0].out_channels if variable == "channels" else convolutions[0].kernel_size[0]
    widths = [width for _, _, width in _hidden_widths(architecture)]
    if not widths:
        raise InputError(f"{architecture.name} has no hidden layer that could grow; let its side or channels grow.")
    return widths[0]


def step_of(architecture: Architecture, variable: Variable) -> int:
    """Values that are multiples of this keep all proportions whole (2 for a decoder fed by both directions of its encoder)."""
    if variable != "hidden":
        return 1
    widths = [width for _, _, width in _hidden_widths(architecture)]
    return widths[0] // math.gcd(*widths) if widths else 1


def _free(layer: Layer) -> Layer:
    names = {spec.name for spec in layer.fields()}
    return layer.changed(**{name: 0 for name in ("in_features", "in_channels") if name in names})


def _scaled(size: int, value: int, reference: int) -> int:
    """*size* in proportion, rounded down, at least 1."""
    return max(1, size * value // reference)


def _with_side(architecture: Architecture, value: int, reference: int) -> Architecture:
    shape = architecture.input
    if shape.form == "image":
        channels, _, width = shape.sizes
        return replace(architecture, input=Shape((channels, value, _scaled(width, value, reference))))
    layers = tuple(
        layer.changed(length=_scaled(layer.length, value, reference)) if isinstance(layer, TargetTokens) else layer
        for layer in architecture.layers
    )
    return replace(architecture, input=Shape((value, *shape.sizes[1:]), shape.tokens), layers=layers)


def _with_channels(architecture: Architecture, value: int, reference: int) -> Architecture:
    layers = tuple(
        layer.changed(out_channels=_scaled(layer.out_channels, value, reference)) if isinstance(layer, Conv2d | ConvTranspose2d) else layer
        for layer in architecture.layers
    )
    return replace(architecture, layers=layers)


def _with_kernel(architecture: Architecture, value: int, reference: int) -> Architecture:
    return replace(architecture, layers=tuple(_with_scaled_kernel(layer, value, reference) for layer in architecture.layers))


def _with_scaled_kernel(layer: Layer, value: int, reference: int) -> Layer:
    """A convolution with a kernel in proportion; padding that kept the size goes on doing so (for odd kernels exactly)."""
    if not isinstance(layer, Conv2d | ConvTranspose2d):
        return layer
    kernel = tuple(_scaled(k, value, reference) for k in layer.kernel_size)
    padding = tuple(
        d * (new - 1) // 2 if 2 * p == d * (k - 1) else p
        for p, d, k, new in zip(layer.padding, layer.dilation, layer.kernel_size, kernel, strict=True)
    )
    return layer.changed(kernel_size=kernel, padding=padding)


def _hidden_widths(architecture: Architecture) -> list[tuple[int, str, int]]:
    """Index, field and width of every hidden layer: all that have a width but the stack's last fully connected one."""
    last = max((index for index, layer in enumerate(architecture.layers) if isinstance(layer, Linear)), default=-1)
    found = [
        (index, field, getattr(layer, field)) for index, layer in enumerate(architecture.layers) if (field := _HIDDEN.get(type(layer)))
    ]
    return [(index, field, width) for index, field, width in found if index != last and width]


def _with_hidden(architecture: Architecture, value: int, reference: int) -> Architecture:
    layers = list(architecture.layers)
    for index, field, width in _hidden_widths(architecture):
        layers[index] = layers[index].changed(**{field: _scaled(width, value, reference)})
    return replace(architecture, layers=tuple(layers))


# --- curves --------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Point:
    """The exact totals at one value."""

    value: int
    parameters: int
    macs: int
    memory: int


@dataclass(frozen=True, slots=True)
class Curve:
    """How one architecture grows. Values at which a layer does not fit are left out and named in ``skipped`` with the reason."""

    name: str
    variable: Variable
    axis: str
    """As :func:`axis_name` has it."""
    points: tuple[Point, ...]
    skipped: tuple[tuple[int, str], ...]

    def counts(self, which: Quantity) -> tuple[int, ...]:
        """One quantity at all points."""
        return tuple(getattr(point, which) for point in self.points)

    @property
    def values(self) -> tuple[int, ...]:
        """Where the points lie."""
        return tuple(point.value for point in self.points)


def grow(
    architecture: Architecture,
    variable: Variable,
    values: Sequence[int],
    batch: int = 1,
    ignore_biases: bool = False,
    twin: Twin | None = None,
) -> Curve:
    """The totals of *architecture* (or of its *twin*) at all *values* of *variable*; raises as :func:`family` does."""
    build = family(architecture, variable, twin)
    points, skipped = [], []
    for value in values:
        outcome = _point(build, value, batch, ignore_biases)
        if isinstance(outcome, Point):
            points.append(outcome)
        else:
            skipped.append((value, outcome))
    name = architecture.name if twin is None else twin(architecture).name
    return Curve(name, variable, axis_name(variable, architecture), tuple(points), tuple(skipped))


def _point(build: Family, value: int, batch: int, ignore_biases: bool) -> Point | str:
    try:
        analysis = analyse(build(value), batch, ignore_biases)
    except InputError as error:
        return str(error)
    if analysis.error is not None:
        return analysis.error.sentence
    return Point(value, *(quantity(analysis, which) for which in ("parameters", "macs", "memory")))


def common_axis(curves: Sequence[Curve]) -> str:
    """What the axis of several *curves* is called."""
    return " or ".join(dict.fromkeys(curve.axis for curve in curves))


def sample_values(low: int, high: int, count: int = 60, step: int = 1) -> tuple[int, ...]:
    """At most *count* different multiples of *step* from *low* to *high*, evenly spaced on a logarithmic axis.

    Raises :class:`InputError` unless 1 ≤ low ≤ high and there is a multiple between them.
    """
    if not 1 <= low <= high <= MAX_SIZE or count < 2:
        raise InputError(f"the axis runs from {low} to {high}; give whole numbers from 1 to {MAX_SIZE:,}, the smaller first.")
    ratio = math.log(high / low)
    spread = (low * math.exp(ratio * k / (count - 1)) for k in range(count))
    values = sorted({min(max(step * round(value / step), -(-low // step) * step), high // step * step) for value in spread})
    usable = tuple(value for value in values if low <= value <= high)
    if not usable:
        raise InputError(f"no multiple of {step} lies from {low} to {high}; widen the axis.")
    return usable


def fitted_exponent(values: Sequence[int], counts: Sequence[int]) -> float | None:
    """The slope b of the straight line through (log value, log count) by least squares: counts grow like valueᵇ. None below two points."""
    pairs = [(math.log(value), math.log(count)) for value, count in zip(values, counts, strict=True) if value > 0 and count > 0]
    if len({x for x, _ in pairs}) < 2:
        return None
    mean_x, mean_y = (math.fsum(column) / len(pairs) for column in zip(*pairs, strict=True))
    spread = math.fsum((x - mean_x) ** 2 for x, _ in pairs)
    return math.fsum((x - mean_x) * (y - mean_y) for x, y in pairs) / spread


def exponent(curve: Curve, which: Quantity) -> float | None:
    """The fitted slope over the upper half of the curve, where constants and small-size floors no longer bend it."""
    half = len(curve.points) // 2
    return fitted_exponent(curve.values[half:], curve.counts(which)[half:])


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Between two neighbouring values the larger of two counts changes; ``first_above`` says whether the first is larger from then on."""

    before: int
    after: int
    first_above: bool


def break_even(
    first: Family, second: Family, values: Sequence[int], which: Quantity = "parameters", ignore_biases: bool = False
) -> tuple[BreakEven, ...]:
    """Where two families cross between *values*, pinned down to neighbouring whole numbers by bisection.

    Floors can make curves cross several times within a small range; one crossing of an odd number is found.
    Values at which one of the two does not fit are passed over.
    """

    def sign(value: int) -> int | None:
        points = [_point(build, value, 1, ignore_biases) for build in (first, second)]
        if not all(isinstance(point, Point) for point in points):
            return None
        difference = int(getattr(points[0], which)) - int(getattr(points[1], which))
        return (difference > 0) - (difference < 0)

    known = [(value, found) for value in values if (found := sign(value))]
    crossings = []
    for (low, before), (high, after) in pairwise(known):
        if before != after:
            crossings.append(_bisected(sign, low, high, after))
    return tuple(crossings)


def _bisected(sign: Callable[[int], int | None], low: int, high: int, after: int) -> BreakEven:
    while high - low > 1:
        middle = (low + high) // 2
        if sign(middle) == after:
            high = middle
        else:
            low = middle
    return BreakEven(low, high, after > 0)
