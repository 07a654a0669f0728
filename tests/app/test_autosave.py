"""Nothing on screen is lost: slots, their locks, and what a start makes of what it finds."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hw2gui import paths
from hw2gui.app import autosave as module
from hw2gui.app import slots
from hw2gui.app.autosave import MOST_FAILED_STARTS, Autosave, Found
from hw2gui.session.document import Document
from hw2gui.session.store import Store
from tests.app.conftest import ROOT, Open
from tests.app.demo import DemoState, check
from tests.widgets.hands import Heard


def document() -> Document:
    return Document({"demo": Store(DemoState(), check), "other": Store(DemoState(), check)})


def size(of: Document) -> int:
    return int(of.stores["demo"].state.size)


class Program:
    """One start of the program, as far as its document goes."""

    def __init__(self, *, recover: bool = True) -> None:
        self.document = document()
        self.autosave = Autosave(self.document, recover=recover)

    def crash(self) -> None:
        """End without a word: what the operating system takes back is the lock."""
        if self.autosave._slot is not None:
            self.autosave._slot.release()
        self.autosave._timer.stop()


Start = Callable[..., Program]


@pytest.fixture
def start(qapp: Any) -> Iterator[Start]:
    programs: list[Program] = []

    def make(**options: bool) -> Program:
        programs.append(Program(**options))
        return programs[-1]

    yield make
    for program in programs:
        program.crash()


def folder() -> Path:
    return paths.sessions_folder()


def names() -> set[str]:
    return {path.name for path in folder().iterdir() if path.suffix != ".lock"}


# -- writing ----------------------------------------------------------------------------------------------------------------------


def test_a_burst_of_changes_is_written_once_shortly_after_it_began(start: Start, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DELAY_MS", 30)
    program = start()
    writes: list[int] = []
    save = program.document.save
    program.document.save = lambda *arguments: (writes.append(1), save(*arguments))[1]  # type: ignore[method-assign]
    for number in range(2, 9):
        program.document.stores["demo"].change("Size", size=number)
    qtbot.waitUntil(lambda: bool(writes))
    assert json.loads((folder() / "slot-0.json").read_text())["states"]["demo"]["size"] == 8
    qtbot.wait(60)
    assert len(writes) == 1


def test_the_tab_in_front_is_kept_too(start: Start) -> None:
    program = start()
    program.autosave.set_tab("other")
    program.autosave.close()
    assert start().autosave.restore().tab == "other"


def test_a_clean_end_leaves_the_last_session_and_nothing_else(start: Start) -> None:
    program = start()
    program.autosave.restore()
    program.document.stores["demo"].change("Size", size=4)
    program.autosave.close()
    program.autosave.close()
    assert names() == {"last.json"}
    again = start()
    restored = again.autosave.restore()
    assert (restored.found, restored.set_aside, size(again.document)) == (Found.LAST, None, 4)


def test_at_the_first_start_there_is_nothing(start: Start) -> None:
    restored = start().autosave.restore()
    assert (restored.found, restored.tab, restored.set_aside) == (Found.NOTHING, "demo", None)


# -- crashes ----------------------------------------------------------------------------------------------------------------------


def test_what_a_crash_left_is_recovered_rather_than_the_last_session(start: Start) -> None:
    first = start()
    first.document.stores["demo"].change("Size", size=2)
    first.autosave.close()
    second = start()
    second.autosave.restore()
    second.autosave.started()
    second.document.stores["demo"].change("Size", size=3)
    second.autosave.save()
    second.crash()
    third = start()
    assert third.autosave.restore().found is Found.CRASH and size(third.document) == 3
    third.autosave.close()
    fourth = start()
    assert fourth.autosave.restore().found is Found.LAST and size(fourth.document) == 3


def test_two_programs_at_once_do_not_meet(start: Start) -> None:
    first, second = start(), start()
    for program, number in ((first, 2), (second, 3)):
        assert program.autosave.restore().found is Found.NOTHING
        program.autosave.started()
        program.document.stores["demo"].change("Size", size=number)
        program.autosave.save()
    assert names() == {"slot-0.json", "slot-1.json"}
    third = start()
    assert third.autosave.restore().found is Found.NOTHING  # both are still running
    second.crash()
    fourth = start()
    assert fourth.autosave.restore().found is Found.CRASH and size(fourth.document) == 3
    first.autosave.close()
    assert json.loads((folder() / "last.json").read_text())["states"]["demo"]["size"] == 2


def test_a_program_that_opens_a_given_session_leaves_a_crash_to_be_found_later(start: Start) -> None:
    first = start()
    first.document.stores["demo"].change("Size", size=5)
    first.autosave.save()
    first.crash()
    second = start(recover=False)
    second.document.stores["demo"].change("Size", size=6)
    second.autosave.close()
    third = start()
    assert third.autosave.restore().found is Found.CRASH and size(third.document) == 5


def test_a_slot_is_locked_between_processes_and_freed_when_one_is_killed(start: Start) -> None:
    """The lock is the operating system's: neither a stale file nor another process with the same number can hold it."""
    code = f"""
from pathlib import Path
from hw2gui.app import slots
slot = slots.take(Path({str(folder())!r}), recover=True)
slot.path.write_text("x")
print(slot.path.name, flush=True)
input()
"""
    other = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None and other.stdout.readline() == "slot-0.json\n"
        mine = slots.take(folder(), recover=True)
        assert mine.path.name == "slot-1.json" and not mine.was_left
        mine.release()
        other.kill()
        other.wait()
        mine = slots.take(folder(), recover=True)
        assert mine.path.name == "slot-0.json" and mine.was_left
        mine.release()
    finally:
        other.kill()
        other.communicate()


