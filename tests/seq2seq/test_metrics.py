from __future__ import annotations

import math
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.errors import InputError
from hw2gui.seq2seq.alignment import align, distances
from hw2gui.seq2seq.metrics import NOTHING, alignments, by_length, by_position, changes, confusion, judge, measure, oracle

TEXTS = st.text("abcأب", max_size=7)
WORDS = st.text("abc", min_size=1, max_size=6)
EXAMPLES = st.lists(st.tuples(TEXTS, st.lists(WORDS, min_size=1, max_size=3)), min_size=1, max_size=12)


def levenshtein(one: str, other: str) -> int:
    """The definition, as a recursion."""

    @cache
    def distance(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        return min(distance(i - 1, j) + 1, distance(i, j - 1) + 1, distance(i - 1, j - 1) + (one[i - 1] != other[j - 1]))

    return distance(len(one), len(other))


# --- distances and alignments ----------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=12))
def test_many_distances_at_once_are_the_definition(pairs: list[tuple[str, str]]) -> None:
    found = distances([one for one, _ in pairs], [other for _, other in pairs])
    assert found.tolist() == [levenshtein(one, other) for one, other in pairs]


def test_distances_of_many_and_of_long_texts() -> None:
    rng = np.random.default_rng(0)
    texts = ["".join(rng.choice(list("abcd"), size=size)) for size in rng.integers(0, 30, size=700)]
    others = ["".join(rng.choice(list("abcd"), size=size)) for size in rng.integers(0, 30, size=700)]
    found = distances(texts, others).tolist()
    assert found[::23] == [levenshtein(one, other) for one, other in list(zip(texts, others, strict=True))[::23]]
    assert distances(["a" * 3000, "b"], ["a" * 2990 + "c", "bb"]).tolist() == [10, 1]
    with pytest.raises(ValueError, match="1 outputs for 2"):
        distances(["a"], ["a", "b"])


@given(TEXTS, TEXTS)
def test_an_alignment_is_a_shortest_way(output: str, reference: str) -> None:
    edits = align(output, reference)
    assert "".join(edit.output or "" for edit in edits) == output
    assert "".join(edit.reference or "" for edit in edits) == reference
    assert sum(edit.operation != "match" for edit in edits) == levenshtein(output, reference)
    before = 0
    for edit in edits:
        assert edit.position == before
        before += edit.reference is not None
        kind = {(False, True): "insert", (True, False): "delete"}.get((edit.reference is not None, edit.output is not None))
        assert edit.operation == (kind or ("match" if edit.reference == edit.output else "substitute"))


# --- scores ------------------------------------------------------------------------------------------------------------------------


def test_the_two_error_rates_differ_and_both_are_right() -> None:
    """One character of a short text weighs as much as all of a long one only in the first."""
    found = measure(["x", "abcdefghij"], [["a"], ["abcdefghij"]])
    assert (found.error_rate, found.cer, found.exact_match, found.n) == (0.5, 1 / 11, 0.5, 2)
    assert (found.mean_length, found.reference_length) == (5.5, 5.5)


@given(EXAMPLES)
def test_scores_follow_their_definitions(examples: list[tuple[str, list[str]]]) -> None:
    outputs, references = [output for output, _ in examples], [own for _, own in examples]
    found, judged = measure(outputs, references), judge(outputs, references)
    nearest = [min(range(len(own)), key=lambda i: levenshtein(output, own[i]) / len(own[i])) for output, own in examples]
    assert judged.reference.tolist() == nearest
    pairs = [(levenshtein(output, own[i]), len(own[i])) for (output, own), i in zip(examples, nearest, strict=True)]
    assert math.isclose(found.error_rate, sum(wrong / length for wrong, length in pairs) / len(pairs))
    assert math.isclose(found.cer, sum(wrong for wrong, _ in pairs) / sum(length for _, length in pairs))
    assert math.isclose(found.exact_match, sum(output in own for output, own in examples) / len(examples))
    single = measure(outputs, [own[:1] for own in references])
    assert found.error_rate <= single.error_rate  # more references cannot hurt
    assert found.exact_match >= single.exact_match


@given(st.lists(st.tuples(st.lists(TEXTS, min_size=1, max_size=4), st.lists(WORDS, min_size=1, max_size=2)), min_size=1, max_size=8))
def test_the_oracle_is_the_best_of_each(examples: list[tuple[list[str], list[str]]]) -> None:
    nbest, references = [outputs for outputs, _ in examples], [own for _, own in examples]
    found = oracle(nbest, references)
    expected = [min(levenshtein(output, own) / len(own) for output in outputs for own in owns) for outputs, owns in examples]
    assert math.isclose(found.error_rate, sum(expected) / len(expected))
    assert found.error_rate <= measure([outputs[0] for outputs in nbest], references).error_rate
    assert math.isclose(found.exact_match, sum(any(one in own for one in outputs) for outputs, own in examples) / len(examples))


@pytest.mark.parametrize("references", [[[]], [[""]], [["a", ""]]])
def test_an_empty_reference_is_refused(references: list[list[str]]) -> None:
    with pytest.raises(InputError, match="empty reference"):
        measure(["a"], references)


def test_nothing_to_measure_is_said() -> None:
    with pytest.raises(InputError, match="no example"):
        measure([], [])


# --- where the errors lie ------------------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.floats(0, 2), st.integers(1, 9)), min_size=1, max_size=60), st.integers(1, 10))
def test_bins_of_length_share_the_examples_out(examples: list[tuple[float, int]], at_least: int) -> None:
    rates, lengths = np.array([rate for rate, _ in examples]), [length for _, length in examples]
    bins = by_length(rates, lengths, at_least)
    assert sum(one.n for one in bins) == len(examples)
    assert len(bins) == 1 or all(one.n >= at_least for one in bins)
    for one, after in pairwise(bins):
        assert one.longest < after.shortest
    for one in bins:
        own = [rate for rate, length in examples if one.shortest <= length <= one.longest]
        assert one.n == len(own) and math.isclose(one.error_rate, sum(own) / len(own), abs_tol=1e-12)
        spread = np.std(own, ddof=1) / math.sqrt(len(own)) if len(own) > 1 else 0.0
        assert math.isclose(one.standard_error, spread, abs_tol=1e-12)


@given(EXAMPLES)
def test_positions_and_confusions_count_every_edit_once(examples: list[tuple[str, list[str]]]) -> None:
    outputs, references = [output for output, _ in examples], [own for _, own in examples]
    judged = judge(outputs, references)
    aligned = alignments(outputs, references, judged)
    where, matrix = by_position(aligned), confusion(aligned)
    assert (where.substituted + where.deleted + where.inserted).sum() == judged.distance.sum()
    for position, count in enumerate(where.present.tolist()):
        assert count == sum(length > position for length in judged.length.tolist())
    assert matrix.counts.sum() == sum(len(edits) for edits in aligned)
    assert matrix.counts.sum() - np.trace(matrix.counts) == judged.distance.sum()
    assert matrix.characters[-1] == NOTHING and matrix.counts[-1, -1] == 0
    for row, character in zip(matrix.counts[:-1], matrix.characters, strict=False):
        nearest = [own[i] for own, i in zip(references, judged.reference.tolist(), strict=True)]
        assert row.sum() == sum(text.count(character) for text in nearest)
    worst = matrix.worst(3)
    assert [times for *_, times in worst] == sorted((times for *_, times in worst), reverse=True)
    assert all(one != other for one, other, _ in worst)


def test_positions_by_hand() -> None:
    where = by_position([align("xbc", "abc"), align("ab", "abc"), align("abcd", "abc")])
    assert where.present.tolist() == [3, 3, 3, 0]
    assert where.substituted.tolist() == [1, 0, 0, 0]
    assert where.deleted.tolist() == [0, 0, 1, 0]
    assert where.inserted.tolist() == [0, 0, 0, 1]


def test_what_changed_between_two_models() -> None:
    references = [["ab"], ["ab"], ["ab"], ["ab"], ["ab"]]
    before, after = judge(["xx", "ab", "xx", "ax", "xy"], references), judge(["ab", "xx", "ax", "xx", "yx"], references)
    assert changes(before, after) == ("fixed", "broken", "better", "worse", "same")
