"""What only the warm worker has to withstand: its process dying, its parent dying, being closed at any moment."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from hw2gui.errors import UnavailableError
from hw2gui.jobs import Job, WarmWorker, WorkerError
from hw2gui.jobs.worker import MOST_DEATHS
from tests.jobs.conftest import PACKAGES, Heard, Lab, call, posix, running, wait
from tests.jobs.functions import Counted


@posix
def test_killed_while_working(worker_lab: Lab, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    _, lost = worker_lab.submit(call("mark_and_sleep", mark=str(mark), seconds=60))
    _, queued = worker_lab.submit(call("add", a=1, b=2))
    wait(lambda: mark.exists() and mark.read_text())
    os.kill(int(mark.read_text()), signal.SIGKILL)
    worker_lab.loop.until(lambda: queued.ended)
    (error,) = lost.errors
    assert isinstance(error, UnavailableError)
    assert "was killed (SIGKILL" in str(error)
    assert queued.results == [3]  # on the new process


@posix
def test_killed_while_idle(worker_lab: Lab) -> None:
    worker_lab.run(call("nothing"))
    first = worker_lab.runner.pid
    os.kill(first, signal.SIGKILL)
    wait(lambda: worker_lab.runner.pid not in (first, None))
    assert worker_lab.run(call("add", a=1, b=2)).results == [3]


@posix
def test_exit_code_is_told(worker_lab: Lab) -> None:
    (error,) = worker_lab.run(call("end_with", code=7)).errors
    assert "ended with exit code 7" in str(error)


@posix
def test_no_crash_loop(worker_lab: Lab) -> None:
    heard = [worker_lab.submit(call("die"))[1] for _ in range(MOST_DEATHS + 2)]
    worker_lab.loop.until(lambda: all(one.ended for one in heard))
    told = [str(one.errors[0]) for one in heard]
    assert all("was killed" in sentence for sentence in told[:MOST_DEATHS])
    assert all(f"ended {MOST_DEATHS} times in a row" in sentence for sentence in told[MOST_DEATHS:])
    assert worker_lab.runner.pid is None
    (error,) = worker_lab.run(call("add", a=1, b=2)).errors
    assert isinstance(error, UnavailableError)
    assert worker_lab.runner.pid is None
    worker_lab.runner.restart()
    assert worker_lab.run(call("add", a=1, b=2)).results == [3]


@posix
def test_deaths_with_answers_between_are_forgiven(worker_lab: Lab) -> None:
    for _ in range(MOST_DEATHS + 1):
        worker_lab.run(call("die"))
        assert worker_lab.run(call("add", a=1, b=2)).results == [3]


def test_restart_stops_a_plain_function_and_keeps_the_queue(worker_lab: Lab, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    handle, stuck = worker_lab.submit(call("mark_and_sleep", mark=str(mark), seconds=60))
    _, queued = worker_lab.submit(call("add", a=1, b=2))
    wait(lambda: mark.exists() and mark.read_text())
    worker_lab.runner.restart()
    worker_lab.loop.until(lambda: queued.ended)
    assert queued.results == [3]
    assert stuck.nothing
    assert handle.state == "cancelled"
    assert not running(int(mark.read_text()))


def test_cancelled_plain_function_keeps_its_answer_to_itself(worker_lab: Lab, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    handle, heard = worker_lab.submit(call("mark_and_sleep", mark=str(mark), seconds=0.2))
    wait(mark.exists)
    handle.cancel()
    assert worker_lab.run(call("add", a=1, b=2)).results == [3]
    assert heard.nothing


@pytest.mark.parametrize("job", [call("unpicklable_result"), call("add", a=1, b=Job)])
def test_what_cannot_be_pickled_back_is_an_error(worker_lab: Lab, job: Job) -> None:
    (error,) = worker_lab.run(job).errors
    assert isinstance(error, WorkerError)
    assert error.kind == "TypeError"


def test_arguments_that_cannot_be_pickled_are_refused_at_once(worker_lab: Lab) -> None:
    with pytest.raises(TypeError, match="pickle"):
        worker_lab.submit(call("add", a=threading.Lock(), b=1))
    assert worker_lab.run(call("add", a=1, b=2)).results == [3]


def test_arguments_are_captured_when_submitted(worker_lab: Lab) -> None:
    array = np.zeros(3)
    _, heard = worker_lab.submit(call("add", a=array, b=0))
    array[:] = 1
    worker_lab.loop.until(lambda: heard.ended)
    assert heard.results[0].tolist() == [0, 0, 0]


def test_submitting_does_not_wait_for_the_pipe(worker_lab: Lab, tmp_path: Path) -> None:
    """The worker is busy and the pipe holds 64 KiB; both large jobs are taken at once all the same."""
    mark = tmp_path / "mark"
    worker_lab.submit(call("mark_and_sleep", mark=str(mark), seconds=0.3))
    big = np.zeros(1_000_000)
    heard = [worker_lab.submit(call("add", a=big, b=number))[1] for number in range(2)]
    assert all(one.nothing for one in heard)
    worker_lab.loop.until(lambda: all(one.ended for one in heard))
    assert [one.results[0][0] for one in heard] == [0, 1]


@posix
def test_interrupt_from_the_terminal_is_not_the_workers(worker_lab: Lab) -> None:
    assert worker_lab.run(call("interrupt_self")).results == ["still here"]


def test_one_process_answers_everything_and_torch_is_ready(tmp_path: Path) -> None:
    """The one test here that imports torch: one thread, normal priority for jobs, torch's errors whole."""
    loop_lab = Lab(runner := WarmWorker(packages=PACKAGES), loop=None)
    heard = [loop_lab.submit(call(name, **arguments))[1] for name, arguments in [
        ("loaded", {"modules": ["torch", "PySide6"]}), ("about_torch", {}), ("multiply_wrong_shapes", {})
    ]]  # fmt: skip
    wait(lambda: all(one.ended for one in heard), seconds=120)
    runner.close()
    assert heard[0].results == [["torch"]]
    assert heard[1].results == [(1, os.getpriority(os.PRIO_PROCESS, 0))]
    (error,) = heard[2].errors
    assert (error.kind, "shapes cannot be multiplied" in error.message) == ("RuntimeError", True)


