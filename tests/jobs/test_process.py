"""What only the runner with a process for each job has to withstand."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hw2gui.errors import UnavailableError
from hw2gui.jobs import Job, ProcessRunner, WorkerError
from hw2gui.jobs.process import _Mail
from tests.jobs.conftest import PACKAGES, Heard, Lab, Loop, call, posix, running, wait
from tests.jobs.functions import Counted


def test_as_many_side_by_side_as_allowed(process_lab: Lab, tmp_path: Path) -> None:
    """Two jobs wait for each other to have started; the third starts when one of them has ended."""
    first, first_heard = process_lab.submit(call("repeat"))
    second, second_heard = process_lab.submit(call("repeat"))
    third, third_heard = process_lab.submit(call("repeat"))
    process_lab.loop.until(lambda: first_heard.events and second_heard.events)
    assert len(set(process_lab.runner.pids)) == 2
    assert third_heard.nothing
    second.send("stop")
    process_lab.loop.until(lambda: third_heard.events)
    assert second_heard.results == ["stopped"]
    assert not first_heard.ended
    for handle in (first, third):
        handle.send("stop")
    process_lab.loop.until(lambda: first_heard.ended and third_heard.ended)


def test_no_process_is_no_runner() -> None:
    with pytest.raises(ValueError, match="at least one"):
        ProcessRunner(most=0)


@posix
@pytest.mark.parametrize("moment", ["starting", "computing"])
def test_cancel_kills_a_plain_function_and_all_it_started(process_lab: Lab, tmp_path: Path, moment: str) -> None:
    mark = tmp_path / "mark"
    handle, heard = process_lab.submit(call("mark_and_bear", mark=str(mark)))
    pids: list[int] = []
    if moment == "computing":
        wait(mark.exists)
        pids = [int(pid) for pid in mark.read_text().split()]
        assert all(map(running, pids))
    handle.cancel()
    assert handle.join(30)
    assert process_lab.runner.pids == ()
    wait(lambda: not any(map(running, pids)))
    assert heard.nothing
    assert process_lab.run(call("add", a=1, b=1)).results == [2]


def test_cancelled_generator_closes_itself_first(process_lab: Lab, tmp_path: Path) -> None:
    log = tmp_path / "log"
    handle, _ = process_lab.submit(call("count", to=10**9, log=str(log)), Heard(then=lambda _: handle.cancel()))
    process_lab.loop.until(lambda: handle.over)
    assert log.read_text() == "closed"


@posix
def test_what_a_job_leaves_behind_ends_with_it(process_lab: Lab, tmp_path: Path) -> None:
    (pid,) = process_lab.run(call("bear", mark=str(tmp_path))).results
    wait(lambda: not running(pid))


@posix
def test_killed_while_working(process_lab: Lab, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    _, lost = process_lab.submit(call("mark_and_sleep", mark=str(mark), seconds=60))
    other, other_heard = process_lab.submit(call("repeat"))
    wait(lambda: mark.exists() and mark.read_text())
    os.kill(int(mark.read_text()), signal.SIGKILL)
    process_lab.loop.until(lambda: lost.ended)
    (error,) = lost.errors
    assert isinstance(error, UnavailableError)
    assert "was killed (SIGKILL" in str(error)
    other.send("stop")
    process_lab.loop.until(lambda: other_heard.ended)
    assert other_heard.results == ["stopped"]


@posix
def test_exit_code_is_told(process_lab: Lab) -> None:
    (error,) = process_lab.run(call("end_with", code=7)).errors
    assert "ended with exit code 7" in str(error)


@pytest.mark.parametrize("job", [call("unpicklable_result"), call("add", a=1, b=Job)])
def test_what_cannot_be_pickled_back_is_an_error(process_lab: Lab, job: Job) -> None:
    (error,) = process_lab.run(job).errors
    assert isinstance(error, WorkerError)
    assert error.kind == "TypeError"


def test_arguments_are_captured_when_submitted(process_lab: Lab) -> None:
    array = np.zeros(3)
    _, heard = process_lab.submit(call("add", a=array, b=0))
    array[:] = 1
    process_lab.loop.until(lambda: heard.ended)
    assert heard.results[0].tolist() == [0, 0, 0]
    with pytest.raises(TypeError, match="pickle"):
        process_lab.submit(call("add", a=threading.Lock(), b=1))


def test_process_that_cannot_be_started_is_told(process_lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr("hw2gui.jobs.process.spawn", refuse)
    (error,) = process_lab.run(call("nothing")).errors
    assert isinstance(error, UnavailableError)
    assert "Cannot allocate memory" in str(error)
    monkeypatch.undo()
    assert process_lab.run(call("add", a=1, b=1)).results == [2]


def test_a_job_does_not_wait_for_a_busy_receiver(process_lab: Lab, tmp_path: Path) -> None:
    """The loop does not turn while the job sends what is many times what the pipe holds; then everything comes, in few calls."""
    mark = tmp_path / "mark"
    _, heard = process_lab.submit(call("flood", events=20_000, mark=str(mark)))
    wait(mark.exists)
    assert heard.nothing
    assert process_lab.loop.calls.qsize() == 1
    process_lab.loop.until(lambda: heard.ended)
    assert heard.events == [Counted(number) for number in range(20_000)]


@posix
def test_surroundings_are_as_asked_for() -> None:
    lab = Lab(runner := ProcessRunner(packages=PACKAGES, threads=2, niceness=3), loop=None)
    _, heard = lab.submit(call("surroundings"))
    _, after = lab.submit(call("interrupt_self"))
    wait(lambda: after.ended)
    runner.close()
    assert heard.results == [("2", os.getpriority(os.PRIO_PROCESS, 0) + 3, True)]
    assert after.results == ["still here"]


def test_failing_callback_goes_to_the_thread_hook_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    caught: list[BaseException] = []
    monkeypatch.setattr(threading, "excepthook", lambda hook: caught.append(hook.exc_value))
    runner = ProcessRunner(packages=PACKAGES)
    heard = Heard(then=lambda event: 1 / event.number)
    runner.submit(call("count", to=3), on_event=heard.event, on_done=heard.results.append, on_error=heard.errors.append)
    wait(lambda: heard.ended)
    runner.close()
    assert [type(error) for error in caught] == [ZeroDivisionError]
    assert (len(heard.events), heard.results) == (3, [3])


@pytest.mark.parametrize("moment", ["never used", "starting", "computing", "receiving", "done"])
def test_close_leaves_no_process_and_no_thread(moment: str, tmp_path: Path) -> None:
    threads, children = set(threading.enumerate()), set(multiprocessing.active_children())
    lab = Lab(runner := ProcessRunner(packages=PACKAGES, most=3), loop=None)
    mark = tmp_path / "mark"
    if moment == "done":
        _, heard = lab.submit(call("nothing"))
        wait(lambda: heard.ended)
    elif moment != "never used":
        for _ in range(5):
            lab.submit(call("mark_and_sleep", mark=str(mark), seconds=60))
    if moment in ("computing", "receiving"):
        wait(mark.exists)
    if moment == "receiving":
        lab.submit(call("add", a=np.zeros(4_000_000), b=1))
    begin = time.monotonic()
    runner.close()
    assert time.monotonic() - begin < 10  # no minute of sleeping was waited for
    assert runner.pids == ()
    assert set(threading.enumerate()) <= threads
    assert set(multiprocessing.active_children()) == children


def test_close_from_a_callback() -> None:
    runner = ProcessRunner(packages=PACKAGES)
    closed = threading.Event()

    def close(event: object) -> None:
        runner.close()
        closed.set()

    threads = set(threading.enumerate())
    handle = runner.submit(call("count", to=10**9), on_event=close, on_done=pytest.fail, on_error=pytest.fail)
    assert closed.wait(30)
    assert handle.join(30)
    wait(lambda: set(threading.enumerate()) <= threads)


PARENT = textwrap.dedent("""
    import pathlib, sys, time
    from hw2gui.jobs import Job, ProcessRunner
    if __name__ == "__main__":
        runner = ProcessRunner(packages=("hw2gui", "tests"))
        runner.submit(Job("tests.jobs.functions:mark_and_bear", {"mark": sys.argv[1]}), on_done=print, on_error=print)
        if sys.argv[2] == "killed":
            time.sleep(60)
        while not pathlib.Path(sys.argv[1]).exists():
            time.sleep(0.01)
