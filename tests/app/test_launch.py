"""The program as the user starts it: processes of its own, ended by signals, crashes and errors."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from psygnal import EmitLoopError, Signal

from hw2gui.app.launch import INTERRUPTED, ExceptionHook
from hw2gui.errors import InputError
from tests.app.conftest import ROOT

RUN = (sys.executable, "-m", "hw2gui")

STARTS_AND_SAYS_SO = """
import sys
from PySide6.QtCore import QTimer
from hw2gui.app import launch, main_window

class Window(main_window.MainWindow):
    def __init__(self, *arguments, **options):
        from tests.app.demo import TABS, quick_worker
        super().__init__(*arguments, **options, tabs=TABS, make_worker=quick_worker)
        launch.test_window = self

    def showEvent(self, event):
        super().showEvent(event)
        QTimer.singleShot(0, self, self.say)

    def say(self):
        store = self.document.stores["demo"]
        print("open", store.state.size, self.messages.text, flush=True)
        {then}
        print("done", flush=True)

launch.MainWindow = Window
sys.exit(launch.run())
"""


def environment(home: Path, **changes: str) -> dict[str, str]:
    return {**os.environ, "HW2GUI_HOME": str(home), "QT_QPA_PLATFORM": "offscreen", **changes}


class Started:
    """A program in its own process."""

    def __init__(self, home: Path, then: str = "pass") -> None:
        code = STARTS_AND_SAYS_SO.replace("{then}", then)
        self.process = subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.said = self.read()

    def read(self) -> str:
        """The next line it says."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def end(self) -> tuple[int, str]:
        """Wait for its end; its exit code and what it wrote to stderr."""
        _, errors = self.process.communicate(timeout=30)
        return self.process.returncode, errors


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., Started]]:
    running: list[Started] = []

    def make(then: str = "pass") -> Started:
        running.append(Started(home, then))
        return running[-1]

    yield make
    for program in running:
        program.process.kill()
        program.process.communicate()


def hw2gui(home: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*RUN, *arguments], cwd=ROOT, env=environment(home, **changes), capture_output=True, text=True, timeout=60, check=False
    )


# -- signals ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, INTERRUPTED), (signal.SIGTERM, 0)])
def test_a_signal_ends_the_program_as_closing_its_window_does(start: Callable[..., Started], home: Path, number: int, code: int) -> None:
    program = start('store.change("Size", size=6)')
    assert (program.said, program.read()) == ("open 1", "done")
    program.process.send_signal(number)
    assert program.end() == (code, "")
    sessions = home / "data" / "sessions"
    assert json.loads((sessions / "last.json").read_text())["states"]["demo"]["size"] == 6
    assert not list(sessions.glob("slot-*.json")) and not list(sessions.glob("*.starts"))


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_what_was_on_screen_is_back_after_the_program_was_killed(start: Callable[..., Started], home: Path) -> None:
    program = start('store.change("Size", size=6)')
    slot = home / "data" / "sessions" / "slot-0.json"
    end = time.monotonic() + 30
    while not slot.exists():
        assert time.monotonic() < end, "nothing was written"
        time.sleep(0.02)
    os.kill(program.process.pid, signal.SIGKILL)
    assert program.end()[0] == -signal.SIGKILL
    again = start()
    assert again.said.startswith("open 6 The program ended unexpectedly last time")


def test_what_the_window_is_made_of_is_searched_for_garbage_no_more(start: Callable[..., Started]) -> None:
    program = start(
        "import gc; from hw2gui.app import preload; preload.BREATH_S = 0; "
        'self.pages.all_made.connect(lambda: print("set aside", gc.get_freeze_count() > 10_000, flush=True))'
    )
    assert (program.said, program.read(), program.read()) == ("open 1", "done", "set aside True")
    program.process.terminate()
    assert program.end() == (0, "")


def test_two_programs_at_once(start: Callable[..., Started]) -> None:
    one, two = start('store.change("Size", size=6)'), start('store.change("Size", size=7)')
    assert one.said == two.said == "open 1"
    for program in (two, one):
        assert program.read() == "done"
        program.process.terminate()
        assert program.end() == (0, "")
    assert start().said == "open 6"  # of the one closed last


def test_an_error_in_the_window_is_logged_whole_and_the_window_stays(start: Callable[..., Started], home: Path) -> None:
    program = start('QTimer.singleShot(500, self.close); raise RuntimeError("broken view")')
    assert program.end() == (0, "")
    log = (home / "logs" / "hw2gui.log").read_text()
    assert "broken view" in log and "Traceback" in log and 'raise RuntimeError("broken view")' not in log.splitlines()[0]


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_crash_of_a_library_leaves_a_traceback_in_the_log(start: Callable[..., Started], home: Path) -> None:
    program = start("import faulthandler; faulthandler._sigsegv()")
    assert program.end()[0] == -signal.SIGSEGV
    log = (home / "logs" / "hw2gui.log").read_text()
    assert "Segmentation fault" in log and "in say" in log


