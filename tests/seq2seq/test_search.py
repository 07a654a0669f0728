from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.errors import InputError
from hw2gui.seq2seq.exact import exact
from hw2gui.seq2seq.forced import score
from hw2gui.seq2seq.model import Seq2Seq
from hw2gui.seq2seq.results import AttentionOverride, Hypothesis, Options, Query, divergence, verdict
from hw2gui.seq2seq.search import DONE_SHARE, MULTIPLE, _worth_keeping, beam, best, greedy
from hw2gui.seq2seq.vocabulary import END, START
from tests.seq2seq import tiny

LIMIT = 4
QUERIES = st.lists(tiny.sources().map(Query), min_size=1, max_size=4)
ALPHAS = st.sampled_from([0.0, 0.6, 1.0])


def same(one: Hypothesis, other: Hypothesis) -> bool:
    """The same symbols, and all numbers equal to rounding."""
    assert one.numbers == other.numbers
    np.testing.assert_allclose(one.token_log_probabilities, other.token_log_probabilities, rtol=1e-9)
    assert math.isclose(one.score, other.score, rel_tol=1e-9)
    if one.attention is None or other.attention is None:
        return one.attention is other.attention
    np.testing.assert_allclose(one.attention, other.attention, atol=1e-10)
    return True


# --- greedy --------------------------------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(tiny.models(), QUERIES)
def test_greedy_takes_the_most_probable_symbol_at_every_step(made: Seq2Seq, queries: list[Query]) -> None:
    for query, found in zip(queries, greedy(made, queries, LIMIT), strict=True):
        prefix: tuple[int, ...] = ()
        while len(prefix) < LIMIT and prefix[-1:] != (END,):
            choices = {symbol: tiny.token_log_probabilities(made, query.source, (*prefix, symbol))[-1] for symbol in (END, 4, 5)}
            prefix = (*prefix, max(choices, key=lambda symbol: choices[symbol]))
        assert found.numbers == prefix
        np.testing.assert_allclose(found.token_log_probabilities, tiny.token_log_probabilities(made, query.source, prefix), rtol=1e-9)


@settings(max_examples=30)
@given(tiny.models(letters=4), QUERIES, ALPHAS)
def test_a_beam_of_one_is_greedy(made: Seq2Seq, queries: list[Query], alpha: float) -> None:
    narrow = beam(made, queries, Options(1, alpha=alpha))
    assert all(same(one, two) for one, (two,) in zip(greedy(made, queries, alpha=alpha), narrow, strict=True))


# --- beam ----------------------------------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(tiny.models(), tiny.sources(), st.integers(1, 6), ALPHAS)
def test_a_beam_is_the_plain_beam_written_with_lists(made: Seq2Seq, source: tuple[int, ...], places: int, alpha: float) -> None:
    plain = tiny.plain_beam(made, source, 2, places, LIMIT, alpha)
    (found,) = beam(made, [Query(source)], Options(places, places, alpha, LIMIT))
    assert [one.numbers for one in found] == [output for _, output in plain]
    for one, (total, output) in zip(found, plain, strict=True):
        assert math.isclose(one.log_probability, total, rel_tol=1e-9)
        assert math.isclose(one.score, total / len(output) ** alpha, rel_tol=1e-9)


@settings(max_examples=20)
@given(tiny.models(), tiny.sources())
def test_a_beam_wide_enough_finds_the_best_of_all_in_order(made: Seq2Seq, source: tuple[int, ...]) -> None:
    """20 places hold every prefix of up to 3 symbols."""
    everything = tiny.all_sums(made, source, 2, 3)
    ranked = sorted(everything, key=lambda output: -everything[output])
    (found,) = beam(made, [Query(source)], Options(20, 20, max_length=3))
    assert [one.numbers for one in found] == ranked
    np.testing.assert_allclose([one.log_probability for one in found], [everything[output] for output in ranked], rtol=1e-9)


@settings(max_examples=20)
@given(tiny.models(letters=4), QUERIES, st.integers(1, 5), ALPHAS)
def test_batched_is_one_by_one_and_the_order_kept(made: Seq2Seq, queries: list[Query], places: int, alpha: float) -> None:
    options = Options(places, places, alpha, 8)
    together = beam(made, queries, options)
    for query, found, alone in zip(queries, together, greedy(made, queries, 8, alpha=alpha), strict=True):
        (single,) = beam(made, [query], options)
        assert len(found) == len(single) and all(same(one, two) for one, two in zip(found, single, strict=True))
        assert same(alone, greedy(made, [query], 8, alpha=alpha)[0])