def test_all_slots_taken_is_told(start: Start) -> None:
    held = [slots.take(folder(), recover=True) for _ in range(slots.SLOTS)]
    program = start()
    assert "all 16 slots are taken" in program.autosave.problem
    program.document.stores["demo"].change("Size", size=2)
    program.autosave.save()
    program.autosave.close()
    for slot in held:
        slot.release()


# -- damaged ----------------------------------------------------------------------------------------------------------------------


def test_a_damaged_slot_is_set_aside_and_the_last_session_opened(start: Start) -> None:
    first = start()
    first.document.stores["demo"].change("Size", size=2)
    first.autosave.close()
    (folder() / "slot-0.json").write_text('{"format": "hw2gui session", "ver')
    program = start()
    restored = program.autosave.restore()
    assert restored.found is Found.LAST and size(program.document) == 2
    assert restored.set_aside == folder() / "slot-0-unread.hw2" and restored.set_aside.read_text().endswith('"ver')


def test_a_session_that_the_program_refuses_is_set_aside_and_can_be_opened_by_hand(start: Start) -> None:
    folder().mkdir(parents=True)
    states = {"demo": {"size": 13}, "other": {}}
    (folder() / "last.json").write_text(json.dumps({"format": "hw2gui session", "version": 1, "states": states}))
    program = start()
    restored = program.autosave.restore()
    assert restored.found is Found.NOTHING and size(program.document) == 1
    assert restored.set_aside == folder() / "last-unread.hw2" and not (folder() / "last.json").exists()


def test_a_session_of_which_the_program_ends_is_not_tried_for_ever(start: Start) -> None:
    """A crash in the first seconds, again and again: the third start leaves the session aside."""
    first = start()
    first.document.stores["demo"].change("Size", size=2)
    first.autosave.close()
    for _ in range(MOST_FAILED_STARTS):
        program = start()
        assert program.autosave.restore().found is Found.LAST
        program.crash()  # before `started`
    program = start()
    restored = program.autosave.restore()
    assert restored.found is Found.NOTHING and restored.set_aside == folder() / "last-unread.hw2" and size(program.document) == 1
    program.autosave.started()
    program.crash()
    assert start().autosave.restore().set_aside is None


