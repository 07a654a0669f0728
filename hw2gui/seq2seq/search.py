"""Greedy and beam search over many sentences at once. Only for the processes that compute: it imports torch.

Shapes: B sentences, of which A are still searched; K places of the beam; S source symbols; V target symbols.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from hw2gui.seq2seq.batches import allowed, check, in_batches, override_at, padded
from hw2gui.seq2seq.history import History
from hw2gui.seq2seq.model import Memory, Seq2Seq, State, log_probabilities
from hw2gui.seq2seq.prepared import Prepared
from hw2gui.seq2seq.results import MAX_LENGTH, Hypothesis, Options, Query
from hw2gui.seq2seq.vocabulary import END, PAD, START

ROWS = 1024
"""Hypotheses of beams searched side by side (greedy: half as many): the more, the less each step costs beside its arithmetic."""

DONE_SHARE = 0.15
"""Sentences that are done leave the batch together, once they are this part of it: the others' memory is copied each time."""

MULTIPLE = 16
"""Of so many sentences, or fewer, a batch is left: oneDNN makes ready for each new size of a product, which takes longer than one."""


@torch.inference_mode()
def greedy(
    model: Seq2Seq, queries: Sequence[Query], max_length: int = MAX_LENGTH, *, alpha: float = 0.0, attention: bool = True
) -> list[Hypothesis]:
    """For each query the output that takes the most probable symbol at every step; of equal ones the lower.

    *alpha* only enters the score. Without *attention* none is kept, which saves time. Raises what `batches.check` raises.
    """
    check(model, queries, max_length)
    lengths = [len(query.source) for query in queries]
    return in_batches(
        lengths,
        ROWS // 2,
        model,
        lambda batch: _greedy(model, [queries[i] for i in batch], max_length, alpha, keep=attention),
    )


def _greedy(model: Seq2Seq, queries: Sequence[Query], max_length: int, alpha: float, *, keep: bool) -> list[Hypothesis]:
    going = _Going(model, queries)
    history = History([len(query.source) for query in queries], 1, attention=keep, device=model.device)
    symbols = torch.full((len(queries), 1), START, device=model.device)
    ended = torch.zeros_like(symbols, dtype=torch.bool)
    for step in range(max_length):
        gains, weights = going.step(symbols, step)  # (A, 1, V), (A, 1, S)
        gain, symbols = gains.max(dim=-1)  # (A, 1) each, the first of equal ones
        gain, symbols = gain.masked_fill_(ended, 0.0), symbols.masked_fill_(ended, PAD)
        history.add(going.rows, torch.zeros_like(symbols), symbols, gain, weights)
        ended |= symbols == END
        if (kept := _worth_keeping(ended[:, 0])) is not None:
            if not len(kept):
                break
            going.keep(kept)
            symbols, ended = symbols[kept], ended[kept]
    return [found for (found,) in history.hypotheses(1, alpha)]


