from __future__ import annotations

import csv
import io
import math
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.seq2seq.beam_words import explained, fate, finished_words, minus, spoken, steps_table, stop_words, stops_table, text_of
from hw2gui.seq2seq.model import Seq2Seq
from hw2gui.seq2seq.results import Options, Query
from hw2gui.seq2seq.stepping import trace
from hw2gui.seq2seq.trace import StopState
from hw2gui.seq2seq.vocabulary import SPECIALS
from hw2gui.writers import write
from tests.seq2seq import tiny

SYMBOLS = (*SPECIALS, "a", "ب")


@settings(max_examples=20)
@given(tiny.models(), tiny.sources(), st.integers(1, 4), st.sampled_from([0.0, 0.7]))
def test_the_sum_that_is_written_out_is_the_sum(made: Seq2Seq, source: tuple[int, ...], places: int, alpha: float) -> None:
    found = trace(made, Query(source), Options(places, places, alpha, 5))
    for step in found.steps:
        for place, pruned in (*((one, False) for one in step.survivors), *((one, True) for one in step.pruned)):
            words = explained(found, step.number, place, SYMBOLS, pruned=pruned)
            terms, total = re.search(r"Σ log p = (.*?) = <b>(.*?)</b>", words).groups()
            gains = [float(term.split("&nbsp;")[1].replace("−", "-")) for term in terms.split(" + ")]
            assert len(gains) == place.length
            assert math.isclose(sum(gains), place.sum, abs_tol=0.001 * len(gains))
            assert total == minus(place.sum)
            assert f"<b>{minus(place.score)}</b>" in words
            assert ("It fell" in words) == (pruned and place.margin != 0)


def test_a_long_sum_leaves_its_middle_out() -> None:
    found = trace(tiny.model(ends=-20.0), Query((4,)), Options(1, max_length=40))
    words = explained(found, 39, found.steps[39].survivors[0], SYMBOLS, pruned=False)
    assert "(26 more)" in words and words.count("&nbsp;") == 14


@settings(max_examples=20)
@given(tiny.models(), tiny.sources(), st.integers(1, 4), st.sampled_from([0.0, 0.7]))
def test_the_table_holds_every_place_with_its_numbers(made: Seq2Seq, source: tuple[int, ...], places: int, alpha: float) -> None:
    found = trace(made, Query(source), Options(places, places, alpha, 5))
    rows = list(csv.DictReader(io.StringIO(write(steps_table(found, SYMBOLS, "A search.", plain=True), "csv"))))
    everything = [(step, place) for step in found.steps for place in (*step.survivors, *step.pruned)]
    assert len(rows) == len(everything)
    for row, (step, place) in zip(rows, everything, strict=True):
        assert (int(row["step"]), int(row["place"])) == (step.number + 1, place.place + 1)
        assert (float(row["sum"]), float(row["score"]), float(row["log p"])) == (place.sum, place.score, place.gain)
        assert row["text"] == text_of(place, SYMBOLS)
        assert row["margin"] == ("" if place.margin is None else repr(place.margin))
    stops = list(csv.DictReader(io.StringIO(write(stops_table(found, "A search.", plain=True), "csv"))))
    assert [row["done"] for row in stops] == ["no"] * (len(found.steps) - 1) + ["yes"]
    assert "|" in write(steps_table(found, SYMBOLS, "A search."), "markdown")


def test_what_is_said_of_a_hypothesis() -> None:
    found = trace(tiny.model(ends=1.0), Query((4, 5)), Options(3, 3, max_length=4))
    survivor, fallen = found.steps[0].survivors[0], found.steps[0].pruned
    assert "place 1" in spoken(survivor, SYMBOLS, pruned=False) and f"score {minus(survivor.score)}" in spoken(
        survivor, SYMBOLS, pruned=False
    )
    last = found.steps[-1]
    assert {fate(place, pruned=False) for place in last.survivors} <= {"complete", "keeps its place"}
    assert all("below the last survivor" in spoken(place, SYMBOLS, pruned=True) for place in fallen)
    assert finished_words(last) == "All are complete."


def test_the_bound_is_told_with_the_length_it_counts_least_at() -> None:
    stop = StopState(1, 1, -0.9, -1.5 / 50**0.6, done=False)
    words = stop_words(stop, Options(5, alpha=0.6))
    assert "best open sum, −1.500" in words and "50 to the power 0.6 = 10.46" in words
    assert "open sum" not in stop_words(stop, Options(5))
