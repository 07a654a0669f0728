"""Does a value of the report agree with what is measured here? Computed from the seeds, by rules stated in words.

The report's value is one training's. If it was made as ours were, it is one more draw from where our seeds' values come from, so that it
lies, 95 times in 100, within m ± t·s·√(1 + 1/n): m the mean of our n seeds, s their sample standard deviation, t the 97.5 % point of
Student's t with n − 1 degrees of freedom (the prediction interval for one more observation of a normal distribution).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["agrees", "mostly", "differs", "undecided", "right", "wrong", "slip", "partly", "open", "quick", "missing"]
"""*right* and *wrong* are for what can be checked without training, *open* for a proposal without a figure."""

WORDS: dict[Kind, str] = {
    "agrees": "agrees",
    "mostly": "agrees where it can be told",
    "differs": "differs",
    "undecided": "cannot be told",
    "right": "holds",
    "wrong": "wrong: counterexample",
    "slip": "slip: counterexample",
    "partly": "holds in part",
    "open": "measured here first",
    "quick": "not comparable",
    "missing": "not measured yet",
}

WIDEST = 0.05
"""Half an interval wider than this (5 points of accuracy) would let almost anything agree: then nothing is said."""

RULE = (
    "A value of the report agrees where it lies within m ± t·s·√(1 + 1/n): m and s are mean and standard deviation of our n seeds, t is "
    "Student's 97.5 % point with n − 1 degrees of freedom. That is where one more training would lie 95 times in 100. Where half that "
    f"interval is wider than {WIDEST:g}, almost anything would agree, and nothing is said."
)


def printed(value: float, form: str) -> str:
    """*value* by the format *form*, with a true minus sign."""
    return f"{value:{form}}".replace("-", "−")


_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093)
"""97.5 % points of Student's t for 1, 2, … degrees of freedom."""


@dataclass(frozen=True)
class Verdict:
    """What it comes to: its kind, and a sentence with the numbers."""

    kind: Kind
    sentence: str

    @property
    def word(self) -> str:
        """The kind in a word or two."""
        return WORDS[self.kind]


NOTHING = Verdict("missing", "Nothing of it is trained yet.")

QUICK = "The quick version learns other, smaller data for a shorter time: its figures say nothing of the report's."
"""What a verdict on its figures says instead."""


@dataclass(frozen=True)
class Spread:
    """The values of some seeds, at least one."""

    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Their mean."""
        return statistics.fmean(self.values)

    @property
    def deviation(self) -> float | None:
        """Their sample standard deviation; None for a single one."""
        return statistics.stdev(self.values) if len(self.values) > 1 else None

    @property
    def half_width(self) -> float | None:
        """Half the 95 % prediction interval for one more; None for a single value."""
        if self.deviation is None:
            return None
        n = len(self.values)
        t = _T[n - 2] if n - 2 < len(_T) else 1.96
        return t * self.deviation * math.sqrt(1 + 1 / n)

    @property
    def text(self) -> str:
        """Mean ± standard deviation with the number of seeds."""
        if self.deviation is None:
            return f"{self.mean:.4f} (1 seed)"
        return f"{self.mean:.4f} ± {self.deviation:.4f} ({len(self.values)} seeds)"


def against(reported: float, values: Sequence[float], why: str = "") -> Verdict:
    """The verdict on *reported* beside our *values*, by `RULE`; *why* is added where they differ or nothing can be said."""
    spread = Spread(tuple(values))
    half, difference = spread.half_width, spread.mean - reported
    told = f" {why}" if why else ""
    if half is None:
        return Verdict(
            "undecided",
            f"One seed gives {spread.mean:.4f}, {printed(difference, '+.4f')} from the report's {reported:.4f}: train more.{told}",
        )
    low, high = spread.mean - half, spread.mean + half
    if half > WIDEST:
        among = f"from {min(values):.4f} to {max(values):.4f}"
        return Verdict("undecided", f"The seeds lie too far apart ({among}) for the report's {reported:.4f} to agree or differ.{told}")
    inside = low <= reported <= high
    where = f"{reported:.4f} lies {'within' if inside else 'outside'} {low:.4f} … {high:.4f}"
    if inside:
        return Verdict("agrees", f"{where}, where 95 of 100 further seeds would.")
    return Verdict("differs", f"{where}: ours is {printed(difference, '+.4f')} from it on the mean.{told}")


def together(verdicts: Sequence[Verdict]) -> Verdict:
    """Several figures of one item as one verdict: the worst kind, all sentences."""
    order: tuple[Kind, ...] = ("missing", "wrong", "differs", "undecided", "slip", "partly", "quick", "open", "mostly", "agrees", "right")
    worst = min(verdicts, key=lambda verdict: order.index(verdict.kind)).kind
    return Verdict(worst, " ".join(verdict.sentence for verdict in verdicts))
