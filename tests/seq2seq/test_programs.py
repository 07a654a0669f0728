"""The programs for characters to characters write what the search writes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hw2gui.errors import InputError
from hw2gui.seq2seq import answers, models
from hw2gui.seq2seq.programs import programs, programs_for
from hw2gui.seq2seq.results import AttentionOverride, Options
from hw2gui.seq2seq.state import Seq2SeqState
from tests.programs import run


@pytest.mark.parametrize(
    ("model", "text", "options"),
    [
        ("ar-en", "محمد", Options(beam=4, nbest=4)),
        ("ar-en-plain", "فاطمة", Options(beam=1)),
        ("ar-en", "عبدالرحمن", Options(beam=6, nbest=3, alpha=0.8)),
        ("es-en", "buenos dias", Options(beam=4, alpha=1.5)),
        ("es-en-wide", "gracias", Options(beam=4, nbest=2)),
    ],
)
def test_greedy_attention_and_beam_are_those_of_the_search(
    model: str, text: str, options: Options, capsys: pytest.CaptureFixture[str]
) -> None:
    reading = answers.translate(model, text, options)
    sources = programs_for(model, reading.text.text, options)
    assert len(sources) == (3 if models.card(model).network.attention else 2)
    for title, source in sources:
        names = run(source)
        if title.startswith("Attention"):
            expected = reading.greedy.hypothesis.attention
            assert expected is not None
            assert np.abs(names["attention"].numpy() - np.asarray(expected)).max() < 1e-5
            continue
        if title.startswith("Beam"):
            assert [output for output, _ in names["outputs"][: options.nbest]] == [one.text for one in reading.beams]
            assert [total for _, total in names["outputs"][: options.nbest]] == pytest.approx(
                [one.hypothesis.log_probability for one in reading.beams], abs=1e-4
            )
            assert [line.rsplit(" ", 1)[0] for line in capsys.readouterr().out.splitlines()[-options.nbest :]] == [
                one.text for one in reading.beams
            ]
            continue
        wanted = reading.greedy
        assert names["output"] == wanted.text
        assert names["total"] == pytest.approx(wanted.hypothesis.log_probability, abs=1e-4)


def test_the_text_on_screen_is_written_and_what_cannot_be_is_said() -> None:
    state = Seq2SeqState()
    found = run(dict(programs(state))["Greedy, step by step"])
    reading = answers.translate(state.model, state.text, state.options)
    assert found["output"] == reading.greedy.text
    with pytest.raises(InputError, match="no text"):
        programs(replace(state, text=""))
    for forced in (replace(state, prefix="Ra"), replace(state, override=AttentionOverride(weights=((1, (1.0,)),)))):
        with pytest.raises(InputError, match="search freely"):
            programs(forced)
