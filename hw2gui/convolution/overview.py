"""The matrix from afar: what each screen pixel's rectangle of M holds, exactly, however many entries it covers.

Screen rows and columns are given by their edges, increasing, each at least one entry apart. Nothing is sampled: a band
five entries wide in a million columns does not vanish. Cost: the visible rows and columns only.

How coverage works. A screen row is cut into segments: rows of M that share the slow output index a, so b runs over a range.
Tap (k, l) puts a segment's entries into columns c·W + e of one slow pixel c, an arithmetic progression of step s (one term for
each b). Progressions of neighbouring taps of the same sign that overlap are one progression. Where no screen column is narrower than s,
none can be skipped, so a progression lights the screen columns from its first entry to its last: two numbers, summed up in
a difference array. Where columns are narrower, the few terms in view are listed one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hw2gui.arrays import Booleans, Floats, Ints, Pixels
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.errors import InputError

POSITIVE = 1
"""Bit of ``coverage``: a positive entry is there."""
NEGATIVE = 2
"""Bit of ``coverage``: a negative entry is there."""
MAX_LISTED = 2**17
"""The most entries ``strongest`` lists: what it can within one frame."""
_APART = 1 << 40
_LISTED_AT_ONCE = 1 << 20


def coverage(matrix: ConvolutionMatrix, row_edges: Ints, col_edges: Ints) -> Pixels:
    """For each rectangle [row_edges[r], row_edges[r+1]) × [col_edges[c], col_edges[c+1]) of M: which signs occur in it, (R, C).

    ``POSITIVE`` and ``NEGATIVE`` bits, 0 where all entries are 0. Exact for any increasing edges inside the matrix.
    """
    row_edges, col_edges = _checked(row_edges, matrix.shape[0], "row"), _checked(col_edges, matrix.shape[1], "column")
    picture = np.zeros((len(row_edges) - 1, len(col_edges) - 1), dtype=np.uint8)
    segments = _Segments.of(row_edges, matrix.fast.output)
    for bit, present in ((POSITIVE, matrix.weights > 0), (NEGATIVE, matrix.weights < 0)):
        if present.any():
            picture |= _covered(matrix, present, segments, col_edges) * np.uint8(bit)
    return picture


def strongest_is_affordable(matrix: ConvolutionMatrix, row_edges: Ints, col_edges: Ints) -> bool:
    """Whether ``strongest`` may be asked: at most ``MAX_LISTED`` candidates (visible rows × taps) in view."""
    return int(row_edges[-1] - row_edges[0]) * matrix.kernel.size <= MAX_LISTED


def strongest(matrix: ConvolutionMatrix, row_edges: Ints, col_edges: Ints) -> Floats:
    """The entry of greatest magnitude in each rectangle, (R, C); of two equally great ones the positive.

    Lists every non-zero of the visible rows: an InputError beyond ``strongest_is_affordable``.
    """
    row_edges, col_edges = _checked(row_edges, matrix.shape[0], "row"), _checked(col_edges, matrix.shape[1], "column")
    if not strongest_is_affordable(matrix, row_edges, col_edges):
        raise InputError(f"More than {MAX_LISTED:,} entries are in view; zoom in, or look at the signs only.")
    columns, taps = matrix.row_entries(np.arange(row_edges[0], row_edges[-1]))
    weights = matrix.kernel.reshape(-1)
    rows, candidates = np.nonzero((taps >= 0) & (columns >= col_edges[0]) & (columns < col_edges[-1]))
    values, columns = weights[taps[rows, candidates]], columns[rows, candidates]
    # Later assignments win, so the greatest comes last.
    rank = np.empty(weights.size, dtype=np.int64)
    rank[np.lexsort((weights, np.abs(weights)))] = np.arange(weights.size)
    rising = np.argsort(rank[taps[rows, candidates]], kind="stable")
    picture = np.zeros((len(row_edges) - 1, len(col_edges) - 1))
    screen_rows = np.repeat(np.arange(len(row_edges) - 1), np.diff(row_edges))[rows]
    screen_columns = np.searchsorted(col_edges, columns, side="right") - 1
    picture[screen_rows[rising], screen_columns[rising]] = values[rising]
    return picture


@dataclass(frozen=True)
class _Segments:
    """Runs of matrix rows with one slow output index ``a`` and fast ones ``first`` ≤ b ≤ ``last``, each in one screen row."""

    screen_row: Ints
    a: Ints
    first: Ints
    last: Ints

    @classmethod
    def of(cls, row_edges: Ints, fast_outputs: int) -> _Segments:
        starts, ends = row_edges[:-1], row_edges[1:] - 1
        a_start, b_start = np.divmod(starts, fast_outputs)
        a_end, b_end = np.divmod(ends, fast_outputs)
        counts = a_end - a_start + 1
        screen_row = np.repeat(np.arange(len(starts)), counts)
        opening = np.cumsum(counts) - counts
        a = a_start[screen_row] + np.arange(len(screen_row)) - opening[screen_row]
        first, last = np.zeros_like(a), np.full_like(a, fast_outputs - 1)
        first[opening] = b_start
        last[opening + counts - 1] = b_end
        return cls(screen_row, a, first, last)

    def __getitem__(self, chosen: Booleans | Ints) -> _Segments:
        return _Segments(self.screen_row[chosen], self.a[chosen], self.first[chosen], self.last[chosen])


@dataclass(frozen=True)
class _Taps:
    """The present taps by slow tap, then remainder of the fast offset by the stride, then fast offset: neighbours may merge.

    ``gap`` is the distance to the tap before, ``_APART`` where that one belongs to another progression.
    """

    slow: Ints
    fast: Ints
    gap: Ints

    @classmethod
    def of(cls, matrix: ConvolutionMatrix, present: Booleans) -> _Taps:
        slow_tap, fast_tap = np.nonzero(present)
        slow, fast = matrix.slow.offsets[slow_tap], matrix.fast.offsets[fast_tap]
        remainder = fast % matrix.fast.stride
        order = np.lexsort((fast, remainder, slow))
        slow, fast, remainder = slow[order], fast[order], remainder[order]
        gap = np.full(len(fast), _APART)
        together = (np.diff(slow) == 0) & (np.diff(remainder) == 0)
        gap[1:][together] = np.diff(fast)[together]
        return cls(slow, fast, gap)

    def gaps(self) -> Ints:
        """The distances that occur between neighbours, ascending, each once."""
        return np.unique(self.gap[self.gap < _APART])

    def merged(self, bridge: int) -> _Runs:
        """The taps as runs in which neighbours are at most *bridge* pixels apart."""
        starts = np.flatnonzero(self.gap > bridge)
        ends = np.append(starts[1:], len(self.gap)) - 1
        return _Runs(self.slow[starts], self.fast[starts], self.fast[ends])


@dataclass(frozen=True)
class _Runs:
    """Taps that act as one: at slow offset ``slow``, fast offsets ``first`` to ``last`` in steps of the stride."""

    slow: Ints
    first: Ints
    last: Ints


class _Marks:
    """Intervals of screen columns, summed up as a difference array."""

    def __init__(self, rows: int, columns: int) -> None:
        self._rows, self._width = rows, columns + 1
        self._change = np.zeros(rows * self._width, dtype=np.int32)

    def add(self, row: Ints, first: Ints, last: Ints) -> None:
        """Mark columns *first* to *last* of each screen row."""
        start = row * self._width + first
        end = start + (last - first + 1)
        if len(start) < self._change.size // 8:
            np.add.at(self._change, start, 1)
            np.subtract.at(self._change, end, 1)
        else:
            # Far quicker for each interval, but it goes through the whole array.
            change = np.bincount(start, minlength=self._change.size)
            change -= np.bincount(end, minlength=self._change.size)
            self._change += change.astype(np.int32)

    def covered(self) -> Booleans:
        """Where any interval lies, (rows, columns). To be asked once, at the end."""
        np.cumsum(self._change, out=self._change)
        return self._change.reshape(self._rows, self._width)[:, :-1] > 0


def _covered(matrix: ConvolutionMatrix, present: Booleans, segments: _Segments, edges: Ints) -> Booleans:
    """Where any entry of a present tap lies."""
    marks = _Marks(int(segments.screen_row[-1]) + 1, len(edges) - 1)
    taps = _Taps.of(matrix, present)
    gaps = taps.gaps()
    # L rows of a segment bridge s·L pixels; how many of the kernel's gaps that covers decides which taps merge.
    bridged = np.searchsorted(gaps, matrix.fast.stride * (segments.last - segments.first + 1), side="right")
    for level in np.unique(bridged):
        _mark(matrix, segments[bridged == level], taps.merged(int(gaps[level - 1]) if level else 0), edges, marks)
    return marks.covered()


def _mark(matrix: ConvolutionMatrix, segments: _Segments, runs: _Runs, edges: Ints, marks: _Marks) -> None:
    """Add what each segment's entries of each run cover."""
    stride, width = matrix.fast.stride, matrix.fast.image
    top, bottom = max(0, int(edges[0]) // width), (int(edges[-1]) - 1) // width
    places = stride * segments.a
    near = (runs.slow >= top - places.max()) & (runs.slow <= bottom - places.min())
    runs = _Runs(runs.slow[near], runs.first[near], runs.last[near])
    c = places[:, None] + runs.slow
    segment, run = np.nonzero((c >= top) & (c <= bottom))
    base = c[segment, run] * width
    # The progression of fast pixels, cut to the image and to what is in view without leaving its steps.
    lower, upper = np.maximum(base, edges[0]), np.minimum(base + width, edges[-1]) - 1
    first = _raised(base + stride * segments.first[segment] + runs.first[run], lower, stride)
    last = -_raised(-(base + stride * segments.last[segment] + runs.last[run]), -upper, stride)
    seen = first <= last
    screen_row, first, last = segments.screen_row[segment[seen]], first[seen], last[seen]
    if stride <= int(np.diff(edges).min()):
        marks.add(screen_row, _column(edges, first), _column(edges, last))
    else:
        for row, entry in _listed(screen_row, first, last, stride):
            column = _column(edges, entry)
            marks.add(row, column, column)


def _raised(value: Ints, floor: Ints, step: int) -> Ints:
    """*value*, or the first of value + step, value + 2·step, … that is not below *floor*."""
    raised: Ints = np.maximum(value, floor) if step == 1 else value + np.maximum(0, -((value - floor) // step)) * step
    return raised


def _column(edges: Ints, entry: Ints) -> Ints:
    """The screen column of each matrix column in view."""
    return np.searchsorted(edges, entry, side="right") - 1


def _listed(row: Ints, first: Ints, last: Ints, step: int) -> Iterator[tuple[Ints, Ints]]:
    """(row, entry) for every term of the progressions, at most about ``_LISTED_AT_ONCE`` at a time."""
    counts = (last - first) // step + 1
    batch = np.cumsum(counts) // _LISTED_AT_ONCE
    for number in np.unique(batch):
        chosen = batch == number
        count = counts[chosen]
        opening = np.cumsum(count) - count
        term = np.arange(count.sum()) - np.repeat(opening, count)
        yield np.repeat(row[chosen], count), np.repeat(first[chosen], count) + step * term


def _checked(edges: Ints, size: int, name: str) -> Ints:
    edges = np.asarray(edges, dtype=np.int64)
    if edges.ndim != 1 or len(edges) < 2 or edges[0] < 0 or edges[-1] > size or (np.diff(edges) < 1).any():
        raise InputError(f"The {name} edges of the overview are at least two numbers, increasing, from 0 to {size}.")
    return edges
