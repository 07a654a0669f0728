"""Queries side by side: checked, padded, with what each may write next. Only for the processes that compute: it imports torch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from hw2gui.errors import InputError
from hw2gui.seq2seq.model import Override, Seq2Seq
from hw2gui.seq2seq.results import Query
from hw2gui.seq2seq.vocabulary import END, PAD, START, UNKNOWN

Found = TypeVar("Found")

NEVER_WRITTEN = (PAD, START, UNKNOWN)
"""Symbols that stand for no text: no search writes them. Their small probabilities are left where they are, not shared out."""

LARGEST_STATES = 1 << 22
"""Numbers in a batch's encoder states (sentences × longest source × hidden size) beyond which it is split."""


def check(model: Seq2Seq, queries: Sequence[Query], max_length: int) -> None:
    """Refuse, with InputError, what no search could be made of; with ValueError a model in training mode and symbols that are none."""
    if model.training:
        raise ValueError("a model in training mode: dropout would be searched; call eval() first")
    for query in queries:
        if not query.source:
            raise InputError("the source is empty: type at least one character")
        if not all(UNKNOWN <= number < model.network.source_symbols for number in query.source):
            raise ValueError("a source symbol outside the model's vocabulary")
        if len(query.prefix) >= max_length:
            raise InputError(f"the forced beginning has {len(query.prefix)} symbols, and an output at most {max_length}: shorten it")
        if any(number in (*NEVER_WRITTEN, END) or not 0 <= number < model.network.target_symbols for number in query.prefix):
            raise InputError("the forced beginning holds a symbol the model cannot write: choose among the characters it was trained on")
        if query.override.active and not model.network.attention:
            raise InputError("the model has no attention to replace: choose a model with attention")
        if any(len(row) != len(query.source) for _, row in query.override.weights):
            raise InputError(f"attention is given over another length than the source's {len(query.source)}: give one share a symbol")


def in_batches(
    lengths: Sequence[int], rows: int, model: Seq2Seq, search: Callable[[list[int]], list[Found]], *, at_once: bool = True
) -> list[Found]:
    """*search* over batches of sentences (by number) of like source *lengths*, at most *rows* each; the answers in the sentences' order.

    Several batches are searched *at once*, each by one thread of those PyTorch may use: a step's products are too small to be shared out
    well among threads.
    """
    threads = torch.get_num_threads() if at_once and model.device.type == "cpu" else 1
    batches = list(_batches(lengths, _even(len(lengths), rows, threads), model.network.hidden))
    answers = map(search, batches) if min(threads, len(batches)) <= 1 else _side_by_side(search, batches, threads)
    found: dict[int, Found] = {}
    for batch, answer in zip(batches, answers, strict=True):
        found.update(zip(batch, answer, strict=True))
    return [found[index] for index in range(len(lengths))]


def _even(count: int, rows: int, threads: int) -> int:
    """At most *rows* to a batch; where *count* sentences fill more than one, as many batches for each thread."""
    batches = -(-count // rows)
    return rows if batches <= 1 else -(-count // (-(-batches // threads) * threads))


def _side_by_side(search: Callable[[list[int]], list[Found]], batches: Sequence[list[int]], threads: int) -> list[list[Found]]:
    def alone(batch: list[int]) -> list[Found]:
        with torch.inference_mode():  # which holds for a thread
            return search(batch)

    torch.set_num_threads(1)
    try:
        with ThreadPoolExecutor(threads, "batch") as pool:
            return list(pool.map(alone, batches))
    finally:
        torch.set_num_threads(threads)


def _batches(lengths: Sequence[int], rows: int, hidden: int) -> Iterator[list[int]]:
    """The longest first, so that a batch's size is known from its first."""
    left = sorted(range(len(lengths)), key=lambda index: -lengths[index])
    while left:
        count = min(rows, max(1, LARGEST_STATES // (lengths[left[0]] * hidden)))
        yield left[:count]
        left = left[count:]


def padded(sequences: Sequence[Sequence[int]], device: torch.device | None = None) -> tuple[Tensor, Tensor]:
    """Sequences as (B, longest), padded behind, and their lengths (B,)."""
    lengths = [len(sequence) for sequence in sequences]
    rows = np.full((len(sequences), max(lengths)), PAD, dtype=np.int64)  # torch.tensor takes lists of lists much more slowly
    for row, sequence in zip(rows, sequences, strict=True):
        row[: len(sequence)] = sequence
    return torch.from_numpy(rows).to(device), torch.tensor(lengths, device=device)


def allowed(queries: Sequence[Query], steps: Sequence[int], like: Tensor) -> Tensor:
    """0 for every symbol a sentence may write at its step, -∞ for the others: (B, 1, V), or (1, 1, V) where all are alike.

    V and the device are those of the log-probabilities *like* (B, K, V).
    """
    free = like.new_zeros(1, 1, like.shape[-1])
    free[..., list(NEVER_WRITTEN)] = -torch.inf
    forced = [query.prefix[step] if step < len(query.prefix) else None for query, step in zip(queries, steps, strict=True)]
    if not any(symbol is not None for symbol in forced):
        return free
    bounds = free.repeat(len(queries), 1, 1)
    for bound, symbol in zip(bounds, forced, strict=True):
        if symbol is not None:
            bound[:] = -torch.inf
            bound[:, symbol] = 0.0
    return bounds


def override_at(queries: Sequence[Query], steps: Sequence[int]) -> Override | None:
    """What replaces the attention of each sentence at its step; None where nothing does."""
    if not any(query.override.active for query in queries):
        return None

    def replace(weights: Tensor) -> Tensor:
        replaced = weights.clone()  # (B, K, S)
        for row, query, step in zip(replaced, queries, steps, strict=True):
            length, given = len(query.source), query.override.at(step)
            if given is not None:
                row[:, :length] = row.new_tensor(given)
            elif query.override.mode == "uniform":
                row[:, :length] = 1 / length
            elif query.override.mode == "argmax":
                row[:] = functional.one_hot(row.argmax(dim=-1), row.shape[-1])
        return replaced

    return replace