def test_warming_up_survives_a_module_that_is_not_there() -> None:
    lab = Lab(runner := WarmWorker(packages=PACKAGES, warm=("no_such_module", "colorsys")), loop=None)
    _, heard = lab.submit(call("loaded", modules=["no_such_module", "colorsys"]))
    wait(lambda: heard.ended)
    runner.close()
    assert heard.results == [["colorsys"]]


def test_without_a_loop_callbacks_come_on_the_listening_thread() -> None:
    seen: list[tuple[str, object]] = []
    with_threads = WarmWorker(packages=PACKAGES, warm=())
    with_threads.submit(
        call("count", to=2),
        on_event=lambda event: seen.append((threading.current_thread().name, event)),
        on_done=lambda result: seen.append((threading.current_thread().name, result)),
        on_error=pytest.fail,
    )
    wait(lambda: len(seen) == 3)
    with_threads.close()
    assert seen == [("worker answers", Counted(0)), ("worker answers", Counted(1)), ("worker answers", 1)]


def test_cancel_waits_for_the_callback_under_way() -> None:
    """After cancel has returned no callback begins, also without a loop."""
    runner = WarmWorker(packages=PACKAGES, warm=())
    begun, log = threading.Event(), []

    def slow(event: Counted) -> None:
        begun.set()
        time.sleep(0.1)
        log.append(event.number)

    handle = runner.submit(call("count", to=1000), on_event=slow, on_done=log.append, on_error=log.append)
    begun.wait(30)
    handle.cancel()
    at_return = list(log)
    assert at_return  # the one under way has finished
    answered = Heard()
    runner.submit(call("nothing"), on_done=answered.results.append, on_error=pytest.fail)
    wait(lambda: answered.ended)
    runner.close()
    assert log == at_return


