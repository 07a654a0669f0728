from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.errors import InputError
from hw2gui.seq2seq.config import Alphabets, Seq2SeqConfig
from hw2gui.seq2seq.metrics import measure
from hw2gui.seq2seq.model import Seq2Seq
from hw2gui.seq2seq.network import ModelConfig
from hw2gui.seq2seq.task import SAMPLES, Pair, Seq2SeqTask, _noisy, example, sample_indices
from hw2gui.seq2seq.vocabulary import SPECIALS, UNKNOWN
from hw2gui.training.config import TrainingConfig
from tests.seq2seq import tiny

CPU = torch.device("cpu")
PAIRS = [("ab", "ba"), ("b", "b"), ("aab", "baa"), ("ba", "ab"), ("abb", "bba"), ("a", "a"), ("bbb", "bbb")]


def task(pairs: list[Pair], validation: list[Pair] | None = None, **options: object) -> Seq2SeqTask:
    training = TrainingConfig(batch_size=2, label_smoothing=float(options.pop("smoothing", 0.0)))
    config = Seq2SeqConfig(training, ModelConfig(8, dropout=0.0), **options)
    made = Seq2SeqTask(config, Alphabets.of(pairs), {"train": pairs, "validation": validation or pairs, "test": pairs})
    made.prepare(CPU)
    return made


def untrained(made: Seq2SeqTask, seed: int = 0) -> Seq2Seq:
    torch.manual_seed(seed)
    return made.build().eval()


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_the_loss_is_the_mean_over_symbols_and_padding_does_not_count(smoothing: float) -> None:
    made = task(PAIRS, smoothing=smoothing)
    model = untrained(made)
    losses = [float(made.loss(model, torch.tensor([index])).detach()) for index in range(len(PAIRS))]
    symbols = [len(target) + 1 for _, target in PAIRS]
    together = float(made.loss(model, torch.arange(len(PAIRS))).detach())
    assert math.isclose(together, sum(map(math.prod, zip(losses, symbols, strict=True))) / sum(symbols), rel_tol=1e-5)


def test_the_loss_is_minus_the_log_probability_that_the_search_reports() -> None:
    made = task(PAIRS)
    model = untrained(made)
    for index, (source, target) in enumerate(PAIRS):
        source_symbols, target_symbols = ([len(SPECIALS) + "ab".index(letter) for letter in text] for text in (source, target))
        tokens = tiny.token_log_probabilities(model, tuple(source_symbols), (*target_symbols, 2))
        assert math.isclose(float(made.loss(model, torch.tensor([index])).detach()), -sum(tokens) / len(tokens), rel_tol=1e-5)


def test_an_evaluation_is_the_loss_and_the_scores_of_the_greedy_outputs() -> None:
    made = task(PAIRS)
    model = untrained(made, 4)
    with torch.inference_mode():
        found = made.evaluate(model, "validation")
    translator = made._translator(model)
    outputs = [translator.greedy([translator.query(source)])[0].text for source, _ in PAIRS]
    scores = measure(outputs, [[target] for _, target in PAIRS])
    assert found["error_rate"] == scores.error_rate and found["cer"] == scores.cer and found["exact_match"] == scores.exact_match
    assert math.isclose(found["loss"], float(made.loss(model, torch.arange(len(PAIRS))).detach()), rel_tol=1e-5)


@settings(max_examples=30)
@given(st.integers(1, 40), st.integers(1, 7), st.booleans(), st.integers(0, 9))
def test_every_epoch_takes_every_pair_once(count: int, size: int, buckets: bool, seed: int) -> None:
    pairs = [("a" * (1 + index * 7 % 11), "b") for index in range(count)]
    made = task(pairs, buckets=buckets)
    made._config = replace(made._config, training=replace(made._config.training, batch_size=size))
    batches = made.plan(1, torch.Generator().manual_seed(seed))
    again = made.plan(1, torch.Generator().manual_seed(seed))
    assert sorted(index for batch in batches for index in batch.tolist()) == list(range(count))
    assert [batch.tolist() for batch in batches] == [batch.tolist() for batch in again]
    assert len(batches) == math.ceil(count / size)
    if buckets and count <= 50 * size:
        spans = [sorted(len(pairs[index][0]) for index in batch.tolist()) for batch in batches]
        spans.sort()
        assert all(one[-1] <= other[0] for one, other in pairwise(spans))


