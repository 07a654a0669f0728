from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from hw2gui.errors import InputError
from hw2gui.seq2seq import evaluation
from hw2gui.seq2seq.evaluation import Evaluation, Progress, evaluate
from hw2gui.seq2seq.kept import Kept
from hw2gui.seq2seq.metrics import measure, oracle
from hw2gui.seq2seq.results import Options, verdict
from hw2gui.seq2seq.translator import Translator
from hw2gui.seq2seq.vocabulary import Vocabulary
from hw2gui.steps import finish
from tests.seq2seq import tiny

T = TypeVar("T")
SOURCES = ["ab", "ba", "bab", "a", "abba", "b", "aab"]
REFERENCES = [["a"], ["b", "ab"], ["ba"], ["a", "b"], ["ab"], ["aa"], ["bb"]]


def outcome(steps: Generator[Progress, None, T]) -> tuple[T, list[Progress]]:
    seen: list[Progress] = []
    return finish(steps, seen.append), seen


def translator(seed: int = 1, **options: object) -> Translator:
    alphabet = Vocabulary(("a", "b"))
    return Translator(tiny.model(seed, **options), alphabet, alphabet)


def test_every_beam_size_is_decoded_and_scored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "CHUNK", 3)
    made = translator()
    found, progress = outcome(evaluate(made, SOURCES, REFERENCES, (5, 1, 2, 2), nbest=3))
    assert [one.beam for one in found.beams] == [1, 2, 5]
    assert [(one.beam, one.done, one.total) for one in progress] == [(k, done, 7) for k in (1, 2, 5) for done in (3, 6, 7)]
    for one in found.beams:
        options = Options(one.beam, min(one.beam, 3))
        best = [[each.text for each in made.beam([made.query(source)], options)[0]] for source in SOURCES]
        assert one.outputs == tuple(own[0] for own in best)
        assert one.scores == measure(one.outputs, [own[:1] for own in REFERENCES])
        assert one.multi == measure(one.outputs, REFERENCES)
        assert one.oracle == oracle(best, REFERENCES)
        assert one.nbest == options.nbest
        assert math.isclose(one.log_probability, sum(one.log_probabilities) / 7)
        assert {"error_rate", "cer", "exact_match", "n", "seconds"} <= set(one.as_json())
    assert found.of(2) is found.beams[1]
    with pytest.raises(InputError, match="choose one of 1, 2, 5"):
        found.of(3)


def test_errors_are_the_searchs_or_the_models() -> None:
    made = translator(3, sharpness=2.0)
    found = outcome(evaluate(made, SOURCES, REFERENCES, (1, 3), optimum=True))[0]
    for one in found.beams:
        verdicts = []
        for source, own, text in zip(SOURCES, REFERENCES, one.outputs, strict=True):
            options = Options(one.beam)
            (output,) = made.beam([made.query(source)], options)[0]
            assert output.text == text
            scored = [each.hypothesis for each in made.score([source] * len(own), own)]
            judged = [verdict(output.hypothesis, each) for each in scored]
            verdicts.append("right" if "right" in judged else "search error" if "search error" in judged else "model error")
        faults = found.faults(one.beam)
        assert [found.verdict(one.beam, index) for index in range(len(verdicts))] == verdicts
        assert (faults.right, faults.search, faults.model) == tuple(map(verdicts.count, ("right", "search error", "model error")))
        share = sum(
            made.exact([made.query(source)])[0].best.numbers == made.beam([made.query(source)], Options(one.beam))[0][0].hypothesis.numbers
            for source in SOURCES
        )
        assert found.found(one.beam) == share / len(SOURCES)
    assert found.optimum is not None and all(found.optimum.proven)
    assert found.optimum.scores == measure(found.optimum.outputs, [own[:1] for own in REFERENCES])
    assert [row["optimum_found"] for row in found.as_json()] == [found.found(1), found.found(3)]
    partly = replace(found, optimum=replace(found.optimum, proven=(True, *(False for _ in SOURCES[1:]))))
    assert partly.found(3) == float(found.beams[1].log_probabilities[0] > found.optimum.log_probabilities[0] - 1e-6)
    assert outcome(evaluate(made, SOURCES, REFERENCES))[0].found(1) is None


def test_what_was_decoded_is_kept_and_not_decoded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, kept = translator(), Kept("model", tuple(SOURCES), tmp_path)
    found = outcome(evaluate(made, SOURCES, REFERENCES, (1, 3), optimum=True, kept=kept))[0]
    for search in ("beam", "greedy", "exact", "score"):
        monkeypatch.setattr(Translator, search, lambda *_, **__: pytest.fail("searched again"))
    again = outcome(evaluate(made, SOURCES, REFERENCES, (1, 3), optimum=True, kept=kept))[0]
    assert [one.outputs for one in again.beams] == [one.outputs for one in found.beams]
    assert again.optimum is not None and found.optimum is not None and again.optimum.outputs == found.optimum.outputs


def test_examples_training_knows_can_be_left_out() -> None:
    found: Evaluation = outcome(evaluate(translator(), SOURCES, REFERENCES))[0]
    rest = found.without({"ab", "a"}, 1)
    assert rest is not None and rest.n == 5
    kept = [index for index, source in enumerate(SOURCES) if source not in {"ab", "a"}]
    assert rest == measure([found.beams[0].outputs[index] for index in kept], [REFERENCES[index][:1] for index in kept])
    assert found.without(set(SOURCES), 1) is None


@pytest.mark.parametrize(
    ("sources", "references", "beams", "nbest"),
    [
        (["ab"], [["a"]], (), 5), (["ab"], [["a"]], (0,), 5), (["ab"], [["a"]], (21,), 5), (["ab"], [["a"]], (1,), 0),
        (["ab"], [[""]], (1,), 5), ([""], [["a"]], (1,), 5), (["a" * 501], [["a"]], (1,), 5), ([], [], (1,), 5),
    ],
)  # fmt: skip
def test_what_cannot_be_evaluated_is_refused(sources: list[str], references: list[list[str]], beams: tuple[int, ...], nbest: int) -> None:
    with pytest.raises(InputError):
        outcome(evaluate(translator(), sources, references, beams, nbest=nbest))


def test_a_translator_reads_and_writes() -> None:
    made = translator(ends=1.0)
    query = made.query("abz", "b")
    assert query.source == (4, 5, 3) and query.prefix == (5,)
    (narrow,), (wide,) = made.greedy([query]), made.beam([query], Options(3, 3))
    assert narrow.text.startswith("b") and all(one.text.startswith("b") for one in wide)
    assert narrow.symbols[0] == "b" and narrow.symbols[-1] == "</s>"
    plain = narrow.as_json()
    assert plain["text"] == narrow.text and plain["tokens"] == list(narrow.symbols)
    assert sum(plain["token_log_probabilities"]) == plain["log_probability"]
    assert len(plain["attention"]) == len(plain["tokens"]) and all(len(row) == 3 for row in plain["attention"])
    assert made.exact([query])[0].best.log_probability >= wide[0].hypothesis.log_probability - 1e-12
    assert made.trace(query, Options(2)).best[0].numbers == made.beam([query], Options(2))[0][0].hypothesis.numbers
    (scored,) = made.score(["abz"], [narrow.text])
    assert math.isclose(scored.hypothesis.log_probability, narrow.hypothesis.log_probability, rel_tol=1e-9)
    with pytest.raises(InputError, match="'q'"):
        made.query("ab", "aq")


def test_without_attention_there_is_none_to_print() -> None:
    made = translator(attention=False)
    assert made.greedy([made.query("ab")])[0].as_json()["attention"] is None