""")


@posix
@pytest.mark.parametrize("end", ["killed", "without closing"])
def test_processes_end_with_their_parent_even_in_the_midst_of_a_job(end: str, tmp_path: Path) -> None:
    script, mark = tmp_path / "parent.py", tmp_path / "mark"
    script.write_text(PARENT)
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, str(script), str(mark), end], env={**os.environ, "PYTHONPATH": str(root)}, stderr=subprocess.PIPE
    ) as parent:
        wait(mark.exists)
        pids = [int(pid) for pid in mark.read_text().split()]
        if end == "killed":
            assert all(map(running, pids))
            parent.kill()
        _, complaint = parent.communicate(timeout=30)
    wait(lambda: not any(map(running, pids)), seconds=10)
    assert complaint == b""


def test_mail_joins_what_is_waiting_and_gives_the_receiver_room() -> None:
    handed: list[Callable[[], None]] = []
    mail, made = _Mail(handed.append), []

    def feed() -> None:
        made.append("feed")
        mail.post(lambda: made.append("fed"))

    mail.post(feed)
    mail.post(lambda: made.append("second"))
    assert len(handed) == 1
    handed.pop()()
    # What came while calls were being made is for the next turn.
    assert made == ["feed", "second"]
    assert len(handed) == 1
    handed.pop()()
    assert made == ["feed", "second", "fed"]
    assert handed == []


def test_mail_survives_a_call_that_fails() -> None:
    handed: list[Callable[[], None]] = []
    mail, made = _Mail(handed.append), []
    mail.post(lambda: 1 / 0)
    mail.post(lambda: made.append("second"))
    with pytest.raises(ZeroDivisionError):
        handed.pop()()
    handed.pop()()
    assert made == ["second"]
    mail.post(lambda: made.append("third"))
    handed.pop()()
    assert made == ["second", "third"]


def test_a_kept_process_takes_the_next_job_until_one_fails_or_is_cancelled() -> None:
    loop = Loop()
    runner = ProcessRunner(loop.deliver, packages=PACKAGES, kept=True)
    lab = Lab(runner, loop)

    def after(job: Job) -> tuple[int, ...]:
        lab.run(job)
        return runner.pids

    first = after(call("add", a=1, b=2))
    assert len(first) == 1 and after(call("count", to=3)) == first
    assert after(call("refuse")) == ()  # who knows what it left behind
    second = after(call("add", a=1, b=2))
    assert len(second) == 1 and second != first
    handle, heard = lab.submit(call("repeat"))
    lab.loop.until(lambda: bool(heard.events))
    assert runner.pids == second
    handle.cancel()
    assert handle.join(30) and runner.pids == ()
    after(call("add", a=1, b=2))
    (pid,) = runner.pids
    runner.close()
    assert runner.pids == () and not running(pid)


@posix
def test_a_kept_process_that_died_meanwhile_is_replaced() -> None:
    loop = Loop()
    runner = ProcessRunner(loop.deliver, packages=PACKAGES, kept=True)
    lab = Lab(runner, loop)
    assert lab.run(call("add", a=1, b=2)).results == [3]
    (pid,) = runner.pids
    os.kill(pid, signal.SIGKILL)
    wait(runner._idle[0].answers.poll)
    assert lab.run(call("add", a=1, b=2)).results == [3]
    runner.close()
