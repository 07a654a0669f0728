from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.seq2seq.beam_scene import START, Layout, ancestry, living, place_of, scene, winner
from hw2gui.seq2seq.model import Seq2Seq
from hw2gui.seq2seq.results import Options, Query
from hw2gui.seq2seq.stepping import trace
from tests.seq2seq import tiny

SEARCHES = (tiny.models(letters=3), tiny.sources(), st.integers(1, 6), st.sampled_from([0.0, 0.7]))


@settings(max_examples=30)
@given(*SEARCHES, st.sampled_from(["columns", "tree"]), st.integers(0, 4))
def test_every_node_comes_from_the_column_before(
    made: Seq2Seq, source: tuple[int, ...], places: int, alpha: float, layout: Layout, pruned: int
) -> None:
    found = trace(made, Query(source), Options(places, places, alpha, 6))
    drawn = scene(found, layout, pruned)
    first, *others = drawn.nodes
    assert (first.key, first.parent, first.column) == (START, None, 0)
    seen = {START: first}
    for node in others:
        parent = seen[node.parent]  # parents come first
        assert node.column == parent.column + 1 == node.key[0] + 1
        assert node.place is place_of(found, node.key)
        written = () if parent.place is None else parent.place.numbers
        assert node.place is not None and node.place.numbers[: len(written)] == written
        seen[node.key] = node
    assert len(seen) == len(drawn.nodes)
    spots = [(node.column, node.lane) for node in drawn.nodes]
    assert len(set(spots)) == len(spots)
    assert max(node.lane for node in drawn.nodes) < drawn.lanes
    assert max(node.column for node in drawn.nodes) < drawn.columns


@settings(max_examples=20)
@given(*SEARCHES)
def test_columns_show_the_survivors_in_their_order_and_the_pruned_below(
    made: Seq2Seq, source: tuple[int, ...], places: int, alpha: float
) -> None:
    found = trace(made, Query(source), Options(places, places, alpha, 6))
    drawn = scene(found, "columns", 2)
    for step in found.steps:
        column = [node for node in drawn.nodes if node.key[0] == step.number]
        assert [node.place for node in column] == [*step.survivors, *step.pruned[:2]]
        assert [node.lane for node in column] == sorted(node.lane for node in column)
        assert [node.kind == "pruned" for node in column] == [False] * len(step.survivors) + [True] * min(2, len(step.pruned))
        for node, place in zip(column, step.survivors, strict=False):
            assert node.kind == ("stays" if place.stays else "complete" if place.complete else "open")


@settings(max_examples=30)
@given(*SEARCHES)
def test_a_tree_has_every_beginning_once_without_crossings(made: Seq2Seq, source: tuple[int, ...], places: int, alpha: float) -> None:
    found = trace(made, Query(source), Options(places, places, alpha, 6))
    drawn = scene(found, "tree")
    beginnings = {place.numbers for step in found.steps for place in step.survivors}
    assert sorted(beginnings) == sorted(node.place.numbers for node in drawn.nodes if node.place is not None)
    lanes = {node.key: node.lane for node in drawn.nodes}
    for column in range(1, drawn.columns):
        nodes = sorted((node for node in drawn.nodes if node.column == column), key=lambda node: node.lane)
        assert [lanes[node.parent] for node in nodes if node.parent] == sorted(lanes[node.parent] for node in nodes if node.parent)


@settings(max_examples=20)
@given(*SEARCHES)
def test_what_lives_is_what_the_survivors_come_from(made: Seq2Seq, source: tuple[int, ...], places: int, alpha: float) -> None:
    found = trace(made, Query(source), Options(places, places, alpha, 6))
    for step in found.steps:
        beginnings = {place.numbers[:length] for place in step.survivors for length in range(1, len(place.numbers) + 1)}
        alive = [place_of(found, key) for key in living(found, step.number) - {START}]
        assert {place.numbers for place in alive if place is not None} == beginnings
        best = winner(found, step.number)
        assert best[0] == START and place_of(found, best[-1]) is step.survivors[0] and len(best) == step.number + 2
        for number, place in enumerate(step.pruned):
            *_, before, own = ancestry(found, (step.number, number, True))
            assert own == (step.number, number, True)
            parent = place_of(found, before)
            assert (() if parent is None else parent.numbers) == place.numbers[:-1] or place.stays
        assert {node.key[0] for node in scene(found, "tree").upto(step.number)} <= set(range(-1, step.number + 1))


def test_what_is_not_there_has_no_place() -> None:
    found = trace(tiny.model(), Query((4,)), Options(2, 2, max_length=3))
    assert place_of(found, START) is None and place_of(found, (99, 0, False)) is None and place_of(found, (0, 99, True)) is None
    assert scene(found, "tree").find((99, 0, False)) is None
