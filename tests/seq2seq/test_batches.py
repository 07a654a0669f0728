from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import torch

from hw2gui.seq2seq.batches import in_batches
from hw2gui.seq2seq.results import Options, Query
from hw2gui.seq2seq.search import ROWS, beam
from tests.seq2seq import tiny


@pytest.fixture
def two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("count", [1, 5, 6, 7, 10, 11, 23])
def test_answers_come_in_the_sentences_order_from_batches_of_like_lengths(two_threads: None, count: int) -> None:
    lengths = [(7 * number) % 11 + 1 for number in range(count)]
    seen: list[list[int]] = []

    def search(batch: list[int]) -> list[str]:
        seen.append([lengths[number] for number in batch])
        return [f"of {number}" for number in batch]

    assert in_batches(lengths, 5, tiny.model(), search) == [f"of {number}" for number in range(count)]
    assert all(len(batch) <= 5 for batch in seen)
    assert sorted((length for batch in seen for length in batch), reverse=True) == [
        length for batch in sorted(seen, reverse=True) for length in batch
    ]
    assert len(seen) == 1 or len(seen) % 2 == 0  # as many for each thread


def test_two_batches_are_searched_at_once_with_one_thread_each(two_threads: None) -> None:
    meet = threading.Barrier(2, timeout=30)  # which one after the other would never pass

    def search(batch: list[int]) -> list[tuple[int, bool]]:
        meet.wait()
        return [(torch.get_num_threads(), torch.is_inference_mode_enabled())] * len(batch)

    assert in_batches([3, 3], 1, tiny.model(), search) == [(1, True)] * 2
    assert torch.get_num_threads() == 2


def test_one_after_the_other_where_it_is_watched_or_there_is_one_thread(two_threads: None) -> None:
    def search(batch: list[int]) -> list[str]:
        return [threading.current_thread().name] * len(batch)

    here = threading.current_thread().name
    assert in_batches([3, 3], 1, tiny.model(), search, at_once=False) == [here] * 2
    torch.set_num_threads(1)
    assert in_batches([3, 3], 1, tiny.model(), search) == [here] * 2


def test_what_goes_wrong_in_a_batch_is_told_and_the_threads_are_given_back(two_threads: None) -> None:
    def search(batch: list[int]) -> list[int]:
        raise ValueError(f"sentence {batch[0]}")

    with pytest.raises(ValueError, match="sentence 0"):
        in_batches([3, 3], 1, tiny.model(), search)
    assert torch.get_num_threads() == 2
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("batch")]


def test_a_beam_finds_the_same_with_two_threads(two_threads: None) -> None:
    made = tiny.model(seed=5, letters=20, hidden=32, double=False, ends=1.0)
    generator = torch.Generator().manual_seed(0)
    sizes = torch.randint(1, 12, (ROWS // 5 + 40,), generator=generator).tolist()
    queries = [Query(tuple(torch.randint(4, 24, (size,), generator=generator).tolist())) for size in sizes]
    two = beam(made, queries, Options(5, 5))
    torch.set_num_threads(1)
    one = beam(made, queries, Options(5, 5))
    assert [[each.numbers for each in found] for found in one] == [[each.numbers for each in found] for found in two]
