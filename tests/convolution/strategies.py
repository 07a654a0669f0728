"""Random convolutions for the property tests, and the slow, obvious way to their matrix."""

import itertools
import re
from fractions import Fraction

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.sizes import Padding
from hw2gui.errors import InputError

orders = st.sampled_from(["row", "column"])


@st.composite
def geometries(draw, longest=7, kernel=4, strides=3, zeros=3, dilations=3):
    """Any geometry of small sizes: every padding, also uneven and wider than the kernel, flip and order."""
    sides = st.integers(0, zeros)
    padding = draw(st.one_of(st.just(Padding.none()), st.builds(Padding, sides, sides, sides, sides)))
    image, taps = st.integers(1, longest), st.integers(1, kernel)
    dilation = draw(st.integers(1, dilations))
    try:
        return Geometry(
            draw(image),
            draw(image),
            draw(taps),
            draw(taps),
            draw(st.integers(1, strides)),
            padding,
            dilation,
            draw(st.booleans()),
            draw(orders),
        )
    except InputError:
        assume(False)


@st.composite
def convolutions(draw, **sizes):
    """(geometry, kernel) with small whole weights, many of them 0 or equal."""
    geometry = draw(geometries(**sizes))
    count = geometry.kernel_height * geometry.kernel_width
    weights = draw(st.lists(st.integers(-2, 2), min_size=count, max_size=count))
    return geometry, np.array(weights, dtype=np.float64).reshape(geometry.kernel_shape)


def distinct_weights(geometry):
    """Weights 1, 2, 3, … so that each entry tells its tap."""
    return np.arange(1.0, geometry.kernel_height * geometry.kernel_width + 1).reshape(geometry.kernel_shape)


def image_of(geometry, seed=0):
    """Whole grey levels between −9 and 9: sums of products are exact."""
    return np.random.default_rng(seed).integers(-9, 10, geometry.image_shape).astype(np.float64)


def naive_taps(geometry):
    """(H'W', HW) of taps m·N+n, −1 outside, written down from what a window is: walk every window over the padded image."""
    g = geometry
    taps = np.full((g.output_height * g.output_width, g.height * g.width), -1)
    windows = itertools.product(range(g.output_height), range(g.output_width), range(g.kernel_height), range(g.kernel_width))
    for alpha, beta, down, right in windows:
        gamma = alpha * g.stride + down * g.dilation - g.padding.top
        delta = beta * g.stride + right * g.dilation - g.padding.left
        if 0 <= gamma < g.height and 0 <= delta < g.width:
            i = alpha * g.output_width + beta if g.order == "row" else beta * g.output_height + alpha
            j = gamma * g.width + delta if g.order == "row" else delta * g.height + gamma
            m, n = (g.kernel_height - 1 - down, g.kernel_width - 1 - right) if g.flipped else (down, right)
            taps[i, j] = m * g.kernel_width + n
    return taps


def naive_matrix(geometry, kernel):
    """The dense matrix by ``naive_taps``."""
    taps = naive_taps(geometry)
    return np.where(taps >= 0, kernel.reshape(-1)[taps], 0.0)


def calculated(expression):
    """What an expression of whole numbers, + − · / mod, brackets and ⌊ ⌋ comes to: an independent small calculator."""
    tokens = re.findall(r"\d+|mod|[-+−·/()⌊⌋]", expression)
    assert "".join(tokens) == expression.replace(" ", "")

    def operand():
        token = tokens.pop(0)
        if token in "(⌊":
            value = total()
            assert tokens.pop(0) == {"(": ")", "⌊": "⌋"}[token]
            return Fraction(value // 1) if token == "⌊" else value
        return Fraction(int(token))

    def product():
        value = operand()
        while tokens and tokens[0] not in ("+", "−", ")", "⌋"):
            sign = tokens.pop(0) if tokens[0] in ("·", "/", "mod") else "·"
            right = operand()
            value = {"·": lambda a, b: a * b, "/": lambda a, b: a / b, "mod": lambda a, b: a % b}[sign](value, right)
        return value

    def total():
        value = product()
        while tokens and tokens[0] in ("+", "−"):
            value = value + product() if tokens.pop(0) == "+" else value - product()
        return value

    value = total()
    assert not tokens
    return value