def test_batched_is_one_by_one_in_single_precision_and_many_batches() -> None:
    made = tiny.model(seed=5, letters=20, hidden=32, double=False, ends=1.0)
    generator = torch.Generator().manual_seed(0)
    sizes = torch.randint(1, 12, (300,), generator=generator).tolist()
    queries = [Query(tuple(torch.randint(4, 24, (size,), generator=generator).tolist())) for size in sizes]
    together, narrow = beam(made, queries, Options(5, 5)), greedy(made, queries)
    for query, found, one in list(zip(queries, together, narrow, strict=True))[::10]:
        assert [each.numbers for each in beam(made, [query], Options(5, 5))[0]] == [each.numbers for each in found]
        assert greedy(made, [query])[0].numbers == one.numbers
    assert len({len(one.numbers) for one in narrow}) > 3  # sentences really leave the batch at different times


@settings(max_examples=20)
@given(tiny.models(letters=3), QUERIES, ALPHAS)
def test_how_many_are_asked_for_does_not_change_the_best(made: Seq2Seq, queries: list[Query], alpha: float) -> None:
    """The stop rule waits for what could still come in, and for nothing else."""
    fewer, all_ = (beam(made, queries, Options(5, nbest, alpha, 8)) for nbest in (1, 5))
    assert [found[0].numbers for found in fewer] == [found[0].numbers for found in all_]


@settings(max_examples=20)
@given(tiny.models(), QUERIES, ALPHAS)
def test_scores_are_the_sums_that_are_printed(made: Seq2Seq, queries: list[Query], alpha: float) -> None:
    for found in beam(made, queries, Options(4, 4, alpha)):
        scores = [one.score for one in found]
        assert scores == sorted(scores, reverse=True)
        assert len({one.numbers for one in found}) == len(found)
        for one in found:
            assert one.log_probability == sum(one.token_log_probabilities)
            assert one.score == one.log_probability / len(one.numbers) ** alpha


@settings(max_examples=20)
@given(tiny.models(), QUERIES)
def test_probabilities_and_attention_follow_the_ancestry(made: Seq2Seq, queries: list[Query]) -> None:
    """Forced scoring of what was found gives the same numbers and the same attention, symbol by symbol."""
    for query, found in zip(queries, beam(made, queries, Options(4, 4)), strict=True):
        ended = [one for one in found if one.ended]
        again = score(made, [query.source] * len(ended), [one.text_numbers for one in ended])
        assert all(same(one, two) for one, two in zip(ended, again, strict=True))
        for one in found:
            assert one.attention is None or one.attention.shape == (len(one.numbers), len(query.source))


@given(st.lists(st.booleans(), min_size=1, max_size=200))
def test_all_that_are_not_done_go_on_and_of_the_others_as_many_as_fill_up(done: list[bool]) -> None:
    kept = _worth_keeping(torch.tensor(done))
    going = [index for index, over in enumerate(done) if not over]
    if kept is None:
        assert len(going) + MULTIPLE > (1 - DONE_SHARE) * len(done)
        return
    assert kept[: len(going)].tolist() == going
    assert len(set(kept.tolist())) == len(kept) <= (1 - DONE_SHARE) * len(done)
    assert len(kept) % MULTIPLE == 0 or len(kept) == len(going) < MULTIPLE


def test_of_equal_scores_the_lower_index_wins() -> None:
    """All letters alike: the model cannot tell them apart, and the lower number is taken, by greedy and in every place of the beam."""
    made = tiny.model(letters=4, ends=-2.0)
    with torch.no_grad():
        made.decoder.embedding.weight.zero_()  # only the biases are left: exactly alike, whatever the order of additions
        made.decoder.output.bias[4:] = 0.0
    query = Query((4, 5))
    assert greedy(made, [query], 3)[0].numbers == (4, 4, 4)
    (found,) = beam(made, [query], Options(3, 3, max_length=3))
    assert [one.numbers for one in found] == [(4, 4, 4), (4, 4, 5), (4, 4, 6)]


@given(st.lists(st.lists(st.sampled_from([0.0, 1.0, 2.0, -math.inf]), min_size=6, max_size=6), min_size=1, max_size=4), st.integers(1, 6))
def test_best_is_a_stable_sort(rows: list[list[float]], count: int) -> None:
    values, places = best(torch.tensor(rows, dtype=torch.float64), count)
    for row, value, place in zip(rows, values.tolist(), places.tolist(), strict=True):
        order = sorted(range(6), key=lambda index: (-row[index], index))[:count]
        assert value == [row[index] for index in order]
        finite = [index for index in order if row[index] > -math.inf]
        assert place[: len(finite)] == finite  # what is empty has no order


