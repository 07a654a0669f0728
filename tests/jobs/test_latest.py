from __future__ import annotations

from typing import Any

import pytest

from hw2gui.jobs import InlineRunner, Latest
from tests.jobs.conftest import PACKAGES, Lab, call


def test_only_the_newest_answer_is_applied(lab: Lab) -> None:
    applied: list[int] = []
    latest = Latest(lab.runner, on_error=pytest.fail)
    for number in range(30):
        latest.ask(call("add", a=number, b=0), applied.append)
        assert latest.pending
    lab.loop.until(lambda: not latest.pending)
    assert applied == [29]
    latest.ask(call("add", a=30, b=0), applied.append)
    lab.loop.until(lambda: not latest.pending)
    assert applied == [29, 30]


def test_an_answer_that_arrived_too_late_is_not_applied(lab: Lab) -> None:
    applied: list[int] = []
    latest = Latest(lab.runner, on_error=pytest.fail)
    latest.ask(call("add", a=1, b=0), applied.append)
    lab.loop.wait_for_a_call()
    latest.ask(call("add", a=2, b=0), applied.append)
    lab.loop.until(lambda: not latest.pending)
    assert applied == [2]


def test_two_questions_do_not_disturb_each_other(lab: Lab) -> None:
    applied: list[str] = []
    first, second = Latest(lab.runner, on_error=pytest.fail), Latest(lab.runner, on_error=pytest.fail)
    first.ask(call("add", a="first", b=""), applied.append)
    second.ask(call("add", a="second", b=""), applied.append)
    lab.loop.until(lambda: not (first.pending or second.pending))
    assert applied == ["first", "second"]


def test_errors_and_events_of_the_newest_come_through(lab: Lab) -> None:
    errors: list[Exception] = []
    events: list[Any] = []
    latest = Latest(lab.runner, on_error=errors.append)
    latest.ask(call("refuse"), pytest.fail)
    latest.ask(call("refuse_after", events=2), pytest.fail, on_event=events.append)
    lab.loop.until(lambda: not latest.pending)
    assert [str(error) for error in errors] == ["Enough."]
    assert len(events) == 2


def test_dropped_questions_are_not_answered(lab: Lab) -> None:
    latest = Latest(lab.runner, on_error=pytest.fail)
    latest.ask(call("add", a=1, b=0), pytest.fail)
    latest.drop()
    assert not latest.pending
    assert lab.run(call("add", a=1, b=0)).results == [1]


def test_answer_inside_ask_may_ask_again() -> None:
    applied: list[int] = []
    latest = Latest(InlineRunner(packages=PACKAGES), on_error=pytest.fail)

    def apply(result: int) -> None:
        applied.append(result)
        if result < 3:
            latest.ask(call("add", a=result, b=1), apply)

    latest.ask(call("add", a=0, b=1), apply)
    assert applied == [1, 2, 3]
    assert not latest.pending
