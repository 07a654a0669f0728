"""Exact best-first search: the most probable output of all, or an honest account of what is known. Only for the processes that compute."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
import torch
from torch import Tensor

from hw2gui.errors import InputError
from hw2gui.seq2seq.batches import allowed, check, in_batches, override_at, padded
from hw2gui.seq2seq.model import Seq2Seq, State, log_probabilities
from hw2gui.seq2seq.results import MAX_LENGTH, ExactResult, Hypothesis, Options, Query
from hw2gui.seq2seq.search import ROWS, beam
from hw2gui.seq2seq.vocabulary import END, START

MOST_EXPANSIONS = 20_000
"""Prefixes looked into for one sentence, unless told otherwise, before the search gives up."""

LARGEST_EXPANSIONS = 200_000

WIDTH = 16
"""Prefixes of one sentence expanded at once: a few more than strictly needed, each at a fraction of the cost."""


@torch.inference_mode()
def exact(model: Seq2Seq, queries: Sequence[Query], max_length: int = MAX_LENGTH, *, most: int = MOST_EXPANSIONS) -> list[ExactResult]:
    """For each query the output of the greatest log-probability of all (there is no length normalisation here).

    The most probable prefix is always expanded next. Sums only fall, so once no open prefix is above the best complete output, that is
    the best of all. Begins from the output of a beam of 5, so that hopeless prefixes are never kept. After *most* expanded prefixes the
    search of a sentence gives up. Raises what `batches.check` raises, and InputError for a *most* out of range.
    """
    if not 1 <= most <= LARGEST_EXPANSIONS:
        raise InputError(f"an exact search of {most:,} prefixes: choose 1 to {LARGEST_EXPANSIONS:,}")
    check(model, queries, max_length)
    first = [found[0] for found in beam(model, queries, Options(5, max_length=max_length))]
    return in_batches(
        [len(query.source) for query in queries],
        ROWS // WIDTH,
        model,
        lambda batch: _exact(model, [queries[i] for i in batch], [first[i] for i in batch], max_length, most),
    )


@dataclass(eq=False, slots=True)
class _Prefix:
    """Symbols written so far, as a chain: the last one, what it cost, the whole sum, the state it was written from."""

    parent: _Prefix | None
    symbol: int
    gain: float
    sum: float
    length: int
    state: State  # each part (L, H)
    weights: Tensor | None  # (S,), the attention its symbol was written with


def _exact(model: Seq2Seq, queries: Sequence[Query], first: Sequence[Hypothesis], max_length: int, most: int) -> list[ExactResult]:
    memory = model.encoder(*padded([query.source for query in queries], model.device))
    start = model.decoder.start(memory, 1)  # parts (L, B, 1, H)
    searches = [
        _Search(query, _Prefix(None, START, 0.0, 0.0, 0, tuple(part[:, row, 0] for part in start), None), best, most)
        for row, (query, best) in enumerate(zip(queries, first, strict=True))
    ]
    while chosen := [(row, prefix) for row, search in enumerate(searches) for prefix in search.next()]:
        rows = torch.tensor([row for row, _ in chosen], device=model.device)
        of, steps = [queries[row] for row, _ in chosen], [prefix.length for _, prefix in chosen]
        symbols = torch.tensor([[prefix.symbol] for _, prefix in chosen], device=model.device)  # (N, 1)
        states = zip(*(prefix.state for _, prefix in chosen), strict=True)
        state = tuple(torch.stack(parts, dim=1)[:, :, None] for parts in states)  # (L, N, 1, H)
        logits, state, weights = model.decoder.step(symbols, state, memory.rows(rows), override_at(of, steps))
        gains = log_probabilities(logits)  # (N, 1, V)
        gains = (gains + allowed(of, steps, gains))[:, 0].cpu()  # (N, V)
        for index, (row, prefix) in enumerate(chosen):
            own = tuple(part[:, index, 0] for part in state)
            searches[row].expand(prefix, gains[index], own, None if weights is None else weights[index, 0], max_length)
    return [search.result() for search in searches]


class _Search:
    """One sentence: the open prefixes, the most probable first, and the best complete output so far."""

    def __init__(self, query: Query, start: _Prefix, first: Hypothesis, most: int) -> None:
        self._length = len(query.source)
        self._number = count()  # equal sums: the one found first
        self._open: list[tuple[float, int, _Prefix]] = [(-start.sum, next(self._number), start)]
        self._best = first
        self._best_sum = first.log_probability
        self._expanded, self._most = 0, most

    def next(self) -> Iterator[_Prefix]:
        """The most probable open prefixes that could still become better than the best; none: the search is over."""
        for _ in range(min(WIDTH, self._most - self._expanded)):
            if not self._open or -self._open[0][0] <= self._best_sum:
                return
            self._expanded += 1
            yield heapq.heappop(self._open)[2]

    def expand(self, prefix: _Prefix, gains: Tensor, state: State, weights: Tensor | None, max_length: int) -> None:
        """Add what continues *prefix* by one symbol, given their log-probabilities (V,), if it is still above the best."""
        sums = prefix.sum + gains
        for symbol in (sums > self._best_sum).nonzero()[:, 0].tolist():
            after = _Prefix(prefix, symbol, float(gains[symbol]), float(sums[symbol]), prefix.length + 1, state, weights)
            if symbol != END and after.length < max_length:
                heapq.heappush(self._open, (-after.sum, next(self._number), after))
            elif after.sum > self._best_sum:
                self._best, self._best_sum = self._complete(after), after.sum

    def _complete(self, last: _Prefix) -> Hypothesis:
        chain = []
        prefix: _Prefix = last
        while prefix.parent is not None:
            chain.append(prefix)
            prefix = prefix.parent
        chain.reverse()
        rows = [one.weights[: self._length].double().cpu().numpy() for one in chain if one.weights is not None]
        tokens = tuple(one.gain for one in chain)
        return Hypothesis(tuple(one.symbol for one in chain), tokens, last.sum, np.stack(rows) if rows else None)

    def result(self) -> ExactResult:
        """What is known at the end."""
        open_sum = -self._open[0][0] if self._open else -np.inf
        proven = open_sum <= self._best_sum
        return ExactResult(self._best, proven, self._expanded, self._best_sum if proven else float(open_sum))