def test_of_two_sessions_the_one_that_was_tried_is_set_aside_first(start: Start) -> None:
    first = start()
    first.document.stores["demo"].change("Size", size=2)
    first.autosave.close()
    shutil.copy(folder() / "last.json", folder() / "slot-0.json")
    for _ in range(MOST_FAILED_STARTS):
        program = start()
        assert program.autosave.restore().found is Found.CRASH
        program.crash()
    restored = start().autosave.restore()
    assert restored.found is Found.LAST and restored.set_aside == folder() / "slot-0-unread.hw2"


def test_a_start_that_succeeds_forgets_those_that_failed(start: Start) -> None:
    first = start()
    first.autosave.close()
    for _ in range(3 * MOST_FAILED_STARTS):
        program = start()
        assert program.autosave.restore().found is Found.LAST
        program.autosave.started()
        program.crash()


# -- what cannot be written -------------------------------------------------------------------------------------------------------


def test_a_folder_that_cannot_be_made_is_told_once_and_does_no_harm(start: Start) -> None:
    folder().parent.mkdir(parents=True)
    folder().write_text("a file in the way")
    program = start()
    failed = Heard(program.autosave.failed)
    assert program.autosave.problem.startswith("What you do is not kept for the next start (") and str(folder()) in program.autosave.problem
    assert program.autosave.restore().found is Found.NOTHING
    program.document.stores["demo"].change("Size", size=2)
    program.autosave.save()
    program.autosave.started()
    program.autosave.close()
    assert failed == []


def test_a_full_disk_is_told_once_and_again_after_it_was_well(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    program = start()
    failed = Heard(program.autosave.failed)
    full = True

    def write(path: Path, value: Any) -> None:
        if full:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("hw2gui.files.write_json", write)
    program.autosave.save()
    program.autosave.save()
    assert len(failed) == 1 and "No space left on device" in failed[0] and "Save session as" in failed[0]
    full = False
    mended = Heard(program.autosave.mended)
    program.autosave.save()
    program.autosave.save()
    assert program.autosave.problem == "" and mended == failed
    full = True
    program.autosave.save()
    assert len(failed) == 2


# -- in the window ----------------------------------------------------------------------------------------------------------------


def test_the_window_tells_of_a_crash_and_offers_to_start_anew(open_window: Open, start: Start) -> None:
    crashed = start()
    crashed.document.stores["demo"].change("Size", size=5)
    crashed.autosave.save()
    crashed.crash()
    window = open_window(show=True)
    assert window.messages.text.startswith("The program ended unexpectedly last time; everything")
    assert window.document.stores["demo"].state == DemoState(size=5)
    window.messages._act()
    assert window.document.stores["demo"].state == DemoState()
    window.document.stores["demo"].undo()
    assert window.document.stores["demo"].state == DemoState(size=5)


def test_the_window_tells_where_an_unreadable_session_is_kept(open_window: Open) -> None:
    folder().mkdir(parents=True)
    (folder() / "last.json").write_text("broken")
    window = open_window(show=True)
    assert str(folder() / "last-unread.hw2") in window.messages.text and "a fresh start" in window.messages.text


def test_the_window_tells_when_nothing_can_be_kept(open_window: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    folder().parent.mkdir(parents=True)
    folder().write_text("a file in the way")
    assert "not kept for the next start" in open_window(show=True).messages.text


def test_the_window_tells_when_the_disk_is_full(open_window: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window(show=True)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("hw2gui.files.write_json", fail)
    window.document.stores["demo"].change("Size", size=5)
    assert window._autosave is not None
    window._autosave.save()
    assert "No space left on device" in window.messages.text


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_folder_is_told(start: Start) -> None:
    folder().mkdir(parents=True)
    folder().chmod(0o500)
    assert "not kept" in start().autosave.problem
    folder().chmod(0o700)
