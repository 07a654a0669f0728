"""Attention changed by hand: probability taken from one letter of the source and given to another, and decoding that goes on from there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from hw2gui.seq2seq.results import AttentionOverride


def moved(override: AttentionOverride, step: int, row: Sequence[float], taken: int, given: int, share: float = 1.0) -> AttentionOverride:
    """*override* where at *step* the *share* (0..1) of what letter *taken* has goes to letter *given*.

    *row* is the attention seen there.
    """
    weights = [max(0.0, float(weight)) for weight in row]
    amount = weights[taken] * share
    weights[taken] -= amount
    weights[given] += amount
    total = math.fsum(weights)
    own = (step, tuple(weight / total for weight in weights))
    others = tuple(one for one in override.weights if one[0] != step)
    return replace(override, weights=tuple(sorted((*others, own))))
