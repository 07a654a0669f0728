"""The settings a formula is compared on, and the truth there: no padding, dilation 1, rows stacked, indices from 1."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hw2gui.arrays import Floats
from hw2gui.convolution.formula.evaluate import Entries

LARGEST_SIDE = 6
"""H and W go up to this, M up to H, N up to W."""

LARGEST_STRIDE = 2


@dataclass(frozen=True, slots=True, order=True)
class Case:
    """One setting: image H×W, kernel M×N, stride s."""

    H: int
    W: int
    M: int
    N: int
    s: int

    @property
    def output(self) -> tuple[int, int]:
        """H' and W'."""
        return (self.H - self.M) // self.s + 1, (self.W - self.N) // self.s + 1

    @property
    def shape(self) -> tuple[int, int]:
        """The matrix's H'W' rows and HW columns."""
        rows, columns = self.output
        return rows * columns, self.H * self.W

    @property
    def entries(self) -> int:
        """How many entries the matrix has."""
        return self.shape[0] * self.shape[1]

    def __str__(self) -> str:
        return f"{self.H}×{self.W} image, {self.M}×{self.N} kernel, stride {self.s}"


@functools.cache
def cases() -> tuple[Case, ...]:
    """Every case compared, the smallest matrix first, then by sizes, then by stride."""
    sides = range(1, LARGEST_SIDE + 1)
    every = [
        Case(H, W, M, N, s)
        for H in sides
        for W in sides
        for M in range(1, H + 1)
        for N in range(1, W + 1)
        for s in range(1, LARGEST_STRIDE + 1)
    ]
    return tuple(sorted(every, key=lambda case: (case.entries, case)))


@dataclass(frozen=True, slots=True)
class Block:
    """Several cases' entries laid end to end, case by case, each row by row: ``case`` numbers the case of each entry."""

    entries: Entries
    case: NDArray[np.intp]


@functools.cache
def blocks(entries_each: int = 12_000) -> tuple[Block, ...]:
    """All of ``cases()`` in blocks of about *entries_each* entries (small enough for the processor's cache)."""
    made = []
    batch: list[int] = []
    for number, case in enumerate(cases()):
        batch.append(number)
        if sum(cases()[member].entries for member in batch) >= entries_each or case is cases()[-1]:
            made.append(_block(batch))
            batch = []
    return tuple(made)


def _block(numbers: list[int]) -> Block:
    members = [cases()[number] for number in numbers]
    sizes = np.array([member.entries for member in members])
    rows = np.concatenate([np.repeat(np.arange(member.shape[0]), member.shape[1]) for member in members]) + 1
    columns = np.concatenate([np.tile(np.arange(member.shape[1]), member.shape[0]) for member in members]) + 1
    settings = np.array([[m.H, m.W, *m.output, m.M, m.N, m.s] for m in members], dtype=np.float64)
    given = {"i": rows.astype(np.float64), "j": columns.astype(np.float64)}
    given |= {name: np.repeat(settings[:, at], sizes) for at, name in enumerate(("H", "W", "H'", "W'", "M", "N", "s"))}
    return Block(Entries(given, np.asarray(10.0)), np.repeat(numbers, sizes))


def case_entries(case: Case, rows: range, columns: range) -> Entries:
    """The entries of *case*'s matrix in 0-based *rows* × *columns*, as a column and a row that broadcast."""
    out_rows, out_columns = case.output
    sizes = {"H": case.H, "W": case.W, "H'": out_rows, "W'": out_columns, "M": case.M, "N": case.N, "s": case.s}
    given = {name: np.asarray(float(value)) for name, value in sizes.items()}
    given["i"] = np.arange(rows.start, rows.stop, dtype=np.float64)[:, None] + 1
    given["j"] = np.arange(columns.start, columns.stop, dtype=np.float64)[None, :] + 1
    return Entries(given, np.asarray(10.0 ** len(str(case.N))))


def truth(entries: Entries, *, columns_stacked: bool = False, turned: bool = False) -> Floats:
    """M(i, j) at *entries*: w(γ - s(α-1), δ - s(β-1)), zero outside the kernel.

    *columns_stacked*: for vec stacking columns instead of rows; *turned*: for the kernel rotated by 180°.
    """
    given = entries.given
    i, j = given["i"] - 1, given["j"] - 1
    if columns_stacked:
        (beta, alpha), (delta, gamma) = np.divmod(i, given["H'"]), np.divmod(j, given["H"])
    else:
        (alpha, beta), (gamma, delta) = np.divmod(i, given["W'"]), np.divmod(j, given["W"])
    m = gamma - given["s"] * alpha + 1
    n = delta - given["s"] * beta + 1
    inside = (m >= 1) & (m <= given["M"]) & (n >= 1) & (n <= given["N"])
    if turned:
        m, n = given["M"] + 1 - m, given["N"] + 1 - n
    return np.where(inside, entries.base * m + n, 0.0)