def test_failing_callback_goes_to_the_thread_hook_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    caught: list[BaseException] = []
    monkeypatch.setattr(threading, "excepthook", lambda hook: caught.append(hook.exc_value))
    runner = WarmWorker(packages=PACKAGES, warm=())
    heard = Heard(then=lambda event: 1 / event.number)
    runner.submit(call("count", to=3), on_event=heard.event, on_done=heard.results.append, on_error=heard.errors.append)
    wait(lambda: heard.ended)
    runner.close()
    assert [type(error) for error in caught] == [ZeroDivisionError]
    assert (len(heard.events), heard.results) == (3, [3])


@pytest.mark.parametrize("moment", ["never started", "just started", "idle", "computing", "receiving"])
def test_close_leaves_no_process_and_no_thread(moment: str, tmp_path: Path) -> None:
    threads, children = set(threading.enumerate()), set(multiprocessing.active_children())
    lab = Lab(runner := WarmWorker(packages=PACKAGES, warm=()), loop=None)
    mark = tmp_path / "mark"
    if moment != "never started":
        runner.start()
        runner.start()
    if moment == "idle":
        _, heard = lab.submit(call("nothing"))
        wait(lambda: heard.ended)
    elif moment == "computing":
        lab.submit(call("mark_and_sleep", mark=str(mark), seconds=60))
        wait(mark.exists)
    elif moment == "receiving":
        # The pipe is full and the writer waits.
        lab.submit(call("mark_and_sleep", mark=str(mark), seconds=60))
        lab.submit(call("add", a=np.zeros(4_000_000), b=1))
        wait(mark.exists)
    pid = runner.pid
    begin = time.monotonic()
    runner.close()
    assert time.monotonic() - begin < 10  # no minute of sleeping was waited for
    assert pid is None or not running(pid)
    assert runner.pid is None
    assert set(threading.enumerate()) == threads
    assert set(multiprocessing.active_children()) == children


def test_closed_before_it_was_started_stays_closed() -> None:
    runner = WarmWorker()
    runner.close()
    runner.start()
    assert runner.pid is None


def test_close_from_a_callback() -> None:
    runner = WarmWorker(packages=PACKAGES, warm=())
    closed = threading.Event()

    def close(result: object) -> None:
        runner.close()
        closed.set()

    threads = set(threading.enumerate())
    runner.submit(call("nothing"), on_done=close, on_error=pytest.fail)
    assert closed.wait(30)
    wait(lambda: set(threading.enumerate()) <= threads)
    assert runner.pid is None


PARENT = textwrap.dedent("""
    import pathlib, sys, time
    from hw2gui.jobs import Job, WarmWorker
    if __name__ == "__main__":
        worker = WarmWorker(packages=("hw2gui", "tests"), warm=())
        worker.submit(Job("tests.jobs.functions:mark_and_sleep", {"mark": sys.argv[1], "seconds": 60}), on_done=print, on_error=print)
        if sys.argv[2] == "killed":
            time.sleep(60)
        while not pathlib.Path(sys.argv[1]).exists():
            time.sleep(0.01)
""")


@posix
@pytest.mark.parametrize("end", ["killed", "without closing"])
def test_worker_ends_with_its_parent_even_in_the_midst_of_a_job(end: str, tmp_path: Path) -> None:
    script, mark = tmp_path / "parent.py", tmp_path / "mark"
    script.write_text(PARENT)
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, str(script), str(mark), end], env={**os.environ, "PYTHONPATH": str(root)}, stderr=subprocess.PIPE
    ) as parent:
        wait(lambda: mark.exists() and mark.read_text())
        worker = int(mark.read_text())
        if end == "killed":
            assert running(worker)
            parent.kill()
        _, complaint = parent.communicate(timeout=30)
    wait(lambda: not running(worker), seconds=10)
    assert complaint == b""
