from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.datasets.corpus import Pair, PairCorpus, split_by_source
from hw2gui.errors import InputError

MADE = PairCorpus(
    name="made",
    title="Made",
    source_language="Arabic",
    target_language="English",
    train=(Pair("a", "x"), Pair("b", "y"), Pair("a", "z"), Pair("a", "x"), Pair("c", "w")),
    validation=(Pair("d", "q"),),
    test=(Pair("a", "x"), Pair("a", "v"), Pair("b", "y"), Pair("c", "v"), Pair("e", "x")),
    attribution="Thanks.",
)

word = st.text("abc", min_size=1, max_size=3)
many = st.lists(st.builds(Pair, word, word), max_size=60)


def test_references_are_what_training_lists() -> None:
    assert MADE.references("a") == ("x", "z")
    assert MADE.references("d") == ()
    assert MADE.all_references(Pair("a", "v")) == ("v", "x", "z")
    assert MADE.all_references(Pair("a", "z")) == ("z", "x")
    assert MADE.all_references(Pair("d", "q")) == ("q",)
    assert (MADE.source_count, MADE.ambiguous_count) == (3, 1)


def test_overlap() -> None:
    found = MADE.overlap("test")
    assert found.repeated == (0, 2)
    assert found.known == (0, 1, 2, 3)
    assert found.other == (0, 1, 3)  # "a" has another target as well
    assert found.without(found.repeated) == (1, 3, 4)
    assert found.without(found.known) == (4,)
    assert "5 test pairs 2 stand word for word in train; 4 sources do, 3 of them" in found.sentence
    assert MADE.overlap("validation").known == ()
    assert MADE.overlap("train").repeated == (0, 1, 2, 3, 4)


@given(many, many)
def test_overlap_is_its_definition(train: list[Pair], test: list[Pair]) -> None:
    made = replace(MADE, train=tuple(train), test=tuple(test))
    found = made.overlap("test")
    assert found.repeated == tuple(k for k, pair in enumerate(test) if pair in train)
    assert found.known == tuple(k for k, pair in enumerate(test) if any(pair.source == other.source for other in train))
    assert found.other == tuple(
        k for k, pair in enumerate(test) if any(pair.source == other.source and pair.target != other.target for other in train)
    )
    assert sorted({*found.repeated, *found.other}) == list(found.known)


@pytest.mark.parametrize(("pair", "side"), [(Pair("a", ""), "target"), (Pair("", "x"), "source"), (Pair("", ""), "source")])
def test_an_empty_text_is_refused(pair: Pair, side: str) -> None:
    with pytest.raises(InputError, match=rf"pair 2 of Made \(validation\) has an empty {side}"):
        replace(MADE, validation=(Pair("a", "b"), pair))


def test_sums_tell_data_apart() -> None:
    assert set(MADE.sums) == {"train", "validation", "test"}
    changed = replace(MADE, train=MADE.train[::-1])
    assert changed.sums["train"] != MADE.sums["train"]
    assert changed.sums["test"] == MADE.sums["test"]
    assert replace(MADE, title="Other").sums == MADE.sums


def test_names_for_people() -> None:
    assert MADE.direction == "Arabic → English"
    assert MADE.counts == {"train": 5, "validation": 1, "test": 5}
    assert MADE.splits["test"] == MADE.split("test") == MADE.test
    assert Pair("a", "b").turned == Pair("b", "a")


@given(many, st.floats(0.01, 0.9), st.floats(0.01, 0.9), st.integers(0, 5))
def test_a_split_loses_nothing_and_shares_no_source(pairs: list[Pair], validation: float, test: float, seed: int) -> None:
    count = len({pair.source for pair in pairs})
    held_out = max(1, round(count * validation)) + max(1, round(count * test))
    if count < 3 or held_out >= count:
        with pytest.raises(InputError, match="at least 3" if count < 3 else "leave nothing"):
            split_by_source(pairs, validation, test, seed)
        return
    parts = split_by_source(pairs, validation, test, seed)
    assert sorted(sum(parts, ())) == sorted(pairs)
    sources = [{pair.source for pair in part} for part in parts]
    assert all(sources)
    assert sum(map(len, sources)) == count
    assert len(sources[1]) + len(sources[2]) == held_out
    for part in parts:
        places = iter(pairs)
        assert all(pair in places for pair in part)  # the order is kept


def test_a_split_depends_on_seed_and_sources_alone() -> None:
    pairs = [Pair(str(k), "x") for k in range(500)]
    parts = split_by_source(pairs, 0.1, 0.2, seed=1)
    assert list(map(len, parts)) == [350, 50, 100]
    turned = split_by_source([Pair(pair.source, "y") for pair in reversed(pairs)], 0.1, 0.2, seed=1)
    assert {pair.source for pair in turned[2]} == {pair.source for pair in parts[2]}
    assert split_by_source(pairs, 0.1, 0.2, seed=2) != parts
    more = split_by_source([*pairs, Pair("500", "x")], 0.1, 0.2, seed=1)
    assert len(set(more[2]) ^ set(parts[2])) <= 2


@pytest.mark.parametrize("shares", [(0.0, 0.1), (0.1, 0.0), (1.0, 0.1), (0.5, 0.5), (float("nan"), 0.1), (-0.1, 0.1)])
def test_impossible_shares(shares: tuple[float, float]) -> None:
    with pytest.raises(InputError, match=r"0\.1 each is usual"):
        split_by_source([Pair(str(k), "x") for k in range(10)], *shares, seed=0)


def test_what_the_split_lists_for_the_same_source_is_right_too() -> None:
    corpus = PairCorpus(
        "x", "X", "A", "B",
        train=(Pair("s", "train"),),
        validation=(Pair("s", "one"), Pair("t", "two"), Pair("s", "three")),
        test=(Pair("s", "four"),),
        attribution="",
    )  # fmt: skip
    assert corpus.split_references("validation") == (("one", "train", "three"), ("two",), ("three", "train", "one"))
    assert corpus.split_references("test") == (("four", "train"),)
