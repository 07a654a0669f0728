from __future__ import annotations

import math
from pathlib import Path

import pytest

from hw2gui.errors import InputError
from hw2gui.jobs import InlineRunner, Job
from hw2gui.seq2seq import answers, models
from hw2gui.seq2seq.answers import Exact, Reading, Stepping
from hw2gui.seq2seq.evaluation import Evaluation
from hw2gui.seq2seq.results import AttentionOverride, Options


def asked(function: str, **arguments: object) -> object:
    """What the window gets: a job run by name."""
    found: list[object] = []
    failed: list[BaseException] = []
    runner = InlineRunner()
    runner.submit(Job(f"hw2gui.seq2seq.answers:{function}", arguments), on_done=found.append, on_error=failed.append)
    runner.close()
    if failed:
        raise failed[0]
    return found[0]


def test_a_text_is_read_and_written(run: Path) -> None:
    found = asked("translate", model=str(run), text="hello", options=Options(5, 3), reference="hello")
    assert isinstance(found, Reading)
    assert found.text.text == "hello" and found.source == tuple("hello") and found.unknown == ()
    assert len(found.beams) == 3
    assert found.beams[0].hypothesis.log_probability >= found.greedy.hypothesis.log_probability - 1e-6
    assert (found.divergence is None) == (found.greedy.text == found.beams[0].text)
    assert found.judged is not None and found.judged.reference.text == "hello"
    assert found.seconds > 0


def test_what_is_typed_is_normalised_and_said(run: Path) -> None:
    found = asked("translate", model=str(run), text="  HéL\u200dlo\t9ش ", options=Options(2))
    assert isinstance(found, Reading)
    assert found.text.text == "hello 9ش"
    assert found.unknown == (" ", "9", "ش")
    assert found.source[-3:] == ("<unk>",) * 3
    assert any("invisible" in sentence for sentence in found.text.sentences)


def test_long_texts_are_cut_and_empty_ones_refused(run: Path) -> None:
    found = asked("translate", model=str(run), text="ab" * 5_000, options=Options(2))
    assert isinstance(found, Reading) and len(found.source) + found.text.left_out == 10_000 and found.text.left_out > 9_000
    for text in ("", "   ", "\u200d"):
        with pytest.raises(InputError, match="empty"):
            asked("translate", model=str(run), text=text, options=Options(2))


def test_steps_exact_search_and_forced_beginnings(run: Path) -> None:
    stepping = asked("step_through", model=str(run), text="abc", options=Options(3, 3), prefix="x")
    assert isinstance(stepping, Stepping)
    assert all(stepping.symbols[place.numbers[0]] == "x" for step in stepping.trace.steps for place in step.survivors)
    best = asked("exact", model=str(run), text="abc", prefix="x")
    assert isinstance(best, Exact) and best.output.text.startswith("x")
    found = asked("translate", model=str(run), text="abc", options=Options(3), prefix="x", override=AttentionOverride("uniform"))
    assert isinstance(found, Reading) and found.greedy.hypothesis.attention is not None
    assert all(math.isclose(weight, 1 / 3, rel_tol=1e-6) for weight in found.greedy.hypothesis.attention.flatten())
    with pytest.raises(InputError, match="never writes"):
        asked("translate", model=str(run), text="abc", options=Options(3), prefix="ش")


def test_a_model_is_opened_once_until_it_changes(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(models, "load", lambda *given, load=models.load: opened.append(given[0]) or load(*given))
    answers._opened.cache_clear()
    for _ in range(3):
        asked("translate", model=str(run), text="abc", options=Options(1))
    assert len(opened) == 1
    (run / "epoch-002.safetensors").touch()
    asked("translate", model=str(run), text="abc", options=Options(1))
    assert len(opened) == 2


def test_a_split_is_evaluated(run: Path) -> None:
    found = asked("evaluate", model=str(run), split="validation", beams=(1, 2), limit=40, optimum=True)
    assert isinstance(found, Evaluation)
    assert len(found.sources) == 40 and [one.beam for one in found.beams] == [1, 2]
    assert found.optimum is not None
    known = asked("known", model=str(run))
    assert isinstance(known, answers.Known) and known.source == known.target == "abcdefghijklmnopqrstuvwxyz"


def test_a_text_of_which_nothing_can_be_read_is_told_so() -> None:
    with pytest.raises(InputError, match=r"nothing of what was typed can be read by .*choose another model"):
        answers.translate("es-en", "محمد", Options())
