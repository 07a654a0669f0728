"""Jobs for the tests of the runners; the functions are found by name in the worker's process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from hw2gui import files, paths
from hw2gui.errors import InputError
from hw2gui.jobs import Commands


@dataclass(frozen=True)
class Counted:
    number: int


@dataclass(frozen=True)
class Told:
    command: Any


@dataclass(frozen=True)
class Picture:
    pixels: np.ndarray


@dataclass
class Changeable:
    number: int


class DetailedError(InputError):
    """A user error with more than its sentence."""

    def __init__(self, sentence: str, position: int) -> None:
        super().__init__(sentence, position)
        self.position = position

    def __str__(self) -> str:
        return str(self.args[0])


class StubbornError(InputError):
    """A user error that cannot be pickled."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.lock = threading.Lock()


def add(a: Any, b: Any) -> Any:
    return a + b


def count(to: int, pause: float = 0.0, log: str | None = None) -> Generator[Counted, None, Any]:
    """Yield 0 … to-1; write to *log* how it ended."""
    ending = "closed"
    try:
        for number in range(to):
            yield Counted(number)
            time.sleep(pause)
        ending = "finished"
    finally:
        if log:
            with open(log, "w") as file:
                file.write(ending)
    return sum(range(to))


def repeat(commands: Commands) -> Generator[Told, None, Any]:
    """Yield what one is told, beginning with that one listens, until told to stop."""
    yield Told("listening")
    while (command := commands.wait()) != "stop":
        yield Told(command)
    return "stopped"


def told_at_the_start(commands: Commands, log: str) -> Any:
    """What one is told while waiting at most a moment; writes to *log* if cancelled instead."""
    try:
        return commands.wait(30)
    except BaseException as error:
        with open(log, "w") as file:
            file.write(type(error).__name__)
        raise


def count_until_told(commands: Commands) -> Generator[Counted, None, Any]:
    """Yield 0, 1 … until told something; the result is what, and what a look for more finds."""
    number = 0
    while (command := commands.poll()) is None:
        yield Counted(number)
        number += 1
        time.sleep(0.001)
    return command, commands.wait(0), commands.wait(0.01)


def pictures(sides: list[int]) -> Generator[Picture, None, Any]:
    for side in sides:
        yield Picture(np.full((side, side), side, dtype=np.float32))
    return np.arange(max(sides) ** 2).reshape(max(sides), -1)


def refuse() -> NoReturn:
    raise DetailedError("The kernel is larger than the image.", position=7)


def refuse_unpicklably() -> NoReturn:
    raise StubbornError("The lock is stuck.")


def refuse_after(events: int) -> Iterator[Counted]:
    for number in range(events):
        yield Counted(number)
    raise InputError("Enough.")


def break_down(message: str = "mat1 and mat2 shapes cannot be multiplied") -> NoReturn:
    raise RuntimeError(message)


def break_down_after(events: int) -> Iterator[Counted]:
    for number in range(events):
        yield Counted(number)
    raise RuntimeError("shapes cannot be multiplied")


def leave() -> NoReturn:
    sys.exit(3)


def yield_changeable() -> Iterator[Changeable]:
    yield Changeable(1)


def yield_number() -> Iterator[int]:
    yield 1


def nothing() -> None:
    pass


def sleep(seconds: float) -> str:
    time.sleep(seconds)
    return "slept"


def mark_and_sleep(mark: str, seconds: float) -> None:
    """Create the file *mark*, then hold the process."""
    with open(mark, "w") as file:
        file.write(str(os.getpid()))
    time.sleep(seconds)


def mark_and_bear(mark: str) -> None:
    """Start a process of one's own, write both ids to *mark*, then hold both."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    with open(f"{mark}.part", "w") as file:
        file.write(f"{os.getpid()} {child.pid}")
    os.rename(f"{mark}.part", mark)
    time.sleep(60)


def bear(mark: str) -> int:
    """Start a process and leave it behind; its id is the result."""
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]).pid


def flood(events: int, mark: str) -> Iterator[Counted]:
    """Yield as fast as one can, then create the file *mark*."""
    yield from (Counted(number) for number in range(events))
    with open(mark, "w"):
        pass


def surroundings() -> tuple[str, int, bool]:
    """Threads numpy and torch were told, niceness, and whether the process leads its group."""
    return os.environ["OMP_NUM_THREADS"], os.getpriority(os.PRIO_PROCESS, 0), os.getpgrp() == os.getpid()


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


def end_with(code: int) -> NoReturn:
    os._exit(code)


def unpicklable_result() -> object:
    return threading.Lock()


def interrupt_self() -> str:
    """Be sent what Ctrl+C sends."""
    os.kill(os.getpid(), signal.SIGINT)
    return "still here"


def about_torch() -> tuple[int, int]:
    """Threads torch computes with, and the niceness of the thread jobs run in."""
    import torch

    return torch.get_num_threads(), os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def multiply_wrong_shapes() -> None:
    import torch

    torch.ones(2, 3) @ torch.ones(2, 3)


def loaded(modules: list[str]) -> list[str]:
    return [module for module in modules if module in sys.modules]


def write_on(folder: str, to: int, pause: float = 0.0) -> Iterator[Counted]:
    """Append the numbers up to *to* to a log, from where it had come; the result is where that was, and a file that was there."""
    place = Path(folder)
    reached = place / "reached"
    begin = int(reached.read_text()) if reached.exists() else 0
    with (place / "log.jsonl").open("r+" if begin else "w") as log:
        log.truncate(len("".join(f"{number}\n" for number in range(begin))))
        log.seek(0, os.SEEK_END)
        for number in range(begin, to):
            log.write(f"{number}\n")
            log.flush()
            files.write_text(reached, str(number + 1))
            yield Counted(number)
            time.sleep(pause)
    given = place / "sub" / "given.txt"
    return folder, given.read_text() if given.exists() else ""  # type: ignore[return-value]


@dataclass(frozen=True)
class Kept:
    files: tuple[str, ...]


def save_and_tell(folder: str) -> Iterator[Kept]:
    for number in range(1, 4):
        files.write_text(Path(folder) / "reached", str(number))
        yield Kept(("reached",))


def published(name: str) -> str:
    folder = paths.published_data_folder()
    assert folder is not None
    return (folder / name).read_text()


def tell_pid_and_sleep(seconds: float) -> Iterator[Counted]:
    yield Counted(os.getpid())
    time.sleep(seconds)
