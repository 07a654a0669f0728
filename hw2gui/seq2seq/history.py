"""What a search did step by step, and the outputs traced back from it. Only for the processes that compute: it imports torch."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from hw2gui.seq2seq.results import Hypothesis, score_of
from hw2gui.seq2seq.vocabulary import PAD


class History:
    """Every step of B sentences with K places each; sentences that are done keep their places and write PAD.

    An output's attention follows its ancestry: row t is that of the place from which its symbol t was written.
    """

    def __init__(self, source_lengths: Sequence[int], places: int, *, attention: bool, device: torch.device) -> None:
        self._lengths = source_lengths
        self._still = torch.arange(places, device=device).expand(len(source_lengths), places)
        self._attention = attention
        self._steps: list[tuple[Tensor, Tensor, Tensor, Tensor | None]] = []

    def add(self, rows: Tensor, parents: Tensor, symbols: Tensor, gains: Tensor, weights: Tensor | None) -> None:
        """One step of the sentences *rows* (A,).

        *parents*, *symbols* and *gains* (A, K): which place each place comes from, what it wrote and the log-probability of that;
        *weights* (A, K, S): the attention of the places before.
        """
        still = self._still
        step = [still.clone(), torch.full_like(still, PAD), gains.new_zeros(still.shape)]
        for all_rows, part in zip(step, (parents, symbols, gains), strict=True):
            all_rows[rows] = part
        kept = None
        if self._attention and weights is not None:
            kept = weights.new_zeros(*still.shape, weights.shape[-1])
            kept[rows] = weights
        self._steps.append((step[0], step[1], step[2], kept))

    def hypotheses(self, count: int, alpha: float) -> list[list[Hypothesis]]:
        """The outputs that ended in the first *count* places of each sentence, without places that were never filled."""
        place, traced = self._still[:, :count], []  # (B, n)
        for parents, symbols, gains, weights in reversed(self._steps):
            parent = parents.gather(1, place)
            seen = None if weights is None else weights.gather(1, parent[..., None].expand(-1, -1, weights.shape[-1]))
            traced.append((symbols.gather(1, place), gains.gather(1, place), seen))
            place = parent
        traced.reverse()
        symbols = torch.stack([step[0] for step in traced], dim=-1)  # (B, n, T)
        gains = torch.stack([step[1] for step in traced], dim=-1)  # (B, n, T)
        rows = [step[2] for step in traced if step[2] is not None]
        attention = torch.stack(rows, dim=2) if rows else None  # (B, n, T, S)
        outputs = zip(self._lengths, symbols.tolist(), gains.tolist(), strict=True)
        return [
            self._of_sentence(numbers, tokens, None if attention is None else attention[row, :, :, :length], alpha)
            for row, (length, numbers, tokens) in enumerate(outputs)
        ]

    @staticmethod
    def _of_sentence(symbols: list[list[int]], gains: list[list[float]], attention: Tensor | None, alpha: float) -> list[Hypothesis]:
        """Symbols and gains (n, T), attention (n, T, S)."""
        found = []
        for index, (numbers, tokens) in enumerate(zip(symbols, gains, strict=True)):
            if -math.inf in tokens:
                continue
            length = len(numbers) - numbers.count(PAD)  # nothing is written after an end
            written = tuple(tokens[:length])
            rows = None if attention is None else attention[index, :length].double().cpu().numpy()
            found.append(Hypothesis(tuple(numbers[:length]), written, score_of(sum(written), length, alpha), rows))
        return found
