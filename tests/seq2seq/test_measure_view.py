"""Which examples are shown, in which order, and what the sentences say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from hw2gui.datasets.corpus import Overlap
from hw2gui.seq2seq import measure_view
from hw2gui.seq2seq.comparison import compare
from hw2gui.seq2seq.error_places import busiest, details, length_bins
from hw2gui.seq2seq.evaluation import Evaluation, scored
from hw2gui.seq2seq.kept import Decoded
from hw2gui.seq2seq.measure_choice import MeasureChoice, Setting
from hw2gui.seq2seq.measurement import Measurement
from hw2gui.seq2seq.results import Options
from hw2gui.seq2seq.score_tables import examples_table

SOURCES = ("شمس", "ab", "Abc", "zz")
REFERENCES = (("shams",), ("ab", "aab"), ("abc",), ("zz",))


def made(outputs: dict[int, Sequence[str]], sums: Sequence[float] = (-1.0, -2.0, -3.0, -4.0)) -> Measurement:
    """A measurement of these outputs by beam size; the references' log P is −2.5 throughout."""
    beams = []
    for beam, texts in outputs.items():
        decoded = Decoded(tuple((text,) for text in texts), tuple((value,) for value in sums), (True,) * 4, 0.1 * beam)
        beams.append(scored(decoded, REFERENCES, Options(beam)))
    evaluation = Evaluation(SOURCES, REFERENCES, (-2.5,) * 4, tuple(beams))
    overlap = Overlap("validation", 4, (), (), ())
    return Measurement(Setting("m", beams=tuple(outputs)), "M", "", 1, "names", "Names", "A → B", "", evaluation, overlap, {}, None)


FOUND = made({1: ("sams", "aab", "abd", "zz"), 5: ("shams", "b", "abc", "zz")})


@pytest.mark.parametrize(
    ("choice", "indices"),
    [
        ({"order": "number", "descending": False}, (0, 1, 2, 3)),
        ({"order": "number"}, (3, 2, 1, 0)),
        ({"order": "error"}, (1, 2, 0, 3)),
        ({"order": "log P", "descending": False}, (3, 2, 1, 0)),
        ({"order": "source", "descending": False}, (1, 2, 3, 0)),
        ({"kind": "wrong", "order": "number", "descending": False}, (0, 2)),
        ({"kind": "right", "order": "number", "descending": False}, (1, 3)),
        ({"kind": "search error"}, (2,)),
        ({"kind": "model error"}, (0,)),
        ({"text": "AB", "order": "number", "descending": False}, (1, 2)),
        ({"text": "ش"}, (0,)),
        ({"text": "nowhere"}, ()),
        ({"confusion": ("c", "d")}, (2,)),
        ({"confusion": ("h", "")}, (0,)),
        ({"kind": "fixed", "order": "number", "descending": False}, (0, 2)),
        ({"kind": "broken"}, (1,)),
    ],
)
def test_the_examples_asked_for(choice: dict[str, object], indices: tuple[int, ...]) -> None:
    asked = replace(MeasureChoice(beam=1), **choice)
    better = made({1: ("shams", "b", "abc", "zz")})
    first = made({1: ("sams", "ab", "abd", "zz")}) if asked.kind in ("fixed", "broken") else FOUND
    assert measure_view.shown(asked, first, details(first, 1), compare(first, better, 1)) == indices


def test_letters_stand_alone_and_spaces_are_seen() -> None:
    assert measure_view.letter(None) == measure_view.letter("") == ""
    assert measure_view.letter(" ") == "␣" and measure_view.letter("a") == "a"
    assert measure_view.hint("شمس") == "sh·m·s" and measure_view.hint("abc") == ""
    assert measure_view.arrow(("a", "")) == "a → ∅" and measure_view.arrow(("", " ")) == "∅ → ␣"


def test_the_sentences_have_the_same_numbers() -> None:
    one = FOUND.evaluation.of(1)
    words = measure_view.rates_words(FOUND, 1)
    assert f"/ 4 = {one.scores.error_rate:.4f}" in words and f"= {one.scores.cer:.4f}" in words and "1 of 4" in words
    beams = measure_view.beams_words(FOUND)
    assert "Greedy to beam 5" in beams and "5.0 times the time" in beams
    assert f"Least error here: beam 5 with {FOUND.evaluation.of(5).scores.error_rate:.4f}" in beams
    assert "One beam size" in measure_view.beams_words(made({2: ("a", "b", "c", "d")}))
    assert "1 errors" in measure_view.characters_words(details(FOUND, 5))
    assert "Left" in measure_view.places_words([length_bins(FOUND, 1)], ["M"])


def test_the_busiest_characters_keep_their_rows_shares() -> None:
    found = details(FOUND, 1).confusion
    few = busiest(found, 2)
    assert few.characters == ("c", "d", "") and few.counts[0, 1] == 1
    whole = found.counts.sum(axis=1)[found.characters.index("c")]
    assert few.shares[0].sum() <= 1 and whole == 1
    rows = [found.characters.index(character) for character in few.characters]
    np.testing.assert_array_equal(few.shares, few.counts / np.maximum(found.counts.sum(axis=1), 1)[rows, None])
    none = busiest(details(made({1: [own[0] for own in REFERENCES]}), 1).confusion, 5)
    assert none.characters == ("",)


def test_right_with_an_error_says_why() -> None:
    """The error is counted from the corpus's own reference, the verdict from any."""
    found = FOUND.evaluation
    assert float(found.of(1).own.rate[1]) > 0
    assert measure_view.verdict_words(found, 1, 1) == ("right", "another spelling")
    assert measure_view.verdict_words(found, 1, 3) == ("right", "")
    assert measure_view.verdict_words(found, 1, 0) == ("model error", "")
    assert examples_table(FOUND, 1, [1]).rows[0][-1] == "right: another spelling"


def test_an_error_rate_that_a_beam_leaves_as_it_is_has_no_sign() -> None:
    same = measure_view.beams_words(made({1: ("sams", "aab", "abd", "zz"), 5: ("sams", "aab", "abd", "zz")}))
    rate = f"{FOUND.evaluation.of(1).scores.error_rate:.4f}"
    assert f"error rate unchanged at {rate}," in same and "−0.0000" not in same
    assert f"(from {rate} to" in measure_view.beams_words(FOUND)
