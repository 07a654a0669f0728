"""Every step of one beam search, for the stepper: plain data the window may import."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hw2gui.arrays import Floats
from hw2gui.seq2seq.results import Hypothesis, Options


@dataclass(frozen=True)
class Place:
    """A hypothesis in the beam after a step, or one that fell out of it.

    ``place`` is its rank from 0 (among the survivors, or among the pruned), ``parent`` the place before the step of what it continues,
    ``symbol`` what it wrote (None: it was complete and stays as it was) and ``gain`` that symbol's log-probability.
    ``sum`` is the sum of all its log-probabilities, ``score`` what it is ranked by, ``length`` its symbols, ``numbers`` all of them.
    ``margin``: by how much its score is above the best pruned one's, or, of a pruned one, below the last survivor's (not positive); None
    where nothing was pruned. ``attention`` (source length,): with what its symbol was written; None without attention and where it stays.
    """

    place: int
    parent: int
    symbol: int | None
    gain: float
    sum: float
    score: float
    length: int
    complete: bool
    numbers: tuple[int, ...]
    margin: float | None
    attention: Floats | None = field(default=None, compare=False, repr=False)

    @property
    def stays(self) -> bool:
        """Whether it was complete before the step and only keeps its place."""
        return self.symbol is None


@dataclass(frozen=True)
class StopState:
    """Where the stop rule stands after a step: how many of the n best are complete, the n-th best one's score (None: not complete yet),
    the score no open hypothesis can exceed (None: none is open), and whether the sentence is done.
    """

    complete: int
    wanted: int
    nth_score: float | None
    reachable: float | None
    done: bool


@dataclass(frozen=True)
class Step:
    """One column of the stepper: the survivors, best first; the best of the pruned; how many were pruned in all; the stop rule."""

    number: int
    survivors: tuple[Place, ...]
    pruned: tuple[Place, ...]
    pruned_count: int
    stop: StopState

    @property
    def finished(self) -> tuple[Place, ...]:
        """The survivors that are complete."""
        return tuple(place for place in self.survivors if place.complete)


@dataclass(frozen=True)
class Trace:
    """A whole search: its options, its steps, the n best it found."""

    options: Options
    steps: tuple[Step, ...]
    best: tuple[Hypothesis, ...]

    def ancestry(self, step: int, place: int) -> tuple[int, ...]:
        """The places a survivor of *step* came through, from the first step to its own."""
        path = [place]
        for at in range(step, 0, -1):
            path.append(self.steps[at].survivors[path[-1]].parent)
        return tuple(reversed(path))

    def path(self, step: int, place: Place) -> tuple[Place, ...]:
        """The places that wrote the symbols of *place*, a survivor or a pruned one of *step*, one by one; the last is itself or, if it
        stays, where it was completed.
        """
        found, at, here = [], step, place
        while True:
            if not here.stays:
                found.append(here)
            if at == 0:
                return tuple(reversed(found))
            at, here = at - 1, self.steps[at - 1].survivors[here.parent]

    def attention(self, step: int, place: Place) -> Floats | None:
        """The attention (symbols, source length) with which the symbols of *place* were written; None without attention."""
        rows = [one.attention for one in self.path(step, place) if one.attention is not None]
        return np.stack(rows) if rows else None


def in_words(stop: StopState) -> str:
    """The state of the stop rule as a sentence."""
    if stop.done and stop.reachable is None:
        return "Done: every hypothesis is complete."
    if stop.nth_score is None:
        return f"{stop.complete} of the {stop.wanted} best are complete: the search goes on."
    bound = "none is open" if stop.reachable is None else f"an open one can reach {stop.reachable:.3f} at most"
    best = "the best is complete" if stop.wanted == 1 else f"the {stop.wanted} best are complete"
    return f"{'Done' if stop.done else 'Not done'}: {best}, down to {stop.nth_score:.3f}, and {bound}."
