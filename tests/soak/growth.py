"""Whether memory grows: the slope of what was measured by the minute, and how far it can be told from none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

WARM_UP = 0.2
"""The share of the time at the beginning that is left out: there, what is made on first use is made."""

FEWEST, SHORTEST_MIN = 4, 10.0
"""No slope is told from fewer measures, nor from a shorter time."""


def slope(minutes: Sequence[float], megabytes: Sequence[float], leave_out: float = WARM_UP) -> tuple[float, float, int] | None:
    """Least squares: MB an hour, its standard error, and on how many measures it rests; None where these are too few.

    The share *leave_out* of the time at the beginning does not count.
    """
    times, sizes = np.asarray(minutes, float), np.asarray(megabytes, float)
    later = times >= times[0] + leave_out * (times[-1] - times[0])
    hours, sizes = times[later] / 60, sizes[later]
    if len(hours) < FEWEST or np.ptp(hours) < SHORTEST_MIN / 60 * (1 - leave_out):
        return None
    off = hours - hours.mean()
    found = float(off @ sizes / (off @ off))
    rest = sizes - sizes.mean() - found * off
    return found, float(np.sqrt(rest @ rest / (len(hours) - 2) / (off @ off))), len(hours)


def sentence(minutes: Sequence[float], megabytes: Sequence[float], who: str) -> str:
    """The slope in words."""
    found = slope(minutes, megabytes)
    range_ = f"{min(megabytes):.0f} to {max(megabytes):.0f} MB"
    if found is None:
        return f"{who} held {range_}; measures over a longer time are needed for a slope."
    rate, error, count = found
    half = slope(minutes, megabytes, 0.5)
    later = f" (in the second half {half[0]:+.1f} ± {half[1]:.1f})" if half is not None else ""
    verdict = "grows" if rate > 2 * error else "shrinks" if rate < -2 * error else "no growth can be told from the scatter"
    told = f"{rate:+.1f} ± {error:.1f} MB an hour over {count} measures{later}"
    return f"{who} held {range_}; after the first fifth the slope is {told}: {verdict}."
