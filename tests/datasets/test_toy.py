from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.datasets.characters import SPLITS
from hw2gui.datasets.pairs import open_corpus
from hw2gui.datasets.toy import DIGIT_WORDS, MAX_PAIRS, TASKS, VOWELS, make, transform
from hw2gui.errors import InputError

words = st.text("abcdefghijklmnopqrstuvwxyz", max_size=30)


@given(words)
def test_rules(text: str) -> None:
    assert transform("toy-copy", text) == text
    assert transform("toy-reverse", transform("toy-reverse", text)) == text
    doubled = transform("toy-double", text)
    assert doubled[::2] == doubled[1::2] == text
    bare = transform("toy-vowels", text)
    assert transform("toy-vowels", bare) == bare
    assert len(bare) + sum(text.count(vowel) for vowel in VOWELS) == len(text)


def test_rules_by_example() -> None:
    found = {name: transform(name, "kitab") for name in ("toy-copy", "toy-reverse", "toy-double", "toy-vowels")}
    assert found == {"toy-copy": "kitab", "toy-reverse": "batik", "toy-double": "kkiittaabb", "toy-vowels": "ktb"}
    assert transform("toy-digits", "407") == "four zero seven"


@given(st.text("0123456789", min_size=1, max_size=12))
def test_digits_can_be_read_back(text: str) -> None:
    assert "".join(str(DIGIT_WORDS.index(word)) for word in transform("toy-digits", text).split(" ")) == text


@pytest.mark.parametrize(("name", "text"), [("toy-copy", "A"), ("toy-digits", "1a"), ("toy-reverse", "é"), ("toy-digits", "²")])
def test_strange_characters_are_refused(name: str, text: str) -> None:
    with pytest.raises(InputError, match="is not among the characters"):
        transform(name, text)


@given(
    st.sampled_from(sorted(TASKS)),
    st.integers(1, 150),
    st.integers(1, 40),
    st.integers(1, 40),
    st.tuples(st.integers(3, 5), st.integers(0, 8)),
    st.integers(0, 2**64 - 1),
)
def test_any_size(name: str, train: int, validation: int, test: int, span: tuple[int, int], seed: int) -> None:
    lengths = span[0], sum(span)
    made = make(name, train=train, validation=validation, test=test, lengths=lengths, seed=seed)
    assert tuple(made.counts.values()) == (train, validation, test)
    pairs = [pair for split in SPLITS for pair in made.split(split)]
    assert len({pair.source for pair in pairs}) == len(pairs)  # so the splits are disjoint
    for source, target in pairs:
        assert lengths[0] <= len(source) <= lengths[1]
        assert target == transform(name, source) != ""


def test_the_same_numbers_make_the_same_set() -> None:
    made = make("toy-reverse", train=300, validation=20, test=30, seed=7)
    larger = make("toy-reverse", train=2_000, validation=20, test=40, seed=7)
    assert larger.validation == made.validation
    assert larger.test[:30] == made.test
    assert larger.train[:300] == made.train
    assert make("toy-reverse", train=300, validation=20, test=30, seed=8).sums != made.sums
    assert make("toy-copy", train=300, validation=20, test=30, seed=7).train[0].source == made.train[0].source


def test_the_stream_is_fixed_for_good() -> None:
    # A run that is resumed must find the data it began with, whatever version of numpy is installed.
    assert [pair.source for pair in open_corpus("toy-digits").train[:3]] == ["05972", "509", "49"]
    assert open_corpus("toy-copy").sums["test"] == "9baa82c9f4f4122873de85fab380d24f"


def test_usual_lengths_are_all_met() -> None:
    for name, task in TASKS.items():
        for pairs in open_corpus(name).splits.values():
            lengths = [len(pair.source) for pair in pairs]
            assert set(lengths) <= set(range(task.lengths[0], task.lengths[1] + 1))
            assert min(lengths.count(length) for length in range(max(3, task.lengths[0]), task.lengths[1] + 1)) > 50


def test_most_that_can_be_asked_for() -> None:
    assert TASKS["toy-vowels"].holds(1, 2) == 21 + 26**2 - 25
    made = make("toy-digits", train=4_166, validation=694, test=694, lengths=(1, 4))
    assert len({pair.source for split in SPLITS for pair in made.split(split)}) == 4_166 + 2 * 694
    for more in ({"train": 4_167}, {"validation": 695}, {"test": 695}):
        with pytest.raises(InputError, match="11,110 texts of 1 to 4 characters, enough for 4,166 to train, 694 to validate, 694 to test"):
            make("toy-digits", **({"train": 1, "validation": 1, "test": 1} | more), lengths=(1, 4))


def test_the_search_ends_where_a_split_has_no_text() -> None:
    # Of 26 texts about three are for validation; whether there is one depends on the seed.
    outcomes = set()
    for seed in range(200):
        try:
            outcomes.add(tuple(make("toy-copy", train=1, validation=1, test=1, lengths=(1, 1), seed=seed).counts.values()))
        except InputError as error:
            outcomes.add(str(error))
    refusal = (
        "toy-copy has 26 texts of 1 to 1 characters, enough for 9 to train, 1 to validate, 1 to test: ask for fewer pairs or longer texts"
    )
    assert outcomes == {(1, 1, 1), refusal}


@pytest.mark.parametrize(
    "wish",
    [
        {"train": 0}, {"test": -1}, {"train": MAX_PAIRS}, {"lengths": (0, 3)}, {"lengths": (5, 4)}, {"lengths": (3, 41)}, {"seed": -1},
        {"seed": 2**64}, {"lengths": (1, 1)},
    ],
)  # fmt: skip
def test_impossible_sets(wish: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        make("toy-copy", **wish)


def test_unknown_task() -> None:
    for call in (lambda: make("toy-sort"), lambda: transform("toy-sort", "a")):
        with pytest.raises(InputError, match="toy-reverse, toy-copy"):
            call()
