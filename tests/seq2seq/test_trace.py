from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.seq2seq.forced import score
from hw2gui.seq2seq.model import Seq2Seq
from hw2gui.seq2seq.results import Options, Query
from hw2gui.seq2seq.search import beam
from hw2gui.seq2seq.stepping import trace
from hw2gui.seq2seq.trace import StopState, in_words
from hw2gui.seq2seq.vocabulary import END
from tests.seq2seq import tiny

LIMIT = 5


@settings(max_examples=30)
@given(tiny.models(), tiny.sources(), st.integers(1, 5), st.sampled_from([0.0, 0.7]), st.booleans())
def test_every_step_adds_up(made: Seq2Seq, source: tuple[int, ...], places: int, alpha: float, all_of_them: bool) -> None:
    options = Options(places, places if all_of_them else 1, alpha, LIMIT)
    found = trace(made, Query(source), options, pruned=4)
    assert [one.numbers for one in found.best] == [one.numbers for one in beam(made, [Query(source)], options)[0]]
    before = {(): 0.0}
    for number, step in enumerate(found.steps):
        assert step.number == number
        survivors = step.survivors
        everything = [*survivors, *step.pruned]
        assert [place.score for place in everything] == sorted((place.score for place in everything), reverse=True)
        assert len({place.numbers for place in everything}) == len(everything)
        for place in everything:
            parent = place.numbers if place.symbol is None else place.numbers[:-1]
            assert parent in before
            assert list(before).index(parent) == place.parent
            assert place.sum == before[parent] + place.gain
            assert math.isclose(place.score, place.sum / place.length**alpha)
            assert place.length == len(place.numbers)
            assert place.complete == (place.numbers[-1] == END or place.length == LIMIT)
        for place in survivors:
            assert (place.margin is None) == (step.pruned_count == 0)
            assert place.margin is None or place.margin >= 0
        for place in step.pruned:
            assert place.margin is not None and place.margin == place.score - survivors[-1].score <= 0
        open_, going = len(before) - sum(numbers[-1:] == (END,) for numbers in before), survivors
        assert len(survivors) + step.pruned_count == 3 * open_ + (len(before) - open_)  # END and two letters each; complete ones stay
        assert set(step.finished) == {place for place in going if place.complete}
        assert step.stop.done == (step is found.steps[-1])
        before = {place.numbers: place.sum for place in survivors}
    last = found.steps[-1]
    assert [place.numbers for place in last.survivors][: len(found.best)] == [one.numbers for one in found.best]
    for rank, place in enumerate(last.survivors):
        path = found.ancestry(len(found.steps) - 1, rank)
        assert len(path) == len(found.steps) and path[-1] == rank
        prefixes = [found.steps[at].survivors[here].numbers for at, here in enumerate(path)]
        assert all(place.numbers[: len(prefix)] == prefix for prefix in prefixes)


@settings(max_examples=30)
@given(tiny.models(), tiny.sources(), st.integers(1, 5), st.sampled_from([0.0, 0.7]))
def test_a_finished_hypothesis_keeps_its_place_as_long_as_its_score_does(
    made: Seq2Seq, source: tuple[int, ...], places: int, alpha: float
) -> None:
    """From step to step it is the same, at no cost; it leaves only for k others that score at least as much."""
    found = trace(made, Query(source), Options(places, places, alpha, LIMIT), pruned=20)
    for before, after in pairwise(found.steps):
        for place in before.finished:
            now = [one for one in after.survivors if one.numbers == place.numbers]
            if now:
                assert [(one.sum, one.score, one.gain, one.stays, one.complete) for one in now] == [
                    (place.sum, place.score, 0.0, True, True)
                ]
            else:
                assert len(after.survivors) == places and all(one.score >= place.score for one in after.survivors)
                (fallen,) = (one for one in after.pruned if one.numbers == place.numbers)
                assert fallen.stays and fallen.margin == place.score - after.survivors[-1].score


@settings(max_examples=30)
@given(tiny.models(), tiny.sources(), st.integers(1, 5), st.sampled_from([0.0, 0.7]))
def test_paths_and_attention_follow_the_ancestry(made: Seq2Seq, source: tuple[int, ...], places: int, alpha: float) -> None:
    """Of every hypothesis in sight, pruned ones too: what forced scoring of its symbols gives, symbol by symbol."""
    found = trace(made, Query(source), Options(places, places, alpha, LIMIT))
    for step in found.steps:
        for place in (*step.survivors, *step.pruned):
            path = found.path(step.number, place)
            assert tuple(one.symbol for one in path) == place.numbers
            np.testing.assert_allclose([one.gain for one in path], tiny.token_log_probabilities(made, source, place.numbers), rtol=1e-9)
            assert math.isclose(sum(one.gain for one in path), place.sum, rel_tol=1e-12)
            (scored,) = score(made, [source], [[number for number in place.numbers if number != END]])
            attention = found.attention(step.number, place)
            assert (attention is None) == (scored.attention is None)
            if attention is not None and scored.attention is not None:
                np.testing.assert_allclose(attention, scored.attention[: len(place.numbers)], atol=1e-10)


def test_of_equal_scores_the_lower_index_stays_and_the_other_falls_by_nothing() -> None:
    made = tiny.model(letters=4, ends=-2.0)
    with torch.no_grad():
        made.decoder.embedding.weight.zero_()  # only the biases are left: exactly alike
        made.decoder.output.bias[4:] = 0.0
    found = trace(made, Query((4, 5)), Options(3, 3, max_length=3))
    for step in found.steps:
        assert [place.numbers[-1] for place in step.survivors] == [4, 5, 6]
        assert step.pruned[0].margin == 0.0
        assert all(place.margin == 0.0 for place in step.survivors)


def test_the_stop_rule_in_words() -> None:
    assert in_words(StopState(1, 3, None, -2.0, False)) == "1 of the 3 best are complete: the search goes on."
    assert in_words(StopState(1, 1, -3.25, -2.0, False)) == (
        "Not done: the best is complete, down to -3.250, and an open one can reach -2.000 at most."
    )
    assert in_words(StopState(2, 2, -1.0, -2.0, True)) == (
        "Done: the 2 best are complete, down to -1.000, and an open one can reach -2.000 at most."
    )
    assert in_words(StopState(2, 2, -1.0, None, True)) == "Done: every hypothesis is complete."
