"""What can be chosen on the measuring page, and what cannot."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hw2gui.errors import InputError
from hw2gui.seq2seq.measure_choice import MeasureChoice, Setting, checked, read_beams
from hw2gui.session.codec import from_plain, to_plain


@pytest.mark.parametrize(
    ("typed", "beams"), [("1, 2,3", (1, 2, 3)), ("10 5 5", (5, 10)), ("20", (20,)), (" 1,  20 ,", (1, 20)), ("007", (7,))]
)
def test_beam_sizes_as_typed(typed: str, beams: tuple[int, ...]) -> None:
    assert read_beams(typed) == beams


@pytest.mark.parametrize("typed", ["", "a", "0", "21", "1;2", "-1", "1.5", "9" * 5000, "1,2,3,4,5,6,7,8,9"])
def test_no_beam_sizes(typed: str) -> None:
    with pytest.raises(InputError):
        read_beams(typed)


def test_what_is_asked_follows_the_controls() -> None:
    choice = MeasureChoice(model="a", against="b", split="test", beams=(1, 4), limit=7, nbest=3, alpha=0.5)
    first, second = choice.settings()
    assert first == Setting("a", "test", (1, 4), 0.5, 3, 7) and second == replace(first, model="b")
    assert replace(choice, against="").settings() == (first,)
    assert replace(choice, against="a", limit=0).settings() == (replace(first, limit=None),)
    with pytest.raises(InputError, match="No model"):
        MeasureChoice().settings()


def test_the_beam_looked_at_was_measured() -> None:
    choice = MeasureChoice(asked=(Setting("a", beams=(1, 4, 8)),), beam=5)
    assert checked(choice).beam == 4
    assert checked(replace(choice, beam=8)).beam == 8
    assert checked(replace(choice, kind="fixed")).kind == "all"
    two = replace(choice, asked=(*choice.asked, Setting("b", beams=(1, 4, 8))), kind="fixed")
    assert checked(two).kind == "fixed"


@pytest.mark.parametrize(
    "wrong",
    [
        {"beams": ()}, {"beams": (2, 1)}, {"beams": (0, 1)}, {"beams": (1, 21)}, {"beams": tuple(range(1, 10))}, {"alpha": 3.0},
        {"nbest": 0}, {"limit": -1}, {"asked": (Setting("a"),) * 3}, {"asked": (Setting("a", nbest=11),)},
        {"asked": (Setting("a", beams=()),)},
    ],
)  # fmt: skip
def test_a_damaged_choice_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError):
        checked(replace(MeasureChoice(), **wrong))


def test_a_session_keeps_it() -> None:
    choice = MeasureChoice(model="a", asked=(Setting("a", limit=3), Setting("b")), confusion=("e", ""), selected=4, kind="model error")
    assert from_plain(MeasureChoice, to_plain(choice)) == choice
