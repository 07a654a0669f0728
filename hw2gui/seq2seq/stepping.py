"""A beam search of one sentence with every step kept: `trace.Trace`. Only for the processes that compute: it imports torch."""

from __future__ import annotations

import torch

from hw2gui.seq2seq.model import Seq2Seq
from hw2gui.seq2seq.results import Options, Query
from hw2gui.seq2seq.search import Candidates, beam, best
from hw2gui.seq2seq.trace import Place, Step, StopState, Trace
from hw2gui.seq2seq.vocabulary import END, PAD

PRUNED = 5
"""The best pruned continuations kept at each step."""


def trace(model: Seq2Seq, query: Query, options: Options, pruned: int = PRUNED) -> Trace:
    """Search as `beam` does and keep, of every step, the survivors, the best *pruned* and the state of the stop rule."""
    recorder = _Recorder(options, pruned)
    (found,) = beam(model, [query], options, watch=recorder)
    return Trace(options, tuple(recorder.steps), tuple(found))


class _Recorder:
    def __init__(self, options: Options, pruned: int) -> None:
        self._options, self._pruned = options, pruned
        self._before: tuple[Place, ...] = (Place(0, 0, None, 0.0, 0.0, 0.0, 0, False, (), None),)
        self.steps: list[Step] = []

    def __call__(self, seen: Candidates) -> None:
        """Keep one step of the only sentence."""
        scores, sums, gains = (part.flatten() for part in (seen.all_scores, seen.all_sums, seen.all_gains))
        symbols = seen.all_scores.shape[-1]
        attention = None if seen.weights is None else seen.weights[0].double().cpu().numpy()  # (K, S)
        real = int(scores.isfinite().sum())
        chosen = best(scores[None], min(real, self._options.beam + self._pruned))[1][0].tolist()
        kept, fallen = chosen[: self._options.beam], chosen[self._options.beam :]
        last = float(scores[kept[-1]])
        first = float(scores[fallen[0]]) if fallen else None

        def place(rank: int, index: int, border: float | None) -> Place:
            parent, symbol = divmod(index, symbols)
            before, score = self._before[parent], float(scores[index])
            stays = symbol == PAD
            numbers = before.numbers if stays else (*before.numbers, symbol)
            return Place(
                place=rank,
                parent=parent,
                symbol=None if stays else symbol,
                gain=float(gains[index]),
                sum=float(sums[index]),
                score=score,
                length=len(numbers),
                complete=stays or _completes(symbol, len(numbers), self._options),
                numbers=numbers,
                margin=None if border is None else score - border,
                attention=None if attention is None or stays else attention[parent].copy(),
            )

        survivors = tuple(place(rank, index, first) for rank, index in enumerate(kept))
        dropped = tuple(place(rank, index, last) for rank, index in enumerate(fallen))
        self.steps.append(Step(seen.step, survivors, dropped, real - len(kept), self._stop(seen, survivors)))
        self._before = survivors

    def _stop(self, seen: Candidates, survivors: tuple[Place, ...]) -> StopState:
        wanted = min(self._options.nbest, len(survivors))
        top = survivors[:wanted]
        complete = sum(place.complete for place in top)
        reachable = float(seen.reachable[0])
        return StopState(
            complete=complete,
            wanted=wanted,
            nth_score=top[-1].score if complete == wanted else None,
            reachable=None if reachable == -torch.inf else reachable,
            done=bool(seen.settled[0]),
        )


def _completes(symbol: int, length: int, options: Options) -> bool:
    return symbol == END or length == options.max_length
