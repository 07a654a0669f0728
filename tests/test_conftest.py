"""The fixtures every test relies on are tested themselves: in a pytest of their own, on tests that misbehave on purpose."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hw2gui import paths

ROOT = Path(__file__).parents[1]

MISBEHAVING = """
import multiprocessing, subprocess, sys, threading, time
import pytest
from PySide6.QtCore import QObject, QThread, QTimer, QVariantAnimation, QRunnable, QThreadPool
from PySide6.QtWidgets import QLabel, QMenu, QWidget

kept = []


def test_widget(qtbot):
    widget = QWidget()
    widget.setWindowTitle("forgotten")
    widget.show()
    kept.append(widget)


def test_timer(qapp):
    owner = QObject()
    timer = QTimer(owner, interval=60000)
    timer.setObjectName("ticker")
    timer.start()
    kept.append(owner)


def test_animation(qapp):
    animation = QVariantAnimation(duration=60000, startValue=0, endValue=1)
    animation.start()
    kept.append(animation)


def test_qthread(qapp):
    thread = QThread()
    thread.start()
    kept.append(thread)


def test_thread(qtbot):
    stop = threading.Event()
    kept.append(stop)
    threading.Thread(target=stop.wait, name="endless", daemon=True).start()


def test_process(qtbot):
    kept.append(subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE))


def test_failure_is_reported_once(qtbot):
    widget = QWidget()
    widget.show()
    assert widget.isHidden()


def test_free_of_qt_is_not_looked_at():
    stop = threading.Event()
    kept.append(stop)
    threading.Thread(target=stop.wait, daemon=True).start()


@pytest.fixture(scope="module", autouse=True)
def clean_up():
    yield
    widget, owner, animation, thread, stop, process, other = kept
    animation.stop()
    thread.quit()
    thread.wait()
    stop.set()
    other.set()
    process.communicate()
"""

WELL_BEHAVED = """
import threading, time
import pytest
from PySide6.QtCore import QThread, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QComboBox, QMainWindow, QMenu, QToolTip, QWidget
from hw2gui.jobs import Job, WarmWorker


def test_added_widget(qtbot):
    window = QMainWindow()
    window.menuBar().addMenu("File").addAction("Open")
    window.setCentralWidget(QComboBox())
    qtbot.addWidget(window)
    window.show()


def test_widget_let_go(qapp):
    QWidget().show()


def test_widget_in_a_cycle(qapp):
    widget = QWidget()
    widget.myself = widget
    widget.timer = QTimer(widget, interval=10)
    widget.timer.start()


def test_stopped_timer(qtbot):
    timer = QTimer(interval=1, singleShot=True)
    with qtbot.waitSignal(timer.timeout):
        timer.start()


def test_tooltip(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    QToolTip.showText(QCursor.pos(), "a tip", widget)


def test_finished_threads(qtbot):
    thread = threading.Thread(target=lambda: None)
    thread.start()
    qthread = QThread()
    qthread.started.connect(qthread.quit)
    with qtbot.waitSignal(qthread.finished):
        qthread.start()
    qthread.wait()


def test_closed_worker(qtbot):
    done = []
    worker = WarmWorker(warm=())
    worker.submit(Job("hw2gui.cli:build_parser", {"nonsense": 1}), on_done=done.append, on_error=done.append)
    qtbot.waitUntil(lambda: bool(done), timeout=30000)
    worker.close()


@pytest.fixture(scope="module")
def worker():
    with_module = WarmWorker(warm=())
    with_module.start()
    while with_module.pid is None:
        time.sleep(0.01)
    yield with_module
    with_module.close()


def test_what_outlives_the_test_by_its_fixtures_scope(worker, qtbot):
    qtbot.wait(1)
"""


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A pytest of its own that loads our conftest."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeconftest('pytest_plugins = ["tests.conftest"]')
    settings = ["qt_api = pyside6", "qt_log_level_fail = WARNING", "qt_log_ignore = This plugin does not support", "filterwarnings = error"]
    pytester.makeini("\n".join(["[pytest]", *settings]))
    return pytester


def test_each_kind_of_leak_is_found_and_named(inner: pytest.Pytester) -> None:
    inner.makepyfile(MISBEHAVING)
    result = inner.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=7, failed=1, errors=6)
    for line in [
        "- a top-level QWidget “forgotten” (held by: *). Give it to qtbot.addWidget*",
        "- an active timer (QTimer “ticker” in QObject, every 60000 ms). Stop it*",
        "- a running animation (QVariantAnimation). Stop it*",
        "- a running QThread (QThread). Call quit() and wait() on it.",
        "- the thread “endless”. Close what started it*",
        "- the process *. Close what started it*",
    ]:
        result.stdout.fnmatch_lines([line.replace("[", "[[]")])
    for name in ["widget", "timer", "animation", "qthread", "thread", "process"]:
        result.stdout.fnmatch_lines([f"ERROR *::test_{name} - *"])


def test_what_is_put_away_is_no_leak(inner: pytest.Pytester) -> None:
    inner.makepyfile(WELL_BEHAVED)
    inner.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=8)


def test_qt_warnings_fail(inner: pytest.Pytester) -> None:
    inner.makepyfile("""
        from PySide6.QtCore import qWarning

        def test_warns(qtbot):
            qWarning("something is wrong")
    """)
    inner.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(failed=1)


def test_what_is_left_in_the_current_folder_is_found_and_taken_away(inner: pytest.Pytester) -> None:
    inner.makepyfile("""
        from pathlib import Path
        import pytest

        @pytest.fixture(scope="module")
        def of_the_module():
            Path("by-a-fixture").touch()

        def test_fixture(of_the_module):
            pass

        def test_leaves(tmp_path):
            Path("folder/within").mkdir(parents=True)
            (tmp_path / "elsewhere").touch()

        def test_after_it():
            assert not list(Path().iterdir())
            Path("for-a-moment").touch()
            Path("for-a-moment").unlink()
    """)
    result = inner.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=3, errors=2)
    result.stdout.fnmatch_lines(["The test left in the current folder: by-a-fixture", "The test left in the current folder: folder"])


def test_every_test_has_an_empty_home_of_its_own(home: Path, tmp_path: Path) -> None:
    assert paths.home() == home
    assert list(home.iterdir()) == []
    assert home != tmp_path
    (home / "something").touch()


def test_another_home(home: Path) -> None:
    assert list(home.iterdir()) == []


@pytest.fixture(scope="module")
def home_of_the_module() -> Path | None:
    return paths.home()


def test_fixtures_of_a_module_do_not_see_the_users_home_either(home_of_the_module: Path | None, home: Path) -> None:
    assert home_of_the_module is not None
    assert home_of_the_module != home
    assert home_of_the_module.name.startswith("hw2gui-tests-")


def test_no_screen_is_needed() -> None:
    assert os.environ["QT_QPA_PLATFORM"]