# --- exact search --------------------------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(tiny.models(), QUERIES)
def test_exact_search_finds_what_enumeration_finds(made: Seq2Seq, queries: list[Query]) -> None:
    for query, found in zip(queries, exact(made, queries, LIMIT), strict=True):
        everything = tiny.all_sums(made, query.source, 2, LIMIT)
        best_output = max(everything, key=lambda output: everything[output])
        assert found.proven
        assert found.best.numbers == best_output
        assert math.isclose(found.best.log_probability, everything[best_output], rel_tol=1e-9)
        assert found.bound == found.best.log_probability
        if found.best.attention is not None and found.best.ended:
            assert same(found.best, score(made, [query.source], [found.best.text_numbers])[0])


def test_exact_search_beats_a_beam_that_errs_and_says_how_far_it_looked() -> None:
    """Models with a search error of beam 2 exist; on each, exact search is above it."""
    erring = 0
    for seed in range(60):
        made = tiny.model(seed, letters=3, hidden=6, sharpness=2.0, ends=-0.5)
        queries = [Query((4, 5, 6)), Query((6,))]
        for truth, (found,) in zip(exact(made, queries, 6), beam(made, queries, Options(2, max_length=6)), strict=True):
            assert truth.best.log_probability >= found.log_probability - 1e-12
            erring += truth.best.numbers != found.numbers
    assert erring > 0


def test_exact_search_finds_what_is_cut_at_the_limit_where_its_first_guess_errs() -> None:
    made, source = tiny.model(15, letters=3, hidden=6, sharpness=3.0, ends=-8.0), (4, 5, 5)
    (found,), (guess,) = exact(made, [Query(source)], LIMIT), beam(made, [Query(source)], Options(5, max_length=LIMIT))
    everything = tiny.all_sums(made, source, 3, LIMIT)
    assert found.best.numbers == max(everything, key=lambda output: everything[output]) != guess[0].numbers
    assert not found.best.ended and found.proven


def test_exact_search_gives_up_and_says_what_it_knows() -> None:
    made = tiny.model(seed=1, letters=3, ends=-8.0, sharpness=0.1)  # flat, endless: nearly every prefix is better than an output
    (found,) = exact(made, [Query((4, 5))], 12, most=40)
    assert not found.proven and found.expanded == 40
    assert found.bound > found.best.log_probability
    (found,) = exact(made, [Query((4, 5))], 3, most=5000)
    assert found.proven
    with pytest.raises(InputError, match="choose 1 to"):
        exact(made, [Query((4,))], most=0)


# --- forced beginnings, attention in another's place ----------------------------------------------------------------------------


@settings(max_examples=20)
@given(tiny.models(), tiny.sources(), st.lists(st.integers(4, 5), min_size=1, max_size=2).map(tuple))
def test_a_forced_beginning_is_kept_and_the_rest_is_the_best_after_it(
    made: Seq2Seq, source: tuple[int, ...], prefix: tuple[int, ...]
) -> None:
    query = Query(source, prefix)
    everything = {out: total for out, total in tiny.all_sums(made, source, 2, LIMIT).items() if out[: len(prefix)] == prefix}
    top = max(everything, key=lambda output: everything[output])
    (wide,), (truth,), (narrow,) = beam(made, [query], Options(20, 1, 0, LIMIT)), exact(made, [query], LIMIT), greedy(made, [query], LIMIT)
    assert wide[0].numbers == truth.best.numbers == top
    assert math.isclose(wide[0].log_probability, everything[top], rel_tol=1e-9)  # the forced symbols count
    assert narrow.numbers[: len(prefix)] == prefix
    mixed = greedy(made, [Query(source), query, Query((5,))], LIMIT)
    assert same(mixed[1], narrow) and same(mixed[0], greedy(made, [Query(source)], LIMIT)[0])


