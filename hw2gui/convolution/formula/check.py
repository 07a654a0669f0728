"""A formula for M(i, j) against the truth: on every small setting, or entry by entry on one setting."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hw2gui.arrays import Booleans, Floats, Ints
from hw2gui.convolution.formula import sweep
from hw2gui.convolution.formula.evaluate import Entries, Values, evaluate
from hw2gui.convolution.formula.sweep import Block, Case
from hw2gui.convolution.formula.syntax import parse
from hw2gui.convolution.formula.tree import Formula
from hw2gui.convolution.formula.verdict import explain, rightness
from hw2gui.errors import InputError
from hw2gui.steps import finish

LARGEST_MAP = 4_000_000
"""Most entries ``wrong_entries`` answers at once; ask for a part of a larger matrix."""

NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Counterexample:
    """The first wrong entry of the smallest setting that fails. All indices count from 1.

    The kernel's weights are w(m, n) = 10m + n. A tap is (m, n) of the weight a value is, None for a value that is no weight.
    ``lines`` are the formula's named lines with their values at this entry.
    """

    case: Case
    i: int
    j: int
    expected: float
    expected_tap: tuple[int, int] | None
    got: float
    got_tap: tuple[int, int] | None
    lines: tuple[tuple[str, float], ...]

    def sentence(self) -> str:
        """The counterexample in words."""
        lines = ", ".join(f"{name} = {value:g}" for name, value in self.lines)
        return (
            f"{self.case}: M({self.i},{self.j}) is {_entry(self.expected, self.expected_tap)}, "
            f"and the formula gives {_entry(self.got, self.got_tap)}{f' ({lines})' if lines else ''}."
        )


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the comparison found; ``verdict`` says it in a sentence, ``hints`` name what the mistake may be."""

    formula: Formula
    cases: int
    entries: int
    failing_cases: int
    failing_entries: int
    verdict: str
    hints: tuple[str, ...]
    counterexample: Counterexample | None

    @property
    def right(self) -> bool:
        """Whether the formula agrees everywhere it was compared."""
        return self.failing_entries == 0


def check(formula: Formula | str) -> CheckResult:
    """Compare *formula* with the truth on every H, W ≤ 6, M ≤ H, N ≤ W, s ≤ 2 (no padding, dilation 1, rows stacked).

    Raises InputError for a text that is no formula, and where the formula divides by zero or asks w for a broken index.
    """
    return finish(check_steps(formula))


def check_steps(formula: Formula | str) -> Generator[float, None, CheckResult]:
    """``check`` in steps: yields the part done, 0..1, after each; may be abandoned between two."""
    formula = parse(formula) if isinstance(formula, str) else formula
    every = sweep.blocks()
    wrong_in_case = np.zeros(len(sweep.cases()), dtype=np.int64)
    for done, block in enumerate(every, start=1):
        wrong = _differs(evaluate(formula, block.entries).result, sweep.truth(block.entries))
        wrong_in_case += np.bincount(block.case[wrong], minlength=len(wrong_in_case))
        yield done / len(every)
    counterexample = _smallest(formula, every, wrong_in_case)
    return CheckResult(
        formula=formula,
        cases=len(wrong_in_case),
        entries=sum(case.entries for case in sweep.cases()),
        failing_cases=int(np.count_nonzero(wrong_in_case)),
        failing_entries=int(wrong_in_case.sum()),
        verdict=rightness(wrong_in_case),
        hints=(*formula.notes, *explain(formula, every)) if counterexample else (),
        counterexample=counterexample,
    )


def wrong_entries(formula: Formula | str, case: Case, rows: range | None = None, columns: range | None = None) -> Booleans:
    """Where *formula* is wrong for *case*: True at each wrong entry of *rows* × *columns* (0-based; all of them if None).

    Raises InputError for more than ``LARGEST_MAP`` entries at once, for a kernel larger than the image, and as ``check`` does.
    """
    entries = _tile(case, rows, columns)
    return _differs(_full(evaluate(parse(formula) if isinstance(formula, str) else formula, entries), entries), sweep.truth(entries))


def formula_values(formula: Formula | str, case: Case, i: int, j: int) -> tuple[tuple[tuple[str, float], ...], float]:
    """The named lines and the result of *formula* at the 1-based entry (*i*, *j*) of *case*'s matrix, with weights 10^k·m + n."""
    entries = _tile(case, range(i - 1, i), range(j - 1, j))
    values = evaluate(parse(formula) if isinstance(formula, str) else formula, entries)
    return tuple((name, _single(value)) for name, value in values.lines.items()), _single(values.result)


def _tile(case: Case, rows: range | None, columns: range | None) -> Entries:
    if min(case.H, case.W, case.M, case.N, case.s) < 1 or case.M > case.H or case.N > case.W:
        raise InputError("The formula is compared without padding: the kernel must fit into the image, and all sizes must be 1 or more.")
    height, width = case.shape
    rows = range(height) if rows is None else rows
    columns = range(width) if columns is None else columns
    if not (0 <= rows.start <= rows.stop <= height and 0 <= columns.start <= columns.stop <= width):
        raise InputError(f"The matrix has {height:,} rows and {width:,} columns; choose an entry inside it.")
    if len(rows) * len(columns) > LARGEST_MAP:
        raise InputError(f"A map of {len(rows) * len(columns):,} entries is too large; look at {LARGEST_MAP:,} or fewer at once.")
    return sweep.case_entries(case, rows, columns)


def _differs(result: Floats, expected: Floats) -> Booleans:
    # Not (near), so that a value that is no number counts as different.
    return ~(np.abs(result - expected) <= NEAR)


def _full(values: Values, entries: Entries) -> Floats:
    return np.broadcast_to(values.result, np.broadcast_shapes(entries.given["i"].shape, entries.given["j"].shape))


def _smallest(formula: Formula, every: tuple[Block, ...], wrong_in_case: Ints) -> Counterexample | None:
    """The first wrong entry of the first case that has one; the cases are in order of size."""
    if not wrong_in_case.any():
        return None
    number = int(np.argmax(wrong_in_case > 0))
    case = sweep.cases()[number]
    entries = sweep.case_entries(case, range(case.shape[0]), range(case.shape[1]))
    values = evaluate(formula, entries)
    result, expected = _full(values, entries), sweep.truth(entries)
    row, column = (int(at) for at in np.argwhere(_differs(result, expected))[0])
    one = sweep.case_entries(case, range(row, row + 1), range(column, column + 1))
    lines = tuple((name, _single(value)) for name, value in evaluate(formula, one).lines.items())
    wanted, got = float(expected[row, column]), float(result[row, column])
    return Counterexample(case, row + 1, column + 1, wanted, _tap(wanted, case), got, _tap(got, case), lines)


def _single(value: NDArray[np.generic]) -> float:
    return float(np.asarray(value, dtype=np.float64).reshape(-1)[0])


def _tap(value: float, case: Case) -> tuple[int, int] | None:
    """(m, n) with 10m + n = *value*, if the kernel has it. The sides compared are below 10, so this is unique."""
    if not value.is_integer():
        return None
    m, n = divmod(int(value), 10)
    return (m, n) if 1 <= m <= case.M and 1 <= n <= case.N else None


def _entry(value: float, tap: tuple[int, int] | None) -> str:
    return f"w({tap[0]},{tap[1]})" if tap else f"{value:g}"
