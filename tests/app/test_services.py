"""Requests from the window to its worker process and back: the newest of each key counts, and nothing waits for ever."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from pickle import PicklingError
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt, QThread, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget

from hw2gui.app.window_services import WindowServices, _how_far
from hw2gui.widgets.message_bar import MessageBar
from tests.app.conftest import Open
from tests.app.demo import DemoTab, Tick, quick_worker
from tests.widgets.hands import LEFT, Heard


class Office:
    """The services with what surrounds them, and what they said."""

    def __init__(self) -> None:
        self.window = QWidget()
        self.messages = MessageBar(self.window)
        self.said: list[str] = []
        self.services = WindowServices(self.window, self.messages, lambda text, _: self.said.append(text), quick_worker)
        self.busy = Heard(self.services.busy_changed)
        self.answers: list[Any] = []
        self.failures: list[str] = []

    def ask(self, key: str = "key", *, size: int = 3, seconds: float = 0.0, **options: Any) -> None:
        self.services.ask(key, "tests.app.demo:squared", {"size": size, "seconds": seconds}, self.answers.append, **options)


@pytest.fixture
def office(qtbot: Any) -> Iterator[Office]:
    made = Office()
    qtbot.addWidget(made.window)
    yield made
    made.services.close()


def test_an_answer_comes_on_the_windows_thread(office: Office, qtbot: Any) -> None:
    threads: list[bool] = []
    office.services.ask(
        "key", "tests.app.demo:squared", {"size": 3}, lambda _: threads.append(QThread.currentThread() is QApplication.instance().thread())
    )
    assert not office.services.idle
    qtbot.waitUntil(lambda: threads == [True])
    assert office.services.idle


def test_only_the_newest_question_of_a_key_is_answered(office: Office, qtbot: Any) -> None:
    for size in range(20, 26):
        office.ask(size=size)
    office.ask("other", size=2)
    qtbot.waitUntil(lambda: office.services.idle)
    assert office.answers == [625, 4]


def test_a_stale_answer_that_is_already_on_its_way_is_not_delivered(office: Office, qtbot: Any) -> None:
    office.ask(size=3)
    # The answer is in the queue of events, but has not been handed over, when the next question comes.
    request = office.services._requests["key"]
    qtbot.waitUntil(lambda: bool(request.handle and (request.handle.over or not request.handle.active)))
    office.ask(size=4)
    qtbot.waitUntil(lambda: office.services.idle)
    assert office.answers[-1] == 16 and len(office.answers) <= 2


def test_a_forgotten_question_is_never_answered(office: Office, qtbot: Any) -> None:
    office.ask(size=3, failed=office.failures.append, cancelled=lambda: office.failures.append("cancelled"))
    office.services.forget("key")
    office.services.forget("never asked")
    office.ask("other", size=4)
    qtbot.waitUntil(lambda: office.services.idle)
    assert office.answers == [16] and office.failures == []


def test_refusals_are_told_to_who_asked_or_in_the_message_bar(office: Office, qtbot: Any) -> None:
    office.ask("one", size=7, failed=office.failures.append)
    office.ask("two", size=7)
    qtbot.waitUntil(lambda: office.services.idle)
    assert office.failures == ["7 cannot be squared: use another number."] == [office.messages.text]


def test_faults_go_to_the_log_whole_and_to_the_user_as_a_sentence(
    office: Office, qtbot: Any, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        office.ask(size=8, failed=office.failures.append, what="Squaring")
        qtbot.waitUntil(lambda: office.services.idle)
    assert office.failures == [f"Squaring: something went wrong in the program (RuntimeError). Details: {home / 'logs' / 'hw2gui.log'}"]
    assert "shapes do not match" in caplog.text and "Traceback" in caplog.text and "tests.app.demo:squared" in caplog.text


def test_events_are_told_as_they_come(office: Office, qtbot: Any, tmp_path: Path) -> None:
    ticks: list[Tick] = []
    arguments = {"file": str(tmp_path / "end"), "seconds": 0.1}
    office.services.ask("key", "tests.app.demo:ticking", arguments, office.answers.append, progress=ticks.append)
    qtbot.waitUntil(lambda: office.services.idle)
    assert [tick.number for tick in ticks] == [0, 1, 2, 3, 4] and office.answers == [None]


def test_what_cannot_be_asked_leaves_nothing_waiting(office: Office) -> None:
    with pytest.raises(ValueError, match="a job is named"):
        office.services.ask("key", "os:system", {"command": "true"}, office.answers.append)
    with pytest.raises((AttributeError, PicklingError), match="pickle"):
        office.services.ask("key", "tests.app.demo:squared", {"size": lambda: 1}, office.answers.append)
    assert office.services.idle


# -- busy and cancel --------------------------------------------------------------------------------------------------------------


def test_slow_work_is_named_after_a_while_and_quick_work_is_not(office: Office, qtbot: Any) -> None:
    office.ask(size=2, what="Quick")
    qtbot.waitUntil(lambda: office.services.idle)
    assert office.busy in ([], ["Quick", ""])
    office.busy.clear()
    office.ask("one", size=2, seconds=0.5, what="Slow")
    office.ask("two", size=3, what="Waiting")
    qtbot.waitUntil(lambda: office.services.idle)
    assert "Slow, Waiting" in office.busy and office.busy[-1] == ""


def test_slow_work_says_how_far_it_is(office: Office, qtbot: Any, tmp_path: Path) -> None:
    arguments = {"file": str(tmp_path / "end"), "seconds": 0.8}
    office.services.ask("key", "tests.app.demo:ticking", arguments, office.answers.append, what="Ticking")
    qtbot.waitUntil(lambda: office.services.idle)
    shares = [int(said.removeprefix("Ticking ").partition("%")[0]) for said in office.busy if "%" in said]
    assert len(shares) >= 2 and shares == sorted(shares) and office.busy[-1] == ""


@pytest.mark.parametrize(
    ("event", "seconds", "text"),
    [
        (Tick(3), 9.0, ""),
        (Tick(3, 0.5), 10.0, " 50 %, 10 s left"),
        (Tick(3, 0.01), 10.0, " 1 %"),
        (SimpleNamespace(done=30, total=40), 0.5, " 75 %"),
        (SimpleNamespace(done=30, total=None), 0.5, ""),
        (SimpleNamespace(share=0.5, seconds_left=90.0), 1.0, " 50 %, 90 s left"),
    ],
)
def test_how_far(event: object, seconds: float, text: str) -> None:
    assert _how_far(event, seconds) == text


def test_long_work_in_a_process_of_its_own_keeps_nobody_waiting(office: Office, qtbot: Any, home: Path) -> None:
    office.ask("slow", seconds=600)
    office.services.ask("alone", "hw2gui.paths:data_folder", {}, office.answers.append, alone=True)
    qtbot.waitUntil(lambda: office.answers == [home / "data"])
    assert not office.services.idle


def test_cancelling_tells_those_who_wait(office: Office, qtbot: Any) -> None:
    told: list[str] = []
    office.ask("one", seconds=0.3, what="One", cancelled=lambda: told.append("cancelled"))
    office.ask("two", what="Two", failed=office.failures.append)
    office.ask("three", what="Three")
    office.services.cancel_all()
    assert told == ["cancelled"] and office.failures == ["Two: cancelled."] and office.said == ["Three: cancelled."]
    assert office.services.idle and office.answers == []
    office.ask("four", size=5)
    qtbot.waitUntil(lambda: office.services.idle)
    assert office.answers == [25]


def test_cancelled_work_that_can_stop_stops_itself(office: Office, qtbot: Any, tmp_path: Path) -> None:
    ticks: list[Tick] = []
    office.services.ask("key", "tests.app.demo:ticking", {"file": str(tmp_path / "end")}, office.answers.append, progress=ticks.append)
    qtbot.waitUntil(lambda: len(ticks) > 0)
    worker = office.services._worker.pid
    office.services.cancel_all()
    qtbot.waitUntil(lambda: (tmp_path / "end").exists())
    heard = len(ticks)
    qtbot.wait(50)
    assert len(ticks) == heard and office.services._worker.pid == worker


def test_cancelled_work_that_does_not_stop_loses_its_process(office: Office, qtbot: Any) -> None:
    """Else the next question would wait behind it, and the user would have cancelled nothing."""
    office.services._grace.setInterval(50)
    office.ask("warm", size=2)
    qtbot.waitUntil(lambda: office.services.idle)
    worker = office.services._worker.pid
    office.ask(seconds=600)
    qtbot.wait(100)
    office.services.cancel_all()
    office.ask("next", size=4)
    qtbot.waitUntil(lambda: office.services.idle)
    assert office.answers[-1] == 16 and office.services._worker.pid != worker


def test_cancel_in_the_window(open_window: Open, qtbot: Any) -> None:
    """The button is there while something is slow; after it, the tab does not wait for an answer that never comes."""
    window = open_window(show=True)
    tab = window.page("demo")
    assert isinstance(tab, DemoTab) and not window.busy.isVisible()
    tab.square(seconds=600)
    qtbot.waitUntil(window.busy.isVisible)
    assert window.busy.label.text() == "Squaring…"
    QTest.mouseClick(window.busy.cancel, LEFT)
    assert not window.busy.isVisible() and tab.badge.text() == "• Squaring: cancelled."


def test_a_worker_that_dies_is_told_and_replaced(office: Office, qtbot: Any) -> None:
    office.ask("warm", size=2)
    qtbot.waitUntil(lambda: office.services.idle)
    office.ask(seconds=600, failed=office.failures.append)
    qtbot.wait(50)
    pid = office.services._worker.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: office.services.idle)
    assert "SIGKILL" in office.failures[0]
    office.ask(size=6)
    qtbot.waitUntil(lambda: office.services.idle)
    assert office.answers[-1] == 36


def test_after_the_end_nothing_is_asked_or_delivered(office: Office, qtbot: Any) -> None:
    office.ask(size=3)
    office.services.close()
    office.ask(size=4)
    office.services.deliver(lambda: office.answers.append("late"))
    office.services.close()
    qtbot.wait(30)
    assert office.answers == [] and office.services.idle


# -- the rest ---------------------------------------------------------------------------------------------------------------------


def test_copying_puts_the_text_on_the_clipboard_and_says_so(office: Office) -> None:
    office.services.copy("import numpy", "NumPy")
    assert QApplication.clipboard().text() == "import numpy" and office.said == ["Copied: NumPy"]


def in_the_dialog(work: Callable[[QFileDialog], None]) -> None:
    """Do *work* in the dialog that opens next, and close it whatever happens."""

    def wait() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog):
            QTimer.singleShot(5, wait)
        else:
            # It reads the folder first, and puts what it was given into the field.
            QTimer.singleShot(250, lambda: do(dialog))

    def do(dialog: QFileDialog) -> None:
        try:
            work(dialog)
        finally:
            if dialog.isVisible():
                dialog.reject()

    QTimer.singleShot(0, wait)


@pytest.mark.parametrize("save", [True, False])
def test_a_file_is_chosen_in_a_dialog(office: Office, tmp_path: Path, save: bool) -> None:
    """The next dialog begins in the same folder."""
    (tmp_path / "there.npz").touch()
    folders: list[str] = []

    def type_name(dialog: QFileDialog) -> None:
        folders.append(dialog.directory().absolutePath())
        name = dialog.findChild(QLineEdit, "fileNameEdit")
        assert name is not None
        name.clear()
        QTest.keyClicks(name, str(tmp_path / ("mine" if save else "there.npz")))
        QTest.keyClick(name, Qt.Key.Key_Return)

    for _ in range(2):
        in_the_dialog(type_name)
        path = office.services.choose_file("Save M", "M.npz", "Sparse matrix (*.npz)", save=save)
        assert path == tmp_path / ("mine.npz" if save else "there.npz")
    assert folders[1] == str(tmp_path)


def test_no_file_is_chosen_when_the_user_thinks_better_of_it(office: Office) -> None:
    in_the_dialog(lambda dialog: QTest.keyClick(dialog, Qt.Key.Key_Escape))
    assert office.services.choose_file("Open", "", "Pictures (*.png)", save=False) is None


def test_a_long_list_of_what_is_under_way_leaves_the_window_as_it_is(open_window: Open) -> None:
    window = open_window(show=True)
    before = window.size()
    window.busy.show_busy(", ".join(["Computing the largest eigenvalues of the matrix"] * 40))
    QApplication.processEvents()
    assert window.size() == before and window.busy.cancel.isVisible()
    assert window.busy.cancel.mapTo(window, window.busy.cancel.rect().topRight()).x() < window.width()
    window.busy.show_busy("")