@given(tiny.sources(), st.integers(0, 2), st.booleans())
def test_attention_in_the_models_place(source: tuple[int, ...], step: int, feeding: bool) -> None:
    made = tiny.model(seed=2, letters=3, hidden=8, ends=-3.0, input_feeding=feeding)
    length = len(source)
    row = tuple(1.0 if index == length - 1 else 0.0 for index in range(length))
    own = Query(source, override=AttentionOverride(weights=((step, row),)))
    plain, (mine,), (uniform,), (sharp,) = (
        greedy(made, [Query(source)], 5)[0],
        greedy(made, [own], 5),
        greedy(made, [Query(source, override=AttentionOverride("uniform"))], 5),
        greedy(made, [Query(source, override=AttentionOverride("argmax"))], 5),
    )
    assert mine.attention is not None and uniform.attention is not None and sharp.attention is not None and plain.attention is not None
    np.testing.assert_array_equal(mine.attention[step], row)
    np.testing.assert_allclose(mine.attention[:step], plain.attention[:step], atol=1e-12)
    np.testing.assert_allclose(uniform.attention, 1 / length)
    assert ((sharp.attention == 0) | (sharp.attention == 1)).all()
    np.testing.assert_array_equal(sharp.attention.argmax(1)[:1], plain.attention.argmax(1)[:1])
    if length > 1:
        assert mine.token_log_probabilities[step] != plain.token_log_probabilities[step]
    batch = greedy(made, [Query(source), own, Query((5,), override=AttentionOverride("uniform"))], 5)
    assert same(batch[0], plain) and same(batch[1], mine)
    (wide,) = beam(made, [own], Options(3, 3, max_length=5))
    assert all(one.attention is not None and tuple(one.attention[step]) == row for one in wide if len(one.numbers) > step)


def test_what_cannot_be_searched_is_refused() -> None:
    made = tiny.model(letters=3)
    without = tiny.model(letters=3, attention=False)
    for wrong in (
        Query(()),
        Query((4,), prefix=(END,)),
        Query((4,), prefix=(4, START)),
        Query((4,), prefix=(-1,)),
        Query((4,), prefix=(99,)),
        Query((4,), prefix=(4,) * 50),
        Query((4,), override=AttentionOverride(weights=((0, (0.5, 0.5)),))),
    ):
        for search in (lambda query: greedy(made, [query]), lambda query: beam(made, [query], Options(2)), lambda q: exact(made, [q])):
            with pytest.raises(InputError):
                search(wrong)
    with pytest.raises(InputError, match="no attention"):
        greedy(without, [Query((4,), override=AttentionOverride("uniform"))])
    with pytest.raises(ValueError, match="outside"):
        greedy(made, [Query((99,))])
    for target in ((99,), (-1,)):
        with pytest.raises(ValueError, match="of symbols of the model's vocabulary"):
            score(made, [(4,)], [target])
    with pytest.raises(ValueError, match="training mode"):
        greedy(made.train(), [Query((4,))])
    for weights in ((0.5, 0.6), (-0.5, 1.5), (math.nan, 1.0), ()):
        with pytest.raises(InputError):
            AttentionOverride(weights=((0, weights),))


@pytest.mark.parametrize("wrong", [{"beam": 0}, {"beam": 21}, {"nbest": 6}, {"nbest": 0}, {"alpha": -1}, {"alpha": 3}, {"max_length": 0}])
def test_options_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError, match="choose"):
        Options(**{"beam": 5, **wrong})


# --- scoring and comparing ------------------------------------------------------------------------------------------------------


@settings(max_examples=20)
@given(tiny.models(), st.lists(st.tuples(tiny.sources(), st.lists(st.integers(3, 5), max_size=4).map(tuple)), min_size=1, max_size=4))
def test_scoring_is_teacher_forcing_of_each(made: Seq2Seq, pairs: list[tuple[tuple[int, ...], tuple[int, ...]]]) -> None:
    found = score(made, [source for source, _ in pairs], [target for _, target in pairs], alpha=0.5)
    for (source, target), one in zip(pairs, found, strict=True):
        assert one.numbers == (*target, END)
        np.testing.assert_allclose(one.token_log_probabilities, tiny.token_log_probabilities(made, source, (*target, END)), rtol=1e-9)
        assert math.isclose(one.score, one.log_probability / len(one.numbers) ** 0.5)


def hypothesis(*pairs: tuple[int, float]) -> Hypothesis:
    tokens = tuple(token for _, token in pairs)
    return Hypothesis(tuple(number for number, _ in pairs), tokens, sum(tokens))


def test_where_two_outputs_part_and_what_it_cost() -> None:
    first = hypothesis((4, -0.1), (5, -0.2), (END, -3.0))
    second = hypothesis((4, -0.1), (6, -1.0), (4, -0.5), (END, -0.25))
    found = divergence(first, second)
    assert found is not None
    assert (found.step, found.first, found.second) == (1, 5, 6)
    assert (found.first_log_probability, found.second_log_probability) == (-0.2, -1.0)
    assert math.isclose(found.gain, -1.85 - -3.3)
    assert divergence(first, first) is None


def test_whose_fault_an_output_is() -> None:
    output, better, worse = hypothesis((4, -1.0), (END, -1.0)), hypothesis((5, -0.5), (END, -1.0)), hypothesis((6, -4.0), (END, -1.0))
    assert verdict(output, output) == "right"
    assert verdict(output, better) == "search error"
    assert verdict(output, worse) == "model error"