def _worth_keeping(done: Tensor) -> Tensor | None:
    """The sentences not *done* (A,), by number, and some that are, where leaving the rest behind costs less than going on with them."""
    going = len(done) - int(done.sum())
    kept = going if going <= MULTIPLE else -(-going // MULTIPLE) * MULTIPLE
    return done.to(torch.uint8).argsort(stable=True)[:kept] if kept <= (1 - DONE_SHARE) * len(done) else None


@dataclass(frozen=True, eq=False)
class Candidates:
    """One step of the beam, for whoever watches: before it, all that could follow, and what was chosen.

    ``parents``, ``symbols``, ``sums``, ``scores``, ``complete`` (A, K) are the new places, best first. ``all_sums`` and ``all_scores``
    (A, K, V), and ``all_gains``, what each adds, belong to every continuation of the old places; a complete one continues by PAD alone,
    at no cost. Empty: -∞. ``weights`` (A, K, S): the attention of the old places, if any.
    ``settled`` (A,): the sentence is done. ``reachable`` (A,): the score no place still open can exceed.
    """

    step: int
    rows: Tensor
    parents: Tensor
    symbols: Tensor
    sums: Tensor
    scores: Tensor
    complete: Tensor
    all_gains: Tensor
    all_sums: Tensor
    all_scores: Tensor
    weights: Tensor | None
    settled: Tensor
    reachable: Tensor


Watch = Callable[[Candidates], None]


@torch.inference_mode()
def beam(
    model: Seq2Seq, queries: Sequence[Query], options: Options, *, attention: bool = True, watch: Watch | None = None
) -> list[list[Hypothesis]]:
    """For each query the n best outputs of a beam of k places, best first; fewer where there are no more.

    At every step all continuations of the open hypotheses, and the complete ones as they are, compete for the k places by score
    (`SCORE_FORMULA`); of equal scores the lower place, then the lower symbol wins. `STOP_RULE` says when a sentence is done; it never
    changes what is found. *watch* is told every step. Raises what `batches.check` raises.
    """
    check(model, queries, options.max_length)
    lengths, rows = [len(query.source) for query in queries], max(1, ROWS // options.beam)
    return in_batches(
        lengths,
        rows,
        model,
        lambda batch: _beam(model, [queries[i] for i in batch], options, keep=attention, watch=watch),
        at_once=watch is None,
    )


def _beam(model: Seq2Seq, queries: Sequence[Query], options: Options, *, keep: bool, watch: Watch | None = None) -> list[list[Hypothesis]]:
    places = options.beam
    going = _Going(model, queries)
    history = History([len(query.source) for query in queries], places, attention=keep, device=model.device)
    symbols = torch.full((len(queries), 1), START, device=model.device)  # one hypothesis, still without a symbol
    sums = torch.full((len(queries), places), -torch.inf, dtype=torch.float64, device=model.device)
    sums[:, 0] = 0.0  # the other places are empty
    lengths = torch.zeros_like(sums, dtype=torch.long)
    complete = torch.zeros_like(sums, dtype=torch.bool)
    for step in range(options.max_length):
        gains, weights = going.step(symbols, step)  # (A, K, V), (A, K, S)
        if step == 0:
            gains = gains.expand(-1, places, -1)
            weights = None if weights is None else weights.expand(-1, places, -1)
        elif complete.any():
            gains = torch.where(complete[..., None], _only_pad(gains), gains)
        all_sums = sums[..., None] + gains  # (A, K, V)
        lengths = lengths + ~complete
        all_scores = all_sums / _penalty(lengths, options.alpha)[..., None] if options.alpha else all_sums
        scores, chosen = best(all_scores.flatten(1), places)  # (A, K)
        parents = chosen // gains.shape[-1]
        symbols = chosen - parents * gains.shape[-1]
        # A place that stays empty must not look like a symbol well written, nor like another place.
        sums, written = (part.flatten(1).gather(1, chosen).masked_fill_(scores == -torch.inf, -torch.inf) for part in (all_sums, gains))
        history.add(going.rows, parents, symbols, written, weights)
        lengths = lengths.gather(1, parents)
        complete = complete.gather(1, parents) | (symbols == END) | (step + 1 == options.max_length)
        reachable = _reachable(sums, complete, options)
        done = _settled(scores, complete, reachable, options.nbest)
        if watch is not None:
            chosen_are = parents, symbols, sums, scores, complete
            watch(Candidates(step, going.rows, *chosen_are, gains, all_sums, all_scores, weights, done, reachable))
        if done.all():
            break
        # What is done may well go on: its n best stay as they are.
        kept = _worth_keeping(done)
        going.follow(parents, kept)
        if kept is not None:
            symbols, sums, lengths, complete = (part[kept] for part in (symbols, sums, lengths, complete))
    return history.hypotheses(options.nbest, options.alpha)


def best(scores: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The *count* largest of each row (A, N) and where they are, falling; of equal ones the lower index first. -∞ is nowhere.

    One after the other, the first of equal ones each time: quicker than topk for beams of usual size, and topk promises no order of equals.
    """
    left, values, places = scores.clone(), [], []
    for _ in range(min(count, scores.shape[1])):
        value, place = left.max(dim=1, keepdim=True)
        left.scatter_(1, place, -torch.inf)
        values.append(value)
        places.append(place)
    return torch.cat(values, dim=1), torch.cat(places, dim=1)


def _only_pad(like: Tensor) -> Tensor:
    """How a complete hypothesis goes on (V,): by padding, at no cost. V and the device are those of *like* (A, K, V)."""
    gains = torch.full_like(like[0, 0], -torch.inf)
    gains[PAD] = 0.0
    return gains


def _penalty(lengths: Tensor, alpha: float) -> Tensor:
    return lengths.clamp(min=1).double() ** alpha


def _reachable(sums: Tensor, complete: Tensor, options: Options) -> Tensor:
    """What no open hypothesis can exceed (A,): its sum can only fall, and counts least at the greatest length. -∞: none is open."""
    return torch.where(complete, -torch.inf, sums).amax(dim=1) / math.pow(options.max_length, options.alpha)


def _settled(scores: Tensor, complete: Tensor, reachable: Tensor, nbest: int) -> Tensor:
    """Whether each sentence's n best (of falling scores (A, K)) are complete and out of reach of the others (A,)."""
    return (reachable == -torch.inf) | (complete[:, :nbest].all(dim=1) & (scores[:, nbest - 1] > reachable))


class _Going:
    """The sentences still searched: which they are, the decoder made ready for them, and its state."""

    def __init__(self, model: Seq2Seq, queries: Sequence[Query]) -> None:
        memory: Memory = model.encoder(*padded([query.source for query in queries], model.device))
        self._queries = queries
        self._decoder = Prepared(model.decoder, memory)
        self._state: State = self._decoder.start(memory)  # (L, A, H): all places of a sentence begin alike
        self._forced = max(len(query.prefix) for query in queries)
        self._overridden = any(query.override.active for query in queries)
        self._free: Tensor | None = None
        self.rows = torch.arange(len(queries), device=model.device)

    def step(self, symbols: Tensor, step: int) -> tuple[Tensor, Tensor | None]:
        """After *symbols* (A, K): the log-probability of each symbol (A, K, V), -∞ where it may not come, and the attention (A, K, S)."""
        steps = [step] * len(self._queries)
        override = override_at(self._queries, steps) if self._overridden else None
        logits, self._state, weights = self._decoder.step(symbols, self._state, override)
        gains = log_probabilities(logits)
        if step < self._forced:
            return gains + allowed(self._queries, steps, gains), weights
        if self._free is None:
            self._free = allowed([], [], gains)
        return gains.add_(self._free), weights

    def follow(self, parents: Tensor, kept: Tensor | None = None) -> None:
        """Each place goes on from the place *parents* (A, K) says, in the sentences *kept* (by number), unless in all."""
        sentences = torch.arange(len(parents), device=parents.device)[:, None]
        # After the first step there is one state a sentence.
        places = self._state[0].shape[1] // len(parents)
        rows = sentences * places + parents if places > 1 else sentences.expand_as(parents)
        if kept is not None:
            rows = rows[kept]
            self._keep(kept)
        self._state = tuple(part.index_select(1, rows.flatten()) for part in self._state)

    def keep(self, kept: Tensor) -> None:
        """Only the sentences *kept* (by number), of one place each, go on."""
        self._keep(kept)
        self._state = tuple(part.index_select(1, kept) for part in self._state)

    def _keep(self, kept: Tensor) -> None:
        self.rows = self.rows[kept]
        self._decoder.keep(kept)
        self._queries = [self._queries[index] for index in kept.tolist()]
