"""Jobs for the tests of the runners; the functions are found by name in the worker's process."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from hw2gui.errors import InputError


@dataclass(frozen=True)
class Counted:
    number: int


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


def count(to: int, pause: float = 0.0, log: str | None = None) -> Iterator[Counted]:
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


def pictures(sides: list[int]) -> Iterator[Picture]:
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
