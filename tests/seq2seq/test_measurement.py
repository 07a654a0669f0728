"""A model measured: what is kept, what training knows, where errors lie, two models beside each other."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hw2gui.datasets.corpus import Overlap, Pair, PairCorpus
from hw2gui.errors import InputError
from hw2gui.seq2seq import answers, evaluation, measure_tasks, models, train
from hw2gui.seq2seq.comparison import compare
from hw2gui.seq2seq.error_places import details, length_bins, shown_positions
from hw2gui.seq2seq.kept import Decoded
from hw2gui.seq2seq.measure_choice import Setting
from hw2gui.seq2seq.measurement import Measurement, half_width, measure
from hw2gui.seq2seq.metrics import ByPosition
from hw2gui.seq2seq.metrics import measure as scores_of
from hw2gui.seq2seq.results import Options
from hw2gui.seq2seq.score_tables import (
    SCORES,
    comparison_table,
    confusions_table,
    examples_table,
    lengths_table,
    positions_table,
    scores_table,
)
from hw2gui.steps import finish
from hw2gui.writers import FORMATS, write

CORPUS = PairCorpus(
    "names", "Names", "A", "B",
    train=(Pair("ab", "ab"), Pair("ab", "abb"), Pair("cd", "cd")),
    validation=(Pair("ab", "ab"), Pair("cd", "dc"), Pair("fgh", "fgh"), Pair("xyz", "xyz"), Pair("longer", "longer")),
    test=(Pair("q", "q"),),
    attribution="Made up.",
)  # fmt: skip


def outcome(steps: Generator[Any, None, Measurement]) -> tuple[Measurement, list[Any]]:
    seen: list[Any] = []
    return finish(steps, seen.append), seen


@pytest.fixture
def setting(run: Path, monkeypatch: pytest.MonkeyPatch) -> Setting:
    for module in (train, answers):
        monkeypatch.setattr(module, "corpus_of", lambda config, data=None: CORPUS)
    return Setting(str(run), beams=(1, 3), nbest=2)


def test_nothing_is_decoded_twice(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    first, seen = outcome(measure(setting))
    shares = [event.share for event in seen]
    assert shares == sorted(shares) and math.isclose(shares[-1], 1.0)
    assert not any(one.when for one in first.evaluation.beams)
    decoded: list[int] = []
    own = evaluation._decode
    monkeypatch.setattr(evaluation, "_decode", lambda *given: decoded.append(given[2].beam) or own(*given))
    second, seen = outcome(measure(replace(setting, beams=(1, 2, 3))))
    assert decoded == [2] and [event.beam for event in seen] == [2]
    for one in first.evaluation.beams:
        again = second.evaluation.of(one.beam)
        assert again.when and (again.outputs, again.scores, again.seconds) == (one.outputs, one.scores, one.seconds)
    assert second.evaluation.reference_log_probabilities == first.evaluation.reference_log_probabilities
    assert any("decoded before" in note for note in second.notes)
    outcome(measure(setting, fresh=True))
    assert decoded == [2, 1, 3]


def test_what_training_knows_is_told_and_left_out(setting: Setting) -> None:
    found, _ = outcome(measure(setting))
    assert found.overlap == Overlap("validation", 5, (0,), (0, 1), (0, 1)) and found.several == 2
    texts = found.evaluation.of(3).outputs
    for rest, scores in (((1, 2, 3, 4), found.without_repeated(3)), ((2, 3, 4), found.without_known(3))):
        assert scores == scores_of([texts[at] for at in rest], [(CORPUS.validation[at].target,) for at in rest])
    assert found.evaluation.references[0] == ("ab", "abb")
    assert any("For 2 of 5 pairs" in note for note in found.notes)
    row = found.as_json()[1]
    assert row["without_known_sources"]["n"] == 3 and row["without_repeated_pairs"]["n"] == 4
    assert found.overlap_as_json() == {
        "total": 5, "repeated_pairs": 1, "known_sources": 2, "with_another_target": 2, "several_references": 2,
    }  # fmt: skip
    few, _ = outcome(measure(replace(setting, limit=1)))
    assert few.overlap == Overlap("validation", 1, (0,), (0,), (0,)) and few.without_known(1) is None
    seen, _ = outcome(measure(replace(setting, split="train")))
    assert seen.overlap is None and seen.without_known(1) is None and seen.overlap_as_json() is None


def test_the_reports_value_stands_beside_its_own_protocol_alone(setting: Setting) -> None:
    assert outcome(measure(setting))[0].report is None


def test_where_the_errors_lie(setting: Setting) -> None:
    found, _ = outcome(measure(setting))
    one = found.evaluation.of(3)
    where = details(found, 3)
    wrong = int(where.position.substituted.sum() + where.position.deleted.sum() + where.position.inserted.sum())
    counts = where.confusion.counts
    assert wrong == int(one.judged.distance.sum()) == int(counts.sum() - np.trace(counts))
    bins = length_bins(found, 3)
    assert sum(one.n for one in bins) == 5
    rates = one.own.rate
    assert math.isclose(half_width(one), 1.959964 * float(np.std(rates, ddof=1)) / math.sqrt(5))
    assert math.isclose(one.scores.error_rate, float(rates.mean()))


def test_positions_that_few_reach_are_left_out() -> None:
    none = np.zeros(4, dtype=np.int64)
    assert shown_positions(ByPosition(np.array([100, 10, 9, 0]), none, none, none)).tolist() == [0, 1]


def test_two_models_are_compared_example_by_example(setting: Setting) -> None:
    found, _ = outcome(measure(setting))
    same = compare(found, found, 3)
    assert same.counts == {"fixed": 0, "broken": 0, "better": 0, "worse": 0, "same": 5} and same.difference == same.half == 0
    assert "no more than chance" in same.sentence and not same.moved
    one = found.evaluation.of(3)
    perfect = evaluation.scored(
        measurement_decoded([[pair.target] for pair in CORPUS.validation]), found.evaluation.references, Options(3, 1)
    )
    better = replace(found, evaluation=replace(found.evaluation, beams=(perfect,)))
    apart = compare(found, better, 3)
    assert apart.counts["fixed"] == int((one.own.distance > 0).sum()) == len(apart.moved)
    assert apart.counts["broken"] == 0 and math.isclose(apart.difference, -one.scores.error_rate)
    assert compare(better, found, 3).counts["broken"] == apart.counts["fixed"]
    with pytest.raises(InputError, match="different pairs"):
        compare(found, replace(found, evaluation=replace(found.evaluation, sources=("a",) * 5)), 3)


def measurement_decoded(outputs: list[list[str]]) -> Decoded:
    return Decoded(tuple(map(tuple, outputs)), tuple(tuple(-1.0 for _ in own) for own in outputs), tuple(True for _ in outputs), 0.0)


def test_exact_search_is_kept_too(setting: Setting) -> None:
    asked = replace(setting, optimum=True)
    assert not measure_tasks.is_kept(asked)
    found, seen = outcome(measure(asked))
    assert found.evaluation.optimum is not None and [event.beam for event in seen if event.share is None] == [0]
    assert measure_tasks.is_kept(asked) and measure_tasks.is_kept(setting)
    again, seen = outcome(measure(asked))
    assert not seen and again.evaluation.optimum is not None
    assert again.evaluation.optimum.outputs == found.evaluation.optimum.outputs
    assert measure_tasks.recall((asked,)) is not None and measure_tasks.recall((replace(asked, limit=2),)) is None


def test_tables_say_the_same_numbers(setting: Setting) -> None:
    found, _ = outcome(measure(replace(setting, optimum=True)))
    scores = scores_table(found)
    assert scores.header == tuple(title for title, _ in SCORES)
    assert scores.rows[1][1] == f"{found.evaluation.of(3).scores.error_rate:.4f}" and scores.rows[0][0] == "1 (greedy)"
    assert "other spellings" not in scores_table(replace(found, evaluation=replace(found.evaluation, references=(("a",),) * 5))).header
    plain = scores_table(found, plain=True)
    assert all(float(cell) is not None for row in plain.rows for cell in row)
    examples = examples_table(found, 3, [4, 0])
    assert [row[:3] for row in examples.rows] == [("5", "longer", "longer"), ("1", "ab", "ab / abb")]
    where = details(found, 3)
    confused = confusions_table(found, where)
    assert sum(int(row[2]) for row in confused.rows) == int(found.evaluation.of(3).judged.distance.sum())
    assert len(positions_table(found, where).rows) == len(shown_positions(where.position))
    lengths = lengths_table({"one": length_bins(found, 3), "other": length_bins(found, 1)}, "Names")
    assert {row[0] for row in lengths.rows} == {"one", "other"}
    both = comparison_table(found, found, compare(found, found, 3), range(5))
    assert len(both.rows) == 5 and both.rows[0][-1] == "same"
    for table in (scores, examples, confused, lengths, both):
        assert all(write(table, form) for form in FORMATS)


def test_an_epoch_and_a_limit_make_another_question(setting: Setting) -> None:
    early, seen = outcome(measure(replace(setting, epoch=1)))
    assert early.epoch == 1 and seen
    _, seen = outcome(measure(replace(setting, epoch=2)))
    assert seen
    _, seen = outcome(measure(setting))  # the run stands for one of its epochs: the weights are the same
    assert models.card(setting.model).epoch in (1, 2) and not seen
