"""Encoded sentences of different lengths, ready to be cut into padded batches. Only for the processes that compute: it imports torch."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import torch
from torch import Tensor

from hw2gui.seq2seq.vocabulary import PAD


class Sentences:
    """N sequences of symbols end to end in one tensor: no padding is stored, however unlike their lengths."""

    def __init__(self, sequences: Sequence[Sequence[int]], device: torch.device | None = None) -> None:
        lengths = torch.tensor([len(sequence) for sequence in sequences])
        self._starts = (lengths.cumsum(0) - lengths).to(device)
        self.lengths = lengths.to(device)
        self._symbols = torch.tensor([*chain.from_iterable(sequences)], dtype=torch.int32, device=device)

    def __len__(self) -> int:
        return len(self.lengths)

    def rows(self, which: Tensor) -> tuple[Tensor, Tensor]:
        """The sentences *which* (B,) as (B, S), padded behind to the longest of them, and their lengths (B,)."""
        lengths = self.lengths[which]
        at = torch.arange(int(lengths.max()), device=lengths.device)
        places = (self._starts[which, None] + at).clamp(max=len(self._symbols) - 1)  # (B, S)
        return self._symbols[places].long().masked_fill(at >= lengths[:, None], PAD), lengths
