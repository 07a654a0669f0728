from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.errors import InputError
from hw2gui.session.codec import LARGEST_WHOLE, from_plain, to_plain


@dataclass(frozen=True)
class Point:
    row: int
    column: int


@dataclass(frozen=True)
class Everything:
    flag: bool = False
    count: int = 0
    level: float = 0.0
    text: str = ""
    mode: Literal["a", "b", 1] = "a"
    point: Point | None = None
    either: int | str = 0
    numbers: tuple[tuple[float, ...], ...] = ()
    pair: tuple[int, str] = (0, "")
    points: tuple[Point, ...] = field(default_factory=tuple)


whole = st.integers(-LARGEST_WHOLE, LARGEST_WHOLE)
real = st.floats(allow_nan=False, allow_infinity=False)
points = st.builds(Point, whole, whole)
everything = st.builds(
    Everything,
    flag=st.booleans(),
    count=whole,
    level=real,
    text=st.text(),
    mode=st.sampled_from(["a", "b", 1]),
    point=st.none() | points,
    either=whole | st.text(),
    numbers=st.lists(st.lists(real, max_size=3).map(tuple), max_size=3).map(tuple),
    pair=st.tuples(whole, st.text()),
    points=st.lists(points, max_size=3).map(tuple),
)


@given(everything)
def test_round_trip_through_json(state: Everything) -> None:
    again = from_plain(Everything, json.loads(json.dumps(to_plain(state))))
    assert again == state
    assert [type(getattr(again, name)) for name in state.__dataclass_fields__] == [
        type(getattr(state, name)) for name in state.__dataclass_fields__
    ]


names = st.sampled_from([*Everything.__dataclass_fields__, "row", "?"])
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=8,
)


@given(anything)
def test_whatever_comes_it_is_decoded_or_refused_with_one_sentence(plain: Any) -> None:
    try:
        state = from_plain(Everything, plain)
    except InputError as error:
        sentence = str(error)
    else:
        assert from_plain(Everything, to_plain(state)) == state
        return
    assert sentence.endswith(".") and "\n" not in sentence and len(sentence) < 250


def test_missing_fields_take_their_defaults() -> None:
    assert from_plain(Everything, {"count": 3}) == Everything(count=3)


def test_whole_numbers_serve_as_reals_and_become_them() -> None:
    level = from_plain(Everything, {"level": 2}).level
    assert level == 2.0 and type(level) is float


@pytest.mark.parametrize(
    ("plain", "sentence"),
    [
        ({"flag": 1}, "state.flag should be true or false, not 1"),
        ({"count": True}, "state.count should be a whole number, not true"),
        ({"count": 2.0}, "state.count should be a whole number, not 2.0"),
        ({"count": None}, "state.count should be a whole number, not null"),
        ({"count": 10**18}, "state.count should be a number of reasonable size, not 1000000000000000000"),
        ({"level": 10**400}, "state.level should be a number of reasonable size"),
        ({"level": math.nan}, "state.level should be a finite number, not nan"),
        ({"level": -math.inf}, "state.level should be a finite number, not -inf"),
        ({"level": "1"}, "state.level should be a number, not '1'"),
        ({"text": 5}, "state.text should be a text, not 5"),
        ({"text": ["x"] * 1000}, "state.text should be a text, not a list of 1000"),
        ({"mode": "c"}, "state.mode should be one of a, b, 1, not 'c'"),
        ({"mode": True}, "state.mode should be one of a, b, 1, not true"),
        ({"point": {"row": "x", "column": 1}}, "state.point.row should be a whole number, not 'x'"),
        ({"point": {"row": 1}}, "state.point lacks the field 'column'"),
        ({"point": 3}, "state.point should be a table, not 3"),
        ({"either": 1.5}, "state.either should be a whole number or a text, not 1.5"),
        ({"numbers": [[0, 1], [0, "x"]]}, "state.numbers[1][1] should be a number, not 'x'"),
        ({"numbers": {"0": []}}, "state.numbers should be a list, not a table"),
        ({"pair": [1]}, "state.pair should be a list of 2, not a list of 1"),
        ({"new": 1}, "state has the unknown field 'new'"),
        ([], "state should be a table, not a list of 0"),
    ],
)
def test_refusals_name_the_place_and_what_is_there(plain: Any, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        from_plain(Everything, plain)
    assert str(caught.value).startswith(sentence)


def test_long_values_are_shown_short() -> None:
    with pytest.raises(InputError) as caught:
        from_plain(Everything, {"count": "x" * 10_000})
    assert len(str(caught.value)) < 150


def test_what_has_no_plain_form_is_a_fault_of_the_program() -> None:
    with pytest.raises(TypeError, match="set"):
        to_plain({1, 2})


def test_the_states_of_the_tabs_go_round() -> None:
    from hw2gui.convolution.state import ConvolutionState, Pin

    state = ConvolutionState(pinned=Pin("matrix", 3, 4), position=7, order="column")
    assert from_plain(ConvolutionState, json.loads(json.dumps(to_plain(state)))) == state


def test_the_name_of_an_unknown_field_is_told_shortened() -> None:
    with pytest.raises(InputError) as refused:
        from_plain(Hypothetical, {"x" * 5_000: 1}, "any.json")
    assert "x" * 39 in str(refused.value) and len(str(refused.value)) < 200


def test_the_name_of_an_unknown_field_is_told_on_one_line() -> None:
    with pytest.raises(InputError, match="unknown field 'cha�nels'"):
        from_plain(Hypothetical, {"cha\nnels": 1}, "any.json")


@dataclass(frozen=True)
class Hypothetical:
    known: int = 0
