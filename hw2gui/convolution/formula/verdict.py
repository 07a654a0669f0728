"""What a comparison means: for which settings a formula is right, and which well-known slip it makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from hw2gui.arrays import Booleans, Floats, Ints
from hw2gui.convolution.formula import sweep
from hw2gui.convolution.formula.evaluate import Entries, evaluate
from hw2gui.convolution.formula.sweep import Block, Case
from hw2gui.convolution.formula.tree import Formula
from hw2gui.errors import InputError

SIZES: tuple[tuple[str, Callable[[Case], bool]], ...] = (
    ("every size", lambda case: True),
    ("square images", lambda case: case.H == case.W),
    ("square kernels", lambda case: case.M == case.N),
    ("square outputs", lambda case: case.output[0] == case.output[1]),
    ("square images and kernels", lambda case: case.H == case.W and case.M == case.N),
    ("kernels one column wide (N = 1)", lambda case: case.N == 1),
    ("kernels one row high (M = 1)", lambda case: case.M == 1),
    ("kernels of one weight (M = N = 1)", lambda case: case.M == 1 and case.N == 1),
    ("outputs of one row (H′ = 1)", lambda case: case.output[0] == 1),
    ("outputs of one column (W′ = 1)", lambda case: case.output[1] == 1),
    ("kernels one column wide and outputs of one row (N = 1 or H′ = 1)", lambda case: case.N == 1 or case.output[0] == 1),
    ("kernels one row high and outputs of one column (M = 1 or W′ = 1)", lambda case: case.M == 1 or case.output[1] == 1),
    ("kernels as large as the image", lambda case: case.M == case.H and case.N == case.W),
)
"""Families of sizes a formula may happen to be right for."""


def rightness(wrong_in_case: Ints) -> str:
    """One sentence from the number of wrong entries in each of ``sweep.cases()``: right, right for a family, or wrong."""
    fails = wrong_in_case > 0
    if not fails.any():
        entries = sum(case.entries for case in sweep.cases())
        return f"Right in all {entries:,} entries of the {len(fails)} settings compared."
    family, members = _largest_right_family(fails)
    if not members.any():
        return f"Wrong in {np.count_nonzero(fails)} of the {len(fails)} settings compared."
    others = ~members
    wrong = np.count_nonzero(fails & others)
    rest = "wrong in every other" if wrong == np.count_nonzero(others) else f"wrong in {wrong} of the {np.count_nonzero(others)} others"
    return f"Right for {family} ({np.count_nonzero(members)} of {len(fails)} settings), {rest}."


def _largest_right_family(fails: Booleans) -> tuple[str, Booleans]:
    """The widest family in which no case fails, with its members; an empty one if there is none."""
    best, best_members = "", np.zeros_like(fails)
    for words, belongs in SIZES:
        for stride in (None, *range(1, sweep.LARGEST_STRIDE + 1)):
            members = np.array([belongs(case) and stride in (None, case.s) for case in sweep.cases()])
            if not (members & fails).any() and np.count_nonzero(members) > np.count_nonzero(best_members):
                best, best_members = words + (f" at stride {stride}" if stride else ""), members
    return best, best_members


def explain(formula: Formula, blocks: tuple[Block, ...]) -> list[str]:
    """Hints for a wrong *formula* that is right under another convention, tried one after the other."""
    hints = []
    if _agrees(formula, blocks, lambda entries: (entries, sweep.truth(entries, turned=True))):
        hints.append("It is true convolution: the kernel rotated by 180°. In the homework the window slides with the kernel as it is.")
    if _agrees(formula, blocks, lambda entries: (entries, sweep.truth(entries, columns_stacked=True))):
        hints.append("It is right for vec stacking columns. In the homework rows are stacked: divide by W′ and W.")
    if _agrees(formula, blocks, lambda entries: (_from_zero(entries), sweep.truth(entries))):
        hints.append("It is right for indices from 0. Here i, j and w's indices count from 1, as in the homework.")
    return hints


def _agrees(formula: Formula, blocks: tuple[Block, ...], convention: Callable[[Entries], tuple[Entries, Floats]]) -> bool:
    """Whether *formula* is right for *convention*, which gives the entries to ask it for and the values to expect."""
    for block in blocks:
        asked, expected = convention(block.entries)
        try:
            if not np.array_equal(np.broadcast_to(evaluate(formula, asked).result, expected.shape), expected):
                return False
        except InputError:
            return False
    return True


def _from_zero(entries: Entries) -> Entries:
    given = dict(entries.given)
    given |= {"i": given["i"] - 1, "j": given["j"] - 1}
    return replace(entries, given=given, origin=0)