# -- wrong use --------------------------------------------------------------------------------------------------------------------


def test_a_bad_session_is_refused_before_the_window_opens(home: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.hw2"
    bad.write_text('{"format": "hw2gui session", "version": 1, "states": {"convolution": {"stride": "two"}}}')
    answer = hw2gui(home, "--session", str(bad))
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr == "hw2gui: convolution.stride should be a whole number, not 'two': it is damaged; open another file.\n"
    alone = hw2gui(home, str(bad))  # as a file manager gives it
    assert (alone.returncode, alone.stderr) == (2, answer.stderr)


def test_a_missing_session_and_an_unknown_tab_are_wrong_use(home: Path, tmp_path: Path) -> None:
    missing = tmp_path / "none.hw2"
    answer = hw2gui(home, "--session", str(missing))
    assert (answer.returncode, answer.stderr) == (2, f"hw2gui: {missing} does not exist: open a session file.\n")
    answer = hw2gui(home, "--tab", "nowhere")
    assert answer.returncode == 2 and answer.stderr.startswith("hw2gui: There is no tab 'nowhere': use one of convolution")


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a screen there")
def test_without_a_screen_it_says_so(home: Path) -> None:
    answer = hw2gui(home, QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY="")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == ("hw2gui: There is no screen to open a window on: use 'hw2gui tour --out DIR' for pictures, or set DISPLAY.\n")


# -- the first paint --------------------------------------------------------------------------------------------------------------

PAINTS_ONCE = """
import sys
from hw2gui.app.appearance import Appearance
from hw2gui.app.main_window import MainWindow, application
from hw2gui.app.settings import Settings
app = application()
window = MainWindow(Appearance(app, "light"), Settings(), remember=False)
window.show()
app.processEvents()
print(sorted(name for name in ("torch", "pyqtgraph", "matplotlib", "scipy", "PIL", "pandas") if name in sys.modules))
print(window.grab().toImage().width())
window.close()
"""


def test_the_first_paint_waits_for_no_large_library(home: Path) -> None:
    command = [sys.executable, "-c", PAINTS_ONCE]
    answer = subprocess.run(command, cwd=ROOT, env=environment(home), capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split("\n")[:2] == ["[]", "1280"]


# -- the exception hook -----------------------------------------------------------------------------------------------------------


class Caught:
    def __init__(self) -> None:
        self.shown: list[str] = []
        self.hook = ExceptionHook(self.shown.append)

    def handle(self, error: BaseException) -> None:
        self.hook.handle(type(error), error, error.__traceback__)


@pytest.fixture
def caught(caplog: pytest.LogCaptureFixture) -> Caught:
    caplog.set_level(logging.INFO)
    return Caught()


def raised(make: Callable[[], Any]) -> BaseException:
    try:
        make()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def test_an_unexpected_error_is_shown_with_the_logs_path(caught: Caught, caplog: pytest.LogCaptureFixture, home: Path) -> None:
    caught.handle(raised(lambda: 1 / 0))
    assert caught.shown == [
        f"Something went wrong in the program (ZeroDivisionError); your work is kept. Details: {home / 'logs' / 'hw2gui.log'}"
    ]
    assert "division by zero" in caplog.text and "Traceback" in caplog.text


def test_what_the_user_can_mend_is_shown_as_it_is_also_out_of_a_listener(caught: Caught, caplog: pytest.LogCaptureFixture) -> None:
    class Holder:
        changed = Signal(int)

    holder = Holder()

    def refuse(_: int) -> None:
        raise InputError("The size is negative: use 0 or more.")

    holder.changed.connect(refuse)
    wrapped = raised(lambda: holder.changed.emit(1))
    assert isinstance(wrapped, EmitLoopError)
    caught.handle(wrapped)
    caught.handle(InputError("Another."))
    assert caught.shown == ["The size is negative: use 0 or more.", "Another."] and caplog.text == ""


def test_an_error_that_comes_with_every_frame_is_logged_once(caught: Caught, caplog: pytest.LogCaptureFixture) -> None:
    def paint() -> None:
        raise KeyError("colour")

    for _ in range(50):
        caught.handle(raised(paint))
    assert len(caught.shown) == 1 and len(caplog.records) == 1
    caught.handle(raised(lambda: 1 / 0))
    caught.handle(raised(paint))
    assert len(caught.shown) == 3


def test_the_hook_itself_never_raises(capsys: pytest.CaptureFixture[str]) -> None:
    def gone(_: str) -> None:
        raise RuntimeError("the window is already deleted")

    error = raised(lambda: 1 / 0)
    ExceptionHook(gone).handle(type(error), error, error.__traceback__)
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_errors_of_threads_come_to_the_hook_as_well(caught: Caught) -> None:
    caught.hook.install()
    try:
        assert sys.excepthook == caught.hook.handle
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
    finally:
        caught.hook.remove()
    assert sys.excepthook is sys.__excepthook__ and threading.excepthook is threading.__excepthook__
    assert len(caught.shown) == 1 and "ZeroDivisionError" in caught.shown[0]
