from __future__ import annotations

import platform
import subprocess
import sys
import threading
from queue import SimpleQueue

import pytest

from hw2gui import memory
from hw2gui.jobs import Commands, child

SCATTERED = """
from hw2gui import memory
from hw2gui.jobs import Commands, child
def held():
    return int(open("/proc/self/statm").read().split()[1]) * 4096 / 2**20
blocks = [bytes(60_000) for _ in range(1000)]
kept = blocks[::10]
del blocks
before = held()
memory.give_back()
print(before - held())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library keeps memory in its own way")
def test_what_is_free_between_things_that_stay_goes_back() -> None:
    answer = subprocess.run([sys.executable, "-c", SCATTERED], capture_output=True, text=True, check=True)
    assert float(answer.stdout) > 20, "54 MB were free"


def test_without_that_function_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_malloc_trim", lambda: None)
    assert not memory.give_back()


def test_a_worker_at_rest_gives_back(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[bool] = []
    monkeypatch.setattr(child, "REST_S", 0.01)
    monkeypatch.setattr(memory, "give_back", lambda: given.append(True))
    inbox: SimpleQueue[tuple[int, memoryview, Commands]] = SimpleQueue()
    request = (1, memoryview(b""), Commands())
    inbox.put(request)
    assert child._next(inbox) is request
    assert not given, "it had something to do"
    late = threading.Timer(0.2, inbox.put, (request,))
    late.start()
    assert child._next(inbox) is request
    assert given == [True], "once a rest"
    late.join()