def test_noise_replaces_its_share_of_the_characters_and_no_special_symbol() -> None:
    torch.manual_seed(0)
    symbols = torch.randint(0, 9, (200, 50))
    noisy = _noisy(symbols, 0.2)
    changed = noisy != symbols
    assert noisy[changed].eq(UNKNOWN).all() and symbols[changed].gt(UNKNOWN).all()
    share = float(changed.sum() / (symbols > UNKNOWN).sum())
    assert abs(share - 0.2) < 5 * math.sqrt(0.2 * 0.8 / 5000)
    assert _noisy(symbols, 0.0) is symbols


def test_noise_is_for_training_alone() -> None:
    made = task(PAIRS, noise=0.5)
    model = untrained(made)
    with torch.no_grad():
        assert made.evaluate(model, "train") == made.evaluate(model, "train")
        assert made.loss(model, torch.arange(7)) != made.loss(model, torch.arange(7))


def test_a_few_steps_learn_to_turn_words_round() -> None:
    """The loop's own steps, on a task that needs attention; validation says so."""
    torch.manual_seed(0)
    words = ["".join("abcd"[int(i)] for i in torch.randint(0, 4, (int(length),))) for length in torch.randint(2, 6, (400,))]
    pairs = [(word, word[::-1]) for word in dict.fromkeys(words)]
    config = Seq2SeqConfig(TrainingConfig(batch_size=32), ModelConfig(32, dropout=0.1))
    made = Seq2SeqTask(config, Alphabets.of(pairs), {"train": pairs, "validation": pairs[:50]})
    made.prepare(CPU)
    model = made.build().train()
    with torch.no_grad():
        before = made.evaluate(model.eval(), "validation")
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(1, 9):
        for batch in made.plan(epoch, torch.Generator().manual_seed(epoch)):
            optimizer.zero_grad()
            made.loss(model.train(), batch).backward()
            optimizer.step()
    with torch.no_grad():
        after = made.evaluate(model.eval(), "validation")
    assert after["loss"] < 0.5 * before["loss"] and after["error_rate"] < 0.4 < before["error_rate"]


def test_samples_are_plain_and_always_the_same_examples() -> None:
    made = task(PAIRS, [("a" * length, "b") for length in (1, 2, 3, 3, 9)])
    shown = dict(made.samples(untrained(made), 3))
    assert json.loads(json.dumps(shown)) == shown
    assert [row["source"] for row in shown["outputs"]] == ["a", "aa", "aaa", "aaa", "a" * 9]
    attention = shown["attention"]
    assert attention["source"] == "aaa"
    assert len(attention["weights"]) == len(attention["output"])
    assert all(len(row) == 3 and math.isclose(sum(row), 1, abs_tol=1e-3) for row in attention["weights"])
    assert set(dict(task(PAIRS).samples(untrained(task(PAIRS)), 1))) == {"outputs", "attention"}


@given(st.integers(1, 300))
def test_sample_indices_are_spread_and_different(count: int) -> None:
    found = sample_indices(count)
    assert len(set(found)) == len(found) == min(SAMPLES, count) and all(0 <= index < count for index in found)
    assert example([("a" * (index % 7 + 1), "b") for index in range(count)])[1] == "b"


def test_alphabets_are_those_of_the_pairs() -> None:
    found = Alphabets.of([("ba", "xz"), ("c", "y")])
    assert (found.source, found.target) == ("abc", "xyz")
    source, target = found.vocabularies()
    assert len(source) == len(target) == len(SPECIALS) + 3
    with pytest.raises(InputError):
        Alphabets("aa", "b")
    with pytest.raises(InputError):
        Alphabets("a", "")
