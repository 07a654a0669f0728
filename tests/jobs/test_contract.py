"""What every way of running a job promises."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from hw2gui.errors import InputError
from hw2gui.jobs import Job, WorkerError
from tests.jobs.conftest import Heard, Lab, call
from tests.jobs.functions import Counted, DetailedError, Told


def test_plain_function_gives_its_result(lab: Lab) -> None:
    heard = lab.run(call("add", a=2, b=3))
    assert (heard.events, heard.results, heard.errors) == ([], [5], [])


def test_result_none_is_delivered(lab: Lab) -> None:
    assert lab.run(call("nothing")).results == [None]


def test_generator_gives_events_in_order_then_its_result(lab: Lab) -> None:
    handle, heard = lab.submit(call("count", to=200))
    assert handle.active
    assert heard.nothing  # never inside submit, where a loop delivers
    lab.loop.until(lambda: heard.ended)
    assert heard.events == [Counted(number) for number in range(200)]
    assert heard.results == [19900]
    assert handle.state == "done"


def test_jobs_run_in_the_order_submitted(lab: Lab) -> None:
    order: list[int] = []
    for number in range(20):
        lab.runner.submit(call("add", a=number, b=0), on_done=order.append, on_error=pytest.fail)
    lab.loop.until(lambda: len(order) == 20)
    assert order == list(range(20))


def test_user_error_comes_back_as_itself(lab: Lab) -> None:
    handle, heard = lab.submit(call("refuse"))
    lab.loop.until(lambda: heard.ended)
    (error,) = heard.errors
    assert type(error) is DetailedError
    assert (str(error), error.position) == ("The kernel is larger than the image.", 7)
    assert handle.state == "failed"


def test_user_error_that_cannot_be_pickled_keeps_its_kind_and_sentence(lab: Lab) -> None:
    (error,) = lab.run(call("refuse_unpicklably")).errors
    assert isinstance(error, InputError)
    assert str(error) == "The lock is stuck."


def test_runtime_error_is_not_swallowed(lab: Lab) -> None:
    (error,) = lab.run(call("break_down")).errors
    assert isinstance(error, WorkerError)
    assert (error.kind, error.message) == ("RuntimeError", "mat1 and mat2 shapes cannot be multiplied")
    assert str(error) == "RuntimeError: mat1 and mat2 shapes cannot be multiplied"
    assert "in break_down" in error.traceback
    assert error.traceback.startswith("Traceback (most recent call last)")


def test_error_in_a_generator_comes_after_its_events(lab: Lab) -> None:
    heard = lab.run(call("break_down_after", events=3))
    assert heard.events == [Counted(0), Counted(1), Counted(2)]
    assert [(error.kind, error.message) for error in heard.errors] == [("RuntimeError", "shapes cannot be multiplied")]
    heard = lab.run(call("refuse_after", events=1))
    assert [type(error) for error in heard.errors] == [InputError]


def test_exit_is_a_failure_and_ends_nothing(lab: Lab) -> None:
    (error,) = lab.run(call("leave")).errors
    assert isinstance(error, WorkerError)
    assert error.kind == "SystemExit"
    assert lab.run(call("add", a=1, b=1)).results == [2]


@pytest.mark.parametrize("name", ["no_such_function", "np"])
def test_unknown_name_is_an_error(lab: Lab, name: str) -> None:
    (error,) = lab.run(call(name)).errors
    assert isinstance(error, WorkerError)


def test_wrong_arguments_are_an_error(lab: Lab) -> None:
    (error,) = lab.run(call("add", a=1)).errors
    assert isinstance(error, WorkerError)
    assert error.kind == "TypeError"


@pytest.mark.parametrize("name", ["yield_changeable", "yield_number"])
def test_events_are_frozen_dataclasses(lab: Lab, name: str) -> None:
    heard = lab.run(call(name))
    assert heard.events == []
    assert [error.kind for error in heard.errors] == ["TypeError"]
    assert "frozen dataclass" in heard.errors[0].message


@pytest.mark.parametrize(
    "function", ["os:system", "subprocess:run", "hw2guix.jobs:f", "hw2gui.files", "hw2gui.files:os.system", "hw2gui.files:", ":f"]
)
def test_function_outside_the_package_is_refused_at_once(lab: Lab, function: str) -> None:
    with pytest.raises(ValueError, match="a job is named"):
        lab.submit(Job(function))


@pytest.mark.parametrize("function", ["hw2gui.files:contextmanager", "hw2gui.files:Any", "hw2gui.files:json"])
def test_what_a_module_imports_is_no_job(lab: Lab, function: str) -> None:
    (error,) = lab.run(Job(function)).errors
    assert isinstance(error, WorkerError)
    assert "not a function defined inside" in error.message


def test_large_arrays_go_there_and_back(lab: Lab) -> None:
    heard = lab.run(call("pictures", sides=[3, 1500]))
    assert [event.pixels.shape for event in heard.events] == [(3, 3), (1500, 1500)]
    assert (heard.events[1].pixels == 1500).all()
    assert heard.results[0][-1, -1] == 1500**2 - 1
    big = np.arange(3_000_000, dtype=np.float64)
    (total,) = lab.run(call("add", a=big, b=big)).results
    np.testing.assert_array_equal(total, 2 * big)
    total[0] = 1  # it is the receiver's own


def test_cancel_between_events_closes_the_generator(lab: Lab, tmp_path) -> None:
    log = tmp_path / "log"
    heard = Heard(then=lambda event: handle.cancel() if event.number == 2 else None)
    handle, _ = lab.submit(call("count", to=1_000_000, log=str(log)), heard)
    lab.loop.until(log.exists)
    # The next job answers, so the cancelled one has ended and would have delivered whatever it could.
    assert lab.run(call("add", a=1, b=1)).results == [2]
    assert heard.events == [Counted(0), Counted(1), Counted(2)]
    assert not heard.ended
    assert handle.state == "cancelled"
    assert log.read_text() == "closed"


def test_cancelled_while_queued_never_runs(lab: Lab, tmp_path) -> None:
    lab.submit(call("count", to=3))
    mark = tmp_path / "mark"
    handle, heard = lab.submit(call("mark_and_sleep", mark=str(mark), seconds=0))
    handle.cancel()
    assert lab.run(call("add", a=1, b=1)).results == [2]
    assert heard.nothing
    assert not mark.exists()


def test_cancel_after_the_end_changes_nothing(lab: Lab) -> None:
    handle, heard = lab.submit(call("add", a=1, b=1))
    lab.loop.until(lambda: heard.ended)
    handle.cancel()
    assert handle.state == "done"


def test_cancelled_handle_ignores_what_was_on_its_way(lab: Lab) -> None:
    """The answer has been handed to the loop already; cancelling before the loop turns still keeps it away."""
    handle, heard = lab.submit(call("add", a=1, b=1))
    lab.loop.wait_for_a_call()
    handle.cancel()
    assert lab.run(call("add", a=1, b=1)).results == [2]
    assert heard.nothing


def test_newer_job_replaces_queued_and_running_ones_of_its_key(lab: Lab, tmp_path) -> None:
    log = tmp_path / "log"
    started: list[Counted] = []
    running, running_heard = lab.submit(call("count", to=1_000_000, pause=0.001, log=str(log)), Heard(then=started.append), replaces="key")
    queued, queued_heard = lab.submit(call("add", a=1, b=0), replaces="other")
    stale, stale_heard = lab.submit(call("add", a=2, b=0), replaces="key")
    newest, newest_heard = lab.submit(call("add", a=3, b=0), replaces="key")
    lab.loop.until(lambda: newest_heard.ended)
    assert (running.state, stale.state) == ("cancelled", "cancelled")
    assert (queued.state, newest.state) == ("done", "done")
    assert (queued_heard.results, newest_heard.results) == ([1], [3])
    assert stale_heard.nothing
    assert not running_heard.ended
    assert started == running_heard.events


def test_a_callback_may_submit(lab: Lab) -> None:
    results: list[int] = []

    def again(result: int) -> None:
        results.append(result)
        if result < 5:
            lab.runner.submit(call("add", a=result, b=1), on_done=again, on_error=pytest.fail)

    again(0)
    lab.loop.until(lambda: results[-1] == 5)
    assert results == [0, 1, 2, 3, 4, 5]


def test_commands_reach_the_job_in_order(lab: Lab) -> None:
    def answer(event: Told) -> None:
        if event.command == "listening":
            for command in ("first", 2, Counted(3), "stop"):
                handle.send(command)

    handle, heard = lab.submit(call("repeat"), Heard(then=answer))
    lab.loop.until(lambda: heard.ended)
    assert [event.command for event in heard.events] == ["listening", "first", 2, Counted(3)]
    assert heard.results == ["stopped"]
    handle.send("anybody there?")  # nobody is, and that is no error


def test_commands_sent_before_the_job_runs_wait_for_it(lab: Lab, tmp_path) -> None:
    lab.submit(call("count", to=3))
    handle, heard = lab.submit(call("told_at_the_start", log=str(tmp_path / "log")))
    handle.send("early")
    handle.send("early too")
    lab.loop.until(lambda: heard.ended)
    assert heard.results == ["early"]


def test_polling_finds_a_command_or_none(lab: Lab) -> None:
    heard = Heard(then=lambda event: handle.send("enough") if event.number == 2 else None)
    handle, _ = lab.submit(call("count_until_told"), heard)
    lab.loop.until(lambda: heard.ended)
    assert heard.results == [("enough", None, None)]
    assert heard.events[:3] == [Counted(0), Counted(1), Counted(2)]


def test_commands_are_for_one_job_only(lab: Lab, tmp_path) -> None:
    first, first_heard = lab.submit(call("told_at_the_start", log=str(tmp_path / "log")))
    second, second_heard = lab.submit(call("told_at_the_start", log=str(tmp_path / "log")))
    second.send("second")
    first.send("first")
    lab.loop.until(lambda: second_heard.ended)
    assert (first_heard.results, second_heard.results) == (["first"], ["second"])


def test_command_that_cannot_be_pickled_is_refused_at_once(lab: Lab) -> None:
    handle, heard = lab.submit(call("repeat"))
    with pytest.raises(TypeError, match="pickle"):
        handle.send(threading.Lock())
    handle.send("stop")
    lab.loop.until(lambda: heard.ended)
    assert heard.results == ["stopped"]


def test_cancel_wakes_a_job_that_waits(lab: Lab) -> None:
    handle, heard = lab.submit(call("repeat"), Heard(then=lambda _: handle.cancel()))
    lab.loop.until(lambda: handle.over)
    assert lab.run(call("add", a=1, b=1)).results == [2]
    assert heard.events == [Told("listening")]
    assert not heard.ended


def test_over_is_when_nothing_of_the_job_runs(lab: Lab, tmp_path) -> None:
    log = tmp_path / "log"
    handle, heard = lab.submit(call("count", to=3, log=str(log)))
    assert not handle.over
    lab.loop.until(lambda: heard.ended)
    assert handle.over
    assert handle.join(0)
    log.unlink()
    cancelled, heard = lab.submit(call("count", to=1_000_000, pause=0.001, log=str(log)), Heard(then=lambda _: cancelled.cancel()))
    queued, _ = lab.submit(call("count", to=3))
    queued.cancel()
    assert queued.join(0)
    lab.loop.until(lambda: cancelled.over)
    assert log.read_text() == "closed"
    (error,) = lab.run(call("refuse")).errors
    assert isinstance(error, InputError)


def test_closing_cancels_everything_and_admits_nothing_more(lab: Lab) -> None:
    handles = [lab.submit(call("count", to=1000, pause=0.01))[0] for _ in range(3)]
    lab.runner.close()
    lab.runner.close()
    assert {handle.state for handle in handles} == {"cancelled"}
    while not lab.loop.calls.empty():
        lab.loop.turn()
    with pytest.raises(RuntimeError, match="closed"):
        lab.submit(call("nothing"))
