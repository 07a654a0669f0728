from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.seq2seq.sentences import Sentences
from hw2gui.seq2seq.vocabulary import PAD


@given(st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=7), min_size=1, max_size=8), st.data())
def test_rows_are_the_sentences_padded_to_the_longest_taken(sequences: list[list[int]], data: st.DataObject) -> None:
    which = data.draw(st.lists(st.integers(0, len(sequences) - 1), min_size=1, max_size=6))
    made = Sentences(sequences)
    rows, lengths = made.rows(torch.tensor(which))
    assert len(made) == len(sequences)
    assert lengths.tolist() == [len(sequences[index]) for index in which]
    assert rows.dtype == torch.int64
    assert rows.tolist() == [[*sequences[index], *[PAD] * (rows.shape[1] - len(sequences[index]))] for index in which]
    assert rows.shape[1] == max(lengths)
