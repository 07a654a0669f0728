from __future__ import annotations

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.seq2seq.batches import padded
from hw2gui.seq2seq.model import Seq2Seq
from hw2gui.seq2seq.prepared import Prepared
from tests.seq2seq import tiny

SOURCES = st.lists(tiny.sources(), min_size=2, max_size=4)


@settings(max_examples=30)
@given(tiny.models(letters=3), SOURCES, st.integers(1, 3), st.booleans(), st.randoms())
def test_a_prepared_step_is_the_decoders(made: Seq2Seq, sources: list[tuple[int, ...]], places: int, uniform: bool, random: object) -> None:
    """The same logits, state and attention, step after step, for places that read different symbols, before and after a sentence leaves.

    Alphabets here have 7 symbols, embeddings 2, 6 or 8: both ways of reading a symbol are taken.
    """
    override = (lambda weights: torch.full_like(weights, 1 / weights.shape[-1])) if uniform else None
    with torch.inference_mode():
        memory = made.encoder(*padded(sources))
        prepared, state = Prepared(made.decoder, memory), made.decoder.start(memory, places)
        flat = tuple(part.flatten(1, 2) for part in state)
        np.testing.assert_array_equal(prepared.start(memory)[0], made.decoder.start(memory, 1)[0].flatten(1, 2))
        for step in range(4):
            symbols = torch.tensor([[random.randrange(7) for _ in range(places)] for _ in range(len(memory.real))])  # type: ignore[attr-defined]
            logits, state, weights = made.decoder.step(symbols, state, memory, override)
            same, flat, attention = prepared.step(symbols, flat, override)
            torch.testing.assert_close(same, logits, rtol=1e-10, atol=1e-12)
            for one, other in zip(flat, state, strict=True):
                torch.testing.assert_close(one, other.flatten(1, 2), rtol=1e-10, atol=1e-12)
            assert (attention is None) == (weights is None)
            if attention is not None and weights is not None:
                torch.testing.assert_close(attention, weights, rtol=1e-10, atol=1e-12)
            if step == 1:
                kept = torch.arange(1, len(sources))
                prepared.keep(kept)
                memory, state = memory.rows(kept), tuple(part[:, kept] for part in state)
                flat = tuple(part.flatten(1, 2) for part in state)
