"""One entry of M explained: the general formula, the same with today's numbers, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from hw2gui.convolution.geometry import Geometry


@dataclass(frozen=True)
class Entry:
    """M(i, j) = value, everything 0-based: output cell (α, β), pixel (γ, δ), kernel cell (m, n) or None for both outside it."""

    i: int
    j: int
    alpha: int
    beta: int
    gamma: int
    delta: int
    m: int | None
    n: int | None
    value: float


@dataclass(frozen=True)
class FormulaLine:
    """One line of a derivation: symbol = general = numbers = value."""

    symbol: str
    general: str
    numbers: str
    value: str

    def __str__(self) -> str:
        return f"{self.symbol} = {self.general} = {self.numbers} = {self.value}"


@dataclass(frozen=True)
class EntryDescription:
    """The lines for α, β, γ, δ, m and n, the entry's general formula and what it comes to here."""

    lines: tuple[FormulaLine, ...]
    formula: str
    verdict: str

    @property
    def general(self) -> tuple[str, ...]:
        """The formula alone, line by line, without today's numbers."""
        return (*(f"{line.symbol} = {line.general}" for line in self.lines), self.formula)


def describe_entry(entry: Entry, geometry: Geometry, base: int = 1) -> EntryDescription:
    """The formula of *entry* with indices from *base* (1 as in the homework, or 0).

    Stride, padding and dilation appear when they are not trivial, the flip and the order of vec as they are. With base 1
    and row order: α = ⌊(i−1)/W′⌋+1, …, m = (γ−1+p−s(α−1))/d+1. A flipped kernel has M+1−m in the place of m.
    """
    i, j = entry.i + base, entry.j + base
    cells = {"α": entry.alpha + base, "β": entry.beta + base, "γ": entry.gamma + base, "δ": entry.delta + base}
    h_out, w_out = geometry.output_shape
    height, width = geometry.image_shape
    if geometry.order == "row":
        lines = [
            _divided("α", "i", i, "W′", w_out, base),
            _remainder("β", "i", i, "W′", w_out, base),
            _divided("γ", "j", j, "W", width, base),
            _remainder("δ", "j", j, "W", width, base),
        ]
    else:
        lines = [
            _remainder("α", "i", i, "H′", h_out, base),
            _divided("β", "i", i, "H′", h_out, base),
            _remainder("γ", "j", j, "H", height, base),
            _divided("δ", "j", j, "H", height, base),
        ]
    named = geometry.padding.top != geometry.padding.left
    tap_lines = []
    m_sides = ("m", "γ", "α", "M", geometry.kernel_height, "p_top" if named else "p", geometry.padding.top)
    n_sides = ("n", "δ", "β", "N", geometry.kernel_width, "p_left" if named else "p", geometry.padding.left)
    positions = []
    for symbol, pixel, cell, size_name, size, padding_name, padding in (m_sides, n_sides):
        general = _tap(pixel, cell, size_name, padding_name, "s", "d", geometry, padding, base)
        numbers = _tap(
            str(cells[pixel]),
            str(cells[cell]),
            str(size),
            str(padding),
            str(geometry.stride),
            str(geometry.dilation),
            geometry,
            padding,
            base,
        )
        distance = Fraction(cells[pixel] + padding - base - geometry.stride * (cells[cell] - base), geometry.dilation)
        position = (size - 1 - distance if geometry.flipped else distance) + base
        positions.append((symbol, size, position))
        tap_lines.append(FormulaLine(symbol, general, numbers, str(position).replace("-", "−")))
    ends = ("1 ≤ m ≤ M and 1 ≤ n ≤ N", "0 ≤ m < M and 0 ≤ n < N")[base == 0]
    whole = " are whole and" if geometry.dilation > 1 else ""
    formula = f"M(i, j) = w(m, n) where m and n{whole} satisfy {ends}, else 0"
    return EntryDescription((*lines, *tap_lines), formula, _verdict(positions, entry.value, base))


def format_number(value: float) -> str:
    """A value as the formulas print it: up to six significant digits and a real minus sign."""
    return f"{value:.6g}".replace("-", "−") if value else "0"


def _verdict(positions: list[tuple[str, int, Fraction]], value: float, base: int) -> str:
    faults = []
    for symbol, size, position in positions:
        shown = str(position).replace("-", "−")
        if position.denominator != 1:
            faults.append(f"{symbol} = {shown} is not whole")
        elif not base <= position < size + base:
            faults.append(f"{symbol} = {shown} is outside {base}..{size - 1 + base}")
    if faults:
        return f"{' and '.join(faults)} → 0"
    (_, _, m), (_, _, n) = positions
    return f"inside the kernel → w({m}, {n}) = {format_number(value)}"


def _divided(symbol: str, index: str, value: int, size_name: str, size: int, base: int) -> FormulaLine:
    quotient = (value - base) // size + base
    if base:
        return FormulaLine(symbol, f"⌊({index}−1)/{size_name}⌋+1", f"⌊({value}−1)/{size}⌋+1", str(quotient))
    return FormulaLine(symbol, f"⌊{index}/{size_name}⌋", f"⌊{value}/{size}⌋", str(quotient))


def _remainder(symbol: str, index: str, value: int, size_name: str, size: int, base: int) -> FormulaLine:
    remainder = (value - base) % size + base
    if base:
        return FormulaLine(symbol, f"({index}−1) mod {size_name} + 1", f"({value}−1) mod {size} + 1", str(remainder))
    return FormulaLine(symbol, f"{index} mod {size_name}", f"{value} mod {size}", str(remainder))


def _tap(
    pixel: str, cell: str, size: str, padding: str, stride: str, dilation: str, geometry: Geometry, padding_size: int, base: int
) -> str:
    """The tap m (or n) as an expression of the given names or numbers, without a stride or dilation of 1 and a padding of 0.

    The distance into the window is pixel − 1 + p − s(cell − 1) with base 1, pixel + p − s·cell with base 0.
    """
    zeros = f"+{padding}" if padding_size else ""
    strided, spread = geometry.stride > 1, geometry.dilation > 1
    if not base:
        distance = f"{pixel}{zeros}−{stride}·{cell}" if strided else f"{pixel}−{cell}{zeros}"
    elif not strided:
        distance = f"{pixel}−{cell}{zeros}"
    elif spread or geometry.flipped:
        distance = f"{pixel}−1{zeros}−{stride}({cell}−1)"
    else:
        # The −1 of the distance and the +1 of the tap cancel.
        return f"{pixel}{zeros}−{stride}({cell}−1)"
    if spread:
        distance = f"({distance})/{dilation}"
    elif geometry.flipped:
        distance = f"({distance})"
    if geometry.flipped:
        return f"{size}−{distance}" if base else f"{size}−1−{distance}"
    return f"{distance}+1" if base else distance
